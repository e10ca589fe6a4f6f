"""Who is reported to have said what, found by rules of English news prose.

The way through: find the quotation runs, read each sentence with every run as
one word, find the cues and their subjects, attach statements to them, resolve
names and pronouns. No model, only word lists beside this file.
"""

import re
from bisect import bisect_right
from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path
from typing import NamedTuple

import pandas as pd

from newsprint.article import Article

HERE = Path(__file__).parent
COLUMNS = [
    "start", "end", "text", "kind", "speaker", "mention", "cue", "part_of", "sid", "section", "rule",
    "cue_start", "mention_start", "evidence", "flag",
]  # fmt: skip
QUOTE = "“”"  # stands for a whole quotation run among the words of a sentence
REACH = 40  # words a subject may lie left of its verb; keeps the search linear

PRONOUNS = {"he": "male", "she": "female", "they": "plural", "it": "thing", "i": "", "we": "", "you": "", "who": ""}
BE = set("is are was were be been being am 's ’s 're ’re".split())
AUXILIARIES = BE | set("has have had will would could can may might must should did does do 've ’ve".split())
NEGATIONS = set(
    "not n't never didn't didn’t doesn't doesn’t don't don’t wouldn't wouldn’t hasn't hasn’t isn't isn’t cannot refused"
    " declined nor no without".split()
)
TIMES = set(
    "monday tuesday wednesday thursday friday saturday sunday today yesterday tonight morning afternoon evening night"
    " week month year january february march april june july august september october november december".split()
)
ADVERBS = TIMES | set(
    "also then later now once often first again just still even further earlier since soon already ever always both"
    " all himself herself themselves itself long last sometimes too instead meanwhile only".split()
)
PREPOSITIONS = set(
    "of in on at to for from with by about against during after before over under between among through into within"
    " without via near around as like despite since until amid inside outside toward towards than per".split()
)
DETERMINERS = set(
    "the a an this that these those his her its their our my your some many several most few another other one two"
    " three each every both any all no".split()
)
SUBORDINATORS = set(
    "and but or nor so yet while when because if although though whereas unless where why how whether that which who"
    " whom whose what as than after before since until".split()
)
OPENERS = set(
    "but and so yet then meanwhile however still now later earlier also even instead so-called though".split()
)
MARKS = {",", ".", ";", ":", "–", "—", "―", "-", "--", "?", "!", "…", "(", ")", "[", "]", "/", "|", "•", "*", QUOTE}
DASHES = {"–", "—", "―", "-", "--"}
ORGANISATIONS = set(
    "university committee department party house times post news court college institute society council association"
    " center centre group company inc corp street county city states party congress agency bank union fund foundation"
    " campaign administration office bureau journal magazine press board commission club league church".split()
)


class Run(NamedTuple):
    """A quotation run: `start`/`end` inside the marks, `first`/`last` with them."""

    first: int
    last: int
    start: int
    end: int
    flag: str


@dataclass
class Sentence:
    """A sentence with every quotation run as one word, `QUOTE`; asides in brackets are left out."""

    paragraph: int
    section: str
    words: list[str] = field(default_factory=list)
    low: list[str] = field(default_factory=list)
    starts: list[int] = field(default_factory=list)
    ends: list[int] = field(default_factory=list)
    runs: dict[int, Run] = field(default_factory=dict)


class Cue(NamedTuple):
    """A reporting verb at word `at` (`left`–`right`: with subject and helpers) and its subject's words."""

    at: int
    left: int
    right: int
    verb: str
    takes: str
    subject: tuple[int, int] | None
    form: str


@cache
def reporting_verbs() -> pd.DataFrame:
    """The list of reporting verbs: `verb, third, past, ing, takes, implies`."""
    names = ["verb", "third", "past", "ing", "takes", "implies"]
    return pd.read_csv(HERE / "reporting_verbs.tsv", sep="\t", comment="#", names=names)


@cache
def _forms() -> dict[str, tuple[str, str, str]]:
    """Each inflected form with its verb, which form it is, and what it takes."""
    return {
        form: (row.verb, kind, row.takes)
        for row in reporting_verbs().itertuples()
        for kind, form in [("base", row.verb), ("third", row.third), ("ing", row.ing), ("past", row.past)]
    }


@cache
def _words(name: str) -> frozenset[str]:
    lines = (HERE / name).read_text(encoding="utf-8").splitlines()
    return frozenset(line for line in lines if line and not line.startswith("#"))


@cache
def _given_names() -> dict[str, str]:
    lines = (HERE / "given_names.tsv").read_text(encoding="utf-8").splitlines()
    rows = [line.split("\t") for line in lines if line and not line.startswith("#")]
    return {name: gender for gender, names in rows for name in names.split()}


# The runs

