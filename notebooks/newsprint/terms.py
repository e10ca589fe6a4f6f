"""Which terms and names, how often, where, and beside which words: one row a term, a mention, a match."""

import calendar
import re
import warnings
from collections import Counter, defaultdict, namedtuple
from collections.abc import Collection
from functools import lru_cache
from itertools import pairwise
from statistics import NormalDist
from textwrap import shorten

import numpy as np
import pandas as pd
from newstext import DATA, Article, ArticleError, find_statements, fold_possessive, read_stop_words, word_rows
from newstext.words import rows_of

from newsprint.chance import LEVEL, gap_by_chance, verdict
from newsprint.show import listed, number, percent, quoted

FIXED_TERMS, LONGEST_FIXED = DATA / "fixed-terms.txt", 4  # terms of up to four words, counted as one
NOBODY, OTHERS = "nobody named", "others"  # the sides of words without a speaker, and of speakers of no side
MOST_ACTORS = 8  # where the article's own file lists none: so many speakers, so many other names
FLOOR = 1e-8  # wordfreq lists no English word rarer than this; what it does not list counts as this rare
# Capitalised, but no part of a name: what stands before a name, and dates ("May" may be a person).
TITLES = [title for title, _ in word_rows("titles.tsv")]
NOT_NAMES = {*TITLES, *(name.lower() for name in [*calendar.day_name, *calendar.month_name] if name != "May")}
TOGETHER = re.compile(rf"(?i)(?:['’]s)?(?:\s+(?:{'|'.join(TITLES)})\.?)*\s*")  # China|’s President |Xi Jinping
PROPER = re.compile(r"the |(?!An? |One |.* and )[A-Z]\S* (.* )?[A-Z]\S*$")  # a speaker who may be an actor
OPENING_MARKS = [*"“”\"‘'«»„:–—•"]  # a capital after one of these may be any word's

Word = namedtuple("Word", "place sid section start end token term is_word is_stop")  # `place` among words and marks


def find_terms(article: Article, fixed: Collection[str] | None = None) -> pd.DataFrame:
    """The words of the body; names and terms in `fixed` (else our list) of several are one row. `term` is counted, no
    possessive, no plural, `label` its commonest spelling. Misses names with small words ("Bank of England")."""
    words, text = article.reading.words(), article.reading.text
    rows = [Word(*row) for row in rows_of(words.reset_index(names="place"))]
    fixed = read_stop_words(FIXED_TERMS) if fixed is None else fixed
    begins = [i for i, goes_on in enumerate(_joins(rows, fixed)) if not goes_on]
    groups = [rows[a:b] for a, b in pairwise([*begins, len(rows)])]
    tokens, names = [" ".join(text[own[0].start : own[-1].end].split()) for own in groups], _names(groups, text)
    folded, spelled = _folded(tokens, names), defaultdict(Counter)
    for term, token in zip(folded, tokens):
        spelled[term][token[:-2] if token.endswith(("'s", "’s")) else token] += 1
    label = {term: max(own, key=own.get) for term, own in spelled.items()}
    columns = {
        **{name: [getattr(own[0], name) for own in groups] for name in ("sid", "section", "start")},
        **{"end": [own[-1].end for own in groups], "token": tokens, "term": folded},
        **{"is_stop": [len(own) == 1 and own[0].is_stop for own in groups], "words": [*map(len, groups)]},
        **{"is_name": names, "label": [label[term] for term in folded]},
    }
    kinds = {"start": int, "end": int, "words": int, "is_stop": bool, "is_name": bool}
    terms = pd.DataFrame({name: pd.Series(column, dtype=kinds.get(name, str)) for name, column in columns.items()})
    return article.along(article.to_source(terms))


def _capital(word: tuple) -> bool:
    """Whether a word may be of a name: capitalised, no stop word, title or day."""
    return word.token[0].isupper() and not word.is_stop and word.term not in NOT_NAMES


def _joins(words: list[tuple], fixed: Collection[str]) -> list[bool]:
    """Whether a word goes on with a name or fixed term. A name ends at a possessive ("China’s President") and at an
    abbreviation ("U.S. Senate"); the first word of a sentence begins none if the text has it in small letters."""
    small, low = {word.token for word in words if word.token == word.token.lower()}, [word.term for word in words]
    joins, run, open_ended, lasts = [], 0, False, {term.split()[-1] for term in fixed}
    for i, word in enumerate(words):
        opens = i == 0 or word.sid != words[i - 1].sid
        run = 1 if opens or word.place > words[i - 1].place + 1 else run + 1  # words without a mark between
        name = _capital(word) and not (re.search("[-‐‑][a-z]", word.token) or opens and word.token.lower() in small)
        joins.append(run > 1 and name and open_ended)
        open_ended = name and not re.search(r"['’]s$|\.", word.token)
        for n in range(2, min(run, LONGEST_FIXED) + 1) if word.term in lasts else ():
            if " ".join(low[i - n + 1 : i + 1]) in fixed:
                joins[i - n + 2 :] = [True] * (n - 1)
    return joins


