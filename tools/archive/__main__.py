"""Read an archive into Parquet tables and a page that sums them up: python -m tools.archive FOLDER OUT [--workers N]

Articles are the `.txt` files under FOLDER and the `text` of each line of its `.jsonl` and `.ndjson` files. OUT gets a
folder for each table; an article's name there is its `id`, else its path, for a line with a digest of it. The order of
the parts (manifest.json) and summary.html come last: where they stand, the tables are whole. The same command goes on
after a stop, and reads what is new. Dask does the work, here or on the cluster that DASK_SCHEDULER_ADDRESS names.
"""

import argparse
import asyncio
import json
import os
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta
from pathlib import Path

import dask
from archive.coverage import ROOT
from archive.names import read_aliases
from dask.system import CPU_COUNT
from distributed import Client, KilledWorker, as_completed
from newsprint import plain, save
from newstext import ArticleError

from tools.archive.read import SIZE, TABLES, Part, add_columns, code, find_columns, is_written, list_parts, read_part
from tools.archive.summary import write_summary

LOCAL = "127.0.0.1"  # a dashboard without an address would listen on all interfaces
TASKS = {"batch_size": 1000, "pure": False}  # so many reach the scheduler at a time; each is done, not remembered


def read_archive(client: Client, parts: list[Part], folder: Path, out: Path) -> None:
    """Read the parts that are not read yet, on the client's workers, and write the manifest. Raises `ArticleError` for
    parts that are not there in the end."""
    aliases, changed = read_aliases(folder / "aliases.toml"), clear(out, parts)
    todo = [part for part in parts if not is_written(part, out)]
    total, left = sum(part.articles for part in parts), sum(part.articles for part in todo)
    print(f"{total:,} articles in {len(parts):,} parts; {total - left:,} of them were read before")
    if changed:
        print("The code, its lists or its libraries have changed since: everything is read again")
    done, began = 0, time.monotonic()
    show_progress(done, left, 0)
    for future in as_completed(client.map(read_part, todo, folder=folder, out=out, theirs=code(), **TASKS)):
        done += future.result().articles
        show_progress(done, left, time.monotonic() - began)
    if missing := [part for part in todo if not is_written(part, out)]:
        raise ArticleError(f"{out}: {len(missing)} parts are not there; put OUT on a disk that all workers share")
    columns = find_columns(parts, out)
    client.gather(client.map(add_columns, parts, out=out, columns=columns, **TASKS))
    if renamed := [f"{name} is {title}" for title, (name, _) in columns.items() if title != name]:
        print(f"Fields with the names of our columns: {', '.join(map(plain, renamed))}")
    manifest = {"parts": [part.name for part in parts], "articles": total, "aliases": aliases}
    save(out / "manifest.json", json.dumps(manifest, indent=1).encode())


def clear(out: Path, parts: list[Part]) -> bool:
    """Remove summary and manifest, parts of other articles or code, and what a stop left over; whether code changed."""
    for name in ("summary.html", "manifest.json"):
        (out / name).unlink(missing_ok=True)
    known = {part.name for part in parts}
    stale = [path for table in TABLES for path in (out / table).glob("*part-*") if path.stem not in known]
    for path in stale:
        path.unlink(missing_ok=True)
    return any(f"part-{code()}-" not in path.name for path in stale)


def show_progress(done: int, total: int, seconds: float) -> None:
    """Articles read, their rate, and the time left: on a terminal one line, elsewhere only when all are read."""
    if total and (sys.stdout.isatty() or done == total):
        left = timedelta(seconds=round((total - done) * seconds / max(done, 1)))
        line = f"{done:,} of {total:,} articles read, {done / max(seconds, 0.01):,.1f} a second, {left} left"
        print(f"\r{line}\x1b[K" if sys.stdout.isatty() else line, end="\n" if done == total else "", flush=True)


def open_client(workers: int | None = None) -> Client:
    """A Dask client: of the named cluster, else of `workers` processes here, or (0) of a thread of this process."""
    dask.config.set({"distributed.worker.profile.enabled": False})  # its history grows by up to 1 MB a second
    local = {"n_workers": CPU_COUNT if workers is None else max(workers, 1), "threads_per_worker": 1}
    local |= {"processes": workers != 0, "host": LOCAL if workers != 0 else None}
    local |= dict.fromkeys(["dashboard_address", "worker_dashboard_address"], f"{LOCAL}:0")
    client = Client(**({} if dask.config.get("scheduler-address", None) else local))
    client.wait_for_workers(1, timeout=60)
    return client


@contextmanager
def log_to(path: Path) -> Iterator[None]:
    """What Dask and Python have to say, here and in worker processes, goes to a file: the terminal is the user's."""
    path.parent.mkdir(parents=True, exist_ok=True)
    terminal = os.dup(2)
    with path.open("ab") as file:
        os.dup2(file.fileno(), 2)
    try:
        yield
    finally:
        os.dup2(terminal, 2)


def run_notebook(out: Path) -> None:
    """Run notebook 06 over the tables, to OUT/notebooks; the invented archive keeps the settings it is shipped with."""
    from tools.run import execute_all

    values = {} if out == ROOT / "build" / "invented-archive" else {"ARCHIVE": str(out)}
    if failures := asyncio.run(execute_all([ROOT / "notebooks" / "archive" / "06-archive.ipynb"], out, values)):
        raise ArticleError(failures[0])


def main(arguments: list[str]) -> int:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("folder", type=Path)
    parser.add_argument("out", type=Path)
    parser.add_argument("--workers", type=int, help="processes on this machine; 0: none but this one")
    parser.add_argument("--part", type=int, default=SIZE, help=f"articles in a part, on average ({SIZE})")
    parser.add_argument("--notebook", action="store_true", help="run notebook 06 over the tables, too")
    options = parser.parse_args(arguments)
    folder, out = options.folder.resolve(), options.out.resolve()
    try:
        parts = list_parts(folder, max(options.part, 1))
        with log_to(out / "workers.log"), open_client(options.workers) as client:
            read_archive(client, parts, folder, out)
            print(write_summary(client, out))
        if options.notebook:
            run_notebook(out)
    except (ArticleError, OSError, KilledWorker) as error:
        print(plain(error), file=sys.stderr)
        return 1
    except KeyboardInterrupt:
        print("Stopped; the same command goes on from here", file=sys.stderr)
        return 130
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
