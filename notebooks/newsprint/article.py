"""One news article as tables: lines, sections, paragraphs, sentences, tokens.

Every row keeps `start` and `end`, character offsets into the text as received,
so that `article.text[start:end]` is the text of the row.
"""
import hashlib
import re
import tomllib
import unicodedata
from collections.abc import Iterable
from dataclasses import dataclass, field, replace
from functools import cache
from pathlib import Path

import numpy as np
import pandas as pd
from nltk.tokenize import RegexpTokenizer
from nltk.tokenize.punkt import PunktParameters, PunktSentenceTokenizer

HERE = Path(__file__).parent
DATA = HERE.parents[1] / "data"
STOP_WORDS = DATA / "stopwords.txt"
MAX_BYTES = 20_000_000  # about thirty novels; more is a wrong file, not an article

# Zero-width, soft-hyphen, direction and control characters: a reader cannot see them, so matching must not either.
INVISIBLE = re.compile("[\u00ad\u200b-\u200f\u202a-\u202e\u2060-\u206f\ufeff\x00-\x08\x0e-\x1b\x7f-\x84\x86-\x9f]")
CLUSTER = re.compile("(?s).[\u0300-\u036f\u1dc0-\u1dff\u20d0-\u20ff\ufe20-\ufe2f]*")
STRAIGHT = str.maketrans("‘’“”", "''\"\"")  # one character for one: offsets stay
TOKEN = r"""(?x)
    (?:[^\W\d_]\.){2,}(?:[-‐‑]\w+)*                     # U.S., e.g., U.S.-led
  | \w+(?:[-‐‑'’&]\w+ | (?<=\d)[.,:/]\d+)*              # build-up, China’s, AT&T, 5,400, 9:30
  | \S                                                  # any other mark, one by one
"""
SENTENCE_STARTERS = {  # after "U.S." these begin a new sentence, where a name or a noun would not
    "the", "a", "an", "he", "she", "it", "they", "we", "i", "this", "that", "these", "those", "there", "in", "on",
    "at", "but", "and", "however", "meanwhile", "for", "when", "while", "if", "as", "his", "her", "their", "its",
}  # fmt: skip
WRAP = 100  # hard-wrapped text has no line longer than this
HEADING_WORDS, HEADING_LENGTH = 9, 70  # a section heading fits one printed line
HEADLINE_LENGTH = 200


class ArticleError(ValueError):
    """Bad input, in one line: which file, where in it, and what to do."""


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
    def removed(self) -> pd.DataFrame:
        """Lines set aside as not the article's own text, with the reason."""
        lines = self.lines[self.lines.role == "removed"]
        return lines[["line", "start", "end", "text", "reason"]].reset_index(drop=True)

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
        if "text" in table:
            table["text"] = [self.text[a:b] for a, b in zip(table.start, table.end)]
        if "token" in table:
            table["token"] = [self.text[a:b] for a, b in zip(table.start, table.end)]
        return table


def read_article(path: str | Path, stop_words: str | Path = STOP_WORDS, max_bytes: int = MAX_BYTES) -> Article:
    """Read `X.txt` and, where they exist, `X.toml` and `X-statements.csv` beside it.

    The TOML file fills `facts` and `aliases` and may set `encoding` (UTF-8
    otherwise) and `headings`; the CSV file fills `checked`. Raises
    `ArticleError`, one line, for a file that is missing, a folder, larger than
    `max_bytes`, empty, no text, or in another encoding.
    """
    path = Path(path)
    facts = _read_toml(path.with_suffix(".toml"))
    aliases = facts.pop("aliases", {})
    raw = _read_bytes(path, max_bytes)
    text = _decode(raw, path, facts.get("encoding", "utf-8"))
    try:
        article = parse_article(text, facts, aliases, read_stop_words(stop_words))
    except ArticleError as error:
        raise ArticleError(f"{path}: {error}") from None
    table = path.with_name(path.stem + "-statements.csv")
    if table.exists():
        article = replace(article, checked=pd.read_csv(table, keep_default_na=False))
    if facts.get("sha256", digest := hashlib.sha256(raw).hexdigest()) != digest:
        note = f"{path.name} is not the text that {path.stem}.toml describes: their sha256 differ"
        article = replace(article, notes=(*article.notes, note))
    return article


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
    lines, notes = _find_roles(reading, facts.get("headings"))
    paragraphs = _paragraphs(reading, lines)
    sentences = _sentences(reading, paragraphs)
    tokens = _tokens(reading, sentences, stops)
    sections = _sections(paragraphs, sentences, tokens)
    tables = {"lines": lines, "sections": sections, "paragraphs": paragraphs, "sentences": sentences, "tokens": tokens}
    article = Article(reading, **tables, facts=facts, aliases=dict(aliases or {}), notes=tuple(notes))
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
    assert counts.sum() == len(article.text)
    return counts.reindex(["body", "heading", "headline", "removed", "blank"], fill_value=0)


