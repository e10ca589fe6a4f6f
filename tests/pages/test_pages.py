"""The offline pages, read by a parser: policy, links, size; the article with its margin and layers."""

import base64
import hashlib
import json
import re
from functools import cache
from pathlib import Path

import pandas as pd
import pytest
from newstext import parse_article

from tests.pages.sites import ARTICLE, SVG, assert_inert, make_site, notebook, parsed, printed
from tests.running import tree
from tools import pages
from tools.page.notebook import read_drawing


def test_page_is_small_inert_and_its_policy_forbids_all_but_its_one_style(page):
    soup = parsed(page)
    policy = soup.find("meta", {"http-equiv": "Content-Security-Policy"})["content"]
    digest = base64.b64encode(hashlib.sha256(soup.style.string.encode()).digest()).decode()
    assert policy.startswith(f"default-src 'none'; img-src data:; style-src 'sha256-{digest}'; base-uri 'none'")
    assert page.stat().st_size < 1_000_000 and not re.search(r"unsafe|@import|url\(", policy + soup.style.string)
    assert_inert(page)


@cache
def anchors(page: Path) -> list[str]:
    return [element["id"] for element in parsed(page).select("[id]")]


def test_every_link_on_disk_exists_with_its_anchor_and_no_anchor_twice(page):
    assert len(anchors(page)) == len({*anchors(page)})
    for link in parsed(page).select("[href]"):
        href, _, anchor = link["href"].partition("#")
        if not re.match("https?:", href):
            target = (page.parent / href).resolve() if href else page
            assert target.exists(), link
            assert not anchor or anchor in anchors(target), link


def test_speaker_stands_once_in_the_margin_and_words_are_tinted_by_side_and_voice(site):
    soup = parsed(site / "index.html")
    [aside] = soup.select(".article details.aside")
    assert aside.summary.string == "2 lines set aside: advertisement, ornament"
    assert aside.find_next("h2").string == "What comes next" and aside.find_previous(class_="sentence")["id"] == "s3"
    margin = {s["id"]: [who.get_text() for who in s.select(".beside .who")] for s in soup.select(".article .sentence")}
    assert margin["s1"] == [] and margin["s2"] == ["Ann Barlow, quoted"]
    assert margin["s3"] == ["Ann Barlow, paraphrased and quoted, as “She”"]
    assert margin["s5"] == ["The union, paraphrased"]
    quoted, reported = (soup.select(f".said .{look}") for look in ("quoted.by-1", "paraphrased.by-2"))
    assert "".join(part.get_text() for part in quoted) == "We are glad,a small relief"
    assert "the plan was not enough" in "".join(part.get_text() for part in reported)


def test_scored_words_show_points_and_misread_ones_their_reason_on_focus(site):
    soup = parsed(site / "index.html")
    glad, relief = (soup.find("span", attrs={"data-points": True}, string=word) for word in ("glad", "relief"))
    assert glad["class"][-1] == "good" and glad["data-points"].startswith("+") and "misread" in relief["class"]
    why = relief.find_next_sibling("span")
    assert why["aria-label"] == "relief, misread: part of a phrase" and why["tabindex"] == "0"
    assert soup.select_one("#s2 .bar")["aria-label"].startswith("VADER +") and not soup.select("#s4 .bar")


def test_findings_are_cards_that_lead_to_cell_sentences_and_figure_which_leads_to_table_and_cell(site):
    [card] = parsed(site / "index.html").select(".found li")
    assert card.h3.string == "The wait is over" and card.p.get_text() == "Nine days; two voices (s1, s3)."
    leads = [link["href"] for link in card.select("a")]
    assert leads == ["00-short.html#cell-c6", "index.html#s1", "index.html#s3", "01-words.html#01-words"]
    drawn, bare = parsed(site / "01-words.html").select("figure")
    assert drawn.figcaption.strong.string == "Nine days" and drawn.svg.find("a")["href"] == "index.html#s1"
    assert [a["href"] for a in drawn.select(".foot a")] == ["tables/01-words.csv", "#cell-c2"] and not drawn.img
    assert bare.img["alt"] == "Bars: one." and not bare.figcaption and not bare.svg


BAD = '<script>x</script><rect onload="x" style="fill: url(//x); b: y"/><a href="javascript:x"/><image href="x"/>'
IDS = '<rect id="m9" clip-path="url(#c)"/><clipPath id="c"/><use href="#m9"/>'


