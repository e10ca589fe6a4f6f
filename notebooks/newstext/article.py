"""One news article as tables: lines, sections, paragraphs, sentences, tokens.

Every row keeps `start` and `end`, offsets into the text as received: `article.text[start:end]` is the row's text.
"""

import re
import unicodedata
from collections import Counter, namedtuple
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field, replace
from functools import cache, cached_property
from hashlib import sha256
from itertools import accumulate, pairwise
from pathlib import Path

import numpy as np
import pandas as pd

from newstext import files
from newstext.files import INVISIBLE, STRAIGHT, ArticleError, fold_possessive, read_stop_words, word_rows

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
HEADING = re.compile(  # up to nine words on a printed line; no sentence, number or "Man: Name"
    r"(?=.{1,70}$)(?!.*[.!?,;:…\"')]$|[\W\d]+$|[^:]+:(?: [A-Z]\S*)+$)[^\W_]\S*(?: \S+){0,8}"
)
HEADLINE_LENGTH, BOILERPLATE_LENGTH = 200, 300
SENTENCE_HEADLINE = 80  # characters with a full stop: 167 of 207 are found; 1 % of first sentences are no headlines
TOLD = re.compile(r"[.!?][\"')]* [A-Z\"']|\b(?:said|told|was|were|had|did|\w+day)\b")  # in a story, not in a headline
FEWEST, GRAMMAR = 30, 0.22  # words of a text, and of a hundred on the stop list: English .24 or more, others to .17
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
TABLES = {"lines": Line, "sections": Section, "paragraphs": Paragraph, "sentences": Sentence, "tokens": Token}
KINDS = dict.fromkeys(["line", "start", "end", "paragraph", "paragraphs", "sentences", "words"], int)
KINDS |= dict.fromkeys(["is_word", "is_stop"], bool)  # the other columns are strings


