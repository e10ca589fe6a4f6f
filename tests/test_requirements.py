"""What is installed: the locks agree with what is asked for, and what is imported is asked for."""

import ast
import re
import shutil
import subprocess
import sys
from importlib.metadata import packages_distributions
from pathlib import Path

import pytest
from packaging.requirements import Requirement
from packaging.utils import canonicalize_name
from packaging.version import Version

from tests.running import FILES, ROOT, code_cells

LOCK, OLDEST = ROOT / "requirements.lock", ROOT / "tests" / "requirements-oldest.txt"
ARCHIVE, NEWEST = ROOT / "requirements-archive.lock", "3.14"
BROUGHT = {"packaging": "pytest", "websocket-client": "jupyter-server", "distributed": "dask", "pyarrow": "dask"}


def direct(name: str = "requirements.txt") -> dict[str, Requirement]:
    lines = [line.split("#")[0] for line in (ROOT / name).read_text(encoding="utf-8").splitlines()]
    wanted = [Requirement(line) for line in lines if line.strip()]
    return {canonicalize_name(requirement.name): requirement for requirement in wanted}


def pinned(path: Path) -> dict[str, list[tuple[Version, str]]]:
    """Each package of a lock with its versions (several where markers tell them apart) and the lines below."""
    found = {}
    rows = re.findall(r"(?ms)^([\w.-]+)==([\w.]+)(.*?)(?=^\S|\Z)", path.read_text(encoding="utf-8"))
    for name, version, rest in rows:
        found.setdefault(canonicalize_name(name), []).append((Version(version), rest))
    return found


def test_lock_pins_every_direct_requirement_inside_its_range_and_oldest_the_lower_bounds():
    lock, oldest = pinned(LOCK), pinned(OLDEST)
    assert len(direct()) > 15
    for name, requirement in direct().items():
        (lower,) = [Version(bound.version) for bound in requirement.specifier if bound.operator == ">="]
        assert name in lock and name in oldest, f"{name}: run `make lock`"
        assert all(version in requirement.specifier for version, _ in lock[name]), f"{name}: run `make lock`"
        assert min(version for version, _ in oldest[name]) == lower, f"{name}: run `make lock`"


def test_locks_have_hashes_no_address_and_no_scipy():
    for path in (LOCK, OLDEST, ARCHIVE):
        assert all("--hash=sha256:" in rest for versions in pinned(path).values() for _, rest in versions)
        assert not re.search(r"(?m)://|^\s*(--index|--extra|--find|-i|-f|-e)\b", path.read_text(encoding="utf-8"))
        assert len(pinned(path)) > 20 and "scipy" not in pinned(path)  # nothing needs it: a second for each kernel


def imported(source: str) -> set[str]:
    nodes = [*ast.walk(ast.parse(source))]
    names = [alias.name for node in nodes if isinstance(node, ast.Import) for alias in node.names]
    names += [node.module for node in nodes if isinstance(node, ast.ImportFrom) and not node.level]
    return {name.partition(".")[0] for name in names}


def test_everything_imported_is_a_direct_requirement():
    files = [path for folder in ("notebooks", "tools", "tests") for path in (ROOT / folder).rglob("*.py")]
    sources = [path.read_text(encoding="utf-8") for path in files]
    sources += [cell.source for path in FILES for cell in code_cells(path)]
    own = {part for path in files for part in (path.stem, *path.relative_to(ROOT).parts)}
    names, homes = set().union(*map(imported, sources)) - sys.stdlib_module_names - own, packages_distributions()
    packages = {canonicalize_name(home) for name in names for home in homes.get(name, [name])}
    listed = direct().keys() | direct("requirements-archive.txt").keys()
    assert {"pandas", "pytest"} <= packages
    assert packages - listed - BROUGHT.keys() == set() and {*BROUGHT.values()} <= listed


@pytest.mark.full
def test_every_locked_package_can_be_installed_on_the_newest_python(tmp_path):
    """Resolved, not installed: for each there is a built package with one of the lock's hashes. Asks the registry."""
    installer = ["uv", "pip"] if shutil.which("uv") else [sys.executable, "-m", "pip"]
    options = ["--target", tmp_path, "--python-version", NEWEST, "--only-binary", ":all:", "--dry-run"]
    command = [*installer, "install", *options, "--require-hashes", "-r", LOCK]
    done = subprocess.run(command, capture_output=True, text=True, timeout=600, check=False)
    assert done.returncode == 0 and "jupyterlab" in done.stdout + done.stderr, done.stderr
