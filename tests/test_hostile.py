"""An article that attacks its reader is shown as text: in pages, notebooks, figures, tables, alternative texts."""

import ast
import csv
import re
from pathlib import Path

import nbformat
import pandas as pd
import pytest
from newstext.article import INVISIBLE, parse_article
from newsprint.charts import bars, label, publish
from newsprint.show import FORMULA, safe_csv
from newstext.speakers import find_statements

from tests.browser import Browser, strip_policy
from tests.running import run_tool
from tests.sites import data, figure, make_site, notebook, parsed, printed
from tools import pages

ROOT = Path(__file__).resolve().parents[1]
OWN = "document.documentElement.setAttribute('data-taken','1');alert(1)"
LONG = "Xa" + "x" * 298
SCRIPT = f"<script>{OWN}</script>"
IMAGE = f'<img src=x onerror="{OWN}">'
LINK = f"[look](javascript:{OWN})"
BREAKOUT = f"\"'></pre></mark></figure></title></style>{SCRIPT}"
ATTACKS = [
    *[SCRIPT, IMAGE, LINK, BREAKOUT, LONG, f'<a href="javascript:{OWN}">x</a>', f"<svg onload={OWN}>"],
    *["<style>*{display:none}", "$\\frac{1}{2}$ and $$x$$", "**bold** `code` ![p](http://example.invalid/p.png)"],
    *["\x1b[31mred\x1b[0m \x1b]8;;x\x07", "\u202eevil\u202c \u2066turned\u2069", "{{ 7*7 }} {% raw %}"],
    *["=cmd()|'/c calc'!A0", "+1+1", "@SUM(A1)", "-2+3"],
]
ARTICLE = f"""{SCRIPT} and {IMAGE} meet in Port Alder

Police in Port Alder said that {IMAGE} was found on the pier after nine days of waiting for the ferry.

“We saw {SCRIPT} and $5 to $10 and **bold** there,” said Ann {LONG}, head of the harbour board.

{LINK} was what Ann Barlow called “{BREAKOUT} with a =cmd() inside” on Friday, and the board agreed to that.

=cmd()|'/c calc'!A0 said Brian Holt, who said that \x1b[31mred\x1b[0m and \u202eevil\u202c were “{LONG}” to him.

{SCRIPT} next

@SUM(A1) is the name of the plan. +1+1 said Carol Dunmore. “{IMAGE}”, the mayor said of s1 and s999999 and `s2`.

Sponsored content
"""


def hostile_notebook() -> nbformat.NotebookNode:
    """What outputs could hold if a notebook let everything through, and a table that pandas escaped."""
    table = pd.DataFrame({"text": ATTACKS, SCRIPT: ATTACKS}).to_html(index=False)
    cells = f"<td>{SCRIPT}{IMAGE}</td><td style='color:red' onclick={OWN}>{BREAKOUT}</td>"
    raw = f"<table onclick={OWN}><tr>{cells}</tr></table>"
    outputs = [
        *[data(text_html=table, text_plain="t"), data(text_html=raw, text_plain="t")],
        *[data(text_html=SCRIPT + IMAGE, text_plain=SCRIPT), data(text_plain="\n".join(ATTACKS))],
        *[data(text_markdown=SCRIPT + LINK), data(**{"image_svg+xml": f"<svg onload={OWN}>{SCRIPT}</svg>"})],
        *[data(application_javascript=OWN), data(text_latex=f"$x$ {SCRIPT}"), data(**{"application_pdf": "eA=="})],
        *[figure(BREAKOUT, BREAKOUT), printed("\n".join(ATTACKS)), printed(f"{BREAKOUT} s1  s2")],
    ]
    outputs.append(nbformat.v4.new_output("error", ename=SCRIPT, evalue=IMAGE, traceback=["\x1b[31m" + SCRIPT]))
    return notebook(f"# Title {SCRIPT}{LINK}\n\nfound {IMAGE}", (SCRIPT, outputs), "## Head " + "\n\n".join(ATTACKS))


@pytest.fixture(scope="module")
def small(tmp_path_factory) -> Path:
    return make_site(tmp_path_factory.mktemp("hostile"), ARTICLE, {"01-hostile": hostile_notebook()})


@pytest.fixture(scope="module")
def whole(tmp_path_factory) -> Path:
    """All notebooks run on the hostile article, and their pages."""
    folder = tmp_path_factory.mktemp("whole")
    (folder / "other.txt").write_text(ARTICLE, encoding="utf-8")
    done = run_tool("--out", folder, "--article", folder / "other.txt")
    assert done.returncode == 0, done.stderr
    assert pages.main([str(folder), str(folder / "other.txt")]) == 0
    return folder


