"""The same reading over an archive: every article of a folder into five Parquet tables and a page that sums them up.

usage: archive.py FOLDER OUT [--workers N] [--part ARTICLES]

Articles are the `.txt` files under FOLDER and the `text` of each line of its
`.jsonl` and `.ndjson` files. OUT gets the folders articles, sentences,
statements, sentiment and terms, with the article's id in each row: its path,
for a line with the byte where it begins. summary.html comes last: where it
stands, the run is whole. The same command goes on after a stop. Dask does the
work: on N processes here (0: in this one), or on the cluster that
DASK_SCHEDULER_ADDRESS names.
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
from pathlib import Path
from typing import NamedTuple

ROOT = Path(__file__).resolve().parents[1]
sys.path[:0] = [str(ROOT / "notebooks"), str(ROOT)]  # as in the tests: `newsprint`, `tools.archive`

import dask  # noqa: E402
import pandas as pd  # noqa: E402
import pyarrow as pa  # noqa: E402
import pyarrow.parquet as pq  # noqa: E402
from dask.system import CPU_COUNT  # noqa: E402
from distributed import Client, KilledWorker, LocalCluster, progress  # noqa: E402
from newstext.article import HERE, STOP_WORDS, Article, ArticleError, parse_article, read_article, with_companions  # noqa: E402
from newsprint.sentiment import score_sentences  # noqa: E402
from newsprint.show import plain, save  # noqa: E402
from newstext.speakers import find_statements  # noqa: E402
from newsprint.terms import FIXED_TERMS, find_terms  # noqa: E402

TABLES = ("sentences", "statements", "sentiment", "terms", "articles")  # the last one written makes a part whole
PART = 200  # articles in a part: a few seconds of work, and what a stop can lose on each worker
LINE = 5_000  # bytes of JSON for an article, roughly: lines are shared out by bytes, so that nobody has to count them
MAX_BYTES = 1_000_000  # of a text file or a line: two hundred articles' length; more is a wrong file
LINES = (".jsonl", ".ndjson")
SAMPLE = "A title\n\nIt was a good day. “It works,” Ann Lee said. She said it “never” fails."


class Part(NamedTuple):
    """What one task reads: text files, or the lines of one file that begin in the bytes from `start` to `stop`.

    `name` ends in a digest of the files' names, sizes and times and of the
    code, so that output of that name holds just this.
    """

    name: str
    files: list[str]
    start: int
    stop: int  # 0: text files


# What there is to read


def list_parts(folder: Path, size: int) -> list[Part]:
    """The archive in parts of about `size` articles, text files first, each in the order of the paths.

    Raises `ArticleError` where there is nothing to read.
    """
    files = _files(folder)
    lines = {file: (folder / file).stat().st_size for file in files if _holds_lines(folder / file)}
    texts = [file for file in files if file not in lines]
    spans = [(texts[at : at + size], 0, 0) for at in range(0, len(texts), size)]
    block = size * LINE
    spans += [([file], at, at + block) for file, length in lines.items() for at in range(0, length, block)]
    if not spans:
        raise ArticleError(f"{folder}: no .txt, .jsonl or .ndjson file; name the folder of articles")
    return [Part(f"part-{i:06}-{_digest(folder, span)}", *span) for i, span in enumerate(spans)]


def _files(folder: Path) -> list[str]:
    def stop(error: OSError) -> None:  # a folder that cannot be listed must not pass for an empty one
        raise ArticleError(f"{error.filename}: cannot be listed ({error.strerror}); check name and permissions")

    walk = os.walk(folder, onerror=stop)
    names = [Path(at, name).relative_to(folder).as_posix() for at, _, names in walk for name in names]
    return sorted(name for name in names if name.lower().endswith((".txt", *LINES)))


def _holds_lines(path: Path) -> bool:
    """Whether to read a file line by line; one that is empty or unreadable is read whole, and says what it lacks."""
    known = path.name.lower().endswith(LINES) and path.is_file() and os.access(path, os.R_OK)
    return known and path.stat().st_size > 0


def _digest(folder: Path, span: tuple[list[str], int, int]) -> str:
    paths = [path for file in span[0] for path in with_companions(folder / file)]
    states = [(path.stat().st_size, path.stat().st_mtime_ns) if path.exists() else None for path in paths]
    return hashlib.sha256(repr((_code(), span, states)).encode()).hexdigest()[:12]


@cache
def _code() -> str:
    """Changes with the helpers, their word lists and this file: output of other code is not taken for this one's."""
    files = [*sorted(HERE.glob("*.py")), *sorted(HERE.glob("*.t[sx][vt]")), STOP_WORDS, FIXED_TERMS, Path(__file__)]
    return hashlib.sha256(b"".join(path.read_bytes() for path in files)).hexdigest()


