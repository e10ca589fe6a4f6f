"""Who is reported to have said what, found by rules of English news prose.

The way through: find the quotation runs, read each sentence with every run as
one word, find the cues and their subjects, attach statements to them, resolve
names and pronouns. No model: only word lists beside this file.

Rules look at a sentence as a string of tags, one character a word
(`word_classes.tsv`; Q stands for a quotation run), so that a pattern such as
"a noun phrase, an aside between commas, the verb" is a regular expression.
"""

import re
from bisect import bisect_left, bisect_right
from collections import Counter
from dataclasses import dataclass, field
from functools import cache, lru_cache
from pathlib import Path
from typing import NamedTuple

import pandas as pd

from newsprint.article import Article

HERE = Path(__file__).parent
COLUMNS = [
    *["start", "end", "text", "kind", "speaker", "mention", "cue", "part_of", "sid", "section", "rule"],
    *["cue_start", "mention_start", "evidence", "flag"],
]
QUOTE = "“”"  # the word that stands for a whole quotation run
REACH = 40  # words a subject may lie left of its verb
MEMORY = 12  # sentences a pronoun may look back
RULES = {
    "plain": "subject and verb",
    "inverted": "verb and subject",
    "participle": "-ing form of the main subject",
    "second": "second verb of the subject",
    "according": "according to",
    "colon": "name and colon",
    "credit": "credit line",
}


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


class Cue(NamedTuple):
    """A reporting expression: its first word `at`, its clause from `left` to `right`, its subject's words."""

    at: int
    left: int
    right: int
    verb: str
    takes: str
    subject: tuple[int, int]
    form: str


# The word lists


def _rows(name: str) -> list[list[str]]:
    lines = (HERE / name).read_text(encoding="utf-8").splitlines()
    return [line.split("\t") for line in lines if line and not line.startswith("#")]


@cache
def reporting_verbs() -> pd.DataFrame:
    """The reporting verbs: `verb, third, past, ing, takes, implies`, as described in the file."""
    return pd.DataFrame(_rows("reporting_verbs.tsv"), columns=["verb", "third", "past", "ing", "takes", "implies"])


@cache
def _forms() -> dict[str, tuple[str, str, str]]:
    """Each inflected form with its verb, the name of the form, and what it takes."""
    rows = reporting_verbs().itertuples()
    return {
        getattr(row, form): (row.verb, form, row.takes) for row in rows for form in ("verb", "third", "ing", "past")
    }


@cache
def _classes() -> dict[str, str]:
    return {word: tag for tag, _, words in _rows("word_classes.tsv") for word in words.split()}


@cache
def _titles() -> dict[str, str]:
    """Titles before names, with the gender they tell, or ""."""
    return {word: gender for word, gender in _rows("titles.tsv")}


@cache
def _given_names() -> dict[str, str]:
    return {name: gender for gender, names in _rows("given_names.tsv") for name in names.split()}


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
    runs = [Run(*(offset + at for at in span[:4]), span[4]) for span in sorted(spans + singles)]
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
    runs = [run for row in article.paragraphs.itertuples() for run in find_runs(row.text, row.start)]
    table, tokens = article.sentences, article.tokens
    places = dict(zip(table.sid, zip(table.paragraph, table.section, table.start, strict=True), strict=True))
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
    opening = next((k for k in range(len(words) - 1, max(-1, len(words) - 10), -1) if words[k] == "("), None)
    if word == ")" and opening is not None and QUOTE not in words[opening:]:
        del words[opening:], starts[opening:], ends[opening:]
    elif word not in "'’":
        if run:
            sentence.runs[len(words)] = run
        words.append(word)
        starts.append(start)
        ends.append(end)


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
    cue = next((i for i, word in enumerate(low) if word in _forms() or word == QUOTE), None)
    return bool(cue) and low[cue] != QUOTE and low[cue + 1 : cue + 2] in ([","], ["."], [], ["to"])


