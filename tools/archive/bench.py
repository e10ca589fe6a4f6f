"""The archive's part of the benchmark: articles per second and memory per worker, over invented articles."""

import re
import sys
import tempfile
import time
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
sys.path[:0] = [str(ROOT / "notebooks"), str(ROOT)]

import pandas as pd  # noqa: E402

from tests.invented import write_files  # noqa: E402
from tools.archive import list_parts, open_client, read_archive  # noqa: E402
from tools.archive_summary import write_summary  # noqa: E402

RUNS = ((1_000, 0), (1_000, 1), (1_000, 2), (10_000, 0), (10_000, 1), (10_000, 2))  # articles, workers (0: in process)
CORES = (2, 32, 1_000)
SIZES = (1_000_000, 10_000_000, 100_000_000)


def peak_memory() -> float:
    """The most memory this process has held, in MB; NaN where there is no /proc."""
    status = Path("/proc/self/status")
    return int(re.search(r"VmHWM:\s+(\d+)", status.read_text())[1]) / 1024 if status.exists() else float("nan")


def measure(count: int, workers: int, folder: Path) -> dict[str, float]:
    """Seconds to read `count` invented articles, and to sum them up; peak memory of a worker while reading."""
    with tempfile.TemporaryDirectory() as out, open_client(workers) as client:
        parts = list_parts(folder, 200)
        client.run(peak_memory)  # workers are there
        began = time.perf_counter()
        read_archive(client, parts, folder, Path(out))
        read = time.perf_counter() - began
        memory = max(client.run(peak_memory).values())
        write_summary(Path(out))
        total = time.perf_counter() - began
    return {"seconds": read, "articles_per_second": count / read, "summary_seconds": total - read, "worker_mb": memory}


def bench_archive(runs: tuple = RUNS) -> pd.DataFrame:
    """A row for each of the runs: `articles, workers, seconds, articles_per_second, summary_seconds, worker_mb`."""
    rows = []
    for count, workers in runs:
        with tempfile.TemporaryDirectory() as folder:
            write_files(Path(folder), count)
            rows.append({"articles": count, "workers": workers} | measure(count, workers, Path(folder)))
    return pd.DataFrame(rows)


def on_paper(articles_per_second: float) -> pd.DataFrame:
    """Days of reading by size of archive and number of cores, if all cores are as fast and the disk keeps up."""
    days = {f"{cores:,} cores": [size / articles_per_second / cores / 86_400 for size in SIZES] for cores in CORES}
    return pd.DataFrame({"articles": [f"{size:,}" for size in SIZES], **days})


def main() -> None:
    table = bench_archive()
    print("An archive of invented articles (workers 0: in this process, whose memory includes the benchmark's own)")
    print(table.to_string(index=False, float_format="{:,.1f}".format))
    several = table[table.workers > 0]
    print("On paper, in days, at the slowest rate per worker above")
    rate = (several.articles_per_second / several.workers).min()
    print(on_paper(rate).to_string(index=False, float_format="{:,.2f}".format))


if __name__ == "__main__":
    main()
