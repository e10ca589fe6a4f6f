"""Small sites for tests: invented articles and notebooks with outputs, made into pages in a temporary folder."""

import base64
import struct
import zlib
from pathlib import Path

import nbformat
from bs4 import BeautifulSoup
from nbformat import v4

from tools import pages

ARTICLE = """Ferry strike ends after talks

Port Alder waited for nine days. “We are glad,” said Ann Barlow, head of the harbour board.

She said that the ferry would sail on Monday, calling it “a small relief” for the islands.

Story continues below advertisement

* * *

What comes next

The council meets on Friday. The union said the plan was not enough.
"""


def png() -> str:
    """A white picture of one pixel."""

    def chunk(kind: bytes, data: bytes) -> bytes:
        return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))

    header = struct.pack(">IIBBBBB", 1, 1, 8, 0, 0, 0, 0)
    picture = (
        b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", header) + chunk(b"IDAT", zlib.compress(b"\0\xff")) + chunk(b"IEND", b"")
    )
    return base64.b64encode(picture).decode()


def figure(name: str, alt: str) -> nbformat.NotebookNode:
    """The output that `charts.publish` leaves."""
    about = {"image/png": {"alt": alt, "width": 700}, "newsprint": {"figure": name}}
    return v4.new_output("display_data", data={"image/png": png(), "text/plain": alt}, metadata=about)


def printed(text: str) -> nbformat.NotebookNode:
    return v4.new_output("stream", name="stdout", text=text)


def data(**kinds: str) -> nbformat.NotebookNode:
    """An output of kinds such as text_html or text_plain."""
    return v4.new_output("display_data", data={kind.replace("_", "/", 1): value for kind, value in kinds.items()})


def notebook(*cells: str | tuple[str, list]) -> nbformat.NotebookNode:
    """Strings are prose, pairs are code with its outputs."""
    made = [v4.new_markdown_cell(c) if isinstance(c, str) else v4.new_code_cell(c[0], outputs=c[1]) for c in cells]
    return v4.new_notebook(cells=made, metadata={"language_info": {"name": "python"}})


def small_notebooks() -> dict[str, nbformat.NotebookNode]:
    table = "<table border='0' class='dataframe'><thead><tr><th>sid</th><th>words</th></tr></thead>"
    table += "<tbody><tr><td>s1</td><td>1,234</td></tr><tr><td>s99</td><td>−2.50</td></tr></tbody></table>"
    first = notebook(
        "# 01 · Words\n\n**How many?**\n\n**What we found**: Two tokens in s2, by keyness.",
        ("words = 2  # s1", [printed("Two sentences: s1 and s3.\n"), data(text_html=table, text_plain="x")]),
        "## How many words?\n\nA token is a word; tokens are counted (see `s1`). [Data](../data/README.md)",
        ("publish(fig)", [figure("01-words", "Bar chart: two bars.")]),
        "## How many words?\n\n- dispersion\n",
        "---\n[02 · More →](02-more.ipynb)",
    )
    second = notebook(
        "# 02 · More\n\nLeft out.", ("1", [printed("a  1\nb  2\n")]), "See [the first](01-words.ipynb#how-many-words)."
    )
    return {"01-words": first, "02-more": second}


def make_site(folder: Path, article: str = ARTICLE, notebooks: dict | None = None) -> Path:
    """Write article and notebooks into the folder and make the pages; the folder of the pages."""
    (folder / "notebooks").mkdir(parents=True, exist_ok=True)
    (folder / "site" / "tables").mkdir(parents=True, exist_ok=True)
    (folder / "site" / "tables" / "01-words.csv").write_text("term,count\n", encoding="utf-8")
    (folder / "other.txt").write_text(article, encoding="utf-8")
    for name, made in (small_notebooks() if notebooks is None else notebooks).items():
        nbformat.write(made, folder / "notebooks" / f"{name}.ipynb")
    assert pages.main([str(folder), str(folder / "other.txt")]) == 0
    return folder / "site"


def parsed(page: Path) -> BeautifulSoup:
    return BeautifulSoup(page.read_text(encoding="utf-8"), "html.parser")
