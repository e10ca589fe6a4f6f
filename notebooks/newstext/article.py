"""One news article as tables: lines, sections, paragraphs, sentences, tokens.

Every row keeps `start` and `end`, offsets into the text as received: `article.text[start:end]` is the row's text.
"""

import hashlib
import re
import unicodedata
from collections import Counter, namedtuple
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field, replace
from functools import cache, cached_property
from itertools import groupby, pairwise
from pathlib import Path

import numpy as np
import pandas as pd

from newstext.files import MAX_BYTES, decode, find_path, read_bytes, read_checked, read_facts
from newstext.lists import INVISIBLE, STOP_WORDS, STRAIGHT, ArticleError, fold_possessive, read_stop_words, word_rows

OPENING, HEADLINE = "Opening", "Headline"  # the sections before the first heading and of the headline
ACCENTS = "\u0300-\u036f\u1dc0-\u1dff\u20d0-\u20ff\ufe20-\ufe2f"  # written after the letter they belong to
UNEVEN = re.compile(f"{INVISIBLE.pattern}+|[^{ACCENTS}][{ACCENTS}]{{1,30}}")  # reads differently from what is written
LETTERS = rf"[^\W{ACCENTS}][\w{ACCENTS}]*"  # NLTK takes marks for letters
TOKEN = rf"""(?x)
    (?:[^\W\d_]\.){{2,}}(?:[-‐‑'’]{LETTERS})*                   # U.S., e.g., U.S.-led
  | {LETTERS}(?:[-‐‑'’&]{LETTERS} | (?<=\d)[.,:/]\d+)*         # build-up, China’s, AT&T, 5,400, 9:30
  | [^\s\x1c-\x1f]                                            # any other mark, one by one
"""
STRETCH = re.compile(  # what NLTK gets at a time: up to the end of the text, a sentence or a word in 10,000 characters
    "(?s)" + "|".join(r"\S.{0,9999}" + end for end in (r"\Z", r"(?<=[.!?])[\"')]{0,9}\s", r"(?<=\s)", ""))
)
NARROW, WIDE, FULL = 50, 100, 4  # columns of hard-wrapped text (e-mail has 60 to 80), and full lines that tell it
HEADING_WORDS, HEADING_LENGTH = 9, 70  # a section heading fits one printed line
HEADLINE_LENGTH, BOILERPLATE_LENGTH = 200, 300
SENTENCE_HEADLINE = 80  # characters with a full stop: 167 of 207 are found; 1 % of first sentences are no headlines
TOLD = re.compile(r"[.!?][\"')]* [A-Z\"']|\b(?:said|told|was|were|had|did|\w+day)\b")  # in a story, not in a headline
# A doubt needs words, and fewer grammar words: 503 of 504 articles have .24 or more, five other languages .17 or less.
FEWEST, GRAMMAR, LISTED = 30, 0.22, 0.6  # the last: from what share of capitals and numbers it is a list
DATE = re.compile(r"\d{1,2}[:.]\d\d\b|\b(?:Jan|Feb|Mar|Apr|May|June?|July?|Aug|Sept?|Oct|Nov|Dec)[a-z]*\.? \d|day,")
BOILERPLATE = [(reason, re.compile(pattern)) for reason, pattern, _ in word_rows("boilerplate.tsv")]
STARTERS = [word for (word,) in word_rows("sentence_starters.txt")]
JOINS = [
    (re.compile(before), re.compile(after.replace("STARTERS", "|".join(STARTERS))))
    for _, before, after, _ in word_rows("sentence_joins.tsv")
]

Line = namedtuple("Line", "line start end text role reason")
Section = namedtuple("Section", "section start end paragraphs sentences words")
Paragraph = namedtuple("Paragraph", "paragraph section start end text")
Sentence = namedtuple("Sentence", "sid section paragraph start end text")
Token = namedtuple("Token", "sid section start end token term is_word is_stop")
NUMBERS = ["line", "start", "end", "paragraph", "paragraphs", "sentences", "words"]
KINDS = dict.fromkeys(NUMBERS, int) | dict.fromkeys(["is_word", "is_stop"], bool)  # the other columns are strings
TABLES = ("lines", "sections", "paragraphs", "sentences", "tokens")


