"""The committed notebooks: their shape, and that they are what the code gives now."""

import ast
import re
from base64 import b64decode
from importlib.metadata import version
from pathlib import Path

import nbformat
import pytest
from bs4 import BeautifulSoup
from running import FILES, NAMES, ROOT, copy_checkout, read, run_tool, tree

each_notebook = pytest.mark.parametrize("path", FILES, ids=NAMES)
EXPECTED = {
    "00-overview", "01-article-and-tokens", "02-term-frequency", "03-speaker-attribution", "04-sentiment-by-section",
}  # fmt: skip
CELLS, LINES, OPENING, ROWS, ALT = 40, 12, 120, 22, 40
DRAWN_WITH = ("matplotlib", "numpy", "pandas", "pillow", "contourpy", "kiwisolver")  # other versions move pixels
FORBIDDEN = {
    r"^\s*[%!]": "a magic or a shell command",
    r"\bpip\b|\bnltk\.download\b|download_corpora": "an install or a download",
    r"\bwarnings\b": "a warning filter",
    r"\.style\b|\bStyler\b": "Styler",
    r"\b(HTML|Markdown|IFrame|SVG|Javascript|Latex)\(": "a display of text as markup",
    r"\bsys\.path\b": "path juggling",
    r"\bipywidgets\b|\btqdm\b": "a widget",
    r"(?m)^\s*#\s*(print|show|publish|import|from)\b.*[()]": "code switched off",
}


def code_cells(path: Path) -> list:
    return [cell for cell in read(path).cells if cell.cell_type == "code"]


def outputs(path: Path) -> list[tuple[str, dict]]:
    return [(cell.id, output) for cell in code_cells(path) for output in cell.outputs]


def test_the_five_notebooks_are_there():
    assert set(NAMES) == EXPECTED


@each_notebook
def test_opens_with_a_short_summary_of_the_shipped_article(path):
    first = read(path).cells[0]
    assert first.cell_type == "markdown" and first.source.startswith("# ")
    assert first.metadata.get("tags") == ["shipped"]
    assert "shipped article" in first.source and "What we found" in first.source
    words = re.sub(r"\]\([^)]*\)", "]", first.source).split()
    assert len([word for word in words if re.search(r"\w", word)]) <= OPENING


@each_notebook
def test_imports_then_parameters_then_reading(path):
    imports, parameters, reading = read(path).cells[1:4]
    assert all(isinstance(node, ast.Import | ast.ImportFrom) for node in ast.parse(imports.source).body)
    assert parameters.metadata.tags == ["parameters"]
    assert parameters.source.startswith('ARTICLE = "../data/article.txt"')
    assert "read_article(ARTICLE" in reading.source
    tagged = [cell.id for cell in code_cells(path) if "parameters" in cell.metadata.get("tags", [])]
    assert tagged == [parameters.id]
    later = [node for cell in code_cells(path)[1:] for node in ast.walk(ast.parse(cell.source))]
    assert not [ast.unparse(node) for node in later if isinstance(node, ast.Import | ast.ImportFrom)]


@each_notebook
def test_closes_with_what_would_change_this_and_links_on(path):
    cells = [cell for cell in read(path).cells if cell.cell_type == "markdown"]
    assert any("## What would change this" in cell.source for cell in cells)
    at = FILES.index(path)
    beside = [FILES[i].name for i in (at - 1, at + 1) if 0 <= i < len(FILES)]
    assert all(f"]({name})" in "".join(cell.source for cell in cells[-2:]) for name in beside)


@each_notebook
def test_cells_are_few_short_and_not_empty(path):
    cells = read(path).cells
    assert len(cells) <= CELLS
    assert all(cell.source.strip() for cell in cells)
    assert not [cell.id for cell in code_cells(path) if len(cell.source.splitlines()) > LINES]
    assert not [line for cell in code_cells(path) for line in cell.source.splitlines() if len(line) > 120]
    prose = sum(len(cell.source.split()) for cell in cells if cell.cell_type == "markdown")
    assert prose >= 4 * sum(len(cell.source.splitlines()) for cell in code_cells(path))


