"""Read an archive into Parquet tables and a page that sums them up: python -m tools.archive FOLDER OUT [--workers N]

Articles are the `.txt` files under FOLDER and the `text` of each line of its `.jsonl` and `.ndjson` files. The same
command goes on after a stop and reads what is new, here or on the cluster that DASK_SCHEDULER_ADDRESS names (Dask).
"""

import argparse
import json
import os
import sys
import time
from contextlib import ExitStack
from datetime import timedelta
from pathlib import Path

import dask
from archive.names import read_aliases
from distributed import Client, KilledWorker, as_completed
from newsprint import plain, save
from newstext import ArticleError

from tools.archive.read import SIZE, TABLES, Part, add_columns, code, find_columns, is_written, list_parts, read_part
from tools.archive.summary import write_summary

LOCAL = "127.0.0.1:0"  # a dashboard without an address would listen on all interfaces
TASKS = {"batch_size": 1000, "pure": False}  # so many reach the scheduler at a time; each is done, not remembered


def read_archive(client: Client, parts: list[Part], folder: Path, out: Path) -> None:
    """Read the parts that are not read yet, on the client's workers, and write the manifest."""
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
    if renamed := [f"{title.removeprefix('given_')} is {title}" for title in columns if title.startswith("given_")]:
        print(f"Fields with the names of our columns: {', '.join(renamed)}")
    manifest = {"parts": [part.name for part in parts], "articles": total, "aliases": aliases}
    save(out / "manifest.json", json.dumps(manifest, indent=1).encode())


def clear(out: Path, parts: list[Part]) -> bool:
    """Remove summary and manifest, parts of other articles or code, and what a stop left over; whether code changed."""
    names = {part.name for part in parts}
    stale = [path for table in TABLES for path in (out / table).glob("*part-*") if path.stem not in names]
    for path in (out / "summary.html", out / "manifest.json", *stale):
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
    local = {"n_workers": max(workers or 0, 0) or None, "threads_per_worker": 1, "processes": workers != 0}
    local |= {"dashboard_address": LOCAL, "worker_dashboard_address": LOCAL}
    client = Client(**({} if dask.config.get("scheduler-address", None) else local))
    client.wait_for_workers(1, timeout=60)
    return client


def main(arguments: list[str]) -> int:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("folder", type=Path)
    parser.add_argument("out", type=Path)
    parser.add_argument("--workers", type=int, help="processes on this machine; 0: none but this one")
    parser.add_argument("--part", type=int, default=SIZE, help=f"articles in a part, on average ({SIZE})")
    options = parser.parse_args(arguments)
    folder, out = options.folder.resolve(), options.out.resolve()
    try:
        parts = list_parts(folder, max(options.part, 1))
        out.mkdir(parents=True, exist_ok=True)
        with (out / "workers.log").open("ab") as log, ExitStack() as at_end:
            at_end.callback(os.dup2, os.dup(2), 2)
            os.dup2(log.fileno(), 2)  # for what Dask and Python have to say, in workers too: the terminal is the user's
            client = at_end.enter_context(open_client(options.workers))
            read_archive(client, parts, folder, out)
            print(write_summary(client, out))
    except (ArticleError, OSError, KilledWorker) as error:
        print(plain(error), file=sys.stderr)
        return 1
    except KeyboardInterrupt:
        print("Stopped; the same command goes on from here", file=sys.stderr)
        return 130
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
