"""Terms, names, counts by section, concordance and general English, on invented texts and counted by hand."""

import re
from collections import Counter
from dataclasses import replace

import numpy as np
import pandas as pd
import pytest
from newsprint import (
    actor_counts,
    against_english,
    concordance,
    count_terms,
    find_actors,
    find_terms,
    kwic,
    names_move,
    section_counts,
    section_topics,
    shared_by_chance,
    stands_out,
)  # fmt: skip
from newsprint.terms import list_actors, log_likelihood
from newstext import Article, ArticleError, parse_article, read_article
from nltk.metrics import BigramAssocMeasures

from tests.archive.invented import invented_article

LEAD = "It rained on Monday in the hills beyond the old harbour, and it rained on most of the towns beside the sea."
SHIPPED = read_article("data/article.txt")
TERMS = find_terms(SHIPPED)


def article(*paragraphs: str, **tables: dict) -> Article:
    return replace(parse_article("\n\n".join(["Rain falls", LEAD, *paragraphs])), **tables)


def terms_of(text: str, **options) -> pd.DataFrame:
    found = find_terms(article(text), **options)
    return found[found.sid != "s1"].reset_index(drop=True)


@pytest.mark.parametrize(
    ("text", "names"),
    [
        ("He met Ann Marie Roe and Tom Hall.", ["Ann Marie Roe", "Tom Hall"]),
        ("Then China’s President Li Wei and U.S. President Ann Roe spoke.", ["China’s", "Li Wei", "U.S.", "Ann Roe"]),
        ("They met Ann, Tom and Eve on Friday in June.", ["Ann", "Tom", "Eve"]),
        ("Rain fell. Nobody minded the rain.", []),
    ],
)  # fmt: skip
def test_names_are_joined(text, names):
    found = terms_of(text)
    assert found.token[found.is_name].tolist() == names


def test_fixed_terms_are_joined_in_any_case_but_not_across_a_mark():
    assert {"cold war", "climate change"} <= {*terms_of("A Cold War, and climate change.").term}
    assert "cold war" not in {*terms_of("It was cold, war was near.").term}
    assert terms_of("A green idea sleeps.", fixed={"green idea"}).term.tolist() == ["a", "green idea", "sleeps"]


def test_a_term_keeps_its_place_and_its_words_add_up_to_the_body():
    text = "Roses\r\n\r\nThe “cold\u00ad war” began; Ann  Roe said so.\r\n"
    source = parse_article(text)
    for terms, own in ((find_terms(source), source), (TERMS, SHIPPED)):
        assert terms.words.sum() == len(own.words()) == terms["last"].iloc[-1]
        assert (terms["last"] - terms["first"]).tolist() == terms.words.tolist()
        joined = terms[terms.words > 1]
        assert len(joined) and all(own.text[a] == token[0] for a, token in zip(joined.start, joined.token))
    assert "cold war" in {*find_terms(source).term}


def test_folding_joins_possessives_plurals_and_full_names_and_can_be_left():
    text = "Bo Lind has a boat. Then Lind likes boats. A boat of Lind’s, duties, a duty. The new glass and news stay."
    assert Counter(terms_of(text).term)["lind"] == 3 and Counter(terms_of(text).term)["boat"] == 3
    assert {"duty", "glass", "news"} <= {*terms_of(text).term} and "duties" not in {*terms_of(text).term}
    assert {"bo lind", "lind's", "boats", "duties"} <= {*terms_of(text, fold=False).term}
    labels = terms_of("Boats come. They like boats, old boats and NATO’s harbour.").groupby("term").label.first()
    assert (labels["boats"], labels["nato"]) == ("boats", "NATO"), "the commonest spelling, without possessive"


def test_counts_are_those_of_a_plain_count_with_ties_by_alphabet():
    counts = count_terms(TERMS)
    plain = Counter(TERMS.term[~TERMS.is_stop])
    assert dict(zip(counts.term, counts["count"])) == plain and sum(counts["count"]) == sum(plain.values())
    assert counts.term.tolist() == sorted(plain, key=lambda term: (-plain[term], term))
    assert counts.per_1000[0] == pytest.approx(1000 * plain["russia"] / 837)
    assert len(count_terms(TERMS, 3)) == sum(n > 2 for n in plain.values())


def test_section_counts_read_from_the_first_section_to_the_last_and_leave_names_out():
    grid = section_counts(TERMS, 12, ["said"])
    found = TERMS[TERMS.label.isin(grid.index)]
    places = [np.mean(found["first"][found.label == word]) for word in grid.index]
    assert len(grid) == 12 and places == sorted(places) and "said" not in grid.index
    own = Counter(zip(found.label, found.section))
    assert all(grid.loc[word, section] == own[word, section] for word in grid.index for section in grid)
    assert not set(grid.index) & set(TERMS.label[TERMS.is_name])
    assert "Russia" in section_counts(TERMS, 5, names=True).index