MARK = re.compile(r"[\"“”«»„「」『』]|''|``|[‘’](?<![\w’]’(?=\w))")
PAIRS = {"“": "”", "„": "“”", "「": "」", "『": "』", "``": "''", "«": "»", "»": "«"}


def find_runs(text: str, offset: int = 0) -> list[Run]:
    """Quotation runs of one paragraph, in order, none inside another.

    Double marks of any kind pair up; inside a run they only nest. A run that is
    never closed ends before the next one, or with the paragraph, and is flagged
    "unclosed"; a closing mark without an opening one is passed over. Single
    marks count where no double run is. Runs without a letter or digit are left
    out. Misses: straight marks with a space inside them.
    """
    done, stack = [], []
    for mark in re.finditer(r"[\"“”«»„「」『』]|''|``", text):
        i, j, kind = mark.start(), mark.end(), mark[0]
        spaced, joined = (
            i == 0 or not (text[i - 1].isalnum() or text[i - 1] in ",.?!…"),
            j < len(text) and not text[j].isspace(),
        )
        if stack and (
            kind in PAIRS.get(stack[-1][2], "") or kind == stack[-1][2] in ('"', "''") and not (spaced and joined)
        ):
            first, inner, _ = stack.pop()
            done.append((first, j, inner, j - len(kind), len(stack), "closed"))
        elif kind in "“„「『``«" or (kind in ('"', "''", "»") and spaced and joined):
            if stack and kind == stack[-1][2] in ('"', "''"):
                first, inner, _ = stack.pop()
                done.append((first, None, inner, None, len(stack), "unclosed"))
            stack.append((i, j, kind))
    return _settle(text, offset, done, stack)


def _settle(text: str, offset: int, done: list, stack: list) -> list[Run]:
    """Keep the outermost runs, end the unclosed ones, add single marks outside."""
    done += [(first, None, inner, None, 0, "unclosed") for first, inner, _ in stack]
    spans, reach, singles = [], 0, []
    for first, last, inner, end, _, flag in sorted(done):
        if first >= reach:
            spans.append([first, last, inner, end, flag])
            reach = last or reach
        else:
            spans[-1][4] = "nested"
    at = 0
    for span, after in zip(spans, [*(s[0] for s in spans[1:]), len(text)]):
        if span[1] is None:
            span[1] = span[3] = len(text[span[2] : after].rstrip()) + span[2]
        singles += _single_runs(text, at, span[0])
        at = span[1]
    singles += _single_runs(text, at, len(text))
    runs = [
        Run(offset + a, offset + b, offset + c, offset + d, flag.replace("closed", "", flag == "closed"))
        for a, b, c, d, flag in sorted(spans + singles)
    ]
    return [run for run in runs if re.search(r"\w", text[run.start - offset : run.end - offset])]


def _single_runs(text: str, start: int, end: int) -> list[list]:
    """Runs in single marks, as in headlines and British style, between `start` and `end`.

    A mark after a word character and before a space closes, except a plural's
    apostrophe (states’) when another one follows. Misses: a quotation that ends
    in such a plural and is followed by another.
    """
    closers = [m.start() for m in re.finditer(r"(?<=\S)['’](?!\w)", text[start:end])]
    runs, at, k = [], 0, 0
    for mark in re.finditer(r"(?<![\w’'.,])[‘'’](?=[^\s'’\d])(?!(?:em|n|til|tis|twas|cause)\b)", text[start:end]):
        i = mark.start()
        if i < at or mark[0] == "’":
            continue
        while k < len(closers) and closers[k] <= i:
            k += 1
        while k + 1 < len(closers) and re.match(r"s['’] \w", text[start + closers[k] - 1 : start + closers[k] + 3]):
            if not text[start + closers[k] : start + closers[k + 1]].count("‘"):
                k += 1
            else:
                break
        if k < len(closers):
            a, b = start + i, start + closers[k]
            runs.append([a, b + 1, a + 1, b, "closed"])
            at = closers[k] + 1
    return runs


# The sentences


def read_sentences(article: Article) -> list[Sentence]:
    """The article's sentences with each run as one word; a break inside a run is none."""
    paragraphs = article.paragraphs
    runs = [run for text, start in zip(paragraphs.text, paragraphs.start) for run in find_runs(text, start)]
    table = article.sentences
    places = {sid: (p, start) for sid, p, start in zip(table.sid, table.paragraph, table.start)}
    tokens, sentences, k, last, open_ = article.tokens, [], 0, None, None
    for sid, section, start, end, token in zip(
        tokens.sid.tolist(), tokens.section.tolist(), tokens.start.tolist(), tokens.end.tolist(), tokens.token.tolist()
    ):
        while k < len(runs) and runs[k].last <= start:
            k += 1
        run = runs[k] if k < len(runs) and runs[k].first <= start else None
        if run and run is last:
            continue
        paragraph, begin = places[sid]
        inside = last is not None and last.first < begin < last.last
        if not sentences or sid != open_ and (paragraph != sentences[-1].paragraph or not inside):
            sentences.append(Sentence(paragraph, section))
        open_ = sid
        last = run or last
        _add(sentences[-1], token if run is None else QUOTE, run.first if run else start, run.last if run else end, run)
    return _rejoin(sentences)


