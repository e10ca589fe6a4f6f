"""Every way in without make: kernels started elsewhere, nbconvert, papermill's way of setting parameters."""

import os
import shutil
import subprocess
import sys
import zipfile
from pathlib import Path

import nbformat
import pytest
from nbclient import NotebookClient

from tests.running import NOTEBOOKS, ROOT, copy_checkout, read, tree
from tools import editable


@pytest.fixture
def root(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A checkout as after `pip install -e .`: the packages are on Python's path, and nothing else is set."""
    monkeypatch.setenv("PYTHONPATH", str(tmp_path / "checkout" / "notebooks"))
    monkeypatch.setenv("IPYTHONDIR", str(tmp_path / "ipython"))
    monkeypatch.delenv("NEWSPRINT_OUT", raising=False)
    return copy_checkout(tmp_path / "checkout")


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
@pytest.mark.parametrize("way", [["execute"], ["nbconvert", "--to", "notebook", "--execute", "--output=out.ipynb"]])
@pytest.mark.parametrize("folder", ["", "notebooks"])
def test_jupyter_runs_a_notebook_from_the_root_and_from_its_folder(root, way, folder):
    figures = tree(root / "figures")
    shutil.rmtree(root / "figures")
    name = "02-term-frequency.ipynb" if folder else "notebooks/02-term-frequency.ipynb"
    subprocess.run([sys.executable, "-m", "jupyter", *way, name], cwd=root / folder, check=True, timeout=300)
    made = tree(root / "figures")
    assert made and made.keys() <= figures.keys()


@pytest.mark.full
@pytest.mark.parametrize("folder", ["", "notebooks", "data"])
def test_another_setting_from_anywhere_goes_to_build_and_says_so(root, folder):
    """What `papermill notebooks/02-term-frequency.ipynb out.ipynb -p TOP_TERMS 30` does: a cell below the settings."""
    notebook, before = read(root / "notebooks" / "02-term-frequency.ipynb"), tree(root / "figures")
    place = next(i for i, cell in enumerate(notebook.cells) if "parameters" in cell.metadata.get("tags", []))
    notebook.cells.insert(place + 1, nbformat.v4.new_code_cell("TOP_TERMS = 30"))
    NotebookClient(notebook, resources={"metadata": {"path": str(root / folder)}}, kernel_name="python3").execute()
    assert "Changed: TOP_TERMS" in str(notebook) and "build/lab" in str(notebook)
    assert before and tree(root / "figures") == before and tree(root / "build" / "lab" / "figures")


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
