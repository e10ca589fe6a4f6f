"""The notebooks: their shape, what they show, that it is what the code gives, and that they can be changed."""

import ast
import re
import sys
from base64 import b64decode
from importlib.metadata import version
from pathlib import Path
from statistics import median

import pytest

from tests import running
from tests.running import FILES, NAMES, NOTEBOOKS, ROOT, code_cells, outputs, read, run_cells, visible
from tools.run import parameters, tagged

each_notebook = pytest.mark.parametrize("path", FILES, ids=NAMES)
DRAWN_WITH = ("matplotlib", "numpy", "pandas", "pillow", "contourpy", "kiwisolver")  # other versions move pixels
MACHINE = r"(?<![\w.)\]/<])/(home|root|tmp|work|Users|usr|var|opt)/|[A-Z]:\\\\|site-packages|0x[0-9a-f]{8,}|localhost"
NAMED = r"\b(China|Russian?|Chinese|Putin|Reuters|Beijing|Moscow|Kremlin|Ukraine|NATO|Russel|Eyal|Biden)\b"


def markdown(path: Path) -> list:
    return [cell for cell in read(path).cells if cell.cell_type == "markdown"]


def words(text: str) -> int:
    return sum(bool(re.search(r"\w", word)) for word in re.sub(r"\]\([^)]*\)", "]", text).split())


def test_there_are_six_with_little_code_and_more_prose():
    assert [name[:2] for name in NAMES] == ["00", "01", "02", "03", "04", "05"]
    cells = [cell.source.splitlines() for path in FILES for cell in code_cells(path)]
    lines = sum(map(len, cells))
    assert median(map(len, cells)) <= 3 and max(map(len, cells)) <= 8
    assert lines <= 260 and max(len(line) for cell in cells for line in cell) <= 120
    assert sum(words(cell.source) for path in FILES for cell in markdown(path)) >= 8 * lines


def test_pages_are_short_with_few_sections_and_tables():
    """Visible words of 00–04, code folded; pictures count with their title only, which is drawn."""
    shown = [output for page in FILES[:5] for output in outputs(page) if "image/png" not in output.get("data", {})]
    text = sum(words(cell.source) for page in FILES[:5] for cell in markdown(page))
    assert 2_000 < text + sum(words(visible(output)) for output in shown) <= 4_500
    counts = [sum("text/html" in output.get("data", {}) for output in outputs(path)) for path in FILES]
    assert 1 <= sum(counts[1:5]) <= 10 and 1 <= counts[5] <= 7, counts
    for path in FILES[1:5]:
        assert 1 <= sum(cell.source.startswith("## ") for cell in markdown(path)) <= 5, path.name


@each_notebook
def test_opens_with_what_was_found_then_imports_parameters_that_are_used_and_reading(path):
    first, imports, settings, reading = read(path).cells[:4]
    assert first.metadata.tags == ["shipped"] and not re.search(r"\bp ?[=<]|p-value", first.source)
    assert all(len(re.findall(r"\([^)s]*\d[^)]*\)", text)) <= 1 for text in re.split(r"(?<=[.?]) ", first.source))
    assert len(ast.parse(imports.source).body) <= 2 and "read_article(ARTICLE" in reading.source
    later = "\n".join(cell.source for cell in code_cells(path)[2:])
    assert [name for name in parameters(read(path)) if not re.search(rf"\b{name}\b", later)] == []
    nodes = [*ast.walk(ast.parse(later))]
    assert not [node for node in nodes if isinstance(node, ast.If | ast.IfExp) or getattr(node, "ifs", [])]
    inside = [part for node in nodes if isinstance(node, ast.FormattedValue) for part in ast.walk(node.value)]
    assert not [part for part in inside if isinstance(part, ast.JoinedStr)], "nested f-strings"


@each_notebook
def test_what_speaks_of_the_shipped_article_is_tagged_and_has_another_text(path):
    shipped = tagged(read(path), "shipped")
    for cell in (cell for cell in markdown(path) if cell not in shipped):
        prose = re.sub(r"`[^`]*`|“[^”]*”|^\*\*Try\.\*\*.*", "", cell.source, flags=re.M)
        assert not re.search(NAMED, prose), cell.id
    others = [cell for cell in shipped[1:] if cell.source.startswith("## ")]
    assert all(cell.metadata.otherwise.startswith("## ") for cell in others) and (others or path == FILES[5])


@each_notebook
def test_outputs_are_plain_text_tables_and_pictures_with_alternative_text(path):
    cells = code_cells(path)
    assert [cell.execution_count for cell in cells] == [*range(1, len(cells) + 1)]
    assert outputs(path) and not re.search(MACHINE, path.read_text(encoding="utf-8"))
    for output in outputs(path):
        data = output.get("data", {})
        assert output.output_type in ("stream", "display_data") and output.get("name") != "stderr"
        assert set(data) <= {"text/plain", "text/html", "image/png"}
        assert not re.search(r"(?i)\bnan\b|<NA>|\binf\b|-0\.00|\d\.\d{5}", visible(output)), visible(output)
        if "image/png" in data:
            alt, name = output.metadata["image/png"]["alt"], output.metadata.newsprint.figure
            assert len(alt) > 40 and alt == data["text/plain"]
            assert b64decode(data["image/png"]) == (ROOT / "figures" / f"{name}.png").read_bytes()