@dataclass(frozen=True, eq=False)
class Article:
    """A parsed article. Tables are shared, not copied: do not change them.

    `notes` says in words what the reader of the tables should know; `checked` holds statements marked by hand, if any;
    `reading` is the article as matched: accents composed, no invisible characters, by default the same.
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

    @cached_property
    def _words(self) -> pd.DataFrame:
        return self.tokens[self.tokens.is_word & (self.tokens.section != HEADLINE)]

    def words(self) -> pd.DataFrame:
        """Tokens of the body that hold a letter or a digit."""
        return self._words

    def only(self, section: str) -> "Article":
        """The article as if its body were this section alone. Raises `ArticleError` for one that it does not have."""
        if section not in set(self.sections.section):
            raise ArticleError(f"no section {section!r}: choose {', '.join(map(repr, self.sections.section))}")
        tables = {name: (table := getattr(self, name))[table.section == section] for name in [*TABLES][1:]}
        return replace(self, **tables, plain=self.plain and self.plain.only(section))

    def along(self, table: pd.DataFrame) -> pd.DataFrame:
        """The table with `first` and `last`: which words of the body a row covers, counted from 0, `last` exclusive."""
        starts = self.words().start.to_numpy()
        return table.assign(first=np.searchsorted(starts, table.start), last=np.searchsorted(starts, table.end))

    def to_source(self, table: pd.DataFrame) -> pd.DataFrame:
        """A table of the reading with offsets and text as received."""
        if self.offsets is None:
            return table
        places = {"start", "end", "cue_start", "mention_start"} & {*table}
        table = table.assign(**{name: self.offsets[table[name].astype(int)] for name in places})
        texts = pd.Series([self.text[a:b] for a, b in zip(table.start, table.end)], table.index, str)
        return table.assign(**dict.fromkeys({"text", "token"} & {*table}, texts))

    def __repr__(self) -> str:
        """The article in brief: a cell that ends in it shows this, and not its tables."""
        lines = [self.headline or "(no headline)", f"{len(self.words()):,} words, {len(self.body):,} sentences"]
        lines += [f"  {s.section}: {s.words:,} words, {s.sentences:,} sentences" for s in self.sections.itertuples()]
        return "\n".join([*lines, *self.notes])


def read_article(
    path: str | Path, stop_words: str | Path = files.STOP_WORDS, max_bytes: int = files.MAX_BYTES
) -> Article:
    """The article in `X.txt`, with the facts of `X.toml` and the statements marked in `X-statements.csv`, if any.

    The TOML file may set `encoding` (else UTF-8) and `headings`. A relative path begins here or at the project's root.
    Raises `ArticleError`, one line, for a file that is missing, over `max_bytes`, empty, or that cannot be used.
    """
    raw = files.read_bytes(path := files.find_path(path), max_bytes)
    facts = files.read_facts(toml := path.with_suffix(".toml"))
    names = {name: facts.pop(name, {}) for name in ("aliases", "actors", "sides")}
    text = files.decode(raw, path, facts.get("encoding", "utf-8"), toml.name)
    try:
        article = parse_article(text, facts, stop_words=read_stop_words(stop_words))
    except ArticleError as error:
        raise ArticleError(f"{path}: {error}") from None
    notes = article.notes
    if facts.get("sha256", digest := sha256(raw).hexdigest()) != digest:
        notes += (f"{path.name} is not the text that {toml.name} describes: their sha256 differ",)
    checked = files.read_checked(path.with_name(f"{path.stem}-statements.csv"), text)
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
    facts, grammar = dict(facts or {}), read_stop_words()
    lines, notes = _lines(reading, facts.get("headings") or [])
    paragraphs = list(_paragraphs(lines))
    sentences = list(_sentences(paragraphs))
    tokens = list(_tokens(sentences, grammar if stop_words is None else frozenset(stop_words)))
    rows = [lines, _sections(paragraphs, sentences, tokens), paragraphs, sentences, tokens]
    tables = {name: _table(kind, found) for (name, kind), found in zip(TABLES.items(), rows)}
    notes += _doubts(paragraphs, grammar)
    if hidden := sorted({f"U+{ord(c):04X}" for c in INVISIBLE.findall(text)}):
        notes.append(f"the text holds invisible characters ({', '.join(hidden)}): they are passed over")
    plain = Article(reading, **tables, facts=facts, aliases=dict(aliases or {}), notes=tuple(notes))
    if offsets is None:
        return plain
    article = replace(plain, text=text, offsets=offsets, plain=plain)
    return replace(article, **{name: article.to_source(getattr(plain, name)) for name in TABLES})


def character_roles(article: Article) -> pd.Series:
    """Number of characters by role; together they are the whole text, or an assertion fails.

    `blank` is what lies between the lines' texts: white space, line ends and invisible characters.
    """
    lines, text, roles = article.lines, article.text, ["body", "heading", "headline", "removed"]
    between = "".join(text[a:b] for a, b in zip([0, *lines.end], [*lines.start, len(text)]))
    assert not INVISIBLE.sub("", between).strip(), "text outside every line"
    counts = (lines.end - lines.start).groupby(lines.role).sum().reindex(roles, fill_value=0)
    counts["blank"] = len(between)
    assert counts.sum() == len(text), "lines overlap, or have another role"
    return counts


def _table(row: type[tuple], rows: list[tuple]) -> pd.DataFrame:
    """The rows as a table; an empty one keeps its types, so that sums and comparisons work on it."""
    table = pd.DataFrame(rows, columns=row._fields)
    return table if rows else table.astype({name: KINDS.get(name, str) for name in row._fields})


def _normalise(text: str) -> tuple[str, np.ndarray | None]:
    """The text for matching, and for each of its characters the offset it comes from (None: all the same)."""
    kept = np.ones(len(text) + 1, bool)

    def even(match: re.Match) -> str:
        """Nothing for invisible characters; a letter with its accents composed (NFC), if that is shorter."""
        composed = "" if INVISIBLE.match(match[0]) else unicodedata.normalize("NFC", match[0])
        kept[match.start() + len(composed) : match.end()] = False
        return composed if len(composed) < len(match[0]) else match[0]

    reading = UNEVEN.sub(even, text)
    return reading, None if kept.all() else np.append(np.flatnonzero(kept), -1)  # -1: no place


def _lines(text: str, named: list[str]) -> tuple[list[Line], list[str]]:
    """The lines that are not blank, or hard-wrapped paragraphs, each with its role and reason; notes for the reader."""
    spans, notes = _line_spans(text), []
    folded = [" ".join(text[start:end].translate(STRAIGHT).split()) for _, start, end in spans]
    reasons = _reasons(folded)
    kept = {i: line for i, line in enumerate(folded) if not reasons[i]}
    wanted = {_heading_name(name.translate(STRAIGHT)).casefold(): name for name in named}
    found = {i: _heading_name(line).casefold() for i, line in kept.items()}
    roles = dict.fromkeys(kept, "body")
    if kept and found[first := next(iter(kept))] not in wanted and _is_headline(*[*kept.values()][:2]):
        roles[first] = "headline"
        del kept[first]
    elif kept:
        notes.append("no headline found: the first line is read as text")
    headings = [i for i in kept if found[i] in wanted] if named else _headings(kept)
    roles |= dict.fromkeys(headings, "heading")
    missing = [name for key, name in wanted.items() if key not in found.values()]
    notes += [f"heading not in the text: {name!r}; its text stays in the section before" for name in missing]
    if not headings:
        cure = 'headings = ["…"] in the TOML file beside it gives them'
        notes.append(f"no headings found: the body is one section; {cure}")
    rows = zip(spans, [roles.get(i, "removed") for i in range(len(spans))], reasons)
    return [Line(n, start, end, text[start:end], role, reason) for (n, start, end), role, reason in rows], notes


def _line_spans(text: str) -> list[tuple[int, int, int]]:
    """Number, start and end of each line; lines that are too full for the next one's first word are joined to it."""
    rows = text.splitlines(keepends=True)
    starts = accumulate(map(len, rows), initial=0)
    cut = [(at + len(row) - len(row.lstrip()), row.strip()) for row, at in zip(rows, starts)]
    pairs = [(i, above, line) for i, ((_, above), (_, line)) in enumerate(pairwise(cut), 1) if above and line]
    width = max((len(line) for _, *pair in pairs for line in pair), default=0)
    full = {i for i, above, line in pairs if len(above) + 1 + len(line.split(None, 1)[0]) > width}
    wrapped = NARROW <= width <= WIDE and FULL <= len(full) >= len(pairs) / 2
    goes_on = full | {i for i, _, line in pairs if line[0].islower()} if wrapped else ()
    spans = []
    for i, (start, line) in enumerate(cut):
        if line:
            first = spans.pop()[:2] if i in goes_on else (i + 1, start)
            spans.append((*first, start + len(line)))
    return spans


