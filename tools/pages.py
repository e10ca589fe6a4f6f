"""Write the offline pages: the article as the front page, one page a notebook, a glossary; and tables of the article.

usage: pages.py [FOLDER [ARTICLE]]

Reads FOLDER/notebooks/*.ipynb (executed), FOLDER/site/figures/*.svg and FOLDER/site/tables/*.csv; writes
FOLDER/site/*.html and, beside the figures' tables, sentences.csv, statements.csv and statements.jsonld. The page of a
notebook that did not change is not made again. No page runs a script or asks for anything: its policy forbids both, and
what an article may hold is escaped all the same.
"""

import base64
import hashlib
import json
import re
import sys
from collections.abc import Iterator
from functools import cache
from pathlib import Path

from jinja2 import Environment, FileSystemLoader, StrictUndefined
from markupsafe import Markup
from pygments import highlight
from pygments.formatters import HtmlFormatter
from pygments.lexers import PythonLexer

ROOT = Path(__file__).resolve().parents[1]
sys.path[:0] = [str(ROOT), str(ROOT / "notebooks")]
from newsprint import safe_csv, save, signed  # noqa: E402
from newstext import INVISIBLE, ArticleError, read_article  # noqa: E402

from tools.page.article import front_page  # noqa: E402
from tools.page.notebook import GLOSSARY, PAGE, Prose, read_drawing, read_table  # noqa: E402

SOURCES = [path.read_bytes() for path in sorted([Path(__file__), *PAGE.glob("*.*")])]  # what a page is made by
CSP = "default-src 'none'; img-src data:; style-src 'sha256-{}'; base-uri 'none'; form-action 'none'"
SETUP = re.compile(r"\s*(?:from|import) |.*\bread_article\(", re.DOTALL)
LINKS = re.compile(r"(?:\[[^]]*\]\([^)]*\)|\W)*")  # a page has its neighbours below


def visible(html: str) -> str:
    """A finished page with characters nobody sees (direction, control, terminal colours) as `\\u202e`."""
    return INVISIBLE.sub(lambda hidden: f"\\u{ord(hidden[0]):04x}", html)


@cache
def templates() -> Environment:
    loader = FileSystemLoader(PAGE)
    made = Environment(loader=loader, autoescape=True, undefined=StrictUndefined, trim_blocks=True, lstrip_blocks=True)
    made.filters |= {"joined": "".join, "table": read_table, "drawing": read_drawing, "signed": signed}
    made.filters["python"] = lambda code: Markup(highlight(code, PythonLexer(), HtmlFormatter(nowrap=True)))
    return made


def page_style() -> dict[str, str]:
    """The style of all pages, and the policy that admits it and nothing else."""
    style = (PAGE / "style.css").read_text(encoding="utf-8")
    policy = CSP.format(base64.b64encode(hashlib.sha256(style.encode()).digest()).decode())
    return {"style": Markup(style), "policy": policy}


def read_notebook(path: Path) -> dict:
    """A notebook's `cells`, without paragraphs of links alone; its title, and its figures' names with their titles."""
    cells = json.loads(path.read_text(encoding="utf-8"))["cells"]
    for cell in cells:
        source, tags, code = "".join(cell["source"]), cell["metadata"].get("tags", []), cell["cell_type"] == "code"
        prose = "\n\n".join(part for part in source.split("\n\n") if not LINKS.fullmatch(part))
        setup = code and ("parameters" in tags or SETUP.match(source) is not None)
        cell |= {"source": source if code else prose, "tags": tags, "setup": setup}
    cells = [cell for cell in cells if cell["source"] or cell["cell_type"] == "code"]
    title = re.search(r"^# (.+)", cells[0]["source"] if cells else "", re.MULTILINE)
    about = [output.get("metadata", {}).get("newsprint", {}) for cell in cells for output in cell.get("outputs", [])]
    figures = {own["figure"]: own.get("title") for own in about if re.fullmatch(r"[\w-]+", own.get("figure", ""))}
    names = {"name": path.stem, "short": path.stem[3:].replace("-", " ").capitalize()}
    return names | {"title": title[1] if title else path.stem, "cells": cells, "figures": figures}


