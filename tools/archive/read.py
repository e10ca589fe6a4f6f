"""What there is to read, cut into parts by content; a part read into five tables; other fields made columns."""

import gc
import io
import json
import os
from collections import defaultdict
from collections.abc import Iterator
from contextlib import suppress
from datetime import UTC, datetime
from functools import cache
from hashlib import blake2b
from importlib.metadata import version
from itertools import chain
from pathlib import Path
from typing import NamedTuple

import newsprint
import newstext
import pandas as pd
import pyarrow as pa
import pyarrow.parquet as pq
from newsprint import find_terms, plain, save, score_sentences
from newstext import DATA, Article, ArticleError, find_statements, parse_article, read_article

gc.freeze()  # what is loaded by now stays: Python need not look through it again and again
pd.options.mode.string_storage = "python"  # Arrow's strings cost more than they save in tables of one article

SIZE = 50  # articles in a part, on average: two seconds of work, and what a stop can lose on each worker
LONGEST = 4  # times SIZE: with so many articles a part ends wherever it is
MOST = 20_000  # parts; of a larger archive they are larger, so that Dask's scheduler has no more tasks than that
MAX_BYTES = 1_000_000  # of a text file or a line: two hundred articles' length; more is a wrong file
LINES = (".jsonl", ".ndjson")
LIBRARIES = ("nltk", "pandas", "textblob", "vaderSentiment")  # another version may give another table
TABLES = ("sentences", "statements", "sentiment", "terms", "articles")  # the last one written makes a part whole
ROW = {"article": "", "error": "", "headline": "", "sections": 0, "sentences": 0, "words": 0, "removed": 0}
ROW |= {"notes": "", "fields": "{}"}
SAMPLE = b'{"text": "A day\\n\\nIt was good. \\"It works,\\" Ann Lee said. She said it \\"never\\" fails."}'
TYPES = {datetime: pa.timestamp("us"), int: pa.int64(), float: pa.float64(), bool: pa.bool_(), str: pa.string()}
MOST_FIELDS = 200  # columns: a field of each article's own must not make a million; `fields` has them all


class Part(NamedTuple):
    """What a task reads: of each file the bytes of its lines, (0, 0): all; `name` holds digests of code and content."""

    name: str
    articles: int
    files: dict[str, tuple[int, int]]

    def path(self, out: Path, table: str) -> Path:
        return out / table / f"{self.name}.parquet"


def list_parts(folder: Path, size: int = SIZE) -> list[Part]:
    """The archive in parts of `size` articles on average, or so much more that they are no more than `MOST`, in the
    order of the paths. Raises `ArticleError` where there is nothing to read."""
    errors = []  # a folder that cannot be listed must not pass for an empty one
    paths = (Path(at, name) for at, _, names in os.walk(folder, onerror=errors.append) for name in names)
    files = sorted(p.relative_to(folder).as_posix() for p in paths if p.name.lower().endswith((".txt", *LINES)))
    if errors:
        raise ArticleError(f"{errors[0].filename}: cannot be listed ({errors[0].strerror}); check name and permissions")
    if not files:
        raise ArticleError(f"{folder}: no .txt, .jsonl or .ndjson file; name the folder of articles")
    while len(parts := list(_cut(folder, files, size))) > MOST:
        size *= 2
    return parts


def _cut(folder: Path, files: list[str], size: int) -> Iterator[Part]:
    """A part begins with an article whose digest is a multiple of `size`, or after `LONGEST` times `size` others: an
    article more, wherever it is, changes one part."""
    digests, places, end = [], {}, [("", 0, 0, b"")]  # the end has the digest 0
    for file, start, stop, own in chain((row for path in files for row in _articles(folder, path)), end):
        if digests and (int.from_bytes(own) % size == 0 or len(digests) == LONGEST * size):
            name = digest(repr([[*places], digests]).encode()).hex()
            yield Part(f"part-{code()}-{name}", len(digests), places)
            digests, places = [], {}
        digests.append(own)
        places[file] = (places.get(file, (start,))[0], stop)


