"""The six notebooks, run once for all tests by tools/run.py, in surroundings as unlike the usual ones as can be."""

import os
import subprocess
import sys
from pathlib import Path

import pytest

from tests.running import copy_checkout, run_tool

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


@pytest.fixture(scope="session")
def rerun(tmp_path_factory) -> Path:
    """Notebooks, figures and tables as the code makes them now, in another folder, locale, time zone and hash seed,
    without a home, NLTK data or a network: a guard stops whatever asks for these, in the kernels too.
    """
    folder = tmp_path_factory.mktemp("Prüf stand (ß)")
    root = copy_checkout(folder / "newsprint")
    (folder / "guard").mkdir()
    (folder / "guard" / "sitecustomize.py").write_text(GUARD)
    paths = os.pathsep.join([str(folder / "guard"), str(root / "notebooks")])
    odd = {"PYTHONPATH": paths, "PYTHONHASHSEED": "7", "LC_ALL": "C", "PYTHONUTF8": "0", "PYTHONCOERCECLOCALE": "0"}
    odd |= {"TZ": "Pacific/Kiritimati", "HOME": "/proc/nohome", "NLTK_DATA": ""}
    for code in ("import socket; socket.create_connection(('192.0.2.1', 80), 1)", "open('/nltk_data/x')"):
        command = [sys.executable, "-c", code]
        asked = subprocess.run(command, capture_output=True, text=True, env={**os.environ, **odd}, check=False)
        assert "was asked for" in asked.stderr, "the guard itself does not work"
    done = run_tool("--out", folder / "out", root=root, cwd="/", env=odd)
    assert done.returncode == 0, done.stderr
    return folder / "out"
