"""One news article as tables: lines, sections, paragraphs, sentences, tokens.

Every row keeps `start` and `end`, character offsets into the text as received,
so that `article.text[start:end]` is the text of the row.
"""

import hashlib
import re
import unicodedata
from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass, field, replace
from functools import cache
from itertools import pairwise
from pathlib import Path
from typing import NamedTuple

import numpy as np
import pandas as pd

from newstext.files import MAX_BYTES, decode, read_bytes, read_checked, read_facts, with_companions
from newstext.lists import (  # some only for those who look for them here
    DATA,  # noqa: F401
    HERE,  # noqa: F401
    HIDDEN,
    INVISIBLE,
    STOP_WORDS,
    STRAIGHT,
    ArticleError,
    find_path,
    fold_possessive,
    read_stop_words,
    word_rows,
)

OPENING = "Opening"  # the section before the first heading
ACCENTS = "\u0300-\u036f\u1dc0-\u1dff\u20d0-\u20ff\ufe20-\ufe2f"  # written after the letter they belong to
UNEVEN = re.compile(f"[{HIDDEN}]+|[^{ACCENTS}][{ACCENTS}]{{1,30}}")  # what reads differently from what is written
LETTERS = rf"\w[\w{ACCENTS}]*"
TOKEN = re.compile(rf"""(?x)
    (?:[^\W\d_]\.){{2,}}(?:[-‐‑'’]{LETTERS})*                   # U.S., e.g., U.S.-led
  | {LETTERS}(?:[-‐‑'’&]{LETTERS} | (?<=\d)[.,:/]\d+)*         # build-up, China’s, AT&T, 5,400, 9:30
  | \S                                                        # any other mark, one by one
""")
SENTENCE_STARTERS = {  # after "U.S." these begin a new sentence, where a name or a noun would not
    "the", "a", "an", "he", "she", "it", "they", "we", "i", "this", "that", "these", "those", "there", "in", "on",
    "at", "but", "and", "however", "meanwhile", "for", "when", "while", "if", "as", "his", "her", "their", "its",
}  # fmt: skip
TITLE = re.compile(r"\b(?:Mr|Mrs|Ms|Dr|Prof|Gen|Sen|Rep|Gov|Lt|Col|Capt|Sgt|St)\.$")  # "Mr. He"
INITIALS = re.compile(r"(?<!, )\b[A-Z]\.[A-Z]\.$")  # "Rep. G.K. Roe", but not "Charlotte, N.C. Police"
NUMBERED = re.compile(r"(?:\b(?:Nos?|Art|Figs?|Vol|pp?)|^\W*\d{1,2})\.$")  # "No. 5", and "1." before its list item
ASKED = re.compile(  # “Why?” Ms. Brown asked on Monday.
    r"(?:[A-Z][\w.'-]* ){1,5}(?:said|asked|wondered|replied|shouted|demanded|wrote|added|tweeted)"
    r"(?:[.,:;]| (?:in|on|at|during|after|before|as|when|while)\b)"
)
STRETCH = 50_000  # characters of one paragraph that Punkt gets at a time
PAUSE = re.compile(r"[.!?][\"')]*\s+")
NARROW, WIDE = 50, 100  # columns of hard-wrapped text: e-mail and typescript have 60 to 80
HEADING_WORDS, HEADING_LENGTH = 9, 70  # a section heading fits one printed line
HEADLINE_LENGTH, BOILERPLATE_LENGTH = 200, 300
DATE = re.compile(r"\d{1,2}[:.]\d\d\b|\b(?:Jan|Feb|Mar|Apr|May|June?|July?|Aug|Sept?|Oct|Nov|Dec)[a-z]*\.? \d|day,")