def findings(notebooks: list[dict]) -> Iterator[dict]:
    """What the first notebook found: heading and lines of each cell tagged so, and figures whose titles they hold."""
    figures = [(title, page["name"], name) for page in notebooks for name, title in page["figures"].items() if title]
    heading = ""
    for cell in notebooks[0]["cells"] if notebooks else ():
        heading = (re.findall(r"^##+ (.+)", cell["source"], re.MULTILINE) or [heading])[-1]
        if "finding" in cell["tags"] and heading:  # above the first heading all of them may stand, summed up
            text = "".join("".join(output.get("text", "")) for output in cell["outputs"])
            lines = [line for line in text.splitlines() if line != "(no rows)"]
            proofs = [proof for title, *proof in figures if any(title in line for line in lines)]
            yield {"heading": heading, "lines": lines, "proofs": proofs, "cell": cell["id"]}


def plan_pages(out: Path, front: dict, said: dict[str, str]) -> Iterator[dict]:
    """What each page holds, the front page last: it says that the site is whole."""
    notebooks = [read_notebook(path) for path in sorted((out / "notebooks").glob("[0-9]*.ipynb"))]
    last = {"name": "glossary", "short": "Glossary", "title": "Glossary", "glossary": GLOSSARY}
    pages = [{name: page[name] for name in ("name", "short", "title")} for page in [front, *notebooks, last]]
    shared = page_style() | {"facts": front["facts"], "pages": pages}
    yield shared | last | {"template": "glossary"}
    drawings = {path.stem: path.read_text(encoding="utf-8") for path in out.glob("site/figures/*.svg")}
    tables = {path.stem for path in out.glob("site/tables/*.csv")}
    for page in notebooks:
        own = page | {"drawings": {name: svg for name, svg in drawings.items() if name in page["figures"]}}
        own["tables"] = sorted(tables.intersection(page["figures"]))
        made_from = hashlib.sha256(repr((pages, own, said, front["facts"], SOURCES)).encode()).hexdigest()
        prose = Prose(said, [*page["figures"], *(f"cell-{cell['id']}" for cell in page["cells"])])
        yield shared | own | {"template": "notebook", "made_from": made_from, "prose": prose}
    yield shared | front | {"template": "index", "findings": list(findings(notebooks)), "prose": Prose(said)}


def write_pages(out: Path, path: Path) -> list[Path]:
    """Write the article's tables and all pages into `out/site`; the paths of the pages written."""
    article, written = read_article(path), []
    front, tables = front_page(article, path)
    for name, table in tables.items():
        save(out / "site" / "tables" / f"{name}.csv", safe_csv(table).encode())
    marked = {"statements": tables["statements"], "text": article.text, "source": path.name}
    marked = templates().get_template("statements.jsonld.j2").render(marked)
    save(out / "site" / "tables" / "statements.jsonld", marked.encode())
    said = {row.sid: " ".join(row.text.split()) for row in article.sentences.itertuples()}
    for page in plan_pages(out, front, said):
        target = out / "site" / f"{page['name']}.html"
        if "made_from" in page and target.exists() and page["made_from"] in target.read_text(encoding="utf-8")[:500]:
            continue
        save(target, visible(templates().get_template(f"{page['template']}.html.j2").render(page)).encode())
        written.append(target)
    return written


def main(arguments: list[str]) -> int:
    out = Path(arguments[0] if arguments else ROOT).resolve()
    try:
        write_pages(out, Path(arguments[1] if len(arguments) > 1 else ROOT / "data" / "article.txt"))
    except (ArticleError, OSError) as error:
        print(error, file=sys.stderr)
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
