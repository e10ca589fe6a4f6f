"""What `pip install -e .` and `uv pip install -e .` call: notebooks/ comes on Python's path; needs nothing itself.

The packages work in place only, as they read `data/` beside them, so there is no wheel to give away.
"""

import zipfile
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
INFO = "newsprint-2.dist-info"


def build_editable(wheel_directory: str, config_settings: object = None, metadata_directory: object = None) -> str:
    """Write a wheel that holds the place of the packages and the lines of `requirements.txt`; its file name."""
    lines = (ROOT / "requirements.txt").read_text(encoding="utf-8").splitlines()
    needs = [f"Requires-Dist: {need}" for line in lines if (need := line.partition("#")[0].strip())]
    files = {
        "newsprint.pth": f"{ROOT / 'notebooks'}\n",
        f"{INFO}/METADATA": "\n".join(["Metadata-Version: 2.1", "Name: newsprint", "Version: 2", *needs, ""]),
        f"{INFO}/WHEEL": "Wheel-Version: 1.0\nGenerator: newsprint\nRoot-Is-Purelib: true\nTag: py3-none-any\n",
    }
    files[f"{INFO}/RECORD"] = "".join(f"{name},,\n" for name in [*files, f"{INFO}/RECORD"])
    name = "newsprint-2-py3-none-any.whl"
    with zipfile.ZipFile(Path(wheel_directory) / name, "w") as wheel:
        for path, text in files.items():
            wheel.writestr(path, text)
    return name


def build_wheel(*_: object, **__: object) -> str:
    raise SystemExit("newsprint reads data/ beside its notebooks: install it in place, with pip install -e .")
