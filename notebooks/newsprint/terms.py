"""Which terms, how often, where, and beside which words: one row a term."""

import calendar
import re
from collections.abc import Collection

import numpy as np
import pandas as pd
from nltk.stem.snowball import SnowballStemmer
from scipy.special import betaincinv

from newstext.article import DATA, STRAIGHT, Article, ArticleError, fold_possessive, read_stop_words, word_rows

FIXED_TERMS = DATA / "fixed-terms.txt"
FOLDS = ("off", "possessive", "stem")
LEVEL = 0.05  # intervals leave out this share, tests call this likely enough
LONGEST_FIXED = 4  # words in the longest fixed term looked for
# Capitalised, but no part of a name: what stands before a name, and dates ("May" may be a person).
TITLES = [title for title, _ in word_rows("titles.tsv")]
DATES = [name.lower() for name in [*calendar.day_name, *calendar.month_name] if name != "May"]
NOT_NAMES = frozenset(TITLES + DATES)

# Finding terms


def find_terms(article: Article, fold: str = "possessive", fixed: Collection[str] | None = None) -> pd.DataFrame:
    """The words of the body in reading order, names and fixed terms of several words joined to one row.

    Columns `sid, section, start, end, token, term, is_stop, first, last,
    words`; `words` says how many words a term spans. `fold` is "off" (words as
    they stand, in lower case), "possessive" ("China’s" counts as "china") or
    "stem" (Snowball English, on single words only; the commonest form stands
    for its stem). `fixed` replaces the list in `data/fixed-terms.txt`; an
    empty one still joins names. Raises `ArticleError` for another `fold`.
    """
    if fold not in FOLDS:
        raise ArticleError(f"FOLD = {fold!r} is not known: choose " + ", ".join(map(repr, FOLDS)))
    fixed = read_stop_words(FIXED_TERMS) if fixed is None else fixed
    words = article.reading.words()
    names = _joins_name(words)
    joins = (names | _joins_fixed(words, fixed)).to_numpy()
    starts = np.flatnonzero(~joins)
    terms = words.iloc[starts].drop(columns="is_word").reset_index(drop=True)
    terms["words"] = np.diff([*starts, len(words)])
    terms["end"] = words.end.to_numpy()[starts + terms.words.to_numpy() - 1]
    joined = terms.index[terms.words > 1]
    spans = zip(terms.start[joined], terms.end[joined], strict=True)
    terms.loc[joined, "token"] = [" ".join(article.reading.text[a:b].split()) for a, b in spans]
    terms["is_stop"] &= terms.words == 1
    terms["term"] = _fold(terms, fold)
    terms["term"] = _shorten_names(terms)
    return article.along(article.to_source(terms))


def _follows(words: pd.DataFrame) -> pd.Series:
    """Whether nothing, not even a comma, stands between a word and the one before it in its sentence."""
    return (words.index.to_series().diff() == 1) & (words.sid == words.sid.shift())


def _joins_name(words: pd.DataFrame) -> pd.Series:
    """Whether a word goes on with the name that the word before it began: both are capitalised.

    A name ends at a possessive ("China’s President") and at an abbreviation
    with stops ("U.S. Senate"); titles and days are no part of it; the first
    word of a sentence is not one if it occurs in lower case elsewhere. Misses
    names with small words in them ("Bank of England"); takes a line in
    capitals for one name, and "Later Brill" that opens a sentence.
    """
    lower = words.token.str.lower()
    plain = set(words.token[words.token == lower])
    capital = words.token.str[:1].str.isupper() & ~words.token.str.contains(r"[-‐‑][a-z]")
    capital &= ~words.is_stop & ~words.term.isin(NOT_NAMES)
    capital &= (words.sid == words.sid.shift()) | ~lower.isin(plain)
    goes_on = capital & ~words.token.str.contains(r"['’]s$|\.")
    return capital & goes_on.shift(fill_value=False) & _follows(words)


