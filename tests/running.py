"""What several test files share: the notebooks, run by tools/run.py or, much quicker, as plain Python."""

import contextlib
import io
import os
import shutil
import subprocess
import sys
from dataclasses import dataclass, field
from pathlib import Path
from unittest.mock import patch

import nbformat
from matplotlib.figure import Figure
from newsprint import charts, show

from tools.run import set_parameters

ROOT = Path(__file__).resolve().parents[1]
NOTEBOOKS = ROOT / "notebooks"
FILES = sorted(NOTEBOOKS.glob("[0-9]*.ipynb"))
NAMES = [path.stem for path in FILES]


def read(path: Path) -> nbformat.NotebookNode:
    return nbformat.read(path, as_version=4)


def text_outputs(cell: nbformat.NotebookNode) -> list[str]:
    """What a cell printed or showed, as plain text: one string an output."""
    outputs = cell.get("outputs", [])
    return [output["text"] if "text" in output else output.data.get("text/plain", "") for output in outputs]


def run_tool(*arguments: str | Path, root: Path = ROOT, **options) -> subprocess.CompletedProcess:
    """tools/run.py of the checkout `root`, in a process of its own; `env` adds to the surroundings."""
    environment = {**os.environ, "PYTHONPATH": str(root / "notebooks"), **options.pop("env", {})}
    command = [sys.executable, root / "tools" / "run.py", *arguments]
    return subprocess.run(command, capture_output=True, text=True, env=environment, timeout=300, **options)


def copy_checkout(folder: Path) -> Path:
    """The project's files (what git tracks or would track) in another folder."""
    command = ["git", "ls-files", "--cached", "--others", "--exclude-standard", "-z"]
    names = subprocess.run(command, cwd=ROOT, capture_output=True, check=True).stdout.decode().split("\0")
    for name in filter(None, names):
        if (ROOT / name).is_file():
            (folder / name).parent.mkdir(parents=True, exist_ok=True)
            shutil.copy2(ROOT / name, folder / name)
    return folder


def tree(folder: Path) -> dict[str, bytes]:
    """Every file below a folder with its bytes."""
    return {str(path.relative_to(folder)): path.read_bytes() for path in sorted(folder.rglob("*")) if path.is_file()}


@dataclass
class Shown:
    """What a notebook showed when run as plain Python."""

    text: str = ""
    html: str = ""
    figures: dict[str, Figure] = field(default_factory=dict)
    alts: dict[str, str] = field(default_factory=dict)


def run_cells(path: Path, out: Path, values: dict | None = None, order: list[int] | None = None) -> Shown:
    """A notebook's code cells, run in this process from the notebooks' folder, with parameters set as make sets them.

    `order` picks the code cells by number, so that they can run twice or in another order.
    """
    notebook = read(path)
    set_parameters(notebook, values or {})
    cells = [cell.source for cell in notebook.cells if cell.cell_type == "code"]
    shown, printed = Shown(), io.StringIO()

    def keep(data: dict, metadata: dict | None = None, **_) -> None:
        printed.write(data["text/plain"] + "\n")
        shown.html += data.get("text/html", "")

    publish = charts.publish

    def keep_figure(fig: Figure, name: str, table: object, alt: str) -> None:
        shown.figures[name], shown.alts[name] = fig, alt
        publish(fig, name, table, alt)

    names = {"__name__": "__main__"}
    with contextlib.ExitStack() as stack:
        stack.enter_context(patch.dict(os.environ, NEWSPRINT_OUT=str(out)))
        stack.enter_context(patch.object(show, "display", keep))
        stack.enter_context(patch.object(charts, "display", keep))
        stack.enter_context(patch.object(charts, "publish", keep_figure))
        stack.enter_context(patch.object(charts, "DPI", 60))  # four times quicker, and drawn all the same
        stack.enter_context(contextlib.chdir(NOTEBOOKS))
        stack.enter_context(contextlib.redirect_stdout(printed))
        for number in range(len(cells)) if order is None else order:
            exec(compile(cells[number], f"{path.stem}, code cell {number + 1}", "exec"), names)
    shown.text = printed.getvalue()
    return shown
