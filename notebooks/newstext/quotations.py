"""An article's sentences with every quotation run as one word, and a tag for every word.

Rules of grammar then look at a sentence as a string of tags, one character a
word (`word_classes.tsv`; Q stands for a quotation run, V and W for a reporting
verb and its -ing form), so that a pattern is a regular expression.
"""

import re
from bisect import bisect_right
from dataclasses import dataclass, field
from functools import cache, lru_cache
from typing import NamedTuple

import pandas as pd

from newstext.article import Article, word_rows

QUOTE = "“”"  # the word that stands for a whole quotation run
COUNTS = {"all", "both", "many", "some", "most", "few", "two", "one", "another"}  # determiners that stand as subjects
PLURALS = {"people", "police", "women", "men", "media"}  # without an s


class Run(NamedTuple):
    """A quotation run: `first`/`last` with its marks, `start`/`end` without; `flag` is unclosed, nested or empty."""

    first: int
    last: int
    start: int
    end: int
    flag: str


@dataclass
class Sentence:
    """A sentence with every run as one word; asides in brackets and full stops of abbreviations are left out."""

    paragraph: int
    section: str
    words: list[str] = field(default_factory=list)
    starts: list[int] = field(default_factory=list)
    ends: list[int] = field(default_factory=list)
    runs: dict[int, Run] = field(default_factory=dict)
    low: list[str] = field(default_factory=list)
    tags: str = ""

    def phrase(self, span: tuple[int, int]) -> str:
        return " ".join(self.words[span[0] : span[1]])


# The word lists


@cache
def reporting_verbs() -> pd.DataFrame:
    """The reporting verbs: `verb, third, past, ing, takes, implies`, as described in the file."""
    return pd.DataFrame(word_rows("reporting_verbs.tsv"), columns=["verb", "third", "past", "ing", "takes", "implies"])


@cache
def verb_forms() -> dict[str, tuple[str, str, str]]:
    """Each inflected form with its verb, the name of the form, and what it takes."""
    rows = reporting_verbs().itertuples()
    return {
        getattr(row, form): (row.verb, form, row.takes) for row in rows for form in ("verb", "third", "ing", "past")
    }


@cache
def _classes() -> dict[str, str]:
    """Each word's tag; days, months and pronouns keep theirs with a capital."""
    rows = [(tag, name, word) for tag, name, words in word_rows("word_classes.tsv") for word in words.split()]
    capital = {word.capitalize(): tag for tag, name, word in rows if name in ("time", "pronoun")}
    return {word: tag for tag, _, word in rows} | capital


# The runs

DOUBLE = re.compile(r"[\"“”«»„「」『』]|''|``")
CLOSES = {'"': '"”', "“": '”"“', "„": "“”", "''": "''", "``": "''", "「": "」", "『": "』", "«": "»", "»": "«"}
EITHER = {'"', "“", "''", "«", "»"}  # marks that open or close, by what stands around them (“ as a slip)
SINGLE = re.compile(r"(?<![\w’'.,])[‘'](?=[^\s'’\d])(?!(?:em|n|til)\b)")
SINGLE_END = re.compile(r"(?<=\S)['’](?!\w)")


def find_runs(text: str, offset: int = 0) -> list[Run]:
    """Quotation runs of one paragraph, in order, none inside another; `offset` is where the paragraph begins.

    Double marks of every kind pair up, and nest inside a run. A run that is
    never closed ends before the next one, or with the paragraph; a closing mark
    without an opening one is passed over. Single marks count where no double
    run is. A run without letter or digit is none. Misses: straight marks with a
    space inside them.
    """
    found, stack = [], []
    for mark in DOUBLE.finditer(text):
        i, j, kind = mark.start(), mark.end(), mark[0]
        apart = i == 0 or not (text[i - 1].isalnum() or text[i - 1] in ",.?!…’'")
        opens = apart and not text[j : j + 1].isspace() and j < len(text)
        if stack and kind in CLOSES[stack[-1][2]] and not (opens and kind in EITHER):
            first, start, _ = stack.pop()
            found.append(Run(first, j, start, i, ""))
        elif opens if kind in EITHER - {"“"} else kind in CLOSES:
            stack.append((i, j, kind))
    found += [Run(first, len(text), start, len(text), "unclosed") for first, start, _ in stack]
    runs = _outermost(text, sorted(found))
    edges = [0, *(edge for run in runs for edge in run[:2]), len(text)]
    singles = [
        run for a, b in zip(edges[::2], edges[1::2], strict=True) if b - a > 2 for run in _single_runs(text[a:b], a)
    ]
    runs = [run for run in sorted(runs + singles) if any(map(str.isalnum, text[run.start : run.end]))]
    return [Run(a + offset, b + offset, c + offset, d + offset, flag) for a, b, c, d, flag in runs]


def _outermost(text: str, found: list[Run]) -> list[Run]:
    """The runs that lie in no other; an unclosed one ends before the next."""
    runs: list[Run] = []
    for run in [*found, Run(len(text), 0, 0, 0, "")]:
        if runs and runs[-1].flag == "unclosed":
            end = runs[-1].start + len(text[runs[-1].start : run.first].rstrip())
            runs[-1] = Run(runs[-1].first, end, runs[-1].start, end, "unclosed")
        if runs and run.first < runs[-1].last:
            runs[-1] = runs[-1]._replace(flag="nested")
        else:
            runs.append(run)
    return runs[:-1]


