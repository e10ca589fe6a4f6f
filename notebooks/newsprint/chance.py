"""One notion of chance, for words and for tone: sentences dealt to the sections anew, the largest difference kept."""

from collections.abc import Callable
from itertools import combinations, permutations
from math import factorial, sqrt
from statistics import NormalDist

import numpy as np
import pandas as pd

ROUNDS, SEED = 9_999, 2022  # any seed; fixed, so that a rerun gives the same numbers
LEVEL = 0.05  # a largest difference that fewer deals reach is more than chance


def deals(labels: np.ndarray) -> np.ndarray:
    """Labels dealt anew, a deal a row, the first as given: all orders of up to seven labels, else 9,999 drawn ones."""
    if factorial(min(len(labels), 8)) <= ROUNDS:
        return np.array([*permutations(labels)])
    return np.vstack([labels, np.random.default_rng(SEED).permuted(np.tile(labels, (ROUNDS, 1)), axis=1)])


def share_as_large(largest: np.ndarray) -> float:
    """The share of deals with a largest difference like the first row's or more: its p, for all comparisons at once.
    (Westfall & Young, Resampling-Based Multiple Testing, 1993.) It is never 0, since the text itself is a deal."""
    return float((largest >= largest[0] - 1e-9).mean())


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
        return float("nan"), float("nan")
    half = t_quantile(1 - LEVEL / 2, len(values) - 1) * values.std(ddof=1) / sqrt(len(values))
    return values.mean() - half, values.mean() + half


def leads(labels: pd.Series, values: pd.Series, lowest: bool = False) -> Callable[[np.ndarray], bool]:
    """Whether, among kept rows, the label with the largest sum of `values` (the `lowest` mean) still leads alone."""
    codes, points = pd.factorize(labels)[0], values.to_numpy(dtype=float)

    def standing(kept: np.ndarray) -> np.ndarray:
        sums, counts = (np.bincount(codes, weights) for weights in (points * kept, kept))
        return -sums / np.maximum(counts, 1) if lowest else sums

    first = standing(np.ones(len(codes))).argmax() if len(codes) else 0
    return lambda kept: (order := standing(kept))[first] > np.delete(order, first).max(initial=-np.inf)


def smallest_reversal(rows: pd.Series, holds: Callable[[np.ndarray], bool], most: int = 3) -> str:
    """The fewest of `rows` whose removal reverses a finding, in words: all sets of one are tried, then of two … `holds`
    gets which rows are kept (1 or 0). Exact, and slow above some seventy rows."""
    if rows.empty:
        return "nothing to reverse"
    for size in range(1, min(most, len(rows)) + 1):
        for removed in map(list, combinations(range(len(rows)), size)):
            kept = np.ones(len(rows))
            kept[removed] = 0
            if not holds(kept):
                return f"{size}: {', '.join(map(str, rows.iloc[removed]))}"
    return f"more than {most}"
