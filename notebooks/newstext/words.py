"""An article's sentences as words with a tag each, one letter of `word_classes.tsv`; a quotation run is one word."""

import re
from bisect import bisect_left
from collections import namedtuple
from collections.abc import Iterator
from functools import cache, lru_cache

import pandas as pd

from newstext.article import Article, word_rows
from newstext.runs import find_runs

QUOTE = "“”"  # the word that stands for a whole quotation run
COUNTS = re.compile("all|both|many|some|most|several|few|one|two|three|four|five|another")  # that stand alone
NOUNS = {"state", "point", "answer", "remark", "report", "comment", "reason"}  # verbs that are mostly nouns
PLURAL = re.compile("(?:people|police|women|men|media|.*[^sui]s)", re.S)
DATELINE = re.compile(  # WASHINGTON, March 3 (AP) — The
    r"[A-Z][A-Z.’' -]{1,40}[A-Z.](?:, [A-Z][\w. ]{1,20}){0,2}(?: \([A-Za-z ]{2,20}\))?"
    r" ?(?:[—–―]|--?(?= ))(?= *[\"“]?[A-Z\d])"
)
Span = tuple[int, int]  # words of a sentence, from the first to the one after the last
Word = namedtuple("Word", "text start end run", defaults=[None])  # or a mark, or a whole quotation run
VerbForm = namedtuple("VerbForm", "verb form takes")  # form is verb, third, past or ing


class Sentence(namedtuple("Sentence", "number paragraph section words low tags")):
    """The words of a sentence, in lower case (`low`), and their tags."""

    def phrase(self, span: Span) -> str:
        return " ".join(word.text for word in self.words[slice(*span)])


@cache
def reporting_verbs() -> pd.DataFrame:
    """The reporting verbs: `verb, third, past, ing, takes, implies`, as described in the file."""
    return pd.DataFrame(word_rows("reporting_verbs.tsv"), columns=["verb", "third", "past", "ing", "takes", "implies"])


VERBS = [*reporting_verbs().itertuples()]
FORMS = ("verb", "third", "ing", "past")
VERB_FORMS = {getattr(row, form): VerbForm(row.verb, form, row.takes) for row in VERBS for form in FORMS}
LISTED = [(tag, name, word) for tag, name, words in word_rows("word_classes.tsv") for word in words.split()]
CLASSES = {word: tag for tag, _, word in LISTED}  # days, months and pronouns keep their tag with a capital
CLASSES |= {word.capitalize(): tag for tag, name, word in LISTED if name in ("time", "pronoun")}


def lemma(verb: str, after: str) -> str:
    """A verb as the list has it, with the word after it where that makes it another one ("call for")."""
    return pair if (pair := f"{verb} {after}") in VERB_FORMS else verb


def rows_of(table: pd.DataFrame, *columns: str) -> Iterator[tuple]:
    """A table's rows as plain tuples, some columns or all: many times faster than pandas gives them."""
    return zip(*(table[name].to_numpy().tolist() for name in columns or table))


def read_sentences(article: Article) -> list[Sentence]:
    """The article's sentences with each run as one word; a sentence break inside a run is none."""
    words = [Word(*row) for row in rows_of(article.tokens, "token", "start", "end")]
    starts, begins = [word.start for word in words], set(article.sentences.start.tolist())
    sentences: list[Sentence] = []
    for number, section, start, end, text in rows_of(article.paragraphs):
        dateline, read = DATELINE.match(text), []
        at, last = bisect_left(starts, start + (dateline.end() if dateline else 0)), bisect_left(starts, end)
        for run in find_runs(text, start):
            a, b = (bisect_left(starts, edge, at, last) for edge in run[:2])
            read += words[at:a] + [Word(QUOTE, run.first, run.last, run)] * (a < b)
            at = b
        read += words[at:last]
        cuts = [i for i, word in enumerate(read) if not i or word.start in begins]
        for a, b in zip(cuts, [*cuts[1:], len(read)]):
            if tidy := _tidy(read[a:b]):
                low = [word.text.lower() for word in tidy]
                tags = "".join(_tags(tidy, low, section == "Headline"))
                sentences.append(Sentence(len(sentences), number, section, tidy, low, tags))
    return sentences


def _tidy(words: list[Word]) -> list[Word]:
    """The words without asides in brackets, lone apostrophes, and full stops of abbreviations as words of their own."""
    kept: list[Word] = []
    for word in words:
        if kept and kept[-1].text == ".":  # more follows: the stop of an abbreviation
            stop = kept.pop()
            if kept and kept[-1].text.isalnum():
                kept[-1] = kept[-1]._replace(text=kept[-1].text + ".", end=stop.end)
        near = [word.text for word in kept[-9:]][::-1] if word.text == ")" else []
        bracket = near.index("(") + 1 if "(" in near else 0
        if bracket and QUOTE not in near[:bracket]:
            del kept[-bracket:]
        elif word.text not in "'’":
            kept.append(word)
    return kept


def _tags(words: list[Word], low: list[str], headline: bool) -> list[str]:
    """The tags; a verb form is a noun after a determiner or a possessive, and a base form after a singular.

    "States" and "report" are verbs only where a clause, a quotation or a colon follows.
    """
    tags = [_tag(word.text, headline or not i) for i, word in enumerate(words)]
    for i in [i for i, tag in enumerate(tags) if i and tag == "V"]:
        (verb, form, _), before, after = VERB_FORMS[low[i]], low[i - 1], "".join(tags[i + 1 : i + 2])
        determined = tags[i - 1] == "D" and not COUNTS.fullmatch(before)
        possessive = before.endswith(("’s", "'s"))
        base = form == "verb" and tags[i - 1] in "Nn" and not PLURAL.fullmatch(before)
        says = form == "past" or after in "tQ,H" or low[i + 1 : i + 2] == [":"]
        if determined or possessive or base or (verb in NOUNS and not says):
            tags[i] = "n"
    if tags[0] == "N" and low[0].endswith("ing") and not headline:
        tags[0] = "v"  # Facing critics, Roe said; names in -ing stand in word_classes.tsv
    return tags


@lru_cache(20_000)
def _tag(word: str, capital: bool) -> str:
    """The tag of a word; `capital` says that a capital means nothing here (sentence start, headline)."""
    low = word.lower()
    if word == QUOTE:
        return "Q"
    if not word[0].isalnum() and low not in CLASSES:
        return "."
    common = capital or not word[0].isupper()
    if low in VERB_FORMS and common:
        return "W" if VERB_FORMS[low].form == "ing" else "V"
    if tag := CLASSES.get(low if common else word):
        return tag
    return "N" if word[0].isupper() else "T" if low.endswith("ly") else "v" if low.endswith("ed") else "n"
