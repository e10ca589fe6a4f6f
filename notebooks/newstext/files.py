"""Files as people give them: bytes, encodings, the facts beside an article, tables, word lists; the one error."""

import io
import os
import re
import tomllib
from collections.abc import Iterator
from functools import lru_cache
from pathlib import Path

import pandas as pd

HERE = Path(__file__).parent
ROOT = HERE.parents[1]
DATA = ROOT / "data"
STOP_WORDS = DATA / "stopwords.txt"
MAX_BYTES = 20_000_000  # about thirty novels; more is a wrong file, not an article
CHECKED = ["start", "end", "text", "kind", "speaker"]
FORMS = {  # how X.toml writes what is read from it
    **{name: f'{name} = "…"' for name in ("title", "publisher", "agency", "sha256", "encoding")},
    "headings": 'headings = ["…", "…"]',
    "aliases": '[aliases]\n"name" = "whom it stands for"',
    "actors": '[actors]\n"actor" = ["name", "other name"]',
    "sides": '[sides]\n"side" = ["actor", "other actor"]',
}
# Zero-width, soft-hyphen, direction and control characters: a reader cannot see them, so matching must not either.
INVISIBLE = re.compile(
    "[\u00ad\u061c\u200b-\u200f\u202a-\u202e\u2060-\u206f\ufeff\x00-\x08\x0e-\x1b\x7f-\x84\x86-\x9f]"
)
STRAIGHT = str.maketrans("‘’“”", "''\"\"")  # one character for one: offsets stay


class ArticleError(ValueError):
    """Bad input, in one line: which file, where in it, and what to do."""

    def __init__(self, message: str) -> None:
        super().__init__(INVISIBLE.sub("�", " ".join(message.splitlines())))


def find_path(path: str | Path) -> Path:
    """The path as given; one that does not exist from here is looked for from the project's root, too."""
    path = Path(path)
    return ROOT / path if os.path.exists(ROOT / path) and not os.path.exists(path) else path


def read_bytes(path: str | Path, max_bytes: int = MAX_BYTES) -> bytes:
    """What a file holds. Raises `ArticleError` for one that is missing, a folder, a pipe or over `max_bytes`."""
    path = find_path(path)
    try:
        if not path.exists():
            known = ", ".join(sorted(p.name for p in DATA.glob("*.txt")))
            raise ArticleError(f"{path}: no such file, seen from {Path.cwd()}; in data/ there are {known or 'none'}")
        if not path.is_file():  # a pipe would be waited for, for ever
            raise ArticleError(f"{path} is a {'folder' if path.is_dir() else 'device or a pipe'}: name a text file")
        if (size := path.stat().st_size) > max_bytes:
            cure = "read_article(path, max_bytes=…) raises it"
            raise ArticleError(f"{path}: {size:,} bytes, over the limit of {max_bytes:,}; {cure}")
        return path.read_bytes()
    except OSError as error:
        raise ArticleError(f"{path}: cannot be read ({error.strerror or error}); check name and permissions") from None


def decode(raw: bytes, path: str | Path, encoding: str = "utf-8", toml: str = "") -> str:
    """The text of a file's bytes, without a byte-order mark; one of UTF-16 tells the encoding.

    Raises `ArticleError` for what is no text or in another encoding; `toml` is the file that may name it.
    """
    encoding = "utf-16" if raw.startswith((b"\xff\xfe", b"\xfe\xff")) else encoding
    wide = encoding.lower().startswith(("utf-16", "utf-32"))
    if (b"\0" in raw and not wide) or raw.startswith((b"%PDF-", b"\x89PNG", b"PK\x03\x04")):
        raise ArticleError(f"{path}: not a text file; export it as plain text in UTF-8")
    try:
        return raw.decode(encoding).removeprefix("\ufeff")
    except UnicodeDecodeError as error:
        line = 1 + len(re.findall(rb"\r\n|\r|\n", raw[: error.start]))
        where = f"byte 0x{raw[error.start]:02x} at offset {error.start}, line {line}"
    except (LookupError, ValueError) as error:
        where = str(error)
    cure = f', or put encoding = "{"cp1252" if encoding == "utf-8" else "…"}" into {toml}' if toml else ""
    raise ArticleError(f"{path}: not {encoding}: {where}; save it as UTF-8{cure}")


def read_facts(path: Path) -> dict:
    """An article's facts from `X.toml`, {} where there is none.

    Raises `ArticleError` for TOML that cannot be read, what is not written as in `FORMS`, and a side's unknown actor.
    """
    if not os.path.exists(path):
        return {}
    text = decode(read_bytes(path), path)
    try:
        facts = tomllib.loads(text)
    except (ValueError, RecursionError) as error:
        raise ArticleError(f"{path}: not valid TOML ({error}); mend that line or remove the file") from None
    for name in (name for name in FORMS if name in facts):
        for wrong in _misfits(facts[name], tomllib.loads(FORMS[name])[name]):
            cure = f"{name} is written like {FORMS[name]}, no text blank or with spaces too many"
            raise ArticleError(f"{path}: {name}: {wrong!r} cannot be used: {cure}")
    actors = facts.get("actors", {})
    for name in (name for names in facts.get("sides", {}).values() for name in names if name not in actors):
        known = ", ".join(actors) or "none, [actors] gives them"
        raise ArticleError(f"{path}: sides: no actor {name!r}; known: {known}")
    return facts