@dataclass(frozen=True, eq=False)
class Article:
    """A parsed article. Tables are shared, not copied: do not change them.

    `lines` has a row for each line (`line, start, end, text, role, reason`),
    `notes` says in words what the reader of the tables should know, `checked`
    holds statements marked by hand, where there are any. `reading` is the
    article as matched (composed accents, no invisible characters); it is the
    article itself for all ordinary texts.
    """

    text: str
    lines: pd.DataFrame
    sections: pd.DataFrame
    paragraphs: pd.DataFrame
    sentences: pd.DataFrame
    tokens: pd.DataFrame
    facts: dict = field(default_factory=dict)
    aliases: dict = field(default_factory=dict)
    actors: dict = field(default_factory=dict)
    sides: dict = field(default_factory=dict)
    notes: tuple[str, ...] = ()
    checked: pd.DataFrame | None = None
    offsets: np.ndarray | None = None
    plain: "Article | None" = None

    @property
    def reading(self) -> "Article":
        return self.plain or self

    @property
    def headline(self) -> str:
        return " ".join(self.lines.text[self.lines.role == "headline"])

    @property
    def body(self) -> pd.DataFrame:
        """The sentences without the headline."""
        return self.sentences[self.sentences.section != "Headline"]

    @property
    def removed(self) -> pd.DataFrame:
        """Lines set aside as not the article's own text, with the reason."""
        lines = self.lines[self.lines.role == "removed"]
        return lines[["line", "start", "end", "text", "reason"]].reset_index(drop=True)

    def only(self, section: str) -> "Article":
        """The article as if its body were this section alone. Raises `ArticleError` for one that it does not have."""
        if section not in set(self.sections.section):
            known = ", ".join(map(repr, self.sections.section))
            raise ArticleError(f"no section {section!r}: choose {known}")
        names = ("sections", "paragraphs", "sentences", "tokens")
        tables = {name: (table := getattr(self, name))[table.section == section] for name in names}
        return replace(self, **tables, plain=self.plain and self.plain.only(section))

    def __repr__(self) -> str:
        lines = [self.headline or "(no headline)", f"{len(self.words()):,} words, {len(self.body):,} sentences"]
        lines += [
            f"  {row.section}: {row.words:,} words, {row.sentences:,} sentences" for row in self.sections.itertuples()
        ]
        return "\n".join([*lines, *self.notes])

    def words(self) -> pd.DataFrame:
        """Tokens of the body that hold a letter or a digit."""
        return self.tokens[self.tokens.is_word & (self.tokens.section != "Headline")]

    def along(self, table: pd.DataFrame) -> pd.DataFrame:
        """The table with `first` and `last`: which words of the body a row covers, counted from 0, `last` exclusive."""
        starts = self.words().start.to_numpy()
        return table.assign(first=np.searchsorted(starts, table.start), last=np.searchsorted(starts, table.end))

    def to_source(self, table: pd.DataFrame) -> pd.DataFrame:
        """A table of the reading with offsets and text as received."""
        if self.offsets is None:
            return table
        table = table.assign(start=self.offsets[table.start.astype(int)], end=self.offsets[table.end.astype(int)])
        texts = [self.text[a:b] for a, b in zip(table.start, table.end)]
        return table.assign(**{name: texts for name in ("text", "token") if name in table})


def read_article(path: str | Path, stop_words: str | Path = STOP_WORDS, max_bytes: int = MAX_BYTES) -> Article:
    """Read `X.txt` and, where they exist, `X.toml` and `X-statements.csv` beside it.

    The TOML file fills `facts`, `aliases`, `actors` and `sides` and may set
    `encoding` (UTF-8 otherwise) and `headings`; the CSV file fills `checked`.
    A relative path is looked for from here, then from the project's root.
    Raises `ArticleError`, one line, for a file that is missing, a folder,
    larger than `max_bytes`, empty, no text, or in another encoding.
    """
    path = find_path(path)
    raw = read_bytes(path, max_bytes)
    path, facts_path, checked_path = with_companions(path)
    facts = read_facts(facts_path)
    names = {name: facts.pop(name, {}) for name in ("aliases", "actors", "sides")}
    encoding = facts.get("encoding", "utf-8")
    advice = f'save it as UTF-8, or put encoding = "{"cp1252" if encoding == "utf-8" else "…"}" into {facts_path.name}'
    text, stops = decode(raw, path, encoding, advice), read_stop_words(stop_words)
    try:
        article = parse_article(text, facts, names["aliases"], stops)
    except ArticleError as error:
        raise ArticleError(f"{path}: {error}") from None
    notes = article.notes
    if facts.get("sha256", digest := hashlib.sha256(raw).hexdigest()) != digest:
        notes += (f"{path.name} is not the text that {facts_path.name} describes: their sha256 differ",)
    return replace(article, **names, notes=notes, checked=read_checked(checked_path, len(text)))