@each_notebook
def test_cells_are_counted_from_one_and_have_ids_of_their_own(path):
    notebook = read(path)
    counts = [cell.execution_count for cell in code_cells(path)]
    assert counts == [*range(1, len(counts) + 1)]
    ids = [cell.id for cell in notebook.cells]
    assert len(set(ids)) == len(ids)
    assert all(re.fullmatch(r"[a-z0-9][a-z0-9-]*", name) and not re.fullmatch("[0-9a-f]{8}", name) for name in ids)


@each_notebook
def test_kernel_is_named_and_nothing_of_this_machine_is_kept(path):
    notebook = read(path)
    assert notebook.metadata.kernelspec.name == "python3"
    assert set(notebook.metadata) <= {"kernelspec", "language_info"}
    assert set(notebook.metadata.language_info) == {"name"}
    assert all(set(cell.metadata) <= {"tags"} for cell in notebook.cells)
    text = path.read_text(encoding="utf-8")
    assert not re.search(r"(?<![\w.)\]/])/(home|root|tmp|work|Users|usr|var|opt)/|[A-Z]:\\\\|site-packages", text)
    assert not re.search(r"0x[0-9a-f]{8,}|\blocalhost\b|\b127\.0\.0\.1\b", text)


@each_notebook
def test_source_does_nothing_that_does_not_belong_on_a_page(path):
    for cell in code_cells(path):
        for pattern, what in FORBIDDEN.items():
            assert not re.search(pattern, cell.source, re.M), f"{path.name}, cell {cell.id}: {what}"


@each_notebook
def test_outputs_are_plain_tables_pictures_and_text(path):
    for name, output in outputs(path):
        where = f"{path.name}, cell {name}"
        assert output.get("name") != "stderr", where
        assert output.output_type in ("stream", "display_data"), where
        assert set(output.get("data", {})) <= {"text/plain", "text/html", "image/png"}, where
        assert set(output.get("metadata", {})) <= {"image/png", "newsprint"}, where
        html = BeautifulSoup(output.get("data", {}).get("text/html", ""), "html.parser")
        assert {tag.name for tag in html.find_all()} <= {"table", "thead", "tbody", "tr", "th", "td"}, where
        assert {name for tag in html.find_all() for name in tag.attrs} <= {"border", "class", "style"}, where
        assert len(html.select("tbody tr")) <= ROWS, where
    assert not re.search(r"<(script|style|iframe|img)\b", path.read_text(encoding="utf-8"))


@each_notebook
def test_every_picture_has_two_sentences_of_alternative_text_and_a_figure_file(path):
    pictures = [output for _, output in outputs(path) if "image/png" in output.get("data", {})]
    assert pictures
    for output in pictures:
        alt, name = output.metadata["image/png"]["alt"], output.metadata.newsprint.figure
        assert len(alt) >= ALT and re.search(r"[.!?] ", alt) and alt == output.data["text/plain"]
        assert name.startswith(path.name[:3])
        assert (ROOT / "figures" / f"{name}.png").is_file()


@each_notebook
def test_cell_that_states_numbers_of_the_shipped_article_is_tagged(path):
    """Other prose must hold for any article: the shipped one is named in tagged cells only."""
    for cell in read(path).cells:
        if cell.cell_type == "markdown" and "shipped" not in cell.metadata.get("tags", []):
            prose = re.sub(r"`[^`]*`|“[^”]*”", "", cell.source)
            names = r"\b(China|Russia|Russian|Chinese|Putin|Reuters|Beijing|Moscow|Kremlin|Ukraine|NATO|Russel|Eyal)\b"
            assert not re.search(names, prose), f"{path.name}, cell {cell.id}: {prose}"


# Fresh


@pytest.fixture(scope="module")
def rerun(tmp_path_factory) -> Path:
    """A folder with notebooks, figures and tables as the code makes them now."""
    out = tmp_path_factory.mktemp("rerun")
    done = run_tool("--out", out)
    assert done.returncode == 0, done.stderr
    return out


