"""Which terms and names, how often, where, and beside which words: one row a term, a mention, a match."""

import calendar
import re
import warnings
from collections import Counter
from collections.abc import Collection, Iterable
from functools import lru_cache
from itertools import pairwise
from statistics import NormalDist
from textwrap import shorten

import numpy as np
import pandas as pd
from newstext import DATA, Article, ArticleError, find_statements, fold_possessive, read_stop_words, word_rows

from newsprint.chance import LEVEL, gap_by_chance, verdict
from newsprint.show import listed, number, percent, quoted

FIXED_TERMS = DATA / "fixed-terms.txt"  # terms of several words, counted as one
NOBODY, OTHERS = "nobody named", "others"  # the sides of words without a speaker, and of speakers of no side
MOST_ACTORS = 8  # where the article's own file lists none: so many speakers, so many other names
FLOOR = 1e-8  # wordfreq lists no English word rarer than this; what it does not list counts as this rare
# Capitalised, but no part of a name: what stands before a name, and dates ("May" may be a person).
TITLES = [title for title, _ in word_rows("titles.tsv")]
NOT_NAMES = {*TITLES, *(name.lower() for name in [*calendar.day_name, *calendar.month_name] if name != "May")}
TOGETHER = re.compile(rf"(?i)(?:['’]s)?(?:\s+(?:{'|'.join(TITLES)})\.?)*\s*")  # China|’s President |Xi Jinping
COMPOUND = re.compile("[-‐‑][a-z]")
PROPER = re.compile(r"the |(?!An? |One |.* and )[A-Z]\S* (.* )?[A-Z]\S*$")  # a speaker who may be an actor


def whole_words(names: Iterable[str], flags: int = 0) -> re.Pattern:
    """A pattern for names that stand by themselves; the longest of those that begin at a place."""
    found = "|".join(re.escape(name).replace(r"\ ", r"\s+") for name in sorted(names, key=len, reverse=True))
    return re.compile(rf"(?<!\w)(?:{found or '(?!)'})(?!\w)", flags)


def find_terms(article: Article, fixed: Collection[str] | None = None) -> pd.DataFrame:
    """The words of the body; names and terms in `fixed` (else our list) of several are one row. `term` is counted, no
    possessive, no plural, `label` its commonest spelling. One capitalised word that opens a sentence is a name if it is
    capitalised inside one, too. Misses names with small words ("Bank of England")."""
    text, words = article.reading.text, [*article.reading.words().itertuples()]
    groups = _groups(words, text, read_stop_words(FIXED_TERMS) if fixed is None else fixed)
    tokens, firsts = [" ".join(text[own[0].start : own[-1].end].split()) for own in groups], [own[0] for own in groups]
    inside = {b.term for a, b in pairwise(firsts) if _capital(b) and b.sid == a.sid}
    sure = [len(own) > 1 or own[0].term in inside for own in groups]
    names = [_capital(word) and known for word, known in zip(firsts, sure)]
    terms = [fold_possessive(token) for token in tokens]
    plain = {term for term, name in zip(terms, names) if not name}
    terms = [term if name else _singular(term, plain) for term, name in zip(terms, names)]
    spelled = Counter(zip(terms, [re.sub("['’]s$", "", token) for token in tokens])).most_common()
    labels = {term: label for (term, label), _ in reversed(spelled)}
    columns = {name: [getattr(word, name) for word in firsts] for name in ("sid", "section", "start")}
    columns |= {"end": [own[-1].end for own in groups], "token": tokens, "term": terms}
    columns |= {"is_stop": [len(own) == 1 and own[0].is_stop for own in groups], "words": [*map(len, groups)]}
    columns |= {"is_name": names, "label": [labels[term] for term in terms]}
    kinds = {"start": int, "end": int, "words": int, "is_stop": bool, "is_name": bool}
    table = pd.DataFrame({name: pd.Series(column, dtype=kinds.get(name, str)) for name, column in columns.items()})
    return article.along(article.to_source(table))


def _capital(word: tuple) -> bool:
    """Whether a word may be of a name: capitalised, no stop word, title, day or "London-based"."""
    return word.token[0].isupper() and not (word.is_stop or word.term in NOT_NAMES or COMPOUND.search(word.token))


def _singular(term: str, terms: Collection[str]) -> str:
    """The singular of a term if it is one of the terms, too, else the term."""
    forms = re.sub("s$", "", term), re.sub("ies$", "y", term)
    return next((form for form in forms if len(form) > 3 and form in terms), term)


def _groups(words: list[tuple], text: str, fixed: Collection[str]) -> list[list[tuple]]:
    """The words, those of one name or fixed term together. A name ends at a possessive ("China’s President") and at an
    abbreviation ("U.S. Senate"); the first word of a sentence begins none if the text has it in small letters."""
    small, groups = {word.token for word in words if word.token.islower()}, []
    inside = {at for m in whole_words(fixed, re.IGNORECASE).finditer(text) for at in range(m.start() + 1, m.end())}
    before, goes_on = None, False
    for word in words:
        first = before is None or word.sid != before.sid
        name = _capital(word) and not (first and word.token.lower() in small)
        joins = not first and text[before.end : word.start].isspace() and (name and goes_on or word.start in inside)
        if joins:
            groups[-1].append(word)
        else:
            groups.append([word])
        before, goes_on = word, name and not re.search(r"['’]s$|\.", word.token)
    return groups


