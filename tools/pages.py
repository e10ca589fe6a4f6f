"""Write the offline pages: an index, one page a notebook, the article with its sentences numbered, a glossary.

usage: pages.py [FOLDER [ARTICLE]]

Reads FOLDER/notebooks/*.ipynb (executed) and FOLDER/site/tables/*.csv, writes FOLDER/site/*.html. No page runs a
script or asks for anything: its policy forbids both, and what an article may hold is escaped all the same.
"""

import base64
import hashlib
import os
import re
import sys
import tomllib
from collections.abc import Callable
from functools import cache
from pathlib import Path

import bleach
import mistune
import nbformat
import pandas as pd
from bs4 import BeautifulSoup, Tag
from jinja2 import Environment, FileSystemLoader, StrictUndefined
from markupsafe import Markup, escape
from nbconvert import HTMLExporter

ROOT = Path(__file__).resolve().parents[1]
PAGE = ROOT / "tools" / "page"
sys.path.insert(0, str(ROOT / "notebooks"))
from newsprint.article import INVISIBLE, Article, ArticleError, read_article  # noqa: E402
from newsprint.show import save  # noqa: E402
from newsprint.speakers import find_statements  # noqa: E402

SID = re.compile(r"\bs\d+\b")
NUMBER = re.compile(r"[+−-]?[\d,.]+ ?%?|–|")
TABLE_TAGS = {"table", "thead", "tbody", "tr", "th", "td"}
WORDS_A_MINUTE = 220  # careful reading of prose with numbers in it
CSP = "default-src 'none'; img-src data:; style-src 'sha256-{}'; base-uri 'none'; form-action 'none'"


# Escaping: with the template's autoescape, the only ways from an output to a page


def visible(html: str) -> str:
    """A finished page with characters nobody sees (direction, control, terminal colours) as `\\u202e`."""
    return INVISIBLE.sub(lambda hidden: f"\\u{ord(hidden[0]):04x}", html)


def table(html: str) -> Markup:
    """The first table in an output, rebuilt with its cells' text escaped and no attribute; empty if there is none."""
    found = BeautifulSoup(html, "html.parser").find("table")
    if found is None:
        return Markup("")
    soup = BeautifulSoup(bleach.clean(str(found), tags=TABLE_TAGS, attributes={}), "html.parser")
    rows = [row.find_all(["th", "td"]) for row in soup.find_all("tr")]
    for column in zip(*rows):
        texts = [cell.get_text() for cell in column[1:]]
        number = all(NUMBER.fullmatch(text) for text in texts)
        long = not number and max(map(len, texts), default=0) > 40
        for cell in column if number or long else ():
            cell["class"] = "number" if number else "long"
    for cell in rows[0] if rows else ():
        cell["scope"] = "col"
    return Markup(soup)


@cache
def exporter() -> HTMLExporter:
    filters = {
        "shown": escape,
        "table": table,
        "markdown2html": mistune.create_markdown(escape=True, plugins=["table"]),
    }
    made = HTMLExporter(
        template_name="page", template_file="notebook.html.j2", extra_template_basedirs=[str(PAGE.parent)]
    )
    for name, function in filters.items():
        made.register_filter(name, function)
    return made


@cache
def templates() -> Environment:
    return Environment(loader=FileSystemLoader(PAGE), autoescape=True, undefined=StrictUndefined, trim_blocks=True)


@cache
def glossary() -> list[dict]:
    """Terms with `name, id, text, forms`, in the order of the alphabet."""
    entries = tomllib.loads((PAGE / "glossary.toml").read_text(encoding="utf-8"))
    names = sorted(entries, key=str.casefold)
    return [
        {"name": n, "id": slug(n), "text": entries[n]["text"], "forms": [n, *entries[n].get("also", [])]} for n in names
    ]


def slug(text: str) -> str:
    return re.sub(r"[\W_]+", "-", text.lower()).strip("-") or "section"


# From a notebook to a page


def link_matches(soup: Tag, where: str, find: re.Pattern, address: Callable[[str], str | None], kind: str) -> None:
    """Link what the pattern finds in the text of the elements `where` names, if there is an address for it."""
    for text in [text for text in soup.find_all(string=find) if text.find_parent(where.split())]:
        if text.find_parent(["a", "details", "h1", "h2", "h3", "figcaption"]):
            continue
        pieces, at = [], 0
        for match in find.finditer(text):
            if href := address(match[0]):
                link = Tag(name="a", attrs={"href": href, "class": kind})
                link.string = match[0]
                pieces += [text[at : match.start()], link]
                at = match.end()
        if pieces:
            text.replace_with(*pieces, text[at:])


