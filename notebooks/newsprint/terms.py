"""Which terms and names, how often, where, and beside which words: one row a term, a mention, a match."""

import calendar
import re
from collections import Counter, defaultdict
from collections.abc import Collection
from functools import lru_cache
from math import log
from statistics import NormalDist

import numpy as np
import pandas as pd
from newstext import DATA, STRAIGHT, Article, ArticleError, find_statements, fold_possessive, read_stop_words, word_rows

from newsprint.chance import LEVEL, deals, share_as_large, verdict
from newsprint.show import listed, number, percent, quoted

FIXED_TERMS, LONGEST_FIXED = DATA / "fixed-terms.txt", 4  # terms of up to four words, counted as one
NOBODY, OTHERS = "nobody named", "others"  # the sides of words without a speaker, and of speakers of no side
MOST_ACTORS = 8  # where the article's own file lists none: so many speakers, so many other names
FLOOR = 1e-8  # wordfreq lists no English word rarer than this; what it does not list counts as this rare
# Capitalised, but no part of a name: what stands before a name, and dates ("May" may be a person).
TITLES = [title for title, _ in word_rows("titles.tsv")]
NOT_NAMES = {*TITLES, *(name.lower() for name in [*calendar.day_name, *calendar.month_name] if name != "May")}
TOGETHER = re.compile(rf"(?i)(?:['’]s)?(?:\s+(?:{'|'.join(TITLES)})\.?)*\s*")  # China|’s President |Xi Jinping
OPENING_MARKS = [*"“”\"‘'«»„:–—•"]  # a capital after one of these may be any word's


def find_terms(article: Article, fold: bool = True, fixed: Collection[str] | None = None) -> pd.DataFrame:
    """The words of the body in reading order, names and fixed terms of several words joined to one row. Columns `sid,
    section, start, end, token, term, label, is_stop, is_name, words, first, last`: `term` is counted, `label` is its
    commonest spelling, `words` how many it spans. `fold` puts possessives under their name, plurals in -s under the
    singular where the article has it. `fixed` replaces `fixed-terms.txt`. Misses names with small words ("Bank of
    England")."""
    words, text = article.reading.words(), article.reading.text
    begins = np.flatnonzero(~_joins(words, read_stop_words(FIXED_TERMS) if fixed is None else fixed))
    terms = words.iloc[begins].drop(columns="is_word").reset_index(drop=True)
    terms["words"] = np.diff(begins, append=len(words))
    terms["end"] = words.end.to_numpy()[begins + terms.words - 1]
    terms["token"] = pd.Series([" ".join(text[a:b].split()) for a, b in zip(terms.start, terms.end)], dtype=str)
    terms["is_stop"] = terms.is_stop & (terms.words == 1)
    terms["is_name"] = _names(terms, text)
    terms["term"] = _folded(terms) if fold else [token.lower().translate(STRAIGHT) for token in terms.token]
    spelled = defaultdict(Counter)
    for term, token in zip(terms.term, terms.token):
        spelled[term][re.sub(r"['’]s$", "", token)] += 1
    terms["label"] = [max(spelled[term], key=spelled[term].get) for term in terms.term]
    return article.along(article.to_source(terms.astype({"term": str, "label": str})))


def _capitalised(words: pd.DataFrame) -> pd.Series:
    """Whether a word may be of a name: capitalised, no stop word, title or day."""
    return words.token.str[:1].str.isupper() & ~words.is_stop & ~words.term.isin(NOT_NAMES)


def _joins(words: pd.DataFrame, fixed: Collection[str]) -> np.ndarray:
    """Whether a word goes on with the name or fixed term that the word before it began. A name ends at a possessive
    ("China’s President") and at an abbreviation with stops ("U.S. Senate"); the first word of a sentence is none if the
    text has it in lower case."""
    opens, plain = words.sid != words.sid.shift(), words.token[words.token == words.token.str.lower()]
    follows = ~opens & (words.index.to_series().diff() == 1)
    name = _capitalised(words) & ~words.token.str.contains("[-‐‑][a-z]")
    name &= ~(opens & words.token.str.lower().isin(plain))
    open_ended = name & ~words.token.str.contains(r"['’]s$|\.")
    joins = (follows & name & open_ended.shift(fill_value=False)).to_numpy(copy=True)
    low, follows = words.term.tolist(), follows.tolist()
    for n in range(2, LONGEST_FIXED + 1):
        for i in range(len(low) - n + 1):
            if " ".join(low[i : i + n]) in fixed and all(follows[i + 1 : i + n]):
                joins[i + 1 : i + n] = True
    return joins


