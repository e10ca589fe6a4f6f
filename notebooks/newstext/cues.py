"""Cues, the words that report speech, with their subjects, and what they report.

One function a rule, tried in order; patterns stand in `grammar.tsv`.
"""

import re
from collections import namedtuple

from newstext.rules import GRAMMAR
from newstext.words import VERB_FORMS, Sentence, Span

REACH = 40  # words a subject may lie left of its verb
LIMIT = 150  # words a reported clause may hold
TURN = {"but", "while", "though", "although", "whereas"}
QUESTIONS = {"how", "why", "whether", "what", "where", "if"}
ADDRESSED = {"tell", "inform", "ask", "warn"}  # verbs that may name the listener first
CUES = re.compile("[VWK]")
# A reporting expression: its word, its clause from left to right, its verb, its subject's words, the rule that fired.
Cue = namedtuple("Cue", "sentence at left right verb takes subject rule")
# A reporting verb in its sentence: `first` is its first helping word, `before` the tag left of that, `left` the tags
# left of the verb as far as a subject may lie, `earlier` the cues found before.
Place = namedtuple("Place", "sentence at form first before left earlier")
Clause = tuple[int, int, Span | None]  # from the first word to the one after the last, and the subject


def find_cues(sentence: Sentence) -> list[Cue]:
    """Reporting verbs and "according to" with their subjects, in the order of the sentence.

    Left out: infinitives, passives, what is not or could be said, forms that are nouns here ("a report", "his claims").
    Misses: verbs that are not listed, subjects more than 40 words away.
    """
    cues: list[Cue] = []
    for match in CUES.finditer(sentence.tags):
        find = _according_to if match[0] == "K" else _verb_cue
        if cue := find(sentence, match.start(), cues):
            cues.append(cue)
    colon = _colon(sentence, cues)
    return [colon, *cues] if colon else cues


def _colon(sentence: Sentence, cues: list[Cue]) -> Cue | None:
    """Ann Roe: “It holds.” The mayor was angry: “It holds.” In a headline a name and a colon do without marks."""
    tags = sentence.tags
    at = sentence.low.index(":") if ":" in sentence.low else 0
    subject, named = first_phrase(sentence), GRAMMAR["name and colon"].fullmatch(tags, 0, at + 1)
    said = tags[at + 1 : at + 2] == "Q" or (named and sentence.section == "Headline" and tags[at + 1 :])
    if not (at and subject and subject[1] <= at and said and (named or not cues)):
        return None
    return Cue(sentence, at, 0, at + 1, ":", "clause", subject, "subject and colon")


def _according_to(sentence: Sentence, i: int, earlier: list[Cue]) -> Cue | None:
    match = GRAMMAR["verb and subject"].match(sentence.tags, i + 2)
    return match and Cue(sentence, i, i, match.end(), "according to", "clause", match.span("head"), "according to")


def _verb_cue(sentence: Sentence, i: int, earlier: list[Cue]) -> Cue | None:
    """The cue at a reporting verb, by the first rule that fits; none for "did not say", "could say", "was told"."""
    tags, (verb, form, takes), base = sentence.tags, VERB_FORMS[sentence.low[i]], max(0, i - REACH)
    first = base + GRAMMAR["helpers"].search(tags[base:i]).start()
    helpers, before = tags[first:i], tags[first - 1] if first else "."
    beside = re.match(".{0,2}[,.]?Q", tags[i + 1 : i + 5]) or "Q" in tags[max(0, i - 6) : i]
    if "X" in helpers or ("B" in helpers and form != "ing") or (verb in ("begin", "start") and not beside):
        return None
    form = "participle" if form == "ing" and "B" not in helpers else form
    place = Place(sentence, i, form, first, before, tags[base:first], earlier)
    found = ((name, clause) for name, rule in VERB_RULES.items() if (clause := rule(place)))
    name, (left, right, subject) = next(found, ("", (0, 0, None)))
    return Cue(sentence, i, left, right, verb, takes, subject, name) if subject else None


def _ing_form(place: Place) -> Clause | None:
    """…, |saying it held; with Ann Roe |saying it held; a letter |saying that it held, but not the money |saying so."""
    tags, i = place.sentence.tags, place.at
    reports = place.before in ",.-NCQS" or tags[i + 1 : i + 2] == "t" or "Q" in tags[i:]
    if place.form != "participle" or not reports:
        return None
    own = len(place.left) - len(place.left.rstrip("N"))
    return i, i + 1, (place.first - own, place.first) if own else _main_subject(place)


