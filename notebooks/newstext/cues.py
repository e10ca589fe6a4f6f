"""Cues, the words that report speech, with their subjects, and what they report.

Rules stand in `grammar.tsv` and are tried in order.
"""

import re
from collections import namedtuple

from newstext.rules import GRAMMAR, LETTERS
from newstext.words import VERB_FORMS, Sentence, Span

REACH = 40  # words a subject may lie left of its verb
LIMIT = 150  # words a reported clause may hold
TURN = {"but", "while", "though", "although", "whereas"}
QUESTIONS = {"how", "why", "whether", "what", "where", "if"}
ADDRESSED = {"tell", "inform", "ask", "warn"}  # verbs that may name the listener first
CUES = re.compile("[VWK]")
SIGNS = {"third": "said", "past": "said", "verb": "say", "ing": "saying", "": "by"}  # classes for the cue looked at
# A reporting expression: its word, its clause from left to right, its verb, its subject's words, the rule that fired.
Cue = namedtuple("Cue", "sentence at left right verb takes subject rule")
# The rules for a verb, in the order in which they are tried; one without <head> takes the main clause's subject.
VERB_RULES = ["-ing form of the main subject", "second verb of the subject", "who and verb"]
VERB_RULES += ["infinitive of the main subject", "verb and subject", "subject and verb", "clause, verb and subject"]


def find_cues(sentence: Sentence) -> list[Cue]:
    """Reporting verbs and "according to" with their subjects, in the order of the sentence.

    Left out: infinitives, passives, what is not or could be said, forms that are nouns here ("a report", "his claims").
    Misses: verbs that are not listed, subjects more than 40 words away.
    """
    cues: list[Cue] = []
    for match in CUES.finditer(sentence.tags):
        if cue := _cue_at(sentence, match.start(), cues):
            cues.append(cue)
    return cues or _colon(sentence)


def _colon(sentence: Sentence) -> list[Cue]:
    """Ann Roe: “It holds.” The mayor was angry: “It holds.” In a headline a name and a colon do without marks."""
    tags, at = sentence.tags, sentence.low.index(":") if ":" in sentence.low else 0
    subject, headline = first_phrase(sentence) or (at, at + 1), sentence.section == "Headline"
    said = tags[at + 1 : at + 2] == "Q" or (headline and GRAMMAR["name and colon"].fullmatch(tags, 0, at + 1))
    cue = Cue(sentence, at, 0, at + 1, ":", "clause", subject, "subject and colon")
    return [cue] if at and said and subject[1] <= at < len(tags) - 1 else []


def _cue_at(sentence: Sentence, i: int, earlier: list[Cue]) -> Cue | None:
    """The cue at a word, by the first rule that fits; none for "did not say", "could say", "was told"."""
    tags, base = sentence.tags, max(0, i - REACH)
    verb, form, takes = VERB_FORMS.get(sentence.low[i], ("according to", "", "clause"))
    helpers = GRAMMAR["helpers"].search(tags[base:i])[0]
    if "X" in helpers or ("B" in helpers and form != "ing"):
        return None
    sign = "said" if form == "ing" and "B" in helpers else SIGNS[form]
    text = tags[base:i] + LETTERS[sign] + tags[i + 1 : i + LIMIT]
    for name in VERB_RULES if form else ["according to"]:
        if match := GRAMMAR[name].search(text):
            head = match.groupdict().get("head") and tuple(base + k for k in match.span("head"))
            subject = head or _main_subject(sentence, earlier)
            return subject and Cue(sentence, i, base + match.start(), base + match.end(), verb, takes, subject, name)
    return None


def _main_subject(sentence: Sentence, earlier: list[Cue]) -> Span | None:
    """Whose a second verb or an -ing form is: the last cue's that begins a clause, else the sentence's subject."""
    tags = sentence.tags
    begin = (cue.subject for cue in earlier[:-9:-1] if cue.left == 0 or tags[cue.left - 1] in ",.Q-CS")
    return next(begin, None) or first_phrase(sentence)


def first_phrase(sentence: Sentence) -> Span | None:
    """The sentence's subject, roughly: its first noun phrase after an adverbial closed by a comma."""
    match = GRAMMAR["first phrase"].match(sentence.tags[: 3 * REACH])
    return match and match.span("head")


def antecedent(sentence: Sentence, at: int) -> Span | None:
    """Whom the "who" at a word means: the noun phrase before it."""
    base = max(0, at - REACH)
    match = GRAMMAR["antecedent"].search(sentence.tags[base:at]) if sentence.low[at] == "who" else None
    return match and (base + match.start("head"), base + match.end("head"))