# Reading the file


@cache
def read_stop_words(path: str | Path) -> frozenset[str]:
    """The words of a list file: one a line, `#` begins a comment, case folded."""
    try:
        lines = Path(path).read_text(encoding="utf-8-sig").splitlines()
    except (OSError, UnicodeDecodeError) as error:
        raise ArticleError(f"{path}: cannot read the stop list ({_why(error)}); name a UTF-8 text file") from None
    words = (line.split("#")[0].strip().lower().translate(STRAIGHT) for line in lines)
    return frozenset(word for word in words if word)


def _why(error: Exception) -> str:
    return getattr(error, "strerror", None) or getattr(error, "reason", None) or str(error)


def _read_toml(path: Path) -> dict:
    try:
        return tomllib.loads(path.read_text(encoding="utf-8-sig")) if path.exists() else {}
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        raise ArticleError(f"{path}: not valid TOML ({error}); mend that line or remove the file") from None


def _read_bytes(path: Path, max_bytes: int) -> bytes:
    if path.is_dir():
        raise ArticleError(f"{path} is a folder: name a text file in it")
    if not path.exists():
        known = ", ".join(sorted(p.name for p in DATA.glob("*.txt") if p != STOP_WORDS)) or "none"
        raise ArticleError(f"{path}: no such file, seen from {Path.cwd()}; articles in data/: {known}")
    if (size := path.stat().st_size) > max_bytes:
        raise ArticleError(f"{path}: {size:,} bytes, over the limit of {max_bytes:,}; read_article(path, max_bytes=…) raises it")
    try:
        return path.read_bytes()
    except OSError as error:
        raise ArticleError(f"{path}: cannot be read ({_why(error)}); check its permissions") from None


def _decode(raw: bytes, path: Path, encoding: str) -> str:
    if raw.startswith((b"\xff\xfe", b"\xfe\xff")):
        encoding = "utf-16-le" if raw[0] == 0xFF else "utf-16-be"  # keeps the mark, as utf-8 does
    elif b"\0" in raw or raw.startswith((b"%PDF-", b"\x89PNG", b"PK\x03\x04")):
        raise ArticleError(f"{path}: not a text file; export the article as plain text in UTF-8")
    try:
        return raw.decode(encoding)
    except LookupError:
        raise ArticleError(f"{path.with_suffix('.toml')}: unknown encoding {encoding!r}; try \"cp1252\"") from None
    except UnicodeDecodeError as error:
        byte, line = raw[error.start], raw[: error.start].count(b"\n") + 1
        advice = f'save it as UTF-8, or put encoding="cp1252" into {path.with_suffix(".toml").name}'
        raise ArticleError(
            f"{path}: not {encoding}: byte 0x{byte:02x} at offset {error.start}, line {line}; {advice}"
        ) from None


# From text to lines


def _normalise(text: str) -> tuple[str, np.ndarray | None]:
    """The text for matching, and for each of its characters the offset it comes from (None: all the same)."""
    if unicodedata.is_normalized("NFC", text) and not INVISIBLE.search(text):
        return text, None
    pieces, offsets = [], []
    for match in CLUSTER.finditer(text):
        piece = unicodedata.normalize("NFC", INVISIBLE.sub("", match[0]))
        pieces.append(piece)
        offsets += [match.start()] * len(piece)
    return "".join(pieces), np.array([*offsets, len(text)])


def _as_received(text: str, offsets: np.ndarray, plain: Article) -> Article:
    article = replace(plain, text=text, offsets=offsets, plain=plain)
    names = ["lines", "paragraphs", "sentences", "tokens"]
    article = replace(article, **{name: article.to_source(getattr(plain, name)) for name in names})
    sections = plain.sections.assign(start=offsets[plain.sections.start], end=offsets[plain.sections.end])
    lines, notes = article.lines, list(article.notes)
    if text.startswith("\ufeff"):
        mark = {"line": 1, "start": 0, "end": 1, "text": "\ufeff", "role": "removed", "reason": "byte-order mark"}
        lines = pd.concat([pd.DataFrame([mark]), lines], ignore_index=True)
    if hidden := sorted({f"U+{ord(c):04X}" for c in INVISIBLE.findall(text[text.startswith("\ufeff") :])}):
        notes.append(f"the text holds invisible characters ({', '.join(hidden)}): they are passed over")
    return replace(article, sections=sections, lines=lines, notes=tuple(notes))


