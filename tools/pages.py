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
from functools import cache
from pathlib import Path

from jinja2 import Environment, FileSystemLoader, StrictUndefined
from markupsafe import Markup
from pygments import highlight
from pygments.formatters import HtmlFormatter
from pygments.lexers import PythonLexer

ROOT = Path(__file__).resolve().parents[1]
sys.path[:0] = [str(ROOT), str(ROOT / "notebooks")]
from newsprint import score_sentences  # noqa: E402
from newsprint.show import safe_csv, save, signed  # noqa: E402
from newstext import INVISIBLE, Article, ArticleError, find_statements, read_article  # noqa: E402

from tools.page.article import annotations, front_page  # noqa: E402
from tools.page.notebook import PAGE, Prose, glossary, read_drawing, read_table  # noqa: E402

CSP = "default-src 'none'; img-src data:; style-src 'sha256-{}'; base-uri 'none'; form-action 'none'"
SETUP = re.compile(r"\s*(?:from|import) |.*\bread_article\(", re.DOTALL)
LINKS = re.compile(r"(?:\[[^]]*\]\([^)]*\)|\W)*")
CITED = re.compile(r"\W*\((s\d+(?:, s\d+)*)\)\W*$")


def visible(html: str) -> str:
    """A finished page with characters nobody sees (direction, control, terminal colours) as `\\u202e`."""
    return INVISIBLE.sub(lambda hidden: f"\\u{ord(hidden[0]):04x}", html)


@cache
def templates() -> Environment:
    loader = FileSystemLoader(PAGE)
    made = Environment(loader=loader, autoescape=True, undefined=StrictUndefined, trim_blocks=True, lstrip_blocks=True)
    python = lambda code: Markup(highlight(code, PythonLexer(), HtmlFormatter(nowrap=True)))  # noqa: E731
    made.filters |= {"joined": "".join, "table": read_table, "python": python, "signed": signed}
    return made


def page_style() -> dict[str, str]:
    """The style of all pages, and the policy that admits it and nothing else."""
    style = (PAGE / "style.css").read_text(encoding="utf-8")
    policy = CSP.format(base64.b64encode(hashlib.sha256(style.encode()).digest()).decode())
    return {"style": Markup(style), "policy": policy}


def read_notebook(path: Path) -> dict:
    """A notebook's `cells` (its last one without text but links left out), its title, and its figures by their titles."""
    cells = json.loads(path.read_text(encoding="utf-8"))["cells"]
    for cell in cells:
        source, tags = "".join(cell["source"]), cell["metadata"].get("tags", [])
        cell["setup"] = cell["cell_type"] == "code" and ("parameters" in tags or bool(SETUP.match(source)))
    cells = [cell for cell in cells if cell["cell_type"] != "markdown" or not LINKS.fullmatch("".join(cell["source"]))]
    found = re.search(r"^# (.+)", "".join(cells[0]["source"]) if cells else "", re.MULTILINE)
    about = [output.get("metadata", {}).get("newsprint", {}) for cell in cells for output in cell.get("outputs", [])]
    return {
        "name": path.stem, "short": path.stem[3:].replace("-", " ").capitalize(), "cells": cells,
        "title": found[1] if found else path.stem,
        "figures": {own.get("title", ""): own["figure"] for own in about if re.fullmatch(r"[\w-]+", own.get("figure", ""))},
    }  # fmt: skip


def findings(notebooks: list[dict]) -> list[dict]:
    """What the first notebook found: `text`, the `sids` in brackets at its end, page and figure that have it as title."""
    proofs = {title.rstrip("."): (page["name"], name) for page in notebooks for title, name in page["figures"].items()}
    found = []
    for cell in notebooks[0]["cells"] if notebooks else ():
        for output in cell.get("outputs", []) if "finding" in cell["metadata"].get("tags", []) else ():
            for line in "".join(output.get("text", "")).splitlines():
                cited, text = CITED.search(line), CITED.sub("", line)
                sids = cited[1].split(", ") if cited else []
                found.append({"text": text, "sids": sids, "proof": proofs.get(text.rstrip("."))})
    return found


def write_tables(folder: Path, article: Article, statements, scores, source: str) -> None:
    """The article's sentences with their scores, its statements, and these as Web Annotations."""
    scored = article.sentences.merge(scores.drop(columns=["section", "words"]), on="sid", how="left")
    save(folder / "sentences.csv", safe_csv(scored).encode())
    save(folder / "statements.csv", safe_csv(statements).encode())
    marked = json.dumps(annotations(article, statements, source), ensure_ascii=False, indent=1)
    save(folder / "statements.jsonld", marked.encode())


def write_pages(out: Path, article: Article, source: str = "article.txt") -> list[Path]:
    """Write all pages into `out/site`, the front page last, for it says that the site is whole; their paths."""
    site, statements, scores = out / "site", find_statements(article), score_sentences(article.body)
    write_tables(site / "tables", article, statements, scores, source)
    notebooks = [read_notebook(path) for path in sorted((out / "notebooks").glob("[0-9]*.ipynb"))]
    home = {"name": "index", "title": article.headline or article.facts.get("title") or "The article", "short": "Article"}
    last = {"name": "glossary", "title": "Glossary", "short": "Glossary"}
    shared = {**page_style(), "pages": [home, *notebooks, last], "facts": article.facts, "before": None, "after": None}
    plan = [("glossary", last | {"glossary": glossary()})]
    for before, page, after in zip([home, *notebooks], notebooks, [*notebooks[1:], None]):
        drawing = lambda name, alt: read_drawing(site / "figures" / f"{name}.svg", alt)  # noqa: E731
        tables = {path.stem for path in (site / "tables").glob("*.csv")}
        prose = Prose(set(article.sentences.sid), site)
        plan.append(("notebook", page | {"before": before, "after": after, "prose": prose, "drawing": drawing, "tables": tables}))
    front = home | front_page(article, statements, scores) | {"notes": article.notes, "findings": findings(notebooks)}
    plan.append(("index", front | {"after": notebooks[0] if notebooks else None}))
    paths = []
    for template, own in plan:
        html = templates().get_template(f"{template}.html.j2").render(shared | own)
        paths.append(site / f"{own['name']}.html")
        save(paths[-1], visible(html).encode())
    return paths


def main(arguments: list[str]) -> int:
    out = Path(arguments[0] if arguments else ROOT).resolve()
    path = Path(arguments[1] if len(arguments) > 1 else ROOT / "data" / "article.txt")
    try:
        write_pages(out, read_article(path), path.name)
    except (ArticleError, OSError) as error:
        print(error, file=sys.stderr)
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