def _add(sentence: Sentence, word: str, start: int, end: int, run: Run | None) -> None:
    """Append a word; full stops of abbreviations, lone apostrophes and short brackets are dropped."""
    words = sentence.words
    if words and words[-1] == ".":
        _cut(sentence, len(words) - 1)
    if word in "'’":
        return
    if word == ")" and "(" in words[-9:] and QUOTE not in words[-9:]:
        _cut(sentence, len(words) - 1 - words[::-1].index("("))
        return
    if run:
        sentence.runs[len(words)] = run
    words.append(word)
    sentence.low.append(word.lower())
    sentence.starts.append(start)
    sentence.ends.append(end)


def _cut(sentence: Sentence, length: int) -> None:
    for column in (sentence.words, sentence.low, sentence.starts, sentence.ends):
        del column[length:]


def _rejoin(sentences: list[Sentence]) -> list[Sentence]:
    """Join “Why?” with “Obama asked.”: a short reporting clause after a run is its own sentence only for the splitter."""
    joined = []
    for sentence in sentences:
        before = joined[-1] if joined else None
        if before and before.paragraph == sentence.paragraph and before.words[-1] == QUOTE:
            cue = next((i for i, word in enumerate(sentence.low[:6]) if word in _forms()), None)
            if cue is not None and sentence.words[0] != QUOTE and "".join(sentence.low[cue + 1 : cue + 2]) in ".,:":
                for i, word in enumerate(sentence.words):
                    _add(before, word, sentence.starts[i], sentence.ends[i], sentence.runs.get(i))
                continue
        joined.append(sentence)
    return joined


# The cues and their subjects


def find_cues(sentence: Sentence) -> list[Cue]:
    """Reporting verbs with their subjects, "according to", in the order of the sentence.

    Left out: infinitives, passives, negated verbs, and forms that are nouns
    here ("a Times report", "his claims"). Misses: verbs not on the list.
    """
    cues, low = [], sentence.low
    for i, word in enumerate(low):
        if word == "according" and low[i + 1 : i + 2] == ["to"]:
            subject = _phrase_right(sentence, i + 2)
            if subject:
                cues.append(Cue(i, i, subject[1] + 1, "according to", "clause", subject, "according"))
        elif word in _forms():
            cue = _verb_cue(sentence, i, cues)
            if cue:
                cues.append(cue)
    return cues


def _verb_cue(sentence: Sentence, i: int, earlier: list[Cue]) -> Cue | None:
    low = sentence.low
    verb, form, takes = _forms()[low[i]]
    if sentence.words[i][0].isupper() and i and form != "past" and sentence.section != "Headline":
        return None
    j = i - 1
    while (
        j >= 0
        and i - j < REACH
        and (
            low[j] in ADVERBS
            or low[j] in AUXILIARIES
            or low[j] in NEGATIONS
            or low[j].endswith("ly")
            or low[j] == "on"
            and low[j + 1] in TIMES
        )
    ):
        j -= 1
    helpers = low[j + 1 : i]
    if any(word in NEGATIONS for word in helpers) or (low[j] in ("to", "not") and j >= 0):
        return None
    being = any(word in BE for word in helpers)
    if (
        being
        and form != "ing"
        or (
            low[j] in DETERMINERS
            and j >= 0
            and low[j] not in ("all", "both", "many", "some", "most", "few", "others", "two")
        )
    ):
        return None
    right = i + 1
    if form == "ing" and not being:
        before = low[j] if j >= 0 else ""
        if j >= 0 and before not in MARKS and before not in PREPOSITIONS and before not in SUBORDINATORS:
            subject = _phrase_left(sentence, j)
            return (
                Cue(i, subject[0], right, verb, takes, subject, "participle")
                if subject and sentence.words[subject[1]][0].isupper()
                else None
            )
        subject = earlier[-1].subject if earlier else first_phrase(sentence)
        return Cue(i, i, right, verb, takes, subject, "participle") if subject else None
    if j >= 0 and low[j] in ("and", "but", "or"):
        subject = earlier[-1].subject if earlier else first_phrase(sentence)
        return Cue(i, j, right, verb, takes, subject, "coordinate") if subject and form in ("past", "third") else None
    if form in ("past", "third") and (j < 0 or low[j] in MARKS) and j == i - 1:
        subject = _phrase_right(sentence, i + 1)
        if subject and (
            j < 0
            or low[j] == QUOTE
            or low[j - 1] == QUOTE
            or _closes(sentence, subject[1] + 1)
            and not _phrase_left(sentence, j)
        ):
            return Cue(i, i, subject[1] + 1, verb, takes, subject, "inverted")
    subject = _phrase_left(sentence, j)
    if not subject:
        return None
    if form in ("base", "third") and (low[i + 1 : i + 2] and low[i + 1] in ("of", "from") or low[j] in PREPOSITIONS):
        return None
    if (
        form == "base"
        and not helpers
        and not (
            low[subject[1]].endswith("s")
            or low[subject[1]] in ("i", "we", "they", "you", "people", "many", "some", "who")
            or "and" in low[subject[0] : subject[1]]
        )
    ):
        return None
    return Cue(i, subject[0], right, verb, takes, subject, "plain")


