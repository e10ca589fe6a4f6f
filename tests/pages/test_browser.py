"""The pages in headless Chromium: what they ask for, how they stand on a screen, whether axe-core finds a fault."""

import pytest

from tests.pages.browser import TOO_WIDE

SCREENS = [(390, False), (390, True), (1280, False), (1280, True)]
LAYERS = ["voices", "tone", "actors"]
PAPER = "getComputedStyle(document.body).backgroundColor.match(/\\d+/g).map(Number)"
FAULTS = "axe.run(document).then(found => found.violations.map(v => v.id + ': ' + v.nodes[0].html.slice(0, 200)))"
STYLE = "getComputedStyle(document.querySelector('{}'), '{}').{}"

pytestmark = [pytest.mark.full, pytest.mark.filterwarnings("ignore::ResourceWarning")]


@pytest.mark.parametrize(("width", "dark"), SCREENS)
def test_page_is_quiet_and_fits_its_screen_and_axe_finds_no_violation_with_any_layer(browser, page, axe, width, dark):
    browser.open(page, width, dark)
    assert (sum(browser.evaluate(PAPER)) < 150) == dark
    browser.evaluate(f"{axe}; 0")
    for layer in LAYERS if page.stem == "index" else [""]:
        browser.evaluate(f"document.getElementById('{layer}')?.click()")
        assert browser.evaluate(TOO_WIDE) <= 0, "wider than the screen"
        assert browser.evaluate(FAULTS) == [], layer
    assert browser.troubles(page) == []


def test_layers_switch_without_script_and_a_misread_word_says_why_on_focus(browser, site):
    browser.open(site / "index.html")
    tint, reason = STYLE.format(".said .quoted", "", "backgroundColor"), STYLE.format(".why", "::after", "content")
    shown = STYLE.format(".why", "", "display"), STYLE.format(".article .about", "", "borderBottomWidth")
    seen = []
    for layer in LAYERS:
        browser.evaluate(f"document.getElementById('{layer}').click()")
        seen.append((browser.evaluate(tint) != "rgba(0, 0, 0, 0)", *map(browser.evaluate, shown)))
    assert seen == [(True, "none", "0px"), (False, "inline", "0px"), (False, "none", "3px")]
    browser.evaluate("document.getElementById('tone').click(); document.querySelector('.why').focus()")
    assert browser.evaluate(reason) == '"relief, misread: part of a phrase"'


def test_the_watch_sees_an_attack_which_the_policy_stops_and_axe_a_fault(browser, site, tmp_path, axe):
    page, attack = tmp_path / "bad.html", "<img src=x.png><script>alert(1); console.log(2); wrong()</script>"
    guarded = (site / "glossary.html").read_text(encoding="utf-8").replace("</main>", f"{attack}</main>")
    for html, seen in ((attack, ["x.png", "DialogOpening", "consoleAPICalled", "wrong"]), (guarded, ["script-src"])):
        page.write_text(html, encoding="utf-8")
        browser.open(page)
        found = " ".join(browser.troubles(page))
        assert all(part in found for part in seen) and ("DialogOpening" in found) == (html == attack)
        assert "image-alt" in " ".join(browser.evaluate(f"{axe}; {FAULTS}"))
