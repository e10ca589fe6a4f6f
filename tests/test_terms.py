"""Counts, rates and comparisons of terms: small sums done by hand, published examples, second implementations."""

import math

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from newsprint.actors import actors_by_section, find_actors, names_by_actor, read_actors
from newstext.article import ArticleError, parse_article
from newsprint.keyness import (
    compare_settings,
    english_keyness,
    frequent_terms,
    log_likelihood,
    log_ratio,
    needed_counts,
    section_keyness,
    shuffled_g2,
    survivors,
)
from newsprint.terms import (
    concordance,
    count_terms,
    dispersion,
    exact_interval,
    find_terms,
    folded_forms,
    joined_terms,
    kwic,
    lexical_variety,
    named,
    recurring_phrases,
    section_counts,
    sentence_lengths,
    top_terms,
)
from nltk import FreqDist
from nltk.collocations import BigramCollocationFinder, TrigramCollocationFinder
from scipy import stats

quick = settings(deadline=None, max_examples=40)

STOPS = {"the", "a", "of", "and", "in", "to"}
HARBOUR = """A quiet title

The harbour of Port Lunn opened. Mayor Ada Brill praised the harbour’s crews, and Brill waved.

The crews of Port Lunn cheered the harbour, the cranes and the crews.

Money matters

Port Lunn pays the crews. The mayor’s budget, a budget of hope, pays in gold, and gold pays the cranes.
"""


def article_of(text: str, stops: set[str] = STOPS):
    return parse_article(text, stop_words=stops)


def terms_of(body: str, **settings) -> pd.DataFrame:
    return find_terms(article_of(f"A quiet title\n\n{body}"), **settings)


def names_in(body: str) -> list[str]:
    """The terms of several words, as found."""
    terms = terms_of(body, fixed=set())
    return list(terms.term[terms.words > 1])


def table(sections: dict[str, str]) -> pd.DataFrame:
    """A table of terms, as `find_terms` gives it, from the words of each section; stop words have capitals."""
    rows = [(name, word) for name, words in sections.items() for word in words.split()]
    found = pd.DataFrame(rows, columns=["section", "term"]).assign(words=1)
    return found.assign(is_stop=found.term.str.isupper())


words = st.lists(st.sampled_from(["gold", "crew", "tide", "THE", "OF", "ship"]), min_size=1, max_size=40).map(" ".join)
section_tables = st.dictionaries(st.sampled_from(["one", "two", "three"]), words, min_size=1).map(table)


# Finding terms


def test_names_are_runs_of_capitals_and_a_mark_a_possessive_or_a_title_ends_them():
    assert names_in("The crews met Ada Brill, Port Lunn.") == ["ada brill", "port lunn"]
    assert names_in("They met Lunn’s Ada Brill and President Tom Reed on Friday Island.") == ["ada brill", "tom reed"]
    assert names_in("They met U.S. Senator Tom Reed of the Lunn-based Gull Trust.") == ["tom reed", "gull trust"]


def test_the_first_word_of_a_sentence_is_no_name_where_it_occurs_in_lower_case():
    assert names_in("Crews Brill hired left. More crews came.") == []
    assert names_in("Ada Brill hired crews. More came.") == ["ada brill"]


def test_a_full_name_counts_under_its_last_word_where_that_follows_alone():
    assert list(terms_of("They met Ada Brill. The crews say Brill left.").term).count("brill") == 2
    assert list(terms_of("They met Brill. Later Ada Brill left.").term).count("brill") == 1
    assert list(terms_of("They met Ada Brill. Ada Brill met Brill.").term).count("ada brill") == 2


def test_fixed_terms_of_the_list_are_joined_but_not_across_a_mark():
    found = terms_of("Human rights matter. The human, rights apart, eats.", fixed={"human rights"})
    assert list(found.term).count("human rights") == 1
    assert found.words.sum() == 8


def test_terms_keep_their_place_in_the_text_as_received():
    article = article_of("\ufeffA title\r\n\r\nThe cafe\u0301 of Port\u00a0Lu\u200bnn shut. Good.\r\n")
    found = find_terms(article)
    assert list(found.term) == ["the", "café", "of", "port lunn", "shut", "good"]
    assert [article.text[a:b] for a, b in zip(found.start, found.end, strict=True)][3] == "Port\u00a0Lu\u200bnn"
    assert list(found["first"]) == [0, 1, 2, 3, 5, 6]