def _tagged(sentence: Sentence) -> Sentence:
    """Fill in the tags; a listed verb form is a noun or adjective after a determiner, a preposition or a possessive."""
    sentence.low = low = [word.lower() for word in sentence.words]
    headline = sentence.section == "Headline"
    tags = [_tag(word, low[i], not i or headline) for i, word in enumerate(sentence.words)]
    for i, tag in enumerate(tags):
        if tag == "V" and i:
            form, before = _forms()[low[i]][1], tags[i - 1]
            possessive = before in "Nn" and low[i - 1].endswith(("’s", "'s"))
            singular = form == "verb" and before in "Nn" and not _is_plural(low[i - 1]) and tags[i - 2 : i - 1] != ["C"]
            if (
                (before == "D" and low[i - 1] not in COUNTS)
                or before in "Pg"
                or (form != "past" and possessive)
                or singular
            ):
                tags[i] = "v" if form == "past" else "n"
    sentence.tags = "".join(tags)
    return sentence


COUNTS = set("all both many some most few others two one another".split())


def _is_plural(word: str) -> bool:
    return word.endswith("s") or word in ("people", "police", "many", "some", "most", "few", "women", "men", "media")


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
    if low in _forms() and (capital or not upper):
        return "W" if _forms()[low][1] == "ing" else "V"
    tag = _classes().get(low) or ("H" if _classes().get(re.split("['’]", low)[0]) == "H" else None)
    if tag and not (upper and not capital and tag not in "HTD"):
        return tag
    if upper:
        return "N"
    return "T" if low.endswith("ly") else "v" if low.endswith("ed") else "g" if low.endswith("ing") else "n"


# The cues and their subjects

NOUNS = r"(?:H|D+[nNvgT]*[nNg]|D+|[nN]+)(?:(?<=N)CD?N+)*"
HEAD = rf"(?:(?<![PIDNnvgH])|(?<=[nNvg])(?=[DH])|(?<=[nvg])(?=N))(?P<head>{NOUNS})"
OF = r"(?:[PI][DnNvgTO]+)*"
ASIDES = r"(?:(?:,[DPnT][^,.Q]*)*,[^,.Q]+,|-[^-.Q]+-)?"
LEFT = re.compile(HEAD + OF + ASIDES + "$")  # the subject before its verb: X of Y, a Z, |said
RIGHT = re.compile(rf"T*(?P<head>{NOUNS})(?P<rest>{OF})")  # the subject after its verb: said |X of Y
HELPERS = re.compile(r"(?:P?T|[ABX])*$")
FIRST = re.compile(rf"[T.,C-]*(?:[PISgWvT][^,Q]*,)?[SCT]*(?P<head>{NOUNS})")
CREDIT = re.compile(r"(?<=Q)[,.]?-(?P<head>N{1,5})(?:,[^Q]{1,12})?[,.]*$")
COLON_NAME = re.compile(r"(?P<head>N{1,3})(?:P[Nn]+)?\.")


def find_cues(sentence: Sentence) -> list[Cue]:
    """Reporting verbs and "according to" with their subjects, in the order of the sentence.

    Left out: infinitives, passives, negated verbs, and forms that are nouns
    here ("a Times report", "his claims"). Misses: verbs that are not listed,
    subjects more than 40 words away.
    """
    colon = COLON_NAME.match(sentence.tags)
    cues: list[Cue] = [_colon(sentence, colon)] if colon and _named_colon(sentence, colon) else []
    for i in (match.start() for match in re.finditer("[VWK]", sentence.tags)):
        cue = _according(sentence, i) if sentence.tags[i] == "K" else _verb_cue(sentence, i, cues)
        if cue:
            cues.append(cue)
    if credit := CREDIT.search(sentence.tags):
        cues.append(
            Cue(credit.start() + 1, credit.start(), len(sentence.words), "―", "quote", credit.span("head"), "credit")
        )
    return cues


def _named_colon(sentence: Sentence, match: re.Match) -> bool:
    """Is this "NAME: what is said": in a headline, a script in capitals, or a person's name?"""
    words = sentence.words[match.start("head") : match.end("head")]
    listed = sentence.low[match.end() - 1] == ":" and match.end() < len(sentence.words)
    return listed and (
        sentence.section == "Headline"
        or " ".join(words).isupper()
        or _name(tuple(words))[2]
        or sentence.tags[match.end()] == "Q"
    )