def _single_runs(text: str, at: int) -> list[Run]:
    """Runs in single marks (headlines, British style) in a stretch of text without double ones.

    A mark that ends a word closes, except a plural's apostrophe (states’) when
    another closing mark follows before the next opening one.
    """
    closers = [mark.start() for mark in SINGLE_END.finditer(text)]
    openers = [mark.start() for mark in SINGLE.finditer(text)] if closers else []
    runs, free = [], 0
    for i, after in zip(openers, [*openers[1:], len(text)], strict=False):
        k = bisect_right(closers, i + 1)
        if i < free or k == len(closers):
            continue
        while k + 1 < len(closers) and closers[k + 1] < after and re.match(r"s['’] \w", text[closers[k] - 1 :][:4]):
            k += 1
        free = closers[k] + 1
        runs.append(Run(at + i, at + free, at + i + 1, at + free - 1, ""))
    return runs


# The sentences

DATELINE = re.compile(  # WASHINGTON, March 3 (AP) — The
    r"[A-Z][A-Z.’' -]{1,40}[A-Z.](?:, [A-Z][\w. ]{1,20}){0,2}(?: \([A-Za-z ]{2,20}\))?"
    r" ?(?:[—–―]|--?(?= ))(?= *[\"“]?[A-Z\d])"
)
TAIL = re.compile(r"-.{1,8}$|[^QVW]+[VW](?:[,.]|$)")  # ― Ann Roe; Ann Roe asked.


def read_sentences(article: Article) -> list[Sentence]:
    """The article's sentences with each run as one word; a sentence break inside a run is none."""
    paragraphs, table, tokens = article.paragraphs, article.sentences, article.tokens
    texts = list(zip(paragraphs.text.tolist(), paragraphs.start.tolist(), strict=True))
    runs = [run for text, start in texts for run in find_runs(text, start)]
    datelines = {start: start + match.end() for text, start in texts if (match := DATELINE.match(text))}
    columns = (table[name].tolist() for name in ("paragraph", "section", "start"))
    places = dict(zip(table.sid.tolist(), zip(*columns, strict=True), strict=True))
    sentences, k, last, open_, skip = [], 0, None, None, 0
    for sid, start, end, token in zip(
        *(tokens[name].tolist() for name in ("sid", "start", "end", "token")), strict=True
    ):
        skip = datelines.get(start, skip)
        if start < skip:
            continue
        while k < len(runs) and runs[k].last <= start:
            k += 1
        run = runs[k] if k < len(runs) and runs[k].first <= start else None
        if run and run is last:
            continue
        if sid != open_:
            paragraph, section, begin = places[sid]
            if open_ is None or paragraph != sentences[-1].paragraph or not (last and last.first < begin < last.last):
                sentences.append(Sentence(paragraph, section))
            open_ = sid
        last = run or last
        _add(sentences[-1], *((QUOTE, run.first, run.last, run) if run else (token, start, end, None)))
    return _rejoined([_tagged(sentence) for sentence in sentences if sentence.words])


def _add(sentence: Sentence, word: str, start: int, end: int, run: Run | None) -> None:
    words, starts, ends = sentence.words, sentence.starts, sentence.ends
    if words and words[-1] == ".":  # more follows: the stop of an abbreviation
        del words[-1], starts[-1]
        stop = ends.pop()
        if words and words[-1].isalnum():
            words[-1], ends[-1] = words[-1] + ".", stop
    bracket = words[-9:][::-1].index("(") + 1 if word == ")" and "(" in words[-9:] else 0
    if bracket and QUOTE not in words[-bracket:]:
        del words[-bracket:], starts[-bracket:], ends[-bracket:]
    elif word not in "'’":
        if run:
            sentence.runs[len(words)] = run
        words.append(word)
        starts.append(start)
        ends.append(end)


def _rejoined(sentences: list[Sentence]) -> list[Sentence]:
    """Join “Why?” and “Obama asked.”: what the splitter took for a sentence is a reporting clause or a credit."""
    joined: list[Sentence] = []
    for sentence in sentences:
        before = joined[-1] if joined else None
        if before and before.paragraph == sentence.paragraph and before.tags[-1] == "Q" and TAIL.match(sentence.tags):
            before.runs.update({len(before.words) + k: run for k, run in sentence.runs.items()})
            for name in ("words", "starts", "ends", "low", "tags"):
                setattr(before, name, getattr(before, name) + getattr(sentence, name))
        else:
            joined.append(sentence)
    return joined


def _tagged(sentence: Sentence) -> Sentence:
    """Fill in the tags; a verb form is a noun after a determiner or a possessive, and a base form after a singular."""
    sentence.low = low = [word.lower() for word in sentence.words]
    tags = [_tag(word, not i or sentence.section == "Headline") for i, word in enumerate(sentence.words)]
    for i in range(1, len(tags)):
        if tags[i] == "V":
            form, before = verb_forms()[low[i]][1], low[i - 1]
            determined = tags[i - 1] == "D" and before not in COUNTS
            possessive = form != "past" and before.endswith(("’s", "'s"))
            plural = before.endswith("s") or before in PLURALS or tags[i - 2 : i - 1] == ["C"]
            if determined or possessive or (form == "verb" and tags[i - 1] in "Nn" and not plural):
                tags[i] = "n"
    sentence.tags = "".join(tags)
    return sentence


@lru_cache(20_000)
def _tag(word: str, capital: bool) -> str:
    """The tag of a word; `capital` says that a capital means nothing here (sentence start, headline)."""
    low = word.lower()
    if word == QUOTE:
        return "Q"
    if not word[0].isalnum() and low not in _classes():
        return "," if word == "," else "-" if word in "–—―--" else "."
    if word[0].isdigit():
        return "T" if len(word) == 4 else "n"  # a year
    common = capital or not word[0].isupper()
    if low in verb_forms() and common:
        return "W" if verb_forms()[low][1] == "ing" else "V"
    if tag := _classes().get(low if common else word):
        return tag
    return "N" if word[0].isupper() else "T" if low.endswith("ly") else "v" if low.endswith("ed") else "n"