@dataclass(frozen=True, eq=False)
class Article:
    """A parsed article. Tables are shared, not copied: do not change them.

    `notes` says in words what the reader of the tables should know; `checked` holds statements marked by hand, if any.
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
        """The article as matched: accents composed, no invisible characters. For an ordinary text it is the same."""
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
        texts = pd.Series([self.text[a:b] for a, b in zip(table.start, table.end)], table.index, str)
        return table.assign(**dict.fromkeys({"text", "token"} & {*table}, texts))

    def __repr__(self) -> str:
        """The article in brief: a cell that ends in it shows this, and not its tables."""
        lines = [self.headline or "(no headline)", f"{len(self.words()):,} words, {len(self.body):,} sentences"]
        lines += [f"  {s.section}: {s.words:,} words, {s.sentences:,} sentences" for s in self.sections.itertuples()]
        return "\n".join([*lines, *self.notes])


def read_article(path: str | Path, stop_words: str | Path = STOP_WORDS, max_bytes: int = MAX_BYTES) -> Article:
    """The article in `X.txt`, with the facts of `X.toml` and the statements marked in `X-statements.csv`, if any.

    The TOML file may set `encoding` (else UTF-8) and `headings`. A relative path begins here or at the project's root.
    Raises `ArticleError`, one line, for a file that is missing, over `max_bytes`, empty, or that cannot be used.
    """
    raw = read_bytes(path := find_path(path), max_bytes)
    facts = read_facts(facts_path := path.with_suffix(".toml"))
    names = {name: facts.pop(name, {}) for name in ("aliases", "actors", "sides")}
    text, stops = decode(raw, path, facts.get("encoding"), facts_path.name), read_stop_words(stop_words)
    try:
        article = parse_article(text, facts, stop_words=stops)
    except ArticleError as error:
        raise ArticleError(f"{path}: {error}") from None
    notes = article.notes
    if facts.get("sha256", digest := hashlib.sha256(raw).hexdigest()) != digest:
        notes += (f"{path.name} is not the text that {facts_path.name} describes: their sha256 differ",)
    checked = read_checked(path.with_name(f"{path.stem}-statements.csv"), len(text))
    return replace(article, **names, notes=notes, checked=checked)


def parse_article(
    text: str, facts: dict | None = None, aliases: dict | None = None, stop_words: Iterable[str] | None = None
) -> Article:
    """The article in a text: boilerplate lines set aside, the rest cut into headings, paragraphs, sentences, tokens.

    Headings are found by rule, or named by `facts["headings"]`. `aliases` maps names to those they stand for; without
    `stop_words` the shipped list marks `is_stop`. Raises `ArticleError` where nothing is left to read.
    """
    if half := re.search("[\ud800-\udfff]", text):
        raise ArticleError(f"character {half.start()} is half a character (U+{ord(half[0]):04X}); mend the encoding")
    reading, offsets = _normalise(text)
    if not reading.strip():
        raise ArticleError("empty article: put some text into it")
    facts, grammar, blocks = dict(facts or {}), read_stop_words(), _blocks(reading)
    notes = _find_roles(blocks, facts.get("headings"))
    lines = [line._replace(role=block.role, reason=block.reason) for block in blocks for line in block.lines]
    paragraphs = list(_paragraphs(reading, blocks))
    sentences = list(_sentences(paragraphs))
    tokens = list(_tokens(sentences, grammar if stop_words is None else frozenset(stop_words)))
    kinds = {Line: lines, Section: _sections(paragraphs, sentences, tokens), Paragraph: paragraphs, Sentence: sentences}
    tables = [_table(kind, rows) for kind, rows in (kinds | {Token: tokens}).items()]
    notes = (*notes, *_doubts(paragraphs, grammar))
    article = Article(reading, *tables, facts=facts, aliases=dict(aliases or {}), notes=notes)
    return article if offsets is None else _as_received(text, offsets, article)


def character_roles(article: Article) -> pd.Series:
    """Number of characters by role; together they are the whole text, or an assertion fails.

    `blank` is what lies between the lines' texts: white space, line ends and invisible characters.
    """
    lines, roles = article.lines, ["body", "heading", "headline", "removed"]
    cuts = [0, *lines[["start", "end"]].to_numpy().ravel(), len(article.text)]
    assert all(a <= b for a, b in pairwise(cuts)), "lines overlap"
    between = "".join(article.text[a:b] for a, b in zip(cuts[::2], cuts[1::2]))
    assert not INVISIBLE.sub("", between).strip(), "text outside every line"
    counts = (lines.end - lines.start).groupby(lines.role).sum().reindex(roles, fill_value=0)
    counts["blank"] = len(between)
    assert counts.sum() == len(article.text), "a role is missing here"
    return counts


def _table(row: type[tuple], rows: Iterable[tuple]) -> pd.DataFrame:
    """The rows as a table; an empty one keeps its types, so that sums and comparisons work on it."""
    table = pd.DataFrame(list(rows), columns=row._fields)
    return table.astype({name: KINDS.get(name, str) for name in row._fields}) if table.empty else table


def _normalise(text: str) -> tuple[str, np.ndarray | None]:
    """The text for matching, and for each of its characters the offset it comes from (None: all the same)."""
    kept = np.ones(len(text) + 1, bool)

    def even(match: re.Match) -> str:
        """Nothing for invisible characters; a letter with its accents composed (NFC), if that is shorter."""
        composed = "" if INVISIBLE.match(match[0]) else unicodedata.normalize("NFC", match[0])
        kept[match.start() + len(composed) : match.end()] = False
        return composed if len(composed) < len(match[0]) else match[0]

    reading = UNEVEN.sub(even, text)
    return reading, None if kept.all() else np.flatnonzero(kept)


def _as_received(text: str, offsets: np.ndarray, plain: Article) -> Article:
    """The article with the tables of its reading brought back to the text, and what that leaves out."""
    article, notes = replace(plain, text=text, offsets=offsets, plain=plain), plain.notes
    tables = {name: article.to_source(getattr(plain, name)) for name in TABLES}
    if text.startswith("\ufeff"):
        mark = _table(Line, [Line(1, 0, 1, "\ufeff", "removed", "byte-order mark")])
        tables["lines"] = pd.concat([mark, tables["lines"]], ignore_index=True)
    if hidden := sorted({f"U+{ord(c):04X}" for c in INVISIBLE.findall(text.removeprefix("\ufeff"))}):
        notes += (f"the text holds invisible characters ({', '.join(hidden)}): they are passed over",)
    return replace(article, **tables, notes=notes)


@dataclass
class Block:
    """A paragraph, heading or notice: one line, or several where the text is hard-wrapped."""

    lines: list[Line]
    role: str = "body"
    reason: str = ""

    @cached_property
    def folded(self) -> str:
        return " ".join(" ".join(line.text for line in self.lines).translate(STRAIGHT).split())


def _heading_name(line: str) -> str:
    """A heading without Markdown's marks and a colon at its end."""
    return " ".join(line.split()).strip("#* ").rstrip(": ")


