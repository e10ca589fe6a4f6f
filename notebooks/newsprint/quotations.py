"""An article's sentences with every quotation run as one word, and a tag for every word.

Rules of grammar then look at a sentence as a string of tags, one character a
word (`word_classes.tsv`; Q stands for a quotation run, V and W for a reporting
verb and its -ing form), so that a pattern is a regular expression.
"""

import re
from bisect import bisect_right
from dataclasses import dataclass, field
from functools import cache, lru_cache
from pathlib import Path
from typing import NamedTuple

import pandas as pd

from newsprint.article import Article

HERE = Path(__file__).parent
QUOTE = "“”"  # the word that stands for a whole quotation run
COUNTS = {"all", "both", "many", "some", "most", "few", "others", "two", "one", "another"}  # stand as subjects
PLURALS = {"people", "police", "many", "some", "most", "few", "women", "men", "media"}


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


def word_rows(name: str) -> list[list[str]]:
    """The lines of a list beside this file, cut at tabs, without comments."""
    lines = (HERE / name).read_text(encoding="utf-8").splitlines()
    return [line.split("\t") for line in lines if line and not line.startswith("#")]


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
    return {word: tag for tag, _, words in word_rows("word_classes.tsv") for word in words.split()}


# The runs

DOUBLE = re.compile(r"[\"“”«»„「」『』]|''|``")
STRAIGHT = ('"', "''")
CLOSES = {'"': '"”', "“": '”"', "„": "“”", "''": "''", "``": "''", "「": "」", "『": "』", "«": "»", "»": "«"}
SINGLE = re.compile(r"(?<![\w’'.,])[‘'](?=[^\s'’\d])(?!(?:em|n|til|tis|twas|cause)\b)")
SINGLE_END = re.compile(r"(?<=\S)['’](?!\w)")


def find_runs(text: str, offset: int = 0) -> list[Run]:
    """Quotation runs of one paragraph, in order, none inside another; `offset` is where the paragraph begins.

    Double marks of every kind pair up, and nest inside a run. A run that is
    never closed ends before the next one, or with the paragraph; a closing mark
    without an opening one is passed over. Single marks count where no double
    run is. A run without letter or digit is none. Misses: straight marks with a
    space inside them.
    """
    done, stack = [], []
    for mark in DOUBLE.finditer(text):
        i, j, kind = mark.start(), mark.end(), mark[0]
        spaced = i == 0 or not (text[i - 1].isalnum() or text[i - 1] in ",.?!…’'")
        opens = spaced and j < len(text) and not text[j].isspace()
        straight = kind in STRAIGHT
        ends = stack and kind == stack[-1][2] == "“" and not spaced and not opens  # a wrong mark that closes
        if stack and kind in CLOSES[stack[-1][2]] and not (straight and opens) or ends:
            first, start, _ = stack.pop()
            done.append((first, j, start, i, ""))
        elif kind in "“„「『``" or (opens and (straight or kind in "«»" or (kind == "”" and not stack))):
            if stack and straight and kind == stack[-1][2]:
                done.append((*stack.pop()[:2], "unclosed"))
            stack.append((i, j, kind.replace("”", "“")))
    return _settle(text, offset, done + [(first, start, "unclosed") for first, start, _ in stack])


def _settle(text: str, offset: int, found: list[tuple]) -> list[Run]:
    """Keep the outermost runs, end the unclosed ones before the next, add single marks between them."""
    spans: list[list] = []
    for first, *rest in sorted(found):
        if spans and first < (spans[-1][1] or 0):
            spans[-1][4] = "nested"
        else:
            spans.append([first, *rest] if len(rest) == 4 else [first, None, rest[0], None, "unclosed"])
    for span, after in zip(spans, [*(span[0] for span in spans[1:]), len(text)], strict=False):
        if span[1] is None:
            span[1] = span[3] = span[2] + len(text[span[2] : after].rstrip())
    edges = [0, *(edge for span in spans for edge in span[:2]), len(text)]
    singles = [run for a, b in zip(edges[::2], edges[1::2], strict=True) for run in _single_runs(text[a:b], a)]
    spans = sorted(spans + singles)
    runs = [Run(offset + a, offset + b, offset + c, offset + d, flag) for a, b, c, d, flag in spans]
    return [run for run in runs if any(map(str.isalnum, text[run.start - offset : run.end - offset]))]


def _single_runs(text: str, at: int) -> list[list]:
    """Runs in single marks (headlines, British style) in a stretch of text without double ones.

    A mark that ends a word closes, except a plural's apostrophe (states’) when
    another closing mark follows before the next opening one.
    """
    if "‘" not in text and "'" not in text:
        return []
    closers = [mark.start() for mark in SINGLE_END.finditer(text)]
    openers = [mark.start() for mark in SINGLE.finditer(text)]
    runs, free = [], 0
    for i, after in zip(openers, [*openers[1:], len(text)], strict=False):
        k = bisect_right(closers, i + 1)
        if i < free or k == len(closers):
            continue
        while k + 1 < len(closers) and closers[k + 1] < after and re.match(r"s['’] \w", text[closers[k] - 1 :][:4]):
            k += 1
        free = closers[k] + 1
        runs.append([at + i, at + free, at + i + 1, at + free - 1, ""])
    return runs


