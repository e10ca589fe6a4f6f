"""Run notebook 06 over an archive: the shipped one, over invented articles, or a copy over yours.

usage: python -m tools.archive.notebook [OUT [NAME=VALUE ...]]

Without OUT the committed notebook is run in place over build/invented-archive.
OUT is a folder that
`python -m tools.archive` wrote: an executed copy goes to OUT/notebooks.
"""

import asyncio
import os
import sys
import tempfile
from pathlib import Path

from tools.run import ROOT, RunError, execute, read_value

NOTEBOOK = ROOT / "notebooks" / "archive" / "06-archive.ipynb"
SHIPPED = ROOT / "build" / "invented-archive"


def main(arguments: list[str]) -> int:
    values = {name: read_value(value) for name, _, value in (text.partition("=") for text in arguments[1:])}
    out = Path(arguments[0]).resolve() if arguments else SHIPPED
    values |= {"ARCHIVE": str(out)} if arguments else {}
    os.environ["PYTHONPATH"] = f"{ROOT / 'notebooks'}{os.pathsep}{ROOT}"
    with tempfile.TemporaryDirectory(prefix="newsprint-", ignore_cleanup_errors=True) as private:
        try:
            print(f"{NOTEBOOK.stem:<28}{asyncio.run(execute(NOTEBOOK, out, values, private)):5.1f} s")
            if not arguments:
                os.replace(out / "notebooks" / NOTEBOOK.name, NOTEBOOK)
        except (RunError, OSError) as error:
            print(error, file=sys.stderr)
            return 1
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