def _colon(sentence: Sentence, match: re.Match) -> Cue:
    at = match.end() - 1
    return Cue(at, 0, at + 1, ":", "clause", match.span("head"), "colon")


def _according(sentence: Sentence, i: int) -> Cue | None:
    match = RIGHT.match(sentence.tags, i + 2)
    return match and Cue(i, i, match.end(), "according to", "clause", match.span("head"), "according")


def _verb_cue(sentence: Sentence, i: int, earlier: list[Cue]) -> Cue | None:
    """The cue at a reporting verb, by what stands before it."""
    low, tags = sentence.low, sentence.tags
    verb, form, takes = _forms()[low[i]]
    base = max(0, i - REACH)
    j = base + HELPERS.search(tags[base:i]).start()
    helpers, before = tags[j:i], tags[j - 1] if j else "."
    contracted = before == "H" and low[j - 1].endswith(("’s", "'s", "’re", "'re", "’m", "'m"))
    finite = form != "ing" or "B" in helpers or contracted
    passive = form != "ing" and ("B" in helpers or contracted)
    noun = form in ("verb", "third") and (low[i + 1 : i + 2] in (["of"], ["from"]) and verb != "say" or before in "PgW")
    if "X" in helpers or passive or noun or before in "IO":
        return None
    main = _main_subject(sentence, earlier)
    if not finite:
        subject = _name_left(sentence, j) if before in "Nn" and j == i else None
        return Cue(i, i, i + 1, verb, takes, subject or main, "participle") if subject or main else None
    if before == "C":
        return Cue(i, j - 1, i + 1, verb, takes, main, "second") if main and form != "verb" else None
    if j == i and before in ",.-Q" and form != "verb" and (cue := _inverted(sentence, i)):
        return cue
    relative = before in "Rt"
    end = j - 1 - (tags[j - 2 : j - 1] == ",") if relative else j
    match = LEFT.search(tags[base:end])
    if not match or (
        form == "verb" and not helpers and not _plural(sentence, base + match.start("head"), base + match.end("head"))
    ):
        return None
    subject = (base + match.start("head"), base + match.end("head"))
    left = len(sentence.tags[: subject[0]].rstrip("vgT"))
    return Cue(i, j if relative else left, i + 1, verb, takes, subject, "plain")


def _main_subject(sentence: Sentence, earlier: list[Cue]) -> tuple[int, int] | None:
    """Whose a second verb or an -ing form is: the last cue's that begins a clause, else the sentence's subject."""
    for cue in reversed(earlier[-8:]):
        if cue.left == 0 or sentence.tags[cue.left - 1] in ",.Q-C":
            return cue.subject
    return earlier[0].subject if earlier else first_phrase(sentence)


def _plural(sentence: Sentence, a: int, b: int) -> bool:
    return (
        _is_plural(sentence.low[b - 1])
        or sentence.low[b - 1] in ("i", "we", "they", "you")
        or "C" in sentence.tags[a:b]
    )


def _name_left(sentence: Sentence, j: int) -> tuple[int, int] | None:
    """The name right before an -ing form ("footage of Hillary Clinton |asking"), which is then its subject."""
    match = re.search("N+$", sentence.tags[max(0, j - 6) : j])
    return (j - len(match[0]), j) if match else None


def _inverted(sentence: Sentence, i: int) -> Cue | None:
    """ "…", |said X of Y, who …: the verb follows the quotation or a clause, and its subject closes the clause."""
    tags = sentence.tags
    match = RIGHT.match(tags, i + 1)
    if not match or not set(match["head"]) & set("nNHg"):
        return None
    verb, _, takes = _forms()[sentence.low[i]]
    quoted = "Q" in tags[max(0, i - 2) : i]
    after = tags[match.end() : match.end() + 1] or "."
    closed = after in ",.-RT"
    aside = LEFT.search(tags[max(0, i - REACH) : i])
    if quoted and (closed or after in "PSIgv") or (closed and not aside and (i > 3 or after == ".")):
        return Cue(i, i, match.end("head"), verb, takes, match.span("head"), "inverted")
    return None