def _names(terms: pd.DataFrame, text: str) -> pd.Series:
    """Whether a term is a name. One word that opens a sentence or quotation is one if it is capitalised inside one,
    too."""
    capital, marks = _capitalised(terms), [text[max(at - 2, 0) : at].strip()[-1:] for at in terms.start]
    opens = (terms.sid != terms.sid.shift()) | np.isin(marks, OPENING_MARKS)
    return capital & (~opens | (terms.words > 1) | terms.term.isin(terms.term[capital & ~opens]))


def _folded(terms: pd.DataFrame) -> list[str]:
    """Terms without possessive, plurals under their singular, a full name under its last word. A name that comes once
    ("Vladimir Putin") counts under its last word where that comes alone later on ("Putin"). Wrong where the two differ:
    "East Asia", later "Asia"."""
    folded, names = [fold_possessive(token) for token in terms.token], terms.is_name.tolist()
    often, words = Counter(folded), {term for term, name in zip(folded, names) if not name}
    alone = {term: i for i, (term, name) in enumerate(zip(folded, names)) if name and " " not in term}
    for i, (term, name) in enumerate(zip(folded, names)):
        last = term.rpartition(" ")[2]
        if name and last != term and often[term] == 1 and alone.get(last, -1) > i:
            folded[i] = last
        elif not name and term.endswith("s"):
            folded[i] = next((form for form in (term[:-1], f"{term[:-3]}y") if len(form) > 3 and form in words), term)
    return folded


def count_terms(terms: pd.DataFrame, min_count: int = 1) -> pd.DataFrame:
    """How often each term occurs that is no stop word: `term, label, is_name, count, per_1000`, most frequent first.
    Rates are per 1,000 words, stop words included. Ties stand in alphabetical order."""
    groups = terms[~terms.is_stop].groupby("term")
    table = groups.agg(label=("label", "first"), is_name=("is_name", "max"), count=("term", "size")).reset_index()
    table = table[table["count"] >= min_count].assign(per_1000=lambda t: 1000 * t["count"] / max(terms.words.sum(), 1))
    return table.sort_values(["count", "term"], ascending=[False, True], ignore_index=True)


def section_counts(terms: pd.DataFrame, top: int, leave_out: Collection[str] = (), names: bool = False) -> pd.DataFrame:
    """The `top` most frequent words as spelled (index) by section (columns); names are left out unless `names`. Words
    stand in the order of the mean place of their uses: the table reads from the first section to the last."""
    letters = terms.term.str.contains(r"[^\W\d_]")  # marks in a match report are no words
    wanted = terms[~terms.is_stop & (names | ~terms.is_name) & letters & ~terms.term.isin(leave_out)]
    kept = wanted[wanted.term.isin(count_terms(wanted).term.head(top))]
    order = kept.groupby("label")["first"].mean().sort_values(kind="stable").index
    table = pd.crosstab(kept.label, kept.section).reindex(index=order, columns=terms.section.unique(), fill_value=0)
    return table.rename_axis(index="term", columns=None)


def section_topics(grid: pd.DataFrame, most: int = 3) -> str:
    """Which words lie mostly (more than half of two or more uses) in the first and in the last section that has any."""
    mostly = grid.where((grid > 1) & grid.mul(2).gt(grid.sum(axis=1), axis=0), 0)
    own = {name: mostly[name][mostly[name] > 0].sort_values(ascending=False, kind="stable").index for name in grid}
    parts = [f"{quoted(words[:most])} in {name}" for name, words in own.items() if len(words)]
    if len(grid.columns) > 1 and parts:
        return f"The words move: {'; '.join(dict.fromkeys([parts[0], parts[-1]]))}"
    counts = grid.sum(axis=1).sort_values(ascending=False, kind="stable")
    common = counts[counts >= max([2, *counts.head(most).tail(1)])]
    times = f"{common.max()} times each" if common.nunique() == 1 else f"{common.max()} to {common.min()} times"
    return f"The commonest words: {quoted(common.index, most)} ({times})" if len(common) else "No word comes twice"


def shared_by_chance(terms: pd.DataFrame, min_count: int = 5) -> str:
    """The frequent term that the sections share most unevenly, and how often chance does as much, in a sentence.
    Unevenness is G² over the sections (Rayson & Garside 2000). Whole sentences are dealt to the sections anew, as words
    come in bursts, and the largest G² of any frequent term is kept from each deal."""
    often = terms[~terms.is_stop & (terms.groupby("term").term.transform("size") >= min_count)]
    sizes, labels = terms.groupby("sid", sort=False).words.sum(), pd.factorize(terms.drop_duplicates("sid").section)[0]
    if often.empty or labels.max() < 1:
        return "No frequent term, or one section only: nothing to compare"
    counts, dealt, g2 = pd.crosstab(often.sid, often.label).reindex(sizes.index, fill_value=0), deals(labels), 0
    for k in range(labels.max() + 1):
        seen, share = (dealt == k) @ counts.to_numpy(), (dealt == k) @ sizes.to_numpy() / sizes.sum()
        g2 = g2 + 2 * seen * np.log(np.maximum(seen, 1e-9) / (share[:, None] * counts.sum().to_numpy()))
    p, word = share_as_large(g2.max(axis=1)), counts.columns[g2[0].argmax()]
    return f"Shared most unevenly: “{word}”; {percent(p)} of random deals share a word as unevenly: {verdict(p)}"


