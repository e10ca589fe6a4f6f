"""A notebook as a page: what an output may hold, links to sentences, terms and files, the contents."""

import os
import re
import tomllib
from collections.abc import Callable
from functools import cache
from pathlib import Path

import bleach
import mistune
import nbformat
from bs4 import BeautifulSoup, Tag
from markupsafe import Markup, escape
from nbconvert import HTMLExporter

PAGE = Path(__file__).resolve().parent
ROOT = PAGE.parents[1]
SID = re.compile(r"\bs\d+\b")
NUMBER = re.compile(r"[+−-]?[\d,.]+ ?%?|–|")
TABLE_TAGS = {"table", "thead", "tbody", "tr", "th", "td"}
WORDS_A_MINUTE = 220  # careful reading of prose with numbers in it


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
def glossary() -> list[dict]:
    """Terms with `name, id, text, forms`, in the order of the alphabet."""
    entries = tomllib.loads((PAGE / "glossary.toml").read_text(encoding="utf-8"))
    names = sorted(entries, key=str.casefold)
    return [
        {"name": n, "id": slug(n), "text": entries[n]["text"], "forms": [n, *entries[n].get("also", [])]} for n in names
    ]


def slug(text: str) -> str:
    return re.sub(r"[\W_]+", "-", text.lower()).strip("-") or "section"


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
    """Give headings ids, tables and figures names, figures a link to their table; the headings for the contents."""
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
    for count, figure in enumerate(soup.select("figure"), 1):
        name = figure.attrs.pop("data-name")
        region = {"class": "picture", "role": "region", "tabindex": "0", "aria-label": f"Figure {name or count}"}
        figure.img.wrap(Tag(name="div", attrs=region))
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
    """What a notebook found, in its own words: the text below its title, or else its first printed sentences."""
    title = soup.find("h1")
    own = []
    for element in title.find_next_siblings() if title else ():
        if element.name not in ("p", "ul", "ol"):
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
    short, found, figure = path.stem[3:].replace("-", " ").capitalize(), summary(soup), soup.find("figure")
    link_terms(soup)
    title = soup.find("h1")
    words = sum(len(part.get_text().split()) for part in soup.select("p, li, pre.finding"))
    page = {"name": path.stem, "short": short, "title": title.get_text() if title else path.stem, "contents": contents}
    figure = Markup(re.sub(r' id="[^"]*"', "", str(figure), count=1)) if figure else ""
    minutes = max(1, round(words / WORDS_A_MINUTE))
    lead, mark, rest = str(soup).partition("<h2")  # code and outputs are escaped: only a heading reads so
    page |= {"lead": Markup(lead), "rest": Markup(mark + rest), "minutes": minutes}
    return page | {"summary": found, "figure": figure}
