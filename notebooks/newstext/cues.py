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
PARTED = re.compile("(?:,C?|-)$")  # what stands before a clause that is not reported
# A reporting expression: its word, its clause from left to right, its verb, its subject's words, the rule that fired.
Cue = namedtuple("Cue", "sentence at left right verb takes subject rule")


class Place(namedtuple("Place", "sentence at form first before earlier")):
    """A reporting verb in its sentence: `first` is its first helping word, `before` the tag left of that."""

    @property
    def left(self) -> str:
        """The tags left of the verb and its helping words, as far as a subject may lie."""
        return self.sentence.tags[max(0, self.at - REACH) : self.first]

    def cue(self, left: int, right: int, subject: Span | None, rule: str) -> Cue | None:
        verb, _, takes = VERB_FORMS[self.sentence.low[self.at]]
        return subject and Cue(self.sentence, self.at, left, right, verb, takes, subject, rule)


def find_cues(sentence: Sentence) -> list[Cue]:
    """Reporting verbs and "according to" with their subjects, in the order of the sentence.

    Left out: infinitives, passives, negated verbs, and forms that are nouns here ("a Times report", "his claims").
    Misses: verbs that are not listed, subjects more than 40 words away.
    """
    first = _name_and_colon(sentence)
    cues = [first] if first else []
    for match in CUES.finditer(sentence.tags):
        find = _according_to if match[0] == "K" else _verb_cue
        if cue := find(sentence, match.start(), cues):
            cues.append(cue)
    last = None if cues else _subject_and_colon(sentence)
    return [last] if last else cues


def _name_and_colon(sentence: Sentence) -> Cue | None:
    """Ann Roe: “It holds.” In a headline also without marks. Misses: a colon after a clause."""
    tags, match = sentence.tags, GRAMMAR["name and colon"].match(sentence.tags)
    at, end = (match.end() - 1, match.end()) if match else (0, 0)
    fits = tags[end:] if sentence.section == "Headline" else tags[end : end + 1] == "Q"
    if not match or sentence.low[at] != ":" or not fits:
        return None
    return Cue(sentence, at, 0, end, ":", "clause", match.span("head"), "name and colon")


def _subject_and_colon(sentence: Sentence) -> Cue | None:
    """The mayor of Elm was angry: “It holds.” Where no other cue is."""
    colon = sentence.low.index(":") if ":" in sentence.low else 0
    subject = first_phrase(sentence) if sentence.tags[colon + 1 : colon + 2] == "Q" else None
    fits = subject and subject[1] <= colon
    return Cue(sentence, colon, 0, colon + 1, ":", "clause", subject, "subject and colon") if fits else None


def _according_to(sentence: Sentence, i: int, earlier: list[Cue]) -> Cue | None:
    match = GRAMMAR["verb and subject"].match(sentence.tags, i + 2)
    return match and Cue(sentence, i, i, match.end(), "according to", "clause", match.span("head"), "according to")


def _verb_cue(sentence: Sentence, i: int, earlier: list[Cue]) -> Cue | None:
    """The cue at a reporting verb, by the first rule that fits; none for "did not say" and "was told"."""
    tags, (verb, form, _), base = sentence.tags, VERB_FORMS[sentence.low[i]], max(0, i - REACH)
    first = base + GRAMMAR["helpers"].search(tags[base:i]).start()
    helpers, before = tags[first:i], tags[first - 1] if first else "."
    beside = re.match(".{0,2}[,.]?Q", tags[i + 1 : i + 5]) or "Q" in tags[max(0, i - 6) : i]
    if "X" in helpers or {"would", "could", "may", "might", "should", "must", "can"} & set(sentence.low[first:i]) or ("B" in helpers and form != "ing") or (verb in ("begin", "start") and not beside):
        return None
    place = Place(sentence, i, "participle" if form == "ing" and "B" not in helpers else form, first, before, earlier)
    return next(filter(None, (rule(place) for rule in VERB_RULES)), None)


def _ing_form(place: Place) -> Cue | None:
    """…, |saying it held; with Ann Roe |saying it held."""
    if place.form != "participle":
        return None
    own = len(place.left) - len(place.left.rstrip("N"))
    subject = (place.first - own, place.first) if own else _main_subject(place)
    return place.cue(place.at, place.at + 1, subject, "-ing form of the main subject")


def _second_verb(place: Place) -> Cue | None:
    """Ann Roe said … and |denied …"""
    if place.before != "C" or place.form in ("verb", "participle"):
        return None
    return place.cue(place.at - 1, place.at + 1, _main_subject(place), "second verb of the subject")


def _main_subject(place: Place) -> Span | None:
    """Whose a second verb or an -ing form is: the last cue's that begins a clause, else the sentence's subject."""
    tags = place.sentence.tags
    begin = (cue.subject for cue in place.earlier[:-9:-1] if cue.left == 0 or tags[cue.left - 1] in ",.Q-C")
    return next(begin, None) or first_phrase(place.sentence)


def _verb_and_subject(place: Place) -> Cue | None:
    """ "…", |said X of Y, who …: the verb follows the quotation or a clause, and its subject closes the clause."""
    tags, i = place.sentence.tags, place.at
    if place.first != i or place.before not in ",.-Q" or place.form in ("verb", "participle"):
        return None
    match = GRAMMAR["verb and subject"].match(tags, i + 1)
    quoted = "Q" in tags[max(0, i - 2) : i]
    closed = match and tags[match.end() : match.end() + 1] in ",.-R"
    if match and (quoted or (closed and not GRAMMAR["subject and verb"].search(place.left))):
        return place.cue(i, match.end(), match.span("head"), "verb and subject")
    return None


