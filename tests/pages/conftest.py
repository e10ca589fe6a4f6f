"""What the tests of the pages share: a small site, each of its pages and of the shipped ones, a browser, axe-core."""

from pathlib import Path

import pytest

from tests.pages.browser import Browser, missing
from tests.pages.sites import make_site
from tests.running import ROOT

AXE = ROOT / "build" / "axe" / "node_modules" / "axe-core" / "axe.min.js"
PAGES = ["index", "00-short", "01-words", "glossary", *sorted((ROOT / "site").glob("*.html"))]


@pytest.fixture(scope="session")
def site(tmp_path_factory) -> Path:
    return make_site(tmp_path_factory.mktemp("small"))


@pytest.fixture(params=PAGES, ids=lambda page: getattr(page, "stem", page))
def page(request, site) -> Path:
    return site / f"{request.param}.html" if isinstance(request.param, str) else request.param


@pytest.fixture(scope="session")
def browser(tmp_path_factory):
    tab = Browser(tmp_path_factory.mktemp("browser") / "profile")
    yield tab
    tab.close()


@pytest.fixture(scope="session")
def axe() -> str:
    AXE.exists() or missing(f"axe-core is missing (see tools/package.json; wanted at {AXE})")
    return AXE.read_text(encoding="utf-8")