def test_a_drawing_keeps_known_shapes_and_attributes_has_ids_of_its_own_and_says_what_a_link_leads_to():
    drawn = read_drawing(SVG.replace("</svg>", f"{BAD}{IDS}</svg>"), "f", 'a "b" <c>', {"s1": "<i>one</i> & “two”"})
    assert drawn == (
        '<svg viewBox="0 0 9 9" role="group" aria-label="a &#34;b&#34; &lt;c&gt;">'
        '<a href="index.html#s1"><title>s1: &lt;i&gt;one&lt;/i&gt; &amp; “two”</title>'
        '<rect x="1" y="1" width="4" height="2" fill="#0f6b83"></rect></a>'
        '<text x="1" y="8" font-weight="700" font-size="9px">nine</text><rect></rect><a></a>'
        '<rect id="f-1" clip-path="url(#f-0)"></rect><clipPath id="f-0"></clipPath><use href="#f-1"></use></svg>'
    )
    assert read_drawing("<svg", "f", "", {}) == "", "no SVG at all"


def test_cells_are_folded_and_ids_terms_and_links_lead_where_they_should(site):
    soup = parsed(site / "00-short.html")
    setup, *folds = soup.select("details.code")
    assert [pre["id"][-2:] for pre in setup.select("pre")] == ["c2", "c3", "c4"] and "Ferry" in setup.get_text()
    assert [fold.pre["id"] for fold in folds] == ["cell-c6", "cell-c7"] and not soup.select("details[open]")
    assert soup.select_one(".note[role=note]").get_text().strip() == "a caveat."
    cited = [link.string for link in soup.select("a.cited")]
    assert cited == ["s2", "s1", "s3", "s1", "s3", "s1"] and "s99" in soup.get_text() and not soup.select("pre a, h3 a")
    assert [term.string for term in soup.select("a.term")] == ["tokens", "F1", "concordance"]
    assert [link["href"] for link in soup.select(".rail a")] == ["#the-wait-is-over", "#the-wait-is-over-2"]
    assert parsed(site / "01-words.html").select(".prose p a")[0]["href"] == "00-short.html#the-wait-is-over"


def test_annotations_and_tables_find_their_place_in_the_text(site):
    article, tables = parse_article(ARTICLE), site / "tables"
    made = json.loads((tables / "statements.jsonld").read_text(encoding="utf-8"))
    for item in made["items"]:
        place, quote = item["target"]["selector"]
        assert article.text[place["start"] : place["end"]] == quote["exact"] and item["target"]["source"] == "other.txt"
        assert quote["prefix"] + quote["exact"] + quote["suffix"] in article.text
    assert {"identifying", "classifying"} == {part["purpose"] for part in made["items"][0]["body"]}
    sentences, statements = (pd.read_csv(tables / f"{name}.csv") for name in ("sentences", "statements"))
    assert list(sentences.sid) == ["s0", "s1", "s2", "s3", "s4", "s5"] and sentences.vader[2] > 0
    assert len(statements) == len(made["items"]) and {"speaker", "side", "kind"} <= set(statements)


def test_page_of_a_notebook_is_made_again_only_if_something_in_it_changed(tmp_path):
    make_site(tmp_path)
    again = lambda: [path.stem for path in pages.write_pages(tmp_path, tmp_path / "other.txt")]  # noqa: E731
    assert again() == ["glossary", "index"]
    (tmp_path / "site" / "figures" / "01-words.svg").write_text(SVG.replace("nine", "ten"), encoding="utf-8")
    assert again() == ["glossary", "01-words", "index"]
    path = tmp_path / "notebooks" / "00-short.ipynb"
    path.write_text(path.read_text(encoding="utf-8").replace("concordance", "spread"), encoding="utf-8")
    assert again() == ["glossary", "00-short", "index"]  # last: it says that the site is whole


def test_same_input_gives_same_bytes(site, tmp_path):
    assert tree(make_site(tmp_path)) == tree(site)


@pytest.mark.parametrize("text", ["x", "One sentence stands here, without any heading or quotation.", "the of and"])
def test_small_articles_give_all_pages(tmp_path, text):
    made = make_site(tmp_path, text, {"00-any": notebook("# Any", ("1", [printed("One.\n")], "finding"))})
    assert {page.stem for page in made.glob("*.html")} == {"index", "00-any", "glossary"}


def test_bad_article_ends_in_one_line_and_writes_no_page(tmp_path, capsys):
    assert pages.main([str(tmp_path), str(tmp_path / "none.txt")]) == 1
    assert capsys.readouterr().err.count("\n") == 1 and not (tmp_path / "site").exists()
