"""The same bytes everywhere: other seeds, time zones, locales, folders, homes, Pythons and versions."""

import os
import re
import shutil
import stat
import subprocess
import sys
from pathlib import Path

import pytest
from running import FILES, ROOT, copy_checkout, read, run_tool, tree
from test_notebooks import parts

pytestmark = pytest.mark.full
ENVIRONMENTS = ROOT / "build" / "environments"


@pytest.fixture(scope="module")
def usual(tmp_path_factory) -> dict[str, bytes]:
    """What a run makes here: notebooks, figures and tables."""
    out = tmp_path_factory.mktemp("usual")
    done = run_tool("--out", out)
    assert done.returncode == 0, done.stderr
    return tree(out)


def assert_same(made: dict[str, bytes], usual: dict[str, bytes]) -> None:
    assert made.keys() == usual.keys()
    assert [name for name in usual if made[name] != usual[name]] == []


def locale_folder(folder: Path) -> dict[str, str]:
    """Surroundings in which the German locale exists, installed or built for this test; without it C stands in."""
    if "de_DE" in subprocess.run(["locale", "-a"], capture_output=True, text=True, check=False).stdout:
        return {"LC_ALL": "de_DE.UTF-8"}
    if shutil.which("localedef"):
        command = ["localedef", "-i", "de_DE", "-f", "UTF-8", "--no-archive", str(folder / "de_DE.UTF-8")]
        if subprocess.run(command, capture_output=True, check=False).returncode == 0:
            return {"LC_ALL": "de_DE.UTF-8", "LOCPATH": str(folder)}
    return {"LC_ALL": "de_DE.UTF-8"}  # not there: the C library falls back to C


@pytest.mark.parametrize("seed", ["0", "1"])
def test_same_under_another_hash_seed_time_zone_locale_and_folder(seed, usual, tmp_path):
    plain = {"LC_ALL": "C", "PYTHONUTF8": "0", "PYTHONCOERCECLOCALE": "0", "TZ": "Pacific/Kiritimati"}
    german = {**locale_folder(tmp_path), "TZ": "America/St_Johns"}
    done = run_tool(
        "--out", tmp_path / "out", cwd=["/", tmp_path][int(seed)],
        env={"PYTHONHASHSEED": seed, **(german if int(seed) else plain)},
    )  # fmt: skip
    assert done.returncode == 0, done.stderr
    assert_same(tree(tmp_path / "out"), usual)


def read_only(folder: Path) -> None:
    for path in [folder, *folder.rglob("*")]:
        path.chmod(path.stat().st_mode & ~(stat.S_IWUSR | stat.S_IWGRP | stat.S_IWOTH))


def test_same_from_a_read_only_checkout_with_spaces_and_umlauts(usual, tmp_path):
    root = copy_checkout(tmp_path / "Prüf stand (ß)")
    before = tree(root)
    read_only(root)
    done = run_tool("--out", tmp_path / "Über gabe", root=root)
    assert done.returncode == 0, done.stderr
    assert_same(tree(tmp_path / "Über gabe"), usual)
    assert {name: content for name, content in tree(root).items() if "__pycache__" not in name} == before


GUARD = """
import sys
def guard(event, arguments):
    if event == "open" and "nltk_data" in str(arguments[0]):
        raise RuntimeError("NLTK data was asked for")
    if event == "socket.getaddrinfo" and str(arguments[0]) not in ("127.0.0.1", "localhost", "None"):
        raise RuntimeError(f"the network was asked for: {arguments[0]}")
    if event == "socket.connect" and isinstance(arguments[1], tuple) and arguments[1][0] != "127.0.0.1":
        raise RuntimeError(f"the network was asked for: {arguments[1]}")
sys.addaudithook(guard)
"""


def test_same_with_an_empty_home_no_nltk_data_and_no_network(usual, tmp_path):
    """A guard stops, in the kernels too, whatever asks for the network or for NLTK's data."""
    (tmp_path / "guard").mkdir()
    (tmp_path / "guard" / "sitecustomize.py").write_text(GUARD)
    paths = os.pathsep.join([str(tmp_path / "guard"), str(ROOT / "notebooks")])
    env = {"HOME": "/proc/nohome", "NLTK_DATA": "", "PYTHONPATH": paths}
    stopped = subprocess.run(
        [sys.executable, "-c", "import socket; socket.create_connection(('192.0.2.1', 80), 1)"],
        capture_output=True, text=True, env={**os.environ, **env}, check=False,
    )  # fmt: skip
    assert "the network was asked for" in stopped.stderr, "the guard itself does not work"
    done = run_tool("--out", tmp_path / "out", env=env)
    assert done.returncode == 0, done.stderr
    assert_same(tree(tmp_path / "out"), usual)


LOOPBACK_UP = """
import fcntl, os, socket, struct, sys
with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as any_socket:
    fcntl.ioctl(any_socket, 0x8914, struct.pack("16sh", b"lo", 0x49))  # SIOCSIFFLAGS: up, running, loopback
os.execv(sys.argv[1], sys.argv[1:])
"""