# Reading


def _parse_line(line: bytes) -> Article:
    if len(line) >= MAX_BYTES:
        raise ArticleError(f"a line over the limit of {MAX_BYTES:,} bytes; put one article on a line")
    try:
        text = json.loads(line)["text"]
    except (ValueError, KeyError, TypeError, RecursionError):
        text = None
    if not isinstance(text, str):
        raise ArticleError('no article in JSON: a line must be an object such as {"text": "…"}')
    return parse_article(text)


def _sources(folder: Path, part: Part) -> Iterator[tuple[str, Callable[[], Article]]]:
    """Each article's id, and the call that reads it."""
    if part.stop:
        for at, line in _lines(folder / part.files[0], part.start, part.stop):
            yield f"{part.files[0]}:{at}", partial(_parse_line, line)
    else:
        for file in part.files:
            yield file, partial(read_article, folder / file, max_bytes=MAX_BYTES)


def _lines(path: Path, start: int, stop: int) -> Iterator[tuple[int, bytes]]:
    """Offset and bytes of each line, not blank, that begins in a block; of one longer than `MAX_BYTES` only so much."""
    with open(path, "rb") as file:
        file.seek(max(start - 1, 0))
        begins = start == 0 or file.read(1) == b"\n"
        while (at := file.tell()) < stop and (line := file.readline(MAX_BYTES)):
            if begins and line.strip():
                yield at, line
            begins = line.endswith(b"\n")


def read_one(name: str, read: Callable[[], Article], folder: Path) -> dict[str, pd.DataFrame]:
    """The five tables of one article; where it cannot be read only its row in `articles`, with the error in one line.

    Any error: one article must not stop the others, even if it is our mistake.
    """
    name = os.fsencode(name).decode("utf-8", "backslashreplace")
    row = {"error": "", "headline": "", "sections": 0, "sentences": 0, "words": 0, "removed": 0, "notes": ""}
    try:
        article = read()
        article.text.encode()  # half a surrogate pair cannot be written
        tables = _tables(article)
        sizes = article.sections[["sentences", "words"]].sum()
        row |= {"headline": article.headline, "sections": len(article.sections), **sizes}
        row |= {"removed": len(article.removed), "notes": "; ".join(article.notes)}
    except Exception as error:
        reason = str(error) if isinstance(error, ArticleError) else f"{type(error).__name__}: {error}"
        reason = plain(reason.replace(f"{folder}/", "")).encode("utf-8", "backslashreplace").decode()
        tables, row["error"] = {}, reason.removeprefix(f"{name}: ")
    tables["articles"] = pd.DataFrame([row])
    return {key: table.assign(article=name)[["article", *table]] for key, table in tables.items()}


def _tables(article: Article) -> dict[str, pd.DataFrame]:
    statements = article.along(find_statements(article))
    return {
        "sentences": article.sentences,
        "statements": statements.assign(words=statements["last"] - statements["first"]),
        "sentiment": score_sentences(article.sentences),
        "terms": find_terms(article),
    }


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
        table = pd.concat(rows or [schemas()[name].empty_table().to_pandas()])
        buffer = io.BytesIO()
        pq.write_table(pa.Table.from_pandas(table, schemas()[name], preserve_index=False), buffer, compression="zstd")
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
        read = client.map(read_part, todo, folder=folder, out=out, code=_code(), pure=False)
        progress(read, notebook=False, interval="1s")
        print()
        client.gather(read)
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
        local = "127.0.0.1"  # a dashboard without an address would listen on all interfaces
        dask.config.set({"distributed.worker.profile.enabled": False})  # its history grows by up to 1 MB a second
        with (
            LocalCluster(
                n_workers=CPU_COUNT if workers is None else max(workers, 1), threads_per_worker=1,
                processes=workers != 0, host=local if workers != 0 else None,
                dashboard_address=f"{local}:0", worker_dashboard_address=f"{local}:0",
            ) as cluster,
            Client(cluster) as client,
        ):  # fmt: skip
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
