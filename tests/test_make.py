"""What make hands on: names as they were typed, never run by make or the shell; settings by name."""

import os
import subprocess

import pytest
from running import ROOT

HOSTILE = ["a`touch ran`$(touch ran)$$(touch ran)", 'a";touch ran;"', "a'b c;touch ran;$b"]
USES = [  # the variable, a target that uses it, and what else that needs
    *["ARTICLE all", "ARTICLE run NOTEBOOK=01", "OUT all", "OUT run NOTEBOOK=01", "OUT archive FOLDER=news"],
    *["NOTEBOOK run", "FOLDER archive OUT=out", "WORKERS archive FOLDER=news OUT=out", "GOLD evaluate"],
    "PART archive FOLDER=news OUT=out",
]


@pytest.fixture
def make(tmp_path):
    """Runs make in an empty folder, with a Python that only notes its arguments; returns these."""
    folder, venv, notes = tmp_path / "work", tmp_path / "venv", tmp_path / "notes"
    names = ["requirements.lock", "requirements-archive.lock", "pyproject.toml", "tools/editable.py"]
    for path in [*(folder / name for name in names), venv / ".installed", venv / ".archive-installed"]:
        path.parent.mkdir(parents=True, exist_ok=True)
        path.touch()
    python = venv / "bin" / "python"
    python.parent.mkdir()
    python.write_text('#!/bin/sh\nprintf "%s\\n" "$@" >> "$NOTES"\n')
    python.chmod(0o755)
    clean = {name: value for name, value in os.environ.items() if not name.startswith(("MAKE", "MFLAGS"))}

    def run(*words: str) -> list[str]:
        notes.write_text("")
        command = ["make", "-f", ROOT / "Makefile", f"VENV={venv}", *words]
        done = subprocess.run(command, cwd=folder, env={**clean, "NOTES": str(notes)}, capture_output=True, text=True)
        assert done.returncode == 0, done.stderr
        return notes.read_text().splitlines()

    run.folder = folder
    return run


@pytest.mark.parametrize("value", HOSTILE)
@pytest.mark.parametrize("use", USES)
def test_name_on_the_line_of_make_arrives_as_typed_and_is_not_run(make, use, value):
    name, *target = use.split()
    arguments = make(*target, f"{name}={value}")
    assert any(value == argument.partition("=")[2] or value == argument for argument in arguments), arguments
    assert not [path for path in make.folder.rglob("*") if path.name == "ran"]


def test_settings_go_to_a_notebook_by_name_other_variables_do_not_and_without_a_notebook_they_are_refused(make):
    arguments = make("run", "NOTEBOOK=02", "PATTERN=a|`touch ran`", "TOP_TERMS=9", "PYTEST_ADDOPTS=", "PIP_QUIET=1")
    assert sorted(arguments[3:]) == ["PATTERN", "TOP_TERMS"]
    assert not (make.folder / "ran").exists()
    with pytest.raises(AssertionError, match="make run NOTEBOOK=02-term-frequency"):
        make("TOP_TERMS=9")
