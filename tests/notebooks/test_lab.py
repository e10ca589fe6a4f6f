"""A real JupyterLab in headless Chromium: what a tinkerer meets who opens it, reruns and saves."""

import json
import os
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.pages.browser import Browser
from tests.running import NAMES, copy_checkout, run_tool

pytestmark = pytest.mark.full
CURRENT = "jupyterapp.shell.currentWidget"


def git(root: Path, *arguments: str) -> str:
    who = ["-c", "user.name=test", "-c", "user.email=test@example.org"]
    return subprocess.run(["git", *who, *arguments], cwd=root, capture_output=True, text=True, check=True).stdout


@pytest.fixture(scope="module")
def root(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A checkout of its own whose notebooks have just been run and committed."""
    root = copy_checkout(tmp_path_factory.mktemp("lab") / "checkout")
    assert run_tool(root=root).returncode == 0
    git(root, "init", "-q")
    git(root, "add", "-A")
    git(root, "commit", "-qm", "as it is")
    return root


class Lab:
    """JupyterLab as `make lab` starts it, with its browser; commands go to the page's own application."""

    def __init__(self, root: Path, folder: Path):
        with socket.socket() as free:
            free.bind(("127.0.0.1", 0))
            self.address = f"http://127.0.0.1:{free.getsockname()[1]}"
        own = {f"JUPYTER_{name}_DIR": str(folder / name) for name in ("CONFIG", "DATA", "RUNTIME")}
        own |= {"IPYTHONDIR": str(folder / "ipython"), "PYTHONPATH": str(root / "notebooks")}
        flags = ["--no-browser", "--allow-root", "--LabApp.expose_app_in_browser=True", "--IdentityProvider.token="]
        command = [sys.executable, "-m", "jupyterlab", "--config=tools/lab.py", *flags]
        command += [f"--ServerApp.port={self.address.rpartition(':')[2]}"]
        command += [f"--LabApp.{name}_dir={folder / name}" for name in ("workspaces", "user_settings")]
        tracker = folder / "user_settings" / "@jupyterlab" / "notebook-extension" / "tracker.jupyterlab-settings"
        tracker.parent.mkdir(parents=True)
        tracker.write_text('{"windowingMode": "none"}')  # every cell is in the page, not only those in sight
        self.log = (folder / "lab.log").open("w")
        environment = {name: value for name, value in os.environ.items() if name != "NEWSPRINT_OUT"} | own
        self.server = subprocess.Popen(command, cwd=root, env=environment, stdout=self.log, stderr=self.log)
        self.browser = Browser(folder / "profile")

    def wait(self, script: str, seconds: int = 120) -> object:
        """The value of a script, once it is true."""
        until = time.monotonic() + seconds
        while time.monotonic() < until:
            try:
                if value := self.browser.evaluate(script):
                    return value
            except AssertionError:  # the page is still loading
                pass
            time.sleep(0.5)
        seen = self.browser.evaluate("document.body.innerText")
        log = Path(self.log.name).read_text()
        raise AssertionError(f"not within {seconds} s: {script}\n{log[-2000:]}\n{seen[-2000:]}")

    def open(self) -> str:
        """Start at the address that `make lab` opens; the path it leads to."""
        for _ in range(240):
            with socket.socket() as try_it:
                host, port = self.address.removeprefix("http://").split(":")
                if try_it.connect_ex((host, int(port))) == 0:
                    break
            time.sleep(0.5)
        self.browser.call("Page.navigate", url=f"{self.address}/")
        self.wait("!!window.jupyterapp && !!jupyterapp.shell.currentWidget?.context?.isReady")
        return self.browser.evaluate("location.pathname + '|' + jupyterapp.shell.currentWidget.context.path")

    def run_all(self, name: str) -> None:
        """Open a notebook and run all cells in its new kernel."""
        path = json.dumps(f"notebooks/{name}.ipynb")
        code = f"[...{CURRENT}.content.model.cells].filter(cell => cell.type == 'code')"
        self.browser.evaluate(f"jupyterapp.commands.execute('docmanager:open', {{path: {path}}}).then(() => 1)")
        self.wait(f"{CURRENT}.context.path == {path} && {CURRENT}.context.isReady")
        self.wait(f"{CURRENT}.context.sessionContext.session?.kernel?.status == 'idle'")
        self.browser.evaluate(f"{code}.forEach(cell => {{ cell.executionCount = null }}), 1")
        self.browser.evaluate("void jupyterapp.commands.execute('notebook:run-all-cells')")
        self.wait(f"{code}.every(cell => cell.executionCount)")

    def save(self) -> None:
        self.browser.evaluate("jupyterapp.commands.execute('docmanager:save').then(() => 1)")
        self.wait(f"!{CURRENT}.context.model.dirty", 30)

    def close(self) -> None:
        self.browser.close()
        self.server.terminate()
        self.server.wait(timeout=60)
        self.log.close()


@pytest.fixture(scope="module")
def lab(root: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Lab]:
    lab = Lab(root, tmp_path_factory.mktemp("browser"))
    yield lab
    lab.close()


def test_it_opens_at_the_overview_with_the_data_in_reach(lab: Lab) -> None:
    assert lab.open() == "/lab/tree/notebooks/00-overview.ipynb|notebooks/00-overview.ipynb"
    names = "jupyterapp.serviceManager.contents.get('data').then(d => d.content.map(f => f.name))"
    assert "article.txt" in lab.browser.evaluate(names)


@pytest.mark.parametrize("name", NAMES)
def test_a_notebook_saved_after_an_unchanged_run_is_the_committed_one(lab: Lab, root: Path, name: str) -> None:
    git(root, "checkout", "-q", ".")
    lab.run_all(name)
    figures = lab.browser.evaluate(f"[...{CURRENT}.node.querySelectorAll('.jp-OutputArea img')].map(i => i.alt)")
    assert all(figures)
    assert bool(figures) == ("image/png" in (root / "notebooks" / f"{name}.ipynb").read_text())
    lab.save()
    assert git(root, "diff", "--stat") == ""