def test_same_in_a_network_namespace_that_has_loopback_only(usual, tmp_path):
    namespace = ["unshare", "--net"] if os.geteuid() == 0 else ["unshare", "--map-root-user", "--net"]
    if not shutil.which("unshare") or subprocess.run([*namespace, "true"], capture_output=True, check=False).returncode:
        pytest.skip("no network namespaces here (unshare --net)")
    command = [*namespace, sys.executable, "-c", LOOPBACK_UP, sys.executable]
    reach = "import socket; socket.create_connection(('192.0.2.1', 80), 1)"
    assert b"unreachable" in subprocess.run([*command, "-c", reach], capture_output=True, check=False).stderr
    done = subprocess.run(
        [*command, ROOT / "tools" / "run.py", "--out", tmp_path / "out"],
        capture_output=True, text=True, env={**os.environ, "PYTHONPATH": str(ROOT / "notebooks")}, check=False,
    )  # fmt: skip
    assert done.returncode == 0, done.stderr
    assert_same(tree(tmp_path / "out"), usual)


# Other Pythons, other versions


def environment(name: str, python: str, lock: Path) -> Path:
    """The Python of a virtual environment with a lock's packages, kept in build/ until the lock changes."""
    folder, mark = ENVIRONMENTS / name, ENVIRONMENTS / name / "lock"
    if not mark.exists() or mark.read_bytes() != lock.read_bytes():
        shutil.rmtree(folder, ignore_errors=True)
        subprocess.run([python, "-m", "venv", folder], check=True, capture_output=True)
        command = [folder / "bin" / "python", "-m", "pip", "install", "--quiet", "--disable-pip-version-check"]
        done = subprocess.run(
            [*command, "--require-hashes", "-r", lock], capture_output=True, text=True, check=False, timeout=900
        )
        if "Could not find a version" in done.stderr and "none" in done.stderr or "NewConnectionError" in done.stderr:
            pytest.skip(f"cannot install {lock.name} for {name}: {done.stderr.strip().splitlines()[-1]}")
        assert done.returncode == 0, done.stderr
        mark.write_bytes(lock.read_bytes())
    return folder / "bin" / "python"


def interpreter(version: str) -> str | None:
    """A Python of that version, from the search path, pyenv or uv, where one works."""
    candidates = [
        shutil.which(f"python{version}"),
        *map(str, Path.home().glob(f".pyenv/versions/{version}*/bin/python")),
    ]
    if uv := shutil.which("uv"):
        found = subprocess.run([uv, "python", "find", version], capture_output=True, text=True, check=False)
        candidates.append(found.stdout.strip())
    for candidate in filter(None, candidates):
        asked = "import sys, venv, ensurepip; print('%d.%d' % sys.version_info[:2])"
        said = subprocess.run([candidate, "-c", asked], capture_output=True, text=True, check=False)
        if said.stdout.strip() == version:
            return candidate
    return None


def run_with(python: Path, out: Path) -> None:
    command = [python, ROOT / "tools" / "run.py", "--out", out]
    environ = {**os.environ, "PYTHONPATH": str(ROOT / "notebooks")}
    done = subprocess.run(command, capture_output=True, text=True, env=environ, check=False, timeout=600)
    assert done.returncode == 0, done.stderr


def rounded(table: str) -> str:
    """CSV with its numbers to twelve digits: the last bits are the numerical library's."""
    return re.sub(r"(?<![\w.])\d+\.\d{6,}(?:e-?\d+)?", lambda match: f"{float(match[0]):.12g}", table)


def assert_same_text_and_data(made: Path, usual: dict[str, bytes], tmp_path: Path) -> None:
    """Text of all notebooks and the tables behind the figures; pictures are not."""
    tables = {name: content.decode() for name, content in usual.items() if name.endswith(".csv")}
    fresh = {name: content.decode() for name, content in tree(made).items() if name.endswith(".csv")}
    assert {name: rounded(text) for name, text in fresh.items()} == {
        name: rounded(text) for name, text in tables.items()
    }
    for path in FILES:
        twin = tmp_path / path.name
        twin.write_bytes(usual[f"notebooks/{path.name}"])
        for old, new in zip(read(twin).cells, read(made / "notebooks" / path.name).cells, strict=True):
            assert parts(old, pictures=False) == parts(new, pictures=False), f"{path.name}, cell {old.id}"


@pytest.mark.parametrize("version", sorted({"3.11", "3.12", "3.13"} - {".".join(map(str, sys.version_info[:2]))}))
def test_same_under_another_python(version, usual, tmp_path):
    if not (python := interpreter(version)):
        pytest.skip(f"no Python {version} found here, on the search path or through pyenv or uv")
    run_with(environment(f"python{version}", python, ROOT / "requirements.lock"), tmp_path / "out")
    assert_same_text_and_data(tmp_path / "out", usual, tmp_path)


def test_same_with_the_oldest_versions_that_requirements_admit(usual, tmp_path):
    if not (python := interpreter("3.11") or interpreter("3.12")):
        pytest.skip("the oldest versions need Python 3.11 or 3.12")
    run_with(environment("oldest", python, ROOT / "tests" / "requirements-oldest.txt"), tmp_path / "out")
    assert_same_text_and_data(tmp_path / "out", usual, tmp_path)
