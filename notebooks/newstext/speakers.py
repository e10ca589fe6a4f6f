"""Who is reported to have said what, found by rules of English news prose.

The way through: find the quotation runs and read each sentence with every run
as one word (`quotations`), find the cues and their subjects, attach statements
to them, resolve names and pronouns (`names`). No model, only word lists.

Subjects and complements are patterns over the sentence's tags, one character a
word: D determiner, N capitalised, n other word, v -ed word, H pronoun, P preposition, I to,
V reporting verb, W its -ing form, B be, A auxiliary, X negation, T time or
adverb, S subordinator, R who/which, t that, C and/or, Q a quotation run.
"""

import re
from bisect import bisect_left, bisect_right
from typing import NamedTuple

import pandas as pd

from newstext.article import Article
from newstext.names import Names
from newstext.quotations import QUOTE, Sentence, read_sentences, reporting_verbs, verb_forms

__all__ = ["compare", "find_cues", "find_statements", "reporting_verbs"]
COLUMNS = [
    *["start", "end", "text", "kind", "speaker", "mention", "cue", "verb", "part_of", "sid", "section", "rule"],
    *["cue_start", "mention_start", "evidence", "flag"],
]
PLACES = ["start", "end", "cue_start", "mention_start"]
REACH = 40  # words a subject may lie left of its verb
RULES = {
    "plain": "subject and verb",
    "inverted": "verb and subject",
    "participle": "-ing form of the main subject",
    "second": "second verb of the subject",
    "according": "according to",
    "noun": "noun and that",
    "colon": "name and colon",
    "credit": "credit line",
}


class Cue(NamedTuple):
    """A reporting expression: its first word `at`, its clause from `left` to `right`, its subject's words."""

    at: int
    left: int
    right: int
    verb: str
    takes: str
    subject: tuple[int, int]
    form: str


# The cues and their subjects

# A noun phrase and where its head may begin. Misses: "and" between common nouns within a clause.
NOUNS = r"(?:H|D+(?:[nNvT]*[nN])?|[nN]+)(?:(?<=N)CN+)*"
JOINED = r"(?:^|(?<=[,.Q-]))(?:D+[nNvT]*)?[nN]+C(?:D+[nNvT]*)?[nN]+"  # Roe and her aides, state and federal officials
HEAD = rf"(?:(?<![PIDNnH])|(?<=[nN])(?=[DH])|(?<=n)(?=N))(?P<head>{JOINED}|{NOUNS})"
OF = r"(?:[PI][DnNvO]+)*"
ASIDES = r"(?:(?:,[DPnT][^,.Q]*)*,[^,.Q]+,|-[^-.Q]+-)?"
LEFT = re.compile(HEAD + OF + ASIDES + "$")  # the subject before its verb: X of Y, a Z, |said
RIGHT = re.compile(rf"T*(?P<head>{NOUNS}){OF}")  # the subject after its verb: said |X of Y
# Misses: subjects parted from the verb by two asides with names in them, or by a clause that holds a quotation.
HELPERS = re.compile(r"(?:P?T|[ABX])*$")
FIRST = re.compile(rf"[T.,C-]*(?:[PISvWT][^,Q]*,)?[SCT]*(?P<head>{NOUNS})")
OWNER = re.compile(r"['’]s$|^(?:his|her)$")
CLAIMS = {"claim", "claims", "assertion", "allegation", "allegations", "warning", "warnings", "promise", "statement"}
CREDIT = re.compile(r"(?<=Q)[,.]?-(?P<head>N{1,5})[,.]*$")
COLON_NAME = re.compile(r"(?P<head>N{1,3})(?:P[Nn]+)?\.")