def list_actors(article: Article) -> pd.DataFrame:
    """Whose names are looked for, one name a row: `actor, name, side`, from `[actors]` and `[sides]` beside the
    article. Without them: the speakers it reports by name or with "the", and the names it uses most; the two with most
    statements are sides of their own."""
    sides = {actor: side for side, members in _sides(article).items() for actor in members}
    actors = article.actors or _usual_actors(article)[0]
    rows = [(actor, name, sides.get(actor, OTHERS)) for actor, names in actors.items() for name in names]
    return pd.DataFrame(rows, columns=["actor", "name", "side"]).drop_duplicates("name", ignore_index=True)


@lru_cache(4)
def _usual_actors(article: Article) -> tuple[dict[str, list[str]], dict[str, list[str]]]:
    """Actors and sides of an article without a list; a person's last name counts where nobody else has it."""
    terms = find_terms(article)
    names, actors = terms[terms.is_name], {}
    whole = {re.sub(r"['’]s$", "", token) for token in names.token if " " in token}
    spoken = Counter(re.sub("^The ", "the ", name) for name in find_statements(article).speaker if name)
    proper = re.compile(r"the |(?!An? |One |.* and )[A-Z]\S* (.* )?[A-Z]\S*$")
    for name in [name for name, _ in spoken.most_common() if proper.match(name) or name in {*names.label}]:
        last, core = name.split()[-1], name.removeprefix("the ")
        single = last[0].isupper() and not any(other != core and other.split()[-1] == last for other in whole)
        actors[name] = list(dict.fromkeys([core, last] if single else [core]))
    speakers, known = [*actors][:MOST_ACTORS], {name for own in actors.values() for name in own}
    often = [name for name in count_terms(names, 2).label if name not in known][:MOST_ACTORS]
    return {name: actors.get(name, [name]) for name in [*speakers, *often]}, {name: [name] for name in speakers[:2]}


def _sides(article: Article) -> dict[str, list[str]]:
    """The article's own sides; if its file names no actor either, its two busiest speakers."""
    return article.sides if article.sides or article.actors else _usual_actors(article)[1]


def sides_of(article: Article, sides: Collection[str]) -> pd.Categorical:
    """Sides as a column in the order of `[sides]`, then the others, then nobody: in tables, charts and colours."""
    return pd.Categorical(sides, [*_sides(article), OTHERS, NOBODY], ordered=True)


def find_actors(article: Article) -> pd.DataFrame:
    """Every place where the body names an actor: `actor, side, name, sid, section, start, end, first, last`. Names
    match with their capitals, as whole words, also in "China-hosted"; of two that begin together the longer counts.
    Names of one actor with no more than a possessive and titles between are one mention: “China’s President Xi
    Jinping”. Misses pronouns and descriptions ("the two countries")."""
    actors, text = list_actors(article).set_index("name"), article.reading.text
    names = "|".join(re.escape(name).replace(r"\ ", r"\s+") for name in sorted(actors.index, key=len, reverse=True))
    found = concordance(article.reading, re.compile(rf"(?<!\w)(?:{names or '(?!)'})(?!\w)"))
    found = found.assign(name=found.keyword.str.split().str.join(" ")).join(actors, on="name")
    near = [bool(TOGETHER.fullmatch(text[a:b])) for a, b in zip([0, *found.end], found.start)]
    goes_on = np.array(near, dtype=bool) & (found.actor == found.actor.shift()) & (found.sid == found.sid.shift())
    found["end"], found["side"] = found.groupby((~goes_on).cumsum()).end.transform("max"), sides_of(article, found.side)
    mentions = found.loc[~goes_on, ["actor", "side", "name", "sid", "section", "start", "end"]].reset_index(drop=True)
    return article.along(article.to_source(mentions))


def actor_counts(mentions: pd.DataFrame, sections: pd.DataFrame) -> pd.DataFrame:
    """How often each actor is named, one a row, most often named first, by section (columns)."""
    table = pd.crosstab(mentions.actor, mentions.section).reindex(columns=sections.section, fill_value=0)
    order = sorted(table.index, key=lambda actor: (-table.loc[actor].sum(), actor))
    return table.loc[order].rename_axis(index="actor", columns=None)


