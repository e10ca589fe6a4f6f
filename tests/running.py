"""What several test files share: the notebooks, run by tools/run.py or, much quicker, as plain Python."""

import contextlib
import io
import os
import re
import shutil
import subprocess
import sys
import time
from collections.abc import Callable
from html import unescape
from pathlib import Path
from unittest.mock import patch

import nbformat
from newsprint import charts, plain, safe_csv, show

from tools.run import set_parameters

ROOT = Path(__file__).resolve().parents[1]
NOTEBOOKS = ROOT / "notebooks"
FILES = sorted(NOTEBOOKS.glob("[0-9]*.ipynb"))
NAMES = [path.stem for path in FILES]


def read(path: Path) -> nbformat.NotebookNode:
    return nbformat.read(path, as_version=4)


def code_cells(path: Path) -> list[nbformat.NotebookNode]:
    return [cell for cell in read(path).cells if cell.cell_type == "code"]


def outputs(path: Path) -> list[nbformat.NotebookNode]:
    return [output for cell in code_cells(path) for output in cell.outputs]


def text_of(html: str) -> str:
    return unescape(re.sub(r"<[^>]*>", " ", html))


def visible(output: nbformat.NotebookNode) -> str:
    """What an output shows, as text: a table with all its letters, a picture by its alternative text."""
    data = output.get("data", {})
    return text_of(data["text/html"]) if "text/html" in data else output.get("text", "") or data.get("text/plain", "")


def run_tool(*arguments: str | Path, root: Path = ROOT, **options) -> subprocess.CompletedProcess:
    """tools/run.py of the checkout `root`, in a process of its own; `env` adds to the surroundings."""
    environment = {**os.environ, "PYTHONPATH": str(root / "notebooks"), **options.pop("env", {})}
    command = [sys.executable, root / "tools" / "run.py", *arguments]
    return subprocess.run(command, capture_output=True, text=True, env=environment, timeout=300, **options)


def copy_checkout(folder: Path) -> Path:
    """The project's files without what is made from them, in another folder."""
    made = shutil.ignore_patterns(".*", "build", "site", "__pycache__")
    return shutil.copytree(ROOT, folder, ignore=made)


def wait(check: Callable[[], object], seconds: float = 120) -> object:
    """The value of a check as soon as it is true; fails if it is not true in time."""
    until = time.monotonic() + seconds
    while not (value := check()):
        assert time.monotonic() < until, "not true in time"
        time.sleep(0.1)
    return value


def tree(folder: Path) -> dict[str, bytes]:
    """Every file below a folder with its bytes."""
    return {str(path.relative_to(folder)): path.read_bytes() for path in sorted(folder.rglob("*")) if path.is_file()}


def run_cells(path: Path, values: dict | None = None, names: dict | None = None) -> str:
    """What a notebook's cells show when they are run in this process, among `names` that earlier cells left.

    Parameters are set as make sets them. Charts are drawn, but not rendered: their alternative text and the table
    behind them stand for them.
    """
    notebook, printed, names = read(path), io.StringIO(), {"__name__": "__main__"} if names is None else names
    set_parameters(notebook, values or {})

    def publish(self: charts.Charts, fig: object, name: str, table: object, alt: str, *more: object) -> None:
        print(name, plain(f"{alt}. {fig.about['title']}."), safe_csv(table), sep="\n")

    def display(data: dict, **_) -> None:
        print(text_of(data["text/html"]))

    with contextlib.ExitStack() as stack:
        stack.enter_context(patch.object(charts.Charts, "publish", publish))
        stack.enter_context(patch.object(sys.modules[show.__module__], "display", display))
        stack.enter_context(contextlib.chdir(NOTEBOOKS))
        stack.enter_context(contextlib.redirect_stdout(printed))
        for cell in notebook.cells:
            if cell.cell_type == "code":
                exec(compile(cell.source, f"{path.stem}, cell {cell.id}", "exec"), names)
    return printed.getvalue()