def reported(cue: Cue, following: list[Cue]) -> list[Span]:
    """Word ranges of what a cue reports: right of it, left of it, or both around "X said".

    Misses: clauses that go on into the next sentence. Takes for reported what the writer adds after "and" with a
    subject of its own.
    """
    tags, left = cue.sentence.tags, max(0, cue.left - LIMIT)
    before, begin, spans = tags[left : cue.left], _complement(cue), []
    if begin is None and (before[-1:] in (",", "Q", "-") or (cue.verb == "according to" and cue.at > 1)):
        spans = [(left, cue.left)]
        goes_on = ",[QBAXVv]" if cue.verb == "according to" or "verb and subject" in cue.rule else ","
        if re.match(goes_on, tags[cue.right : cue.right + 2]) and "Q" not in before[-2:]:
            begin = cue.right + 1  # "The bridge, Roe said, will hold"
            if tags[begin : begin + 1] == "Q" and GRAMMAR["adverbial"].fullmatch(before):
                spans = []  # "In a letter to Elm, Roe wrote, “It holds”"
    if begin is not None:
        spans.append((begin, _clause_end(cue, begin, following)))
    spans = [(a, a + len(tags[a:b].rstrip(",.-C"))) for a, b in spans]
    return [(a, b) for a, b in spans if _says_something(cue, a, b)]


def _says_something(cue: Cue, begin: int, end: int) -> bool:
    """Not "And, Roe said", "said so", "wrote a book", "called Bernard": a noun, two words, what the verb asks."""
    tags, asked = cue.sentence.tags[begin:end], GRAMMAR.get(cue.verb)
    if begin < cue.left:
        return bool(re.search("[nNHQ]", tags))
    return (len(tags) > 1 or tags == "Q") and not (asked and begin == cue.right and not asked.match(tags))


def _complement(cue: Cue) -> int | None:
    """The word at which what is said begins, right of the cue; None where nothing is."""
    low, tags = cue.sentence.low, cue.sentence.tags
    comma = tags.find(",", cue.right, cue.right + REACH)
    if cue.verb == "according to":
        return comma + 1 if cue.at < 2 and comma > 0 else None
    if cue.left and low[cue.left - 1] == "as" and comma == cue.right:
        return comma + 1  # "As Ann Roe noted, it holds"
    i = GRAMMAR["time after verb"].match(tags, cue.right).end()
    after, before = tags[i : i + 1], tags[cue.left - 1] if cue.left else "."
    if after == "t" or low[i : i + 1] == [":"]:
        return i + (tags[i + 1 : i + 2] not in ("B", "A", "X"))
    if after in ("", ".", "-"):
        return None
    if cue.takes == "object" or (after in "PI" and cue.takes == "to"):
        return i + (after == "P") if before not in "SRt" or "Q" in tags[i : i + LIMIT] else None
    if cue.verb in ADDRESSED and (listener := GRAMMAR["listener"].match(tags, i)):
        i = listener.end()
        return None if before + tags[i] in ("Q,", "Q.", "QP", "QS", ",.") else i + (tags[i] in "t,.")
    if after in "PI,SR":
        that = GRAMMAR["aside and that"].match(tags, i)
        return that.end() if that else i if low[i] in QUESTIONS else None
    return i


def _clause_end(cue: Cue, begin: int, following: list[Cue]) -> int:
    """Where a reported clause ends: before the next cue that goes on with the sentence, at a turn, or with it.

    One in a subordinate clause ends at its comma: "While Ann Roe said |it held|, …".
    """
    tags, low = cue.sentence.tags, cue.sentence.low
    end = begin + 1 if re.match("Q,[^Q]", tags[begin : begin + 3]) else min(len(tags), begin + LIMIT)
    ends = [c.left for c in following if c.left >= begin and ("second" in c.rule or tags[c.left - 1] in ",-C")][:1]
    ends += [k for k in range(begin, end - 1) if low[k] == ";" or (low[k] == "," and low[k + 1] in TURN)][:1]
    if GRAMMAR["subordinate"].fullmatch(tags, 0, min(cue.left, LIMIT)):
        ends += [k for k in range(begin, end) if low[k] == ","][:1]
    for name in ["another clause", "object over"] if cue.takes == "object" else ["another clause"]:
        ends += [match.start() for match in [GRAMMAR[name].search(tags, begin, end)] if match]
    return min([end, *ends])