def _second_verb(place: Place) -> Clause | None:
    """Ann Roe said … and |denied …"""
    if place.before != "C" or place.form in ("verb", "participle"):
        return None
    return place.at - 1, place.at + 1, _main_subject(place)


def _main_subject(place: Place) -> Span | None:
    """Whose a second verb or an -ing form is: the last cue's that begins a clause, else the sentence's subject."""
    tags = place.sentence.tags
    begin = (cue.subject for cue in place.earlier[:-9:-1] if cue.left == 0 or tags[cue.left - 1] in ",.Q-C")
    return next(begin, None) or first_phrase(place.sentence)


def _who_and_verb(place: Place) -> Clause | None:
    """X of Y, who |said …"""
    who = place.first - 1
    if place.before != "R" or place.form == "participle" or not antecedent(place.sentence, who):
        return None
    return who, place.at + 1, (who, place.first)


def _to_and_verb(place: Place) -> Clause | None:
    """Ann Roe liked to |say that …, was moved to |say: “…”"""
    reports = re.match("[,.]?Q|t", place.sentence.tags[place.at + 1 : place.at + 3])
    if place.before != "I" or place.form != "verb" or not reports:
        return None
    return place.at - 1, place.at + 1, _main_subject(place)


def _verb_and_subject(place: Place) -> Clause | None:
    """ "…", |said X of Y, who …: the verb follows the quotation or a clause, and its subject closes the clause."""
    tags, i = place.sentence.tags, place.at
    if place.first != i or place.before not in ",.-Q" or place.form in ("verb", "participle"):
        return None
    match = GRAMMAR["verb and subject"].match(tags, i + 1)
    closed = match and tags[match.end() : match.end() + 1] in ",.-R"
    if match and ("Q" in tags[max(0, i - 2) : i] or (closed and not GRAMMAR["subject and verb"].search(place.left))):
        return i, match.end(), match.span("head")
    return None


def _subject_and_verb(place: Place) -> Clause | None:
    """X of Y, a Z, |said …, over helpers and adverbs. Misses: "X, Y and Z said"."""
    match = GRAMMAR["subject and verb"].search(place.left)
    if not match or place.form == "participle" or (place.before == "C" and place.form != "verb"):
        return None
    begin, end = (place.first - len(place.left) + k for k in match.span("head"))
    return begin, place.at + 1, (begin, end)


VERB_RULES = {
    "-ing form of the main subject": _ing_form,
    "second verb of the subject": _second_verb,
    "who and verb": _who_and_verb,
    "infinitive of the main subject": _to_and_verb,
    "verb and subject": _verb_and_subject,
    "subject and verb": _subject_and_verb,
}


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
        goes_on = ",[QBAXVv]" if cue.rule in ("according to", "verb and subject") else ","
        if re.match(goes_on, tags[cue.right : cue.right + 2]) and "Q" not in before[-2:]:
            begin = cue.right + 1  # "The bridge, Roe said, will hold"
            if tags[begin : begin + 1] == "Q" and GRAMMAR["adverbial"].fullmatch(before):
                spans = []  # "In a letter to Elm, Roe wrote, “It holds”"
    if begin is not None:
        spans.append((begin, _clause_end(cue, begin, following)))
    spans = [(a, a + len(tags[a:b].rstrip(",.-"))) for a, b in spans]
    return [(a, b) for a, b in spans if _says_something(cue, a, b)]


def _says_something(cue: Cue, begin: int, end: int) -> bool:
    """Not "Apart from this, Roe said", "said so", "wrote a book", "called Bernard": a noun, two words, what verbs ask."""
    tags, asked = cue.sentence.tags[begin:end], GRAMMAR.get(cue.verb)
    if begin < cue.left:
        return bool(re.search("[nNHQT]", tags))
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
        return None if before == "Q" and tags[i] in ",.PS" else i + (tags[i] in "t,.")
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
    cues = [c.left for c in following if c.left >= begin and ("second" in c.rule or tags[c.left - 1] in ",-C")]
    turns = (k for k in range(begin, end - 1) if low[k] == ";" or (low[k] == "," and low[k + 1] in TURN))
    comma = tags.find(",", begin) if GRAMMAR["subordinate"].fullmatch(tags[: cue.left]) and begin >= cue.right else -1
    over = GRAMMAR["object over"].search(tags, begin, end) if cue.takes == "object" else None
    return min(end, *cues[:1], *[comma] * (comma > 0), next(turns, end), over.start() if over else end)
