"""The offline pages, read by a parser: links, anchors, headings, policy, size."""

import base64
import datetime as dt
import hashlib
import re
from itertools import pairwise
from pathlib import Path

import pandas as pd
import pytest

from tests.sites import make_site, notebook, parsed, printed
from tools import pages
from tools.page.article import mark, source_line

ROOT = Path(__file__).resolve().parents[1]
SHIPPED = sorted((ROOT / "site").glob("*.html"))
NAMES = ["index", "01-words", "02-more", "article", "glossary"]


@pytest.fixture(scope="module")
def site(tmp_path_factory) -> Path:
    return make_site(tmp_path_factory.mktemp("small"))


@pytest.fixture(params=[*NAMES, *SHIPPED], ids=lambda page: getattr(page, "stem", page))
def page(request, site) -> Path:
    return site / f"{request.param}.html" if isinstance(request.param, str) else request.param


def test_policy_forbids_scripts_and_requests_and_allows_the_one_style(page):
    soup = parsed(page)
    policy = soup.find("meta", {"http-equiv": "Content-Security-Policy"})["content"]
    digest = base64.b64encode(hashlib.sha256(soup.style.string.encode()).digest()).decode()
    assert policy.startswith("default-src 'none'; img-src data:; ")
    assert f"style-src 'sha256-{digest}'" in policy and "unsafe" not in policy


def test_page_holds_nothing_that_runs_or_fetches(page):
    soup = parsed(page)
    assert not soup.select("script, iframe, object, embed, link, base, form, input, svg, video, audio, source")
    assert all(image["src"].startswith("data:image/png;base64,") for image in soup.select("img"))
    attributes = [name for element in soup.find_all(True) for name in element.attrs]
    assert not [name for name in attributes if name.startswith("on") or name in ("style", "srcset", "ping")]
    assert "@import" not in soup.style.string and "url(" not in soup.style.string


def test_every_link_on_disk_exists_with_its_anchor(page):
    for link in parsed(page).select("a[href]"):
        href, _, anchor = link["href"].partition("#")
        if not re.match("https?:", href):
            target = (page.parent / href).resolve() if href else page
            assert target.exists(), link
            assert not anchor or parsed(target).find(id=anchor), link


def test_landmarks_headings_and_ids_are_in_order(page):
    soup = parsed(page)
    assert soup.html["lang"] == "en" and len(soup.select("main, header, footer")) == 3 and soup.title.string
    assert soup.body.a["class"] == ["skip"] and soup.select_one(soup.body.a["href"]).name == "main"
    levels = [int(heading.name[1]) for heading in soup.find_all(re.compile(r"h\d"))]
    assert levels.count(1) == 1 and levels[0] == 1 and all(b - a <= 1 for a, b in pairwise(levels))
    ids = [element["id"] for element in soup.select("[id]")]
    assert len(ids) == len(set(ids))
    assert all(image.get("alt", "").strip() for image in soup.select("img"))


def test_pages_are_named_after_their_notebooks(site):
    names = [link.string for link in parsed(site / "index.html").select("header nav a")]
    assert names == ["newsprint", "Words", "More", "Article", "Glossary"]


def test_tables_and_pictures_scroll_by_keyboard_under_names_of_their_own(page):
    regions = parsed(page).select("div.table, div.picture")
    assert all(region["tabindex"] == "0" and region["role"] == "region" for region in regions)
    assert len({region["aria-label"] for region in regions}) == len(regions)
    assert len(parsed(page).select("table, img")) == len(regions)


def test_page_is_under_a_megabyte(page):
    assert page.stat().st_size < 1_000_000


def test_sentence_ids_that_exist_lead_to_the_article(site):
    soup = parsed(site / "01-words.html")
    cited = soup.select("a.cited")
    assert [link.string for link in cited] == ["s2", "s1", "s3", "s1", "s1"]  # summary, printed ×2, table, prose
    assert all(link["href"] == f"article.html#{link.string}" for link in cited)
    assert "s99" in soup.get_text() and not soup.select_one("details a")


def test_each_term_is_linked_once_where_it_first_occurs(site):
    terms = parsed(site / "01-words.html").select("a.term")
    assert [term.string for term in terms] == ["tokens", "keyness", "dispersion"]


def test_number_columns_are_set_right_and_text_columns_left(site):
    cells = parsed(site / "01-words.html").select("tbody td")
    assert [cell.get("class") for cell in cells] == [None, ["number"], None, ["number"]]


def test_code_is_folded_and_figure_carries_its_table(site):
    soup = parsed(site / "01-words.html")
    assert soup.select_one("details.code .highlight") and not soup.select("details[open]")
    assert soup.select_one("figure[id='01-words'] figcaption a")["href"] == "tables/01-words.csv"
    assert soup.img["width"] == "700" and soup.img["alt"] == "Bar chart: two bars."