def _articles(folder: Path, file: str) -> Iterator[tuple[str, int, int, bytes]]:
    """The articles of a file: its name, the first and the last byte of a line (0, 0: all of it), and a digest. A file
    of lines that is empty or unreadable is read whole, and says what it lacks."""
    path = folder / file
    if file.lower().endswith(LINES) and path.is_file() and os.access(path, os.R_OK) and path.stat().st_size:
        yield from ((file, start, stop, digest(line)) for start, stop, line in lines(path))
    else:
        stats = [own.stat() if own.exists() else None for own in (path, path.with_suffix(".toml"))]
        yield file, 0, 0, digest(repr([file, [stat and (stat.st_size, stat.st_mtime_ns) for stat in stats]]).encode())


def lines(path: Path, start: int = 0, stop: int | None = None) -> Iterator[tuple[int, int, bytes]]:
    """Where each line that is not blank begins and ends, and its bytes; of one longer than `MAX_BYTES` only so many."""
    with open(path, "rb") as file:
        at = file.seek(start)
        while at != stop and (line := file.readline(MAX_BYTES)):
            while not line.endswith(b"\n") and (rest := file.readline(MAX_BYTES)):
                line = line[:MAX_BYTES] + rest[-1:]
            begin, at = at, file.tell()
            if line.strip():
                yield begin, at, line.strip()


def digest(content: bytes) -> bytes:
    return blake2b(content, digest_size=8).digest()


@cache
def code() -> str:
    """Changes with what makes the tables: engine, terms, scores, their lists and libraries, and the reading here."""
    files = [path for path in sorted(Path(newstext.__file__).parent.glob("*.*")) if path.suffix != ".md"]
    files += [Path(newsprint.__file__).with_name(name) for name in ("sentiment.py", "terms.py")]
    files += [DATA / "stopwords.txt", DATA / "fixed-terms.txt", Path(__file__)]
    content = [path.read_bytes() for path in files] + [version(name).encode() for name in LIBRARIES]
    return digest(b"\0".join(content)).hex()[:8]


def read_part(part: Part, folder: Path, out: Path, theirs: str) -> Part:
    """Write a part's tables; the part. Raises `ArticleError` where this worker has other code or no such folder."""
    if theirs != code() or not folder.is_dir():
        raise ArticleError(f"a worker has other code, or no {folder}: start all in one version, on a disk they share")
    found = [read_one(Path(), "", SAMPLE)]  # for the types of all columns, in a part without rows too
    for file, (start, stop) in part.files.items():
        articles = (line for *_, line in lines(folder / file, start, stop)) if stop else [None]
        found += [read_one(folder, file, line) for line in articles]
    for name in TABLES:
        sample, *frames = [tables[name] for tables in found if name in tables]
        rows = pd.concat([sample, *frames], ignore_index=True)[len(sample) :]
        schema = pa.Schema.from_pandas(sample, preserve_index=False).remove_metadata()
        _write(pa.Table.from_pandas(rows, schema, preserve_index=False), part.path(out, name))
    return part


def read_one(folder: Path, file: str, line: bytes | None) -> dict[str, pd.DataFrame]:
    """An article's tables; its row in `articles` alone, with the error, where there is any: it must not stop others."""
    name = _written(file if line is None else f"{file}:{digest(line).hex()}")
    row, tables = ROW | {"article": name}, {}
    try:
        if line is None:
            article = read_article(folder / file, max_bytes=MAX_BYTES)
            row |= _known(article.facts)
        else:
            fields = {}
            with suppress(ValueError, TypeError, RecursionError):  # the line is no object
                fields = {**json.loads(line)}
            text = fields.pop("text", None)
            row |= _known(fields)
            if not isinstance(text, str):
                wanted, start = f'{{"text": "…"}}, up to {MAX_BYTES:,} bytes', line[:40].decode(errors="replace")
                raise ArticleError(f"no article in JSON: a line must be an object such as {wanted}, not {start} …")
            article = parse_article(text)
        tables = _tables(article, row["article"])
        row |= {"headline": article.headline, "sections": len(article.sections), "removed": len(article.removed)}
        row |= {size: sum(article.sections[size].tolist()) for size in ("sentences", "words")}
        row["notes"] = "; ".join(filter(None, [*article.notes, row["notes"]]))
    except Exception as error:
        reason = str(error) if isinstance(error, ArticleError) else f"{type(error).__name__}: {error}"
        row["error"] = _written(plain(reason.replace(f"{folder}/", ""))).removeprefix(f"{name}: ")
    return tables | {"articles": pd.DataFrame([row])}