# The sentences


def read_sentences(article: Article) -> list[Sentence]:
    """The article's sentences with each run as one word; a sentence break inside a run is none."""
    paragraphs, table, tokens = article.paragraphs, article.sentences, article.tokens
    texts = zip(paragraphs.text.tolist(), paragraphs.start.tolist(), strict=True)
    runs = [run for text, start in texts for run in find_runs(text, start)]
    columns = (table[name].tolist() for name in ("paragraph", "section", "start"))
    places = dict(zip(table.sid.tolist(), zip(*columns, strict=True), strict=True))
    sentences, k, last, open_ = [], 0, None, None
    for sid, start, end, token in zip(
        *(tokens[name].tolist() for name in ("sid", "start", "end", "token")), strict=True
    ):
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
    return [_tagged(sentence) for sentence in _rejoin(sentences)]


def _add(sentence: Sentence, word: str, start: int, end: int, run: Run | None) -> None:
    words, starts, ends = sentence.words, sentence.starts, sentence.ends
    if words and words[-1] == ".":  # more follows: the stop of an abbreviation
        del words[-1], starts[-1]
        stop = ends.pop()
        if words and words[-1].isalnum():
            words[-1], ends[-1] = words[-1] + ".", stop
    if word == ")" and (opening := _opening(words)) is not None:
        del words[opening:], starts[opening:], ends[opening:]
    elif word not in "'’":
        if run:
            sentence.runs[len(words)] = run
        words.append(word)
        starts.append(start)
        ends.append(end)


def _opening(words: list[str]) -> int | None:
    """Where a bracket of at most eight words, without quotation marks, was opened."""
    last = words[-9:]
    if "(" not in last or QUOTE in last[(k := len(last) - 1 - last[::-1].index("(")) :]:
        return None
    return len(words) - len(last) + k


def _rejoin(sentences: list[Sentence]) -> list[Sentence]:
    """Join “Why?” and “Obama asked.”: what the splitter took for a sentence is a reporting clause or a credit."""
    joined: list[Sentence] = []
    for sentence in filter(lambda sentence: sentence.words, sentences):
        before = joined[-1] if joined else None
        same = before and before.paragraph == sentence.paragraph and before.words[-1] == QUOTE
        if same and _is_tail([word.lower() for word in sentence.words[:12]], len(sentence.words)):
            for i, word in enumerate(sentence.words):
                _add(before, word, sentence.starts[i], sentence.ends[i], sentence.runs.get(i))
        else:
            joined.append(sentence)
    return joined


def _is_tail(low: list[str], length: int) -> bool:
    if low[0] in "–—―--":
        return length < 10
    cue = next((i for i, word in enumerate(low) if word in verb_forms() or word == QUOTE), None)
    return bool(cue) and low[cue] != QUOTE and low[cue + 1 : cue + 2] in ([","], ["."], [], ["to"])


def _tagged(sentence: Sentence) -> Sentence:
    """Fill in the tags; a listed verb form is a noun or adjective after a determiner, a preposition or a possessive."""
    sentence.low = low = [word.lower() for word in sentence.words]
    headline = sentence.section == "Headline"
    tags = [_tag(word, low[i], not i or headline) for i, word in enumerate(sentence.words)]
    for i, tag in enumerate(tags):
        if tag == "V" and i:
            form, before = verb_forms()[low[i]][1], tags[i - 1]
            possessive = before in "Nn" and low[i - 1].endswith(("’s", "'s"))
            singular = form == "verb" and before in "Nn" and not is_plural(low[i - 1]) and tags[i - 2 : i - 1] != ["C"]
            if (
                (before == "D" and low[i - 1] not in COUNTS)
                or before in "Pg"
                or (form != "past" and possessive)
                or singular
            ):
                tags[i] = "v" if form == "past" else "n"
    sentence.tags = "".join(tags)
    return sentence


def is_plural(word: str) -> bool:
    return word.endswith("s") or word in PLURALS


@lru_cache(20_000)
def _tag(word: str, low: str, capital: bool) -> str:
    """The tag of a word; `capital` says that a capital means nothing here (sentence start, headline)."""
    if word == QUOTE:
        return "Q"
    if not word[0].isalnum() and low not in _classes():
        return "," if word == "," else "-" if word in "–—―--" else "."
    if word[0].isdigit():
        return "T" if len(word) == 4 else "n"
    upper = word[0].isupper()
    if low in verb_forms() and (capital or not upper):
        return "W" if verb_forms()[low][1] == "ing" else "V"
    tag = _classes().get(low) or ("H" if _classes().get(re.split("['’]", low)[0]) == "H" else None)
    if tag and not (upper and not capital and tag not in "HTD"):
        return tag
    if upper:
        return "N"
    return "T" if low.endswith("ly") else "v" if low.endswith("ed") else "g" if low.endswith("ing") else "n"
