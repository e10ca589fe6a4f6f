"""Measure time and memory, and print them as tables; nothing fails here.

usage: bench.py [--sizes 0.1,1,10]
"""

import argparse
import asyncio
import platform
import statistics
import sys
import tempfile
import time
import tracemalloc
from collections.abc import Callable
from pathlib import Path

import nbformat
from nbclient import NotebookClient
from nltk.tokenize import NLTKWordTokenizer
from nltk.tokenize.punkt import PunktSentenceTokenizer
from textblob import TextBlob
from vaderSentiment.vaderSentiment import SentimentIntensityAnalyzer

sys.path[:0] = [str(Path(__file__).parent), str(Path(__file__).parents[1] / "notebooks")]
import run  # noqa: E402
from newstext.article import parse_article, read_article  # noqa: E402
from newsprint.sentiment import score_sentences  # noqa: E402
from newstext.speakers import find_statements  # noqa: E402

IMPORTS_ONLY = "import pandas, matplotlib.pyplot"
MEMORY = "import resource; print(resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024)"


def seconds(work: Callable[[], object], times: int = 1) -> float:
    """Median wall-clock seconds of `times` calls."""
    taken = []
    for _ in range(times):
        began = time.perf_counter()
        work()
        taken.append(time.perf_counter() - began)
    return statistics.median(taken)


def row(name: str, *cells: str) -> None:
    print(f"  {name:<58}" + "".join(f"{cell:>13}" for cell in cells), flush=True)


def bench_article() -> None:
    text = read_article(run.SHIPPED).text
    article = parse_article(text)
    whole = lambda: (find_statements(a := parse_article(text)), score_sentences(a.sentences))  # noqa: E731
    whole()
    print("One article in one process, warm, median of 20 (aim: all ≤ 60 ms)")
    row("parse", f"{seconds(lambda: parse_article(text), 20) * 1000:.1f} ms")
    row("find statements", f"{seconds(lambda: find_statements(article), 20) * 1000:.1f} ms")
    row(
        "score sentences, VADER and TextBlob",
        f"{seconds(lambda: score_sentences(article.sentences), 20) * 1000:.1f} ms",
    )
    row("all three", f"{seconds(whole, 20) * 1000:.1f} ms")


def imports_only(folder: Path, count: int) -> list[Path]:
    """As many notebooks as there are here, that only import."""
    paths = [folder / f"{i:02}-imports.ipynb" for i in range(count)]
    for path in paths:
        nbformat.write(nbformat.v4.new_notebook(cells=[nbformat.v4.new_code_cell(IMPORTS_ONLY)]), path)
    return paths


def kernel_memory(path: Path) -> int:
    """Peak resident memory of the notebook's kernel, in MB."""
    notebook = nbformat.read(path, as_version=4)
    notebook.cells.append(nbformat.v4.new_code_cell(MEMORY))
    NotebookClient(
        notebook, resources={"metadata": {"path": str(run.NOTEBOOKS)}}, shutdown_kernel="immediate"
    ).execute()
    return int(notebook.cells[-1].outputs[0].text)


def bench_notebooks() -> None:
    paths = run.choose(None)
    with tempfile.TemporaryDirectory() as folder:
        out = Path(folder)
        print("Notebooks, executed from an empty kernel to the last cell (aim: each ≤ 3 s)")
        for path in paths:
            taken = seconds(lambda path=path: asyncio.run(run.execute(path, out, {})))
            row(path.stem, f"{taken:.1f} s", f"{kernel_memory(path)} MB")
        print(f"All {len(paths)} together, {run.AT_ONCE} at a time (aim: ratio ≤ 1.5)")
        empty = imports_only(out, len(paths))
        base = seconds(lambda: asyncio.run(run.execute_all(empty, out, {})))
        ours = seconds(lambda: asyncio.run(run.execute_all(paths, out, {})))
        row(f"as many that only {IMPORTS_ONLY}", f"{base:.1f} s")
        row("these notebooks", f"{ours:.1f} s", f"ratio {ours / base:.2f}")


def nltk_spans(text: str) -> None:
    """NLTK's own sentence and word spans, the yardstick for parsing."""
    words = NLTKWordTokenizer()
    for start, end in PunktSentenceTokenizer().span_tokenize(text):
        list(words.span_tokenize(text[start:end].replace("’", "'")))


def analyzers_alone(sentences: list[str]) -> None:
    """The two analyzers on the same sentences, the yardstick for sentiment."""
    vader = SentimentIntensityAnalyzer()
    for sentence in sentences:
        vader.polarity_scores(sentence)
        TextBlob(sentence).sentiment  # noqa: B018


def bench_size(size: float) -> None:
    body = read_article(run.SHIPPED)
    paragraphs = "\n\n".join(body.paragraphs.text)
    text = (paragraphs + "\n\n") * round(size * 1e6 / len(paragraphs) + 0.5)
    article = parse_article(text)
    tokens, sentences = len(article.tokens), article.sentences.text.tolist()
    parsing, yardstick = seconds(lambda: parse_article(text)), seconds(lambda: nltk_spans(text))
    scoring, alone = seconds(lambda: score_sentences(article.sentences)), seconds(lambda: analyzers_alone(sentences))
    tracemalloc.start()
    parse_article(text)
    peak = tracemalloc.get_traced_memory()[1] / 1e6
    tracemalloc.stop()
    row(f"{size:g} MB parsed", f"{tokens / parsing:,.0f}/s", f"{parsing / yardstick:.2f} × NLTK", f"{peak:,.0f} MB")
    row(f"{size:g} MB scored", f"{tokens / scoring:,.0f}/s", f"{scoring / alone:.2f} × alone")


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--sizes", default="0.1,1,10", help="megabytes of text to parse and score")
    sizes = [float(size) for size in parser.parse_args().sizes.split(",")]
    print(f"Python {platform.python_version()}, {platform.system()} {platform.machine()}")
    bench_article()
    bench_notebooks()
    print("Tokens a second (aims: parsing ≤ 1.5 × NLTK's own spans, scoring ≤ 1.2 × the analyzers alone)")
    for size in sizes:
        bench_size(size)


if __name__ == "__main__":
    main()