def _heading_name(line: str) -> str:
    """A heading without Markdown's marks and a colon at its end."""
    return " ".join(line.split()).strip("#* ").rstrip(": ")


def _reasons(lines: list[str]) -> list[str]:
    """Why each line is set aside as boilerplate, or ""; a promo's caption goes with the promo."""
    captions, reasons = set(), []
    for line in lines:
        caption = "repeated caption" if line in captions else ""
        rules = BOILERPLATE if len(line) <= BOILERPLATE_LENGTH else []
        reasons.append(next((reason for reason, rule in rules if rule.fullmatch(line)), caption))
        if reasons[-1] == "video promo":
            captions.add(line.partition(":")[2].strip(" '\""))
    return reasons


def _is_headline(line: str, below: str = "") -> bool:
    """Whether a text begins with a headline: a line without full stop, in title case, or that announces (see TOLD)."""
    words = [word for word in line.split() if len(word) > 3 and word[0].isalpha()]
    title_case = sum(word[0].isupper() for word in words) >= 0.8 * len(words) > 2
    full_stop = re.search(r"(?<!\.\w)\.[\"')]*$", line)  # "U.S." ends in none
    announces = len(line) <= min(SENTENCE_HEADLINE, len(below) / 1.5) and not TOLD.search(line)
    goes_on = below[:1].islower() or line.startswith("##")
    return len(line) <= HEADLINE_LENGTH and not goes_on and (title_case or not full_stop or announces)