def count_terms(terms: pd.DataFrame, min_count: int = 1) -> pd.DataFrame:
    """How often each term comes that is no stop word, also per 1,000 words of all; most first, ties by alphabet."""
    groups = terms[~terms.is_stop].groupby("term")
    table = groups.agg(label=("label", "first"), is_name=("is_name", "max"), count=("term", "size")).reset_index()
    table = table[table["count"] >= min_count].assign(per_1000=lambda t: 1000 * t["count"] / max(terms.words.sum(), 1))
    return table.sort_values(["count", "term"], ascending=[False, True], ignore_index=True)


def section_counts(terms: pd.DataFrame, top: int, leave_out: Collection[str] = (), names: bool = False) -> pd.DataFrame:
    """The `top` most frequent words as spelled (index), no `names`, by section (columns), in the order of their mean
    place: the table reads from the first section to the last."""
    letters = terms.term.str.contains(r"[^\W\d_]")  # marks in a match report are no words
    wanted = terms[~terms.is_stop & (names | ~terms.is_name) & letters & ~terms.term.isin(leave_out)]
    kept = wanted[wanted.term.isin(count_terms(wanted).term.head(top))]
    order = kept.groupby("label")["first"].mean().sort_values(kind="stable").index
    table = pd.crosstab(kept.label, kept.section).reindex(index=order, columns=terms.section.unique(), fill_value=0)
    return table.rename_axis(index="term", columns=None)


def section_topics(grid: pd.DataFrame, most: int = 3) -> str:
    """Which words lie mostly (more than half of two or more uses) in the first and in the last section that has any."""
    mostly = [grid[name][(grid[name] > 1) & (2 * grid[name] > grid.sum(axis=1))] for name in grid]
    mostly = [own.sort_values(ascending=False, kind="stable") for own in mostly if len(own)]
    if len(grid.columns) > 1 and mostly:
        parts = [f"{quoted(own.index[:most])} in {own.name}" for own in (mostly[0], mostly[-1])]
        return f"The words move: {'; '.join(dict.fromkeys(parts))}"
    common = grid.sum(axis=1).nlargest(most)
    times = [f"“{word}” ({count} times)" for word, count in common[common > 1].items()]
    return f"The commonest words: {listed(times)}" if times else "No word comes twice"


def shared_by_chance(terms: pd.DataFrame, min_count: int = 5) -> str:
    """The frequent term whose rate differs most between sections, and if chance does as much; sentences are dealt."""
    often = terms[~terms.is_stop & (terms.groupby("term").term.transform("size") >= min_count)]
    sentences = terms.groupby("sid", sort=False).agg(section=("section", "first"), words=("words", "sum"))
    if often.empty or sentences.section.nunique() < 2:
        return "No frequent term, or one section only: nothing to compare"
    counts = pd.crosstab(often.sid, often.label).reindex(sentences.index, fill_value=0)
    p, column = gap_by_chance(sentences.section, counts.to_numpy(), sentences.words.to_numpy())
    which = f"“{counts.columns[column]}”; {percent(p)} of random deals share a word as unevenly"
    return f"Shared most unevenly: {which}: {verdict(p)}"


@lru_cache(4)
def list_actors(article: Article) -> pd.DataFrame:
    """Whose names are looked for: `actor, name, side` (in order; others, nobody last), from beside the article. Else:
    speakers reported by name or with "the", and names used most; the two with most statements are sides."""
    actors, sides = dict(article.actors), article.sides
    if not actors:
        terms, spoken = find_terms(article), Counter(find_statements(article).speaker)
        names = terms[terms.is_name]
        speakers = [name for name, _ in spoken.most_common() if PROPER.match(name) or name in {*names.label}]
        lasts = Counter(name.split()[-1] for name in {*names.label[names.words > 1]})
        for name in [*speakers[:MOST_ACTORS], *count_terms(names, 2).label[:MOST_ACTORS]]:
            own, last = re.sub("^[Tt]he ", "", name), name.split()[-1]
            actors[name] = [own, last] if last[0].isupper() and lasts[last] < 2 else [own]
        sides = {name: [name] for name in speakers[:2]}
    side = {actor: side for side, members in sides.items() for actor in members}
    rows = [(actor, name, side.get(actor, OTHERS)) for actor, names in actors.items() for name in names]
    table = pd.DataFrame(rows, columns=["actor", "name", "side"]).drop_duplicates("name", ignore_index=True)
    return table.astype({"side": pd.CategoricalDtype([*sides, OTHERS, NOBODY], ordered=True)})


