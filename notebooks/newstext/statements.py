"""Who is reported to have said what, found by rules of English news prose.

The way through: read each sentence with every quotation run as one word
(`runs`, `words`), find the cues and their subjects (`cues`), attach statements
to them, and at last give names and pronouns their persons (`names`). No model,
only word lists and `grammar.tsv`.
"""

import re
from bisect import bisect_left, bisect_right
from dataclasses import dataclass, field
from typing import NamedTuple

import pandas as pd

from newstext.article import Article
from newstext.cues import Cue, find_cues, first_phrase, reported
from newstext.names import find_people
from newstext.rules import GRAMMAR
from newstext.words import Sentence, read_sentences, reporting_verbs

COLUMNS = [
    *["start", "end", "text", "kind", "speaker", "mention", "cue", "verb", "part_of", "sid", "section", "rule"],
    *["cue_start", "mention_start", "evidence", "flag"],
]


class Source(NamedTuple):
    """Who says it as the text has it: a cue and the sentence it stands in."""

    sentence: Sentence
    cue: Cue

    def columns(self) -> dict:
        """The words of the subject and the cue, where they stand, and the cue's verb as the list has it."""
        words, cue = self.sentence.words, self.cue
        pair = f"{cue.verb} {next(iter(self.sentence.low[cue.at + 1 : cue.at + 2]), '')}"  # "call for"
        return {
            "mention": re.sub(r"['’]s$", "", self.sentence.phrase(cue.subject)),
            "mention_start": words[cue.subject[0]].start,
            "cue": cue.verb if cue.rule == "according to" else words[cue.at].text,
            "cue_start": words[cue.at].start,
            "verb": pair if pair in set(reporting_verbs().verb) else cue.verb,
        }


SPOKEN = re.compile(r"\b(?:I|you|we|is|not)\b|[?!]|n[’']t\b")  # what no title has
NOBODY = {"mention": "", "mention_start": -1, "cue": "", "cue_start": -1, "verb": ""}


@dataclass
class Statement:
    """Something somebody is reported to have said; `around` is the indirect statement a partial one lies in."""

    start: int
    end: int
    kind: str
    section: str
    source: Source | None = None
    rule: str = "no cue"
    flag: str = ""
    around: "Statement | None" = None
    speaker: str = ""
    evidence: int = -1


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
    sentences = read_sentences(article.reading)
    cues = [find_cues(sentence) for sentence in sentences]
    statements = _all_said(article.reading.text, sentences, cues)
    people = find_people(sentences, cues, article.aliases)
    for statement in statements:
        if statement.source:
            (sentence, cue), whole = statement.source, statement.around or statement
            statement.speaker, statement.evidence = people.whose(sentence, cue.subject, (whole.start, whole.end))
    return _table(article, sorted(statements, key=lambda s: (s.start, -s.end)))


def _table(article: Article, statements: list[Statement]) -> pd.DataFrame:
    text, sentences = article.reading.text, article.reading.sentences
    starts, sids = sentences.start.tolist(), sentences.sid.tolist()
    number = {id(statement): i for i, statement in enumerate(statements)}
    rows = [
        vars(s)
        | (s.source.columns() if s.source else NOBODY)
        | {"text": text[s.start : s.end], "sid": sids[bisect_right(starts, s.start) - 1]}
        | {"evidence": sids[bisect_right(starts, s.evidence) - 1] if s.evidence >= 0 else ""}
        for s in statements
    ]
    places = dict.fromkeys(["start", "end", "cue_start", "mention_start"], int)
    table = pd.DataFrame(rows, columns=COLUMNS).astype(places)
    table["part_of"] = pd.array([number.get(id(s.around), pd.NA) for s in statements], dtype="Int64")
    if article.offsets is not None:
        for name in ("cue_start", "mention_start"):
            table[name] = [int(article.offsets[at]) if at >= 0 else -1 for at in table[name]]
    return article.to_source(table)


@dataclass
class Story:
    """The sentences of an article with their cues and statements; `last` says who goes on speaking after each."""

    text: str
    sentences: list[Sentence]
    cues: list[list[Cue]]
    said: list[list[Statement]]
    last: list[Source | None] = field(default_factory=list)

    def begins(self, i: int) -> bool:
        """Is a sentence the first of its paragraph?"""
        return i == 0 or self.sentences[i - 1].paragraph != self.sentences[i].paragraph