def find_cues(sentence: Sentence) -> list[Cue]:
    """Reporting verbs and "according to" with their subjects, in the order of the sentence.

    Left out: infinitives, passives, negated verbs, and forms that are nouns
    here ("a Times report", "his claims"). Misses: verbs that are not listed,
    subjects more than 40 words away.
    """
    colon = COLON_NAME.match(sentence.tags)
    cues: list[Cue] = []
    if colon and _announces(sentence, colon):
        cues.append(Cue(colon.end() - 1, 0, colon.end(), ":", "clause", colon.span("head"), "colon"))
    for i in (match.start() for match in re.finditer("[VWK]|n(?=t)", sentence.tags)):
        find = {"K": _according, "n": _noun_cue}.get(sentence.tags[i], _verb_cue)
        if cue := find(sentence, i, cues):
            cues.append(cue)
    if credit := CREDIT.search(sentence.tags):
        at, end = credit.start(), len(sentence.words)
        cues.append(Cue(at + 1, at, end, "―", "quote", credit.span("head"), "credit"))
    return cues


def _announces(sentence: Sentence, match: re.Match) -> bool:
    """Is this "NAME: what is said": in a headline, in a script with names in capitals, or before a quotation?"""
    capitals = " ".join(sentence.words[slice(*match.span("head"))]).isupper()
    after = sentence.tags[match.end() : match.end() + 1]
    return (
        sentence.low[match.end() - 1] == ":"
        and bool(after)
        and (sentence.section == "Headline" or capitals or after == "Q")
    )


def _noun_cue(sentence: Sentence, i: int, earlier: list[Cue]) -> Cue | None:
    """Roe’s |claim that …, his |claim that …"""
    owner = re.search("(?:N+|D)$", sentence.tags[:i])
    if sentence.low[i] not in CLAIMS or not owner or not OWNER.search(sentence.low[i - 1]):
        return None
    return Cue(i, i, i + 1, sentence.low[i], "clause", owner.span(), "noun")


def _according(sentence: Sentence, i: int, earlier: list[Cue]) -> Cue | None:
    match = RIGHT.match(sentence.tags, i + 2)
    return match and Cue(i, i, match.end(), "according to", "clause", match.span("head"), "according")


def _verb_cue(sentence: Sentence, i: int, earlier: list[Cue]) -> Cue | None:
    """The cue at a reporting verb, by what stands before it.

    A verb after "and" takes the main clause's subject, and so does an -ing form
    unless a name stands right before it; after a comma or a quotation the verb
    may come first; else the subject is on the left, over helpers, adverbs,
    "of X" and asides. Misses: "X, Y and Z said", and relative clauses ("Roe,
    who said …").
    """
    tags = sentence.tags
    verb, form, takes = verb_forms()[sentence.low[i]]
    base = max(0, i - REACH)
    end = i - 2 if sentence.low[max(0, i - 2) : i] == ["quoted", "as"] else i  # he was quoted as |saying
    j = base + HELPERS.search(tags[base:end]).start()
    helpers, before = tags[j:end], tags[j - 1] if j else "."
    if "X" in helpers or ("B" in helpers and form != "ing"):
        return None
    participle = form == "ing" and "B" not in helpers
    second = before == "C" and form != "verb"
    if participle or second:
        own = re.search("N+$", tags[base:i])  # with Ann Roe |saying
        subject = (base + own.start(), i) if own else _main_subject(sentence, earlier)
        return subject and Cue(i, i - second, i + 1, verb, takes, subject, "second" if second else "participle")
    if j == i and before in ",.-Q" and form != "verb" and (cue := _inverted(sentence, i)):
        return cue
    match = LEFT.search(tags[base:j])
    if not match:
        return None
    subject = (base + match.start("head"), base + match.end("head"))
    return Cue(i, subject[0], i + 1, verb, takes, subject, "plain")


def _main_subject(sentence: Sentence, earlier: list[Cue]) -> tuple[int, int] | None:
    """Whose a second verb or an -ing form is: the last cue's that begins a clause, else the sentence's subject."""
    for cue in reversed(earlier[-8:]):
        if cue.left == 0 or sentence.tags[cue.left - 1] in ",.Q-C":
            return cue.subject
    return first_phrase(sentence)


