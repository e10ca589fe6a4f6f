"""Numbers in prose, held against what the notebooks' outputs say."""

import re
import tomllib
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import NamedTuple

from bs4 import BeautifulSoup
from nbformat import NotebookNode

WORDS = [
    "zero", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten", "eleven", "twelve",
    "thirteen", "fourteen", "fifteen", "sixteen", "seventeen", "eighteen", "nineteen", "twenty",
]  # fmt: skip
SPELLED = {word: str(number) for number, word in enumerate(WORDS)} | {
    "thirty": "30", "forty": "40", "fifty": "50", "sixty": "60", "seventy": "70", "eighty": "80", "ninety": "90",
    "hundred": "100", "thousand": "1,000", "million": "1,000,000", "half": "0.5",
}  # fmt: skip
NUMBER = re.compile(rf"(?<![\w.])(?:[+−-]?\d+(?:,\d{{3}})*(?:\.\d+)?%?(?!\w)|(?i:{'|'.join(SPELLED)})\b)")
DATE = re.compile(r"\b\d{1,2} (?:Jan|Febr|March|April|May|June|July|Aug|Sept|Octo|Nov|Dec)[a-z]* \d{4}\b")
SENTENCE = re.compile(r"(?<=[.!?])\s+|\n")
CLAUSE = re.compile(r"[.,;!?](?!\d)|[()\[\]]|\n")
STOP = {
    "a", "an", "and", "are", "as", "at", "be", "but", "by", "each", "for", "from", "has", "have", "in", "is", "it",
    "its", "no", "not", "of", "on", "or", "than", "that", "the", "then", "these", "they", "this", "to", "was", "were",
    "what", "which", "who", "with", "all", "only", "so", "more", "them", "most",
}  # fmt: skip
LONG = 60  # characters of a table's cell; a longer one is quoted text and says nothing about the number beside it


class Number(NamedTuple):
    value: str  # "13", "+0.38", "12.4%"; spelled-out ones in digits
    start: int
    end: int
    about: frozenset[str]  # stems of the words around it


def stems(text: str) -> frozenset[str]:
    """The words of a text that mean something, cut to five letters, so that forms of a word meet."""
    words = [word for word in re.findall(r"[^\W\d]+", text.replace("_", " ").lower()) if word not in STOP]
    return frozenset(word[:5].rstrip("s") for word in words if word not in SPELLED)


def value(text: str) -> str:
    return SPELLED.get(text.lower(), text).replace("-", "−")


def numbers(text: str, cut: re.Pattern) -> list[Number]:
    """The numbers of a text, each with the words of its own piece, where `cut` cuts the text to pieces."""
    found, at = [], 0
    for end in [*(match.start() for match in cut.finditer(text)), len(text)]:
        about = stems(text[at:end])
        found += [
            Number(value(match[0]), match.start(), match.end(), about) for match in NUMBER.finditer(text, at, end)
        ]
        at = end
    return found


def prose(markdown: str) -> str:
    """A Markdown text with code, link targets and notebook numbers blanked out, so that offsets stay."""
    unread = r"```.*?```|`[^`]*`|\]\([^)]*\)|(?<![\w.,])0[0-4](?![\w.,%])|<[^>]+>|\bs\d+\b|^\d+\. "
    return re.sub(unread, lambda match: re.sub(r"[^\n]", " ", match[0]), markdown, flags=re.S | re.M)


def stated(notebook: NotebookNode) -> dict[str, set[frozenset[str]]]:
    """Each number that an output states, with the words around it, as often as it is stated."""
    found = {}
    for cell in notebook.cells:
        for output in cell.get("outputs", []):
            html = output.get("data", {}).get("text/html")
            text = output.get("text") or output.get("data", {}).get("text/plain", "")
            for number in _table(html) if html else numbers(text, CLAUSE):
                found.setdefault(number.value, set()).add(number.about)
    return found


def _table(html: str) -> Iterator[Number]:
    """The cells that are numbers, about their column's name and the words of their row."""
    table = BeautifulSoup(html, "html.parser")
    names = [cell.get_text() for cell in table.select("thead th")]
    for row in table.select("tbody tr"):
        cells = [cell.get_text().strip() for cell in row.select("td")]
        labels = stems(" ".join(cell for cell in cells if len(cell) < LONG))
        for name, cell in zip(names, cells):
            for number in NUMBER.finditer(cell) if len(cell) < LONG else ():
                yield Number(value(number[0]), *number.span(), labels | stems(name))


def facts(path: Path) -> dict[str, str]:
    """The phrases that state what no output can, each with its source."""
    return {row["text"]: row["source"] for row in tomllib.loads(path.read_text(encoding="utf-8"))["fact"]}


def unsupported(markdown: str, outputs: dict[str, set[frozenset[str]]], known: Iterable[str]) -> list[Number]:
    """The numbers of a text that neither an output states about the same things, nor a known phrase holds.

    About the same things: two words shared with the sentence, or one where the output has only one.
    """
    text = prose(markdown)
    phrases = [re.escape(phrase).replace(r"\ ", r"\s+") for phrase in known]
    listed = [match.span() for phrase in phrases for match in re.finditer(phrase, text, re.I)]

    def is_stated(number: Number) -> bool:
        return any(len(about & number.about) >= min(2, len(about)) for about in outputs.get(number.value, ()) if about)

    dates = [match.span() for match in DATE.finditer(text)]

    def within(number: Number, spans: list[tuple[int, int]]) -> bool:
        return any(start <= number.start and number.end <= end for start, end in spans)

    return [
        number
        for number in numbers(text, SENTENCE)
        if not within(number, listed) and (within(number, dates) or not is_stated(number))
    ]


def mutants(text: str) -> list[str]:
    """Other values for a number: two digits more, the other sign, one more and one less in its last digit."""
    if text.lower() in SPELLED:
        words = [*SPELLED]
        at = words.index(text.lower())
        return [words[(at + step) % len(words)] for step in (11, 1)]
    at = max(i for i, mark in enumerate(text) if mark.isdigit())
    others = [f"{text[: at + 1]}77{text[at + 1 :]}"]
    others += [("−" if text[0] == "+" else "+") + text[1:]] if text[0] in "+−-" else []
    return [*others, *(f"{text[:at]}{(int(text[at]) + step) % 10}{text[at + 1 :]}" for step in (1, 9))]
