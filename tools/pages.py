"""Write the offline pages: the article as the front page, one page a notebook, a glossary; and tables of the article.

usage: pages.py [FOLDER [ARTICLE]]

Reads FOLDER/notebooks/*.ipynb (executed), FOLDER/site/figures/*.svg and FOLDER/site/tables/*.csv; writes FOLDER/site/*.html
and, beside the figures' tables, sentences.csv, statements.csv and statements.jsonld. The page of a notebook that did not
change is not made again. No page runs a script or asks for anything: its policy forbids both, and what an article may hold
is escaped all the same.
"""

import base64
import hashlib
import json
import re
import sys
from collections.abc import Iterator
from functools import cache
from pathlib import Path

import pandas as pd
from jinja2 import Environment, FileSystemLoader, StrictUndefined
from markupsafe import Markup
from pygments import highlight
from pygments.formatters import HtmlFormatter
from pygments.lexers import PythonLexer

ROOT = Path(__file__).resolve().parents[1]
sys.path[:0] = [str(ROOT), str(ROOT / "notebooks")]
from newsprint import find_scored_words, read_misread_words, score_sentences, sided_statements  # noqa: E402
from newsprint.show import safe_csv, save, signed  # noqa: E402
from newstext import INVISIBLE, Article, ArticleError, read_article  # noqa: E402

from tools.page.article import annotations, front_page  # noqa: E402
from tools.page.notebook import PAGE, Prose, glossary, read_drawing, read_table  # noqa: E402

SOURCES = [path.read_bytes() for path in sorted([Path(__file__), *PAGE.glob("*.*")])]  # what a page is made with
CSP = "default-src 'none'; img-src data:; style-src 'sha256-{}'; base-uri 'none'; form-action 'none'"
SETUP = re.compile(r"\s*(?:from|import) |.*\bread_article\(", re.DOTALL)
LINKS = re.compile(r"(?:\[[^]]*\]\([^)]*\)|\W)*")


def visible(html: str) -> str:
    """A finished page with characters nobody sees (direction, control, terminal colours) as `\\u202e`."""
    return INVISIBLE.sub(lambda hidden: f"\\u{ord(hidden[0]):04x}", html)


@cache
def templates() -> Environment:
    loader = FileSystemLoader(PAGE)
    made = Environment(loader=loader, autoescape=True, undefined=StrictUndefined, trim_blocks=True, lstrip_blocks=True)
    made.filters |= {"joined": "".join, "table": read_table, "drawing": read_drawing, "python": python, "signed": signed}
    return made


def python(code: str) -> Markup:
    return Markup(highlight(code, PythonLexer(), HtmlFormatter(nowrap=True)))


def page_style() -> dict[str, str]:
    """The style of all pages, and the policy that admits it and nothing else."""
    style = (PAGE / "style.css").read_text(encoding="utf-8")
    policy = CSP.format(base64.b64encode(hashlib.sha256(style.encode()).digest()).decode())
    return {"style": Markup(style), "policy": policy}


def read_notebook(path: Path) -> dict:
    """A notebook's `cells` (without one that holds links alone, at its end), its title, and its figures by their titles."""
    cells = json.loads(path.read_text(encoding="utf-8"))["cells"]
    cells = [cell for cell in cells if cell["cell_type"] == "code" or not LINKS.fullmatch("".join(cell["source"]))]
    for cell in cells:
        tags, code = cell["metadata"].get("tags", []), cell["cell_type"] == "code"
        cell |= {"tags": tags, "setup": code and ("parameters" in tags or bool(SETUP.match("".join(cell["source"]))))}
    title = re.search(r"^# (.+)", "".join(cells[0]["source"]) if cells else "", re.MULTILINE)
    about = [output.get("metadata", {}).get("newsprint", {}) for cell in cells for output in cell.get("outputs", [])]
    return {
        "name": path.stem, "short": path.stem[3:].replace("-", " ").capitalize(), "cells": cells,
        "title": title[1] if title else path.stem,
        "figures": {own.get("title", ""): own["figure"] for own in about if re.fullmatch(r"[\w-]+", own.get("figure", ""))},
    }  # fmt: skip