def _all_said(text: str, sentences: list[Sentence], cues: list[list[Cue]]) -> list[Statement]:
    """The statements of all sentences; quotations that no cue reports are given to somebody by the rules below, or nobody."""
    story = Story(text, sentences, cues, [_said_in(text, *pair) for pair in zip(sentences, cues)])
    for i, sentence in enumerate(sentences):
        for rule in (_verb_after, _credit_line, _goes_on, _name_after):
            rule(story, i)
        named = [statement.source for statement in story.said[i] if statement.source]
        last = named[-1] if named else None if story.begins(i) else story.last[-1]
        story.last.append(_announced(sentence, cues[i]) if sentence.low[-1] == ":" else last)
    return [statement for said in story.said for statement in said]


def _announced(sentence: Sentence, cues: list[Cue]) -> Source | None:
    """Who speaks after a colon that ends the sentence: its last cue's subject, else its first noun phrase."""
    at = len(sentence.words) - 1
    subject = None if cues else first_phrase(sentence)
    cue = cues[-1] if cues else subject and Cue(at, 0, at, ":", "quote", subject, "colon before")
    return cue and Source(sentence, cue)


def _give(statement: Statement, source: Source, rule: str) -> None:
    statement.source, statement.rule = source, rule


def _verb_after(story: Story, i: int) -> None:
    """“Why?” |Ann Roe said of the bridge.: a sentence that begins with a cue which reports nothing in it."""
    sentence, cue = story.sentences[i], next(iter(story.cues[i]), None)
    if story.begins(i) or not cue or cue.left or cue.takes == "object" or story.sentences[i - 1].tags[-1] != "Q":
        return
    if not reported(sentence, cue, story.cues[i][1:9]):
        for statement in story.said[i - 1]:
            if statement.kind == "direct" and statement.rule in ("no cue", "goes on"):
                _give(statement, Source(sentence, cue), "verb after the quotation")
                story.last[-1] = statement.source


def _credit_line(story: Story, i: int) -> None:
    """“It holds.” |― Ann Roe, in the same paragraph or the next."""
    match = GRAMMAR["credit line"].fullmatch(story.sentences[i].tags)
    for statement in story.said[i - 1] if match and i else []:
        if not statement.source or (statement.rule == "goes on" and not story.begins(i)):
            cue = Cue(0, 0, 1, "―", "quote", match.span("head"), "credit line")
            _give(statement, Source(story.sentences[i], cue), cue.rule)


def _goes_on(story: Story, i: int) -> None:
    """A sentence of quotations alone goes on within a paragraph, after a colon, and after a paragraph that ended in one.

    Misses: a new speaker who is not named. Left out: subheadings in single marks.
    """
    sentence, last = story.sentences[i], story.last[-1] if i else None
    if not last or not _all_quoted(sentence.tags):
        return
    rule, before = "goes on", story.sentences[i - 1]
    if story.begins(i):
        rule = "colon before" if before.low[-1] == ":" else "next paragraph"
        if rule == "next paragraph" and not ("Q" in before.tags and any(s.source for s in story.said[i - 1])):
            return
    for statement in story.said[i]:
        marks = story.text[max(0, statement.start - 2) : statement.start]
        if not (rule == "next paragraph" and marks[-1:] in ("'", "‘") and marks != "''"):
            _give(statement, last, rule)


def _name_after(story: Story, i: int) -> None:
    """“It holds,” |beamed Ann Roe.: a verb that is not listed, or none."""
    sentence, first = story.sentences[i], next((s for s in story.said[i] if not s.source), None)
    match = GRAMMAR["name after quotation"].match(sentence.tags)
    if match and first and first.start == sentence.words[0].run.start and story.text[first.end - 1] in ",?!":
        cue = Cue(match.end() - 1, 0, match.end(), "", "quote", match.span("head"), "name after the quotation")
        _give(first, Source(sentence, cue), cue.rule)
        first.kind = "direct"


def _all_quoted(tags: str) -> bool:
    return not set(tags) - set("Q,.-")