def _tables(article: Article, name: str) -> dict[str, pd.DataFrame]:
    statements = article.along(find_statements(article))
    tables = {"sentiment": score_sentences(article.sentences), "terms": find_terms(article)}
    tables["sentences"] = article.sentences.copy()
    tables["statements"] = statements.assign(words=statements["last"] - statements["first"])
    for table in tables.values():
        table.insert(0, "article", name)
    return tables


def _known(fields: dict) -> dict:
    """What `articles` takes from an article's fields: all of them as JSON, and its name if they have an `id`."""
    row, given, date = {"fields": json.dumps(fields, default=str)}, fields.get("id"), fields.get("date")
    if type(given) in (int, str) and given != "":
        row["article"] = _written(plain(given))
    if date and type(_typed(str(date))) is not datetime:
        row["notes"] = f"{plain(date)!r} is no date as 2022-02-04 is"
    return row


def _written(value: object) -> str:
    """A value as text that Parquet can hold: half a character, or half of one in a file's name, as `\\udcff`."""
    text = value if isinstance(value, str) else json.dumps(value, ensure_ascii=False)
    return text.encode("utf-8", "backslashreplace").decode()


def _write(table: pa.Table, path: Path) -> None:
    pq.write_table(table, file := io.BytesIO(), compression="zstd")
    save(path, file.getvalue())


def is_written(part: Part, out: Path) -> bool:
    """Whether all five tables of a part are there, with the end that Parquet needs."""
    with suppress(OSError, pa.ArrowInvalid):
        return bool([pq.read_schema(part.path(out, name)) for name in TABLES])
    return False


def find_columns(parts: list[Part], out: Path) -> dict[str, tuple[str, type]]:
    """The columns for the fields of all articles: of each the field's name and the type of all its values; text where
    there are several, except in `date`. A field with the name of one of ours is put after "given_"."""
    types, columns = defaultdict(set), {}
    for name, value in (pair for part in parts for fields in _fields(part, out)[1] for pair in fields.items()):
        types[name] |= {type(_typed(value))} - {type(None)}
    for name, own in sorted((name, own) for name, own in types.items() if own)[:MOST_FIELDS]:
        one = float if own == {int, float} else [*own][0] if len(own) == 1 else str
        title = _written(plain(name))
        title = f"given_{title}" if title in ROW or title.startswith("given_") else title
        columns[title] = (name, datetime if name == "date" and datetime in own else one)
    return columns


def add_columns(part: Part, out: Path, columns: dict[str, tuple[str, type]]) -> None:
    """Give `articles` of a part these columns and no others beside ours; None where a value is not of the type."""
    table, fields = _fields(part, out)
    for title, (name, kind) in columns.items():
        table = table.append_column(title, pa.array([_cell(row.get(name), kind) for row in fields], TYPES[kind]))
    _write(table, part.path(out, "articles"))


def _fields(part: Part, out: Path) -> tuple[pa.Table, list[dict]]:
    """Our columns of a part's `articles`, and their fields."""
    table = pq.ParquetFile(part.path(out, "articles")).read([*ROW])
    return table, [json.loads(row) for row in table["fields"].to_pylist()]


def _typed(value: object) -> object:
    """A date such as 2031-02-03 (in UTC where it names a zone), a number, a truth value; None for nothing; or text."""
    if isinstance(value, str) and value[4:5] == "-":
        with suppress(ValueError, OverflowError):
            found = datetime.fromisoformat(value)
            return found.astimezone(UTC).replace(tzinfo=None) if found.tzinfo else found
    fits = type(value) in (float, bool) or (type(value) is int and abs(value) < 2**63)
    return value if fits else None if value in (None, "") else _written(value)


def _cell(value: object, kind: type) -> object:
    """A value in a column of a type; None where it is not of that type."""
    value = _written(value) if kind is str and value is not None else _typed(value)
    return float(value) if (kind, type(value)) == (float, int) else value if type(value) is kind else None
