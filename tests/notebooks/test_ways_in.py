"""Every way in without make: kernels started elsewhere, nbconvert, papermill's way of setting parameters."""

import os
import subprocess
import sys
import zipfile
from pathlib import Path

import nbformat
import pytest
from nbclient import NotebookClient

from tests.running import NOTEBOOKS, ROOT, copy_checkout, read, tree
from tools import editable

FIGURE = "figures/02-what-each-section-talks-about.png"


@pytest.fixture(scope="module")
def root(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return copy_checkout(tmp_path_factory.mktemp("ways") / "checkout")


@pytest.fixture
def elsewhere(root: Path, monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    """Surroundings as after `pip install -e .`: the packages are on Python's path, and nothing else is set."""
    monkeypatch.setenv("PYTHONPATH", str(root / "notebooks"))
    monkeypatch.setenv("IPYTHONDIR", str(tmp_path / "ipython"))
    monkeypatch.delenv("NEWSPRINT_OUT", raising=False)


def jupyter(*arguments: str | Path, cwd: Path) -> None:
    command = [sys.executable, "-m", "jupyter", *arguments]
    done = subprocess.run(command, cwd=cwd, capture_output=True, text=True, timeout=300, check=False)
    assert done.returncode == 0, done.stderr[-900:]


def test_the_folder_installs_in_place_and_needs_nothing_to_build_it(tmp_path):
    with zipfile.ZipFile(tmp_path / editable.build_editable(str(tmp_path))) as wheel:
        assert wheel.read("newsprint.pth").decode().strip() == str(NOTEBOOKS)
        needs = wheel.read(f"{editable.INFO}/METADATA").decode()
        record = wheel.read(f"{editable.INFO}/RECORD").decode().splitlines()
        assert {line.split(",")[0] for line in record} == set(wheel.namelist())
    lines = [line.split("#")[0].strip() for line in (ROOT / "requirements.txt").read_text().splitlines()]
    assert all(f"Requires-Dist: {line}\n" in needs for line in filter(None, lines))
    with pytest.raises(SystemExit, match="pip install -e"):
        editable.build_wheel(str(tmp_path))


@pytest.mark.full
@pytest.mark.parametrize("folder", ["", "notebooks"])
@pytest.mark.parametrize("way", [["execute"], ["nbconvert", "--to", "notebook", "--execute", "--output=out.ipynb"]])
def test_jupyter_runs_a_notebook_from_the_root_and_from_its_folder(root, elsewhere, folder, way):
    before = tree(root / "figures")
    jupyter(*way, "02-term-frequency.ipynb" if folder else "notebooks/02-term-frequency.ipynb", cwd=root / folder)
    assert before and set(before) <= set(tree(root / "figures"))


@pytest.mark.full
@pytest.mark.parametrize("folder", ["", "notebooks", "data"])
def test_another_setting_from_anywhere_goes_to_build_and_says_so(root, elsewhere, folder):
    """What `papermill notebooks/02-term-frequency.ipynb out.ipynb -p TOP_TERMS 30` does: a cell below the settings."""
    notebook, before = read(root / "notebooks" / "02-term-frequency.ipynb"), tree(root / "figures")
    place = next(i for i, cell in enumerate(notebook.cells) if "parameters" in cell.metadata.get("tags", []))
    notebook.cells.insert(place + 1, nbformat.v4.new_code_cell("TOP_TERMS = 30"))
    NotebookClient(notebook, resources={"metadata": {"path": str(root / folder)}}, kernel_name="python3").execute()
    said = str(notebook)
    assert "Changed: TOP_TERMS" in said and "build/lab" in said
    assert tree(root / "figures") == before
    assert (root / "build" / "lab" / FIGURE).exists()


@pytest.mark.full
def test_pip_installs_it_where_the_network_is_out_of_reach(root, tmp_path):
    subprocess.run([sys.executable, "-m", "venv", tmp_path / "venv"], check=True)
    python = tmp_path / "venv" / "bin" / "python"
    nowhere = {**os.environ, "PIP_INDEX_URL": "http://127.0.0.1:9", "PIP_NO_INPUT": "1", "PYTHONPATH": ""}
    command = [python, "-m", "pip", "install", "--quiet", "--no-deps", "--disable-pip-version-check", "-e", root]
    subprocess.run(command, env=nowhere, check=True, timeout=120)
    code = "import importlib.util as u; print(u.find_spec('newsprint').origin, u.find_spec('newstext').origin)"
    told = subprocess.run([python, "-c", code], cwd="/", env=nowhere, capture_output=True, text=True, check=True).stdout
    assert told.split() == [str(root / "notebooks" / name / "__init__.py") for name in ("newsprint", "newstext")]
