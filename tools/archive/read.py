"""A part of an archive read into five tables, and what else is known of an article made columns of `articles`."""

import io
import json
import os
import re
import time
from collections.abc import Callable, Iterator
from contextlib import ExitStack, suppress
from datetime import UTC, datetime
from functools import cache, partial
from itertools import islice
from pathlib import Path

import numpy as np
import pandas as pd
import pyarrow as pa
import pyarrow.parquet as pq
from distributed import get_worker
from newsprint import find_terms, plain, save, score_sentences
from newstext import Article, ArticleError, find_statements, parse_article, read_article

from tools.archive.parts import MAX_BYTES, Part, code, digest, lines

pd.options.mode.string_storage = "python"  # Arrow's strings cost more than they save in tables of one article

TABLES = ("sentences", "statements", "sentiment", "terms", "articles")  # the last one written makes a part whole
BATCH = 100  # articles in memory at a time, about 12 MB
SAMPLE = "A title\n\nIt was a good day. “It works,” Ann Lee said. She said it “never” fails."
ROW = {"article": "", "error": "", "headline": "", "sections": 0, "sentences": 0, "words": 0, "removed": 0}
ROW |= {"notes": "", "fields": "{}"}
TYPES = {"date": pa.timestamp("us"), "int": pa.int64(), "float": pa.float64(), "bool": pa.bool_(), "text": pa.string()}
MOST_FIELDS = 200  # columns; the rest stays in `fields`
ISO = re.compile(r"\d{4}-\d\d-\d\d(?:[T ]\d\d:\d\d.*)?", re.ASCII)


def _sources(folder: Path, part: Part) -> Iterator[tuple[str, dict, Callable[[], Article]]]:
    """Each article's name where it has no `id`, what is known of it beside the text, and the call that reads it."""
    for file in part.files:
        if part.stop:
            for _, _, line in lines(folder / file, part.start, part.stop):
                yield f"{file}:{digest(line).hex()}", *_parse_line(line)
        else:
            yield file, {}, partial(read_article, folder / file, max_bytes=MAX_BYTES)


def _parse_line(line: bytes) -> tuple[dict, Callable[[], Article]]:
    fields, text = {}, None
    with suppress(ValueError, RecursionError):
        found = json.loads(line)
        fields = found if isinstance(found, dict) else {}
        text = fields.pop("text", None)

    def read() -> Article:
        if len(line) >= MAX_BYTES:
            raise ArticleError(f"a line over the limit of {MAX_BYTES:,} bytes; put one article on a line")
        if not isinstance(text, str):
            start = line[:40].decode(errors="replace")
            raise ArticleError(f'no article in JSON: a line must be an object such as {{"text": "…"}}, not {start} …')
        return parse_article(text)

    return fields, read


def read_one(name: str, fields: dict, read: Callable[[], Article], folder: Path) -> tuple[dict, dict]:
    """An article's row in `articles` and its four tables, none where it cannot be read: the row has the error then.

    Any error: one article must not stop the others, even if it is our mistake.
    """
    row, tables = dict(ROW), {}
    try:
        article = read()
        fields = fields | article.facts
        statements = article.along(find_statements(article))
        tables = {
            "sentences": article.sentences,
            "statements": statements.assign(words=statements["last"] - statements["first"]),
            "sentiment": score_sentences(article.sentences),
            "terms": find_terms(article),
        }
        row |= {name: sum(article.sections[name].tolist()) for name in ("sentences", "words")}
        row |= {"headline": article.headline, "sections": len(article.sections)}
        row |= {"removed": int((article.lines.role == "removed").sum()), "notes": "; ".join(article.notes)}
    except Exception as error:
        reason = str(error) if isinstance(error, ArticleError) else f"{type(error).__name__}: {error}"
        row["error"] = _written(plain(reason.replace(f"{folder}/", ""))).removeprefix(f"{name}: ")
    with suppress(ValueError, RecursionError):
        row["fields"] = json.dumps(fields, default=str)
    given = fields.get("id")
    row["article"] = _written(plain(given)) if type(given) in (int, str) and given != "" else _name(name)
    if fields.get("date") and _kind(fields["date"]) != "date":
        row["notes"] = "; ".join(filter(None, [row["notes"], f"{plain(fields['date'])!r} is no date as 2022-02-04 is"]))
    return row, tables


def _written(text: str) -> str:
    return text.encode("utf-8", "backslashreplace").decode()


def _name(name: str) -> str:
    return os.fsencode(name).decode("utf-8", "backslashreplace")


@cache
def schemas() -> dict[str, pa.Schema]:
    """The types of the tables' columns: those of a sample, so that a part without rows has them too."""
    row, tables = read_one("sample", {}, lambda: parse_article(SAMPLE), Path())
    tables = {name: table.assign(article="")[["article", *table]] for name, table in tables.items()}
    tables["articles"] = pd.DataFrame([row])
    return {
        name: pa.Schema.from_pandas(table, preserve_index=False).remove_metadata() for name, table in tables.items()
    }


def _joined(name: str, found: list[tuple[dict, dict]]) -> pa.Table:
    """One table of several articles, with the article's name in each row."""
    rows = [(row["article"], tables[name]) for row, tables in found if name in tables and len(tables[name])]
    if not rows:
        return schemas()[name].empty_table()
    table = pd.concat([table for _, table in rows], ignore_index=True)
    table.insert(0, "article", np.repeat([article for article, _ in rows], [len(table) for _, table in rows]))
    return pa.Table.from_pandas(table, schemas()[name], preserve_index=False)


