"""Prose says what the outputs say: its numbers, its sentence ids, its links."""

import re
from pathlib import Path

import pytest
from prose import SENTENCE, Number, facts, mutants, numbers, prose, stated, unsupported
from running import FILES, NAMES, ROOT, read, text_outputs

FACTS = facts(Path(__file__).with_name("facts.toml"))
README = ROOT / "README.md"
PAGES = [*FILES, README]
each_page = pytest.mark.parametrize("path", PAGES, ids=[*NAMES, "README"])


def texts(path: Path) -> list[tuple[str, str]]:
    """The pieces of a page's prose: where, and the Markdown."""
    if path.suffix == ".md":
        return [(path.name, path.read_text(encoding="utf-8"))]
    return [(f"{path.name}, cell {cell.id}", cell.source) for cell in read(path).cells if cell.cell_type == "markdown"]


def checked(path: Path) -> list[tuple[str, str, dict]]:
    """The same with what may support its numbers.

    That is the notebook's own outputs, for the README those of any notebook. A cell that must hold for any article
    (not tagged `shipped`) states no results, so that no output supports its numbers: they are on the list.
    """
    outputs = {}
    for file in [path] if path in FILES else FILES:
        for number, abouts in stated(read(file)).items():
            outputs.setdefault(number, set()).update(abouts)
    if path == README:
        return [(*piece, outputs) for piece in texts(path)]
    cells = [cell for cell in read(path).cells if cell.cell_type == "markdown"]
    results = ["shipped" in cell.metadata.get("tags", []) for cell in cells]
    return [(*piece, outputs if result else {}) for piece, result in zip(texts(path), results)]


def quote(text: str, number: Number) -> str:
    return " ".join(text[max(number.start - 40, 0) : number.end + 30].split())


@each_page
def test_every_number_in_prose_is_stated_by_an_output(path):
    wrong = [
        f"{where}: {number.value} in “{quote(text, number)}”"
        for where, text, outputs in checked(path)
        for number in unsupported(text, outputs, FACTS)
    ]
    assert not wrong, "no output of the notebook says so about the same words:\n" + "\n".join(wrong)


@each_page
def test_every_number_in_prose_that_is_changed_is_noticed(path):
    """Each changed in turn. Two digits more or another sign always is. Of the changes to the next number, which an
    output may state about the same words, four in five are; in the README, which any notebook supports, one in two.
    """
    near, missed = 0, []
    for where, text, outputs in checked(path):
        wrong = unsupported(text, outputs, FACTS)
        for number in numbers(prose(text), SENTENCE):
            if number in wrong:
                continue
            for other in (others := mutants(text[number.start : number.end])):
                changed = text[: number.start] + other + text[number.end :]
                noticed = len(unsupported(changed, outputs, FACTS)) > len(wrong)
                assert noticed or other in others[-2:], f"{where}: {other} in “{quote(text, number)}”"
                near += other in others[-2:]
                missed += [] if noticed else [f"{where}: {other} in “{quote(text, number)}”"]
    assert near and len(missed) <= near / (2 if path == README else 5), "\n".join(missed)


def test_listed_facts_are_all_used():
    everything = " ".join(" ".join(text.split()) for path in PAGES for _, text in texts(path)).casefold()
    assert [fact for fact in FACTS if fact.casefold() not in everything] == []


def test_number_is_not_found_within_another_number():
    outputs = {value: {frozenset(["line"])} for value in ("1,136", "13.5", "12.4%", "−13")}
    found = unsupported("13 lines, 6, 12.4 and 36", outputs, [])
    assert [number.value for number in found] == ["13", "6", "12.4", "36"]


def test_number_said_of_something_else_is_no_support():
    nine = {"9": {frozenset(["speak", "named"])}}
    assert unsupported("There are 9 paragraphs, none named.", nine, [])
    assert not unsupported("Nine speakers are named.", nine, [])


def test_listed_phrase_supports_its_number_nowhere_else():
    assert not unsupported("from −1 to\n+1", {}, ["from −1 to +1"])
    assert unsupported("from −1 to +2", {}, ["from −1 to +1"])


@each_page
def test_sentence_ids_in_prose_are_shown_by_an_output(path):
    cells = [cell for file in ([path] if path.suffix == ".ipynb" else FILES) for cell in read(file).cells]
    shown = set(re.findall(r"\bs\d+\b", "\n".join(text for cell in cells for text in text_outputs(cell))))
    assert {name for _, text in texts(path) for name in re.findall(r"\bs\d+\b", text)} <= shown


# Paths, links and targets

LINK = re.compile(r"\]\(([^)\s]+)\)")
TEXTS = [*PAGES, ROOT / "data" / "README.md"]


@pytest.mark.parametrize("path", TEXTS, ids=[*NAMES, "README", "data"])
def test_links_lead_somewhere(path):
    for _, text in texts(path):
        for link in LINK.findall(text):
            target, _, anchor = link.partition("#")
            if not re.match(r"https?://", link):
                assert not target or (path.parent / target).exists(), f"{path.name}: {link}"
                assert not anchor or target or anchor in headings(text), f"{path.name}: {link}"


def headings(text: str) -> list[str]:
    titles = re.findall(r"(?m)^#+ (.+)$", text)
    return [re.sub(r"[^\w\- ]", "", title.lower()).replace(" ", "-") for title in titles]


EXAMPLES = r"(?:data/)?other(?:-statements)?\.\w+|X(?:-statements)?\.\w+|site/.*|build/.*"


@pytest.mark.parametrize("path", TEXTS, ids=[*NAMES, "README", "data"])
def test_files_named_in_prose_exist(path):
    names = {p.name for p in ROOT.rglob("*") if not {".venv", "build", "site", ".git"} & set(p.relative_to(ROOT).parts)}
    for _, text in texts(path):
        for name in re.findall(r"`([\w./-]+\.(?:py|txt|toml|tsv|csv|ipynb|md|lock|html)|[\w./-]+/)`", text):
            known = re.fullmatch(EXAMPLES, name) or (ROOT / name).exists() or Path(name).name in names
            assert known or (path.parent / name).exists(), f"{path.name}: {name}"


def test_make_targets_and_settings_named_in_readme_exist():
    text, makefile = README.read_text(encoding="utf-8"), (ROOT / "Makefile").read_text(encoding="utf-8")
    code = re.findall(r"```.*?```|`[^`\n]+`", text, re.S)
    commands = [match for piece in code for match in re.findall(r"(?m)^`?(?:```\n)?make\b([^#`\n]*)", piece)]
    assert commands
    for command in commands:
        for word in command.split():
            name = word.partition("=")[0]
            if "=" not in word:
                assert re.search(rf"(?m)^{re.escape(word)}:", makefile), f"make {word}"
            elif not re.search(rf"\$\({name}\)", makefile):
                assert any(re.search(rf"(?m)^{name} = ", cell.source) for path in FILES for cell in read(path).cells), (
                    name
                )