@cache
def _boilerplate() -> list[tuple[str, re.Pattern]]:
    rows = (HERE / "boilerplate.tsv").read_text(encoding="utf-8").splitlines()
    rules = [row.split("\t") for row in rows if row and not row.startswith("#")]
    return [(reason, re.compile(pattern)) for reason, pattern in rules]


def _fold(line: str) -> str:
    return " ".join(line.translate(STRAIGHT).split())


def _lines(text: str) -> pd.DataFrame:
    """Non-blank lines, trimmed, with the number of the line in the file."""
    rows, at = [], 0
    for number, line in enumerate(text.splitlines(keepends=True), 1):
        if content := line.strip():
            start = at + line.index(content)
            rows.append((number, start, start + len(content), content))
        at += len(line)
    return pd.DataFrame(rows, columns=["line", "start", "end", "text"])


def _find_roles(text: str, named: list[str] | None) -> tuple[pd.DataFrame, list[str]]:
    """Lines with `role` (headline, heading, body, removed) and `reason`."""
    lines = _lines(text)
    folded = [_fold(line) for line in lines.text]
    reasons = _reasons(folded)
    kept = [i for i, reason in enumerate(reasons) if not reason]
    roles = ["body" if not reason else "removed" for reason in reasons]
    if kept and _is_headline(folded[kept[0]]):
        roles[kept.pop(0)] = "headline"
    headings, notes = _named_headings(kept, folded, named) if named else (_headings(kept, folded, lines.line), [])
    for i in headings:
        roles[i] = "heading"
    if not headings:
        notes.append('no headings found: the body is one section; headings = ["…"] in the TOML file beside it gives them')
    return lines.assign(role=roles, reason=reasons), notes


def _reasons(folded: list[str]) -> list[str]:
    """For each line the rule that sets it aside, or ""; a promo's caption goes with the promo."""
    reasons, captions = [], set()
    for line in folded:
        rules = _boilerplate() if len(line) <= 300 else []
        reason = next((reason for reason, rule in rules if rule.fullmatch(line)), "")
        if reason == "video promo":
            captions.add(line.partition(":")[2].strip(" '\""))
        reasons.append("repeated caption" if not reason and line in captions else reason)
    return reasons


def _is_headline(line: str) -> bool:
    """The first line, if short and without a full stop at its end ("U.S." ends in none), or in title case.

    Misses: a headline that is a sentence with its stop; such a line stays body text.
    """
    words = [word for word in line.split() if len(word) > 3 and word[0].isalpha()]
    title_case = sum(word[0].isupper() for word in words) >= 0.8 * len(words) > 2
    full_stop = re.search(r"(?<!\.\w)\.[\"')]*$", line)
    return len(line) <= HEADLINE_LENGTH and (title_case or not full_stop)


def _heading_name(line: str) -> str:
    return line.strip("#* ").rstrip(": ")


def _headings(kept: list[int], folded: list[str], numbers: pd.Series) -> list[int]:
    """Short lines that stand alone above a paragraph, with a capital and no end mark; or Markdown's `##`.

    Misses: headings that are questions or quotations. Takes for one: a short
    verse or list line without end mark above a longer line.
    """

    def short(line: str) -> bool:
        plain = len(line) <= HEADING_LENGTH and len(line.split()) <= HEADING_WORDS and not re.search(r"[.!?,;:…\"]$", line)
        return plain and bool(re.match(r"[A-Z\d]", line)) and any(c.isalpha() for c in line)

    spaced = len(kept) > 1 and numbers[kept[-1]] - numbers[kept[0]] > 1.5 * (len(kept) - 1)
    found = []
    for i, after in zip(kept, kept[1:]):
        alone = not spaced or numbers[after] - numbers[i] > 1
        marked = re.match(r"#{1,6} \S", folded[i])
        if marked or (alone and short(folded[i]) and not short(folded[after]) and len(folded[after]) > len(folded[i])):
            found.append(i)
    return found