def _inverted(sentence: Sentence, i: int) -> Cue | None:
    """ "…", |said X of Y, who …: the verb follows the quotation or a clause, and its subject closes the clause."""
    tags = sentence.tags
    match = RIGHT.match(tags, i + 1)
    if not match:
        return None
    verb, _, takes = verb_forms()[sentence.low[i]]
    closed = tags[match.end() : match.end() + 1] in ",.-R"
    if "Q" in tags[max(0, i - 2) : i] or (closed and not LEFT.search(tags[max(0, i - REACH) : i])):
        return Cue(i, i, match.end(), verb, takes, match.span("head"), "inverted")
    return None


def first_phrase(sentence: Sentence) -> tuple[int, int] | None:
    """The sentence's subject, roughly: its first noun phrase after an adverbial closed by a comma."""
    match = FIRST.match(sentence.tags[: 3 * REACH])
    return match.span("head") if match else None


# What is said

SKIP = re.compile(r"(?:P?T|DT(?![nN]))*")  # said |on Monday it …, said |this week that …
ADVERBIAL = re.compile(r"[T.,C-]*[PISvVT][^,Q]*,")  # In a letter, |Roe said, “…”
ADDRESSEE = re.compile(r"[ODNnvPT]{1,9}?(?=[,.QtHIS])")  # told |reporters in Ohio| that …
THAT = re.compile(r"[PI][^,.QtVS]{0,15}?,?t")  # said |in an interview that| …
TURN = {"but", "while", "though", "although", "whereas"}
QUESTIONS = {"how", "why", "whether", "what", "where", "if"}
ADDRESSED = {"tell", "inform", "ask", "warn"}  # verbs that may name the listener first
LIMIT = 150  # words a reported clause may hold


def _contents(sentence: Sentence, cue: Cue, following: list[Cue]) -> list[tuple[int, int]]:
    """Word ranges of what a cue reports: right of it, left of it, or both around "X said".

    Misses: clauses that go on into the next sentence; takes for reported what
    the writer adds after "and" with a subject of its own.
    """
    tags, left = sentence.tags, (max(0, cue.left - LIMIT), cue.left)
    if cue.form == "according":
        comma = tags.find(",", cue.right, cue.right + REACH)
        begin, found = (comma + 1 or None, []) if cue.at < 2 else (None, [left])
    else:
        begin, found = _complement(sentence, cue), []
        if begin is None and cue.left and tags[cue.left - 1] in ",Q-":
            found = [left]
            parted = re.match(",[QAB]" if cue.form == "inverted" else ",", tags[cue.right :])
            if parted and set("nN") & set(tags[slice(*left)]):
                begin = cue.right + 1  # "The bridge, Roe said, will hold"
                if tags[begin : begin + 1] == "Q" and ADVERBIAL.fullmatch(tags[slice(*left)]):
                    found = []  # "In a letter, Roe said, …"
    if begin is not None:
        found.append((begin, _clause_end(sentence, cue, begin, following)))
    found = [(a, _trimmed(sentence, a, b)) for a, b in found]
    return [(a, b) for a, b in found if b - a > 1 or tags[a:b] == "Q"]


def _complement(sentence: Sentence, cue: Cue) -> int | None:
    """The word at which what is said begins, right of the cue; None where nothing is."""
    low, tags = sentence.low, sentence.tags
    i = SKIP.match(tags, cue.right).end()
    after = tags[i : i + 1]
    if after == "t" or low[i : i + 1] == [":"]:
        return i + 1
    if after in ("", ".", "-"):
        return None
    if cue.takes == "object" or (after in "PI" and cue.takes == "to"):
        whole = QUOTE in sentence.words[i : i + LIMIT] or not cue.left or tags[cue.left - 1] not in "SRt"
        return i + (after == "P") if whole else None
    if cue.verb == "agree" and after != "H":
        return None
    if cue.verb in ADDRESSED and (addressee := ADDRESSEE.match(tags, i)):
        i = addressee.end()
        return i + (tags[i] in "t,.")
    if after in "PI,SR":
        that = THAT.match(tags, i)
        return that.end() if that else i if low[i] in QUESTIONS else None
    return i