def parse_article(
    text: str, facts: dict | None = None, aliases: dict | None = None, stop_words: Iterable[str] | None = None
) -> Article:
    """Turn a text into an `Article`; changes nothing and reads no article file.

    Lines that are boilerplate are set aside, the headline and the headings
    found by rule (or taken from `facts["headings"]`), the rest cut into
    paragraphs, sentences and tokens. `aliases` maps names to the names they
    stand for. Without `stop_words` the shipped list marks `is_stop`. Raises
    `ArticleError` where nothing is left to read.
    """
    reading, offsets = _normalise(text)
    if not reading.strip():
        raise ArticleError("empty article: put some text into it")
    facts = dict(facts or {})
    stops = frozenset(read_stop_words(STOP_WORDS) if stop_words is None else stop_words)
    blocks = _blocks(_lines(reading))
    folded = [_fold(reading[block[0].start : block[-1].end]) for block in blocks]
    roles, reasons, notes = _find_roles(folded, facts.get("headings"))
    lines = [(*line, role, reason) for block, role, reason in zip(blocks, roles, reasons) for line in block]
    paragraphs = _paragraphs(reading, blocks, roles)
    sentences = _sentences(paragraphs)
    tokens = _tokens(sentences, stops)
    article = Article(
        text=reading,
        lines=_table("line start end text role reason", lines),
        sections=_table("section start end paragraphs sentences words", _sections(paragraphs, sentences, tokens)),
        paragraphs=_table("paragraph section start end text", paragraphs),
        sentences=_table("sid section paragraph start end text", sentences),
        tokens=_table("sid section start end token term is_word is_stop", tokens),
        facts=facts,
        aliases=dict(aliases or {}),
        notes=tuple(notes),
    )
    return article if offsets is None else _as_received(text, offsets, article)


def character_roles(article: Article) -> pd.Series:
    """Number of characters by role; together they are the whole text.

    `blank` is what lies between the lines' texts: white space, line ends and
    invisible characters. An assertion fails if anything else does.
    """
    counts = (article.lines.end - article.lines.start).groupby(article.lines.role).sum()
    cuts = [0, *article.lines[["start", "end"]].to_numpy().ravel(), len(article.text)]
    assert all(a <= b for a, b in zip(cuts, cuts[1:])), "lines overlap"
    between = [article.text[a:b] for a, b in zip(cuts[::2], cuts[1::2])]
    assert not INVISIBLE.sub("", "".join(between)).strip(), "text outside every line"
    counts["blank"] = sum(map(len, between))
    counts = counts.reindex(["body", "heading", "headline", "removed", "blank"], fill_value=0)
    assert counts.sum() == len(article.text), "a role is missing here"
    return counts


# From text to lines


class Line(NamedTuple):
    line: int
    start: int
    end: int
    text: str


def _table(columns: str, rows: list[tuple]) -> pd.DataFrame:
    names = columns.split()
    if not rows:  # an empty table keeps its types, so that sums and comparisons work on it
        whole = {"line", "start", "end", "paragraph", "paragraphs", "sentences", "words"}
        types = {name: int if name in whole else bool if name.startswith("is_") else object for name in names}
        return pd.DataFrame(columns=names).astype(types)
    return pd.DataFrame(dict(zip(names, map(list, zip(*rows)))))


def _normalise(text: str) -> tuple[str, np.ndarray | None]:
    """The text for matching, and for each of its characters the offset it comes from (None: all the same).

    Invisible characters are left out, letters and accents written apart are
    composed (NFC), unless that takes more characters.
    """
    pieces, offsets, at = [], [], 0
    for match in UNEVEN.finditer(text):
        composed = "" if INVISIBLE.match(match[0]) else unicodedata.normalize("NFC", match[0])
        if len(composed) < len(match[0]):
            pieces += [text[at : match.start()], composed]
            offsets += [np.arange(at, match.start()), np.arange(match.start(), match.start() + len(composed))]
            at = match.end()
    if not pieces:
        return text, None
    return "".join([*pieces, text[at:]]), np.concatenate([*offsets, np.arange(at, len(text) + 1)])


def _as_received(text: str, offsets: np.ndarray, plain: Article) -> Article:
    article = replace(plain, text=text, offsets=offsets, plain=plain)
    names = ["lines", "sections", "paragraphs", "sentences", "tokens"]
    article = replace(article, **{name: article.to_source(getattr(plain, name)) for name in names})
    lines, notes = article.lines, list(article.notes)
    if text.startswith("\ufeff"):
        mark = _table(" ".join(lines), [(1, 0, 1, "\ufeff", "removed", "byte-order mark")])
        lines = pd.concat([mark, lines], ignore_index=True)
    if hidden := sorted({f"U+{ord(c):04X}" for c in INVISIBLE.findall(text.removeprefix("\ufeff"))}):
        notes.append(f"the text holds invisible characters ({', '.join(hidden)}): they are passed over")
    return replace(article, lines=lines, notes=tuple(notes))