def grid(**rows: list[int]) -> pd.DataFrame:
    return pd.DataFrame(rows, index=["Start", "Middle", "End"]).T


@pytest.mark.parametrize(
    ("table", "says"),
    [
        (grid(), "No word comes twice"),
        (grid(ship=[2, 0, 0], rain=[1, 1, 2], gold=[0, 1, 4]), "The words move: “ship” in Start; “gold” in End"),
        (grid(ship=[2, 0, 0], gold=[1, 0, 1]), "The words move: “ship” in Start"),
        (grid(rain=[1, 1, 0], gold=[1, 0, 1]), "The commonest words: “rain” and “gold” (2 times each)"),
        (grid(rain=[3, 1, 2])[["Start"]], "The commonest words: “rain” (3 times each)"),
        (grid(rain=[3, 4, 2], sea=[0, 2, 0])[["Middle"]], "The commonest words: “rain” and “sea” (4 to 2 times)"),
    ],
)
def test_section_topics_in_a_sentence(table, says):
    assert section_topics(table) == says


def test_chance_of_an_uneven_word_can_be_counted_by_hand():
    """Seven sentences, five with gold in a section of their own: of C(7, 5) = 21 deals one is as uneven."""
    text = [("a", "gold sea")] * 5 + [("b", "tide sea")] * 2
    rows = [(f"s{i}", name, word) for i, (name, words) in enumerate(text) for word in words.split()]
    terms = pd.DataFrame(rows, columns=["sid", "section", "term"])
    terms = terms.assign(words=1, is_stop=False, label=terms.term)
    found = "“gold”; 5% of random deals share a word as unevenly: more than chance would do"
    assert shared_by_chance(terms) == f"Shared most unevenly: {found}"
    nothing = shared_by_chance(terms.assign(section="a")), shared_by_chance(terms, 8), shared_by_chance(terms[:0])
    assert all("nothing to compare" in said for said in nothing)


ACTORS = {"China": ["China", "Chinese", "Li Wei", "Li"], "U.S.": ["U.S.", "Ann Roe", "White House"], "Wei": ["Wei"]}


@pytest.mark.parametrize(
    ("text", "names"),
    [
        ("U.S. President Ann Roe spoke.", ["U.S."]),
        ("China’s President Li Wei spoke.", ["China"]),
        ("Chinese Vice President Dr. Li Wei spoke.", ["Chinese"]),
        ("China and Li Wei spoke.", ["China", "Li Wei"]),
        ("It was China’s U.S. envoy.", ["China", "U.S."]),
        ("It helped China. Li Wei smiled.", ["China", "Li Wei"]),
        ("China, Ann Roe and Li met.", ["China", "Ann Roe", "Li"]),
        ("It was China-hosted, but no Chinaman, no Lima and no china.", ["China"]),
        ("It was the White  House’s Ann Roe, in the rain.", ["White House"]),
    ],
)
def test_names_of_one_actor_that_stand_together_are_one_mention(text, names):
    found = find_actors(article(text, actors=ACTORS))
    assert found.name.tolist() == names


def test_mentions_have_places_and_the_body_only_is_read():
    text = "China gains\n\nU.S. President Ann Roe met China’s Li Wei in China on Friday, for the first time in years.\n"
    source = replace(parse_article(text), actors=ACTORS)
    found = find_actors(source)
    spans = [source.text[a:b] for a, b in zip(found.start, found.end)]
    assert spans == ["U.S. President Ann Roe", "China’s Li Wei", "China"]
    assert found["first"].tolist() == [0, 5, 9] and found["last"].tolist() == [4, 8, 10]


def test_an_article_without_a_list_gets_its_speakers_and_its_commonest_names():
    source = parse_article(invented_article(3))
    actors = list_actors(source)
    assert len(actors) and not source.actors and actors.side.nunique() == 3
    assert set(actors.actor) & set(find_actors(source).actor)
    assert find_actors(article("No names here at all.")).empty


def test_actor_counts_are_sorted_and_said():
    sections = pd.DataFrame({"section": ["One", "Two"]})
    mentions = pd.DataFrame({"actor": ["B", "A", "C", "C"], "section": ["One", "Two", "Two", "Two"]})
    counts = actor_counts(mentions, sections)
    assert counts.index.tolist() == ["C", "A", "B"] and counts.loc["C"].tolist() == [0, 2]
    assert names_move(counts, 2) == "Named from section to section: C 0, 2 (2 in all); A 0, 1 (1 in all)"
    assert names_move(counts[["Two"]], 1) == "Named: C 2 times"
    assert names_move(actor_counts(mentions[:0], sections)) == "None of the listed actors is named"