def link_terms(soup: Tag) -> None:
    """Link each glossary term where it first occurs in prose."""
    forms = {form.casefold(): term["id"] for term in glossary() for form in term["forms"]}
    longest = sorted(forms, key=len, reverse=True)
    find = re.compile(rf"(?<![\w-])(?:{'|'.join(map(re.escape, longest))})(?![\w-])", re.IGNORECASE)
    seen: set[str] = set()

    def address(form: str) -> str | None:
        term = forms[form.casefold()]
        return None if term in seen or seen.add(term) else f"glossary.html#{term}"

    link_matches(soup, "p li", find, address, "term")


def mend_links(soup: Tag, site: Path) -> None:
    """Links between notebooks lead to their pages, other relative ones to the files of the project."""
    for link in soup.select("a[href], img[src]:not([src^='data:'])"):
        if link.name == "img":  # a picture outside the page would be a request
            link.replace_with(link.get("alt", ""))
            continue
        href = link["href"]
        if re.match(r"[\w-]+\.ipynb(#|$)", href):
            link["href"] = href.replace(".ipynb", ".html", 1)
        elif not re.match(r"(?i)#|https?:|[\w-]+\.html", href):
            target = Path(os.path.normpath(ROOT / "notebooks" / href.split("#")[0]))
            if ":" in href or not target.is_relative_to(ROOT):
                link.unwrap()
            else:
                link["href"] = Path(os.path.relpath(target, site)).as_posix()


def number_parts(soup: Tag, site: Path) -> list[tuple[str, str]]:
    """Give headings ids, tables names, figures a link to their table; the second-level headings for the contents."""
    seen: dict[str, int] = {}
    for heading in soup.find_all(["h2", "h3"]):
        name = slug(heading.get_text())
        seen[name] = seen.get(name, 0) + 1
        heading["id"] = name if seen[name] == 1 else f"{name}-{seen[name]}"
    for count, found in enumerate(soup.select("table"), 1):
        columns = ", ".join(cell.get_text() for cell in found.select("th"))
        region = {"class": "table", "role": "region", "tabindex": "0", "aria-label": f"Table {count}: {columns}"}
        found.wrap(Tag(name="div", attrs=region))
    for block in soup.select("pre"):
        block["tabindex"] = "0"
    for figure in soup.select("figure"):
        name = figure.attrs.pop("data-name")
        if re.fullmatch(r"[\w-]+", name) and (site / "tables" / f"{name}.csv").exists():
            link = f'<figcaption><a href="tables/{name}.csv">Table behind this figure (CSV)</a></figcaption>'
            figure.append(BeautifulSoup(link, "html.parser"))
            figure["id"] = name
    return [(heading["id"], heading.get_text()) for heading in soup.find_all("h2")]


def drop_closing_links(soup: Tag) -> None:
    """A notebook ends with links to its neighbours; a page has them below."""
    last = soup.find_all(["p", "pre", "figure", "table"])[-1:]
    if last and last[0].select("a[href*='.ipynb']"):
        beside = [text for text in last[0].find_all(string=re.compile(r"\w")) if not text.find_parent("a")]
        rule = last[0].find_previous_sibling()
        if not beside:
            last[0].decompose()
        if not beside and rule is not None and rule.name == "hr":
            rule.decompose()


def summary(soup: Tag) -> Markup:
    """What a notebook found, in its own words: the paragraphs below its title, or else its first printed sentences."""
    title = soup.find("h1")
    own = []
    for element in title.find_next_siblings() if title else ():
        if element.name != "p":
            break
        own.append(element)
    if not any("found" in element.get_text() for element in own):
        own = [
            BeautifulSoup(f"<p>{escape(pre.get_text())}</p>", "html.parser") for pre in soup.select("pre.finding")[1:3]
        ]
    return Markup("".join(map(str, own)))


