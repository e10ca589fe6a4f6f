"""The same reading over an archive: every article of a folder into five Parquet tables and a page that sums them up.

usage: archive.py FOLDER OUT [--workers N] [--part ARTICLES]

Articles are the `.txt` files under FOLDER and the `text` of each line of its
`.jsonl` and `.ndjson` files. OUT gets the folders articles, sentences,
statements, sentiment and terms, with the article's id in each row, and
summary.html last: where it stands, the run is whole. The same command goes on
after a stop. Dask does the work: on N processes here (0: in this one), or on
the cluster that DASK_SCHEDULER_ADDRESS names.
"""

import argparse
import hashlib
import io
import json
import os
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from functools import cache, partial
from itertools import groupby, islice
from pathlib import Path
from typing import BinaryIO, NamedTuple

ROOT = Path(__file__).resolve().parents[1]
sys.path[:0] = [str(ROOT / "notebooks"), str(ROOT)]  # as in the tests: `newsprint`, `tools.archive`

import dask  # noqa: E402
import dask.bag as db  # noqa: E402
import pandas as pd  # noqa: E402
import pyarrow as pa  # noqa: E402
import pyarrow.parquet as pq  # noqa: E402
from dask.system import CPU_COUNT  # noqa: E402
from distributed import Client, KilledWorker, LocalCluster, futures_of, progress  # noqa: E402
from newsprint.article import HERE, STOP_WORDS, Article, ArticleError, parse_article, read_article  # noqa: E402
from newsprint.sentiment import score_sentences  # noqa: E402
from newsprint.show import plain, save  # noqa: E402
from newsprint.speakers import find_statements  # noqa: E402
from newsprint.terms import FIXED_TERMS, find_terms  # noqa: E402

TABLES = ("sentences", "statements", "sentiment", "terms", "articles")  # the last one written makes a part whole
PART = 200  # articles in a part: about ten seconds of work, and what a stop can lose on each worker
MAX_BYTES = 1_000_000  # two hundred articles' length; more is a wrong file
MAX_LINE = 10 * MAX_BYTES  # a line of JSON may write a character in six, and hold other fields
LINES = (".jsonl", ".ndjson")
SAMPLE = "A title\n\nIt was a good day. “It works,” Ann Lee said. She said it “never” fails."


class Part(NamedTuple):
    """What one task reads: text files, or up to `size` lines of one file, from line `line` at byte `start`.

    `name` ends in a digest of the files' names, sizes and times and of the
    code, so that output of that name holds just this.
    """

    name: str
    files: tuple[str, ...]
    size: int
    line: int = 0
    start: int = 0


# What there is to read


def list_parts(folder: Path, size: int) -> list[Part]:
    """The archive in parts, files in the order of their paths. Raises `ArticleError` where there is nothing to read."""
    found: list[tuple] = []
    for is_lines, group in groupby(_files(folder), key=lambda file: file.lower().endswith(LINES)):
        files = list(group)
        if is_lines:
            found += [((file,), size, *span) for file in files for span in _line_spans(folder / file, size)]
        else:
            found += [(tuple(files[at : at + size]), size) for at in range(0, len(files), size)]
    if not found:
        raise ArticleError(f"{folder}: no .txt, .jsonl or .ndjson file with a line in it; name the folder of articles")
    return [Part(f"part-{i:06}-{_digest(folder, part)}", *part) for i, part in enumerate(found)]


def _files(folder: Path) -> list[str]:
    def stop(error: OSError) -> None:  # a folder that cannot be listed must not pass for an empty one
        raise ArticleError(f"{error.filename}: cannot be listed ({error.strerror}); check name and permissions")

    walk = os.walk(folder, onerror=stop)
    names = [Path(at, name).relative_to(folder).as_posix() for at, _, names in walk for name in names]
    return sorted(name for name in names if name.lower().endswith((".txt", *LINES)))


def _line_spans(path: Path, size: int) -> list[tuple[int, int]]:
    """Number and offset of every `size`th line; (0, 0) for a file that cannot be read, so that it is listed as such."""
    spans, at = [], 0
    try:
        with open(path if path.is_file() else "", "rb") as file:  # a pipe would wait for ever
            for number, _ in enumerate(_lines(file)):
                if number % size == 0:
                    spans.append((number + 1, at))
                at = file.tell()
    except OSError:
        return [(0, 0)]
    return spans


