"""Notebook 06's functions over a small archive written by hand, of two parts: numbers that can be counted here."""

import json
import math
import statistics

import pandas as pd
import pytest
from archive import coverage, draw
from newsprint.chance import t_quantile
from newstext import ArticleError

SAID = [("a", "Ann Roe", 6, "direct"), ("b", "A. Roe", 2, "partial"), ("f", "Al Ek", 4, "direct")]
SAID += [("g", "", 4, "direct"), ("g", "Al Ek", 9, "indirect")]
USED = [("a", "roe"), ("b", "ann roe"), ("c", "Roe"), ("f", "Al Ek"), *[("a", "tax")] * 6, *[("b", "rain")] * 2]
USED += [("g", "rain")] * 6 + [("b", "the")] * 3


@pytest.fixture
def news(tmp_path, monkeypatch) -> coverage.Archive:
    """Ten articles: a to e of the Post in May, f to j of the Sun in June, with other scores; j cannot be read."""
    articles = pd.DataFrame({"article": [*"abcdefghij"], "error": [""] * 9 + ["no text"], "sentences": 2, "words": 9})
    articles["publisher"] = ["Post"] * 5 + ["Sun"] * 5
    articles["date"] = pd.to_datetime(["2031-05-04"] * 5 + ["2031-06-07"] * 5)
    terms = pd.DataFrame(USED, columns=["article", "label"]).assign(words=1)
    scores = pd.DataFrame({"article": [*"abcdefghi"], "vader": [0.1, 0.2, 0.3, 0.4, 0.5, -0.1, -0.2, -0.3, -0.4]})
    tables = {
        "articles": articles,
        "statements": pd.DataFrame(SAID, columns=["article", "speaker", "words", "kind"]).assign(section="Opening"),
        "terms": terms.assign(term=terms.label.str.lower(), is_stop=terms.label == "the"),
        "sentiment": pd.concat([scores.assign(section="Opening"), scores.assign(section="Headline", vader=-1.0)]),
    }
    for name, table in tables.items():
        (tmp_path / name).mkdir()
        table[table.article < "c"].to_parquet(tmp_path / name / "one.parquet")
        table[table.article >= "c"].to_parquet(tmp_path / name / "two.parquet")
    manifest = {"parts": ["one", "two"], "articles": 10, "aliases": {"A. Roe": "Ann Roe"}}
    (tmp_path / "manifest.json").write_text(json.dumps(manifest))
    monkeypatch.setenv("NEWSPRINT_OUT", str(tmp_path / "out"))
    return coverage.open_archive(tmp_path)


def test_quoted_words_are_summed_over_parts_under_the_names_that_aliases_keep(news):
    speakers = coverage.quoted_speakers(news)
    assert speakers.to_numpy().tolist() == [["Ann Roe", 2, 2, 8], ["", 1, 1, 4], ["Al Ek", 1, 1, 4]]
    assert coverage.most_quoted(speakers) == "Ann Roe is quoted most: 8 words in 2 articles, 50% of all quoted words"
    shares = coverage.speaker_shares(news, ["Ann Roe", "Al Ek"], "outlet")
    assert shares.to_dict() == {"Post": {"Ann Roe": 1, "Al Ek": 0}, "Sun": {"Ann Roe": 0, "Al Ek": 0.5}}
    assert coverage.favourites(shares) == "Post quotes Ann Roe most, 100%; Sun quotes Al Ek most, 50%"
    assert coverage.favourites(shares, most=1).startswith("Ann Roe is quoted most in 1 of 2 periods")


def test_named_is_who_has_a_capitalised_term_and_quoted_who_has_words_in_quotation_marks(news):
    found = coverage.named_and_quoted(news, ["Ann Roe", "Al Ek", ""])
    assert found.to_numpy().tolist() == [["Ann Roe", 1, 2, 2], ["Al Ek", 1, 1, 1]]
    assert "Al Ek is quoted in 100% of the 1 articles" in coverage.least_heard(found)