def test_folding_is_off_possessive_or_by_stem_and_shows_what_it_changed():
    body = "The crew’s boat, the crews' boats: a crew's crews."
    assert list(terms_of(body, fold="off").term[[1, 7]]) == ["crew's", "crew's"]
    assert folded_forms(terms_of(body)).empty
    stems = folded_forms(terms_of("Cheering crews cheered. A crew cheered.", fold="stem"))
    assert stems.to_numpy().tolist() == [["cheered", 3, "cheered 2 + cheering 1"], ["crew", 2, "crew 1 + crews 1"]]


def test_another_fold_is_refused_in_one_line():
    with pytest.raises(ArticleError, match=r"^FOLD = 'lemma' is not known: choose 'off', 'possessive', 'stem'$"):
        terms_of("Words.", fold="lemma")


def test_a_body_without_words_gives_empty_tables():
    article = article_of("A quiet title\n\n… — !\n\n? — … !!! — …")
    terms = find_terms(article)
    for measure in (count_terms, dispersion, section_keyness, english_keyness, folded_forms, joined_terms):
        assert measure(terms).empty
    assert recurring_phrases(article.words())[["term", "count", "sids"]].empty
    assert compare_settings({"as it is": terms})["pass"].tolist() == [0]
    assert kwic(concordance(article, "x")) == "no match"
    assert needed_counts(terms, 10).empty


def test_joined_terms_show_what_they_count_as():
    found = joined_terms(terms_of("They met Ada Brill at Port Lunn. The crews say Brill left Port Lunn."))
    assert found.to_numpy().tolist() == [["port lunn", "port lunn", 2, "s1 s2"], ["ada brill", "brill", 1, "s1"]]


# Counting


def test_counts_rates_ties_and_their_order():
    found = count_terms(table({"one": "ship gold gold tide tide THE THE THE THE THE"}))
    assert found[["rank", "term", "count", "per_1000"]].to_numpy().tolist() == [
        ["1=", "gold", 2, 200],
        ["1=", "tide", 2, 200],
        ["3", "ship", 1, 100],
    ]
    assert list(count_terms(table({"one": "ship gold gold"}), min_count=2).term) == ["gold"]


def test_top_terms_counts_the_ties_it_cuts():
    counts = count_terms(table({"one": "a a b c d"}))
    assert top_terms(counts, 2)[["term", "cut"]].to_numpy().tolist() == [["a", 2], ["b", 2]]
    assert list(top_terms(counts, 9).cut) == [0] * 4


def test_terms_in_words_count_those_beyond_the_first():
    assert [named("abcdef"[:n], most=3) for n in (0, 1, 3)] == ["", "“a”", "“a”, “b” and “c”"]
    assert named("abcdef", most=3) == "“a”, “b”, “c” and 3 more"


@pytest.mark.parametrize("value", [0, -1, 2.5, "3", True, None])
def test_settings_that_are_no_whole_number_above_zero_are_refused(value):
    counts = count_terms(table({"one": "a b"}))
    with pytest.raises(ArticleError, match="^TOP_TERMS = .*whole number, 1 or more$"):
        top_terms(counts, value)
    with pytest.raises(ArticleError, match="^MIN_COUNT = .*whole number, 1 or more$"):
        count_terms(table({"one": "a"}), min_count=value)


@pytest.mark.parametrize(
    ("count", "total", "low", "high"),
    [(81, 263, 0.2527, 0.3676), (15, 148, 0.0578, 0.1617), (0, 20, 0, 0.1684), (1, 29, 0.0009, 0.1776)],
)
def test_exact_intervals_match_newcombe_1998_table_1(count, total, low, high):
    assert np.allclose(exact_interval(count, total), (low, high), atol=5e-5)


def test_exact_intervals_match_scipy_to_the_ends():
    for count, total in [(0, 1), (1, 1), (3, 7), (7, 7), (8, 837)]:
        expected = stats.binomtest(count, total).proportion_ci(method="exact")
        assert np.allclose(exact_interval(count, total), expected)