def _named_headings(kept: list[int], folded: list[str], named: list[str]) -> tuple[list[int], list[str]]:
    wanted = {_heading_name(_fold(name)).casefold(): name for name in named}
    found = [i for i in kept if _heading_name(folded[i]).casefold() in wanted]
    missing = wanted.keys() - {_heading_name(folded[i]).casefold() for i in found}
    return found, [f"heading not in the text: {wanted[name]!r}; its text stays in the section before" for name in sorted(missing)]


# From lines to tokens


def _paragraphs(text: str, lines: pd.DataFrame) -> pd.DataFrame:
    """Body lines, hard-wrapped ones joined, each in its section; the headline is paragraph 0.

    A line goes on in the next one if the text has no long line and the next
    line's first word would not have fitted any more.
    """
    longest = max(map(len, lines.text))
    rows, section, seen, number, last = [], "Lead", {}, 0, None
    for line in lines.itertuples():
        if line.role == "heading":
            name = _heading_name(_fold(line.text))
            seen[name] = seen.get(name, 0) + 1
            section = name if seen[name] == 1 else f"{name} ({seen[name]})"
        elif line.role == "headline":
            rows.append([0, "Headline", line.start, line.end])
        elif line.role == "body":
            joins = last is not None and last.role == "body" and last.line + 1 == line.line and longest <= WRAP
            if joins and len(last.text) + 1 + len(line.text.split()[0]) > longest:
                rows[-1][3] = line.end
            else:
                number += 1
                rows.append([number, section, line.start, line.end])
        last = line
    table = pd.DataFrame(rows, columns=["paragraph", "section", "start", "end"])
    return table.assign(text=[text[a:b] for a, b in zip(table.start, table.end)])


@cache
def _punkt() -> PunktSentenceTokenizer:
    parameters = PunktParameters()
    rows = (HERE / "abbreviations.txt").read_text(encoding="utf-8").splitlines()
    parameters.abbrev_types = {row for row in rows if row and not row.startswith("#")}
    parameters.sent_starters = SENTENCE_STARTERS
    return PunktSentenceTokenizer(parameters)


def _sentence_spans(paragraph: str) -> list[list[int]]:
    """Punkt's sentences, joined again where the next one begins in lower case ("“Why?” she asked")."""
    spans = []
    for start, end in _punkt().span_tokenize(paragraph.translate(STRAIGHT)):
        if spans and paragraph[start].islower():
            spans[-1][1] = end
        else:
            spans.append([start, end])
    return spans


def _sentences(text: str, paragraphs: pd.DataFrame) -> pd.DataFrame:
    """Sentences in the order of the text; the headline is one sentence, `s0`."""
    rows, number = [], 0
    for row in paragraphs.itertuples():
        if row.paragraph == 0:
            rows.append(("s0", "Headline", 0, row.start, row.end))
            continue
        for start, end in _sentence_spans(row.text):
            number += 1
            rows.append((f"s{number}", row.section, row.paragraph, row.start + start, row.start + end))
    table = pd.DataFrame(rows, columns=["sid", "section", "paragraph", "start", "end"])
    return table.assign(text=[text[a:b] for a, b in zip(table.start, table.end)])


def fold_possessive(token: str) -> str:
    """The term of a token: lower case, without ’s ("China’s" → "china")."""
    return token.lower().translate(STRAIGHT).removesuffix("'s")


def _tokens(text: str, sentences: pd.DataFrame, stops: frozenset[str]) -> pd.DataFrame:
    tokenizer = RegexpTokenizer(TOKEN)
    rows = [
        (row.sid, row.section, row.start + a, row.start + b, row.text[a:b])
        for row in sentences.itertuples()
        for a, b in tokenizer.span_tokenize(row.text)
    ]
    table = pd.DataFrame(rows, columns=["sid", "section", "start", "end", "token"])
    terms = [fold_possessive(token) for token in table.token]
    return table.assign(
        term=terms,
        is_word=[any(map(str.isalnum, token)) for token in table.token],
        is_stop=[term in stops for term in terms],
    )


def _sections(paragraphs: pd.DataFrame, sentences: pd.DataFrame, tokens: pd.DataFrame) -> pd.DataFrame:
    """Sections of the body in the order of the text, with their sizes."""
    body = paragraphs[paragraphs.paragraph > 0]
    spans = body.groupby("section", sort=False).agg(start=("start", "min"), end=("end", "max"), paragraphs=("start", "size"))
    spans["sentences"] = sentences.groupby("section").size()
    spans["words"] = tokens[tokens.is_word].groupby("section").size()
    return spans.fillna(0).astype(int).reset_index()
