"""JupyterLab's settings for this folder: `python -m jupyterlab --config=tools/lab.py`, which is `make lab`.

It opens at the overview. A notebook saved after an unchanged run is the file that was committed: what Lab adds on
saving (the version of Python, a picture twice) is taken out again, as tools/run.py leaves it out.
"""

import sys
import warnings
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
sys.path[:0] = [str(ROOT), str(ROOT / "notebooks")]
from tools.run import NOTEBOOKS, committed_form  # noqa: E402


def tidy(model: dict, path: str, contents_manager: object) -> None:
    """Bring one of the collection's notebooks into its committed form; any other file is saved as it is."""
    file = Path(contents_manager.root_dir, path).resolve()
    if model["type"] == "notebook" and file.parent == NOTEBOOKS:
        committed_form(model["content"])


warnings.filterwarnings("ignore", "Overriding existing pre_save_hook")  # the server reads this file twice
c = get_config()  # noqa: F821, Jupyter gives it
c.ServerApp.root_dir = str(ROOT)
c.LabApp.default_url = "/lab/tree/notebooks/00-overview.ipynb"
c.LabApp.check_for_updates_class = "jupyterlab.NeverCheckForUpdate"  # nothing here asks the network for anything
c.LabApp.news_url = None
c.FileContentsManager.pre_save_hook = tidy