def test_concordance_is_that_of_the_text_and_can_be_sorted_by_either_side():
    text = "A green boat came. The old boat sank. My boat, a Boat apart."
    found = {sort: concordance(article(text), "boat", sort) for sort in ("place", "left", "right")}
    assert found["place"].keyword.tolist() == ["boat", "boat", "boat", "Boat"]
    assert found["left"].left.str.strip().tolist() == ["My boat, a", "A green", "My", "The old"]
    assert found["right"].right.str.strip().tolist() == [", a Boat apart.", "apart.", "came.", "sank."]
    west = concordance(SHIPPED, r"\bwest\b")
    assert {SHIPPED.text[a:b] for a, b in zip(west.start, west.end)} == {"West"}
    assert concordance(SHIPPED, "No forbidden").empty, "the headline is not searched"


@pytest.mark.parametrize(
    "pattern", ["(", "a*", "a{99999999999}", "(" * 9_000 + ")" * 9_000], ids=["open", "empty text", "many", "deep"]
)
def test_a_pattern_that_will_not_do_is_one_line(pattern):
    with pytest.raises(ArticleError, match=r"\APATTERN = [^\n]*\Z"):
        concordance(SHIPPED, pattern)


def test_kwic_aligns_keywords_counts_the_rest_and_says_when_there_is_none():
    lines = kwic(concordance(SHIPPED, r"\bof\b"), width=60, rows=9).splitlines()
    assert max(map(len, lines)) <= 62 and re.fullmatch(r"… and \d+ more lines", lines[9])
    assert kwic(concordance(SHIPPED, "zebra")) == "no match"


@pytest.mark.parametrize(("count", "words", "rate"), [(7, 837, 1e-4), (1, 837, 1e-8), (40, 837, 0.05), (3, 3, 0.2)])
def test_log_likelihood_is_nltks_against_an_endless_text(count, words, rate):
    other = 10**12
    table = count, (count + round(rate * other), words), words + other
    assert log_likelihood(count, words, rate) == pytest.approx(BigramAssocMeasures.likelihood_ratio(*table), rel=2e-3)


def test_the_bar_allows_for_every_word_of_the_list():
    """Bonferroni over wordfreq's words: two-sided normal point 5.2 for 0.05 in some 300,000, squared."""
    found = against_english(count_terms(TERMS, 2), 837)
    assert found.bar.nunique() == 1 and found.bar[0] == pytest.approx(27.5, abs=0.1)
    assert found.passes.tolist() == ((found.g2 >= found.bar) & (found.times > 1)).tolist()
    assert found.g2.is_monotonic_decreasing and 0 < found.passes.sum() < len(found)


def test_a_rare_word_stands_out_and_a_common_or_underused_one_does_not():
    counts = pd.DataFrame({"term": ["zugzwang", "people", "the"], "count": [5, 1, 1]}).assign(label=lambda t: t.term)
    found = against_english(counts, 1000).set_index("term")
    assert found.passes.to_dict() == {"zugzwang": True, "people": False, "the": False}
    assert found.g2["the"] > found.bar["the"], "far too rare here, and that is no keyword"
    assert stands_out(found.reset_index()) == "1 of 3 terms stand out against general English: zugzwang"
    assert stands_out(against_english(counts[:0], 0)) == "0 of 0 terms stand out against general English"


# The shipped article, counted in the file itself

NOT_TEXT = (
    r"(?m)^(Click to|WATCH ABOVE|Story continues|Breaking news|— Reporting|Sponsored|NATO leaders|Biden pushes).*"
)
PARTS = re.split("\n(?:Mutual support|Tech and energy)\n", re.sub(NOT_TEXT, "", SHIPPED.text.split("\n\n", 1)[1]))
ONE_MENTION = {
    "Russia": "Russia’s Vladimir Putin|Russian?|Moscow|Kremlin|Putin",
    "China": "China’s President Xi Jinping|China|Chinese|Beijing",
    "United States": "U.S. State Department|U.S. President Joe Biden|U.S.|United States|American|Washington|White House"
    "|State Department|Obama",
}


def test_shipped_names_are_those_in_the_file():
    counts = actor_counts(find_actors(SHIPPED), SHIPPED.sections)
    own = {actor: [len(re.findall(names, part)) for part in PARTS] for actor, names in ONE_MENTION.items()}
    assert {actor: counts.loc[actor].tolist() for actor in own} == own


def test_shipped_words_move_as_the_file_says():
    found = section_topics(section_counts(TERMS, 15, ["said"]))
    words = re.findall("“([^”]*)”", found)
    assert len(words) == 6 and found.index("Opening") < found.index("Tech and energy")
    for word, part in zip(words, [0, 0, 0, 2, 2, 2]):
        own = [len(re.findall(rf"(?i)\b{word}\b", text)) for text in PARTS]
        assert own[part] > sum(own) / 2 and own[part] == max(own), (word, own)
