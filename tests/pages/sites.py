"""Small sites for tests: an invented article and notebooks with outputs, made into pages in a temporary folder."""

import re
from pathlib import Path

import nbformat
from bs4 import BeautifulSoup
from nbformat import v4
from newstext import INVISIBLE

from tools import pages

PNG = "iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAAAAAA6fptVAAAACklEQVR4nGP4DwABAQEAsTjM0QAAAABJRU5ErkJggg=="
SVG = """<svg viewBox="0 0 9 9" xmlns="http://www.w3.org/2000/svg" xmlns:xlink="http://www.w3.org/1999/xlink">
<a xlink:href="s1" target="_blank"><rect style="fill: #0f6b83" x="1" y="1" width="4" height="2"/></a>
<text x="1" y="8" style="font: 700 9px 'DejaVu Sans'">nine</text></svg>"""
ARTICLE = """Ferry strike ends after talks

Port Alder waited for nine days. “We are glad,” said Ann Barlow, head of the harbour board.

She said that the ferry would sail on Monday, calling it “a small relief” for the islands.

Story continues below advertisement

* * *

What comes next

The council meets on Friday. The union said the plan was not enough.
"""
FACTS = """[actors]
board = ["Ann Barlow", "harbour board"]
union = ["union"]
[sides]
"the harbour" = ["board"]
"the crews" = ["union"]
"""
MISREAD = 'lexicon,word,value,reason\nVADER,relief,,"part of a phrase"\n'


def figure(name: str, alt: str, title: str = "Nine days") -> nbformat.NotebookNode:
    """The output that a chart leaves."""
    about = {"figure": name, "title": title, "subtitle": "Days", "foot": "Source: none."}
    metadata = {"image/png": {"alt": alt, "width": 700}, "newsprint": about}
    return v4.new_output("display_data", data={"image/png": PNG, "text/plain": alt}, metadata=metadata)


def printed(text: str) -> nbformat.NotebookNode:
    return v4.new_output("stream", name="stdout", text=text)


def data(**kinds: str) -> nbformat.NotebookNode:
    """An output of kinds such as text_html or text_plain."""
    return v4.new_output("display_data", data={kind.replace("_", "/", 1): value for kind, value in kinds.items()})


def notebook(*cells: str | tuple) -> nbformat.NotebookNode:
    """Strings are prose; tuples are code, its outputs and its tags."""
    made = [v4.new_markdown_cell(c) if isinstance(c, str) else v4.new_code_cell(c[0], outputs=c[1]) for c in cells]
    for number, (own, cell) in enumerate(zip(made, cells), 1):
        own.id, own.metadata["tags"] = f"c{number}", [] if isinstance(cell, str) else list(cell[2:])
    return v4.new_notebook(cells=made)


def small_notebooks() -> dict[str, nbformat.NotebookNode]:
    rows = [("s1", "1,234", "word " * 9), ("s99", "−2.50", "x")]
    body = "".join(f"<tr><td>{'</td><td>'.join(row)}</td></tr>" for row in rows)
    table = f"<table border='0'><thead><tr><th>sid</th><th>words</th><th>text</th></tr></thead>{body}</table>"
    first = notebook(
        "# All in short\n\n**How many?** Two tokens in s2, by F1.",
        ("from newsprint import *", []),
        ("TOP = 2  # s1", [], "parameters"),
        ("article = read_article(TOP)", [printed("Ferry strike\n")], "finding"),
        "## The wait is over\n\nA token is a word; tokens are counted. [Out](../a.md)\n\nNote: a caveat.",
        ("say(x)", [printed("Nine days; two voices (s1, s3).\n")], "finding"),
        ("show(x)", [printed("Two sentences: s1 and s3.\n"), data(text_html=table, text_plain="x")]),
        "## The wait is over\n\n- concordance\n\n### Tokens in s1\n\nTry.\n\n---\n\n[01 · Words →](01-words.ipynb)",
    )
    second = notebook(
        *["# 01 · Words", ("draw", [figure("01-words", "Bars: two."), figure("01-bare", "Bars: one.", "One day")])],
        *[("1", [printed("a  1\nb  2\n")]), "See [the first](00-short.ipynb#the-wait-is-over)."],
    )
    return {"00-short": first, "01-words": second}


def make_site(folder: Path, article: str = ARTICLE, notebooks: dict | None = None) -> Path:
    """Write article and notebooks into the folder and make the pages; the folder of the pages."""
    files = {"other.txt": article, "other.toml": FACTS, "other-misread-words.csv": MISREAD}
    files |= {"site/tables/01-words.csv": "term,count\n", "site/figures/01-words.svg": SVG}
    made = small_notebooks() if notebooks is None else notebooks
    files |= {f"notebooks/{name}.ipynb": nbformat.writes(own) for name, own in made.items()}
    for name, text in files.items():
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        (folder / name).write_text(text, encoding="utf-8")
    assert pages.main([str(folder), str(folder / "other.txt")]) == 0
    return folder / "site"


def parsed(page: Path) -> BeautifulSoup:
    return BeautifulSoup(page.read_text(encoding="utf-8"), "html.parser")


def assert_inert(page: Path) -> None:
    """Nothing in the page runs, fetches, carries a style of its own or leads to a script."""
    soup = parsed(page)
    assert not soup.select(
        "script, iframe, object, embed, base, form, link, video, audio, main style, foreignobject, svg image"
    )
    assert {field["type"] for field in soup.select("input")} <= {"radio"}
    names = {name for element in soup.find_all(True) for name in element.attrs}
    assert not {n for n in names if n.startswith("on") or n in ("style", "srcset", "ping", "target", "data-taken")}
    assert not [a for a in soup.select("[href]") if re.match(r"(?i)\s*(javascript|data|vbscript):", a["href"])]
    assert all(image["src"].startswith("data:image/png;base64,") for image in soup.select("img"))
    assert not INVISIBLE.search(page.read_text(encoding="utf-8")), "control or direction characters reach the page"