def _lines(text: str) -> list[Line]:
    """Lines that are not blank, trimmed, with the number of the line in the file."""
    lines, at = [], 0
    for number, line in enumerate(text.splitlines(keepends=True), 1):
        if content := line.strip():
            start = at + len(line) - len(line.lstrip())
            lines.append(Line(number, start, start + len(content), content))
        at += len(line)
    return lines


def _blocks(lines: list[Line]) -> list[list[Line]]:
    """The lines of each paragraph, heading or notice: one, or several where the text is hard-wrapped.

    A text is hard-wrapped if most lines are so full that the next line's
    first word would not have fitted; such a line goes on in the next, as does
    any before a lower-case letter. Misses: wrapped texts of fewer than four
    full lines, narrower than 50 or wider than 100 columns.
    """
    pairs = [(a, b) for a, b in pairwise(lines) if a.line + 1 == b.line]
    width = max((len(line.text) for pair in pairs for line in pair), default=0)
    full = {b.line for a, b in pairs if len(a.text) + 1 + len(b.text.split(None, 1)[0]) > width}
    if not (NARROW <= width <= WIDE and len(full) > 3 and 2 * len(full) >= len(pairs)):
        return [[line] for line in lines]
    full |= {b.line for _, b in pairs if b.text[0].islower()}
    blocks = []
    for line in lines:
        if line.line in full:
            blocks[-1].append(line)
        else:
            blocks.append([line])
    return blocks


# From lines to roles


@cache
def _boilerplate() -> list[tuple[str, re.Pattern]]:
    return [(reason, re.compile(pattern)) for reason, pattern in word_rows("boilerplate.tsv")]


def _fold(line: str) -> str:
    return " ".join(line.translate(STRAIGHT).split())


def _heading_name(line: str) -> str:
    return " ".join(line.split()).strip("#* ").rstrip(": ")


def _find_roles(folded: list[str], named: list[str] | None) -> tuple[list[str], list[str], list[str]]:
    """For each block its role (headline, heading, body, removed) and reason; and notes for the reader."""
    reasons = _reasons(folded)
    roles = ["removed" if reason else "body" for reason in reasons]
    kept = [i for i, reason in enumerate(reasons) if not reason]
    wanted = {_heading_name(_fold(name)).casefold(): name for name in named or []}
    names = [_heading_name(line).casefold() for line in folded]
    if kept and names[kept[0]] not in wanted and _is_headline(*[folded[i] for i in kept[:2]]):
        roles[kept.pop(0)] = "headline"
    headings = [i for i in kept if names[i] in wanted] if named else _headings(kept, folded)
    for i in headings:
        roles[i] = "heading"
    missing = [wanted[name] for name in wanted if name not in {names[i] for i in headings}]
    notes = [f"heading not in the text: {name!r}; its text stays in the section before" for name in missing]
    if not headings:
        notes.append(
            'no headings found: the body is one section; headings = ["…"] in the TOML file beside it gives them'
        )
    return roles, reasons, notes


def _reasons(folded: list[str]) -> list[str]:
    """For each block the rule that sets it aside, or ""; a promo's caption goes with the promo."""
    reasons, captions = [], set()
    for line in folded:
        rules = _boilerplate() if len(line) <= BOILERPLATE_LENGTH else []
        reason = next((reason for reason, rule in rules if rule.fullmatch(line)), "")
        if reason == "video promo":
            captions.add(line.partition(":")[2].strip(" '\""))
        reasons.append("repeated caption" if not reason and line in captions else reason)
    return reasons


def _is_headline(line: str, after: str = "") -> bool:
    """The first line, if short and without a full stop at its end ("U.S." ends in none), or in title case.

    Misses: a headline that is a sentence with its stop; such a line stays body text.
    """
    words = [word for word in line.split() if len(word) > 3 and word[0].isalpha()]
    title_case = sum(word[0].isupper() for word in words) >= 0.8 * len(words) > 2
    full_stop = re.search(r"(?<!\.\w)\.[\"')]*$", line)
    goes_on = after[:1].islower() or line.startswith("##")
    return len(line) <= HEADLINE_LENGTH and not goes_on and (title_case or not full_stop)


def _headings(kept: list[int], folded: list[str]) -> list[int]:
    """Blocks marked `##`, as in Markdown; where none is, short lines between two paragraphs.

    Such a line has a capital or digit at its start, no mark at its end and no
    date; the paragraph before it has ended, and the one after begins anew.
    Misses: questions, quotations, two headings in a row, a heading above the
    first paragraph. Takes for one: a caption without full stop.
    """
    if marked := [i for i in kept if re.match(r"#{1,6} .*\w", folded[i])]:
        return marked

    def short(line: str) -> bool:
        fits = len(line) <= HEADING_LENGTH and len(line.split()) <= HEADING_WORDS
        opens = line[0].isupper() or line[0].isdigit()
        return fits and opens and not re.search(r"[.!?,;:…\"')]$|^[\W\d]+$", line) and not DATE.search(line)

    return [
        i
        for before, i, after in zip(kept, kept[1:], kept[2:])
        if short(folded[i])
        and re.search(r"[.!?…:\"')\]]$", folded[before])
        and not (short(folded[after]) or folded[after][0].islower())
    ]