def _names(groups: list[list[tuple]], text: str) -> list[bool]:
    """Whether a term is a name; one word that opens a sentence or quotation is if it is capitalised inside one, too."""
    firsts = [own[0] for own in groups]
    marks = [text[max(word.start - 2, 0) : word.start].strip()[-1:] in OPENING_MARKS for word in firsts]
    opens = [mark or word.sid != before for mark, word, before in zip(marks, firsts, ["", *(w.sid for w in firsts)])]
    inside = {word.term for word, first in zip(firsts, opens) if _capital(word) and not first}
    alone = [first and len(own) == 1 and own[0].term not in inside for own, first in zip(groups, opens)]
    return [_capital(word) and not no for word, no in zip(firsts, alone)]


def _folded(tokens: list[str], names: list[bool]) -> list[str]:
    """Terms without possessive, plurals under a singular, a full name that comes once under its last word, if that
    comes alone later on ("Putin"). Wrong where the two differ: "East Asia", later "Asia"."""
    folded = [fold_possessive(token) for token in tokens]
    often, words = Counter(folded), {term for term, name in zip(folded, names) if not name}
    alone = {term: i for i, (term, name) in enumerate(zip(folded, names)) if name and " " not in term}
    for i, (term, name) in enumerate(zip(folded, names)):
        last, forms = term.split()[-1], [term[:-1], f"{term[:-3]}y"] * term.endswith("s")
        if name:
            folded[i] = last if often[term] == 1 and alone.get(last, -1) > i else term
        else:
            folded[i] = next((form for form in forms if len(form) > 3 and form in words), term)
    return folded


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
    total = grid.sum(axis=1).sort_values(ascending=False, kind="stable")
    common = total[total >= max([2, *total.head(most).tail(1)])]
    times = f"{common.max()} times each" if common.nunique() == 1 else f"{common.max()} to {common.min()} times"
    return f"The commonest words: {quoted(common.index, most)} ({times})" if len(common) else "No word comes twice"


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
        terms, statements = find_terms(article), find_statements(article)
        names = terms[terms.is_name]
        whole = {re.sub(r"['’]s$", "", token) for token in names.token if " " in token}
        spoken = Counter(re.sub("^The ", "the ", name) for name in statements.speaker if name)
        for name in [name for name, _ in spoken.most_common() if PROPER.match(name) or name in {*names.label}]:
            last, core = name.split()[-1], name.removeprefix("the ")
            shared = any(other != core and other.split()[-1] == last for other in whole)
            actors[name] = list(dict.fromkeys([core, last] if last[0].isupper() and not shared else [core]))
        known, speakers = {name for own in actors.values() for name in own}, [*actors][:MOST_ACTORS]
        often = [name for name in count_terms(names, 2).label if name not in known][:MOST_ACTORS]
        actors = {name: actors.get(name, [name]) for name in [*speakers, *often]}
        sides = {name: [name] for name in speakers[:2]}
    side = {actor: side for side, members in sides.items() for actor in members}
    rows = [(actor, name, side.get(actor, OTHERS)) for actor, names in actors.items() for name in names]
    table = pd.DataFrame(rows, columns=["actor", "name", "side"]).drop_duplicates("name", ignore_index=True)
    return table.astype({"side": pd.CategoricalDtype([*sides, OTHERS, NOBODY], ordered=True)})


def find_actors(article: Article) -> pd.DataFrame:
    """Where the body names an actor, as a whole word with its capitals. Names of one actor with but a possessive and
    titles between are one: “China’s President Xi Jinping”. Misses pronouns and descriptions ("the two countries")."""
    actors, text = list_actors(article).set_index("name"), article.reading.text
    names = "|".join(re.escape(name).replace(r"\ ", r"\s+") for name in sorted(actors.index, key=len, reverse=True))
    found = concordance(article.reading, re.compile(rf"(?<!\w)(?:{names or '(?!)'})(?!\w)"))
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