def test_neighbours_contents_and_mended_links(site):
    first, second = parsed(site / "01-words.html"), parsed(site / "02-more.html")
    assert first.select_one("[rel=next]")["href"] == "02-more.html" and not first.select("[rel=prev]")
    assert second.select_one("[rel=prev]")["href"] == "01-words.html"
    assert [link["href"] for link in first.select(".contents a")] == ["#how-many-words", "#how-many-words-2"]
    assert not first.select("hr") and not first.select("main a[href='02-more.html']")
    assert second.select_one("main p a")["href"] == "01-words.html#how-many-words"


def test_aligned_print_keeps_its_columns_and_sentences_are_set_as_prose(site):
    assert parsed(site / "02-more.html").select_one("pre.printed").string == "a  1\nb  2"
    assert parsed(site / "01-words.html").select_one("pre.finding").get_text() == "Two sentences: s1 and s3."


def test_index_quotes_the_notebooks_and_shows_one_figure_each(site):
    soup = parsed(site / "index.html")
    entries = soup.select("section.entry")
    assert [entry.h2.string for entry in entries] == ["01 · Words", "02 · More"]
    assert "What we found: Two tokens in s2" in entries[0].get_text() and "1 minute to read" in entries[0].get_text()
    assert len(entries[0].select("img")) == 1 and "How many words" not in soup.get_text()


def test_summary_is_the_first_findings_where_no_cell_sums_up(tmp_path):
    cells = [("a", ["Headline\n"]), ("b", ["Nine words.\n"]), ("c", ["Two voices.\n"])]

    made = notebook("# Any", *[(code, [printed(text) for text in texts]) for code, texts in cells])
    soup = parsed(make_site(tmp_path, notebooks={"01-any": made}) / "index.html")
    assert [p.string for p in soup.select(".entry p")][1:] == ["Nine words.", "Two voices."]


def test_article_page_shows_every_line_in_place(site):
    soup = parsed(site / "article.html")
    assert [span["id"] for span in soup.select(".sentence")] == ["s0", "s1", "s2", "s3", "s4", "s5"]
    assert soup.h1.select_one(".sentence")["id"] == "s0" and soup.h2.string == "What comes next"
    removed = soup.select_one("p.removed")
    assert removed.small.string == "Set aside: advertisement" and "Story continues" in removed.get_text()
    assert soup.select("p.removed")[1].get_text().endswith("* * *")
    assert removed.find_next("h2") is soup.h2 and removed.find_previous(class_="sentence")["id"] == "s3"


def test_statements_are_marked_with_speaker_and_kind_and_nested(site):
    marks = parsed(site / "article.html").select(".article mark")
    labels = [(m["class"][0], m.small.string) for m in marks]
    assert ("direct", "Ann Barlow, direct") in labels and ("indirect", "Ann Barlow, indirect") in labels
    assert all(name in label for name, label in labels)


def test_marks_keep_the_text_whole_and_draw_nothing_twice():

    rows = pd.DataFrame({"start": [2, 4, 8], "end": [9, 6, 12], "kind": "indirect", "speaker": ["A", "B", "C"]})
    html = mark("0123456789abcdef", 0, 14, list(rows.itertuples()))
    assert re.sub("<small>.*?</small>|<[^>]*>", "", str(html)) == "0123456789abcd"
    assert str(html).count("C, indirect") == 1 and str(html).count("continued") == 1  # C reaches out of A


@pytest.mark.parametrize(
    "text", ["x", "Only one sentence stands here, without any heading or quotation.", "the of and"]
)
def test_small_articles_give_all_pages(tmp_path, text):
    site = make_site(tmp_path, article=text, notebooks={})
    assert {page.stem for page in site.glob("*.html")} == {"index", "article", "glossary"}


def test_page_that_says_the_site_is_whole_is_written_last(tmp_path, monkeypatch):
    written = []
    monkeypatch.setattr(pages, "save", lambda path, content: written.append(path.name))
    make_site(tmp_path)
    assert len(written) > 3 and written[-1] == "index.html"


@pytest.mark.parametrize("day, shown", [(dt.date(2022, 2, 4), "Anna, 4 February 2022."), (dt.time(1, 2), "Anna.")])
def test_source_line_holds_a_date_if_it_is_one(day, shown):
    assert source_line({"agency": "Anna", "date": day}).startswith(f"Text: {shown}")


def test_bad_article_ends_in_one_line_and_writes_no_page(tmp_path, capsys):
    assert pages.main([str(tmp_path), str(tmp_path / "none.txt")]) == 1
    assert capsys.readouterr().err.count("\n") == 1 and not (tmp_path / "site").exists()


def test_same_input_same_bytes(site, tmp_path):
    again = make_site(tmp_path)
    assert {p.name: p.read_bytes() for p in again.glob("*.html")} == {
        p.name: p.read_bytes() for p in site.glob("*.html")
    }
