"""How long things take, as ratios to yardsticks run in the same minute: one table, nothing fails here.

usage: bench.py
"""

import asyncio
import json
import os
import platform
import resource
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path

import nbformat

ROOT = Path(__file__).resolve().parents[1]
sys.path[:0] = [str(ROOT), str(ROOT / "notebooks")]
from newsprint import find_terms, score_sentences  # noqa: E402
from newstext import find_statements, parse_article, read_article  # noqa: E402
from nltk.tokenize import NLTKWordTokenizer  # noqa: E402
from nltk.tokenize.punkt import PunktSentenceTokenizer  # noqa: E402
from textblob import TextBlob  # noqa: E402
from vaderSentiment.vaderSentiment import SentimentIntensityAnalyzer  # noqa: E402

from tools import run  # noqa: E402

PLAIN = "import pandas, matplotlib.pyplot"
ROUNDS = 5


def row(what: str, own: float, yardstick: float, against: str, aim: str = "") -> None:
    """One line of the table: milliseconds, those of the yardstick, their ratio."""
    told = f"  {against}" + f" (aim {aim})" * bool(aim)
    print(f"{what:<46}{own:>10,.1f}{yardstick:>10,.1f}{own / yardstick:>8.2f}{told}", flush=True)


def pair(own: Callable[[], object], yardstick: Callable[[], object], rounds: int = ROUNDS) -> tuple[float, float]:
    """Median milliseconds of processor time of two pieces of work, run in turn."""
    taken: dict[Callable, list[float]] = {own: [], yardstick: []}
    for _ in range(rounds):
        for work in (own, yardstick):
            began = time.process_time()
            work()
            taken[work].append(1000 * (time.process_time() - began))
    return statistics.median(taken[own]), statistics.median(taken[yardstick])


def child(code: str) -> float:
    """Milliseconds of processor time of a Python process that runs the code."""
    before = resource.getrusage(resource.RUSAGE_CHILDREN)
    subprocess.run([sys.executable, "-c", code], check=True, env={**os.environ, "PYTHONPATH": str(ROOT / "notebooks")})
    after = resource.getrusage(resource.RUSAGE_CHILDREN)
    return 1000 * (after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime)


def bench_imports() -> None:
    """What a kernel loads before its first cell of work."""
    for path in sorted(run.NOTEBOOKS.glob("[0-9]*.ipynb")):
        cells = json.loads(path.read_text(encoding="utf-8"))["cells"]
        code = next("".join(cell["source"]) for cell in cells if cell["cell_type"] == "code")
        code += "\nimport wordfreq" * path.name.startswith("05")
        times = [(child(code), child(PLAIN)) for _ in range(3)]
        own, plain = (statistics.median(column) for column in zip(*times))
        row(f"imports of {path.stem}", own, plain, "pandas and pyplot", "1.45" if "05" in path.stem else "1.3")


def bench_article() -> None:
    """One article, warm, and a hundred times as much."""
    text = read_article(run.SHIPPED).text
    article = parse_article(text)
    punkt, words, vader = PunktSentenceTokenizer(), NLTKWordTokenizer(), SentimentIntensityAnalyzer()
    spans = lambda: [list(cut.span_tokenize(part)) for part in text.splitlines() for cut in (punkt, words)]  # noqa: E731
    alone = lambda: [(vader.polarity_scores(t), TextBlob(t).sentiment) for t in article.body.text]  # noqa: E731
    row("parse the article", *pair(lambda: parse_article(text), spans, 20), "NLTK's spans alone")
    row("find its statements", *pair(lambda: find_statements(article), spans, 20), "NLTK's spans alone")
    row("find its terms", *pair(lambda: find_terms(article), spans, 20), "NLTK's spans alone")
    row("score its sentences", *pair(lambda: score_sentences(article.body), alone, 20), "the two analyzers alone")
    paragraphs = "\n\n".join(article.paragraphs.text)
    small, large = parse_article("T\n\n" + paragraphs * 10), parse_article("T\n\n" + paragraphs * 100)
    for what, work in (("parse", lambda a: parse_article(a.text)), ("statements of", find_statements)):
        times = pair(lambda: work(large), lambda: work(small), 1)  # noqa: B023
        row(f"{what} 0.5 MB", *times, "a tenth of it", "10")


def bench_notebooks() -> None:
    """All notebooks, two at a time, against as many that only import pandas and pyplot."""
    paths = sorted(run.NOTEBOOKS.glob("[0-9]*.ipynb"))
    with tempfile.TemporaryDirectory() as folder:
        empty = nbformat.v4.new_notebook(cells=[nbformat.v4.new_code_cell(PLAIN)])
        plain = [Path(folder) / path.name for path in paths]
        for path in plain:
            nbformat.write(empty, path)
        taken = []
        for group in (paths, plain):
            began = time.perf_counter()
            failures = asyncio.run(run.execute_all(group, Path(folder) / "out", {}))
            taken.append(1000 * (time.perf_counter() - began))
            print(*failures, sep="\n", end="\n" if failures else "")
    row(f"all {len(paths)} notebooks, by the clock", *taken, "as many that import pandas and pyplot", "1.6")


def main() -> None:
    print(f"Python {platform.python_version()}, {os.cpu_count()} cores; milliseconds of processor time, medians\n")
    print(f"{'':<46}{'ours':>10}{'theirs':>10}{'ratio':>8}  yardstick")
    bench_imports()
    bench_article()
    bench_notebooks()


if __name__ == "__main__":
    main()