def _blocks(text: str) -> list[Block]:
    """The lines, one a block, or a paragraph where most are so full that the next one's first word did not fit."""
    lines, at, blocks = [], 0, []
    for number, line in enumerate(text.splitlines(keepends=True), 1):
        if content := line.strip():
            start = at + line.index(content)
            lines.append(Line(number, start, start + len(content), content, "body", ""))
        at += len(line)
    pairs = [(a, b) for a, b in pairwise(lines) if a.line + 1 == b.line]
    width = max((len(line.text) for pair in pairs for line in pair), default=0)
    full = {b.line for a, b in pairs if len(a.text) + 1 + len(b.text.split(None, 1)[0]) > width}
    wrapped = NARROW <= width <= WIDE and len(full) >= FULL and 2 * len(full) >= len(pairs)
    goes_on = full | {b.line for _, b in pairs if b.text[0].islower()} if wrapped else ()
    for line in lines:
        if line.line in goes_on:
            blocks[-1].lines.append(line)
        else:
            blocks.append(Block([line]))
    return blocks


def _find_roles(blocks: list[Block], named: list[str] | None) -> list[str]:
    """Gives each block its role (headline, heading, body, removed) and reason; notes for the reader."""
    kept, notes = _set_aside(blocks), []
    wanted = {_heading_name(name.translate(STRAIGHT)).casefold(): name for name in named or []}
    names = [_heading_name(block.folded).casefold() for block in kept]
    asked = [block for block, name in zip(kept, names) if name in wanted]
    if kept and names[0] not in wanted and _is_headline(*kept[:2]):
        kept.pop(0).role = "headline"
    elif kept:
        notes.append("no headline found: the first line is read as text")
    for block in (headings := asked if named else _headings(kept)):
        block.role = "heading"
    missing = [wanted[name] for name in wanted if name not in names]
    notes += [f"heading not in the text: {name!r}; its text stays in the section before" for name in missing]
    cure = 'headings = ["…"] in the TOML file beside it gives them'
    return notes if headings else [*notes, f"no headings found: the body is one section; {cure}"]


def _set_aside(blocks: list[Block]) -> list[Block]:
    """Gives a reason to blocks that are boilerplate, a promo's caption with the promo; the others."""
    captions = set()
    for block in blocks:
        rules = BOILERPLATE if len(block.folded) <= BOILERPLATE_LENGTH else []
        caption = "repeated caption" if block.folded in captions else ""
        block.reason = next((reason for reason, rule in rules if rule.fullmatch(block.folded)), caption)
        block.role = "removed" if block.reason else "body"
        if block.reason == "video promo":
            captions.add(block.folded.partition(":")[2].strip(" '\""))
    return [block for block in blocks if not block.reason]


