"""An article that attacks its reader stays text in tables, spreadsheets and figures; tests/pages/ looks at the pages."""

import ast
import csv
from pathlib import Path

import nbformat
import pandas as pd
import pytest
from newstext import parse_article
from newsprint.charts import bars, label, publish
from newsprint.show import FORMULA, safe_csv
from newstext.speakers import find_statements

from tests.pages.test_inert import ARTICLE, ATTACKS, BREAKOUT, LONG, SCRIPT

ROOT = Path(__file__).resolve().parents[1]
def test_statements_of_a_hostile_article_keep_their_place():
    article = parse_article(ARTICLE)
    for row in find_statements(article).itertuples():
        assert article.text[row.start : row.end] == row.text


def test_csv_cells_are_no_formulas(tmp_path, monkeypatch):
    monkeypatch.setenv("NEWSPRINT_OUT", str(tmp_path))
    table = pd.DataFrame({"=name": ATTACKS, "count": range(len(ATTACKS))})
    rows = list(csv.reader(safe_csv(table).splitlines()))
    assert len(rows) == len(ATTACKS) + 1 and not [c for row in rows for c in row if c.startswith(FORMULA)]
    fig = bars(table.head(3), "=name", "count", title=SCRIPT, subtitle="$x$ \\frac", foot=LONG)
    publish(fig, "01-hostile", table, alt=BREAKOUT)
    drawn = [text.get_text() for text in fig.findobj(match=lambda part: hasattr(part, "get_text"))]
    assert SCRIPT in "".join(drawn).replace("\n", "") and "$x$ \\frac" in drawn
    assert (tmp_path / "figures" / "01-hostile.png").exists()
    assert len(label(LONG)) == 40


@pytest.mark.parametrize("name", ["../x", "/etc/x", "a/b", "", ".."])
def test_figures_are_not_written_outside_their_folder(name, tmp_path, monkeypatch):
    monkeypatch.setenv("NEWSPRINT_OUT", str(tmp_path / "out"))
    table = pd.DataFrame({"a": ["x"], "b": [1]})
    fig = bars(table, "a", "b", title="t", subtitle="s", foot="f")
    with pytest.raises(ValueError):
        publish(fig, name, table, alt="x")
    assert not list(tmp_path.rglob("*"))


# No way out goes around the helpers

SOURCES = sorted((ROOT / "notebooks" / "newsprint").glob("*.py"))
WAYS_OUT = {
    *[
        "HTML",
        "Markdown",
        "Javascript",
        "IFrame",
        "SVG",
        "Latex",
        "display",
        "display_html",
        "display_markdown",
        "style",
    ],
    *[
        "to_csv",
        "to_html",
        "to_markdown",
        "to_excel",
        "to_clipboard",
        "savefig",
        "style",
        "write_text",
        "write_bytes",
        "open",
    ],
}
HELPERS = {"show.py": {"display", "to_html", "to_csv"}, "charts.py": {"display"}}
ARTICLE_TEXT = {"text", "headline", "speaker", "mention", "cue", "term", "token", "section", "actor", "left", "right"}


def ways_out(source: str) -> list[str]:
    """Names by which code could show or save something, called or taken, in the order of the lines."""
    found = []
    for node in ast.walk(ast.parse(source)):
        called = node.func if isinstance(node, ast.Call) else node if isinstance(node, ast.Attribute) else None
        name = getattr(called, "attr", getattr(called, "id", ""))
        if name in WAYS_OUT and (isinstance(node, ast.Call) or name == "style"):
            found.append(name)
    return found


def printed_raw(source: str) -> list[str]:
    """Columns that hold the article's words, printed without `plain`."""
    calls = [node for node in ast.walk(ast.parse(source)) if isinstance(node, ast.Call)]
    parts = [part for call in calls if getattr(call.func, "id", "") == "print" for part in call.args]
    parts += [v.value for part in parts for v in ast.walk(part) if isinstance(v, ast.FormattedValue)]
    return [part.attr for part in parts if isinstance(part, ast.Attribute) and part.attr in ARTICLE_TEXT]


@pytest.mark.parametrize("path", SOURCES, ids=lambda path: path.name)
def test_helpers_show_and_save_only_in_one_place(path):
    assert set(ways_out(path.read_text(encoding="utf-8"))) <= HELPERS.get(path.name, {"open"}), path.name


@pytest.mark.parametrize("path", sorted((ROOT / "notebooks").glob("[0-9]*.ipynb")), ids=lambda path: path.stem)
def test_notebooks_show_and_save_only_through_the_helpers(path):
    for cell in nbformat.read(path, as_version=4).cells:
        if cell.cell_type == "code":
            assert ways_out(cell.source) == [] and printed_raw(cell.source) == [], (cell.id, cell.source)
            last = ast.parse(cell.source).body[-1:]
            bare = last and isinstance(last[0], ast.Expr) and not isinstance(last[0].value, ast.Call)
            assert not bare, f"{cell.id}: a bare expression is displayed by Jupyter, not by `show`"


@pytest.mark.parametrize("source", ["display(HTML(x))", "t.to_html()", "t.style.hide()", "Markdown(b)"])
def test_the_watch_sees_a_way_around(source):
    assert ways_out(source)


@pytest.mark.parametrize("source", ["print(article.headline)", 'print(f"{row.text}: {len(row.text)}")'])
def test_the_watch_sees_raw_text_printed(source):
    assert len(printed_raw(source)) == 1
    assert printed_raw('print(plain(row.text), f"{plain(row.text)}")') == []
