"""Write the offline pages: an index, one page a notebook, the article with its sentences numbered, a glossary.

usage: pages.py [FOLDER [ARTICLE]]

Reads FOLDER/notebooks/*.ipynb (executed) and FOLDER/site/tables/*.csv, writes FOLDER/site/*.html. No page runs a
script or asks for anything: its policy forbids both, and what an article may hold is escaped all the same.
"""

import base64
import hashlib
import sys
from functools import cache
from pathlib import Path

from jinja2 import Environment, FileSystemLoader, StrictUndefined
from markupsafe import Markup, escape

ROOT = Path(__file__).resolve().parents[1]
sys.path[:0] = [str(ROOT), str(ROOT / "notebooks")]
from newstext.article import INVISIBLE, Article, ArticleError, read_article  # noqa: E402
from newsprint.show import save  # noqa: E402
from newstext.speakers import find_statements  # noqa: E402

from tools.page.article import article_blocks, source_line  # noqa: E402
from tools.page.notebook import PAGE, glossary, read_notebook  # noqa: E402

CSP = "default-src 'none'; img-src data:; style-src 'sha256-{}'; base-uri 'none'; form-action 'none'"


def visible(html: str) -> str:
    """A finished page with characters nobody sees (direction, control, terminal colours) as `\\u202e`."""
    return INVISIBLE.sub(lambda hidden: f"\\u{ord(hidden[0]):04x}", html)


@cache
def templates() -> Environment:
    return Environment(loader=FileSystemLoader(PAGE), autoescape=True, undefined=StrictUndefined, trim_blocks=True)


def page_style() -> dict[str, str]:
    """The style of all pages, and the policy that admits it and nothing else."""
    style = (PAGE / "style.css").read_text(encoding="utf-8")
    policy = CSP.format(base64.b64encode(hashlib.sha256(style.encode()).digest()).decode())
    return {"style": Markup(style), "policy": policy}


def write_pages(out: Path, article: Article) -> list[Path]:
    """Write all pages into `out/site`; their paths."""
    site, statements = out / "site", find_statements(article)
    sids = set(article.sentences.sid)
    notebooks = [read_notebook(path, site, sids) for path in sorted((out / "notebooks").glob("[0-9]*.ipynb"))]
    title = article.headline or article.facts.get("title") or "The article"
    speakers: dict[str, dict] = {}
    for row in statements.itertuples():
        speakers.setdefault(escape(row.speaker or "nobody named"), {})[row.sid] = None
    extra = [{"name": "article", "short": "Article"}, {"name": "glossary", "short": "Glossary"}]
    blocks = article_blocks(article, statements)
    headings = [(block["id"], block["body"]) for block in blocks if block["role"] == "heading"]
    shared = {
        **page_style(), "pages": [*notebooks, *extra], "notebooks": notebooks,
        "source": escape(source_line(article.facts)), "headline": escape(article.headline), 
        "notes": [escape(note) for note in article.notes],
        "blocks": blocks, "speakers": speakers, "glossary": glossary(), "before": None, "after": None,
    }  # fmt: skip
    plan = [
        ("article", "article", {"title": escape(title), "contents": headings}),
        ("glossary", "glossary", {"title": "Glossary", "contents": []}),
    ]
    for before, page, after in zip([None, *notebooks], notebooks, [*notebooks[1:], None]):
        plan.append((page["name"], "shell", page | {"before": before, "after": after}))
    plan.append(("index", "index", {"title": "newsprint", "headline": escape(title), "contents": []}))  # whole with it
    paths = []
    for name, template, own in plan:
        html = templates().get_template(f"{template}.html.j2").render(shared | {"name": name} | own)
        save(site / f"{name}.html", visible(html).encode())
        paths.append(site / f"{name}.html")
    return paths


def main(arguments: list[str]) -> int:
    out = Path(arguments[0] if arguments else ROOT).resolve()
    try:
        write_pages(out, read_article(arguments[1] if len(arguments) > 1 else ROOT / "data" / "article.txt"))
    except (ArticleError, OSError) as error:
        print(error, file=sys.stderr)
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
