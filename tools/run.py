"""Execute the notebooks: two at a time, one line each with its seconds.

usage: run.py [--out FOLDER] [--article FILE] [--only NAMES] [NAME[=VALUE] ...]

Without --out and --article the committed notebooks are executed in place, and
their figures go to `figures/`. Otherwise executed copies go to
FOLDER/notebooks and figures to FOLDER/figures, and the committed ones stay as
they are. NAME=VALUE sets a parameter: a name from a notebook's cell tagged
`parameters`; NAME alone takes the value from the environment.
"""

import argparse
import ast
import asyncio
import os
import re
import sys
import tempfile
import time
from pathlib import Path

import nbformat
from nbclient import NotebookClient
from nbclient.exceptions import CellExecutionError, CellTimeoutError, DeadKernelError

ROOT = Path(__file__).resolve().parents[1]
NOTEBOOKS = ROOT / "notebooks"
sys.path.insert(0, str(NOTEBOOKS))
from newsprint.show import safe_csv, save  # noqa: E402
from newstext import ArticleError, find_statements, read_article, statements_csv  # noqa: E402

SHIPPED = ROOT / "data" / "article.txt"
AT_ONCE = 2
TOPICS = {  # what each notebook finds, for the opening of another article's
    "00": "voices quoted unheard verbs words headline tone",
    "02": "words",
    "03": "voices quoted unheard verbs headline",
    "04": "tone",
}
KERNEL = {"display_name": "Python 3", "language": "python", "name": "python3"}


class RunError(Exception):
    """What stopped a run, in one line."""


def tagged(notebook: nbformat.NotebookNode, tag: str) -> list[nbformat.NotebookNode]:
    return [cell for cell in notebook.cells if tag in cell.metadata.get("tags", [])]


def parameters(notebook: nbformat.NotebookNode) -> dict[str, object]:
    """The names that the cell tagged `parameters` assigns, with their values there."""
    source = "\n".join(cell.source for cell in tagged(notebook, "parameters"))
    rows = [node for node in ast.parse(source).body if isinstance(node, ast.Assign)]
    return {
        row.targets[0].id: read_value(ast.unparse(row.value)) for row in rows if isinstance(row.targets[0], ast.Name)
    }


def read_value(text: str, default: object = None) -> object:
    """A Python literal as it is, anything else as text; where the default is text or a list, that."""
    try:
        value = ast.literal_eval(text)
    except (ValueError, SyntaxError):
        value = text
    if isinstance(default, list | tuple) and not isinstance(value, list | tuple):
        return [value]
    return text if isinstance(default, str) and not isinstance(value, str) else value


def set_parameters(notebook: nbformat.NotebookNode, values: dict) -> None:
    """Add a cell `injected-parameters` below the tagged one, and leave out what speaks of the shipped article.

    A cell tagged `shipped` gives way to the text in its metadata, `otherwise`, where it has one; a title stays. What
    is found now is printed below the cell that reads the article.
    """
    known = parameters(notebook)
    lines = [f"{name} = {value!r}" for name, value in values.items() if name in known]
    if not lines:
        return
    cell = nbformat.v4.new_code_cell("\n".join(lines), id="injected-parameters")
    cell.metadata["tags"] = ["injected-parameters"]
    notebook.cells.insert(notebook.cells.index(tagged(notebook, "parameters")[0]) + 1, cell)
    for cell in notebook.cells:
        title = cell.source.partition("\n")[0] if cell.source.startswith("# ") else ""
        if "shipped" in cell.metadata.get("tags", []) or "otherwise" in cell.metadata:
            cell.source = cell.metadata.get("otherwise", title)
        cell.source = re.sub(r"(?m)^\*\*Try\.\*\*.*\n*", "", cell.source)
    notebook.cells = [cell for cell in notebook.cells if cell.source]
    add_findings(notebook, "STATEMENTS" in known)


def add_findings(notebook: nbformat.NotebookNode, by_hand: bool) -> None:
    """Add a cell below the one that reads the article that prints what is found now."""
    for place, cell in enumerate(notebook.cells):
        if (number := re.search(r'Charts\(article, "(\d\d)"', cell.source)) and number[1] in TOPICS:
            lines = [
                "from newsprint import findings, read_misread_words, say, sided_statements",
                f"found = sided_statements(article{', STATEMENTS' * by_hand}), read_misread_words(ARTICLE)",
                f'for finding in findings(article, *found, "{TOPICS[number[1]]}").values():',
                "    say(finding)",
            ]
            new = nbformat.v4.new_code_cell("\n".join(lines), id="findings", metadata={"tags": ["finding"]})
            return notebook.cells.insert(place + 1, new)


def committed_form(notebook: dict) -> None:
    """Take out of a notebook what depends on who saved it: Lab's metadata, this machine's version of Python, streams
    cut in two, pictures kept twice."""
    language = {key: value for key, value in notebook["metadata"].get("language_info", {}).items() if key != "version"}
    notebook["metadata"] = nbformat.from_dict({"kernelspec": KERNEL, "language_info": language})
    for cell in notebook["cells"]:
        cell["metadata"] = {key: cell["metadata"][key] for key in ("tags", "otherwise") if key in cell["metadata"]}
        merged: list[dict] = []
        for output in cell.get("outputs", []):
            if merged and output.get("name", 0) == merged[-1].get("name"):
                merged[-1]["text"] += output["text"]
                continue
            if "image/png" in output.get("data", {}):
                output["data"].pop("text/html", None)
            merged.append(output)
        if "outputs" in cell:
            cell["outputs"] = merged


