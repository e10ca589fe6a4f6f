"""Read an archive into Parquet tables and a page that sums them up.

usage: python -m tools.archive FOLDER OUT [--workers N] [--part ARTICLES]

Articles are the `.txt` files under FOLDER and the `text` of each line of its
`.jsonl` and `.ndjson` files. OUT gets the folders articles, sentences,
statements, sentiment and terms, with the article's name in each row: its `id`,
else its path, for a line with a digest of it. manifest.json, with the order of
the parts, and summary.html come last: where they stand, the run is whole. The
same command goes on after a stop, and reads what is new. Dask does the work:
on N processes here (0: in this one), or on the cluster that
DASK_SCHEDULER_ADDRESS names.
"""

import argparse
import json
import logging
import sys
import time
from collections import deque
from collections.abc import Iterator
from contextlib import contextmanager
from itertools import islice
from pathlib import Path

import dask
from dask.system import CPU_COUNT
from distributed import Client, KilledWorker, LocalCluster, WorkerPlugin, as_completed
from newsprint import plain, save
from newstext import ArticleError

from archive.names import read_aliases
from tools.archive.parts import SIZE, Part, code, list_parts
from tools.archive.read import TABLES, add_columns, find_columns, is_written, read_part
from tools.archive.summary import write_summary

AHEAD = 4  # parts that each worker is given ahead: the scheduler never holds all of a large archive's


class Progress:
    """Articles read, their rate, and the time left: on a terminal one line, elsewhere nothing until the end."""

    def __init__(self, total: int) -> None:
        self.total, self.counts, self.began = total, {}, time.monotonic()
        self.show(" …")

    def __call__(self, event: tuple[float, tuple[str, int]]) -> None:
        """What a worker says twice a second: how many articles of a part it has read."""
        name, count = event[1]
        self.counts[name] = max(count, self.counts.get(name, 0))
        done, seconds = sum(self.counts.values()), time.monotonic() - self.began
        left = (self.total - done) * seconds / max(done, 1)
        self.show(f", {done / seconds:,.1f} a second, {duration(left)} left")

    def show(self, rest: str) -> None:
        if sys.stdout.isatty():
            print(f"\r{sum(self.counts.values()):,} of {self.total:,} articles{rest}\x1b[K", end="", flush=True)

    def end(self) -> None:
        seconds = time.monotonic() - self.began
        line = f"{self.total:,} articles read in {duration(seconds)}, {self.total / seconds:,.1f} a second"
        print(f"\r{line}\x1b[K" if sys.stdout.isatty() else line)


def duration(seconds: float) -> str:
    hours, minutes = divmod(round(seconds / 60), 60)
    return f"{seconds:.0f} s" if seconds < 100 else f"{hours} h {minutes} min" if hours else f"{minutes} min"


def clear(out: Path, parts: list[Part]) -> list[str]:
    """Remove summary and manifest, and parts of other articles or code, with what a stop left over; their names."""
    for name in ("summary.html", "manifest.json"):
        (out / name).unlink(missing_ok=True)
    known = {f"{part.name}.parquet" for part in parts}
    stale = [path for name in TABLES for path in (out / name).glob("*part-*") if path.name not in known]
    for path in stale:
        path.unlink(missing_ok=True)
    return sorted({path.stem for path in stale})


def read_archive(client: Client, parts: list[Part], folder: Path, out: Path) -> None:
    """Read the parts that are not read yet, on the client's workers, and write the manifest.

    Raises `ArticleError` if some are not written.
    """
    aliases, cleared = read_aliases(folder / "aliases.toml"), clear(out, parts)
    todo = [part for part in parts if not is_written(part, out)]
    total, left = sum(part.articles for part in parts), sum(part.articles for part in todo)
    print(f"{total:,} articles in {len(parts):,} parts; {total - left:,} of them were read before")
    if any(not name.startswith((f"part-{code()}", ".")) for name in cleared):
        print("The code, its lists or its libraries have changed since: everything is read again")
    if todo:
        progress = Progress(left)
        client.subscribe_topic("archive", progress)
        largest_first = sorted(todo, key=lambda part: -part.articles)
        for part in each(client, largest_first, read_part, folder=folder, out=out, theirs=code()):
            progress((0, (part.name, part.articles)))
        progress.end()
    if missing := [part for part in todo if not is_written(part, out)]:
        raise ArticleError(f"{out}: {len(missing)} parts are not there; put OUT on a disk that all workers share")
    columns = find_columns(parts, out)
    deque(each(client, parts, add_columns, out=out, columns=columns), maxlen=0)
    if renamed := [f"{name} is {title}" for title, (name, _) in columns.items() if title != name]:
        print(f"Fields with the names of our columns: {', '.join(map(plain, renamed))}")
    manifest = {"parts": [part.name for part in parts], "articles": total, "aliases": aliases}
    save(out / "manifest.json", json.dumps(manifest, indent=1).encode())


def each(client: Client, parts: list[Part], function: object, **arguments: object) -> Iterator[object]:
    """What the function returns for each part, as they get done, no more than `AHEAD` for each worker under way."""
    rest = iter(parts)
    room = AHEAD * max(len(client.scheduler_info(n_workers=-1)["workers"]), 1)
    running = as_completed(client.map(function, list(islice(rest, room)), pure=False, **arguments))
    for future in running:
        yield future.result()
        for part in islice(rest, 1):
            running.add(client.submit(function, part, pure=False, **arguments))


class Log(WorkerPlugin):
    """What Dask and Python have to say goes to a file: the terminal is for what the user must know."""

    def __init__(self, path: Path) -> None:
        self.path = path

    def setup(self, worker: object = None) -> None:
        self.path.parent.mkdir(parents=True, exist_ok=True)
        handler = logging.FileHandler(self.path, delay=True)
        handler.setLevel(logging.WARNING)
        handler.setFormatter(logging.Formatter("%(asctime)s %(name)s %(levelname)s %(message)s"))
        logging.captureWarnings(True)
        for name in ("distributed", "distributed.client", "tornado", "tornado.application", "py.warnings", "asyncio"):
            logging.getLogger(name).handlers = [handler]
            logging.getLogger(name).propagate = False


@contextmanager
def open_client(log: Path, workers: int | None = None) -> Iterator[Client]:
    """A Dask client: of the named cluster, of `workers` processes here, or (0) of a thread of this process."""
    address = dask.config.get("scheduler-address", None) if workers is None else None
    local = "127.0.0.1"  # a dashboard without an address would listen on all interfaces
    dask.config.set({"distributed.worker.profile.enabled": False})  # its history grows by up to 1 MB a second
    Log(log).setup()
    if address:
        with Client(address) as client:
            print(f"Waiting for workers at {address}", flush=True)
            client.wait_for_workers(1, timeout=120)
            client.register_plugin(Log(log))
            yield client
    else:
        with (
            LocalCluster(
                n_workers=CPU_COUNT if workers is None else max(workers, 1), threads_per_worker=1,
                processes=workers != 0, host=local if workers != 0 else None,
                dashboard_address=f"{local}:0", worker_dashboard_address=f"{local}:0",
            ) as cluster,
            Client(cluster) as client,
        ):  # fmt: skip
            client.register_plugin(Log(log))
            yield client


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
        with open_client(out / "workers.log", options.workers) as client:
            read_archive(client, parts, folder, out)
            print(write_summary(client, out))
    except (ArticleError, OSError, KilledWorker) as error:
        print(plain(error), file=sys.stderr)
        return 1
    except KeyboardInterrupt:
        print("Stopped; the same command goes on from here", file=sys.stderr)
        return 130
    return 0