def _quoted(sentence: Sentence, k: int, kind: str, cue: Cue | None) -> Statement:
    run = sentence.words[k].run
    statement = Statement(run.start, run.end, kind, sentence.section, flag=run.flag)
    if cue:
        statement.source, statement.rule = Source(sentence, cue), cue.rule
    return statement


def _said_in(text: str, sentence: Sentence, cues: list[Cue]) -> list[Statement]:
    """The statements of one sentence. A run goes to the last cue that reports it, else to the cue before it."""
    rows, taken = [], {}
    places = [k for k, word in enumerate(sentence.words) if word.run]
    for number, cue in enumerate(cues):
        for a, b in reported(sentence, cue, cues[number + 1 : number + 9]):
            whole = _all_quoted(sentence.tags[a:b])
            around = None
            if not whole and cue.takes != "quote":
                start, end = sentence.words[a].start, sentence.words[b - 1].end
                around = Statement(start, end, "indirect", sentence.section, Source(sentence, cue), cue.rule)
                rows.append(around)
            for k in places[bisect_left(places, a) : bisect_left(places, b)]:
                taken[k] = _quoted(sentence, k, "direct" if whole else "partial", cue)
                taken[k].around = around
    ats, kind = [cue.at for cue in cues], "direct" if _all_quoted(sentence.tags) else "partial"
    for k in places:
        if k not in taken:
            named = cues and not _is_title(sentence, k, text)
            taken[k] = _quoted(sentence, k, kind, cues[max(0, bisect_left(ats, k) - 1)] if named else None)
    return rows + list(taken.values())


def _is_title(sentence: Sentence, k: int, text: str) -> bool:
    """Is a run inside a sentence a title or a name: two words or more, all the long ones with a capital?

    Misses: titles of one word, titles in headlines.
    """
    run = sentence.words[k].run
    said = text[run.start : run.end]
    words = re.findall(r"[^\W_][\w’']*", said)
    capitals = all(word[0].isupper() for word in [words[0], words[-1], *(word for word in words if len(word) > 4)])
    return sentence.section != "Headline" and len(words) > 1 and capitals and not SPOKEN.search(said)


# Beside a table marked by hand


def compare(found: pd.DataFrame, marked: pd.DataFrame) -> pd.DataFrame:
    """Found statements beside the ones marked by hand, in the order of the text: one row a pair or a single.

    A pair is a found and a marked statement, both with or both without
    quotation marks of their own, that share at least half of the characters
    they cover together (intersection over union), best pairs first. `result`
    is "right", "wrong speaker", "missed", "found only", or "borderline" where
    the table itself is not sure (`sure` = no), which counts neither way.
    """
    ours, theirs = list(found.itertuples()), list(marked.itertuples())
    pairs, rows = _pairs(ours, theirs), []
    for i, a in enumerate(theirs):
        b = ours[pairs[i]] if i in pairs else None
        result = "missed" if b is None else "right" if b.speaker == a.speaker else "wrong speaker"
        result = "borderline" if getattr(a, "sure", "yes") == "no" else result
        rows.append((a.start, result, a.kind, a.speaker, b.speaker if b else "", a.text, b.rule if b else ""))
    paired = set(pairs.values())
    rows += [
        (b.start, "found only", b.kind, "", b.speaker, b.text, b.rule) for j, b in enumerate(ours) if j not in paired
    ]
    return pd.DataFrame(sorted(rows), columns=["start", "result", "kind", "marked", "found", "text", "rule"])


def _pairs(ours: list, theirs: list) -> dict[int, int]:
    """Best pairs of two tables' rows that share half or more, as {place in theirs: place in ours}."""
    shares = []
    for i, a in enumerate(theirs):
        for j, b in enumerate(ours):
            shared = min(a.end, b.end) - max(a.start, b.start)
            if shared > 0 and (a.kind == "indirect") == (b.kind == "indirect"):
                shares.append((shared / (max(a.end, b.end) - min(a.start, b.start)), -i, -j))
    pairs: dict[int, int] = {}
    for share, i, j in sorted(shares, reverse=True):
        if share >= 0.5 and -i not in pairs and -j not in pairs.values():
            pairs[-i] = -j
    return pairs