def find_actors(article: Article) -> pd.DataFrame:
    """Where the body names an actor, as a whole word with its capitals. Names of one actor with but a possessive and
    titles between are one: “China’s President Xi Jinping”. Misses pronouns and descriptions ("the two countries")."""
    actors, text = list_actors(article).set_index("name"), article.reading.text
    found = concordance(article.reading, whole_words(actors.index))
    found = found.assign(name=found.keyword.str.split().str.join(" ")).join(actors, on="name")
    near = [bool(TOGETHER.fullmatch(text[a:b])) for a, b in zip([0, *found.end], found.start)]
    goes_on = np.array(near, dtype=bool) & (found.actor == found.actor.shift()) & (found.sid == found.sid.shift())
    found["end"] = found.groupby((~goes_on).cumsum()).end.transform("max")
    mentions = found.loc[~goes_on, ["actor", "side", "name", "sid", "section", "start", "end"]].reset_index(drop=True)
    return article.along(article.to_source(mentions))


def names_move(mentions: pd.DataFrame, sections: pd.DataFrame, most: int = 3) -> str:
    """How often the listed actors that are named most are named in each section, in a sentence."""
    table = pd.crosstab(mentions.actor, mentions.section).reindex(columns=sections.section, fill_value=0)
    rows = sorted(zip(table.index, table.to_numpy()), key=lambda row: -row[1].sum())[:most]
    if not rows:
        return "None of the listed actors is named"
    if 1 < len(sections) < 5:
        parts = [f"{actor} {', '.join(map(str, row))} ({row.sum()} in all)" for actor, row in rows]
        return f"Named from section to section: {'; '.join(parts)}"
    return "Named: " + "; ".join(f"{actor} {number(row.sum(), 'time')}" for actor, row in rows)


def concordance(article: Article, pattern: str | re.Pattern, sort: str = "place") -> pd.DataFrame:
    """Every match of a pattern in the body (text: in any case) with the rest of its sentence; `sort` is "place", "left"
    (by the words before, the nearest first) or "right". Raises `ArticleError` for a pattern that will not do."""
    try:
        with warnings.catch_warnings(action="error"):  # what Python may read otherwise one day: “[[a]”
            wanted = re.compile(pattern, re.IGNORECASE) if isinstance(pattern, str) else pattern
    except (re.error, FutureWarning, OverflowError, RecursionError) as error:
        cure = "put \\ before marks meant literally"
        raise ArticleError(f"PATTERN = {pattern!r} is not valid: {error}; {cure}") from None
    if wanted.search(""):
        raise ArticleError(f"PATTERN = {pattern!r} matches the empty text: name at least one character")
    rows = []
    for row in article.reading.body.itertuples():
        for m in wanted.finditer(row.text):
            place = row.sid, row.section, row.start + m.start(), row.start + m.end()
            rows.append((*place, row.text[: m.start()], m[0], row.text[m.end() :]))
    if sort != "place":
        rows.sort(key=lambda row: row[4].lower().split()[::-1] if sort == "left" else row[6].lower().split())
    return article.to_source(pd.DataFrame(rows, columns=["sid", "section", "start", "end", "left", "keyword", "right"]))


def kwic(found: pd.DataFrame, rows: int = 20) -> str:
    """A concordance as text, keywords aligned: at most `rows` lines of about 70 characters, the rest counted."""
    lines = []
    for row in found.head(rows).itertuples():
        left, right = shorten(row.left[::-1], 29, placeholder="")[::-1], row.keyword + row.right
        lines.append(f"{row.sid:<4} {left:>29} {shorten(right, 35, placeholder='')}")
    lines += [f"… and {number(len(found) - rows, 'more line')}"] * (len(found) > rows)
    return "\n".join(lines) or "no match"


def against_english(counts: pd.DataFrame, words: int) -> pd.DataFrame:
    """Counted terms of a text of `words` words against wordfreq (Speer, up to 2021; per million): `g2` is Dunning's
    log-likelihood ratio (1993). A term is tested as it came, so the `bar` is Bonferroni's over all the list's words."""
    from wordfreq import get_frequency_dict, word_frequency

    table = counts.assign(per_million=1e6 * counts["count"] / max(words, 1))
    table["english"] = [1e6 * word_frequency(term, "en", minimum=FLOOR) for term in counts.term]
    table["times"] = table.per_million / table.english
    table["bar"] = NormalDist().inv_cdf(1 - LEVEL / 2 / len(get_frequency_dict("en"))) ** 2
    count, rest, rate = counts["count"], words - counts["count"], table.english / 1e6
    known = rest * np.log((rest / (words * (1 - rate))).clip(lower=1e-300))  # 0 where the text is one term
    table["g2"] = 2 * (count * np.log(count / (words * rate)) + known)
    table["passes"] = (table.g2 >= table.bar) & (table.times > 1)
    return table.sort_values(["g2", "term"], ascending=[False, True], ignore_index=True)


def stands_out(keyness: pd.DataFrame) -> str:
    """How many terms stand out against general English, and which most, in a sentence."""
    found = keyness.label[keyness.passes]
    which = f": {listed(found, 10)}" if len(found) else ""
    return f"{len(found)} of {number(len(keyness), 'term')} stand out against general English{which}"