@quick
@given(section_tables)
def test_counts_are_those_of_freqdist_and_rates_with_stop_words_add_up(terms):
    found = count_terms(terms)
    assert dict(zip(found.term, found["count"], strict=True)) == FreqDist(terms.term[~terms.is_stop])
    assert math.isclose(found.per_1000.sum() + 1000 * terms.is_stop.mean(), 1000)
    assert ((found.low <= found.per_1000) & (found.per_1000 <= found.high)).all()
    assert section_counts(terms).sum(axis=1).to_dict() == FreqDist(terms.term[~terms.is_stop])


@quick
@given(section_tables, st.sampled_from(["gold", "tide", "THE"]))
def test_setting_one_more_word_aside_changes_no_other_count(terms, word):
    fewer = terms.assign(is_stop=terms.is_stop | (terms.term == word))
    before, after = (count_terms(t).set_index("term")[["count", "per_1000"]] for t in (terms, fewer))
    pd.testing.assert_frame_equal(before.drop(index=word, errors="ignore").sort_index(), after.sort_index())


def test_phrases_recur_within_sentences_and_keep_their_places():
    body = "The big crew sang, big crew. Big crew of gold left; a crew of gold came. A crew of gold. Crew of."
    found = recurring_phrases(article_of(f"A title\n\n{body}").words())
    assert found.to_numpy().tolist() == [["big crew", 3, 2, "s1 s1 s2"], ["crew of gold", 3, 3, "s2 s2 s3"]]


def test_a_phrase_that_only_occurs_inside_a_longer_one_is_left_out():
    found = recurring_phrases(article_of("A title\n\nTall red crane. Tall red crane. Red crane.").words())
    assert list(found.term) == ["red crane", "tall red crane"]
    found = recurring_phrases(article_of("A title\n\nTall red crane. Tall red crane.").words())
    assert list(found.term) == ["tall red crane"]


def test_recurring_phrases_are_those_of_nltk():
    article = article_of(HARBOUR)
    sentences = [list(part.term) for _, part in article.words().groupby("sid", sort=False)]
    expected = {}
    for finder in (BigramCollocationFinder, TrigramCollocationFinder):
        found = finder.from_documents(sentences)
        found.apply_ngram_filter(lambda *phrase: phrase[0] in STOPS or phrase[-1] in STOPS)
        expected |= {" ".join(phrase): n for phrase, n in found.ngram_fd.items() if n > 1}
    assert expected == {"port lunn": 3}
    assert recurring_phrases(article.words()).set_index("term")["count"].to_dict() == expected


# Where


def test_deviation_of_proportions_is_that_of_gries_2008():
    corpus = {
        "1": "b a m n i b e u p",
        "2": "b a s a t b e w q n",
        "3": "b c a g a b e s t a",
        "4": "b a g h a b e a a t",
        "5": "b a h a a b e a x a t",
    }
    found = dispersion(table(corpus)).set_index("term")
    assert found.loc["a", ["count", "sections"]].tolist() == [15, 5]
    assert round(found.dp["a"], 3) == 0.18
    assert set(found.index[found["count"] < 5]) == set()


@quick
@given(section_tables)
def test_deviation_of_proportions_stays_between_zero_and_one(terms):
    found = dispersion(terms, min_count=1)
    assert found.dp.between(0, 1).all()
    if terms.section.nunique() == 1:
        assert np.allclose(found.dp, 0)


@quick
@given(st.lists(st.sampled_from("abcd"), min_size=1, max_size=30), st.integers(1, 12))
def test_moving_ratio_is_the_mean_over_all_windows(letters, window):
    found = lexical_variety(pd.DataFrame({"section": "one", "term": letters}), window).mattr[0]
    windows = [letters[i : i + window] for i in range(len(letters) - window + 1)]
    if windows:
        assert math.isclose(found, np.mean([len(set(part)) / window for part in windows]))
    else:
        assert math.isnan(found)


def test_sentence_lengths_count_words_not_marks():
    found = sentence_lengths(article_of(HARBOUR))
    assert found["words"].tolist() == [6, 10, 13, 5, 15]
    assert found.section.tolist() == ["Lead"] * 3 + ["Money matters"] * 2


# Against what


def test_log_likelihood_is_that_of_dunning_1993_table_1():
    """“the swiss”: 110 times together, "swiss" 111 times without "the", 2,442 times the other way, 29,114 neither."""
    assert round(float(log_likelihood(110, 110 + 2442, 111, 111 + 29114)), 2) == 270.72