def _closes(sentence: Sentence, i: int) -> bool:
    return i >= len(sentence.low) or sentence.low[i] in {",", ".", ";", ":"} | DASHES


def _stops(sentence: Sentence, i: int) -> bool:
    """Does word `i` bound a noun phrase on its left?"""
    word = sentence.low[i]
    return word in MARKS or word in SUBORDINATORS or word in AUXILIARIES or word in _forms() and word.endswith("ed")


def _phrase_left(sentence: Sentence, j: int) -> tuple[int, int] | None:
    """First and last word of the noun phrase that ends at word `j`: "X, a Y, |said", "the X of Y |said"."""
    low, words, limit = sentence.low, sentence.words, max(0, j - REACH)
    while j > limit and low[j] == ",":
        k = j - 1
        while k >= limit and low[k] not in MARKS:
            k -= 1
        if k < limit or low[k] != ",":
            return None
        j = k - 1
        a = j
        while a > limit and low[a - 1] not in MARKS:
            a -= 1
        if (
            a > limit
            and low[a - 1] == ","
            and (low[a] in ("a", "an", "the", "who", "which") or "-" in low[a] or low[a].isdigit())
            and words[j] != QUOTE
        ):
            j = a - 1
    if j >= 0 and low[j] in ("who", "which", "that"):
        return _phrase_left(sentence, j - 2 if low[j - 1] == "," else j - 1) if j > limit else None
    if j < 0 or _stops(sentence, j):
        return None
    a = j
    while a > limit and (not _stops(sentence, a - 1) or _joins(sentence, a - 1)):
        a -= 1
    return _core(sentence, a, j)


def _joins(sentence: Sentence, i: int) -> bool:
    """Is word `i` the "and" of "Russia and China"?"""
    words = sentence.words
    if sentence.low[i] != "and" or not 0 < i < len(words) - 1:
        return False
    return words[i - 1][0].isupper() and words[i + 1][0].isupper()


def _core(sentence: Sentence, a: int, j: int) -> tuple[int, int] | None:
    """The head of a phrase: without conjunctions before it and prepositions after it."""
    low, words = sentence.low, sentence.words
    while a <= j and (low[a] in OPENERS or low[a] in ADVERBS and words[a] != words[j] or low[a].endswith("ly")):
        a += 1
    if a <= j and low[a] in PREPOSITIONS:  # "In a statement Trump said": the last noun phrase
        k = j
        while (
            k > a + 1
            and low[k - 1] not in PREPOSITIONS
            and low[k] not in DETERMINERS
            and words[k - 1][0].isupper() == words[j][0].isupper()
        ):
            k -= 1
        a = k
    b = a
    while b < j and low[b + 1] not in PREPOSITIONS:
        b += 1
    while b > a and low[b] in TIMES:
        b -= 1
    if a > b or low[a] in ("it", "there", "that", "what", "this") and a == b or not words[b][0].isalnum():
        return None
    return a, b


def _phrase_right(sentence: Sentence, i: int) -> tuple[int, int] | None:
    """The noun phrase that begins at word `i`: "said |Daniel Russel of …"."""
    low, n = sentence.low, len(sentence.low)
    j = i
    while j < n and j < i + REACH and (not _stops(sentence, j) or _joins(sentence, j)):
        j += 1
    if j == i or low[i] in PREPOSITIONS or low[i] in TIMES:
        return None
    return _core(sentence, i, j - 1)