def kernel_environment(out: Path, private: str) -> dict[str, str]:
    """The surroundings of a kernel: where output goes, and nobody's settings, startup files or caches but `private`."""
    own = {"NEWSPRINT_OUT": str(out), "IPYTHONDIR": private, "MPLCONFIGDIR": private, "MATPLOTLIBRC": os.devnull}
    return {**os.environ, **own}


async def execute(path: Path, out: Path, values: dict, private: str) -> float:
    """Run one notebook and write it whole to `out`; seconds taken. Raises RunError, and then writes nothing."""
    began = time.perf_counter()
    notebook = nbformat.read(path, as_version=4)
    set_parameters(notebook, values)
    client = NotebookClient(
        notebook,
        timeout=600,
        kernel_name="python3",
        record_timing=False,
        coalesce_streams=True,
        shutdown_kernel="immediate",
        extra_arguments=["--log-level=ERROR"],
        resources={"metadata": {"path": str(NOTEBOOKS)}},
    )
    try:
        await client.async_execute(env=kernel_environment(out, private))
    except CellExecutionError as error:
        raise RunError(f"{error.ename}: {error.evalue}".splitlines()[0]) from None
    except (DeadKernelError, CellTimeoutError):
        raise RunError("its kernel died or hung; run it again, with more free memory") from None
    for cell in notebook.cells:
        for output in cell.get("outputs", []):
            if output.get("name") == "stderr":
                raise RunError(f"cell {cell.id} wrote a warning: {output.text.strip().splitlines()[-1]}")
    committed_form(notebook)
    save(out / "notebooks" / path.name, nbformat.writes(notebook).encode() + b"\n")
    return time.perf_counter() - began


async def execute_all(paths: list[Path], out: Path, values: dict) -> list[str]:
    """Run the notebooks, `AT_ONCE` at a time; a line for each cause of failure, with the notebooks that it stopped.

    IPython and matplotlib get a folder that nobody else can write to, new for each run.
    """
    room, failures = asyncio.Semaphore(AT_ONCE), {}

    async def one(path: Path, private: str) -> None:
        async with room:
            try:
                print(f"{path.stem:<28}{await execute(path, out, values, private):5.1f} s", flush=True)
            except (RunError, OSError) as error:
                failures.setdefault(str(error), []).append(path.name)

    with tempfile.TemporaryDirectory(prefix="newsprint-", ignore_cleanup_errors=True) as private:
        await asyncio.gather(*(one(path, private) for path in paths))
    return [f"{', '.join(sorted(names))}: {cause}" for cause, names in failures.items()]


def choose(only: list[str] | None) -> list[Path]:
    """The notebooks named; all that read an article if none is, or if any other file (a helper, data) is."""
    known = {path.stem: path for path in sorted(NOTEBOOKS.rglob("[0-9]*.ipynb"))}
    named = [known.get(Path(name).name.removesuffix(".ipynb")) for name in only or []]
    return sorted(NOTEBOOKS.glob("[0-9]*.ipynb")) if not named or None in named else sorted(set(named))


def read_arguments(arguments: list[str]) -> tuple[list[Path], Path, dict]:
    """Notebooks, output folder and parameters. Raises RunError."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--out", type=Path)
    parser.add_argument("--article", type=Path)
    parser.add_argument("--notebook", help="run this one alone")
    parser.add_argument(
        "--only", nargs="*", help="changed files: notebooks among them are run, any other file means all"
    )
    parser.add_argument("values", nargs="*", metavar="NAME[=VALUE]")
    options = parser.parse_args(arguments)
    paths = choose([options.notebook] if options.notebook else options.only)
    if options.notebook and len(paths) != 1:
        raise RunError(f"{options.notebook}: no such notebook; there are {', '.join(path.stem for path in paths)}")
    known = {name: value for path in paths for name, value in parameters(nbformat.read(path, as_version=4)).items()}
    given = dict(text.split("=", 1) if "=" in text else (text, os.environ.get(text, "")) for text in options.values)
    if unknown := sorted(given.keys() - known):
        raise RunError(f"{', '.join(unknown)}: no such parameter; there are {', '.join(sorted(known))}")
    values = {name: read_value(text, known[name]) for name, text in given.items()}
    if options.article and options.article.resolve() != SHIPPED:
        path = options.article.resolve()
        values["ARTICLE"] = str(path.relative_to(ROOT) if path.is_relative_to(ROOT) else path)
    out = (options.out or ROOT).resolve()
    if values and out == ROOT:
        raise RunError(
            "other settings would change the committed notebooks: give --out a folder (make: OUT=build/mine)"
        )
    return paths, out, values


def save_statements(path: Path, out: Path) -> None:
    """What the rules found in an article as a table for a spreadsheet, in the form of the one marked by hand."""
    table = safe_csv(statements_csv(find_statements(read_article(path))))
    save(out / f"{path.stem}-statements.csv", table.encode("utf-8-sig"))  # the mark tells Excel that it is UTF-8


def main(arguments: list[str]) -> int:
    try:
        paths, out, values = read_arguments(arguments)
        if out != ROOT and paths[0].parent == NOTEBOOKS:  # not notebook 06: it reads no article
            save_statements(ROOT / values.get("ARTICLE", SHIPPED), out)  # first: no kernel starts for a bad file
        failures = asyncio.run(execute_all(paths, out, values))
    except (RunError, ArticleError, OSError) as error:
        failures = [str(error)]
    print(*failures, sep="\n", end="\n" if failures else "", file=sys.stderr)
    return bool(failures)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
