"""Which terms come more often than elsewhere: between the sections, and against general English."""

from typing import NamedTuple

import numpy as np
import pandas as pd
from scipy.special import chdtrc, chdtri, ndtri, xlogy
from wordfreq import word_frequency

from newsprint.terms import LEVEL, count_terms, exact_interval, section_counts

FLOOR = 1e-8  # wordfreq lists no English word rarer than this; what it does not list counts as this rare


def section_keyness(terms: pd.DataFrame) -> pd.DataFrame:
    """Each term in each section against the rest: `section, term, count, rest, log_ratio, low, high, g2, p, q`.

    `log_ratio` is base 2 (1: twice the rate of the rest; Hardie 2014), with
    half an occurrence added on both sides (Walter 1975, Pettigrew et al.
    1986); the intervals hold for all rows at once at 95 % (Bonferroni). `g2` is Dunning's log-likelihood ratio of the
    two-by-two table (Computational Linguistics 19, 1993), `q` the p value
    corrected by Benjamini and Hochberg. Largest `g2` first; empty with less
    than two sections. Time grows with terms times sections.
    """
    counts, sizes = section_counts(terms), terms.groupby("section").words.sum()
    if len(sizes) < 2:
        counts = counts.iloc[:0]
    table = counts.melt(ignore_index=False, var_name="section", value_name="count").reset_index()
    table["rest"] = table.term.map(counts.sum(axis=1)).astype(int) - table["count"]
    here = table.section.map(sizes).astype(int)
    ratio = log_ratio(table["count"], here, table.rest, sizes.sum() - here, LEVEL / max(len(table), 1))
    table = table.assign(**dict(zip(("log_ratio", "low", "high"), ratio, strict=True)))
    table["g2"] = log_likelihood(table["count"], here, table.rest, sizes.sum() - here)
    return _tested(table[["section", "term", "count", "rest", "log_ratio", "low", "high", "g2"]])


def _tested(table: pd.DataFrame) -> pd.DataFrame:
    table = table.sort_values(["g2", "term"], ascending=[False, True], ignore_index=True)
    p = chdtrc(1, table.g2)
    stepped = p * len(table) / np.arange(1, len(table) + 1)  # Benjamini and Hochberg: p is in ascending order
    return table.assign(p=p, q=np.minimum(np.minimum.accumulate(stepped[::-1])[::-1], 1))


def log_ratio(a: pd.Series, n: pd.Series, b: pd.Series, m: pd.Series, level: float = LEVEL) -> tuple:
    """Base-2 logarithm of the rate `a / n` over the rate `b / m`, and the ends of its interval (95 % by default)."""
    a, n, b, m = (np.asarray(x) + 0.5 for x in (a, n, b, m))
    ratio = np.log2(a / n) - np.log2(b / m)
    width = ndtri(1 - level / 2) / np.log(2) * np.sqrt(1 / a - 1 / n + 1 / b - 1 / m)
    return ratio, ratio - width, ratio + width


def log_likelihood(a: pd.Series, n: pd.Series, b: pd.Series, m: pd.Series) -> np.ndarray:
    """Dunning's G² for a term that occurs `a` times in `n` words and `b` times in `m` others."""
    a, n, b, m = (np.asarray(x, dtype=float) for x in (a, n, b, m))
    rows = [(a, n, a + b), (b, m, a + b), (n - a, n, n + m - a - b), (m - b, m, n + m - a - b)]
    return np.maximum(2 * sum(xlogy(seen, seen * (n + m)) - xlogy(seen, size * total) for seen, size, total in rows), 0)


class Survivors(NamedTuple):
    """How many of `tests` differences stand after each correction, and the G² that Bonferroni's asks for."""

    tests: int
    bonferroni: int
    benjamini_hochberg: int
    needed_g2: float


def survivors(keyness: pd.DataFrame) -> Survivors:
    needed = float(chdtri(1, LEVEL / max(len(keyness), 1)))
    return Survivors(len(keyness), int((keyness.g2 >= needed).sum()), int((keyness.q <= LEVEL).sum()), needed)