def _phrases(words: pd.DataFrame, size: int) -> pd.Series:
    """For each word the phrase of `size` words that begins with it; missing where a mark or the end cuts it off."""
    follows, phrase = _follows(words), words.term
    for step in range(1, size):
        phrase = (phrase + " " + words.term.shift(-step)).where(follows.shift(-step, fill_value=False))
    return phrase


def _joins_fixed(words: pd.DataFrame, fixed: Collection[str]) -> pd.Series:
    joins = pd.Series(False, index=words.index)
    for size in range(2, LONGEST_FIXED + 1):
        begins = _phrases(words, size).isin(fixed)
        for step in range(1, size):
            joins |= begins.shift(step, fill_value=False)
    return joins


def _fold(terms: pd.DataFrame, fold: str) -> pd.Series:
    if fold == "off":
        return terms.token.str.lower().str.translate(STRAIGHT)
    folded = terms.token.map(fold_possessive)
    if fold == "possessive":
        return folded
    single = (terms.words == 1) & ~terms.is_stop
    forms = _ranked(folded[single].value_counts().rename_axis("term").reset_index())
    commonest = forms.groupby(forms.term.map(SnowballStemmer("english").stem)).term.transform("first")
    return folded.mask(single, folded.map(dict(zip(forms.term, commonest, strict=True))))


def _shorten_names(terms: pd.DataFrame) -> pd.Series:
    """Terms, with a full name that comes once counted under its last word where that comes alone later on.

    News gives a name in full once ("Vladimir Putin") and then its end
    ("Putin"). Wrong where the two differ: "East Asia", later "Asia".
    """
    capital = terms.token.str[:1].str.isupper()
    later = pd.Series(terms.index, index=terms.term)[(capital & (terms.words == 1)).to_numpy()]
    later = later[~later.index.duplicated(keep="last")]
    once = (terms.words > 1) & capital & ~terms.term.duplicated(keep=False)
    tails = terms.term[once].str.rsplit(" ", n=1).str[-1]
    tails = tails[tails.map(later) > tails.index]
    return terms.term.where(~terms.index.isin(tails.index), tails.reindex(terms.index))


def folded_forms(terms: pd.DataFrame) -> pd.DataFrame:
    """What folding put together: `term, count, forms` for each term that stands for several forms."""
    forms = pd.DataFrame({"term": terms.term, "form": terms.token.str.lower().str.translate(STRAIGHT)})[~terms.is_stop]
    counts = forms.value_counts(["term", "form"]).reset_index().sort_values(["count", "form"], ascending=[False, True])
    counts["forms"] = counts.form + " " + counts["count"].astype(str)
    table = counts.groupby("term").agg(count=("count", "sum"), different=("form", "size"), forms=("forms", " + ".join))
    return _ranked(table[table.different > 1].drop(columns="different").reset_index())


def joined_terms(terms: pd.DataFrame) -> pd.DataFrame:
    """Terms of several words as they stand: `term, counts_as, count, sids`, most frequent first."""
    joined = terms[terms.words > 1].assign(counts_as=lambda table: table.term)
    joined["term"] = [fold_possessive(" ".join(token.split())) for token in joined.token]
    table = joined.groupby(["term", "counts_as"]).agg(count=("sid", "size"), sids=("sid", " ".join))
    return _ranked(table.reset_index())


# Counting


def count_terms(terms: pd.DataFrame, min_count: int = 1) -> pd.DataFrame:
    """How often each term occurs that is no stop word: `rank, term, count, per_1000, low, high, tied`.

    Rates are per 1,000 words of the text, stop words included, with exact 95 %
    intervals. Most frequent first, ties in alphabetical order and marked in
    `rank` ("3=") and `tied`. Raises `ArticleError` for a `min_count` below 1.
    """
    _check("MIN_COUNT", min_count)
    table = terms[~terms.is_stop].groupby("term").size().rename("count").reset_index()
    table = _ranked(table[table["count"] >= min_count])
    low, high = exact_interval(table["count"], terms.words.sum())
    table = table.assign(per_1000=1000 * table["count"] / max(terms.words.sum(), 1), low=1000 * low, high=1000 * high)
    table["tied"] = table["count"].duplicated(keep=False)
    rank = table["count"].rank(method="min", ascending=False).astype(int).astype(str)
    table.insert(0, "rank", rank + table.tied.map({True: "=", False: ""}))
    return table