def _lines(file: BinaryIO) -> Iterator[bytes]:
    """The lines of a file; of one longer than `MAX_LINE` only so much."""
    while line := file.readline(MAX_LINE):
        piece = line
        while len(piece) == MAX_LINE and not piece.endswith(b"\n"):
            piece = file.readline(MAX_LINE)
        yield line


def _digest(folder: Path, part: tuple) -> str:
    digest = hashlib.sha256(repr((_code(), part)).encode("utf-8", "surrogatepass"))
    for file in part[0]:
        path = folder / file
        status = path.stat() if path.exists() else None
        digest.update(repr(status and (status.st_size, status.st_mtime_ns)).encode())
    return digest.hexdigest()[:12]


@cache
def _code() -> str:
    """Changes with the helpers, their word lists and this file: output of other code is not taken for this one's."""
    files = [*sorted(HERE.glob("*.*")), STOP_WORDS, FIXED_TERMS, Path(__file__)]
    return hashlib.sha256(b"".join(path.read_bytes() for path in files)).hexdigest()


# Reading


def _parse_line(line: bytes) -> Article:
    if len(line) >= MAX_LINE:
        raise ArticleError(f"a line over the limit of {MAX_LINE:,} bytes; put one article on a line")
    try:
        text = json.loads(line)["text"]
    except (ValueError, KeyError, TypeError, RecursionError):
        text = None
    if not isinstance(text, str):
        raise ArticleError('no article in JSON: a line must be an object such as {"text": "…"}')
    if len(text) > MAX_BYTES:
        raise ArticleError(f"{len(text):,} characters, over the limit of {MAX_BYTES:,}; put one article on a line")
    return parse_article(text)


def _read_file(path: Path) -> Article:
    if path.exists() and not path.is_file() or path.name.lower().endswith(LINES):
        raise ArticleError("no file, or none that can be read; check its permissions")
    return read_article(path, max_bytes=MAX_BYTES)


def _sources(folder: Path, part: Part) -> Iterator[tuple[str, Callable[[], Article]]]:
    """Each article's id, its file (and line), and the call that reads it."""
    if not part.line:
        yield from ((file, partial(_read_file, folder / file)) for file in part.files)
        return
    with open(folder / part.files[0], "rb") as file:
        file.seek(part.start)
        for number, line in enumerate(islice(_lines(file), part.size), part.line):
            if line.strip():
                yield f"{part.files[0]}:{number}", partial(_parse_line, line)


def read_one(name: str, read: Callable[[], Article], folder: Path) -> dict[str, pd.DataFrame]:
    """The five tables of one article; where it cannot be read only its row in `articles`, with the error in one line.

    Any error: one article must not stop the others, even if it is our mistake.
    """
    name = os.fsencode(name).decode("utf-8", "backslashreplace")
    try:
        article = read()
        article.text.encode()  # half a surrogate pair cannot be written
        tables, row = _tables(article), _row(article)
    except Exception as error:
        reason = str(error) if isinstance(error, ArticleError) else f"{type(error).__name__}: {error}"
        reason = plain(reason.replace(f"{folder}/", "")).encode("utf-8", "backslashreplace").decode()
        tables, row = {}, {"error": reason.removeprefix(f"{name}: ")}
    defaults = {"error": "", "headline": "", "sections": 0, "sentences": 0, "words": 0, "removed": 0, "notes": ""}
    tables["articles"] = pd.DataFrame([defaults | row])
    return {key: table.assign(article=name)[["article", *table]] for key, table in tables.items()}


def _tables(article: Article) -> dict[str, pd.DataFrame]:
    statements = article.along(find_statements(article))
    return {
        "sentences": article.sentences,
        "statements": statements.assign(words=statements["last"] - statements["first"]),
        "sentiment": score_sentences(article.sentences),
        "terms": find_terms(article),
    }


def _row(article: Article) -> dict[str, object]:
    sizes = article.sections[["sentences", "words"]].sum()
    counts = {"sections": len(article.sections), "removed": len(article.removed)}
    return {"headline": article.headline, **counts, **sizes, "notes": "; ".join(article.notes)}


@cache
def schemas() -> dict[str, pa.Schema]:
    """The types of the tables' columns: those of a sample, so that a part without rows has them too."""
    sample = read_one("sample", lambda: parse_article(SAMPLE), ROOT)
    return {name: pa.Table.from_pandas(table, preserve_index=False).schema for name, table in sample.items()}