counts = st.integers(0, 30)


@quick
@given(counts, st.integers(31, 90), counts, st.integers(31, 90))
def test_log_likelihood_is_that_of_scipy(a, n, b, m):
    if a + b == 0:
        assert log_likelihood(a, n, b, m) == 0
        return
    expected = stats.chi2_contingency([[a, n - a], [b, m - b]], correction=False, lambda_="log-likelihood").statistic
    assert math.isclose(float(log_likelihood(a, n, b, m)), expected, abs_tol=1e-9)


def test_log_ratio_and_its_interval_are_katzs_with_a_half_added():
    ratio, low, high = log_ratio(9.5, 99.5, 19.5, 399.5)
    expected = stats.contingency.relative_risk(10, 100, 20, 400)
    interval = expected.confidence_interval(0.95)
    assert np.allclose((ratio, low, high), np.log2([expected.relative_risk, interval.low, interval.high]))


def test_keyness_counts_each_term_here_and_in_the_rest():
    found = section_keyness(table({"one": "gold gold THE ship", "two": "gold tide THE THE THE"}))
    assert len(found) == 2 * 3
    row = found[(found.term == "gold") & (found.section == "one")].iloc[0]
    assert (row["count"], row.rest) == (2, 1)
    assert math.isclose(row.log_ratio, math.log2((2.5 / 4.5) / (1.5 / 5.5)))
    assert math.isclose(row.g2, float(log_likelihood(2, 4, 1, 5)))
    assert section_keyness(table({"one": "gold ship"})).empty


@quick
@given(section_tables)
def test_keyness_is_corrected_as_scipy_does_and_intervals_hold_their_estimate(terms):
    for found in (section_keyness(terms), english_keyness(terms)):
        assert ((found.low <= found.log_ratio) & (found.log_ratio <= found.high)).all()
        assert (found.g2.diff().dropna() <= 0).all()
        if len(found):
            assert np.allclose(found.q, stats.false_discovery_control(found.p))


def test_survivors_are_counted_as_in_benjamini_and_hochberg_1995():
    p = [
        0.0001,
        0.0004,
        0.0019,
        0.0095,
        0.0201,
        0.0278,
        0.0298,
        0.0344,
        0.0459,
        0.3240,
        0.4262,
        0.5719,
        0.6528,
        0.7590,
        1,
    ]
    keyness = pd.DataFrame({"g2": stats.chi2.isf(p, 1), "q": stats.false_discovery_control(p)})
    found = survivors(keyness)
    assert (found.tests, found.bonferroni, found.benjamini_hochberg) == (15, 3, 4)
    assert math.isclose(found.needed_g2, stats.chi2.isf(0.05 / 15, 1))


def test_rarer_terms_are_set_aside_and_frequent_ones_keep_their_counts():
    terms = table({"one": "gold ship gold THE", "two": "gold ship THE"})
    assert count_terms(frequent_terms(terms, 3)).term.tolist() == ["gold"]
    assert set(section_keyness(frequent_terms(terms, 3)).term) == {"gold"}


def test_needed_counts_are_the_smallest_that_reach_the_bar():
    terms = table({"one": "THE " * 300, "two": "THE " * 500})
    found = needed_counts(terms, 16)
    for row, rest in zip(found.itertuples(), (500, 300), strict=True):
        assert log_likelihood(row.needed, row.words, 0, rest) >= 16 > log_likelihood(row.needed - 1, row.words, 0, rest)
    assert needed_counts(table({"one": "THE THE", "two": "THE"}), 16).needed.isna().all()


def test_shuffling_is_seeded_and_no_real_difference_stands_out():
    terms = table({"one": "gold ship tide " * 20, "two": "gold ship tide " * 20})
    largest = shuffled_g2(terms, rounds=40)
    assert (largest == shuffled_g2(terms, rounds=40)).all()
    assert (largest != shuffled_g2(terms, rounds=40, seed=2)).any()
    assert section_keyness(terms).g2.max() < np.quantile(largest, 0.5)
    apart = table({"one": "gold " * 30 + "ship " * 30, "two": "tide " * 60})
    assert section_keyness(apart).g2.max() > shuffled_g2(apart, rounds=40).max()


