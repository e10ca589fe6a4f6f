"""Files as people give them: bytes, encodings, the facts beside an article, tables made in a spreadsheet."""

import csv
import io
import os
import re
import tomllib
from collections import Counter
from pathlib import Path

import pandas as pd

from newstext.lists import DATA, ArticleError, find_path, why

MAX_BYTES = 20_000_000  # about thirty novels; more is a wrong file, not an article
WORD_LISTS = {"stopwords.txt", "fixed-terms.txt", "masked-terms.txt"}  # texts in data/ that are no articles
CHECKED = ["start", "end", "text", "kind", "speaker"]
FORMS = {  # how X.toml writes what is read from it
    **{name: f'{name} = "…"' for name in ("title", "publisher", "agency", "sha256", "encoding")},
    "headings": 'headings = ["…", "…"]',
    "aliases": '"name" = "whom it stands for"',
    "actors": '"actor" = ["name", "other name"]',
    "sides": '"side" = ["actor", "other actor"]',
}


def read_bytes(path: Path, max_bytes: int = MAX_BYTES) -> bytes:
    """What a file holds. Raises `ArticleError` for one that is missing, a folder, a pipe or over `max_bytes`."""
    try:
        if path.is_dir():
            raise ArticleError(f"{path} is a folder: name a text file in it")
        if not path.exists():
            known = ", ".join(sorted({p.name for p in DATA.glob("*.txt")} - WORD_LISTS)) or "none"
            raise ArticleError(f"{path}: no such file, seen from {Path.cwd()}; articles in data/: {known}")
        if not path.is_file():
            raise ArticleError(f"{path} is no file but a device or a pipe: name a text file")  # would wait for ever
        if (size := path.stat().st_size) > max_bytes:
            cure = "read_article(path, max_bytes=…) raises it"
            raise ArticleError(f"{path}: {size:,} bytes, over the limit of {max_bytes:,}; {cure}")
        return path.read_bytes()
    except OSError as error:
        raise ArticleError(f"{path}: cannot be read ({why(error)}); check name and permissions") from None


def decode(raw: bytes, path: Path, encoding: str | None = None, toml: str = "") -> str:
    """The text of a file's bytes, its byte-order mark kept; UTF-8 unless another encoding is given or marked.

    Raises `ArticleError` for what is no text or in another encoding; `toml` is the file that may name it.
    """
    if raw.startswith((b"\xff\xfe", b"\xfe\xff")):
        encoding = "utf-16-le" if raw[0] == 0xFF else "utf-16-be"  # keeps the mark, as utf-8 does
    wide = (encoding or "").lower().startswith(("utf-16", "utf-32"))
    if (b"\0" in raw and not wide) or raw.startswith((b"%PDF-", b"\x89PNG", b"PK\x03\x04")):
        raise ArticleError(f"{path}: not a text file; export it as plain text in UTF-8")
    try:
        return raw.decode(encoding or "utf-8")
    except UnicodeError as error:
        at = getattr(error, "start", 0)
        line = 1 + len(re.findall(rb"\r\n|\r|\n", raw[:at]))
        cure = f', or put encoding = "{"…" if encoding else "cp1252"}" into {toml}' if toml else ""
        where = f"byte 0x{raw[at]:02x} at offset {at}, line {line}; save it as UTF-8{cure}"
        raise ArticleError(f"{path}: not {encoding or 'utf-8'}: {where}") from None


def read_facts(path: Path) -> dict:
    """An article's facts from `X.toml`, {} where there is none.

    Raises `ArticleError` for TOML that cannot be read, a value not written as in `FORMS`, a name that no text holds
    (blank, spaces too many), one that two actors or sides claim, and a side's unknown actor.
    """
    if not os.path.exists(path):
        return {}
    text = decode(read_bytes(path), path).removeprefix("\ufeff")
    try:
        facts = tomllib.loads(text)
    except (ValueError, RecursionError) as error:
        raise ArticleError(f"{path}: not valid TOML ({error}); mend that line or remove the file") from None
    for name in [name for name in FORMS if name in facts]:
        _check_form(path, name, facts[name])
    for side, actors in facts.get("sides", {}).items():
        if unknown := [actor for actor in actors if actor not in facts.get("actors", {})]:
            known = ", ".join(facts.get("actors", {})) or "none, [actors] gives them"
            raise ArticleError(f"{path}: sides: {side!r} names no actor: {unknown[0]!r}; known: {known}")
    try:
        "a".encode(facts.get("encoding", "utf-8"))
    except (LookupError, ValueError):
        raise ArticleError(f'{path}: no encoding {facts["encoding"]!r}; try encoding = "cp1252"') from None
    return facts


