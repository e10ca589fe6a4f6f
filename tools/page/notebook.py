"""What the page of a notebook holds: prose with its links, and tables and drawings rebuilt from what may stand in a page."""

import os
import re
import tomllib
from collections import Counter
from functools import cache
from itertools import count
from pathlib import Path
from xml.etree import ElementTree

import mistune
from bs4 import BeautifulSoup
from markupsafe import Markup, escape

PAGE = Path(__file__).resolve().parent
ROOT = PAGE.parents[1]
NUMBER = re.compile(r"[+−-]?[\d,.]+ ?%?|–|")
SENTENCE = 40  # characters; a column with a longer cell is one of sentences
SHAPES = "svg g path rect circle ellipse line polyline polygon text tspan title desc a use defs clipPath".split()
FORMS = """viewBox x y x1 x2 y1 y2 cx cy r rx ry dx dy width height d points transform fill fill-opacity fill-rule stroke
    stroke-width stroke-dasharray stroke-dashoffset stroke-linecap stroke-linejoin stroke-miterlimit stroke-opacity opacity
    clip-rule clip-path font-size font-weight font-style text-anchor id href""".split()


@cache
def glossary() -> list[dict]:
    """Terms with `name, id, text, also`, in the order of the alphabet."""
    entries = tomllib.loads((PAGE / "glossary.toml").read_text(encoding="utf-8"))
    return [{"name": n, "id": slug(n), "also": [], **entries[n]} for n in sorted(entries, key=str.casefold)]


@cache
def terms() -> dict[str, str]:
    """The glossary's entry for each form of a term in lower case, longest form first."""
    forms = {form.casefold(): term["id"] for term in glossary() for form in [term["name"], *term["also"]]}
    return dict(sorted(forms.items(), key=lambda item: -len(item[0])))


def slug(text: str) -> str:
    return re.sub(r"[\W_]+", "-", text.lower()).strip("-") or "section"


class Prose(mistune.HTMLRenderer):
    """The Markdown of one page: ids for headings, notes apart, links to sentences and, once each, to the glossary.

    `sids` are the sentences that there are, `folder` the one that the page lies in.
    """

    SID = re.compile(r"\bs\d+\b")
    TERM = re.compile(rf"\bs\d+\b|(?<![\w-])(?:{'|'.join(map(re.escape, terms()))})(?![\w-])", re.IGNORECASE)

    def __init__(self, sids: set[str], folder: Path):
        super().__init__(escape=True)
        self.sids, self.folder, self.bare = sids, folder, 0
        self.contents, self.used, self.met, self.number = [], Counter(["main"]), set(), count(1).__next__
        self.markdown = mistune.create_markdown(renderer=self, plugins=["table"])

    def html(self, source: str) -> Markup:
        return Markup(self.markdown(source))

    def linked(self, text: str, find: re.Pattern = SID) -> Markup:
        """The text, escaped, with links on the ids of sentences that there are and on terms not met before."""
        html, at = Markup(), 0
        for match in () if self.bare else find.finditer(text):
            word, term = match[0], terms().get(match[0].casefold())
            if word in self.sids:
                link = Markup('<a class="cited" href="index.html#{0}">{0}</a>').format(word)
            elif term and term not in self.met:
                self.met.add(term)
                link = Markup('<a class="term" href="glossary.html#{}">{}</a>').format(term, word)
            else:
                continue
            html, at = html + text[at : match.start()] + link, match.end()
        return html + text[at:]

    def render_token(self, token: dict, state: object) -> str:
        self.bare += (outer := token["type"] in ("heading", "link"))  # no link inside a heading or a link
        html = super().render_token(token, state)
        self.bare -= outer
        return html

    def text(self, text: str) -> str:
        return str(self.linked(text, self.TERM))

    def codespan(self, code: str) -> str:
        return f"<code>{self.linked(code)}</code>"

    def heading(self, text: str, level: int, **_: object) -> str:
        name, title = slug(Markup(text).striptags()), Markup(text).striptags()
        self.used[name] += 1
        name += f"-{self.used[name]}" if self.used[name] > 1 else ""
        self.contents += [(name, title)] if level == 2 else []
        return f'<h{level} id="{name}">{text}</h{level}>\n'

    def paragraph(self, text: str) -> str:
        note = re.match(r"(?:<strong>)?Note:(?:</strong>)?", text)
        return self.block_quote(text[note.end() :]) if note else f"<p>{text}</p>\n"

    def block_quote(self, text: str) -> str:
        return f'<div class="note" role="note">{text}</div>\n'

    def table(self, text: str) -> str:
        name = f'aria-label="Table {self.number()}"'
        return f'<div class="table" role="region" tabindex="0" {name}><table>{text}</table></div>\n'

    def table_cell(self, text: str, align: str | None = None, head: bool = False) -> str:
        tag, right = "th" if head else "td", ' class="number"' if align == "right" else ""
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
            url = Path(os.path.relpath(target, self.folder)).as_posix()
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
    for cells in zip(*rows) if rows else [()] * len(head):
        number = all(NUMBER.fullmatch(text) for text in cells)
        kinds.append("number" if number else "long" if max(map(len, cells)) > SENTENCE else "")
    rows = [row[: len(kinds)] for row in rows]
    return {"columns": list(zip(head, kinds)), "rows": rows, "texts": "long" in kinds}


def read_drawing(svg: str, alt: str) -> Markup:
    """An SVG drawing as part of a page, known shapes and attributes only; empty if it cannot be read."""
    try:
        root = ElementTree.fromstring(svg)
    except ElementTree.ParseError:
        return Markup()
    for element in root.iter():
        for child in [child for child in element if child.tag.rpartition("}")[2] not in SHAPES]:
            element.remove(child)
        held = {key.rpartition("}")[2]: value for key, value in element.items()}
        element.tag, element.tail = element.tag.rpartition("}")[2], (element.tail or "").strip()
        element.attrib.clear()
        for key, value in held.items():
            leads = re.fullmatch(r"(?:index\.html)?#[\w-]+", value) if key == "href" else "url(" not in value
            if key in FORMS and (leads or re.fullmatch(r"url\(#[\w-]+\)", value)):
                element.set(key, value)
    root.attrib = {"viewBox": root.get("viewBox", ""), "role": "group", "aria-label": alt}
    return Markup(ElementTree.tostring(root, encoding="unicode", short_empty_elements=False))