def first_phrase(sentence: Sentence) -> tuple[int, int] | None:
    """The sentence's subject, roughly: its first noun phrase after adverbials set off by a comma.

    Misses: subjects after an adverbial without comma.
    """
    low, words, n = sentence.low, sentence.words, len(sentence.low)
    i = 0
    while i < n and (low[i] in MARKS or low[i] in OPENERS):
        i += 1
    while i < n and (
        low[i] in PREPOSITIONS
        or low[i] in SUBORDINATORS
        or low[i].endswith("ing")
        or low[i].endswith("ly")
        or low[i] in ADVERBS
    ):
        while i < n and low[i] != ",":
            i += 1
        i += 1
    if i >= n:
        return None
    j = i
    if words[i][0].isupper() and low[i] not in DETERMINERS and low[i] not in PRONOUNS:
        while j + 1 < n and (words[j + 1][0].isupper() or _joins(sentence, j + 1)):
            j += 1
    elif low[i] not in PRONOUNS:
        while (
            j + 1 < n
            and j < i + 5
            and not _stops(sentence, j + 1)
            and low[j + 1] not in PREPOSITIONS
            and not low[j + 1].endswith(("ed", "ly"))
            and low[j + 1] not in _forms()
        ):
            j += 1
    return _core(sentence, i, j)


# What is said


def _contents(sentence: Sentence, cue: Cue, following: list[Cue]) -> list[tuple[int, int]]:
    """Word ranges of what a cue reports: right of it, left of it, or around it."""
    low, n = sentence.low, len(sentence.low)
    if cue.form == "according":
        if cue.at > 2 and low[cue.at - 1] == ",":
            return [(_clause_start(sentence, cue.at - 1), cue.at - 1)]
        comma = next((k for k in range(cue.right, min(n, cue.right + REACH)) if low[k] == ","), None)
        return [(comma + 1, _clause_end(sentence, comma + 1, following))] if comma and cue.at < 2 else []
    begin = _complement(sentence, cue)
    found = []
    if begin is None and cue.left > 0 and low[cue.left - 1] in {",", QUOTE} | DASHES and cue.form != "participle":
        end = cue.left - 1 if low[cue.left - 1] != QUOTE else cue.left
        found.append((_clause_start(sentence, end), end))
    if (
        begin is None
        and cue.right < n
        and low[cue.right] in {",", ":"}
        and (
            found
            and any(w not in MARKS for w in low[found[0][0] : found[0][1]])
            and not low[cue.right + 1 : cue.right + 2] == [QUOTE]
            and not low[cue.right + 1].endswith("ing")
            or low[cue.right] == ":"
            or low[cue.right + 1 : cue.right + 2] == [QUOTE]
        )
    ):
        begin = cue.right + 1
    if begin is not None:
        found.append((begin, _clause_end(sentence, begin, following)))
    return [(a, b) for a, b in found if b > a and (b - a > 1 or low[a] == QUOTE)]


def _complement(sentence: Sentence, cue: Cue) -> int | None:
    """The word at which what is said begins, right of the cue; None where nothing follows."""
    low, n, i = sentence.low, len(sentence.low), cue.right
    while i < n and (low[i] in TIMES or low[i].endswith("ly") or low[i] in ("that", "also", "later", "recently")):
        if low[i] == "that":
            return i + 1
        i += 1
    if i >= n or low[i] in (".", ";", "?", "!") or low[i] in DASHES:
        return None
    if cue.verb == "tell":
        stop = next(
            (
                k
                for k in range(i + 1, min(n, i + 10))
                if low[k] in ("that", QUOTE, ",", ".", "to", "he", "she", "they", "it")
            ),
            i,
        )
        return None if low[stop] in (",", ".") else stop + (low[stop] == "that")
    if cue.verb == "agree" and low[i] not in ("to", "with", "on", "he", "she", "they", "it"):
        return None
    if (
        cue.takes == "object"
        and QUOTE not in low[i:]
        and low[cue.left - 1] in ("what", "which", "that", "whom", "whose")
    ):
        return n
    if (
        cue.takes == "object"
        or cue.verb in ("warn", "complain", "agree", "call", "promise", "pledge", "vow")
        and low[i] in PREPOSITIONS
    ):
        return i + (low[i] in ("for", "on", "of", "about", "against", "with"))
    if low[i] in PREPOSITIONS or low[i] == "," or low[i] == ":":
        for k in range(i, min(n, i + 16)):
            if low[k] == "that" and low[i] in PREPOSITIONS and low[k - 1] not in PREPOSITIONS:
                return k + 1
            if low[k] == QUOTE and low[k - 1] in (",", ":"):
                return k
        return None
    return i


def _clause_start(sentence: Sentence, end: int) -> int:
    low, a = sentence.low, 0
    for k in range(max(0, end - 3 * REACH), end):
        if low[k] == ";":
            a = k + 1
    return a


