"""The pages in headless Chromium: what they ask for and log, whether they fit, whether axe-core finds a fault."""

import os
from pathlib import Path

import pytest

from tests.browser import Browser
from tests.sites import make_site

ROOT = Path(__file__).resolve().parents[1]
AXE = ROOT / "build" / "axe" / "node_modules" / "axe-core" / "axe.min.js"
SHIPPED = sorted((ROOT / "site").glob("*.html"))
NAMES = ["index", "01-words", "02-more", "article", "glossary"]
SCREENS = [(390, False), (390, True), (1280, False), (1280, True)]
TOO_WIDE = "document.documentElement.scrollWidth - document.documentElement.clientWidth"
COLOURS = "[getComputedStyle(document.body).color, getComputedStyle(document.body).backgroundColor]"
FAULTS = "axe.run(document).then(found => found.violations.map(v => v.id + ': ' + v.nodes[0].html.slice(0, 200)))"

pytestmark = [pytest.mark.full, pytest.mark.filterwarnings("ignore::ResourceWarning")]


@pytest.fixture(scope="module")
def browser(tmp_path_factory):
    tab = Browser(tmp_path_factory.mktemp("browser") / "profile")
    yield tab
    tab.close()


@pytest.fixture(scope="module")
def site(tmp_path_factory) -> Path:
    return make_site(tmp_path_factory.mktemp("small"))


@pytest.fixture(params=[*NAMES, *SHIPPED], ids=lambda page: getattr(page, "stem", page))
def page(request, site) -> Path:
    return site / f"{request.param}.html" if isinstance(request.param, str) else request.param


@pytest.fixture(scope="module")
def axe() -> str:
    if not AXE.exists():
        message = f"axe-core is missing: accessibility is NOT tested (see tools/package.json; wanted at {AXE})"
        pytest.fail(message) if os.environ.get("CI") == "true" else pytest.skip(message)
    return AXE.read_text(encoding="utf-8")


def lightness(colour: str) -> float:
    red, green, blue = (int(part) / 255 for part in colour.strip("rgb()").split(",")[:3])
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


@pytest.mark.parametrize(("width", "dark"), SCREENS)
def test_page_is_quiet_and_fits_its_screen(browser, page, width, dark):
    browser.open(page, width, dark)
    assert browser.evaluate(TOO_WIDE) <= 0, "wider than the screen"
    ink, paper = map(lightness, browser.evaluate(COLOURS))
    assert (ink > 0.75 and paper < 0.2) if dark else (ink < 0.25 and paper > 0.8)
    assert browser.troubles(page) == []


@pytest.mark.parametrize(("width", "dark"), SCREENS)
def test_axe_finds_no_violation(browser, page, axe, width, dark):
    browser.open(page, width, dark)
    browser.evaluate("document.querySelectorAll('details').forEach(part => part.open = true)")
    browser.evaluate(axe + "; 0")
    assert browser.evaluate(FAULTS) == []


def test_pictures_are_sharp_on_fine_screens(browser, page):
    if page in SHIPPED:
        browser.open(page)
        dull = "[...document.images].filter(i => i.naturalWidth < 2 * i.clientWidth).map(i => i.alt)"
        assert browser.evaluate(dull) == []


def test_the_watch_sees_a_script_a_request_and_a_dialog(browser, tmp_path):
    page = tmp_path / "bad.html"
    page.write_text("<img src=missing.png><script>alert(1); console.log(2); wrong()</script>", encoding="utf-8")
    browser.open(page)
    found = " ".join(browser.troubles(page))
    assert "missing.png" in found and "dialog: 1" in found and "console" in found and "wrong" in found


def test_the_policy_stops_a_script_that_got_into_a_page(browser, site, tmp_path):
    html = (site / "glossary.html").read_text(encoding="utf-8")
    page = tmp_path / "bad.html"
    page.write_text(html.replace("</main>", "<script>document.body.id = 'reached'</script></main>"), encoding="utf-8")
    browser.open(page)
    assert browser.evaluate("document.body.id") == ""