def _subject_and_verb(place: Place) -> Cue | None:
    """X of Y, a Z, |said …, over helpers and adverbs. Misses: "X, Y and Z said"."""
    match = GRAMMAR["subject and verb"].search(place.left)
    if not match or place.form == "participle" or (place.before == "C" and place.form != "verb"):
        return None
    begin, end = (place.first - len(place.left) + k for k in match.span("head"))
    return place.cue(begin, place.at + 1, (begin, end), "subject and verb")


def _who_and_verb(place: Place) -> Cue | None:
    """X of Y, who |said …"""
    who = place.first - 1
    if place.before != "R" or place.form == "participle" or not antecedent(place.sentence, who):
        return None
    return place.cue(who, place.at + 1, (who, place.first), "who and verb")


def _to_and_verb(place: Place) -> Cue | None:
    """Ann Roe liked to |say that …, was moved to |say: “…”"""
    reports = re.match("[,.]?Q|t", place.sentence.tags[place.at + 1 : place.at + 3])
    if place.before != "I" or place.form != "verb" or not reports:
        return None
    return place.cue(place.at - 1, place.at + 1, _main_subject(place), "infinitive of the main subject")


VERB_RULES = (_ing_form, _second_verb, _who_and_verb, _to_and_verb, _verb_and_subject, _subject_and_verb)


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
    tags, left = cue.sentence.tags, (max(0, cue.left - LIMIT), cue.left)
    before, begin, spans = tags[slice(*left)], None, []
    named = cue.rule == "according to"
    behind = named and cue.at > 1  # "The bridge holds, according to Roe"
    if not named:
        begin = _complement(cue)
    elif not behind:
        begin = tags.find(",", cue.right, cue.right + REACH) + 1 or None
    if begin is None and cue.left and cue.sentence.low[cue.left - 1] == "as" and tags[cue.right:cue.right+1] == ",":
        begin = cue.right + 1
    if begin is None and (behind or before[-1:] in (",", "Q", "-")):
        spans = [left]
        more = ",[BAVv]" if behind else ",[QAB]" if cue.rule == "verb and subject" else ","
        if re.match(more, tags[cue.right : cue.right + 2]) and (behind or set("nN") & set(before)):
            begin = cue.right + 1  # "The bridge, Roe said, will hold"
    if begin is not None and not named and (tags[cue.right:cue.right+1] != "," or tags[begin:begin+1] == "Q") and GRAMMAR["adverbial"].fullmatch(before):
        spans = []  # "In a letter to Elm, Roe wrote, it holds"
    if begin is not None:
        spans.append((begin, _clause_end(cue, begin, following)))
    spans = [(a, a + len(tags[a:b].rstrip(",.-"))) for a, b in spans]
    return [(a, b) for a, b in spans if (tags[a:b] == "Q" or (b - a > 1 if a >= cue.right else re.search("[nNHQ]", tags[a:b]))) and not _is_act(cue, a, b)]


def _is_act(cue: Cue, begin: int, end: int) -> bool:
    """Is it no speech: "wrote a book", "announced a deal", "a man called Bernard", "called her mother"?"""
    tags = cue.sentence.tags[begin:end]
    if cue.verb == "call" and begin == cue.right:
        return "Q" not in tags and not GRAMMAR["called so"].match(tags)
    return cue.verb in ("write",) and begin >= cue.right and not re.search("[QVBAXvHWSt]", tags)


def _complement(cue: Cue) -> int | None:
    """The word at which what is said begins, right of the cue; None where nothing is."""
    low, tags = cue.sentence.low, cue.sentence.tags
    i = GRAMMAR["time after verb"].match(tags, cue.right).end()
    after, before = tags[i : i + 1], tags[cue.left - 1] if cue.left else "."
    if after == "t" or low[i : i + 1] == [":"]:
        return i + (tags[i + 1 : i + 2] not in ("B", "A"))
    if after in ("", ".", "-"):
        return None
    if cue.takes == "object" or (after in "PI" and cue.takes == "to"):
        return i + (after == "P") if "Q" in tags[i : i + LIMIT] or before not in "SRt" else None
    if cue.verb in ADDRESSED and (listener := GRAMMAR["listener"].match(tags, i)):
        i = listener.end()
        return None if before == "Q" and tags[i] in ",.PS" else i + (tags[i] in "t,.")
    if after in "PI,SR":
        that = GRAMMAR["aside and that"].match(tags, i)
        return that.end() if that else i if low[i] in QUESTIONS else None
    return i


def _clause_end(cue: Cue, begin: int, following: list[Cue]) -> int:
    """Where a reported clause ends: before the next cue that goes on with the sentence, at a turn, or with it."""
    tags, low = cue.sentence.tags, cue.sentence.low
    end = min(len(tags), begin + LIMIT)
    if re.match("Q,[^Q]", tags[begin : begin + 3]):
        return begin + 1
    later = [c for c in following if c.left >= begin]
    parted = (c.left for c in later if "second" in c.rule or PARTED.search(tags[max(0, c.left - 2) : c.left]))
    end = min(end, next(parted, end))
    if begin >= cue.right and re.match("[TnD]*S[^,]*$", tags[:cue.left]):
        comma = tags.find(",", begin, end)
        end = comma if comma > 0 else end
    turn = (k for k in range(begin, end - 1) if low[k] == ";" or (low[k] == "," and low[k + 1] in TURN))
    end = next(turn, end)
    over = GRAMMAR["object over"].search(tags, begin, end) if False else None
    return over.start() if over else end