def _clause_end(sentence: Sentence, begin: int, following: list[Cue]) -> int:
    """Where what is said ends: before the next cue that goes on with the sentence, or with the sentence."""
    low, n = sentence.low, len(sentence.low)
    end = n
    for cue in following:
        if cue.left > begin and low[cue.left - 1] in {",", ";"} or cue.form in ("coordinate", "according"):
            end = min(end, cue.left)
            break
    for k in range(begin, end - 1):
        if low[k] == ";" or low[k] == "," and low[k + 1] in ("but", "while", "though", "although"):
            end = k
            break
    while end > begin and low[end - 1] in MARKS - {QUOTE} | {"and", "but"}:
        end -= 1
    return end


# Statements


def find_statements(article: Article) -> pd.DataFrame:
    """What somebody is reported to have said: one row a statement.

    `kind` is direct (a quotation that stands as its own clause), partial (quoted
    words inside the writer's sentence) or indirect (no marks of its own).
    `speaker` is the resolved name, empty where nobody can be named honestly;
    `rule` names the rule that fired; `part_of` is the row of the indirect
    statement a partial one lies in; `evidence` is the sentence that gave a
    pronoun its name; `flag` marks unclosed and nested quotation marks.
    """
    reading = article.reading
    sentences = read_sentences(reading)
    names = Names(sentences, article.aliases)
    rows, last, colon = [], None, None
    for number, sentence in enumerate(sentences):
        found = _statements(sentence, find_cues(sentence))
        new = number == 0 or sentences[number - 1].paragraph != sentence.paragraph
        for row in found:
            row.update(names.resolve(number, row))
        last = _float(sentence, found, last, new)
        rows += found
    table = pd.DataFrame(
        sorted(rows, key=lambda row: (row["start"], -row["end"])), columns=["source", "inside", *COLUMNS]
    )
    return _finish(article, reading, table)


def _finish(article: Article, reading: Article, table: pd.DataFrame) -> pd.DataFrame:
    starts, sids = reading.sentences.start.tolist(), reading.sentences.sid.tolist()
    number = {source: i for i, source in enumerate(table.source)}
    table = table.assign(
        text=[reading.text[a:b] for a, b in zip(table.start, table.end)],
        evidence=["" if a < 0 else sids[bisect_right(starts, a) - 1] for a in table.evidence],
        sid=[sids[bisect_right(starts, a) - 1] for a in table.start],
        part_of=pd.array([number.get(inside, pd.NA) for inside in table.inside], dtype="Int64"),
    )
    return article.to_source(table[COLUMNS].reset_index(drop=True))


def _row(sentence: Sentence, start: int, end: int, kind: str, cue: Cue | None, rule: str, flag: str = "") -> dict:
    row = {
        "start": start,
        "end": end,
        "kind": kind,
        "section": sentence.section,
        "rule": rule,
        "flag": flag,
        "evidence": -1,
    }
    row |= {
        "source": (start, end, kind),
        "inside": None,
        "speaker": "",
        "mention": "",
        "cue": "",
        "cue_start": -1,
        "mention_start": -1,
    }
    if cue:
        a, b = cue.subject
        row |= {"mention": " ".join(sentence.words[a : b + 1]), "mention_start": sentence.starts[a]}
        row |= {
            "cue": cue.verb if cue.form == "according" else sentence.words[cue.at],
            "cue_start": sentence.starts[cue.at],
        }
    return row


def _statements(sentence: Sentence, cues: list[Cue]) -> list[dict]:
    """The statements of one sentence; runs that no cue reports are left for `_float`."""
    rows, taken = [], {}
    for number, cue in enumerate(cues):
        for a, b in _contents(sentence, cue, cues[number + 1 :]):
            inner = [k for k in sentence.runs if a <= k < b and k not in taken]
            plain = [w for w in sentence.low[a:b] if w not in MARKS]
            if not plain:
                for k in inner:
                    taken[k] = _quoted(sentence, k, "direct", cue)
            elif cue.takes != "quote":
                rows.append(_row(sentence, sentence.starts[a], sentence.ends[b - 1], "indirect", cue, _rule(cue)))
                if sentence.low[a] == QUOTE == sentence.low[b - 1] and len(inner) == 1:
                    rows.pop()
                for k in inner:
                    taken[k] = _quoted(sentence, k, "partial", cue) | {"inside": rows[-1]["source"] if rows else None}
    for k in sentence.runs:
        if k not in taken and cues:
            before = [cue for cue in cues if cue.at < k]
            cue = before[-1] if before else next((c for c in cues if c.form != "participle"), cues[0])
            taken[k] = _quoted(sentence, k, "partial", cue)
    return rows + list(taken.values())


def _rule(cue: Cue) -> str:
    return {
        "plain": "subject and verb",
        "inverted": "verb and subject",
        "participle": "participle",
        "coordinate": "second verb",
        "according": "according to",
    }[cue.form]


