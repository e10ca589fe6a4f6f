"""One notion of chance, for words and for tone: sentences dealt to the sections anew, the largest difference kept."""

from itertools import combinations, permutations
from math import factorial, nan, sqrt
from statistics import NormalDist

import numpy as np
import pandas as pd

ROUNDS, SEED = 9_999, 2022  # any seed; fixed, so that a rerun gives the same numbers
LEVEL = 0.05  # a largest difference that fewer deals reach is more than chance


def gap_by_chance(labels: pd.Series, values: np.ndarray, sizes: np.ndarray) -> tuple[float, int]:
    """How often labels dealt anew lie as far apart in some column, its sum by label over that of `sizes`: p of the
    largest difference, for all columns at once (Westfall & Young 1993, Resampling); and which column it is."""
    codes, names = pd.factorize(labels)
    if len(names) < 2 or not values.size:
        return 1.0, 0
    if factorial(min(len(codes), 8)) <= ROUNDS:  # all orders of up to seven labels, else drawn ones
        dealt = np.array([*permutations(codes)])
    else:
        drawn = np.random.default_rng(SEED).permuted(np.tile(codes, (ROUNDS, 1)), axis=1)
        dealt = np.vstack([codes, drawn])
    rates = [(dealt == k) @ values / ((dealt == k) @ sizes)[:, None] for k in range(len(names))]
    gaps = np.ptp(rates, axis=0)
    largest = gaps.max(axis=1)
    return float((largest >= largest[0] - 1e-9).mean()), int(gaps[0].argmax())


def verdict(p: float) -> str:
    """What p tells of the largest difference, in words."""
    return "chance could do that" if p >= LEVEL else "more than chance would do"


def t_quantile(p: float, df: int) -> float:
    """Student's t by the expansion of Cornish and Fisher: right to 0.001 from 4 degrees of freedom for p = .975."""
    z = NormalDist().inv_cdf(p)
    first, second = (z**3 + z) / 4, (5 * z**5 + 16 * z**3 + 3 * z) / 96
    third = (3 * z**7 + 19 * z**5 + 17 * z**3 - 15 * z) / 384
    fourth = (79 * z**9 + 776 * z**7 + 1482 * z**5 - 1920 * z**3 - 945 * z) / 92160
    return z + first / df + second / df**2 + third / df**3 + fourth / df**4


def mean_interval(values: np.ndarray) -> tuple[float, float]:
    """Student's 95 % interval of a mean; none (NaN) for fewer than five values."""
    if len(values) < 5:
        return nan, nan
    half = t_quantile(1 - LEVEL / 2, len(values) - 1) * values.std(ddof=1) / sqrt(len(values))
    return values.mean() - half, values.mean() + half


def smallest_reversal(rows: pd.Series, labels: pd.Series, values: pd.Series, lowest: bool = False) -> str:
    """The fewest of `rows`, up to three, without which the label with the largest sum of `values` (the `lowest` mean)
    leads alone no more, in words. Exact, as all sets are tried, and slow above some hundred rows."""
    codes, first = pd.factorize(labels)[0], 0
    counts = np.eye(codes.max(initial=0) + 1)[codes]
    points = counts * values.to_numpy(dtype=float)[:, None]
    for size in range(min(3, len(rows)) + 1):
        removed = np.array([*combinations(range(len(rows)), size)], dtype=int)
        sums, left = (part.sum(axis=0) - part[removed].sum(axis=1) for part in (points, counts))
        order = (-sums / np.maximum(left, 1) if lowest else sums).round(9)
        first = first if size else order.argmax()
        beaten = order[:, first] <= np.delete(order, first, axis=1).max(axis=1, initial=-np.inf)
        if beaten.any():
            names = ", ".join(map(str, rows.iloc[removed[beaten.argmax()]]))
            return f"{size}: {names}" if size else "nothing leads alone"
    return "more than 3" if len(rows) else "nothing to reverse"
