"""What is installed: the lock agrees with what is asked for, and what is imported is asked for."""

import ast
import re
import subprocess
import sys
from importlib.metadata import packages_distributions
from pathlib import Path

import pytest
from packaging.requirements import Requirement
from packaging.utils import canonicalize_name
from packaging.version import Version
from running import FILES, ROOT, read

FLOORS = {"jupyterlab": "4.6.2", "jupyter-server": "2.20", "nbconvert": "7.17.1", "nltk": "3.9.3"}  # advisories below
OWN = {"newsprint", "tools", "tests"} | {
    path.stem for name in ("tests", "tools") for path in (ROOT / name).glob("*.py")
}
BROUGHT = {  # imported, and brought by the direct requirement named here, of which it is a part or a companion
    "ipython": "jupyterlab", "psutil": "jupyterlab", "nbformat": "nbclient", "pillow": "matplotlib",
    "jinja2": "nbconvert", "markupsafe": "nbconvert", "mistune": "nbconvert", "packaging": "pytest",
    "bleach": "nbconvert", "websocket-client": "jupyter-server",
}  # fmt: skip


def direct() -> dict[str, Requirement]:
    lines = (ROOT / "requirements.txt").read_text(encoding="utf-8").splitlines()
    wanted = [Requirement(line.split("#")[0]) for line in lines if line.split("#")[0].strip()]
    return {canonicalize_name(requirement.name): requirement for requirement in wanted}


def pinned(path: Path) -> dict[str, list[tuple[Version, str]]]:
    """Each package of a lock with its versions (several where markers tell them apart) and the lines below."""
    text = path.read_text(encoding="utf-8")
    found = {}
    for name, version, rest in re.findall(r"(?ms)^([\w.-]+)==([\w.]+)(.*?)(?=^\S|\Z)", text):
        found.setdefault(canonicalize_name(name), []).append((Version(version), rest))
    return found


LOCK, OLDEST = ROOT / "requirements.lock", ROOT / "tests" / "requirements-oldest.txt"


def test_lock_pins_every_direct_requirement_inside_its_range():
    lock = pinned(LOCK)
    for name, requirement in direct().items():
        assert name in lock, f"{name}: run `make lock`"
        assert all(version in requirement.specifier for version, _ in lock[name]), f"{name}: run `make lock`"


@pytest.mark.parametrize("path", [LOCK, OLDEST], ids=lambda path: path.name)
def test_lock_has_hashes_and_no_address(path):
    assert all("--hash=sha256:" in rest for versions in pinned(path).values() for _, rest in versions)
    assert not re.search(r"(?m)://|^\s*(--index|--extra|--find|-i|-f|-e)\b", path.read_text(encoding="utf-8"))


def test_oldest_versions_are_the_lower_bounds():
    oldest = pinned(OLDEST)
    for name, requirement in direct().items():
        (lower,) = [Version(bound.version) for bound in requirement.specifier if bound.operator == ">="]
        assert {version for version, _ in oldest[name]} == {lower}, f"{name}: run `make lock`"


@pytest.mark.parametrize("path", [LOCK, OLDEST], ids=lambda path: path.name)
def test_versions_with_known_advisories_are_kept_out(path):
    for name, floor in FLOORS.items():
        assert all(version >= Version(floor) for version, _ in pinned(path)[name]), f"{name} below {floor}"
        assert Version(floor) in direct()[name].specifier or floor == "2.20"
        assert Version("0.1") not in direct()[name].specifier


def imported(source: str) -> set[str]:
    nodes = [*ast.walk(ast.parse(source))]
    names = [alias.name for node in nodes if isinstance(node, ast.Import) for alias in node.names]
    names += [node.module for node in nodes if isinstance(node, ast.ImportFrom) and not node.level]
    return {name.partition(".")[0] for name in names}


def test_everything_imported_is_a_direct_requirement():
    files = [path for folder in ("notebooks/newsprint", "tools", "tests") for path in (ROOT / folder).rglob("*.py")]
    sources = [path.read_text(encoding="utf-8") for path in files]
    sources += [cell.source for path in FILES for cell in read(path).cells if cell.cell_type == "code"]
    names = set().union(*map(imported, sources)) - sys.stdlib_module_names - OWN
    homes = packages_distributions()
    packages = {canonicalize_name(home) for name in names for home in homes.get(name, [name])}
    assert packages - direct().keys() - BROUGHT.keys() - archive_only() == set()
    assert set(BROUGHT.values()) <= direct().keys()


def archive_only() -> set[str]:
    """What the reading of whole archives asks for apart; the notebooks do not need it."""
    lines = (ROOT / "requirements-archive.txt").read_text(encoding="utf-8").splitlines()
    wanted = {canonicalize_name(Requirement(line.split("#")[0]).name) for line in lines if line.split("#")[0].strip()}
    return wanted | {"distributed", "pyarrow"}  # brought by dask[distributed], dask[dataframe]


def test_every_direct_requirement_says_why_it_is_there():
    text = (ROOT / "requirements.txt").read_text(encoding="utf-8")
    for line in text.splitlines():
        if "=" in line and not line.startswith("#"):
            assert re.search(r"  # .{6}", line) or line.startswith("pytest"), line


@pytest.mark.full
def test_locked_versions_have_no_known_advisory():
    """pip-audit, where it can be run and reach its database; the floors above hold in any case."""
    command = [sys.executable, "-m", "pip_audit", "--requirement", LOCK, "--disable-pip", "--progress-spinner", "off"]
    done = subprocess.run(command, capture_output=True, text=True, timeout=300)
    if "No module named" in done.stderr or "ConnectionError" in done.stderr or "Max retries" in done.stderr:
        pytest.skip(f"pip-audit cannot be run here: {done.stderr.strip().splitlines()[-1][:200]}")
    assert done.returncode == 0, done.stdout + done.stderr