def findings(notebooks: list[dict]) -> list[dict]:
    """What the first notebook found, a card for each cell tagged so: its heading, its lines, and the figures that prove them.

    A figure proves a line that holds its title.
    """
    figures = [(title, page["name"], name) for page in notebooks for title, name in page["figures"].items() if title]
    cards, heading = [], ""
    for cell in notebooks[0]["cells"] if notebooks else ():
        if cell["cell_type"] == "markdown":
            heading = (re.findall(r"^##+ (.+)", "".join(cell["source"]), re.MULTILINE) or [heading])[-1]
        elif "finding" in cell["tags"]:
            lines = "".join("".join(output.get("text", "")) for output in cell["outputs"]).splitlines()
            proofs = [proof for title, *proof in figures if any(title in line for line in lines)]
            cards.append({"heading": heading, "lines": lines, "proofs": proofs, "cell": cell["id"]})
    return cards


def plan_pages(out: Path, shared: dict, front: dict, sids: set[str]) -> Iterator[tuple[str, dict]]:
    """The template and the content of each page, the front page last, for it says that the site is whole."""
    site, notebooks = out / "site", [read_notebook(path) for path in sorted((out / "notebooks").glob("[0-9]*.ipynb"))]
    last = {"name": "glossary", "title": "Glossary", "short": "Glossary", "glossary": glossary()}
    shared |= {"pages": [{"name": page["name"], "short": page["short"], "title": page["title"]} for page in [front, *notebooks, last]]}
    yield "glossary", shared | last
    tables = {path.stem for path in site.glob("tables/*.csv")}
    for page in notebooks:
        drawings = {path.stem: path.read_text(encoding="utf-8") for path in site.glob("figures/*.svg") if path.stem in page["figures"].values()}
        own = shared | page | {"drawings": drawings, "tables": tables & set(page["figures"].values())}
        yield "notebook", own | {"made_from": hashlib.sha256(repr((own, len(sids), SOURCES)).encode()).hexdigest(), "prose": Prose(sids, site)}
    yield "index", shared | front | {"findings": findings(notebooks), "prose": Prose(sids, site)}


def write_tables(folder: Path, article: Article, statements: pd.DataFrame, scores: pd.DataFrame, source: str) -> None:
    """The article's sentences with their scores, its statements, and these as Web Annotations."""
    scored = article.sentences.merge(scores[["sid", "vader", "textblob"]], on="sid", how="left")
    save(folder / "sentences.csv", safe_csv(scored).encode())
    save(folder / "statements.csv", safe_csv(statements.drop(columns=["first", "last"])).encode())
    marked = json.dumps(annotations(article, statements, source), ensure_ascii=False, indent=1)
    save(folder / "statements.jsonld", marked.encode())


def write_pages(out: Path, path: Path) -> list[Path]:
    """Write all pages into `out/site`, but for those of notebooks that did not change; the paths of those written."""
    article = read_article(path)
    statements, scores = sided_statements(article), score_sentences(article.body)
    write_tables(out / "site" / "tables", article, statements, scores, path.name)
    marks = find_scored_words(article.body, read_misread_words(path))
    front = front_page(article, statements, scores, marks)
    written = []
    for template, page in plan_pages(out, page_style() | {"facts": article.facts}, front, set(article.sentences.sid)):
        target = out / "site" / f"{page['name']}.html"
        if "made_from" in page and target.exists() and page["made_from"] in target.read_text(encoding="utf-8")[:500]:
            continue
        html = templates().get_template(f"{template}.html.j2").render(page)
        save(target, visible(html).encode())
        written.append(target)
    return written


def main(arguments: list[str]) -> int:
    out = Path(arguments[0] if arguments else ROOT).resolve()
    path = Path(arguments[1] if len(arguments) > 1 else ROOT / "data" / "article.txt")
    try:
        write_pages(out, path)
    except (ArticleError, OSError) as error:
        print(error, file=sys.stderr)
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