def frequent_terms(terms: pd.DataFrame, min_count: int) -> pd.DataFrame:
    """The same words, with terms that occur less than `min_count` times set aside like stop words.

    Rarer ones could not pass any correction, and the more terms are tested, the more each must show.
    """
    rare = terms.groupby("term").term.transform("size") < min_count
    return terms.assign(is_stop=terms.is_stop | rare)


def needed_counts(terms: pd.DataFrame, needed_g2: float) -> pd.DataFrame:
    """How often a term found in one section only must occur to reach `needed_g2`: `section, words, needed`."""
    sizes = terms.groupby("section", sort=False).words.sum()
    needed = [
        next((k for k in range(1, size + 1) if log_likelihood(k, size, 0, sizes.sum() - size) >= needed_g2), None)
        for size in sizes
    ]
    return pd.DataFrame({"section": sizes.index, "words": sizes.to_numpy(), "needed": pd.array(needed, "Int64")})


def shuffled_g2(terms: pd.DataFrame, rounds: int = 500, seed: int = 1) -> np.ndarray:
    """The largest G² of each of `rounds` articles made by dealing the terms to the sections at random."""
    rng, largest = np.random.default_rng(seed), np.zeros(rounds)
    sections, words = pd.factorize(terms.section)[0], terms.words.to_numpy()
    codes = pd.factorize(terms.term.mask(terms.is_stop))[0]  # −1 for stop words
    counted, shape = codes >= 0, (codes.max(initial=0) + 1, sections.max(initial=0) + 1)
    for i in range(rounds if shape[1] > 1 else 0):
        dealt = rng.permutation(sections)
        sizes = np.bincount(dealt, weights=words)
        counts = np.bincount(codes[counted] * shape[1] + dealt[counted], minlength=shape[0] * shape[1]).reshape(shape)
        rest = counts.sum(axis=1, keepdims=True) - counts
        largest[i] = log_likelihood(counts, sizes, rest, sizes.sum() - sizes).max()
    return largest


def english_keyness(terms: pd.DataFrame, min_count: int = 1) -> pd.DataFrame:
    """Terms against general English: `term, count, per_million, english, log_ratio, low, high, g2, p, q`.

    `english` is the rate per million words in Speer's wordfreq (2022; books,
    news, web, subtitles and more), where a term of several words gets no more
    than its rarest word and an unlisted one 0.01; the reference is so large
    that its rate counts as known. `low` and `high` are the log-ratios of the
    exact interval. Largest `g2` first. Misses: unusual senses of usual words.
    """
    return counts_against_english(count_terms(terms, min_count)[["term", "count"]], terms.words.sum())


def counts_against_english(table: pd.DataFrame, total: int) -> pd.DataFrame:
    """`english_keyness` of counts made elsewhere (`term, count`, and what else there is) in a text of `total` words."""
    rate = np.array([word_frequency(term, "en", minimum=FLOOR) for term in table.term])
    seen, expected = table["count"].to_numpy(), rate * total
    low, high = exact_interval(seen, total)
    table = table.assign(per_million=1e6 * seen / max(total, 1), english=1e6 * rate)
    table = table.assign(log_ratio=np.log2(seen / expected), low=np.log2(low / rate), high=np.log2(high / rate))
    rest = xlogy(total - seen, (total - seen) / (total - expected))
    return _tested(table.assign(g2=np.maximum(2 * (xlogy(seen, seen / expected) + rest), 0)))


def compare_settings(variants: dict[str, pd.DataFrame]) -> pd.DataFrame:
    """A row for each way to make the table of terms: `setting, terms, different, leaders, tests, pass`."""
    rows = []
    for setting, terms in variants.items():
        counts, stood = count_terms(terms), survivors(section_keyness(terms))
        leaders = ", ".join(f"{term} {n}" for term, n in zip(counts.term[:4], counts["count"]))
        rows.append((setting, counts["count"].sum(), len(counts), leaders, stood.tests, stood.bonferroni))
    return pd.DataFrame(rows, columns=["setting", "terms", "different", "leaders", "tests", "pass"])