def read_notebook(path: Path, site: Path, sids: set[str]) -> dict:
    """A page of a notebook: its body, contents, summary, first figure and minutes to read."""
    html, _ = exporter().from_notebook_node(nbformat.read(path, as_version=4))
    soup = BeautifulSoup(html, "html.parser")
    drop_closing_links(soup)
    mend_links(soup, site)
    contents = number_parts(soup, site)
    link_matches(soup, "p li td pre", SID, lambda sid: f"article.html#{sid}" if sid in sids else None, "cited")
    short, found, figure = path.stem[:2], summary(soup), soup.find("figure")
    link_terms(soup)
    title = soup.find("h1")
    words = sum(len(part.get_text().split()) for part in soup.select("p, li, pre.finding"))
    page = {"name": path.stem, "short": short, "title": title.get_text() if title else path.stem, "contents": contents}
    figure = Markup(re.sub(r' id="[^"]*"', "", str(figure), count=1)) if figure else ""
    minutes = max(1, round(words / WORDS_A_MINUTE))
    lead, mark, rest = str(soup).partition("<h2")  # code and outputs are escaped: only a heading reads so
    page |= {"lead": Markup(lead), "rest": Markup(mark + rest), "minutes": minutes}
    return page | {"summary": found, "figure": figure}


# The article


def mark(text: str, start: int, end: int, statements: list) -> Markup:
    """Characters `start` to `end` with statements marked; one inside another is nested, none is drawn twice."""
    html, at = Markup(), start
    for i, row in enumerate(statements):
        first, last = max(row.start, at), min(row.end, end)
        if first < last:
            who = f"{row.speaker or 'nobody named'}, {row.kind}" if row.start == first else "continued"
            inner = mark(text, first, last, [other for other in statements[i + 1 :] if other.start < last])
            template = Markup('{}<mark class="{}"><small>{}</small>{}</mark>')
            html += template.format(escape(text[at:first]), row.kind, escape(who), inner)
            at = last
    return html + escape(text[at:end])


def article_blocks(article: Article, statements: pd.DataFrame) -> list[dict]:
    """Headline, headings, paragraphs and lines set aside, in the order of the text, with sentences and marks."""
    rows = list(statements.sort_values(["start", "end"], ascending=[True, False]).itertuples())
    sentences = dict(list(article.sentences.groupby("paragraph")))
    blocks = []
    for line in article.lines[article.lines.role.isin(["heading", "removed"])].itertuples():
        block = {
            "role": line.role,
            "reason": line.reason,
            "id": f"h{line.line}",
            "body": escape(line.text.strip("#* ")),
        }
        blocks.append(block | {"start": line.start})
    anchor = Markup('<span class="sentence" id="{0}"><a class="sid" href="#{0}">{0}</a>{1}</span> ')
    for paragraph in article.paragraphs.itertuples():
        body = Markup()
        for row in sentences[paragraph.paragraph].itertuples():
            inside = [statement for statement in rows if statement.start < row.end and statement.end > row.start]
            body += anchor.format(row.sid, mark(article.text, row.start, row.end, inside))
        role = "body" if paragraph.paragraph else "headline"
        blocks.append({"role": role, "start": paragraph.start, "body": body})
    return sorted(blocks, key=lambda block: block["start"])


def source_line(facts: dict) -> str:
    """Whose text it is, from the facts beside the article."""
    who = ", carried by ".join(str(facts[key]) for key in ("agency", "publisher") if key in facts)
    if not who:
        return "Nothing is noted about where this text is from; its rights are its owner’s."
    date = f", {facts['date']:%-d %B %Y}" if hasattr(facts.get("date"), "strftime") else ""
    return f"Text: {who}{date}. It belongs to its publishers and is kept here only to be analysed."


def write_pages(out: Path, article: Article) -> list[Path]:
    """Write all pages into `out/site`; their paths."""
    site, statements = out / "site", find_statements(article)
    style = (PAGE / "style.css").read_text(encoding="utf-8")
    policy = CSP.format(base64.b64encode(hashlib.sha256(style.encode()).digest()).decode())
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
        "style": Markup(style), "policy": policy, "pages": [*notebooks, *extra], "notebooks": notebooks,
        "source": escape(source_line(article.facts)), "headline": escape(article.headline), 
        "notes": [escape(note) for note in article.notes],
        "blocks": blocks, "speakers": speakers, "glossary": glossary(), "before": None, "after": None,
    }  # fmt: skip
    plan = [
        ("index", "index", {"title": "newsprint", "headline": escape(title), "contents": []}),
        ("article", "article", {"title": escape(title), "contents": headings}),
        ("glossary", "glossary", {"title": "Glossary", "contents": []}),
    ]
    for before, page, after in zip([None, *notebooks], notebooks, [*notebooks[1:], None]):
        plan.append((page["name"], "shell", page | {"before": before, "after": after}))
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
