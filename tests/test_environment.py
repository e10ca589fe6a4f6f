"""The newest Python. That other surroundings give the same bytes, tests/notebooks shows on each run (`rerun`); the
oldest versions that requirements.txt admits have `make test-oldest`.
"""

import shutil
import subprocess
import sys

import pytest

from tests.running import ROOT

NEWEST = "3.14"


@pytest.mark.full
def test_every_locked_package_can_be_installed_on_the_newest_python(tmp_path):
    """Resolved, not installed: for each there is a built package with one of the lock's hashes. Asks the registry."""
    installer = ["uv", "pip"] if shutil.which("uv") else [sys.executable, "-m", "pip"]
    options = ["--target", tmp_path / "target", "--python-version", NEWEST, "--only-binary", ":all:", "--dry-run"]
    command = [*installer, "install", *options, "--require-hashes", "-r", ROOT / "requirements.lock"]
    done = subprocess.run(command, capture_output=True, text=True, timeout=600, check=False)
    assert done.returncode == 0 and "jupyterlab" in done.stdout + done.stderr, done.stderr
