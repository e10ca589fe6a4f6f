"""How fast an archive is read, in how much memory: python -m tools.archive.bench [ARTICLES ...], 2,000 if none. Each
run is a process of its own and says its rate; below it stands the peak of that process, without the workers'."""

import sys
import tempfile
import time
from contextlib import suppress
from pathlib import Path

import psutil

from tests.archive.invented import write_lines

for count in map(int, sys.argv[1:] or [2000]):
    with tempfile.TemporaryDirectory() as folder:
        write_lines(Path(folder) / "in" / "articles.jsonl", count)
        for workers in "012":
            words = ["-m", "tools.archive", f"{folder}/in", f"{folder}/out{workers}", f"--workers={workers}"]
            run, peak = psutil.Popen([sys.executable, *words]), 0
            while run.poll() is None:
                with suppress(psutil.Error):  # it has ended
                    peak = max(peak, run.memory_info().rss)
                time.sleep(0.1)
            print(f"{workers} workers: {count:,} articles, {peak >> 20:,} MB", flush=True)