@pytest.mark.full
def test_committed_outputs_and_figures_are_to_the_byte_what_the_code_gives(tmp_path_factory):
    """In another folder, locale, time zone and hash seed, without a home or NLTK data (.ci/run: without a network);
    pictures only where the versions are those of the lock."""
    folder = tmp_path_factory.mktemp("Prüf stand (ß)")
    root, rerun = running.copy_checkout(folder / "newsprint"), folder / "out"
    odd = {"PYTHONHASHSEED": "7", "LC_ALL": "C", "PYTHONUTF8": "0", "PYTHONCOERCECLOCALE": "0", "NLTK_DATA": ""}
    odd |= {"TZ": "Pacific/Kiritimati", "HOME": "/proc/nohome"}
    done = running.run_tool("--out", rerun, root=root, cwd="/", env=odd)
    assert done.returncode == 0, done.stderr
    lock = (ROOT / "requirements.lock").read_text(encoding="utf-8")
    same = all(f"\n{name}=={version(name)} " in lock for name in DRAWN_WITH)
    for path in FILES:
        old, new = ([dict(cell) for cell in read(own).cells] for own in (path, rerun / "notebooks" / path.name))
        for cell in [*old, *new] if not same else []:
            for output in cell.get("outputs", []):
                output.get("data", {}).pop("image/png", None)
        stale = [a["id"] for a, b in zip(old, new, strict=True) if a != b]
        assert not stale, f"{path.name} is stale, cells {', '.join(stale)}: run `make` and commit what it changes"
    old, new = running.tree(ROOT / "figures"), running.tree(rerun / "figures")
    assert old.keys() == new.keys() and (old == new or not same), "figures/ is stale: run `make`, remove others"


@pytest.fixture(scope="session", params=FILES, ids=NAMES)
def ran(request) -> tuple[Path, str, dict]:
    """A notebook, what its cells show when they are run, and the names that they leave."""
    names = {"__name__": "__main__"}
    return request.param, run_cells(request.param, names=names), names


def test_what_is_committed_is_what_cells_show_and_show_again(ran):
    path, first, names = ran
    at = 0
    for output in outputs(path):
        text = visible(output).strip()
        assert (at := first.find(text, at)) >= 0, f"{path.name} is stale: run `make` and commit what it changes: {text}"
    assert len(first) > 300 and first == run_cells(path, names=names)
    assert "nltk" in sys.modules and "scipy" not in sys.modules


def test_each_try_shows_what_it_promises(ran):
    """“Try” holds pieces `NAME = value`: … “words” …; each is run, changes what is shown, and shows the words."""
    path, shipped, _ = ran
    (text,) = [cell.source for cell in markdown(path) if "**Try.**" in cell.source]
    pieces = re.findall(r"`([A-Z_]+) = ([^`]+)`(.*?)(?=`[A-Z_]+ = |\n\n|\Z)", text, re.S)
    assert pieces and {name for name, _, _ in pieces} <= set(parameters(read(path)))
    for name, value, promise in pieces:
        shown = run_cells(path, {name: ast.literal_eval(value)})
        promised = re.findall("“([^”]+)”", promise)
        assert promised, f"{name} = {value}: says nothing in “quotation marks” that could be looked for"
        assert [quote for quote in promised if quote not in shown] == [], f"{name} = {value}"
        assert shown != shipped, f"{name} = {value}: changes nothing"


@pytest.mark.parametrize(
    ("number", "name", "value"),
    [(2, "TOP_TERMS", 0), (2, "TOP_TERMS", "many"), (2, "SORT", "up"), (2, "PATTERN", "("), (2, "PATTERN", "[[a]"),
     (1, "EXAMPLE", "s99"),
     (1, "ARTICLE", "data/none.txt"), (1, "STOP_WORDS", "data/none.txt"), (3, "STATEMENTS", "by x"), (4, "ENDS", 2.5)],
)  # fmt: skip
def test_a_wrong_setting_gives_one_line_that_names_it(number, name, value):
    with pytest.raises(Exception, match=rf"\A[^\n]*({name}|none\.txt)[^\n]*\Z") as caught:
        run_cells(FILES[number], {name: value})
    assert caught.type.__name__ == "ArticleError"


def test_do_it_yourself_does_what_it_says(monkeypatch, tmp_path):
    """Each call in the helpers' README gives the columns beside it, each line of code a table or a chart."""
    monkeypatch.setenv("NEWSPRINT_OUT", str(tmp_path))
    text, names, checked = (NOTEBOOKS / "newsprint" / "README.md").read_text(encoding="utf-8"), {}, 0
    imports, lines, drawn = re.findall(r"```python\n(.*?)```", text, re.S)
    exec(imports, names)
    for call, columns in re.findall(r"(?m)^\| `([^`]+)` \|[^|]*\| (.+) \|$", text):
        name, _, code = call.rpartition(" = ")
        names[name] = eval(code, names)
        if told := re.fullmatch("`([^`]+)`", columns):
            assert [*names[name].columns] == told[1].split(", "), call
            checked += 1
    assert checked >= 7 and all(len(eval(line, names)) for line in lines.splitlines())
    exec(drawn, names)
    assert {path.name for path in (tmp_path / "figures").iterdir()} == {*re.findall(r"09-[\w-]+\.png", text)} | {
        f"09-{name}.png" for name in re.findall(r'draw\.\w+\("([\w-]+)"', drawn)
    }