def first_phrase(sentence: Sentence) -> tuple[int, int] | None:
    """The sentence's subject, roughly: its first noun phrase after an adverbial closed by a comma."""
    match = FIRST.match(sentence.tags[: 3 * REACH])
    return match.span("head") if match else None


# What is said

SKIP = re.compile(r"(?:P?T)*")
ADDRESSEE = re.compile(r"[ODNngvPT]{1,9}?(?=[,.QtHIS])")  # told |reporters in Ohio| that …
THAT = re.compile(r"[PI][^,.QtVS]{0,15}?,?t(?![VBA])")  # said |in an interview that| …
COLON = re.compile(r"[^Q]{0,15}?[,.]Q")  # said |at a rally in Ohio,| "…"
BREAK = re.compile(r",(?=S)")
TURN = {"but", "while", "though", "although", "whereas"}
OBJECT_PREPOSITIONS = {"for", "on", "of", "about", "against", "with"}
LIMIT = 150  # words a reported clause may hold


def _contents(sentence: Sentence, cue: Cue, before: Cue | None, following: list[Cue]) -> list[tuple[int, int]]:
    """Word ranges of what a cue reports: right of it, left of it, or both around "X said"."""
    tags, n = sentence.tags, len(sentence.words)
    if cue.form == "according":
        comma = tags.find(",", cue.right, cue.right + REACH)
        if cue.at > 1:
            found = [(_clause_start(sentence, cue.at, before), cue.at)]
        else:
            found = [(comma + 1, _clause_end(sentence, cue, comma + 1, following))] if comma > 0 else []
    else:
        begin, found = _complement(sentence, cue), []
        if begin is None and cue.form != "participle" and tags[max(0, cue.left - 1) : cue.left] in (",", "Q", "-"):
            found = [(_clause_start(sentence, cue.left, before), cue.left)]
            around = tags[cue.right : cue.right + 1] == "," and tags[cue.right + 1 : cue.right + 2] not in (
                "g",
                "W",
                "R",
                "S",
                "P",
            )
            if around and set("nN") & set(tags[found[0][0] : cue.left]):
                begin = cue.right + 1
        if begin is not None:
            found.append((begin, _clause_end(sentence, cue, begin, following)))
    found = [(a, _trimmed(sentence, a, min(b, n))) for a, b in found]
    return [(a, b) for a, b in found if b - a > 1 or tags[a:b] == "Q"]


def _complement(sentence: Sentence, cue: Cue) -> int | None:
    """The word at which what is said begins, right of the cue; None where nothing is."""
    low, tags = sentence.low, sentence.tags
    i = SKIP.match(tags, cue.right).end()
    after = tags[i : i + 1]
    if after == "t":
        return i + 1
    if after == "." and low[i] == ":" and cue.takes != "object":
        return i + 1
    if after in ("", ".", "-"):
        return None
    if cue.takes == "object" or (after in "PI" and cue.takes == "to"):
        whole = QUOTE in sentence.words[i : i + LIMIT] or tags[max(0, cue.left - 1) : cue.left] not in ("S", "R", "t")
        bare = cue.verb == "agree" and after not in "PIH"
        return i + (low[i] in OBJECT_PREPOSITIONS) if whole and not bare else None
    if cue.verb == "agree" and after not in "H":
        return None
    addressee = ADDRESSEE.match(tags, i) if cue.verb in ("tell", "inform", "remind", "ask", "warn", "assure") else None
    if addressee:
        i = addressee.end()
        return i + (tags[i] == "t") if tags[i] in "QtHIS" else i + 1 if tags[i : i + 2] in (",Q", ".Q") else None
    if after in "PI,SRg":
        that = THAT.match(tags, i) or COLON.match(tags, i)
        return (
            that.end() - (that.re is COLON)
            if that
            else (i if after == "S" and low[i] in ("how", "why", "whether", "what", "where", "if") else None)
        )
    return i


def _clause_start(sentence: Sentence, end: int, before: Cue | None) -> int:
    """Where a clause that ends at word `end` begins: with the sentence, after a semicolon or another "X said"."""
    if before and before.form in ("plain", "colon") and before.left < 4 and _complement(sentence, before) is not None:
        return max(before.right, end - LIMIT)
    semicolon = [k for k in range(max(0, end - LIMIT), end) if sentence.low[k] == ";"]
    return semicolon[-1] + 1 if semicolon else max(0, end - LIMIT)


