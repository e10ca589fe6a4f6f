"""What the page of a notebook holds: prose with its links, and tables and drawings that may stand in a page."""

import re
import tomllib
from collections import Counter
from collections.abc import Iterable
from itertools import count
from pathlib import Path

import mistune
from bs4 import BeautifulSoup
from markupsafe import Markup, escape

PAGE = Path(__file__).resolve().parent
NUMBER = re.compile(r"[+−-]?[\d,.]+ ?%?|–|")
SENTENCE = 60  # characters; a column with a longer cell is one of sentences
SHAPES = "svg|g|path|rect|circle|line|polyline|polygon|text|tspan|title|a|use|defs|clipPath"
FORMS = r"""viewBox|xmlns|version|role|aria-label|id|x|y|x1|x2|y1|y2|cx|cy|r|dx|dy|width|height|d|points|transform|fill|
    fill-\w+|opacity|stroke|stroke-\w+|font-size|font-weight|font-style|text-anchor"""
DRAWING = re.compile(rf"""(?x)(?: [^<] | </?(?:{SHAPES})(?:\s+(?:
    (?:{FORMS})="(?!\s*url)[^"<>]*" | href="(?:index\.html)?\#[\w-]+" | clip-path="url\(\#[\w-]+\)" ))*\s*/?> )*+""")


def slug(text: str) -> str:
    return re.sub(r"[\W_]+", "-", text.lower()).strip("-") or "section"


ENTRIES = tomllib.loads((PAGE / "glossary.toml").read_text(encoding="utf-8"))
GLOSSARY = [{"also": [], "source": "", "name": n, "id": slug(n), **ENTRIES[n]} for n in sorted(ENTRIES, key=str.lower)]
TERMS = {form.casefold(): term["id"] for term in GLOSSARY for form in [term["name"], *term["also"]]}
FORM = "|".join(map(re.escape, sorted(TERMS, key=len, reverse=True)))


class Prose(mistune.HTMLRenderer):
    """The Markdown of one page: ids for headings, notes apart, links to sentences and, once each, to the glossary.

    `sids` are the sentences that there are, `taken` the ids that the page gives to other things.
    """

    SID = re.compile(r"\bs\d+\b")
    TERM = re.compile(rf"\bs\d+\b|(?<![\w-])(?:{FORM})(?![\w-])", re.IGNORECASE)

    def __init__(self, sids: set[str], taken: Iterable[str] = ()):
        super().__init__(escape=True)
        self.sids, self.bare, self.number = sids, 0, count(1).__next__
        self.contents, self.used, self.met = [], Counter(["main", *taken]), set()
        self.markdown = mistune.create_markdown(renderer=self, plugins=["table"])

    def html(self, source: str) -> Markup:
        return Markup(self.markdown(source))

    def linked(self, text: str, find: re.Pattern = SID) -> Markup:
        """The text, escaped, with links on the ids of sentences that there are and on terms not met before."""
        html, at = Markup(), 0
        for match in () if self.bare else find.finditer(text):
            word, term = match[0], TERMS.get(match[0].casefold())
            if word not in self.sids and (term is None or term in self.met):
                continue
            kind, address = ("cited", f"index.html#{word}") if word in self.sids else ("term", f"glossary.html#{term}")
            self.met |= {term}
            html += text[at : match.start()] + Markup('<a class="{}" href="{}">{}</a>').format(kind, address, word)
            at = match.end()
        return html + text[at:]

    def render_token(self, token: dict, state: object) -> str:
        self.bare += (outer := token["type"] in ("heading", "link"))  # no link inside a heading or a link
        html = super().render_token(token, state)
        self.bare -= outer
        return html

    def text(self, text: str) -> str:
        return str(self.linked(text, self.TERM))

    def heading(self, text: str, level: int, **_: object) -> str:
        title = Markup(text).striptags()
        self.used[name := slug(title)] += 1
        name += f"-{self.used[name]}" if self.used[name] > 1 else ""
        self.contents += [(name, title)] if level == 2 else []
        return f'<h{level} id="{name}">{text}</h{level}>\n'

    def paragraph(self, text: str) -> str:
        note = re.match(r"(?:<strong>)?Note:(?:</strong>)?", text)
        return self.block_quote(text[note.end() :]) if note else f"<p>{text}</p>\n"

    def block_quote(self, text: str) -> str:
        return f'<div class="note" role="note">{text}</div>\n'

    def table(self, text: str) -> str:
        name = f"Table {self.number()}"
        return f'<div class="table" role="region" tabindex="0" aria-label="{name}"><table>{text}</table></div>\n'

    def table_cell(self, text: str, align: str | None = None, head: bool = False) -> str:
        return f"<th>{text}</th>" if head else f"<td>{text}</td>"

    def image(self, text: str, url: str, title: str | None = None) -> str:
        return text  # a picture outside the page would be a request

    def link(self, text: str, url: str, title: str | None = None) -> str:
        """Links between notebooks lead to their pages; of others those stay that lead somewhere from any folder."""
        url = re.sub(r"^([\w-]+)\.ipynb(?=#|$)", r"\1.html", url)
        return f'<a href="{escape(url)}">{text}</a>' if re.match(r"(?i)https?:|#|[\w-]+\.html", url) else text


def read_table(html: str) -> dict | None:
    """The first table in an output as texts, `columns` (heading, kind) and `rows`; None if there is none.

    The kind of a column is "number", "long" (some cell is a sentence) or "".
    """
    found = BeautifulSoup(html, "html.parser").find("table")
    rows = [[cell.get_text() for cell in row.find_all(["th", "td"])] for row in found.find_all("tr")] if found else []
    (head, *rows), kinds = rows or [[]], []
    for cells in zip(*rows) if rows else [()] * len(head):
        number = all(NUMBER.fullmatch(text) for text in cells)
        kinds.append("number" if number else "long" if max(map(len, cells)) > SENTENCE else "")
    columns, rows = list(zip(head, kinds)), [row[: len(kinds)] for row in rows]
    return {"columns": columns, "rows": rows, "texts": "long" in kinds} if columns else None


def read_drawing(svg: str) -> Markup:
    """An SVG drawing as part of a page: as it is if it has known shapes and attributes only, else nothing."""
    svg = re.sub(r' target="\w*"', "", svg).replace('role="img"', 'role="group"', 1)  # there are links inside
    return Markup(svg) if DRAWING.fullmatch(svg) else Markup()