def read_part(part: Part, folder: Path, out: Path, code: str) -> str:
    """Read a part and write its tables, each whole or not at all; nothing if they are there. Its name.

    Raises `ArticleError` where this worker has other code or does not see the folder.
    """
    if is_written(part, out):
        return part.name
    if code != _code() or not folder.is_dir():
        advice = "start all workers in the same version of this folder, with the archive on a disk they share"
        raise ArticleError(f"a worker has other code, or no {folder}: {advice}")
    read = [read_one(name, call, folder) for name, call in _sources(folder, part)]
    for name in TABLES:
        rows = [tables[name] for tables in read if name in tables and len(tables[name])]
        table = pd.concat(rows, ignore_index=True) if rows else pd.DataFrame(columns=schemas()[name].names)
        buffer = io.BytesIO()
        arrow = pa.Table.from_pandas(table, schema=schemas()[name], preserve_index=False)
        pq.write_table(arrow, buffer, compression="zstd")
        save(out / name / f"{part.name}.parquet", buffer.getvalue())
    return part.name


def is_written(part: Part, out: Path) -> bool:
    """Whether all five tables of a part are there and end as a Parquet file must."""
    try:
        return all(pq.read_metadata(out / name / f"{part.name}.parquet") for name in TABLES)
    except (OSError, pa.ArrowInvalid):
        return False


# The run


def clear(out: Path, parts: list[Part]) -> int:
    """Remove the summary, and parts of other articles, sizes or code, with what a stop left over; their number."""
    (out / "summary.html").unlink(missing_ok=True)
    known = {f"{part.name}.parquet" for part in parts}
    stale = [path for name in TABLES for path in (out / name).glob("*part-*") if path.name not in known]
    for path in stale:
        path.unlink(missing_ok=True)
    return len({path.name for path in stale})


def read_archive(client: Client, parts: list[Part], folder: Path, out: Path) -> None:
    """Read the parts that are not read yet, on the client's workers. Raises `ArticleError` if some are not written."""
    cleared = clear(out, parts)
    todo = [part for part in parts if not is_written(part, out)]
    print(f"{len(parts):,} parts, {len(parts) - len(todo):,} of them read before; {cleared:,} of other runs removed")
    if todo:
        bag = db.from_sequence(todo, partition_size=1).map(read_part, folder=folder, out=out, code=_code()).persist()
        progress(bag, notebook=False, interval="1s")
        print()
        client.gather(futures_of(bag))
    if missing := [part.name for part in todo if not is_written(part, out)]:
        raise ArticleError(f"{out}: {len(missing)} parts are not there; put OUT on a disk that all workers share")


@contextmanager
def open_client(workers: int | None = None) -> Iterator[Client]:
    """A Dask client: of the named cluster, of `workers` processes here, or (0) of a thread of this process."""
    address = dask.config.get("scheduler-address", None) if workers is None else None
    if address:
        with Client(address) as client:
            print(f"Waiting for workers at {address}")
            client.wait_for_workers(1, timeout=120)
            yield client
    else:
        host = "127.0.0.1"
        settings = {"dashboard_address": f"{host}:0", "worker_dashboard_address": f"{host}:0"}  # None: all interfaces
        settings |= {"host": host, "processes": True} if workers != 0 else {"processes": False}
        count = CPU_COUNT if workers is None else max(workers, 1)
        dask.config.set({"distributed.worker.profile.enabled": False})  # its history grows by up to 1 MB a second
        with LocalCluster(n_workers=count, threads_per_worker=1, **settings) as cluster, Client(cluster) as client:
            yield client


def main(arguments: list[str]) -> int:
    from tools.archive_summary import write_summary

    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("folder", type=Path)
    parser.add_argument("out", type=Path)
    parser.add_argument("--workers", type=int, help="processes on this machine; 0: none but this one")
    parser.add_argument("--part", type=int, default=PART, help=f"articles in a part ({PART})")
    options = parser.parse_args(arguments)
    folder, out = options.folder.resolve(), options.out.resolve()
    try:
        parts = list_parts(folder, max(options.part, 1))
        with open_client(options.workers) as client:
            read_archive(client, parts, folder, out)
            print(write_summary(out))
    except (ArticleError, OSError, KilledWorker) as error:
        print(plain(error), file=sys.stderr)
        return 1
    except KeyboardInterrupt:
        print("Stopped; the same command goes on from here", file=sys.stderr)
        return 130
    return 0


if __name__ == "__main__":
    from tools import archive  # under the name that the workers know it by

    sys.exit(archive.main(sys.argv[1:]))