def same_versions() -> bool:
    lock = (ROOT / "requirements.lock").read_text(encoding="utf-8")
    return all(f"\n{name}=={version(name)} " in lock for name in DRAWN_WITH)


def parts(cell: dict, pictures: bool) -> list:
    """What of a cell is compared: source, tags, and each output but, with `pictures` off, the PNG."""
    kept = []
    for output in cell.get("outputs", []):
        data = {kind: text for kind, text in output.get("data", {}).items() if pictures or kind != "image/png"}
        kept.append((output.output_type, output.get("text"), data, output.get("metadata")))
    return [cell.cell_type, cell.source, cell.metadata, cell.get("execution_count"), kept]


def differences(committed: Path, fresh: Path, pictures: bool) -> list[str]:
    """Ids of the cells that differ."""
    old, new = ({cell.id: parts(cell, pictures) for cell in read(path).cells} for path in (committed, fresh))
    changed = [name for name in {**old, **new} if old.get(name) != new.get(name)]
    return changed or [] if list(old) == list(new) else ["the order of the cells", *changed]


@each_notebook
def test_committed_notebook_is_what_the_code_gives(path, rerun):
    changed = differences(path, rerun / "notebooks" / path.name, pictures=same_versions())
    assert not changed, f"{path.name} is stale, cells: {', '.join(changed)}. Run `make` and commit what it changes."


def test_committed_figures_are_what_the_code_gives(rerun):
    committed, fresh = tree(ROOT / "figures"), tree(rerun / "figures")
    assert committed.keys() == fresh.keys(), "figures/ is stale: run `make`, remove what no notebook makes, and commit"
    if same_versions():
        changed = [name for name in fresh if committed[name] != fresh[name]]
        assert not changed, f"figures/ is stale: {', '.join(changed)}. Run `make` and commit what it changes."


def test_each_picture_in_a_notebook_is_the_one_in_figures():
    for path in FILES:
        for name, output in outputs(path):
            if picture := output.get("data", {}).get("image/png"):
                file = ROOT / "figures" / f"{output.metadata.newsprint.figure}.png"
                assert b64decode(picture) == file.read_bytes(), f"{path.name}, cell {name}: run `make`"


def test_every_figure_has_its_table(rerun):
    tables = {name.removesuffix(".csv") for name in tree(rerun / "site" / "tables")}
    assert tables == {name.removesuffix(".png") for name in tree(rerun / "figures")}


def test_change_of_any_output_is_noticed(tmp_path):
    """The comparison above is proved: each source and each part of each output, changed alone, is named."""
    path, copy = FILES[-1], tmp_path / "changed.ipynb"
    assert not differences(path, path, pictures=True)
    for cell in read(path).cells:
        changes = [("source", None)] + [
            (kind, number)
            for number, output in enumerate(cell.get("outputs", []))
            for kind in (["text"] if "text" in output else output.data)
        ]
        for kind, number in changes:
            notebook = read(path)
            (twin,) = [other for other in notebook.cells if other.id == cell.id]
            part = twin if number is None else twin.outputs[number]
            part = part if kind in part else part["data"]
            part[kind] = part[kind][:-1] + ("A" if part[kind][-1:] != "A" else "B")
            copy.write_text(nbformat.writes(notebook), encoding="utf-8")
            assert differences(path, copy, pictures=True) == [cell.id]


@pytest.mark.full
def test_changed_constant_of_a_helper_makes_the_comparison_fail(rerun, tmp_path):
    copy_checkout(tmp_path / "copy")
    charts = tmp_path / "copy" / "notebooks" / "newsprint" / "charts.py"
    source = charts.read_text(encoding="utf-8")
    assert '"#0f6b83"' in source
    charts.write_text(source.replace('"#0f6b83"', '"#0f6b84"'), encoding="utf-8")
    done = run_tool("--out", tmp_path / "out", root=tmp_path / "copy")
    assert done.returncode == 0, done.stderr
    for path in FILES:
        pair = rerun / "notebooks" / path.name, tmp_path / "out" / "notebooks" / path.name
        assert differences(*pair, pictures=True) and not differences(*pair, pictures=False), path.name