def test_against_english_a_rare_word_stands_out_and_a_usual_one_does_not():
    found = english_keyness(table({"one": "zymurgy zymurgy people " + "THE " * 200}), min_count=1).set_index("term")
    assert found.index[0] == "zymurgy"
    assert found.log_ratio["zymurgy"] > 10
    assert found.p["people"] > 0.05
    row = found.loc["people"]
    expected = row.english / 1e6
    by_hand = 2 * (math.log(1 / (203 * expected)) + 202 * math.log(202 / (203 * (1 - expected))))
    assert math.isclose(row.g2, by_hand, rel_tol=1e-6)


# Beside which words


def test_concordance_aligns_keywords_within_the_width():
    found = concordance(article_of(HARBOUR), r"harbour")
    assert found.sid.tolist() == ["s1", "s2", "s3"]
    lines = kwic(found, width=40).splitlines()
    assert max(map(len, lines)) <= 40
    assert len({line.index("harbour") for line in lines}) == 1
    assert kwic(found, rows=1).splitlines()[1:] == ["… and 2 more"]


def test_concordance_leaves_out_the_headline_and_keeps_offsets():
    article = article_of("Gold title\n\nThe cafe\u0301 has gold. All that’s gold.")
    found = concordance(article, "GOLD")
    assert [article.text[a:b] for a, b in zip(found.start, found.end, strict=True)] == ["gold", "gold"]


@pytest.mark.parametrize("pattern", ["(", "[z-a]", "*gold", "x*", ""])
def test_a_pattern_that_will_not_do_gives_one_line(pattern):
    with pytest.raises(ArticleError, match="^PATTERN = .*") as caught:
        concordance(article_of(HARBOUR), pattern)
    assert "\n" not in str(caught.value)


# Whom it names

ACTORS = pd.DataFrame(
    [("Lunn", "Port Lunn", ""), ("Lunn", "Lunn", ""), ("Brill", "Brill", ""), ("", "Brill Bay", "")],
    columns=["actor", "name", "reason"],
)


def test_actors_count_over_all_their_names_the_longest_first():
    body = "Port\u00a0Lunn and Lunn’s Brill met at Brill Bay: a Lunn-made plan, no brill plan. Lunnish Brills left."
    article = article_of(f"Lunn title\n\n{body}\n\nMoney\n\nThe budget of Lunn is small.")
    found = find_actors(article, ACTORS)
    assert found.actor.tolist() == ["Lunn", "Lunn", "Brill", "Lunn", "Lunn"]
    assert [article.text[a:b] for a, b in zip(found.start, found.end, strict=True)][0] == "Port\u00a0Lunn"
    counts = actors_by_section(found, article.sections)
    assert counts.index.tolist() == ["Lunn", "Brill"]
    assert counts.to_numpy().tolist() == [[3, 1], [1, 0]]
    assert names_by_actor(found).to_numpy().tolist() == [["Lunn", 4, "Lunn 3, Port Lunn 1"], ["Brill", 1, "Brill 1"]]


def test_no_actor_named_gives_an_empty_table():
    article = article_of("A title\n\nNobody came. Nobody went.")
    assert actors_by_section(find_actors(article, ACTORS), article.sections).empty
    assert find_actors(article, ACTORS.iloc[:0]).empty
    assert names_by_actor(find_actors(article, ACTORS)).empty


def test_the_shipped_actors_have_a_reason_each_and_no_name_twice():
    actors = read_actors()
    assert actors.reason.str.len().min() > 5
    assert actors.name.is_unique


def test_an_actors_file_that_will_not_do_gives_one_line(tmp_path):
    for content in ("not toml at all", 'China = "no table"'):
        (tmp_path / "actors.toml").write_text(content)
        with pytest.raises(ArticleError, match="cannot read the actors"):
            read_actors(tmp_path / "actors.toml")
    with pytest.raises(ArticleError, match="cannot read the actors"):
        read_actors(tmp_path / "missing.toml")


def test_settings_are_compared_by_what_leads_and_what_passes():
    apart = table({"one": "gold " * 40 + "THE", "two": "tide " * 30 + "THE"})
    found = compare_settings({"as it is": apart, "all words": apart.assign(is_stop=False)})
    assert found.to_numpy().tolist() == [
        ["as it is", 70, 2, "gold 40, tide 30", 4, 4],
        ["all words", 72, 3, "gold 40, tide 30, THE 2", 6, 4],
    ]