def test_an_outlets_own_terms_are_those_with_a_larger_share_of_its_words(news):
    found = coverage.outlet_terms(news, min_count=6).set_index("outlet")
    assert found.term.to_dict() == {"Post": "tax", "Sun": "rain"} and found.articles.tolist() == [1, 1]
    rate = 6 / 21
    g2 = 2 * (6 * math.log(6 / 14 / rate) + 8 * math.log(8 / 14 / (1 - rate)) + 7 * math.log(1 / (1 - rate)))
    assert found.g2["Post"] == pytest.approx(g2) and found.times["Post"] == pytest.approx(6.5 / 14.5 * 7.5 / 0.5)
    assert coverage.own_words(found.reset_index()) == "Post: “tax”; Sun: “rain”"
    assert coverage.own_words(coverage.outlet_terms(news, min_count=1)) == "Sun: “rain”"  # more terms, a higher bar


def test_tone_is_the_mean_over_articles_with_an_interval_for_all_rows_at_once(news):
    post, sun = coverage.tone(news, "outlet").itertuples()
    half = t_quantile(1 - 0.025 / 2, 4) * statistics.stdev([0.1, 0.2, 0.3, 0.4, 0.5]) / 5**0.5
    assert (post.mean, post.low, post.high) == pytest.approx((0.3, 0.3 - half, 0.3 + half))
    assert sun.articles == 4 and sun.mean == pytest.approx(-0.25) and math.isnan(sun.low)
    assert coverage.tone(news, "period").period.tolist() == ["2031-05", "2031-06"]
    rows = pd.DataFrame({"outlet": ["Post", "Sun"], "mean": [0.3, -0.2], "low": [0.1, -0.4], "high": [0.5, 0.0]})
    assert coverage.tone_moves(rows).endswith("lowest: Sun (−0.20); their intervals lie apart: more than chance")
    assert coverage.tone_moves(rows.assign(low=-1.0)).endswith("overlap: it may be chance")


def test_each_sentence_says_what_is_missing(news, tmp_path):
    none = coverage.quoted_speakers(news).iloc[:0]
    assert coverage.most_quoted(none) == coverage.favourites(none) == coverage.least_heard(none)
    assert coverage.own_words(coverage.outlet_terms(news, min_count=99)) == "No term stands out"
    assert coverage.tone_moves(coverage.tone(news, "outlet")) == "Too few articles to compare"
    said = "1 of 10 articles could not be read (10.0%); 1 of them are of Sun, 20% of its articles"
    assert coverage.left_out(coverage.set_aside(news)) == said
    assert coverage.tone(coverage.open_archive(tmp_path, outlet="paper"), "outlet").outlet.tolist() == ["(not said)"]
    with pytest.raises(ArticleError, match="no whole archive; say: make archive"):
        coverage.open_archive(tmp_path / "out")


def test_charts_are_saved_and_their_alternative_text_says_what_they_show(news, tmp_path, capsys):
    charts, shares = draw.ArchiveCharts(news), coverage.speaker_shares(news, ["Ann Roe", "Al Ek"], "outlet")
    charts.shares("shares", shares, "Share, %", title="<b>Who</b>")
    charts.means("means", coverage.tone(news, "period"), "Score", title="Tone")
    charts.means("none", coverage.tone(news, "period").iloc[:0], "Score", title="Tone")
    shown = capsys.readouterr().out
    assert "2 rows; the largest share is 100%, Ann Roe in Post. <b>Who</b>." in shown
    assert "means from −0.25 to +0.30. Tone." in shown and "Nothing to draw: Tone" in shown
    assert sorted(path.name for path in (tmp_path / "out" / "figures").iterdir()) == ["06-means.png", "06-shares.png"]
    picture = (tmp_path / "out" / "site" / "figures" / "06-shares.svg").read_text()
    assert ">Al Ek<" in picture and ">50<" in picture and "<b>" not in picture