def _ranked(table: pd.DataFrame) -> pd.DataFrame:
    """Most frequent first, ties in alphabetical order: the one rule for all tables of terms."""
    return table.sort_values(["count", "term"], ascending=[False, True], ignore_index=True)


def _check(name: str, value: int) -> None:
    if isinstance(value, bool) or not isinstance(value, int) or value < 1:
        raise ArticleError(f"{name} = {value!r}: it must be a whole number, 1 or more")


def top_terms(counts: pd.DataFrame, top: int) -> pd.DataFrame:
    """The first `top` rows, with `cut` the number of terms left out that occur as often as the last one.

    Raises `ArticleError` where `top` is not a whole number of at least 1.
    """
    _check("TOP_TERMS", top)
    kept, rest = counts.head(top), counts.iloc[top:]
    return kept.assign(cut=int((rest["count"] == kept["count"].min()).sum()))


def named(terms: Collection[str], most: int = 4) -> str:
    """Terms in words: “a”, “b” and “c”; those beyond `most` are counted."""
    shown = [f"“{term}”" for term in list(terms)[:most]]
    if len(terms) > most:
        shown.append(f"{len(terms) - most:,} more")
    return " and ".join(filter(None, [", ".join(shown[:-1]), *shown[-1:]]))


def exact_interval(count: pd.Series, total: int, level: float = LEVEL) -> tuple[np.ndarray, np.ndarray]:
    """Clopper and Pearson's interval for a share `count / total` (Biometrika 26, 1934), 95 % by default.

    It is never too narrow, if words came independently; they come in bursts,
    so read it as a lower limit of the doubt. An empty total gives (0, 1).
    """
    count = np.asarray(count)
    low = np.where(count > 0, betaincinv(np.maximum(count, 1), total - count + 1, level / 2), 0)
    high = np.where(count < total, betaincinv(count + 1, np.maximum(total - count, 1), 1 - level / 2), 1)
    return low, high


def recurring_phrases(words: pd.DataFrame, sizes: Collection[int] = (2, 3), min_count: int = 2) -> pd.DataFrame:
    """Phrases of two or three words that come again: `term, count, size, sids`, most frequent first.

    A phrase lies within a sentence, no mark inside, no stop word at its ends.
    One that only ever occurs inside a longer one of the table is left out.
    """
    found = []
    for size in sizes:
        table = words[["sid", "is_stop"]].assign(term=_phrases(words, size), size=size)
        inner = ~table.is_stop & ~table.is_stop.shift(1 - size, fill_value=True)
        found.append(table[inner & table.term.notna()])
    table = pd.concat(found).groupby("term").agg(count=("sid", "size"), size=("size", "first"), sids=("sid", " ".join))
    table = _ranked(table[table["count"] >= min_count].reset_index())
    inside = {
        (" ".join(longer[at : at + size]), count)
        for longer, count in zip(table.term.str.split(), table["count"], strict=True)
        for size in range(2, len(longer))
        for at in range(len(longer) - size + 1)
    }
    outside = [pair not in inside for pair in zip(table.term, table["count"], strict=True)]
    return table[np.array(outside, dtype=bool)].reset_index(drop=True)


# Where


def section_counts(terms: pd.DataFrame, wanted: Collection[str] | None = None) -> pd.DataFrame:
    """Counts with a row for each term (in the order of `wanted`) and a column for each section, in reading order."""
    content = terms[~terms.is_stop]
    table = pd.crosstab(content.term, content.section).reindex(columns=terms.section.unique(), fill_value=0)
    return table if wanted is None else table.reindex(wanted, fill_value=0)