def _headings(kept: dict[int, str]) -> list[int]:
    """Lines marked `##`; else short lines between whole paragraphs. Misses questions; takes some captions, too."""
    rows = [*kept.items()]
    short = {i for i, line in rows if HEADING.fullmatch(line) and not line[0].islower()}
    return [i for i, line in rows if re.match(r"#{1,6} .*\w", line)] or [
        i
        for (_, before), (i, _), (below, after) in zip(rows, rows[1:], rows[2:])
        if i in short and below not in short and not after[0].islower() and re.search(r"[.!?…:\"')\]]$", before)
    ]


def _paragraphs(lines: list[Line]) -> Iterator[Paragraph]:
    """Body lines, each in its section; the headline is paragraph 0. A heading that comes again is numbered."""
    section, taken, number = OPENING, Counter([OPENING, HEADLINE]), 0
    for line in lines:
        if line.role == "heading":
            section = name = _heading_name(line.text)
            while section in taken:
                taken[name] += 1
                section = f"{name} ({taken[name]})"
            taken[section] += 1
        elif line.role != "removed":
            number += line.role == "body"
            yield Paragraph(number, section if number else HEADLINE, line.start, line.end, line.text)


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
    stretches = ((match.start(), match[0]) for match in STRETCH.finditer(text))
    try:
        return [(at + a, at + b) for at, stretch in stretches for a, b in cutter.span_tokenize(stretch)]
    except TimeoutError:
        raise ArticleError(f"NLTK gives up on the line {text[:40]!r}; break it up") from None


def _sentences(paragraphs: list[Paragraph]) -> Iterator[Sentence]:
    """Punkt's sentences, joined where it cut wrongly (see sentence_joins.tsv); the headline is one, `s0`."""
    number = 0
    for paragraph, section, at, _, text in paragraphs:
        plain, spans = text.translate(STRAIGHT), [[0, 0]]
        for start, end in _spans(_cutters()[0], plain) if paragraph else [(0, len(text))]:
            first, last = spans[-1]
            before, after = plain[max(first, last - 20) : last], plain[start:end]
            goes_on = after[0].islower() or not any(map(str.isalnum, after))
            if not last or goes_on or any(a.search(before) and b.match(after) for a, b in JOINS):
                spans[-1][1] = end
            else:
                spans.append([start, end])
        for start, end in spans:
            number += paragraph > 0
            yield Sentence(f"s{number}", section, paragraph, at + start, at + end, text[start:end])


def _tokens(sentences: list[Sentence], stops: frozenset[str]) -> Iterator[tuple]:
    """The columns of `Token`, as plain tuples: an article has a thousand."""
    for sid, section, _, at, _, text in sentences:
        for start, end in _spans(_cutters()[1], text):
            term = fold_possessive(token := text[start:end])
            yield sid, section, at + start, at + end, token, term, any(map(str.isalnum, token)), term in stops


def _sections(paragraphs: list[Paragraph], sentences: list[Sentence], tokens: list[Token]) -> list[Section]:
    """Sections of the body in the order of the text, with their sizes."""
    body = [row for row in paragraphs if row.paragraph]
    ends = {row.section: row.end for row in body}
    starts = {row.section: row.start for row in reversed(body)}
    counts = [Counter(row[1] for row in rows) for rows in (body, sentences, [row for row in tokens if row[6]])]
    return [Section(name, starts[name], end, *(count[name] for count in counts)) for name, end in ends.items()]


def _doubts(paragraphs: list[Paragraph], grammar: frozenset[str]) -> list[str]:
    """A note on a text that the rules do not read, by its share of grammar words."""
    words = [word for row in paragraphs if row.paragraph for word in row.text.lower().split()]
    share = sum(word in grammar for word in words) / max(len(words), 1)
    told = f"{share:.0%} of the words are on the stop list: not English, or a list of results?"
    return [f"{told} Speakers and scores are not to be trusted"] if len(words) >= FEWEST and share < GRAMMAR else []