def names_move(counts: pd.DataFrame, most: int = 3) -> str:
    """How often the listed actors that are named most are named in each section, in a sentence."""
    rows, where = [*zip(counts.index, counts.to_numpy())][:most], " from section to section"
    parts = [f"{actor} {', '.join(map(str, row))} ({row.sum()} in all)" for actor, row in rows]
    if not 1 < len(counts.columns) < 5:
        parts, where = [f"{actor} {number(row.sum(), 'time')}" for actor, row in rows], ""
    return f"Named{where}: {'; '.join(parts)}" if parts else "None of the listed actors is named"


def concordance(article: Article, pattern: str | re.Pattern, sort: str = "place") -> pd.DataFrame:
    """Every match of a regular expression in the body: `sid, section, start, end, left, keyword, right`. Case is
    ignored in a pattern given as text. `left` and `right` are the rest of the sentence; `sort` is "place", "left" (by
    the words before, the nearest first) or "right". Raises `ArticleError` for a pattern not valid or without a
    character."""
    try:
        wanted = re.compile(pattern, re.IGNORECASE) if isinstance(pattern, str) else pattern
    except (re.error, OverflowError, RecursionError) as error:
        cure = "put \\ before marks meant literally"
        raise ArticleError(f"PATTERN = {pattern!r} is not valid: {error}; {cure}") from None
    if wanted.search(""):
        raise ArticleError(f"PATTERN = {pattern!r} matches the empty text: name at least one character")
    rows = []
    for sid, section, at, text in article.reading.body[["sid", "section", "start", "text"]].itertuples(index=False):
        for m in wanted.finditer(text):
            rows.append((sid, section, at + m.start(), at + m.end(), text[: m.start()], m[0], text[m.end() :]))
    if sort != "place":
        rows.sort(key=lambda row: row[4].lower().split()[::-1] if sort == "left" else row[6].lower().split())
    return article.to_source(pd.DataFrame(rows, columns=["sid", "section", "start", "end", "left", "keyword", "right"]))


def kwic(found: pd.DataFrame, width: int = 68, rows: int = 20) -> str:
    """A concordance as text, keywords aligned: at most `rows` lines of `width` characters, the rest counted."""
    lines, half = [], width // 2 - 5
    for row in found.head(rows).itertuples():
        left, right = " ".join(row.left.split()), " ".join((row.keyword + row.right).split())
        left = left if len(left) <= half else left[-half:].partition(" ")[2]
        right = right if len(right) <= half + 4 else right[: half + 5].rpartition(" ")[0]
        lines.append(f"{row.sid:<4} {left:>{half}} {right}")
    lines += [f"… and {number(len(found) - rows, 'more line')}"] * (len(found) > rows)
    return "\n".join(lines) or "no match"


def against_english(counts: pd.DataFrame, words: int) -> pd.DataFrame:
    """Counted terms of a text of `words` words, with `per_million, english, times, bar, g2, passes`, largest `g2`
    first. `english` is the rate per million in Speer's wordfreq (up to 2021): of several words the rarest's, an
    unlisted one 0.01. `g2` is Dunning's log-likelihood ratio (Computational Linguistics 19, 1993) against that rate.
    `passes` asks for `bar`: a term is tested because it occurred, so Bonferroni's, over every word of the list that
    could have come."""
    from wordfreq import get_frequency_dict, word_frequency

    rates = [word_frequency(term, "en", minimum=FLOOR) for term in counts.term]
    table = counts.assign(per_million=1e6 * counts["count"] / max(words, 1), english=[1e6 * rate for rate in rates])
    table["times"] = table.per_million / table.english
    table["bar"] = NormalDist().inv_cdf(1 - LEVEL / 2 / len(get_frequency_dict("en"))) ** 2
    table["g2"] = [log_likelihood(count, words, rate) for count, rate in zip(counts["count"], rates)]
    table["passes"] = (table.g2 >= table.bar) & (table.times > 1)
    return table.sort_values(["g2", "term"], ascending=[False, True], ignore_index=True)


def log_likelihood(count: int, words: int, rate: float) -> float:
    """Dunning's G² of a term that comes `count` times, at least once, in `words` words against a known rate."""
    rest = words - count
    return 2 * (count * log(count / (words * rate)) + (rest * log(rest / (words * (1 - rate))) if rest else 0))


def stands_out(keyness: pd.DataFrame) -> str:
    """How many terms stand out against general English, and which most, in a sentence."""
    found = keyness.label[keyness.passes]
    which = f": {listed(found, 10)}" if len(found) else ""
    return f"{len(found)} of {number(len(keyness), 'term')} stand out against general English{which}"