def dispersion(terms: pd.DataFrame, min_count: int = 5) -> pd.DataFrame:
    """How unevenly the sections share each frequent term: `term, count, sections, dp`, most frequent first.

    `dp` is Gries' deviation of proportions (Int. J. Corpus Linguistics 13,
    2008): 0 where each section has the share of the term that it has of all
    words, near 1 where a small section has it all. With one section it is 0.
    """
    table = section_counts(terms)
    table = table[table.sum(axis=1) >= min_count]
    expected = terms.groupby("section").words.sum() / terms.words.sum()
    dp = table.div(table.sum(axis=1), axis=0).sub(expected, axis=1).abs().sum(axis=1) / 2
    found = pd.DataFrame({"count": table.sum(axis=1), "sections": (table > 0).sum(axis=1), "dp": dp})
    return _ranked(found.rename_axis("term").reset_index())


def lexical_variety(words: pd.DataFrame, window: int = 100) -> pd.DataFrame:
    """Each section's moving-average type-token ratio: `section, words, mattr`.

    The mean share of different words in all windows of `window` words, stop
    words included (Covington and McFall, J. Quantitative Linguistics 17,
    2010), so that sections of different length compare; missing where a
    section is shorter than the window.
    """
    rows = [(name, len(part), _moving_ratio(part.term, window)) for name, part in words.groupby("section", sort=False)]
    return pd.DataFrame(rows, columns=["section", "words", "mattr"])


def _moving_ratio(terms: pd.Series, window: int) -> float:
    """A word is new to the windows that begin after its last occurrence and hold it: counting those is linear."""
    if len(terms) < window:
        return float("nan")
    at = pd.Series(range(len(terms)))
    before = at.groupby(terms.to_numpy()).shift(fill_value=-1)
    first = np.maximum(np.maximum(at - window, before) + 1, 0)
    last = np.minimum(at, len(terms) - window)
    return float(np.maximum(last - first + 1, 0).sum() / window / (len(terms) - window + 1))


def sentence_lengths(article: Article) -> pd.DataFrame:
    """Words in each sentence of the body: `sid, section, words`."""
    return article.words().groupby(["sid", "section"], sort=False).size().rename("words").reset_index()


# Beside which words


def concordance(article: Article, pattern: str) -> pd.DataFrame:
    """Every match of a regular expression in the body, case ignored: `sid, section, start, end, left, keyword, right`.

    `left` and `right` are the rest of the sentence. Raises `ArticleError`, one
    line, for a pattern that is not valid or matches nothing at all.
    """
    try:
        wanted = re.compile(pattern, re.IGNORECASE)
    except re.error as error:
        raise ArticleError(
            f"PATTERN = {pattern!r} is not valid: {error}; put \\ before marks meant literally"
        ) from None
    if wanted.search(""):
        raise ArticleError(f"PATTERN = {pattern!r} matches the empty text: name at least one character")
    return find_matches(article, wanted)


def find_matches(article: Article, wanted: re.Pattern) -> pd.DataFrame:
    body = article.reading.sentences
    rows = [
        (
            row.sid,
            row.section,
            row.start + m.start(),
            row.start + m.end(),
            m.string[: m.start()],
            m[0],
            m.string[m.end() :],
        )
        for row in body[body.section != "Headline"].itertuples()
        for m in wanted.finditer(row.text)
    ]
    columns = ["sid", "section", "start", "end", "left", "keyword", "right"]
    return article.to_source(pd.DataFrame(rows, columns=columns))


def kwic(found: pd.DataFrame, width: int = 56, rows: int = 20) -> str:
    """A concordance as text, keywords aligned: at most `rows` lines of `width` characters, the rest counted."""
    margin = max((len(sid) for sid in found.sid), default=0)
    before = (width - margin) * 2 // 5
    lines = []
    for row in found.head(rows).itertuples():
        left, right = re.sub(r"\s+", " ", row.left), re.sub(r"\s+", " ", row.keyword + row.right)
        if len(left) > before:
            left = left[-before:].partition(" ")[2]
        if len(right) > (room := width - margin - before - 2):
            right = right[: room + 1].rpartition(" ")[0] or right[:room]
        lines.append(f"{row.sid:<{margin}} {left:>{before}} {right}")
    rest = [f"… and {len(found) - rows:,} more"] if len(found) > rows else []
    return "\n".join([*lines, *rest]) or "no match"
