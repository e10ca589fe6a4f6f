"""Write the offline pages: the article as the front page, one page a notebook, a glossary; and its tables.

usage: pages.py [FOLDER [ARTICLE]]

Reads FOLDER/notebooks/*.ipynb (executed), FOLDER/site/tables/*.csv and FOLDER/site/figures/*.svg; writes
FOLDER/site/*.html, and beside the tables of the figures sentences.csv, statements.csv and statements.jsonld. A page whose
notebook did not change is not made again. No page runs a script or asks for anything: its policy forbids both, and what an
article may hold is escaped all the same.
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

ROOT = Path(__file__).resolve().parents[1]
sys.path[:0] = [str(ROOT), str(ROOT / "notebooks")]
from newsprint.show import safe_csv, save, signed  # noqa: E402
from newstext import INVISIBLE, Article, ArticleError, find_statements, read_article  # noqa: E402

from tools.page.article import annotations, front_page, source_line  # noqa: E402
from tools.page.notebook import PAGE, glossary, read_notebook  # noqa: E402

CSP = "default-src 'none'; img-src data:; style-src 'sha256-{}'; base-uri 'none'; form-action 'none'"
CITES = re.compile(r"\W*\((s\d+(?:, s\d+)*)\)\W*$")


def visible(html: str) -> str:
    """A finished page with characters nobody sees (direction, control, terminal colours) as `\\u202e`."""
    return INVISIBLE.sub(lambda hidden: f"\\u{ord(hidden[0]):04x}", html)


@cache
def templates() -> Environment:
    return Environment(
        loader=FileSystemLoader(PAGE), autoescape=True, undefined=StrictUndefined, trim_blocks=True, lstrip_blocks=True
    )


def page_style() -> dict[str, str]:
    """The style of all pages, and the policy that admits it and nothing else."""
    style = (PAGE / "style.css").read_text(encoding="utf-8")
    policy = CSP.format(base64.b64encode(hashlib.sha256(style.encode()).digest()).decode())
    return {"style": Markup(style), "policy": policy}


def cards(notebooks: list[dict]) -> list[dict]:
    """The findings of the first notebook: `text`, the `sids` it rests on, the page and figure that prove it.

    The ids stand in brackets at a finding's end; the figure is the one that has the finding as its title.
    """
    figures = {plain_title(title): (page["name"], name) for page in notebooks for title, name in page["figures"].items()}
    made = []
    for text in notebooks[0]["findings"] if notebooks else ():
        cited = CITES.search(text)
        own = CITES.sub("", text)
        found = {"sids": cited[1].split(", ") if cited else [], "figure": figures.get(plain_title(own))}
        made.append({"text": own} | found)
    return made


def plain_title(text: str) -> str:
    return CITES.sub("", text).strip(" .")


def write_tables(site: Path, article: Article, statements, scores, source: str) -> None:
    scored = scores.drop(columns=["section", "words"])
    save(site / "tables" / "sentences.csv", safe_csv(article.sentences.merge(scored, on="sid", how="left")).encode())
    save(site / "tables" / "statements.csv", safe_csv(statements).encode())
    made = json.dumps(annotations(article, statements, source), ensure_ascii=False, indent=1)
    save(site / "tables" / "statements.jsonld", made.encode())


def write_pages(out: Path, article: Article, source: str) -> list[Path]:
    """Write all pages into `out/site`, the front page last: it says that the site is whole. Their paths."""
    site, statements = out / "site", find_statements(article)
    sids = set(article.sentences.sid)
    notebooks = [read_notebook(path, site, sids) for path in sorted((out / "notebooks").glob("[0-9]*.ipynb"))]
    front = front_page(article, statements)
    write_tables(site, article, statements, front["scores"], source)
    title = article.headline or article.facts.get("title") or "The article"
    home = {"name": "index", "title": "The article", "short": "Article", "contents": []}
    shared = {**page_style(), "pages": [home, *notebooks, {"name": "glossary", "short": "Glossary"}],
              "source": source_line(article.facts), "before": None, "after": None, "signed": signed}  # fmt: skip
    plan = [("glossary", {"title": "Glossary", "contents": [], "glossary": glossary()})]
    for before, page, after in zip([home, *notebooks], notebooks, [*notebooks[1:], None]):
        plan.append(("notebook", page | {"before": before, "after": after}))
    contents = [(block["id"], block["lines"][0][1]) for block in front["blocks"] if block["role"] == "heading"]
    plan.append(("index", home | front | {"title": title, "headline": article.headline, "contents": contents,
                 "notes": article.notes, "cards": cards(notebooks), "after": notebooks[0] if notebooks else None}))  # fmt: skip
    paths = []
    for template, own in plan:
        name = own.get("name", template)
        html = templates().get_template(f"{template}.html.j2").render(shared | {"name": name} | own)
        save(site / f"{name}.html", visible(html).encode())
        paths.append(site / f"{name}.html")
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
