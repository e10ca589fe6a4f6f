"""Killed, full or read-only: the committed notebooks stay whole, and one line says what to do."""

import json
import os
import random
import resource
import shutil
import signal
import stat
import subprocess
import sys
import time
from pathlib import Path

import nbformat
import pytest
from running import NAMES, ROOT, copy_checkout, run_tool

pytestmark = pytest.mark.full

PYTHON = f'#!/bin/sh\nexec "{sys.executable}" "$@"\n'


@pytest.fixture(scope="module")
def checkout(tmp_path_factory) -> tuple[Path, dict[str, bytes], dict[str, bytes]]:
    """A copy of the project with an environment; its notebooks without outputs, and as a run leaves them."""
    root = copy_checkout(tmp_path_factory.mktemp("checkout") / "newsprint")
    (root / ".venv" / "bin").mkdir(parents=True)
    (root / ".venv" / "bin" / "python").write_text(PYTHON)
    (root / ".venv" / "bin" / "python").chmod(0o755)
    (root / ".venv" / ".installed").touch()
    done = run_tool(root=root)
    assert done.returncode == 0, done.stderr
    finished = {name: (root / "notebooks" / f"{name}.ipynb").read_bytes() for name in NAMES}
    bare = {}
    for name in NAMES:
        notebook = nbformat.reads(finished[name].decode(), as_version=4)
        for cell in notebook.cells:
            if cell.cell_type == "code":
                cell.outputs, cell.execution_count = [], None
        bare[name] = nbformat.writes(notebook).encode() + b"\n"
    return root, bare, finished


def strip(root: Path, bare: dict[str, bytes]) -> None:
    for name, content in bare.items():
        (root / "notebooks" / f"{name}.ipynb").write_bytes(content)


def assert_whole(root: Path, *states: dict[str, bytes]) -> None:
    for name in NAMES:
        content = (root / "notebooks" / f"{name}.ipynb").read_bytes()
        json.loads(content)
        assert content in [state[name] for state in states], f"{name} is neither as before nor as after"
    for picture in (root / "figures").glob("*.png"):
        assert picture.read_bytes().endswith(b"IEND\xaeB`\x82"), picture.name


def make(root: Path, **options) -> subprocess.Popen:
    command = ["make", "build/notebooks.done"]
    return subprocess.Popen(command, cwd=root, text=True, start_new_session=True, **options)