# From roles to tokens


def _paragraphs(text: str, blocks: list[list[Line]], roles: list[str]) -> list[tuple]:
    """Body blocks, each in its section; the headline is paragraph 0. A heading that comes again is numbered."""
    rows, section, taken, number = [], OPENING, Counter([OPENING, "Headline"]), 0
    for block, role in zip(blocks, roles):
        start, end = block[0].start, block[-1].end
        if role == "heading":
            section = name = _heading_name(text[start:end])
            while section in taken:
                taken[name] += 1
                section = f"{name} ({taken[name]})"
            taken[section] += 1
        elif role == "headline":
            rows.append((0, "Headline", start, end, text[start:end]))
        elif role == "body":
            number += 1
            rows.append((number, section, start, end, text[start:end]))
    return rows


@cache
def _punkt():
    from nltk.tokenize.punkt import PunktParameters, PunktSentenceTokenizer  # when needed: NLTK takes long to load

    parameters = PunktParameters()
    parameters.abbrev_types = {word for (word,) in word_rows("abbreviations.txt")}
    parameters.sent_starters = SENTENCE_STARTERS
    return PunktSentenceTokenizer(parameters)


def _goes_on(before: str, after: str) -> bool:
    """Whether Punkt's cut between the two is none: see the patterns named here."""
    return bool(
        after[0].islower()  # “Why?” she asked; a sentence that begins with "iPhone" is joined too
        or not any(map(str.isalnum, after))
        or TITLE.search(before)
        or (INITIALS.search(before) and after.split()[0].lower() not in SENTENCE_STARTERS)
        or (NUMBERED.search(before) and (after[0].isdigit() or before[:-1].isdigit()))
        or (re.search("[?!][\"']$", before) and ASKED.match(after))
    )


def _cuts(plain: str) -> Iterable[tuple[int, int]]:
    """Punkt's sentences, asked for by the stretch: NLTK gives up on a text that takes it longer than five seconds."""
    at = 0
    while at < len(plain):
        stop = PAUSE.search(plain, at + STRETCH)
        end = stop.end() if stop else len(plain)
        yield from ((at + a, at + b) for a, b in list(_punkt().span_tokenize(plain[at:end])))
        at = end


def _sentence_spans(paragraph: str) -> list[list[int]]:
    """Punkt's sentences, joined again where they were cut wrongly."""
    plain, spans = paragraph.translate(STRAIGHT), []
    for start, end in _cuts(plain):
        if spans and _goes_on(plain[max(spans[-1][0], spans[-1][1] - 20) : spans[-1][1]], plain[start:end]):
            spans[-1][1] = end
        else:
            spans.append([start, end])
    return spans


def _sentences(paragraphs: list[tuple]) -> list[tuple]:
    """Sentences in the order of the text; the headline is one sentence, `s0`."""
    rows, number = [], 0
    for paragraph, section, at, _, text in paragraphs:
        for start, end in _sentence_spans(text) if paragraph else [(0, len(text))]:
            number += paragraph > 0
            rows.append((f"s{number}", section, paragraph, at + start, at + end, text[start:end]))
    return rows


def _tokens(sentences: list[tuple], stops: frozenset[str]) -> list[tuple]:
    rows = []
    for sid, section, _, at, _, text in sentences:
        for match in TOKEN.finditer(text):
            token, term = match[0], fold_possessive(match[0])
            is_word = any(map(str.isalnum, token))
            rows.append((sid, section, at + match.start(), at + match.end(), token, term, is_word, term in stops))
    return rows


def _sections(paragraphs: list[tuple], sentences: list[tuple], tokens: list[tuple]) -> list[tuple]:
    """Sections of the body in the order of the text, with their sizes."""
    spans = {}
    for number, section, start, end, _ in paragraphs:
        if number:
            first, _, count = spans.get(section, (start, end, 0))
            spans[section] = first, end, count + 1
    in_section = Counter(row[1] for row in sentences)
    words = Counter(section for _, section, *_, is_word, _ in tokens if is_word)
    return [(name, *span, in_section[name], words[name]) for name, span in spans.items()]
