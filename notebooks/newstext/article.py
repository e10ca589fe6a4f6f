"""One news article as tables: lines, sections, paragraphs, sentences, tokens.

Every row keeps `start` and `end`, character offsets into the text as received,
so that `article.text[start:end]` is the text of the row.
"""

import hashlib
import re
import unicodedata
from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field, replace
from functools import cache
from itertools import groupby, pairwise
from pathlib import Path
from typing import NamedTuple

import numpy as np
import pandas as pd

from newstext.files import MAX_BYTES, decode, read_bytes, read_checked, read_facts, with_companions
from newstext.lists import (  # noqa: F401  (others look for them here)
    DATA,
    HERE,
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

OPENING, HEADLINE = "Opening", "Headline"  # the sections before the first heading and of the headline
ACCENTS = "\u0300-\u036f\u1dc0-\u1dff\u20d0-\u20ff\ufe20-\ufe2f"  # written after the letter they belong to
UNEVEN = re.compile(f"[{HIDDEN}]+|[^{ACCENTS}][{ACCENTS}]{{1,30}}")  # what reads differently from what is written
LETTERS = rf"[^\W{ACCENTS}][\w{ACCENTS}]*"  # NLTK takes marks for letters
TOKEN = rf"""(?x)
    (?:[^\W\d_]\.){{2,}}(?:[-‐‑'’]{LETTERS})*                   # U.S., e.g., U.S.-led
  | {LETTERS}(?:[-‐‑'’&]{LETTERS} | (?<=\d)[.,:/]\d+)*         # build-up, China’s, AT&T, 5,400, 9:30
  | [^\s\x1c-\x1f]                                            # any other mark, one by one
"""
STRETCH = 10_000  # characters that NLTK gets at a time: it gives up on a text that takes it five seconds
PAUSE = re.compile(r"(?s).*[.!?][\"')]*\s|.*\s")  # up to the last end of a sentence, or of a word
NARROW, WIDE = 50, 100  # columns of hard-wrapped text: e-mail and typescript have 60 to 80
HEADING_WORDS, HEADING_LENGTH = 9, 70  # a section heading fits one printed line
HEADLINE_LENGTH, BOILERPLATE_LENGTH = 200, 300
SENTENCE_HEADLINE = 80  # characters of a headline that has a full stop
TOLD = re.compile(r"[.!?][\"')]* [A-Z\"']|\b(?:said|told|was|were|had|did|\w+day)\b")  # in a story, not in a headline
FEWEST, GRAMMAR, LISTED = 30, 0.22, 0.6  # words that a doubt needs; shares of grammar words, of capitals and numbers
DATE = re.compile(r"\d{1,2}[:.]\d\d\b|\b(?:Jan|Feb|Mar|Apr|May|June?|July?|Aug|Sept?|Oct|Nov|Dec)[a-z]*\.? \d|day,")


def _row(name: str, columns: str) -> type[tuple]:
    """A row of a table: its columns' names and types."""
    kinds = dict.fromkeys(["line", "start", "end", "paragraph", "paragraphs", "sentences", "words"], int)
    kinds |= {"is_word": bool, "is_stop": bool}
    return NamedTuple(name, [(column, kinds.get(column, str)) for column in columns.split()])


Line = _row("Line", "line start end text role reason")
Section = _row("Section", "section start end paragraphs sentences words")
Paragraph = _row("Paragraph", "paragraph section start end text")
Sentence = _row("Sentence", "sid section paragraph start end text")
Token = _row("Token", "sid section start end token term is_word is_stop")
TABLES = ("lines", "sections", "paragraphs", "sentences", "tokens")


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
        return self.sentences[self.sentences.section != HEADLINE]

    @property
    def removed(self) -> pd.DataFrame:
        """Lines set aside as not the article's own text, with the reason."""
        return self.lines[self.lines.role == "removed"].drop(columns="role").reset_index(drop=True)

    def words(self) -> pd.DataFrame:
        """Tokens of the body that hold a letter or a digit."""
        return self.tokens[self.tokens.is_word & (self.tokens.section != HEADLINE)]

    def only(self, section: str) -> "Article":
        """The article as if its body were this section alone. Raises `ArticleError` for one that it does not have."""
        if section not in set(self.sections.section):
            raise ArticleError(f"no section {section!r}: choose {', '.join(map(repr, self.sections.section))}")
        tables = {name: (table := getattr(self, name))[table.section == section] for name in TABLES[1:]}
        return replace(self, **tables, plain=self.plain and self.plain.only(section))

    def along(self, table: pd.DataFrame) -> pd.DataFrame:
        """The table with `first` and `last`: which words of the body a row covers, counted from 0, `last` exclusive."""
        starts = self.words().start.to_numpy()
        return table.assign(first=np.searchsorted(starts, table.start), last=np.searchsorted(starts, table.end))

    def to_source(self, table: pd.DataFrame) -> pd.DataFrame:
        """A table of the reading with offsets and text as received."""
        if self.offsets is None:
            return table
        table = table.assign(**{name: self.offsets[table[name].astype(int)] for name in ("start", "end")})
        texts = [self.text[a:b] for a, b in zip(table.start, table.end)]
        as_before = {"index": table.index, "dtype": str}  # strings stay strings, even in an empty table
        return table.assign(**{name: pd.Series(texts, **as_before) for name in {"text", "token"} & {*table}})

    def __repr__(self) -> str:
        """The article in brief: a cell that ends in it shows this, and not its tables."""
        lines = [self.headline or "(no headline)", f"{len(self.words()):,} words, {len(self.body):,} sentences"]
        lines += [
            f"  {row.section}: {row.words:,} words, {row.sentences:,} sentences" for row in self.sections.itertuples()
        ]
        return "\n".join([*lines, *self.notes])


def read_article(path: str | Path, stop_words: str | Path = STOP_WORDS, max_bytes: int = MAX_BYTES) -> Article:
    """Read `X.txt` and, where they exist, `X.toml` and `X-statements.csv` beside it.

    The TOML file fills `facts`, `aliases`, `actors` and `sides` and may set
    `encoding` (UTF-8 otherwise) and `headings`; the CSV file fills `checked`.
    A relative path is looked for from here, then from the project's root.
    Raises `ArticleError`, one line, for a file that is missing, a folder,
    larger than `max_bytes`, empty, no text, or in another encoding.
    """
    raw = read_bytes(path := find_path(path), max_bytes)
    path, facts_path, checked_path = with_companions(path)
    facts = read_facts(facts_path)
    names = {name: facts.pop(name, {}) for name in ("aliases", "actors", "sides")}
    text, stops = decode(raw, path, facts.get("encoding"), facts_path.name), read_stop_words(stop_words)
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
    if half := re.search("[\ud800-\udfff]", text):
        raise ArticleError(f"character {half.start()} is half a character (U+{ord(half[0]):04X}); mend the encoding")
    reading, offsets = _normalise(text)
    if not reading.strip():
        raise ArticleError("empty article: put some text into it")
    facts = dict(facts or {})
    blocks = _blocks(reading)
    notes = _find_roles(blocks, facts.get("headings"))
    lines = [line._replace(role=block.role, reason=block.reason) for block in blocks for line in block.lines]
    paragraphs = list(_paragraphs(reading, blocks))
    sentences = list(_sentences(paragraphs))
    grammar = read_stop_words()
    tokens = _table(Token, _tokens(sentences, grammar if stop_words is None else frozenset(stop_words)))
    kinds = {Line: lines, Section: _sections(paragraphs, sentences, tokens), Paragraph: paragraphs, Sentence: sentences}
    tables = [_table(kind, rows) for kind, rows in kinds.items()]
    notes = (*notes, *_doubts(paragraphs, grammar))
    article = Article(reading, *tables, tokens, facts=facts, aliases=dict(aliases or {}), notes=notes)
    return article if offsets is None else _as_received(text, offsets, article)


def character_roles(article: Article) -> pd.Series:
    """Number of characters by role; together they are the whole text.

    `blank` is what lies between the lines' texts: white space, line ends and
    invisible characters. An assertion fails if anything else does.
    """
    counts = (article.lines.end - article.lines.start).groupby(article.lines.role).sum()
    cuts = [0, *article.lines[["start", "end"]].to_numpy().ravel(), len(article.text)]
    assert all(a <= b for a, b in pairwise(cuts)), "lines overlap"
    between = [article.text[a:b] for a, b in zip(cuts[::2], cuts[1::2])]
    assert not INVISIBLE.sub("", "".join(between)).strip(), "text outside every line"
    counts["blank"] = sum(map(len, between))
    counts = counts.reindex(["body", "heading", "headline", "removed", "blank"], fill_value=0)
    assert counts.sum() == len(article.text), "a role is missing here"
    return counts


def _table(row: type[tuple], rows: Iterable[tuple]) -> pd.DataFrame:
    """The rows as a table; an empty one keeps its types, so that sums and comparisons work on it."""
    columns, kinds = [*map(list, zip(*rows))], row.__annotations__
    return pd.DataFrame(dict(zip(kinds, columns)) or {name: pd.Series(dtype=kinds[name]) for name in kinds})


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
    tables = {name: article.to_source(getattr(plain, name)) for name in TABLES}
    notes = plain.notes
    if text.startswith("\ufeff"):
        mark = _table(Line, [Line(1, 0, 1, "\ufeff", "removed", "byte-order mark")])
        tables["lines"] = pd.concat([mark, tables["lines"]], ignore_index=True)
    if hidden := sorted({f"U+{ord(c):04X}" for c in INVISIBLE.findall(text.removeprefix("\ufeff"))}):
        notes += (f"the text holds invisible characters ({', '.join(hidden)}): they are passed over",)
    return replace(article, **tables, notes=notes)


# From text to blocks with a role


@dataclass
class Block:
    """A paragraph, heading or notice: one line, or several where the text is hard-wrapped."""

    lines: list[Line]
    folded: str
    role: str = "body"
    reason: str = ""

    @property
    def name(self) -> str:
        return _heading_name(self.folded).casefold()


def _fold(line: str) -> str:
    return " ".join(line.translate(STRAIGHT).split())


def _heading_name(line: str) -> str:
    return " ".join(line.split()).strip("#* ").rstrip(": ")


def _lines(text: str) -> Iterator[Line]:
    """Lines that are not blank, trimmed, with the number of the line in the file."""
    at = 0
    for number, line in enumerate(text.splitlines(keepends=True), 1):
        if content := line.strip():
            start = at + len(line) - len(line.lstrip())
            yield Line(number, start, start + len(content), content, "body", "")
        at += len(line)


def _blocks(text: str) -> list[Block]:
    """The lines of each paragraph, heading or notice.

    A text is hard-wrapped if most lines are so full that the next line's
    first word would not have fitted; such a line goes on in the next, as does
    any before a lower-case letter. Misses: wrapped texts of fewer than four
    full lines, narrower than 50 or wider than 100 columns.
    """
    lines = list(_lines(text))
    pairs = [(a, b) for a, b in pairwise(lines) if a.line + 1 == b.line]
    width = max((len(line.text) for pair in pairs for line in pair), default=0)
    full = {b.line for a, b in pairs if len(a.text) + 1 + len(b.text.split(None, 1)[0]) > width}
    wrapped = NARROW <= width <= WIDE and len(full) > 3 and 2 * len(full) >= len(pairs)
    full = full | {b.line for _, b in pairs if b.text[0].islower()} if wrapped else set()
    groups: list[list[Line]] = []
    for line in lines:
        if line.line not in full:
            groups.append([])
        groups[-1].append(line)
    return [Block(group, _fold(text[group[0].start : group[-1].end])) for group in groups]


def _find_roles(blocks: list[Block], named: list[str] | None) -> list[str]:
    """Gives each block its role (headline, heading, body, removed) and reason; notes for the reader."""
    kept, notes = _set_aside(blocks), []
    wanted = {_heading_name(_fold(name)).casefold(): name for name in named or []}
    if kept and kept[0].name not in wanted and _is_headline(*kept[:2]):
        kept.pop(0).role = "headline"
    elif kept:
        notes.append("no headline found: the first line is read as text")
    headings = [block for block in kept if block.name in wanted] if named else _headings(kept)
    for block in headings:
        block.role = "heading"
    missing = [wanted[name] for name in wanted if name not in {block.name for block in headings}]
    notes += [f"heading not in the text: {name!r}; its text stays in the section before" for name in missing]
    cure = 'headings = ["…"] in the TOML file beside it gives them'
    return notes if headings else [*notes, f"no headings found: the body is one section; {cure}"]


@cache
def _boilerplate() -> list[tuple[str, re.Pattern]]:
    return [(reason, re.compile(pattern)) for reason, pattern in word_rows("boilerplate.tsv")]


def _set_aside(blocks: list[Block]) -> list[Block]:
    """Gives a reason to blocks that are boilerplate, a promo's caption with the promo; the others."""
    captions = set()
    for block in blocks:
        rules = _boilerplate() if len(block.folded) <= BOILERPLATE_LENGTH else []
        caption = "repeated caption" if block.folded in captions else ""
        block.reason = next((reason for reason, rule in rules if rule.fullmatch(block.folded)), caption)
        block.role = "removed" if block.reason else "body"
        if block.reason == "video promo":
            captions.add(block.folded.partition(":")[2].strip(" '\""))
    return [block for block in blocks if not block.reason]


def _is_headline(first: Block, after: Block | None = None) -> bool:
    """Whether a text begins with a headline: a short line without a full stop ("U.S." ends in none), or in title case.

    One with a full stop, too, if it is one short sentence that tells nothing
    in the past, with a blank line and a longer paragraph after it: so 167 of
    207 in 504 articles. Misses: headlines of two sentences, in the past, or
    above a short paragraph. Takes for one: such a first sentence (about 1 %).
    """
    line, below = first.folded, after.folded if after else ""
    words = [word for word in line.split() if len(word) > 3 and word[0].isalpha()]
    title_case = sum(word[0].isupper() for word in words) >= 0.8 * len(words) > 2
    alone = after is not None and after.lines[0].line > first.lines[-1].line + 1
    announces = alone and len(line) <= min(SENTENCE_HEADLINE, len(below) / 1.5) and not TOLD.search(line)
    full_stop = re.search(r"(?<!\.\w)\.[\"')]*$", line)
    goes_on = below[:1].islower() or line.startswith("##")
    return len(line) <= HEADLINE_LENGTH and not goes_on and (title_case or not full_stop or announces)


def _is_short(line: str) -> bool:
    """Whether a line looks like a heading: short, a capital or digit first, no mark at its end, no date."""
    fits = len(line) <= HEADING_LENGTH and len(line.split()) <= HEADING_WORDS
    opens = line[0].isupper() or line[0].isdigit()
    return fits and opens and not re.search(r"[.!?,;:…\"')]$|^[\W\d]+$", line) and not DATE.search(line)


def _headings(kept: list[Block]) -> list[Block]:
    """Blocks marked `##`, as in Markdown; where none is, short lines between two paragraphs.

    The paragraph before such a line has ended, and the one after begins anew.
    Misses: questions, quotations, two headings in a row, one above the first
    paragraph, "Man: Name". Takes for one: a caption without full stop.
    """
    if marked := [block for block in kept if re.match(r"#{1,6} .*\w", block.folded)]:
        return marked
    return [
        block
        for before, block, after in zip(kept, kept[1:], kept[2:])
        if _is_short(block.folded)
        and not re.fullmatch(r"[^:]+:(?: [A-Z]\S*)+", block.folded)
        and re.search(r"[.!?…:\"')\]]$", before.folded)
        and not (_is_short(after.folded) or after.folded[0].islower())
    ]


# From roles to tokens


def _paragraphs(text: str, blocks: list[Block]) -> Iterator[Paragraph]:
    """Body blocks, each in its section; the headline is paragraph 0. A heading that comes again is numbered."""
    section, taken, number = OPENING, Counter([OPENING, HEADLINE]), 0
    for block in blocks:
        start, end = block.lines[0].start, block.lines[-1].end
        if block.role == "heading":
            section = name = _heading_name(text[start:end])
            while section in taken:
                taken[name] += 1
                section = f"{name} ({taken[name]})"
            taken[section] += 1
        elif block.role == "headline":
            yield Paragraph(0, HEADLINE, start, end, text[start:end])
        elif block.role == "body":
            number += 1
            yield Paragraph(number, section, start, end, text[start:end])


@cache
def _cutters() -> tuple:
    """NLTK's tokenizers for sentences and for words, loaded when a text is parsed: that takes a second."""
    from nltk.tokenize.punkt import PunktParameters, PunktSentenceTokenizer
    from nltk.tokenize.regexp import RegexpTokenizer

    parameters = PunktParameters()
    parameters.abbrev_types = {word for (word,) in word_rows("abbreviations.txt")}
    parameters.sent_starters = {word for (word,) in word_rows("sentence_starters.txt")}
    return PunktSentenceTokenizer(parameters), RegexpTokenizer(TOKEN)


def _spans(cutter, text: str) -> list[tuple[int, int]]:
    """Where NLTK cuts the text, asked for by the stretch, whatever the text."""
    spans, at = [], 0
    while at < len(text):
        pause = PAUSE.match(text, at, at + STRETCH) if len(text) - at > STRETCH else None
        end = pause.end() if pause else min(at + STRETCH, len(text))
        stretch = text[at:end].lstrip()
        at = end - len(stretch)
        try:
            spans += [(at + start, at + stop) for start, stop in cutter.span_tokenize(stretch)]
        except TimeoutError:
            raise ArticleError(f"NLTK gives up on the text after {text[at : at + 40]!r}; break that line up") from None
        at = end
    return spans


@cache
def _joins() -> list[tuple[re.Pattern, re.Pattern]]:
    starters = "|".join(word for (word,) in word_rows("sentence_starters.txt"))
    rules = [(before, after.replace("STARTERS", starters)) for _, before, after, _ in word_rows("sentence_joins.tsv")]
    return [(re.compile(before), re.compile(after)) for before, after in rules]


def _sentence_spans(paragraph: str) -> list[list[int]]:
    """Punkt's sentences, joined again where they were cut wrongly: see sentence_joins.tsv."""
    plain, spans = paragraph.translate(STRAIGHT), []
    several = re.search("[.!?]", plain.rstrip(".!?\"')] "))
    for start, end in _spans(_cutters()[0], plain) if several else [(0, len(plain))]:
        after = plain[start:end]
        before = plain[max(spans[-1][0], spans[-1][1] - 20) : spans[-1][1]] if spans else ""
        goes_on = after[0].islower() or not any(map(str.isalnum, after))
        if spans and (goes_on or any(a.search(before) and b.match(after) for a, b in _joins())):
            spans[-1][1] = end
        else:
            spans.append([start, end])
    return spans


def _sentences(paragraphs: list[Paragraph]) -> Iterator[Sentence]:
    """Sentences in the order of the text; the headline is one sentence, `s0`."""
    number = 0
    for paragraph, section, at, _, text in paragraphs:
        for start, end in _sentence_spans(text) if paragraph else [(0, len(text))]:
            number += paragraph > 0
            yield Sentence(f"s{number}", section, paragraph, at + start, at + end, text[start:end])


def _tokens(sentences: list[Sentence], stops: frozenset[str]) -> Iterator[tuple]:
    """The columns of `Token`, as plain tuples: an article has a thousand, and most words come again."""
    known: dict[str, tuple[str, bool, bool]] = {}
    for sid, section, _, at, _, text in sentences:
        for start, end in _spans(_cutters()[1], text):
            if (token := text[start:end]) not in known:
                term = fold_possessive(token)
                known[token] = term, any(map(str.isalnum, token)), term in stops
            yield sid, section, at + start, at + end, token, *known[token]


def _sections(paragraphs: list[Paragraph], sentences: list[Sentence], tokens: pd.DataFrame) -> Iterator[Section]:
    """Sections of the body in the order of the text, with their sizes."""
    in_section, words = Counter(row.section for row in sentences), tokens.start[tokens.is_word].to_numpy()
    for section, group in groupby(paragraphs, lambda row: row.section):
        rows = list(group)
        start, end = rows[0].start, rows[-1].end
        if section != HEADLINE:
            first, last = np.searchsorted(words, [start, end])
            yield Section(section, start, end, len(rows), in_section[section], int(last - first))


def _doubts(paragraphs: list[Paragraph], grammar: frozenset[str]) -> Iterator[str]:
    """A note on a text that the rules do not read, by its share of grammar words.

    It is 24 % or more in 503 of 504 English articles, 19 % in a list of
    polls, 17 % or less in invented Dutch, German, French, Spanish, Italian.
    """
    words = [word for row in paragraphs if row.paragraph for word in row.text.split()]
    share = sum(map(grammar.__contains__, map(str.lower, words))) / max(len(words), 1)
    if len(words) >= FEWEST and share < GRAMMAR:
        listed = sum(not word[0].islower() for word in words) >= LISTED * len(words)
        kind = "a list or a table of results" if listed else "not English, or a list"
        yield f"{share:.0%} of the words are on the stop list: {kind}? Speakers and scores are not to be trusted"