def _clause_end(sentence: Sentence, cue: Cue, begin: int, following: list[Cue]) -> int:
    """Where a reported clause ends: before the next cue that goes on with the sentence, at a turn, or with it."""
    tags, low, end = sentence.tags, sentence.low, min(len(sentence.words), begin + LIMIT)
    for after in following:
        if after.left >= begin and (tags[after.left - 1] == "," or after.form in ("second", "according")):
            end = min(end, after.left)
            break
    for k in range(begin, end - 1):
        turn = low[k] == ";" or (low[k] == "," and low[k + 1] in TURN)
        acts = cue.takes == "object" and (
            tags[k : k + 2] == "PT" and low[k] == "on" or tags[k : k + 3] in ("CvD", "-nP")
        )
        if turn or acts:
            return k
    return end


def _trimmed(sentence: Sentence, begin: int, end: int) -> int:
    while end > begin and sentence.tags[end - 1] in ",.-C":
        end -= 1
    return end


# Statements


def find_statements(article: Article) -> pd.DataFrame:
    """What somebody is reported to have said: one row a statement, in the order of the text.

    `kind` is direct (a quotation that stands as its own clause), partial (quoted
    words inside the writer's sentence) or indirect (no marks of its own; `part_of`
    of a partial is the row of the indirect one around it). `speaker` is the
    resolved name, empty where nobody can be named honestly, `mention` the words
    used, `cue` the reporting verb, `rule` the rule that fired, `evidence` the
    sentence that gave a pronoun its name, `flag` tells unclosed and nested marks.
    `start`, `end`, `cue_start`, `mention_start` are offsets into `article.text`
    (the last two −1 where there is none).
    """
    reading = article.reading
    sentences = read_sentences(reading)
    cues = [find_cues(sentence) for sentence in sentences]
    names = Names(sentences, cues, article.aliases)
    rows: list[dict] = []
    last: dict | None = None
    for number, sentence in enumerate(sentences):
        found = _statements(reading.text, sentence, cues[number])
        for row in found:
            row |= names.resolve(number, row)
        new = number == 0 or sentences[number - 1].paragraph != sentence.paragraph
        last = _go_on(reading.text, names, sentence, found, last, new)
        if sentence.low[-1] == ":":
            last = _announced(sentence, cues[number]) or last
            if last:
                last |= names.resolve(number, last)
        rows += found
    return _table(article, sorted(rows, key=lambda row: (row["start"], -row["end"])))


def _table(article: Article, rows: list[dict]) -> pd.DataFrame:
    reading = article.reading
    starts, sids = reading.sentences.start.tolist(), reading.sentences.sid.tolist()
    number = {(row["start"], row["end"], row["kind"]): i for i, row in enumerate(rows)}
    sid = lambda at: sids[bisect_right(starts, at) - 1] if at >= 0 else ""  # noqa: E731
    for row in rows:
        row |= {"text": reading.text[row["start"] : row["end"]], "sid": sid(row["start"])}
        row |= {"evidence": sid(row["evidence"]), "part_of": number.get(row["part_of"], pd.NA)}
    table = pd.DataFrame(rows, columns=COLUMNS).astype({"part_of": "Int64"})
    if article.offsets is not None:
        for column in ("cue_start", "mention_start"):
            table[column] = [int(article.offsets[at]) if at >= 0 else -1 for at in table[column]]
    return article.to_source(table)


def _row(sentence: Sentence, start: int, end: int, kind: str, cue: Cue | None = None, flag: str = "") -> dict:
    row = {"start": start, "end": end, "kind": kind, "section": sentence.section, "flag": flag, "rule": "no cue"}
    row |= {
        "speaker": "",
        "mention": "",
        "cue": "",
        "cue_start": -1,
        "mention_start": -1,
        "evidence": -1,
        "part_of": None,
    }
    if cue:
        row |= {"mention": sentence.phrase(cue.subject), "mention_start": sentence.starts[cue.subject[0]]}
        row |= {"cue": cue.verb if cue.form == "according" else sentence.words[cue.at]}
        row |= {"cue_start": sentence.starts[cue.at], "rule": RULES[cue.form]}
    return row


