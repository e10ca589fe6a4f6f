"""Terms, names, counts by section, concordance and general English, on invented texts and counted by hand."""

import re
from collections import Counter
from dataclasses import replace

import numpy as np
import pandas as pd
import pytest
from newsprint import terms as t
from newstext import Article, ArticleError, parse_article, read_article
from nltk.metrics import BigramAssocMeasures

SHIPPED = read_article("data/article.txt")
TERMS = t.find_terms(SHIPPED)


def article(*paragraphs: str, **tables: dict) -> Article:
    return replace(parse_article("\n\n".join(["Rain falls", "It rained on Monday. " * 5, *paragraphs])), **tables)


def terms_of(text: str, **options) -> pd.DataFrame:
    found = t.find_terms(article(text), **options)
    return found[found.start > 110].reset_index(drop=True)


def test_names_are_joined():
    for text, names in {
        "He met Ann Marie Roe and Tom Hall.": ["Ann Marie Roe", "Tom Hall"],
        "Then China’s President Li Wei and U.S. President Ann Roe spoke.": ["China’s", "Li Wei", "U.S.", "Ann Roe"],
        "They met Ann, Tom and Eve on Friday in June.": ["Ann", "Tom", "Eve"],
        "Rain fell. Nobody minded the rain. Boats Ann Roe built sank like boats.": ["Ann Roe"],
        "“Nobody minds,” said Ann. “Ann does.”": ["Ann", "Ann"],
    }.items():
        found = terms_of(text)
        assert found.token[found.is_name].tolist() == names, text


def test_fixed_terms_are_joined_in_any_case_but_not_across_a_mark():
    assert {"cold war", "climate change"} <= {*terms_of("A Cold War, and climate change.").term}
    assert "cold war" not in {*terms_of("It was cold, war was near.").term}
    assert terms_of("A green idea sleeps.", fixed={"green idea"}).term.tolist() == ["a", "green idea", "sleeps"]
    assert not terms_of("All in all, so.", fixed={"all in all"}).is_stop[0], "though its words are stop words"


def test_a_term_keeps_its_place_and_its_words_add_up_to_the_body():
    odd = parse_article("Roses\r\n\r\nThe “cold\u00ad war” began; Ann  Roe said so.\r\n")
    for terms, own in ((t.find_terms(odd), odd), (TERMS, SHIPPED)):
        assert terms.words.sum() == len(own.words()) and (terms["last"] - terms["first"]).tolist() == [*terms.words]
        joined = terms[terms.words > 1]
        assert len(joined) and all(own.text[a] == token[0] for a, token in zip(joined.start, joined.token))


def test_folding_joins_possessives_and_plurals_and_labels_are_as_spelled():
    text = "Lind has a boat and a plane. Then Lind likes boats, planes, play. A boat of Lind’s, duties, a duty, news."
    terms = Counter(terms_of(f"{text} The new glass stays.").term)
    assert (terms["lind"], terms["boat"], terms["plane"], terms["duty"], terms["play"]) == (3, 3, 2, 2, 1)
    assert {"glass", "news"} <= {*terms}, "though there are “new” and no “glas”"
    labels = terms_of("Boats come. They like boats, old boats and NATO’s harbour.").groupby("term").label.first()
    assert (labels["boats"], labels["nato"]) == ("boats", "NATO"), "the commonest spelling, without possessive"


def test_counts_are_those_of_a_plain_count_by_frequency_and_by_section_in_the_order_of_the_text():
    counts, plain = t.count_terms(TERMS), Counter(TERMS.term[~TERMS.is_stop])
    assert [*zip(counts.term, counts["count"])] == sorted(plain.items(), key=lambda row: (-row[1], row[0]))
    assert counts.per_1000[0] == pytest.approx(1000 * plain["russia"] / 837)
    grid, own = t.section_counts(TERMS, 12, ["said"]), Counter(zip(TERMS.label, TERMS.section))
    places = [np.mean(TERMS["first"][TERMS.label == word]) for word in grid.index]
    assert len(grid) == 12 and places == sorted(places) and "said" not in grid.index
    assert all(grid.loc[word, section] == own[word, section] for word in grid.index for section in grid)
    assert not {*grid.index} & {*TERMS.label[TERMS.is_name]} and "Russia" in t.section_counts(TERMS, 5, names=True).T


def test_section_topics_in_a_sentence():
    for says, rows in {
        "No word comes twice": {},
        "The words move: “ship” in A": {"ship": [2, 0, 0], "gold": [1, 0, 1]},
        "The words move: “ship” in A; “gold” in C": {"ship": [2, 0, 0], "rain": [1, 1, 2], "gold": [0, 1, 4]},
        "The commonest words: “rain” (2 times) and “gold” (2 times)": {"rain": [1, 1, 0], "gold": [1, 0, 1]},
        "The commonest words: “rain” (4 times) and “sea” (2 times)": {"rain": [4], "sea": [2]},
    }.items():
        assert t.section_topics(pd.DataFrame(rows, index=[*"ABC"][: len(rows.get("rain", "abc"))]).T) == says


