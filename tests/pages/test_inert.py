"""An article that attacks its reader is shown as text in outputs, drawings and the article, with policy and without."""

import csv
import re
from pathlib import Path

import nbformat
import pandas as pd
import pytest
from newstext import INVISIBLE, parse_article

from tests.pages.browser import TOO_WIDE
from tests.pages.sites import assert_inert, data, figure, make_site, notebook, parsed, printed
from tests.running import run_tool
from tools import pages

OWN = "document.documentElement.setAttribute('data-taken','1');alert(1)"
LONG = "Xa" + "x" * 298
SCRIPT = f"<script>{OWN}</script>"
IMAGE = f'<img src=x onerror="{OWN}">'
LINK = f"[look](javascript:{OWN})"
BREAKOUT = f"\"'></pre></mark></figure></title></style></svg>{SCRIPT}"
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
    outputs = [
        *[data(text_html=table, text_plain="t"), data(text_html=f"<table onclick={OWN}><tr>{cells}</tr></table>")],
        *[data(text_html=SCRIPT + IMAGE, text_plain=SCRIPT), data(text_markdown=SCRIPT + LINK, text_latex=SCRIPT)],
        *[data(**{"image_svg+xml": f"<svg onload={OWN}>{SCRIPT}</svg>"}), data(application_javascript=OWN)],
        *[figure(BREAKOUT, BREAKOUT, BREAKOUT), printed("\n".join([*ATTACKS, f"{BREAKOUT} s1  s2"]))],
    ]
    outputs.append(nbformat.v4.new_output("error", ename=SCRIPT, evalue=IMAGE, traceback=["\x1b[31m" + SCRIPT]))
    head = "## Head " + "\n\n".join(ATTACKS)
    return notebook(f"# Title {SCRIPT}{LINK}\n\nfound {IMAGE}", head, (SCRIPT, outputs, "finding"))


@pytest.fixture(scope="module")
def small(tmp_path_factory) -> Path:
    return make_site(tmp_path_factory.mktemp("hostile"), ARTICLE, {"00-hostile": hostile_notebook()})


@pytest.fixture(scope="module")
def whole(tmp_path_factory) -> Path:
    """All notebooks run on the hostile article, and their pages."""
    folder = tmp_path_factory.mktemp("whole")
    (folder / "other.txt").write_text(ARTICLE, encoding="utf-8")
    done = run_tool("--out", folder, "--article", folder / "other.txt")
    assert done.returncode == 0, done.stderr
    assert pages.main([str(folder), str(folder / "other.txt")]) == 0
    return folder / "site"


def test_pages_show_hostile_outputs_as_text(small):
    for page in small.glob("*.html"):
        assert_inert(page)
    for page in (small / "00-hostile.html", small / "index.html"):  # findings are on the front page, too
        text = parsed(page).get_text()
        assert all(part in text for part in (SCRIPT, IMAGE, "$\\frac{1}{2}$", "\\u202eevil", "{{ 7*7 }}"))
    assert parsed(small / "00-hostile.html").img["alt"] == BREAKOUT


def test_front_page_holds_the_hostile_article_word_for_word_and_the_tables_beside_it_hold_no_formula(small):
    soup = parsed(small / "index.html")
    for added in soup.select("small, .sid, .beside"):
        added.decompose()
    shown = " ".join(soup.main.get_text().split())
    for line in parse_article(ARTICLE).lines.text:
        escaped = INVISIBLE.sub(lambda hidden: f"\\u{ord(hidden[0]):04x}", line)
        assert " ".join(escaped.split()) in shown, line
    for table in (small / "tables").glob("s*.csv"):
        cells = [cell for row in csv.reader(table.read_text(encoding="utf-8").splitlines()) for cell in row]
        formula = r"[=+@\t]|-(?![\d.]+(e[+-]\d+)?$)"
        assert not [cell for cell in cells if re.match(formula, cell) or INVISIBLE.search(cell)], table.name


@pytest.mark.full
@pytest.mark.filterwarnings("ignore::ResourceWarning")
@pytest.mark.parametrize("site", ["small", "whole"])
def test_no_attack_works_in_chromium_with_the_policy_or_by_escaping_alone(request, browser, site, tmp_path):
    for original in request.getfixturevalue(site).glob("*.html"):
        assert_inert(original)
        page, html = tmp_path / original.name, original.read_text(encoding="utf-8")
        bare, times = re.subn(r'<meta http-equiv="Content-Security-Policy"[^>]*>', "", html)
        assert times == 1
        for shown in (html, bare):
            page.write_text(shown, encoding="utf-8")
            browser.open(page)
            assert browser.evaluate("document.documentElement.hasAttribute('data-taken')") is False
            assert browser.evaluate(TOO_WIDE) <= 0 and browser.troubles(page) == []