def _clause_end(sentence: Sentence, cue: Cue, begin: int, following: list[Cue]) -> int:
    """Where a reported clause ends: before the next cue that goes on with the sentence, at a turn, or with it.

    What an object verb reports ends at "on Monday" or "and supported its".
    """
    tags, low, end = sentence.tags, sentence.low, min(len(sentence.words), begin + LIMIT)
    for after in following:
        if after.left >= begin and (tags[after.left - 1] == "," or after.form == "second"):
            end = min(end, after.left)
            break
    for k in range(begin, end - 1):
        turn = low[k] == ";" or (low[k] == "," and low[k + 1] in TURN)
        if turn or (cue.takes == "object" and (tags[k : k + 2] == "PT" or tags[k : k + 3] == "CvD")):
            return k
    return end


def _trimmed(sentence: Sentence, begin: int, end: int) -> int:
    while end > begin and sentence.tags[end - 1] in ",.-":
        end -= 1
    return end


# Statements


def find_statements(article: Article, source: str = "by rule") -> pd.DataFrame:
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
    subjects = [
        [*(cue.subject for cue in found), *filter(None, [first_phrase(sentence)])]
        for sentence, found in zip(sentences, cues, strict=True)
    ]
    names = Names(sentences, subjects, article.aliases)
    rows: list[dict] = []
    last: dict | None = None
    for number, sentence in enumerate(sentences):
        found = _statements(reading.text, sentence, cues[number])
        for row in found:
            row |= names.resolve(number, row)
        new = number == 0 or sentences[number - 1].paragraph != sentence.paragraph
        last = _go_on(reading.text, names, sentence, found, last, new)
        if sentence.low[-1] == ":" and cues[number]:
            last = _row(sentence, 0, 0, "direct", cues[number][-1], "colon")
            last |= names.resolve(number, last)
        rows += found
    return _table(article, sorted(rows, key=lambda row: (row["start"], -row["end"])))


def _table(article: Article, rows: list[dict]) -> pd.DataFrame:
    reading = article.reading
    starts, sids = reading.sentences.start.tolist(), reading.sentences.sid.tolist()
    number = {(row["start"], row["end"], row["kind"]): i for i, row in enumerate(rows)}

    def sid(at: int) -> str:
        return sids[bisect_right(starts, at) - 1] if at >= 0 else ""

    for row in rows:
        row |= {
            "text": reading.text[row["start"] : row["end"]],
            "sid": sid(row["start"]),
            "evidence": sid(row["evidence"]),
        }
    table = pd.DataFrame(rows, columns=COLUMNS).astype(dict.fromkeys(PLACES, int))
    table["part_of"] = pd.array([number.get(around, pd.NA) for around in table.part_of], dtype="Int64")
    if article.offsets is not None:
        for name in ("cue_start", "mention_start"):
            table[name] = [int(article.offsets[at]) if at >= 0 else -1 for at in table[name]]
    return article.to_source(table)


def _row(sentence: Sentence, start: int, end: int, kind: str, cue: Cue | None = None, flag: str = "") -> dict:
    row = {"start": start, "end": end, "kind": kind, "section": sentence.section, "flag": flag, "rule": "no cue"}
    row |= dict.fromkeys(("speaker", "mention", "cue", "verb"), "")
    row |= {"cue_start": -1, "mention_start": -1, "evidence": -1, "part_of": None}
    if cue:
        row |= {"mention": sentence.phrase(cue.subject), "mention_start": sentence.starts[cue.subject[0]]}
        row |= {"cue": cue.verb if cue.form == "according" else sentence.words[cue.at]}
        row |= {"cue_start": sentence.starts[cue.at], "rule": RULES[cue.form], "verb": _lemma(sentence, cue)}
    return row