def _check_form(path: Path, name: str, value: object) -> None:
    """Raises `ArticleError` for a value that is not written like its name's form, or a name that comes twice."""
    form, table = FORMS[name], name in ("aliases", "actors", "sides")
    if table and not isinstance(value, dict):
        raise ArticleError(f"{path}: {name} must be a table: below the line [{name}] write {form}")
    claimed: Counter[str] = Counter()
    for key, entry in value.items() if table else [(name, value)]:
        where, words = f"{path}: {name}: {key!r}" if table else f"{path}: {name}", entry if "[" in form else [entry]
        if not isinstance(words, list) or not all(isinstance(word, str) for word in words):
            raise ArticleError(f"{where} must be written {form}")
        if table and (bad := [word for word in (key, *words) if not word or word != " ".join(word.split())]):
            raise ArticleError(f"{where}: {bad[0]!r} is blank or has spaces too many; write it as the text does")
        claimed.update(words if "[" in form else ())
        if twice := [word for word in words if claimed[word] > 1]:
            raise ArticleError(f"{where}: {twice[0]!r} comes twice in {name}; keep one")


def read_rows(path: str | Path, columns: list[str]) -> pd.DataFrame:
    """A table made by hand: every cell a string as it stands, the index `row` counted as in a spreadsheet.

    The first row names the columns, these at least; cells are cut at commas, semicolons or tabs, whichever finds them.
    Raises `ArticleError` for a file that cannot be read, a missing column and a row with more cells than the first.
    """
    path = find_path(path)
    text = decode(read_bytes(path), path).removeprefix("\ufeff")
    header, *rows = max((_cells(path, text, mark) for mark in ",;\t"), key=lambda rows: len({*rows[0]} & {*columns}))
    if missing := ", ".join(name for name in columns if name not in header):
        raise ArticleError(f"{path}: no column {missing}; its first row must name {', '.join(columns)}")
    if len({*header}) < len(header):
        raise ArticleError(f"{path}: the first row names a column twice, or has an empty cell; name each once")
    for number, cells in enumerate(rows, 2):
        if len(cells) > len(header):
            cure = "put a cell that holds a separator into quotation marks"
            raise ArticleError(f"{path}: row {number} has {len(cells)} cells, the first row {len(header)}; {cure}")
        cells += [""] * (len(header) - len(cells))
    table = pd.DataFrame(rows, pd.RangeIndex(2, len(rows) + 2, name="row"), header, str)
    return table[(table != "").any(axis=1)]


def _cells(path: Path, text: str, mark: str) -> list[list[str]]:
    """The cells of each row, without empty ones at a row's end; at least one row."""
    reader, rows = csv.reader(io.StringIO(text, newline=""), delimiter=mark), []
    try:
        for cells in reader:
            while cells and not cells[-1].strip():
                cells.pop()
            rows.append(cells)
    except csv.Error as error:
        raise ArticleError(f"{path}: row {len(rows) + 1}: {error}; save the table as CSV again") from None
    return [[cell.strip() for cell in rows[0]], *rows[1:]] if rows else [[]]


def read_checked(path: Path, length: int) -> pd.DataFrame | None:
    """The statements marked by hand, None without a file. Raises `ArticleError` for offsets beyond the article."""
    if not os.path.exists(path):
        return None
    table = read_rows(path, CHECKED)
    for row in table.itertuples():
        places = [int(place) for place in (row.start, row.end) if re.fullmatch("[0-9]{1,9}", place)]
        if len(places) < 2 or not places[0] <= places[1] <= length:
            raise ArticleError(f"{path}: row {row.Index}: {row.start!r} to {row.end!r} is no stretch of the article")
    return table.astype({"start": int, "end": int}).reset_index(drop=True)