def test_make_killed_at_ten_random_points_leaves_whole_notebooks_and_then_finishes(checkout):
    root, bare, finished = checkout
    strip(root, bare)
    (root / "build" / "notebooks.done").unlink(missing_ok=True)
    began = time.monotonic()
    assert make(root, stdout=subprocess.DEVNULL).wait(timeout=300) == 0
    whole, draw = time.monotonic() - began, random.Random(10)
    for _ in range(10):
        strip(root, bare)
        (root / "build" / "notebooks.done").unlink(missing_ok=True)
        process = make(root, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
        time.sleep(draw.uniform(0.1, 0.95) * whole)
        os.killpg(process.pid, signal.SIGKILL)
        process.wait()
        assert_whole(root, bare, finished)
    done = make(root, stdout=subprocess.PIPE, stderr=subprocess.PIPE)
    _, errors = done.communicate(timeout=300)
    assert done.returncode == 0, errors
    assert_whole(root, finished)
    again = make(root, stdout=subprocess.PIPE)
    assert "up to date" in again.communicate(timeout=60)[0], "a second make has nothing to do"


KILL = """
import os, signal
replace = os.replace
def kill_before(source, target, **options):
    if str(target).endswith(os.environ["KILL_BEFORE"]):
        os.kill(os.getpid(), signal.SIGKILL)
    return replace(source, target, **options)
os.replace = kill_before
"""


RENAMES = [*((name, "notebook") for name in NAMES), (NAMES[1], "figure"), (NAMES[1], "table")]


@pytest.mark.parametrize(("name", "kind"), RENAMES)
def test_run_killed_just_before_a_rename_leaves_whole_notebooks_and_then_finishes(name, kind, checkout, tmp_path):
    root, bare, finished = checkout
    strip(root, bare)
    (tmp_path / "sitecustomize.py").write_text(KILL)
    first = min(path.stem for path in (root / "figures").glob(f"{name[:3]}*.png"))
    target = {"notebook": f"{name}.ipynb", "figure": f"figures/{first}.png", "table": f"tables/{first}.csv"}[kind]
    paths = os.pathsep.join([str(tmp_path), str(root / "notebooks")])
    killed = run_tool("--only", f"{name}.ipynb", root=root, env={"PYTHONPATH": paths, "KILL_BEFORE": target})
    assert killed.returncode != 0
    assert_whole(root, bare)
    if kind != "notebook":  # the kernel was killed, the runner says so
        (line,) = killed.stderr.splitlines()
        assert f"{name}.ipynb" in line and "kernel" in line.lower()
    done = run_tool("--only", f"{name}.ipynb", root=root)
    assert done.returncode == 0, done.stderr
    assert (root / "notebooks" / f"{name}.ipynb").read_bytes() == finished[name]


# A disk that takes no more


def assert_one_clear_line(done: subprocess.CompletedProcess, *words: str) -> None:
    assert done.returncode == 1
    lines = done.stderr.splitlines()
    assert len(lines) == 1 and "cannot be written" in lines[0] and "OUT" in lines[0], done.stderr
    assert all(any(word in line for word in words) for line in lines), done.stderr


def run_one(out: Path, **options) -> subprocess.CompletedProcess:
    return run_tool("--out", out, "--notebook", NAMES[1], **options)


def test_full_disk_gives_one_clear_line(tmp_path):
    if not mount(tmp_path, "tmpfs", "size=16k"):
        pytest.skip("no right to mount a small disk here; the next test limits the size of files instead")
    try:
        assert_one_clear_line(run_one(tmp_path), "No space left")
    finally:
        subprocess.run(["umount", tmp_path], check=True)


def test_file_that_may_not_grow_gives_one_clear_line(tmp_path):
    def limit() -> None:
        resource.setrlimit(resource.RLIMIT_FSIZE, (12_000, 12_000))

    assert_one_clear_line(run_one(tmp_path, preexec_fn=limit), "File too large")
    assert not [path for path in tmp_path.rglob("*") if path.suffix == ".tmp"]


def test_folder_that_cannot_be_written_gives_one_clear_line(tmp_path):
    if os.geteuid() != 0:
        tmp_path.chmod(stat.S_IRUSR | stat.S_IXUSR)
        assert_one_clear_line(run_one(tmp_path), "Permission denied")
        tmp_path.chmod(stat.S_IRWXU)
    elif mount(tmp_path, "tmpfs", "ro"):
        try:
            assert_one_clear_line(run_one(tmp_path), "Read-only")
        finally:
            subprocess.run(["umount", tmp_path], check=True)
    else:
        assert_one_clear_line(run_one(Path("/proc/newsprint")), "No such file", "not permitted", "denied")


def test_out_that_is_a_file_gives_one_clear_line(tmp_path):
    (tmp_path / "taken").write_text("mine")
    assert_one_clear_line(run_one(tmp_path / "taken"), "Not a directory", "File exists")
    assert (tmp_path / "taken").read_text() == "mine"


def mount(folder: Path, kind: str, options: str) -> bool:
    if os.geteuid() != 0 or not shutil.which("mount"):
        return False
    command = ["mount", "-t", kind, "-o", options, kind, folder]
    return subprocess.run(command, capture_output=True, check=False).returncode == 0


def test_project_is_left_as_it_was():
    status = subprocess.run(["git", "status", "--porcelain", "figures", "notebooks"], cwd=ROOT, capture_output=True)
    assert not [line for line in status.stdout.decode().splitlines() if line.endswith(".tmp")]