def _quoted(sentence: Sentence, k: int, kind: str, cue: Cue | None) -> dict:
    run = sentence.runs[k]
    return _row(sentence, run.start, run.end, kind, cue, run.flag)


def _statements(reading: str, sentence: Sentence, cues: list[Cue]) -> list[dict]:
    """The statements of one sentence. A run goes to the last cue that reports it, else to the cue before it."""
    rows, taken, places = [], {}, sorted(sentence.runs)
    for number, cue in enumerate(cues):
        for a, b in _contents(sentence, cue, cues[number - 1] if number else None, cues[number + 1 : number + 9]):
            inner = places[bisect_left(places, a) : bisect_left(places, b)]
            whole = not set(sentence.tags[a:b]) - set("Q,.-")
            around = None
            if not whole and cue.takes != "quote":
                rows.append(_row(sentence, sentence.starts[a], sentence.ends[b - 1], "indirect", cue))
                around = (rows[-1]["start"], rows[-1]["end"], "indirect")
            for k in inner:
                if (b <= cue.at and k in taken) or (not whole and _is_title(sentence, k, cue, reading)):
                    continue
                taken[k] = _quoted(sentence, k, "direct" if whole else "partial", cue) | {"part_of": around}
    ats = [cue.at for cue in cues]
    for k in places:
        if k not in taken and cues and not _is_title(sentence, k, cues[0], reading):
            taken[k] = _quoted(sentence, k, "partial", cues[max(0, bisect_left(ats, k) - 1)])
    return rows + list(taken.values())


def _is_title(sentence: Sentence, k: int, cue: Cue, text: str) -> bool:
    """Is a run inside a sentence a title or a name: two words or more, all the long ones with a capital?"""
    run = sentence.runs[k]
    words = text[run.start : run.end].split()
    exempt = sentence.section == "Headline" or cue.right == k or cue.takes == "object" or not 1 < len(words) < 12
    return not exempt and all(not word[0].islower() or len(word) < 5 for word in words) and words[-1][0].isupper()


def _announced(sentence: Sentence, cues: list[Cue]) -> dict | None:
    """The speaker that a paragraph ending in a colon announces: its last cue's, else its subject."""
    subject = first_phrase(sentence)
    cue = cues[-1] if cues else subject and Cue(len(sentence.words) - 1, 0, 0, ":", "quote", subject, "colon")
    return cue and _row(sentence, 0, 0, "direct", cue, "colon")


SCRIPT = re.compile(r"([A-Z][A-Z.’'-]+(?: [A-Z][A-Z.’'-]+){0,3}): ")


def _go_on(
    text: str, names: "Names", sentence: Sentence, found: list[dict], last: dict | None, new: bool
) -> dict | None:
    """Add the runs that no cue reports: the last speaker's where the quotation goes on, else nobody's.

    Returns the row whose speaker the next sentence may go on with.
    """
    plain = bool(set(sentence.tags) - set("Q,.-"))
    done = {row["start"] for row in found}
    for k, run in sentence.runs.items():
        if run.start in done:
            continue
        row = _quoted(sentence, k, "partial" if plain else "direct", None)
        if last and (not plain or sentence.tags[0] == "Q") and (not new or last["flag"] in ("unclosed", "colon")):
            row |= {key: last[key] for key in ("speaker", "mention", "mention_start", "cue", "cue_start", "evidence")}
            row["rule"] = "goes on" if not new else "colon before" if last["flag"] == "colon" else "next paragraph"
        if script := SCRIPT.match(text, run.start, run.end):
            row |= {"mention": script[1], "speaker": names.canonical(script[1].title()), "rule": "script"}
            row |= {"cue": ":", "cue_start": script.end(1), "mention_start": run.start}
        found.append(row)
    said = [row for row in found if row["mention"]]
    return max(said, key=lambda row: row["start"]) if said else None if new else last


# Names


@dataclass
class Person:
    name: list[str]
    gender: str = ""
    count: int = 0