@pytest.fixture(scope="module")
def browser(tmp_path_factory):
    tab = Browser(tmp_path_factory.mktemp("browser") / "profile")
    yield tab
    tab.close()


def assert_inert(page: Path) -> None:
    """Nothing in the page runs, fetches, colours or leads to a script."""
    soup = parsed(page)
    assert not soup.select("script, iframe, object, embed, base, form, svg, link, input, main style, [style], [srcset]")
    names = {name for element in soup.find_all(True) for name in element.attrs}
    assert not {name for name in names if name.startswith("on") or name == "data-taken"}
    assert not [a["href"] for a in soup.select("a[href]") if re.match(r"(?i)\s*(javascript|data|vbscript):", a["href"])]
    assert all(image["src"].startswith("data:image/png;base64,") for image in soup.select("img"))
    assert not INVISIBLE.search(page.read_text(encoding="utf-8")), "control or direction characters reach the page"
    assert not soup.select("[class*=ansi]")


def test_pages_show_hostile_outputs_as_text(small):
    for page in small.glob("*.html"):
        assert_inert(page)
    text = parsed(small / "01-hostile.html").get_text()
    assert SCRIPT in text and IMAGE in text and "$\\frac{1}{2}$" in text and "\\u202eevil" in text and "red" in text
    assert "{{ 7*7 }}" in text and parsed(small / "01-hostile.html").img["alt"] == BREAKOUT


def test_article_page_holds_the_article_word_for_word(small):
    soup = parsed(small / "article.html")
    for added in soup.select("small, .sid"):
        added.decompose()
    shown = " ".join(soup.main.get_text().split())
    for line in parse_article(ARTICLE).lines.text:
        escaped = INVISIBLE.sub(lambda hidden: f"\\u{ord(hidden[0]):04x}", line)
        assert " ".join(escaped.split()) in shown, line
    assert not soup.select("a[href='#s999999']")


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


def check_in_browser(browser: Browser, site: Path, tmp_path: Path, policy: bool) -> None:
    for original in site.glob("*.html"):
        page = original
        if not policy:
            page = tmp_path / original.name
            page.write_text(strip_policy(original.read_text(encoding="utf-8")), encoding="utf-8")
        browser.open(page)
        browser.evaluate("document.querySelectorAll('details').forEach(part => part.open = true)")
        assert browser.evaluate("document.documentElement.hasAttribute('data-taken')") is False
        assert browser.evaluate("document.documentElement.scrollWidth - document.documentElement.clientWidth") <= 0
        assert browser.troubles(page) == []


@pytest.mark.full
@pytest.mark.parametrize("policy", [True, False], ids=["policy", "escaping alone"])
def test_no_attack_of_raw_outputs_works_in_chromium(browser, small, tmp_path, policy):
    check_in_browser(browser, small, tmp_path, policy)


@pytest.mark.full
@pytest.mark.parametrize("policy", [True, False], ids=["policy", "escaping alone"])
def test_no_attack_through_all_notebooks_works_in_chromium(browser, whole, tmp_path, policy):
    check_in_browser(browser, whole / "site", tmp_path, policy)


@pytest.mark.full
def test_whole_pipeline_shows_the_hostile_article_as_text(whole):
    for page in (whole / "site").glob("*.html"):
        assert_inert(page)
    for table in (whole / "site" / "tables").glob("*.csv"):
        cells = [cell for row in csv.reader(table.read_text(encoding="utf-8").splitlines()) for cell in row]
        formulas = [c for c in cells if c.startswith(FORMULA) and not re.fullmatch(r"-?[\d.]+(e[+-]\d+)?", c)]
        assert not formulas, (table.name, formulas)
        assert not INVISIBLE.search("".join(cells)), table.name
    for path in (whole / "notebooks").glob("*.ipynb"):
        for cell in nbformat.read(path, as_version=4).cells:
            for output in cell.get("outputs", []):
                held = output.get("data", {})
                assert set(held) <= {"text/plain", "text/html", "image/png"}, (path.name, set(held))
                texts = [output.get("text", ""), held.get("text/plain", ""), held.get("text/html", "")]
                assert not INVISIBLE.search("".join(texts)), (path.name, cell.id)
                assert "<script" not in texts[2] and "<img" not in texts[2], (path.name, cell.id)


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
