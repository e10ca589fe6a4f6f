"""A notebook as a page: its cells as the template needs them, and what an output may hold."""

import json
import os
import re
import tomllib
from collections import Counter
from collections.abc import Iterator
from functools import cache
from itertools import count
from pathlib import Path
from xml.etree import ElementTree

import mistune
from bs4 import BeautifulSoup
from markupsafe import Markup, escape
from pygments import highlight
from pygments.formatters import HtmlFormatter
from pygments.lexers import PythonLexer

PAGE = Path(__file__).resolve().parent
ROOT = PAGE.parents[1]
HOME = "index.html"
SID = re.compile(r"\bs\d+\b")
NUMBER = re.compile(r"[+−-]?[\d,.]+ ?%?|–|")
SETUP = re.compile(r"\s*(?:from|import) |.*\bread_article\(", re.DOTALL)
KINDS = ("image/png", "text/html", "text/plain")
LINKS_ONLY = re.compile(r"(?:\[[^]]*\]\([^)]*\)|\W)*")
SHAPES = set("svg g path rect circle ellipse line polyline polygon text tspan title desc a use defs clipPath".split())
GEOMETRY = set(
    "viewBox x y x1 x2 y1 y2 cx cy r rx ry dx dy width height d points transform fill fill-opacity fill-rule stroke"
    " stroke-width stroke-dasharray stroke-linecap stroke-linejoin stroke-opacity opacity clip-rule font-size font-weight"
    " font-style text-anchor dominant-baseline id href clip-path".split()
)


def slug(text: str) -> str:
    return re.sub(r"[\W_]+", "-", text.lower()).strip("-") or "section"


@cache
def glossary() -> list[dict]:
    """Terms with `name, id, text, forms`, in the order of the alphabet."""
    entries = tomllib.loads((PAGE / "glossary.toml").read_text(encoding="utf-8"))
    names = sorted(entries, key=str.casefold)
    return [{"name": n, "id": slug(n), **entries[n], "forms": [n, *entries[n].get("also", [])]} for n in names]


@cache
def terms() -> tuple[dict[str, str], re.Pattern]:
    """The glossary's entry for each form in lower case, and what finds sentence ids and the forms, longest first."""
    forms = {form.casefold(): term["id"] for term in glossary() for form in term["forms"]}
    longest = "|".join(map(re.escape, sorted(forms, key=len, reverse=True)))
    return forms, re.compile(rf"\bs\d+\b|(?<![\w-])(?:{longest})(?![\w-])", re.IGNORECASE)


