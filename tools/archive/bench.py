"""How fast an archive is read, and in how much memory: `python -m tools.archive.bench [ARTICLES ...]`, 2,000 if none.

For each number of invented articles a row: in this process (0 workers), by one
worker and by two; for larger ones than `ONCE` by two only. Every run is a
process of its own, so that its peak memory is.
"""

import subprocess
import sys
import tempfile
import time
from pathlib import Path

import pandas as pd
import psutil

from tests.archive.invented import write_lines

ONCE = 2_000


def measure(count: int, workers: int, folder: Path) -> dict[str, float]:
    """Seconds and articles a second of a run, CPU milliseconds an article, peak MB of the client and of a worker."""
    with tempfile.TemporaryDirectory() as out:
        began = time.perf_counter()
        command = [sys.executable, "-m", "tools.archive", folder, out, "--workers", str(workers)]
        run, most, cpu = psutil.Popen(command, stdout=subprocess.DEVNULL), {}, {}
        while run.poll() is None:
            for process in [run, *run.children(recursive=True)]:
                try:
                    most[process.pid] = max(most.get(process.pid, 0), process.memory_info().rss / 2**20)
                    cpu[process.pid] = sum(process.cpu_times()[:2])
                except psutil.Error:  # it has ended
                    pass
            time.sleep(0.2)
        seconds = time.perf_counter() - began
    others = [size for pid, size in most.items() if pid != run.pid]
    row = {"articles": count, "workers": workers, "seconds": seconds, "articles_per_second": count / seconds}
    row |= {"cpu_ms_per_article": 1000 * sum(cpu.values()) / count, "client_mb": most[run.pid]}
    return row | {"worker_mb": max(others, default=0)}


def main(counts: list[int]) -> None:
    rows = []
    for count in counts:
        with tempfile.TemporaryDirectory() as folder:
            write_lines(Path(folder) / "articles.jsonl", count)
            for workers in (0, 1, 2) if count <= ONCE else (2,):
                rows.append(measure(count, workers, Path(folder)))
                print(pd.DataFrame(rows[-1:]).to_string(index=False, float_format="{:,.1f}".format), flush=True)


if __name__ == "__main__":
    main([int(text) for text in sys.argv[1:]] or [ONCE])
