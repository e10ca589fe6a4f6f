"""Ways in without make: kernels started elsewhere with papermill's way of setting parameters, pip."""

import os
import re
import subprocess
import sys
from pathlib import Path

import nbformat
import pytest
from nbclient import NotebookClient

from tests.running import ROOT, copy_checkout, read, tree


@pytest.fixture
def root(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A checkout as after `pip install -e .`: the packages are on Python's path, and nothing else is set."""
    monkeypatch.setenv("PYTHONPATH", str(tmp_path / "checkout" / "notebooks"))
    monkeypatch.setenv("IPYTHONDIR", str(tmp_path / "ipython"))
    monkeypatch.delenv("NEWSPRINT_OUT", raising=False)
    return copy_checkout(tmp_path / "checkout")


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
    code = "import importlib.metadata as m, importlib.util as u; needs = len(m.requires('newsprint'))"
    code += "; print(needs, *(u.find_spec(name).origin for name in ('newsprint', 'newstext')))"
    told = subprocess.run([python, "-c", code], cwd="/", env=nowhere, capture_output=True, text=True, check=True).stdout
    needs = len(re.findall(r"(?m)^[^#\n]", (ROOT / "requirements.txt").read_text(encoding="utf-8")))
    origins = [str(root / "notebooks" / name / "__init__.py") for name in ("newsprint", "newstext")]
    assert told.split() == [str(needs), *origins]