class Prose(mistune.HTMLRenderer):
    """The Markdown of one page: ids for headings, notes apart, links to sentences and, once each, to the glossary."""

    def __init__(self, sids: set[str], site: Path):
        super().__init__(escape=True)
        self.sids, self.site, self.plain = sids, site, 0
        self.title, self.contents, self.used, self.met, self.lists = "", [], Counter(["main"]), set(), count(1)
        self.markdown = mistune.create_markdown(renderer=self, plugins=["table"])

    def html(self, source: str) -> Markup:
        return Markup(self.markdown(source))

    def linked(self, text: str, find: re.Pattern = SID) -> Markup:
        """The text, escaped, with links on the ids of sentences that there are and on terms not met before."""
        html, at = Markup(), 0
        for match in find.finditer(text):
            word = match[0]
            term = terms()[0].get(word.casefold())
            if word in self.sids:
                link = Markup('<a class="cited" href="{}#{}">{}</a>').format(HOME, word, word)
            elif term and term not in self.met:
                self.met.add(term)
                link = Markup('<a class="term" href="glossary.html#{}">{}</a>').format(term, word)
            else:
                continue
            html, at = html + escape(text[at : match.start()]) + link, match.end()
        return html + escape(text[at:])

    def render_token(self, token: dict, state: object) -> str:
        self.plain += (bare := token["type"] in ("heading", "link"))  # no link inside a link or a heading
        html = super().render_token(token, state)
        self.plain -= bare
        return html

    def text(self, text: str) -> str:
        return str(escape(text) if self.plain else self.linked(text, terms()[1]))

    def codespan(self, code: str) -> str:
        return f"<code>{escape(code) if self.plain else self.linked(code)}</code>"

    def heading(self, text: str, level: int, **_: object) -> str:
        if level == 1:
            self.title = self.title or Markup(text).striptags()
        name = slug(Markup(text).striptags())
        self.used[name] += 1
        name += f"-{self.used[name]}" * (self.used[name] > 1)
        if level == 2:
            self.contents.append((name, Markup(text).striptags()))
        return f'<h{level} id="{name}">{text}</h{level}>\n'

    def paragraph(self, text: str) -> str:
        note = re.match(r"(?:<strong>)?Note:(?:</strong>)? ?", text)
        return self.block_quote(text[note.end() :]) if note else f"<p>{text}</p>\n"

    def block_quote(self, text: str) -> str:
        return f'<div class="note" role="note">{text}</div>\n'

    def table(self, text: str) -> str:
        name = f"List {next(self.lists)}"
        return f'<div class="table" role="region" tabindex="0" aria-label="{name}"><table>{text}</table></div>\n'

    def table_cell(self, text: str, align: str | None = None, head: bool = False) -> str:
        tag, right = "th" if head else "td", ' class="number"' * (align == "right")
        return f"<{tag}{right}>{text}</{tag}>"

    def image(self, text: str, url: str, title: str | None = None) -> str:
        return text  # a picture outside the page would be a request

    def link(self, text: str, url: str, title: str | None = None) -> str:
        """Links between notebooks lead to their pages, other relative ones to the files of the project."""
        if re.match(r"[\w-]+\.ipynb(#|$)", url):
            url = url.replace(".ipynb", ".html", 1)
        elif not re.match(r"(?i)#|https?:|[\w-]+\.html", url):
            target = Path(os.path.normpath(ROOT / "notebooks" / url.split("#")[0]))
            if ":" in url or not target.is_relative_to(ROOT):
                return text
            url = Path(os.path.relpath(target, self.site)).as_posix()
        return f'<a href="{escape(url)}">{text}</a>'


def read_table(html: str) -> dict | None:
    """The first table in an output as texts, `columns` (heading, kind) and `rows`; None if there is none.

    The kind of a column is "number", "long" (some cell is a sentence) or "".
    """
    found = BeautifulSoup(html, "html.parser").find("table")
    if found is None:
        return None
    head, *rows = [[cell.get_text() for cell in row.find_all(["th", "td"])] for row in found.find_all("tr")] or [[]]
    kinds = []
    for cells in list(zip(*rows)) or [()] * len(head):
        number = all(NUMBER.fullmatch(text) for text in cells)
        kinds.append("number" if number else "long" if max(map(len, cells)) > 40 else "")
    return {"columns": list(zip(head, kinds)), "rows": rows, "texts": "long" in kinds}


def read_drawing(path: Path, alt: str) -> Markup:
    """An SVG file as part of a page: known shapes and attributes only, its ids made its own; empty if there is none."""
    try:
        root = ElementTree.parse(path).getroot()
    except (OSError, ElementTree.ParseError):
        return Markup()
    for name in ("width", "height"):
        root.attrib.pop(name, None)
    return _drawn(root, path.stem, Markup(' role="group" aria-label="{}"').format(alt))


def _drawn(element: ElementTree.Element, name: str, more: str = "") -> Markup:
    tag = element.tag.rpartition("}")[2]
    if tag not in SHAPES:
        return Markup()
    html = Markup("<{}{}").format(tag, more)
    for key, value in element.items():
        key = key.rpartition("}")[2]
        if safe := _own(key, value, name):
            html += Markup(' {}="{}"').format(key, safe)
    html += Markup(">{}").format((element.text or "").strip())
    for child in element:
        html += _drawn(child, name) + (child.tail or "").strip()
    return html + Markup("</{}>").format(tag)