def _quoted(sentence: Sentence, k: int, kind: str, cue: Cue | None, rule: str = "") -> dict:
    run = sentence.runs[k]
    return _row(sentence, run.start, run.end, kind, cue, rule or _rule(cue), run.flag)


def _float(sentence: Sentence, found: list[dict], last: dict | None, new: bool) -> dict | None:
    """Give runs without a cue to the last speaker where the quotation goes on; returns the last quoted row."""
    words = [w for w in sentence.low if w not in MARKS]
    done = {row["start"] for row in found}
    for k, run in sentence.runs.items():
        if run.start in done:
            continue
        row = _quoted(sentence, k, "partial" if words else "direct", None, "no cue")
        if last and not words and (not new or last["flag"] == "unclosed"):
            row |= {key: last[key] for key in ("speaker", "mention", "mention_start", "cue", "cue_start", "evidence")}
            row["rule"] = "goes on from the paragraph before" if new else "goes on"
        found.append(row)
    quoted = [row for row in found if row["kind"] != "indirect" and row["mention"]]
    return max(quoted, key=lambda row: row["start"]) if quoted else (None if new else last)


# Names


class Name(NamedTuple):
    """A person named at a word of a sentence; `gender` is male, female or empty."""

    word: int
    person: str
    gender: str


class Names:
    """The persons an article names, and how it refers to them afterwards.

    A person is a given name from the list or a title, followed by capitalised
    words. A surname alone is the fullest name seen so far with it. Misses:
    persons without title whose given name is not listed.
    """

    def __init__(self, sentences: list[Sentence], aliases: dict[str, str]):
        self.sentences = sentences
        self.aliases = {key.casefold(): value for key, value in aliases.items()}
        self.full: dict[str, str] = {}
        self.gender: dict[str, str] = {}
        runs = [list(_capital_runs(sentence)) for sentence in sentences]
        for found in runs:
            for _, titles, name in found:
                self._learn(titles, name)
        self.named = [
            [
                Name(i, self.full[name[-1]], self.gender[name[-1]])
                for i, _, name in found
                if name and name[-1] in self.full
            ]
            for found in runs
        ]

    def _learn(self, titles: list[str], name: list[str]) -> None:
        given = _given_names().get(name[0].lower(), "") if len(name) > 1 else ""
        courtesy = {"mr": "male", "mrs": "female", "ms": "female", "miss": "female"}
        gender = next((courtesy[t] for t in titles if t in courtesy), "") or next(
            (_role_gender(t) for t in titles if _role_gender(t)), given
        )
        if (
            not name
            or ORGANISATIONS & {word.lower() for word in name}
            or not (given or titles and titles[-1] in PERSONAL)
        ):
            return
        known = self.full.get(name[-1], "")
        if len(name) > len(known.split()):
            self.full[name[-1]] = " ".join(name)
        self.gender[name[-1]] = self.gender.get(name[-1]) or gender

    def resolve(self, number: int, row: dict) -> dict:
        """`speaker` for a row's mention, and `evidence`, the place that named a pronoun."""
        mention = row["mention"]
        low = mention.lower().removeprefix("the ")
        if not mention or row["speaker"]:
            return {}
        if low in ("he", "she"):
            return self._person(number, row, PRONOUNS[low])
        if low in ("they", "both", "pair", "two") or re.match(r"(two|both) \w+s$", low):
            return self._group(number, row)
        return {"speaker": self.canonical(mention)}

    def canonical(self, mention: str) -> str:
        """The fullest name for a mention; joined names in alphabetical order."""
        if mention.casefold() in self.aliases:
            return self.aliases[mention.casefold()]
        if " and " in mention:
            parts = [self.canonical(part) for part in mention.split(" and ")]
            return " and ".join(sorted(parts)) if all(part[:1].isupper() for part in parts) else mention
        words = [_bare(word) for word in mention.split()]
        k = len(words)
        while k and words[k - 1][:1].isupper():
            k -= 1
        name = [word for word in words[k:]]
        while name and name[0].lower() in _words("titles.txt"):
            name.pop(0)
        if name and name[-1] in self.full:
            return self.full[name[-1]]
        name = " ".join(name)
        if name.casefold() in self.aliases:
            return self.aliases[name.casefold()]
        return "The" + mention[3:] if re.match(r"[Tt]he [A-Z]", mention) else mention

    def _person(self, number: int, row: dict, gender: str) -> dict:
        """ "He" or "she": the first person of fitting gender in the nearest sentence before."""
        other = {"male": "female", "female": "male"}[gender]
        section = self.sentences[number].section
        for k in range(number, max(-1, number - 12), -1):
            sentence = self.sentences[k]
            if sentence.section != section:
                break
            for name in self.named[k]:
                if k == number and (
                    row["start"] < row["mention_start"] or sentence.starts[name.word] > row["mention_start"]
                ):
                    continue
                if name.gender != other:
                    return {"speaker": name.person, "evidence": sentence.starts[name.word]}
        return {}

    def _group(self, number: int, row: dict) -> dict:
        """ "They", "the two countries": the last plural or joined subject."""
        two = row["mention"].lower() != "they"
        for k in range(number, max(-1, number - 12), -1):
            sentence = self.sentences[k]
            phrases = [cue.subject for cue in find_cues(sentence)] + [first_phrase(sentence)]
            for a, b in filter(None, phrases):
                words = sentence.words[a : b + 1]
                if (
                    sentence.starts[a] >= row["mention_start"]
                    or words[0].lower() in PRONOUNS
                    or re.match(r"(the )?(two|both)\b", " ".join(words).lower())
                ):
                    continue
                joined = "and" in words and words[b - a][0].isupper()
                if joined or not two and words[-1].islower() and words[-1].endswith("s"):
                    return {"speaker": self.canonical(" ".join(words)), "evidence": sentence.starts[a]}
        return {}


