"""Prose says what the outputs say: its numbers, sentence ids, links and file names."""

import re
from pathlib import Path

import pytest

from tests.running import FILES, NAMES, ROOT, outputs, read, visible
from tools.run import tagged

README = ROOT / "README.md"
PAGES = [*FILES, README]
each_page = pytest.mark.parametrize("path", PAGES, ids=[*NAMES, "README"])
NUMBER = re.compile(r"(?<![\w.,/])(?:[+−]?\d+(?:[.,]\d+)*%?|s\d+)(?![\w/])")
UNREAD = r"```.*?```|`[^`]*`|\]\([^)]*\)|(?<![\w.,])0\d\b(?![.,]\d)|(?m:^\d+\. )|\b\d{1,2} [A-Z]\w+ 20\d\d\b|<[^>]+>"
KNOWN = {  # numbers that no output prints, with their source
    "3.11": "requirements.lock: the oldest Python",
    "95%": "section_means: the level of an interval",
    "2021": "wordfreq's own documentation: its last year of texts",
}


def texts(path: Path) -> list[str]:
    """A page's prose that speaks of the shipped article."""
    if path == README:
        return [path.read_text(encoding="utf-8")]
    return [cell.source for cell in tagged(read(path), "shipped")]


def numbers(text: str) -> set[str]:
    return {*NUMBER.findall(re.sub(UNREAD, " ", text, flags=re.S))}


@pytest.fixture(scope="module")
def shown() -> dict[str, str]:
    """Everything that a notebook's outputs show; for the README, everything that any shows."""
    pages = {path.stem: "\n".join(map(visible, outputs(path))) for path in FILES}
    return pages | {"README": "\n".join(pages.values())}


@each_page
def test_every_number_and_sentence_in_the_prose_is_printed_by_an_output(path, shown):
    printed = {*NUMBER.findall(shown[path.stem])} | KNOWN.keys()
    stated = set().union(*map(numbers, texts(path)))
    assert stated - printed == set()
    assert stated or path == FILES[5], "no number at all: is the prose still read?"


def test_a_number_is_found_in_its_own_form_only():
    text = "1. In 31% of 1,136 words (s13), +0.38 to −0.05; see [03](03-x.ipynb), `s14` and 4 February 2022."
    assert numbers(text) == {"31%", "1,136", "s13", "+0.38", "−0.05"}
    printed = NUMBER.findall("31 12.4% 1,136 13.5 −13 s3 0.38")
    assert printed == ["31", "12.4%", "1,136", "13.5", "−13", "s3", "0.38"]


# Links and names

TEXTS = [*PAGES, *(ROOT / name / "README.md" for name in ("data", "notebooks/newstext", "notebooks/newsprint"))]
MADE = r"figures/09-.*|(?:data/|build/)?other\b.*|(?:X|story)(?:-[a-z-]+)?\.\w+|site/.*|build/.*|\.venv"


@pytest.mark.parametrize("path", TEXTS, ids=lambda path: str(path.relative_to(ROOT)))
def test_links_lead_somewhere_and_files_named_exist(path):
    source = read(path).cells if path.suffix == ".ipynb" else []
    text = "\n".join(cell.source for cell in source if cell.cell_type == "markdown") or path.read_text(encoding="utf-8")
    links = [link.partition("#")[0] for link in re.findall(r"\]\(([^)\s]+)\)", text) if "://" not in link]
    assert [link for link in links if not (path.parent / link).exists()] == []
    names = re.findall(r"`([\w./-]+\.(?:py|txt|toml|tsv|csv|ipynb|md|lock|html|cff)|[\w.-]+/[\w./-]*)`", text)
    missing = [
        name for name in names
        if not re.fullmatch(MADE, name) and not (ROOT / name).exists() and not (path.parent / name).exists()
    ]  # fmt: skip
    assert missing == [] and (links or names)


def test_make_targets_and_settings_named_in_readme_exist():
    text, makefile = README.read_text(encoding="utf-8"), (ROOT / "Makefile").read_text(encoding="utf-8")
    code = "\n".join(re.findall(r"```.*?```|`[^`\n]+`", text, re.S))
    words = [word for line in re.findall(r"(?m)^`?make\b([^#`\n]*)", code) for word in line.split()]
    settings = "\n".join(cell.source for path in FILES for cell in tagged(read(path), "parameters"))
    assert len(words) > 3
    for word in words:
        name, given, _ = word.partition("=")
        wanted = rf"\b{name}\b" if given else rf"(?m)^{name}:"
        assert re.search(wanted, makefile + settings) or not re.fullmatch("[A-Za-z_-]+", name), word
