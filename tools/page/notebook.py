"""What the page of a notebook holds: prose with its links, and tables and drawings that may stand in a page."""

import re
import tomllib
from collections import Counter
from collections.abc import Iterable
from itertools import count
from pathlib import Path
from xml.etree import ElementTree

import mistune
from bs4 import BeautifulSoup
from markupsafe import Markup, escape

PAGE = Path(__file__).resolve().parent
NUMBER = re.compile(r"[+−-]?[\d,.]+ ?%?|–|")
SENTENCE = 40  # characters; a column with a longer cell is one of sentences, or of their first words
SHAPES = ["svg", "g", "path", "rect", "circle", "line", "polyline", "polygon", "text", "a", "use", "defs", "clipPath"]
FORMS = re.compile(r"""(?x) viewBox | [xyrd] | [xy][12] | [cd][xy] | width | height | points | transform | opacity
    | (?:fill|stroke)(?:-\w+)? | font-size | font-weight | text-anchor""")


def slug(text: str) -> str:
    return re.sub(r"[\W_]+", "-", text.lower()).strip("-") or "section"


ENTRIES = tomllib.loads((PAGE / "glossary.toml").read_text(encoding="utf-8"))
GLOSSARY = [{"also": [], "source": "", "name": n, "id": slug(n), **ENTRIES[n]} for n in sorted(ENTRIES, key=str.lower)]
TERMS = {form.casefold(): term["id"] for term in GLOSSARY for form in [term["name"], *term["also"]]}
FORM = "|".join(map(re.escape, sorted(TERMS, key=len, reverse=True)))


class Prose(mistune.HTMLRenderer):
    """The Markdown of one page: ids for headings, notes apart, links to sentences and, once each, to the glossary.

    `said` are the sentences that there are, `taken` the ids that the page gives to other things.
    """

    SID = re.compile(r"\bs\d+\b")
    TERM = re.compile(rf"\bs\d+\b|(?<![\w-])(?:{FORM})(?![\w-])", re.IGNORECASE)

    def __init__(self, said: dict[str, str], taken: Iterable[str] = ()):
        super().__init__(escape=True)
        self.said, self.bare, self.number = said, 0, count(1).__next__
        self.contents, self.used, self.met = [], Counter(["main", *taken]), set()
        self.markdown = mistune.create_markdown(renderer=self, plugins=["table"])

    def html(self, source: str) -> Markup:
        return Markup(self.markdown(source))

    def linked(self, text: str, find: re.Pattern = SID) -> Markup:
        """The text, escaped, with links on the ids of sentences that there are and on terms not met before."""
        html, at = Markup(), 0
        for match in () if self.bare else find.finditer(text):
            word, term = match[0], TERMS.get(match[0].casefold())
            if word not in self.said and (term is None or term in self.met):
                continue
            kind, address = ("cited", f"index.html#{word}") if word in self.said else ("term", f"glossary.html#{term}")
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


def read_drawing(svg: str, name: str, alt: str, said: dict[str, str]) -> Markup:
    """A drawing as part of a page, its known shapes and attributes only; nothing where it is no SVG.

    Styles become attributes, the font is the page's own, ids begin with `name` and are numbered, since matplotlib's
    hang on the last digit of a place. Links lead to the sentences in `said` (text by sid), which are their titles.
    """
    used = dict.fromkeys(re.findall(r"(?:url\(|href=\")#([\w-]+)", svg))
    ids = {found: f"{name}-{n}" for n, found in enumerate(used)}

    def drawn(part: ElementTree.Element) -> Markup:
        shape, given = part.tag.rpartition("}")[2], {key.rpartition("}")[2]: own for key, own in part.items()}
        if shape not in SHAPES:
            return Markup()
        given |= dict(re.findall(r"([\w-]+): ([^;]+)", given.pop("style", "")))
        weight, size = re.match(r"(?:(\d+) )?([\d.]+px|)", given.get("font", "")).groups()
        given |= {key: own for key, own in (("font-weight", weight), ("font-size", size)) if own}
        kept = {key: own for key, own in given.items() if FORMS.fullmatch(key) and "url" not in own}
        own, link, clip, title = *(given.get(key, "") for key in ("id", "href", "clip-path")), Markup()
        kept |= {"id": ids[own]} if own in ids else {}
        kept |= {"clip-path": f"url(#{ids[clip[5:-1]]})"} if clip[5:-1] in ids else {}
        if shape == "use":
            kept["href"] = f"#{ids.get(link[1:], '')}"
        elif shape == "a" and link in said:
            kept, title = {"href": f"index.html#{link}"}, Markup("<title>{}: {}</title>").format(link, said[link])
        elif part is root:
            kept = {"viewBox": given.get("viewBox", ""), "role": "group", "aria-label": alt}  # there are links inside
        attributes = Markup().join(Markup(' {}="{}"').format(*own) for own in kept.items())
        inside = title + (part.text or "").strip() + Markup().join(map(drawn, part))
        return Markup("<{}{}>{}</{}>").format(shape, attributes, inside, shape)

    try:
        root = ElementTree.fromstring(svg)
    except ElementTree.ParseError:
        return Markup()
    return drawn(root)