def test_chance_of_an_uneven_word_can_be_counted_by_hand():
    """Seven sentences, five with gold in a section of their own: of C(7, 5) = 21 deals one is as uneven."""
    rows = [(f"s{i}", "ab"[i > 4], word) for i in range(7) for word in (["gold", "tide"][i > 4], "sea")]
    terms = pd.DataFrame(rows, columns=["sid", "section", "term"])
    terms = terms.assign(words=1, is_stop=False, label=terms.term)
    found = "“gold”; 5% of random deals share a word as unevenly: more than chance would do"
    assert t.shared_by_chance(terms) == f"Shared most unevenly: {found}"
    nothing = t.shared_by_chance(terms.assign(section="a")), t.shared_by_chance(terms, 8), t.shared_by_chance(terms[:0])
    assert all("nothing to compare" in said for said in nothing)


ACTORS = {"China": ["China", "Chinese", "Li Wei", "Li"], "U.S.": ["U.S.", "Ann Roe", "White House"], "Wei": ["Wei"]}


def test_names_of_one_actor_that_stand_together_are_one_mention():
    for text, names in {
        "U.S. President Ann Roe met China’s Li Wei.": ["U.S.", "China"], "China and Li Wei.": ["China", "Li Wei"],
        "Chinese Vice President Dr. Li Wei spoke.": ["Chinese"], "It was China’s U.S. envoy.": ["China", "U.S."],
        "It helped China. Li Wei smiled.": ["China", "Li Wei"], "China, Ann Roe, Li.": ["China", "Ann Roe", "Li"],
        "It was China-hosted, but no Chinaman, no Lima and no china.": ["China"], "No names here at all.": [],
        "It was the White  House’s Ann Roe, in the rain.": ["White House"],
    }.items():  # fmt: skip
        assert t.find_actors(article(text, actors=ACTORS)).name.tolist() == names, text


def test_mentions_have_places_and_the_body_only_is_read():
    text = "China gains\n\nU.S. President Ann Roe met China’s Li Wei in China on Friday, for the first time in years.\n"
    found = t.find_actors(replace(parse_article(text), actors=ACTORS))
    assert [text[a:b] for a, b in zip(found.start, found.end)] == ["U.S. President Ann Roe", "China’s Li Wei", "China"]
    assert found["first"].tolist() == [0, 5, 9] and found["last"].tolist() == [4, 8, 10]


def test_names_move_in_a_sentence():
    mentions = pd.DataFrame({"actor": [*"BACC"], "section": ["One", "Two", "Two", "Two"]})
    sections = pd.DataFrame({"section": ["One", "Two"]})
    assert t.names_move(mentions, sections, 2) == "Named from section to section: C 0, 2 (2 in all); A 0, 1 (1 in all)"
    assert t.names_move(mentions, sections[1:], 1) == "Named: C 2 times"
    assert t.names_move(mentions[:0], sections) == "None of the listed actors is named"


def test_concordance_is_that_of_the_text_sorted_by_either_side_and_printed_in_line():
    source = article("A green boat came. The old boat sank. My boat, a Boat apart.")
    found = {sort: t.concordance(source, "boat", sort) for sort in ("place", "left", "right")}
    assert found["place"].keyword.tolist() == ["boat", "boat", "boat", "Boat"]
    assert found["left"].left.str.strip().tolist() == ["My boat, a", "A green", "My", "The old"]
    assert found["right"].right.str.strip().tolist() == [", a Boat apart.", "apart.", "came.", "sank."]
    assert t.concordance(SHIPPED, "No forbidden").empty, "the headline is not searched"
    lines = t.kwic(t.concordance(SHIPPED, r"\bof\b"), rows=9).splitlines()
    assert {line.index("of", 30) for line in lines[:9]} == {35} and re.fullmatch(r"… and \d+ more lines", lines[9])
    assert 68 <= max(map(len, lines)) <= 70 and t.kwic(t.concordance(SHIPPED, "zebra")) == "no match"


def test_a_pattern_that_will_not_do_is_one_line():
    for pattern in ("(", "a*", "a{99999999999}", "(" * 9_000 + ")" * 9_000):
        with pytest.raises(ArticleError, match=r"\APATTERN = [^\n]*\Z"):
            t.concordance(SHIPPED, pattern)


def test_keyness_is_nltks_log_likelihood_and_the_bar_allows_for_every_word_of_the_list():
    """G² against an endless other text; Bonferroni's normal point of 0.05 in some 300,000 words, squared."""
    counts = pd.DataFrame({"term": ["zugzwang", "people", "the"], "count": [5, 1, 1]}).assign(label=lambda t: t.term)
    for words in (1000, 7):
        found, other = t.against_english(counts, words).set_index("term"), 10**12
        for term, count in zip(counts.term, counts["count"]):
            table = count, (count + round(found.english[term] * other / 1e6), words), words + other
            assert found.g2[term] == pytest.approx(BigramAssocMeasures.likelihood_ratio(*table), rel=2e-3)
    assert found.bar.tolist() == pytest.approx([27.5] * 3, abs=0.1) and found.g2.is_monotonic_decreasing
    found = t.against_english(counts, 1000)
    assert found.term[1] == "the" and found.g2[1] > found.bar[1], "it is far too rare here, and that is no keyword"
    assert t.stands_out(found) == "1 of 3 terms stand out against general English: zugzwang"
    assert t.stands_out(t.against_english(counts[:0], 0)) == "0 of 0 terms stand out against general English"
    assert np.isfinite(t.against_english(counts[:1], 5).g2).all(), "a text of one term alone"