def _misfits(value: object, form: object) -> Iterator[object]:
    """What in a value of a TOML file is not made like its form, and texts that no article holds."""
    if type(value) is not type(form) or (isinstance(value, str) and not value == " ".join(value.split()) != ""):
        yield value
    elif isinstance(form, dict):
        for name, entry in value.items():
            yield from [*_misfits(name, ""), *_misfits(entry, *form.values())]
    elif isinstance(form, list):
        for entry in value:
            yield from _misfits(entry, form[0])


def read_rows(path: str | Path, columns: list[str]) -> pd.DataFrame:
    """A table made by hand: every cell a string as it stands, the index `row` counted as in a spreadsheet.

    The first row names the columns, these at least; cells are cut at commas, semicolons or tabs, as the first line is.
    Raises `ArticleError` for a file that cannot be read, columns that are missing or named twice, and cells below no
    name.
    """
    text = decode(read_bytes(path), path)
    mark = max(",;\t", key=re.split("[\r\n]", text, maxsplit=1)[0].count)
    as_they_stand = {"dtype": str, "keep_default_na": False, "skip_blank_lines": False}
    try:
        table = pd.read_csv(io.StringIO(text), sep=mark, header=None, **as_they_stand).fillna("")
    except ValueError as error:
        cure = f"save the table as CSV again, a cell with {mark!r} in quotation marks"
        raise ArticleError(f"{path}: {str(error).strip()}; {cure}") from None
    names = table.iloc[0].str.strip()
    missing = ", ".join(name for name in columns if name not in {*names})
    if missing or names[names != ""].duplicated().any():
        wrong = f"no column {missing}" if missing else "a column comes twice"
        raise ArticleError(f"{path}: {wrong}; its first row must name {', '.join(columns)}, each once")
    table = table[1:].rename(index=lambda row: row + 1).rename_axis("row").set_axis(names, axis=1)
    for row in table.index[table[[""]].ne("").any(axis=1)] if "" in table else []:
        raise ArticleError(f"{path}: row {row} has a cell below no name; name it or empty it")
    return table.loc[table.ne("").any(axis=1), names[names != ""]]


def read_checked(path: Path, text: str) -> pd.DataFrame | None:
    """The statements marked by hand in a text, None without a file; one that has moved is found by its words.

    Raises `ArticleError`, with the row's number, for an unknown kind and for words that are nowhere in the text.
    """
    if not os.path.exists(path):
        return None
    table, places = read_rows(path, CHECKED), []
    for row in table.itertuples():
        if row.kind not in ("direct", "partial", "indirect"):
            raise ArticleError(f"{path}: row {row.Index}: kind {row.kind!r}; use direct, partial or indirect")
        near = min(int(row.start), len(text)) if re.fullmatch("[0-9]{1,9}", row.start) else 0
        places.append(find_words(text, row.text, near, len(text)))
        if places[-1][0] < 0:
            raise ArticleError(f"{path}: row {row.Index}: {row.text[:40]!r} is not in the article; mend the row")
    return table.assign(start=[start for start, _ in places], end=[end for _, end in places]).reset_index(drop=True)


def find_words(text: str, words: str, near: int, reach: int) -> tuple[int, int]:
    """Where words stand, nearest to a place within `reach`, else (−1, −1); spaces and kinds of marks do not matter."""
    words = re.sub(r"^'(?=[=+\-@])", "", words)  # the apostrophe that keeps a spreadsheet from reading a formula
    words = re.sub(r"\\u([0-9a-f]{4})", lambda hidden: chr(int(hidden[1], 16)), words)  # a table shows them so
    low, pattern = max(0, near - reach), r"\s+".join(map(re.escape, words.translate(STRAIGHT).split()))
    plain = text[low : near + reach].translate(STRAIGHT)
    found = re.finditer(rf"(?<!\w){pattern}(?!\w)", plain) if pattern else ()
    spans = [(low + match.start(), low + match.end()) for match in found]
    return min(spans, key=lambda span: abs(span[0] - near), default=(-1, -1))


def word_rows(name: str) -> list[list[str]]:
    """The rows of a list beside this file, cut at tabs, without comments and blank rows."""
    rows = (HERE / name).read_text(encoding="utf-8").splitlines()
    return [row.split("\t") for row in rows if row and not row.startswith("#")]


def read_stop_words(path: str | Path = STOP_WORDS) -> frozenset[str]:
    """The words of a list file, folded like terms: one a line, `#` begins a comment. Read anew at each call."""
    lines = decode(read_bytes(path), path).splitlines()
    return frozenset(fold_possessive(word) for line in lines if (word := line.split("#")[0].strip()))


@lru_cache(100_000)
def fold_possessive(token: str) -> str:
    """The term of a token: lower case, without ’s ("China’s" → "china")."""
    return token.lower().translate(STRAIGHT).removesuffix("'s")