PERSONAL = set(
    "mr mrs ms miss dr sir dame lord lady president vice minister chancellor premier king queen prince princess pope sen"
    " senator rep representative congressman congresswoman gov governor mayor judge justice gen col maj capt sgt secretary"
    " speaker leader ambassador director chairman chairwoman chair spokesman spokeswoman spokesperson prof professor rev"
    " candidate nominee strategist analyst adviser aide manager".split()
)


def _role_gender(title: str) -> str:
    if title.endswith("woman"):
        return "female"
    return "male" if title.endswith("man") else ""


def _bare(word: str) -> str:
    return re.sub(r"['’]s$", "", word)


def _capital_runs(sentence: Sentence) -> Iterator[tuple[int, list[str], list[str]]]:
    """Capitalised words in a row: where they begin, the titles before the name, the name."""
    i, n, titles = 0, len(sentence.words), _words("titles.txt")
    while i < n:
        word = sentence.words[i]
        if (
            not word[0].isupper()
            or word == QUOTE
            or (i == 0 and sentence.low[i] in OPENERS | PREPOSITIONS | SUBORDINATORS | DETERMINERS)
        ):
            i += 1
            continue
        j = i
        while j < n and sentence.words[j][0].isupper() and (j == i or not sentence.words[j - 1].endswith(("’s", "'s"))):
            j += 1
        words = [_bare(w) for w in sentence.words[i:j]]
        before = (
            [sentence.low[i - 1]] if i and (sentence.low[i - 1] in PERSONAL or sentence.low[i - 1] in titles) else []
        )
        k = next((k for k, w in enumerate(words) if w.lower() not in titles), len(words))
        yield i, before + [w.lower() for w in words[:k]], words[k:]
        i = j


# Beside a table marked by hand


def compare(found: pd.DataFrame, marked: pd.DataFrame) -> pd.DataFrame:
    """Found statements beside the ones marked by hand, in the order of the text: one row a pair or a single.

    A pair is a found and a marked statement, both with or both without
    quotation marks of their own, that share at least half of the characters
    they cover together (intersection over union), best pairs first. `result`
    is "right", "wrong speaker", "missed", "found only", or "borderline" where
    the table itself is not sure (`sure` = no), which counts neither way.
    """
    pairs = []
    for i, a in enumerate(marked.itertuples()):
        for j, b in enumerate(found.itertuples()):
            shared = min(a.end, b.end) - max(a.start, b.start)
            if shared > 0 and (a.kind == "indirect") == (b.kind == "indirect"):
                pairs.append((shared / (max(a.end, b.end) - min(a.start, b.start)), -i, -j))
    rows, used, matched = [], set(), {}
    for share, i, j in sorted(pairs, reverse=True):
        if share >= 0.5 and -i not in matched and -j not in used:
            matched[-i] = -j
            used.add(-j)
    for i, a in enumerate(marked.itertuples()):
        b = found.iloc[matched[i]] if i in matched else None
        sure = getattr(a, "sure", "yes") != "no"
        result = "missed" if b is None else "right" if b.speaker == a.speaker else "wrong speaker"
        rows.append(
            (
                a.start,
                result if sure else "borderline",
                a.kind,
                a.speaker,
                "" if b is None else b.speaker,
                a.text,
                "" if b is None else b.rule,
            )
        )
    for j, b in enumerate(found.itertuples()):
        if j not in used:
            rows.append((b.start, "found only", b.kind, "", b.speaker, b.text, b.rule))
    columns = ["start", "result", "kind", "marked", "found", "text", "rule"]
    return pd.DataFrame(sorted(rows), columns=columns)