def _own(key: str, value: str, name: str) -> str:
    """An attribute's value with its references made the figure's own; empty if it must not stay."""
    if key == "id":
        return f"{name}-{value}"
    if key == "href":
        return value if re.fullmatch(rf"{HOME}#s\d+", value) else f"#{name}-{value[1:]}" if value[:1] == "#" else ""
    if inside := re.fullmatch(r"url\(#(.*)\)", value):
        return f"url(#{name}-{inside[1]})"
    return value if key in GEOMETRY and "url(" not in value else ""


def outputs(cell: dict, site: Path) -> Iterator[dict]:
    """What a cell shows: of each output the richest kind that a page may hold, as text or numbers, with its `kind`."""
    for output in cell.get("outputs", []):
        held = {name: "".join(value) for name, value in output.get("data", {}).items() if name in KINDS}
        about, found = output.get("metadata", {}), read_table(held.get("text/html", ""))
        if output["output_type"] == "error":
            yield {"kind": "aligned", "text": f"{output['ename']}: {output['evalue']}"}
        elif "text" in output:
            yield from read_lines("".join(output["text"]), "finding" in cell["metadata"].get("tags", []))
        elif "image/png" in held:
            picture, own = about.get("image/png", {}), about.get("newsprint", {})
            name = own.get("figure", "") if re.fullmatch(r"[\w-]+", own.get("figure", "")) else ""
            drawing = read_drawing(site / "figures" / f"{name}.svg", picture.get("alt", ""))
            table = bool(name) and (site / "tables" / f"{name}.csv").exists()
            yield {"title": "", "subtitle": "", "foot": ""} | own | {
                "kind": "figure", "figure": name, "drawing": drawing, "table": table, "alt": picture.get("alt", ""),
                "png": held["image/png"].replace("\n", ""), "width": int(picture.get("width", 700)),
            }  # fmt: skip
        elif found:
            yield {"kind": "table"} | found
        elif "text/plain" in held:
            yield {"kind": "aligned", "text": held["text/plain"]}


def read_lines(text: str, finding: bool) -> Iterator[dict]:
    """Printed lines: findings and captions one by one; lines set in columns together, as they are."""
    lines = text.strip("\n").split("\n")
    if any("  " in line for line in lines):
        yield {"kind": "aligned", "text": "\n".join(lines)}
    else:
        yield from ({"kind": "finding" if finding else "printed", "text": line} for line in lines)


def read_notebook(path: Path, site: Path, sids: set[str]) -> dict:
    """A page of a notebook: title, contents, and its cells; those that set it up are together in one."""
    prose, cells, setup = Prose(sids, site), [], []
    for cell in json.loads(path.read_text(encoding="utf-8"))["cells"]:
        source, own = "".join(cell["source"]), {"id": cell.get("id", ""), "kind": cell["cell_type"]}
        if cell["cell_type"] == "markdown" and LINKS_ONLY.fullmatch(source) is None:  # a page has its neighbours below
            cells.append(own | {"html": prose.html(source)})
        elif cell["cell_type"] == "code":
            code = Markup(highlight(source, PythonLexer(), HtmlFormatter(nowrap=True)))
            own |= {"code": code, "lines": len(source.splitlines()), "outputs": list(outputs(cell, site))}
            is_setup = "parameters" in cell["metadata"].get("tags", []) or SETUP.match(source)
            if is_setup and not setup:
                cells.append({"kind": "setup", "cells": setup})
            (setup if is_setup else cells).append(own)
    shown = [(cell["id"], output) for cell in cells for output in cell.get("outputs", [])]
    return {
        "name": path.stem, "short": path.stem[3:].replace("-", " ").capitalize(), "title": prose.title or path.stem,
        "contents": prose.contents, "cells": cells, "linked": prose.linked, "number": count(1).__next__,
        "figures": {output["title"]: output["figure"] for _, output in shown if output["kind"] == "figure" and output["title"]},
        "findings": [output["text"] for _, output in shown if output["kind"] == "finding"],
    }  # fmt: skip