class Names:
    """The persons of an article, and whom its pronouns mean.

    A person is two or more capitalised words after a title or beginning with a
    listed given name, or that speak and are later named by the last word alone.
    """

    def __init__(self, sentences: list[Sentence], cues: list[list[Cue]], aliases: dict[str, str]):
        self.sentences, self.cues = sentences, cues
        self.aliases = {key.casefold(): value for key, value in aliases.items()}
        self.people: dict[str, list[Person]] = {}
        runs = [
            [(m.start(), *_name(tuple(s.words[m.start() : m.end()]))) for m in re.finditer("N+", s.tags)]
            for s in sentences
        ]
        spans = [[first_phrase(s), *(cue.subject for cue in found)] for s, found in zip(sentences, cues, strict=True)]
        self.subjects = [{k for span in found if span for k in range(*span)} for found in spans]
        alone = {name[0] for found in runs for _, _, name, _ in found if len(name) == 1}
        for number, found in enumerate(runs):
            for at, titles, name, sure in found:
                if sure or self._speaks(number, at, titles, name, alone):
                    self._learn(titles, name)
        self.named = [
            [(at, person) for at, titles, name, _ in found if (person := self.person(titles, name))] for found in runs
        ]
        self.heard: dict[int, Person] = {}
        for sentence, named in zip(sentences, self.named, strict=True):
            self._learn_gender(sentence, named)

    def _speaks(self, number: int, at: int, titles: list[str], name: list[str], alone: set[str]) -> bool:
        """Is a name the subject of a cue, and the way it stands a person's? ("Ava Roe, …", "said Ava Roe", later "Roe")"""
        if at not in self.subjects[number] or ORGANISATIONS & {word.lower() for word in name}:
            return False
        end = at + len(titles) + len(name)
        tags = self.sentences[number].tags
        aside = tags[end : end + 1] == "," or "V" in tags[max(0, at - 2) : at]
        given = len(name) == 1 and name[0].lower() in _given_names()
        return given or (2 <= len(name) <= 3 and not name[-1].isupper() and (aside or _surname(name) in alone))

    def _learn(self, titles: list[str], name: list[str]) -> None:
        gender = next((_titles()[t] for t in titles if _titles().get(t)), "") or _given_names().get(name[0].lower(), "")
        known = self.people.setdefault(_surname(name), [])
        same = [p for p in known if p.name[0] == name[0] or len(name) == 1 or len(p.name) == 1]
        same = [p for p in same if not (gender and p.gender and gender != p.gender)] or same[:0]
        person = same[0] if same else Person(name, gender)
        if not same:
            known.append(person)
        person.name = max(person.name, name, key=len)
        person.gender = person.gender or gender
        person.count += 1

    def _learn_gender(self, sentence: Sentence, named: list[tuple[int, Person]]) -> None:
        """A person alone in a sentence has the gender of the first pronoun after the name."""
        if len({id(person) for _, person in named}) == 1 and not named[0][1].gender:
            after = (GENDERED[word] for word in sentence.low[named[0][0] :] if word in GENDERED)
            named[0][1].gender = next(after, "")

    def person(self, titles: list[str], name: list[str]) -> Person | None:
        """Whom a name means: the one so called, by title's gender and first name; else the most often named."""
        known = self.people.get(_surname(name), []) if name else []
        gender = next((_titles()[t] for t in titles if _titles().get(t)), "")
        fit = [
            p for p in known if (not gender or p.gender in (gender, "")) and (len(name) == 1 or p.name[0] == name[0])
        ]
        return max(fit, key=lambda p: p.count) if fit else None

    def resolve(self, number: int, row: dict) -> dict:
        """`speaker` for a row's mention, and `evidence`, the offset that named a pronoun."""
        mention = re.sub(r"['’](s|re|m|ve|d|ll)$", "", row["mention"])
        low = mention.lower().removeprefix("the ")
        if low in ("he", "she", "who") and (found := self._he(number, row, low)):
            return found
        if low in ("they", "both", "pair", "two") or re.match(r"(two|both) \w+s$", low):
            return {"mention": mention} | self._they(number, row)
        if low in ("he", "she", "who", "it", "i", "we", "you"):
            return {"mention": mention}
        words = [word.removesuffix("’s").removesuffix("'s") for word in mention.split()]
        person = self._of(words)
        if person:
            self.heard[number] = person
        return {"mention": mention, "speaker": self.canonical(mention)}

    def _of(self, words: list[str]) -> Person | None:
        k = next((k for k in range(len(words), 0, -1) if not words[k - 1][:1].isupper()), 0)
        titles, name, _ = _name(tuple(words[k:]))
        return self.person(titles + [word.lower() for word in words[max(0, k - 1) : k]], name)

    def canonical(self, mention: str) -> str:
        """The fullest name for a mention; joined names in alphabetical order."""
        if mention.casefold() in self.aliases:
            return self.aliases[mention.casefold()]
        parts = mention.split(" and ")
        if len(parts) > 1 and all(part[:1].isupper() for part in parts):
            return " and ".join(sorted(map(self.canonical, parts)))
        words = [word.removesuffix("’s").removesuffix("'s") for word in mention.split()]
        if person := self._of(words):
            return " ".join(person.name)
        return "The" + mention[3:] if re.match("[Tt]he [A-Z]", mention) else mention

    def _he(self, number: int, row: dict, low: str) -> dict:
        """ "He", "she": the nearest fitting person who spoke or was a subject, else the nearest one named.

        Looks back within the section; persons whose gender is not known fit.
        """
        other = {"he": "female", "she": "male"}.get(low)
        first = max(0, number - MEMORY)
        back = [k for k in range(number, first - 1, -1) if self.sentences[k].section == self.sentences[number].section]
        before = min(row["start"], row["mention_start"])
        for subjects in (True, False):
            for k in back:
                sentence = self.sentences[k]
                found = [(sentence.starts[0], self.heard[k])] if k in self.heard and k < number else []
                found += [(sentence.starts[at], p) for at, p in self.named[k] if not subjects or at in self.subjects[k]]
                for at, person in found:
                    if person.gender != other and at < before:
                        self.heard[number] = person
                        return {"speaker": " ".join(person.name), "evidence": at}
        return {}

    def _they(self, number: int, row: dict) -> dict:
        """ "They", "the two countries": the last plural or joined subject; for "two", joined."""
        two = row["mention"].lower() != "they"
        for k in range(number, max(-1, number - MEMORY), -1):
            sentence = self.sentences[k]
            for span in filter(None, [*(cue.subject for cue in self.cues[k]), first_phrase(sentence)]):
                a, b = span
                words = sentence.low[a:b]
                if (
                    sentence.starts[a] >= row["mention_start"]
                    or sentence.tags[a] == "H"
                    or {"two", "both"} & set(words[:2])
                ):
                    continue
                if "NCN" in sentence.tags[a:b] or (not two and sentence.tags[b - 1] == "n" and words[-1].endswith("s")):
                    return {"speaker": self.canonical(sentence.phrase(span)), "evidence": sentence.starts[a]}
        return {}


