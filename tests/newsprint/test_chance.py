"""Chance and robustness, held against published tables, worked examples and counting by hand."""

from itertools import combinations, permutations

import numpy as np
import pandas as pd
import pytest
from newsprint import smallest_reversal
from newsprint.chance import gap_by_chance, mean_interval, t_quantile


@pytest.mark.parametrize("df, near", {4: 4e-4, 10: 8e-7, 20: 3e-8, 60: 2e-10}.items())
def test_t_quantile_leaves_five_per_cent_outside(df, near):
    """Student's integral for even degrees of freedom (Abramowitz & Stegun 1964, 26.7.4)."""
    angle, term, total = np.arctan(t_quantile(0.975, df) / df**0.5), 1.0, 1.0
    for k in range(2, df, 2):
        term *= (k - 1) / k * np.cos(angle) ** 2
        total += term
    assert np.sin(angle) * total == pytest.approx(0.95, abs=near)


def test_mean_interval_is_that_of_students_own_sleep_data():
    """Gosset's "The probable error of a mean" (1908): extra hours of sleep by drug 2; R's t.test gives 0.90 to 3.76."""
    low, high = mean_interval(np.array([1.9, 0.8, 1.1, 0.1, -0.1, 4.4, 5.5, 1.6, 4.6, 3.4]))
    assert (low, high) == (pytest.approx(0.8976, abs=0.002), pytest.approx(3.7624, abs=0.002))
    assert np.isnan(mean_interval(np.array([1.0, 2, 3, 4]))).all(), "four values are too few"


def test_p_of_few_labels_is_that_of_all_their_orders_and_of_the_column_that_differs_most():
    labels, values = pd.Series([*"aaabbb"]), np.array([[1, 5], [2, 5], [3, 6], [4, 5], [5, 5], [6, 5]])
    gap = lambda row: max(abs(values[list(row[:3])].mean(0) - values[list(row[3:])].mean(0)))  # noqa: E731
    orders = [gap(row) >= 3 - 1e-9 for row in permutations(range(6))]
    assert gap_by_chance(labels, values, np.ones(6)) == (pytest.approx(np.mean(orders)), 0)
    assert gap_by_chance(labels, values[:, ::-1], np.ones(6))[1] == 1
    assert gap_by_chance(labels, values[:, :1], np.array([1, 2, 3, 4, 5, 6])) == (1, 0), "each rate is 1: no difference"
    assert gap_by_chance(labels[:3], values[:3], np.ones(3)) == gap_by_chance(labels[:0], values[:0], []) == (1, 0)


def test_p_of_many_labels_is_near_the_exact_one_and_the_same_in_a_second_run():
    values = np.array([5, 9, 2, 8, 4, 1, 7, 3, 6, 0.5])
    gaps = [abs(2 * sum(values[list(own)]) - values.sum()) for own in combinations(range(10), 5)]
    exact = np.mean([gap >= abs(2 * values[:5].sum() - values.sum()) - 1e-9 for gap in gaps])
    found = [gap_by_chance(pd.Series([*"aaaaabbbbb"]), values[:, None], np.ones(10)) for _ in range(2)]
    assert found[0] == found[1] and found[0][0] == pytest.approx(exact, abs=0.02) and found[0][0] > 0


@pytest.mark.parametrize(
    ("labels", "values", "lowest", "says"),
    [("aabbc", [5, 4, 6, 2, 1], False, "1: s1"), ("aab", [3, 1, 3], False, "1: s1"),
     ("ab", [2, 2], False, "nothing leads alone"),
     ("aaab", [2, 2, 2, 3], False, "2: s1, s2"), ("aaaaab", [1] * 6, False, "more than 3"),
     ("aabbb", [-0.3, -0.3, -0.5, 0.1, -0.1], True, "1: s4"), ("", [], False, "nothing to reverse")],
)  # fmt: skip
def test_the_fewest_rows_that_reverse_a_lead_are_named(labels, values, lowest, says):
    """A tie is no lead. The mean of a, −0.3, is below that of b, −0.17, until 0.1 is left out and b has −0.3, too."""
    sids = pd.Series([f"s{i}" for i in range(1, len(values) + 1)])
    assert smallest_reversal(sids, pd.Series([*labels]), pd.Series(values, dtype=float), lowest) == says
