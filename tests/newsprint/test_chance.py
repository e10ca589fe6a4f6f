"""Chance and robustness, held against published tables, worked examples and counting by hand."""

from itertools import permutations

import numpy as np
import pandas as pd
import pytest
from newsprint import chance, leads, mean_interval, smallest_reversal

# Two-sided 95 % and one-sided 99 % points of Student's t, from the tables in any textbook
T_TABLE = {4: (2.776, 3.747), 6: (2.447, 3.143), 9: (2.262, 2.821), 20: (2.086, 2.528), 60: (2, 2.39)}


@pytest.mark.parametrize("df", T_TABLE)
def test_t_quantile_is_that_of_the_tables(df):
    near = 0.02 if df < 6 else 0.0015
    assert chance.t_quantile(0.975, df) == pytest.approx(T_TABLE[df][0], abs=near)
    assert chance.t_quantile(0.99, df) == pytest.approx(T_TABLE[df][1], abs=2 * near)
    assert chance.t_quantile(0.025, df) == pytest.approx(-T_TABLE[df][0], abs=near)


def test_mean_interval_is_that_of_students_own_sleep_data():
    """Gosset's "The probable error of a mean" (1908): extra hours of sleep by drug 2; R's t.test gives 0.90 to 3.76."""
    low, high = mean_interval(np.array([1.9, 0.8, 1.1, 0.1, -0.1, 4.4, 5.5, 1.6, 4.6, 3.4]))
    assert (low, high) == (pytest.approx(0.8976, abs=0.002), pytest.approx(3.7624, abs=0.002))
    assert np.isnan(mean_interval(np.array([1.0, 2, 3, 4]))).all(), "four values are too few"


def test_few_labels_are_dealt_in_every_order_and_many_by_a_fixed_seed():
    dealt = chance.deals(np.array([0, 0, 1, 1, 1]))
    assert dealt[0].tolist() == [0, 0, 1, 1, 1] and len(dealt) == 120 and len({*map(tuple, dealt)}) == 10
    labels = np.array([0] * 10 + [1] * 9 + [2] * 10)
    dealt = chance.deals(labels)
    assert len(dealt) == 10_000 and (dealt[0] == labels).all()
    assert (np.sort(dealt, axis=1) == labels).all() and (dealt == chance.deals(labels)).all()
    assert dealt[1:].mean(axis=0) == pytest.approx([1] * 29, abs=0.05), "each place gets each label as often"


def test_permutation_p_is_the_one_counted_by_hand():
    """Of the 20 ways to choose 3 of 6 values, only 1, 2, 3 and its mirror lie 3 apart in their means: p = 2/20."""
    values, labels = np.array([1, 2, 3, 4, 5, 6]), np.array([0, 0, 0, 1, 1, 1])
    dealt = chance.deals(labels)
    gaps = np.abs([values[row == 0].mean() - values[row == 1].mean() for row in dealt])
    by_hand = [abs(sum(order[:3]) - sum(order[3:])) / 3 >= 3 for order in permutations(values.tolist())]
    assert chance.share_as_large(gaps) == pytest.approx(2 / 20) == np.mean(by_hand)
    assert chance.share_as_large(np.array([9.0, 1, 1, 1])) == 0.25
    assert chance.share_as_large(np.array([0.3, 0.1 + 0.2, 0.3 - 1e-12, 0.2])) == 0.75


ROWS = pd.DataFrame({"who": ["a", "a", "b", "b", "c"], "words": [5, 4, 6, 2, 1], "sid": ["s1", "s2", "s3", "s4", "s5"]})


def test_a_leader_leads_by_sum_or_by_lowest_mean_and_a_tie_is_no_lead():
    holds = leads(ROWS.who, ROWS.words)
    assert [bool(holds(np.array(kept))) for kept in ([1] * 5, [1, 1, 1, 0, 1], [1, 0, 1, 1, 1])] == [True, True, False]
    assert not leads(pd.Series([*"aab"]), pd.Series([3, 1, 3]))(np.array([1, 0, 1])), "3 against 3"
    holds = leads(pd.Series([*"abbb"]), pd.Series([-0.3, -0.5, 0.1, -0.1]), lowest=True)
    assert holds(np.array([1] * 4)), "−0.3 against −0.17, though the sum of b is lower"
    assert not holds(np.array([1, 1, 0, 1])), "−0.3 against −0.3"


def test_smallest_reversal_names_the_fewest_rows_and_tries_no_more_than_asked():
    assert smallest_reversal(ROWS.sid, leads(ROWS.who, ROWS.words)) == "1: s1"
    few = pd.Series(["s1", "s2", "s3", "s4"])
    assert smallest_reversal(few, lambda kept: kept.sum() > 2) == "2: s1, s2"
    assert smallest_reversal(few, lambda kept: bool(kept[1] or kept[3])) == "2: s2, s4"
    assert smallest_reversal(few, lambda kept: True) == "more than 3"
    assert smallest_reversal(few, lambda kept: kept.sum() > 2, most=1) == "more than 1"