GENDERED = {"he": "male", "his": "male", "him": "male", "she": "female", "her": "female"}
ORGANISATIONS = set(
    "university committee department party house times post news court college institute society council association"
    " center centre group company inc corp street county city states party congress agency bank union fund foundation"
    " campaign administration office bureau journal magazine press board commission club league church".split()
)


def _surname(name: list[str]) -> str:
    """The last word of a name that is not Jr. or III."""
    return next((word for word in reversed(name) if word.rstrip(".") not in ("Jr", "Sr", "II", "III", "IV")), name[-1])


@lru_cache(5_000)
def _name(words: tuple[str, ...]) -> tuple[list[str], list[str], bool]:
    """Titles, name, and whether it surely is a person's: "President Joe Biden" → [president], [Joe, Biden], True."""
    words = [word.removesuffix("’s").removesuffix("'s") for word in words]
    low = [word.lower().rstrip(".") for word in words]
    k = next((k + 1 for k in range(len(words) - 1, -1, -1) if low[k] in _titles()), 0)
    given = next((j for j in range(k, len(words) - 1) if low[j] in _given_names()), None)
    if given is not None:
        k = given
    name = words[k:]
    sure = bool(name) and not ORGANISATIONS & set(low[k:]) and (given is not None or (k > 0 and len(name) < 4))
    return low[:k], name, sure


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
