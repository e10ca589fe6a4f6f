"""A real JupyterLab in headless Chromium: what a tinkerer meets who opens it, reruns and saves."""

import json
import os
import socket
import subprocess
import sys
from collections.abc import Callable, Iterator
from contextlib import suppress
from pathlib import Path

import pytest

from tests.pages.browser import Browser
from tests.running import NAMES, copy_checkout, run_tool, tree, wait

pytestmark = pytest.mark.full
CURRENT = "jupyterapp.shell.currentWidget"
READY = f"window.jupyterapp?.shell?.currentWidget?.context?.isReady && {CURRENT}.context.path"
CODE = f"[...{CURRENT}.content.model.cells].filter(cell => cell.type == 'code')"


@pytest.fixture(scope="module")
def root(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A checkout of its own whose notebooks have just been run."""
    root = copy_checkout(tmp_path_factory.mktemp("lab") / "checkout")
    assert run_tool(root=root).returncode == 0
    return root


@pytest.fixture(scope="module")
def lab(root: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Callable[[str], object]]:
    """JupyterLab as `make lab` starts it, in a browser; what comes back evaluates a script in its page."""
    folder = tmp_path_factory.mktemp("lab")
    own = {f"JUPYTER_{name}_DIR": str(folder / name) for name in ("CONFIG", "DATA", "RUNTIME")}
    own |= {"IPYTHONDIR": str(folder / "ipython"), "PYTHONPATH": str(root / "notebooks")}
    flags = ["--no-browser", "--allow-root", "--LabApp.expose_app_in_browser=True", "--IdentityProvider.token="]
    flags += [f"--LabApp.{name}_dir={folder / name}" for name in ("workspaces", "user_settings")]
    tracker = folder / "user_settings" / "@jupyterlab" / "notebook-extension" / "tracker.jupyterlab-settings"
    tracker.parent.mkdir(parents=True)
    tracker.write_text('{"windowingMode": "none"}')  # every cell is in the page, not only those in sight
    with socket.create_server(("127.0.0.1", 0)) as free:
        port = free.getsockname()[1]
    command = [sys.executable, "-m", "jupyterlab", "--config=tools/lab.py", *flags, f"--ServerApp.port={port}"]
    environment = {name: value for name, value in os.environ.items() if name != "NEWSPRINT_OUT"} | own
    with subprocess.Popen(command, cwd=root, env=environment, stderr=subprocess.DEVNULL) as server:
        browser = Browser(folder / "profile")
        wait(lambda: [*(folder / "RUNTIME").glob("jpserver-*.json")])  # written when it listens
        browser.call("Page.navigate", url=f"http://127.0.0.1:{port}/")
        yield browser.evaluate
        browser.close()
        server.terminate()


def shown(lab: Callable) -> object:
    """The path of the notebook in front, when it has been read; None as long as the page is loading."""
    with suppress(AssertionError):
        return lab(READY)


def test_it_opens_at_the_overview_with_the_data_in_reach(lab: Callable) -> None:
    assert wait(lambda: shown(lab)) == "notebooks/00-overview.ipynb"
    assert lab("location.pathname") == "/lab/tree/notebooks/00-overview.ipynb"
    assert "article.txt" in lab("jupyterapp.serviceManager.contents.get('data').then(d => d.content.map(f => f.name))")


def run_all(lab: Callable, name: str) -> None:
    """Open a notebook, run all cells in its new kernel, and save it."""
    path = f"notebooks/{name}.ipynb"
    lab(f"jupyterapp.commands.execute('docmanager:open', {{path: {json.dumps(path)}}}).then(() => 1)")
    wait(lambda: shown(lab) == path)
    wait(lambda: lab(f"{CURRENT}.context.sessionContext.session?.kernel?.status") == "idle")
    lab(f"{CODE}.forEach(cell => {{ cell.executionCount = null }}), 1")
    lab("void jupyterapp.commands.execute('notebook:run-all-cells')")
    wait(lambda: lab(f"{CODE}.every(cell => cell.executionCount)"))
    lab("jupyterapp.commands.execute('docmanager:save').then(() => 1)")
    wait(lambda: not lab(f"{CURRENT}.context.model.dirty"))


@pytest.mark.parametrize("name", NAMES)
def test_a_notebook_saved_after_an_unchanged_run_is_the_committed_one(lab: Callable, root: Path, name: str) -> None:
    notebook, drawn = root / "notebooks" / f"{name}.ipynb", tree(root / "figures")
    before = notebook.read_text(encoding="utf-8")
    run_all(lab, name)
    figures = lab(f"[...{CURRENT}.node.querySelectorAll('.jp-OutputArea img')].map(i => i.alt)")
    assert all(figures) and bool(figures) == ("image/png" in before)
    assert notebook.read_text(encoding="utf-8") == before and tree(root / "figures") == drawn