def read_part(part: Part, folder: Path, out: Path, theirs: str) -> Part:
    """Read a part and write its tables, each whole or not at all; nothing if they are there. The part.

    Raises `ArticleError` where this worker has other code or does not see the folder.
    """
    if is_written(part, out):
        return part
    if theirs != code() or not folder.is_dir():
        advice = "start all workers in the same version of this folder, with the archive on a disk they share"
        raise ArticleError(f"a worker has other code, or no {folder}: {advice}")
    rows: list[dict] = []
    buffers = {name: io.BytesIO() for name in TABLES[:-1]}
    with ExitStack() as stack:
        opened = {name: pq.ParquetWriter(file, schemas()[name], compression="zstd") for name, file in buffers.items()}
        writers = {name: stack.enter_context(writer) for name, writer in opened.items()}
        sources, said = _sources(folder, part), time.monotonic()
        while batch := list(islice(sources, BATCH)):
            found = []
            for source in batch:
                found.append(read_one(*source, folder))
                if time.monotonic() > said + 0.5:
                    said = time.monotonic()
                    report(part, len(rows) + len(found))
            for name, writer in writers.items():
                writer.write_table(_joined(name, found))
            rows += [row for row, _ in found]
    for name, buffer in buffers.items():
        save(out / name / f"{part.name}.parquet", buffer.getvalue())
    kinds: dict[str, set] = {}
    for row in rows:
        for name, value in json.loads(row["fields"]).items():
            kinds.setdefault(name, set()).add(_kind(value))
    found = {name: sorted(kind - {""}) for name, kind in kinds.items()}
    _write(out, part, pa.Table.from_pylist(rows, schemas()["articles"]), found, {})
    return part


def report(part: Part, count: int) -> None:
    with suppress(ValueError):  # outside of a worker there is nobody to tell
        get_worker().log_event("archive", (part.name, count))


def is_written(part: Part, out: Path) -> bool:
    """Whether all five tables of a part are there and end as a Parquet file must."""
    for name in TABLES:
        try:
            with open(out / name / f"{part.name}.parquet", "rb") as file:
                file.seek(-4, os.SEEK_END)
                if file.read() != b"PAR1":
                    return False
        except OSError:
            return False
    return True


# What is known of an article beside its text


def _kind(value: object) -> str:
    """date (ISO 8601), int, float, bool or text; "" for nothing."""
    if value is None or value == "":
        return ""
    if isinstance(value, str):
        return "date" if _date(value) else "text"
    known = {bool: "bool", int: "int", float: "float"}.get(type(value), "text")
    return "text" if known == "int" and abs(value) >= 2**63 else known


def _date(text: str) -> datetime | None:
    """An ISO date or time; in UTC where it names a zone."""
    with suppress(ValueError, OverflowError):
        if ISO.fullmatch(text):
            found = datetime.fromisoformat(text)
            return found.astimezone(UTC).replace(tzinfo=None) if found.tzinfo else found
    return None


def find_columns(parts: list[Part], out: Path) -> dict[str, tuple[str, str]]:
    """The columns for the fields that the parts' articles have: of each the field's name and its type in all parts.

    A field with the name of one of our columns, or one that begins so already,
    is put after "given_". One that is a date in some articles and text in
    others is text, unless it is called `date`.
    """
    kinds: dict[str, set] = {}
    for part in parts:
        for name, found in json.loads(pq.read_schema(_path(out, part)).metadata[b"kinds"]).items():
            kinds.setdefault(name, set()).update(found)
    columns = {}
    for name, found in sorted(kinds.items())[:MOST_FIELDS]:
        one = "float" if found == {"int", "float"} else found.pop() if len(found) == 1 else "text"
        kind = "date" if name == "date" and "date" in found else one
        title = _written(plain(name))
        columns[f"given_{title}" if title in ROW or title.startswith("given_") else title] = (name, kind)
    return columns


def add_columns(part: Part, out: Path, columns: dict[str, tuple[str, str]]) -> None:
    """Give `articles` of a part these columns and no others beside ours."""
    path = _path(out, part)
    metadata = pq.read_schema(path).metadata
    if json.loads(metadata[b"columns"]) == {title: [*column] for title, column in columns.items()}:
        return
    table = pq.read_table(path, columns=[*ROW], partitioning=None)
    fields = [json.loads(row) for row in table["fields"].to_pylist()]
    for title, (name, kind) in columns.items():
        values = [_value(row.get(name), kind) for row in fields]
        table = table.append_column(title, pa.array(values, TYPES[kind]))
    _write(out, part, table, json.loads(metadata[b"kinds"]), columns)


def _value(value: object, kind: str) -> object:
    if value is None or (value == "" and kind != "text"):
        return None
    if kind == "text":
        return _written(value if isinstance(value, str) else json.dumps(value, ensure_ascii=False))
    return _date(str(value)) if kind == "date" else float(value) if kind == "float" else value


def _path(out: Path, part: Part) -> Path:
    return out / "articles" / f"{part.name}.parquet"


def _write(out: Path, part: Part, table: pa.Table, kinds: dict, columns: dict) -> None:
    buffer = io.BytesIO()
    metadata = {"kinds": json.dumps(kinds), "columns": json.dumps(columns)}
    pq.write_table(table.replace_schema_metadata(metadata), buffer, compression="zstd")
    save(_path(out, part), buffer.getvalue())