def _lemma(sentence: Sentence, cue: Cue) -> str:
    """The cue's verb as the list has it, with the word that makes it another verb ("call for")."""
    pair = f"{cue.verb} {next(iter(sentence.low[cue.at + 1 : cue.at + 2]), '')}"
    return pair if pair in set(reporting_verbs().verb) else cue.verb


def _quoted(sentence: Sentence, k: int, kind: str, cue: Cue | None) -> dict:
    run = sentence.runs[k]
    return _row(sentence, run.start, run.end, kind, cue, run.flag)


def _statements(reading: str, sentence: Sentence, cues: list[Cue]) -> list[dict]:
    """The statements of one sentence. A run goes to the last cue that reports it, else to the cue before it."""
    rows, taken, places = [], {}, sorted(sentence.runs)
    for number, cue in enumerate(cues):
        if cue.form == "according" and number and cues[number - 1].right >= cue.at - 1:
            continue  # "…," Roe said, according to the paper
        for a, b in _contents(sentence, cue, cues[number + 1 : number + 9]):
            inner = places[bisect_left(places, a) : bisect_left(places, b)]
            whole = not set(sentence.tags[a:b]) - set("Q,.-")
            around = None
            if not whole and cue.takes != "quote":
                rows.append(_row(sentence, sentence.starts[a], sentence.ends[b - 1], "indirect", cue))
                around = (rows[-1]["start"], rows[-1]["end"], "indirect")
            for k in inner:
                if not whole and cue.takes != "object" and _is_title(sentence, k, reading):
                    continue
                taken[k] = _quoted(sentence, k, "direct" if whole else "partial", cue) | {"part_of": around}
    ats = [cue.at for cue in cues]
    for k in places:
        if k not in taken and cues and not _is_title(sentence, k, reading):
            taken[k] = _quoted(sentence, k, "partial", cues[max(0, bisect_left(ats, k) - 1)])
    return rows + list(taken.values())


def _is_title(sentence: Sentence, k: int, text: str) -> bool:
    """Is a run inside a sentence a title or a name: two words or more, all the long ones with a capital?

    Misses: titles of one word, titles in headlines.
    """
    run = sentence.runs[k]
    words = text[run.start : run.end].split()
    capitals = all(not word[0].islower() or len(word) < 5 for word in words)
    return sentence.section != "Headline" and len(words) > 1 and capitals


SCRIPT = re.compile(r"([A-Z][A-Z.’'-]+(?: [A-Z][A-Z.’'-]+){0,3}): ")


def _go_on(text: str, names: Names, sentence: Sentence, found: list[dict], last: dict | None, new: bool) -> dict | None:
    """Add the runs that no cue reports: the last speaker's where the quotation goes on, else nobody's.

    It goes on within a paragraph, after an unclosed run, and after a colon.
    Misses: a closed quotation that stands alone in the next paragraph.
    Returns the row whose speaker the next sentence may go on with.
    """
    plain = bool(set(sentence.tags) - set("Q,.-"))
    done = {row["start"] for row in found}
    for k, run in sentence.runs.items():
        if run.start in done:
            continue
        row = _quoted(sentence, k, "partial" if plain else "direct", None)
        if last and not plain and (not new or last["flag"] in ("unclosed", "colon")):
            row |= {key: last[key] for key in ("speaker", "mention", "mention_start", "cue", "verb", "cue_start", "evidence")}
            row["rule"] = "goes on" if not new else "colon before" if last["flag"] == "colon" else "next paragraph"
        if script := SCRIPT.match(text, run.start, run.end):
            row |= {"mention": script[1], "speaker": names.canonical(script[1].title()), "rule": "script"}
            row |= {"cue": ":", "verb": ":", "cue_start": script.end(1), "mention_start": run.start}
        found.append(row)
    said = [row for row in found if row["mention"]]
    return said[-1] if said else None if new else last


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