def _is_headline(first: Block, after: Block | None = None) -> bool:
    """Whether a text begins with a headline: a line without full stop, in title case, or that announces (see TOLD)."""
    line, below = first.folded, after.folded if after else ""
    words = [word for word in line.split() if len(word) > 3 and word[0].isalpha()]
    title_case = sum(word[0].isupper() for word in words) >= 0.8 * len(words) > 2
    full_stop = re.search(r"(?<!\.\w)\.[\"')]*$", line)  # "U.S." ends in none
    alone = after is not None and after.lines[0].line > first.lines[-1].line + 1
    announces = alone and len(line) <= min(SENTENCE_HEADLINE, len(below) / 1.5) and not TOLD.search(line)
    goes_on = below[:1].islower() or line.startswith("##")
    return len(line) <= HEADLINE_LENGTH and not goes_on and (title_case or not full_stop or announces)


def _is_short(line: str) -> bool:
    """Whether a line looks like a heading: short, a capital or digit first, no mark at its end, no date."""
    fits = len(line) <= HEADING_LENGTH and len(line.split()) <= HEADING_WORDS
    opens = line[0].isupper() or line[0].isdigit()
    return fits and opens and not re.search(r"[.!?,;:…\"')]$|^[\W\d]+$", line) and not DATE.search(line)


def _headings(kept: list[Block]) -> list[Block]:
    """Blocks marked `##`; else short lines between whole paragraphs, no question nor "Man: Name", but captions, too."""
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
        elif block.role != "removed":
            number += block.role == "body"
            yield Paragraph(number, section if number else HEADLINE, start, end, text[start:end])


@cache
def _cutters() -> tuple:
    """NLTK's tokenizers for sentences and for words, loaded when a text is parsed: that takes a second."""
    from nltk.tokenize.punkt import PunktParameters, PunktSentenceTokenizer
    from nltk.tokenize.regexp import RegexpTokenizer

    parameters = PunktParameters()
    parameters.abbrev_types = {word for (word,) in word_rows("abbreviations.txt")}
    parameters.sent_starters = set(STARTERS)
    return PunktSentenceTokenizer(parameters), RegexpTokenizer(TOKEN)


def _spans(cutter, text: str) -> list[tuple[int, int]]:
    """Where NLTK cuts the text, asked for by the stretch, whatever the text."""
    spans = []
    for stretch in STRETCH.finditer(text):
        at = stretch.start()
        try:
            spans += [(at + start, at + end) for start, end in cutter.span_tokenize(stretch[0])]
        except TimeoutError:
            raise ArticleError(f"NLTK gives up on the text after {text[at : at + 40]!r}; break that line up") from None
    return spans


def _sentence_spans(paragraph: str) -> list[list[int]]:
    """Punkt's sentences, joined again where they were cut wrongly: see sentence_joins.tsv."""
    plain, spans = paragraph.translate(STRAIGHT), []
    several = re.search("[.!?]", plain.rstrip(".!?\"')] "))
    for start, end in _spans(_cutters()[0], plain) if several else [(0, len(plain))]:
        after = plain[start:end]
        before = plain[max(spans[-1][0], spans[-1][1] - 20) : spans[-1][1]] if spans else ""
        goes_on = after[0].islower() or not any(map(str.isalnum, after))
        if spans and (goes_on or any(a.search(before) and b.match(after) for a, b in JOINS)):
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
    """The columns of `Token`, as plain tuples: an article has a thousand."""
    for sid, section, _, at, _, text in sentences:
        for start, end in _spans(_cutters()[1], text):
            term = fold_possessive(token := text[start:end])
            yield sid, section, at + start, at + end, token, term, any(map(str.isalnum, token)), term in stops


def _sections(paragraphs: list[Paragraph], sentences: list[Sentence], tokens: list[tuple]) -> Iterator[Section]:
    """Sections of the body in the order of the text, with their sizes."""
    in_section = Counter(row.section for row in sentences)
    words = Counter(section for _, section, *_, is_word, _ in tokens if is_word)
    for section, group in groupby((row for row in paragraphs if row.paragraph), lambda row: row.section):
        rows = list(group)
        yield Section(section, rows[0].start, rows[-1].end, len(rows), in_section[section], words[section])


def _doubts(paragraphs: list[Paragraph], grammar: frozenset[str]) -> list[str]:
    """A note on a text that the rules do not read, by its share of grammar words."""
    words = [word for row in paragraphs if row.paragraph for word in row.text.split()]
    share = sum(word.lower() in grammar for word in words) / max(len(words), 1)
    if len(words) < FEWEST or share >= GRAMMAR:
        return []
    listed = sum(not word[0].islower() for word in words) >= LISTED * len(words)
    kind = "a list or a table of results" if listed else "not English, or a list"
    return [f"{share:.0%} of the words are on the stop list: {kind}? Speakers and scores are not to be trusted"]
