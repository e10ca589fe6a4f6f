"""Sentiment: scores as the analyzers give them, masking, intervals and the verdict, on small invented examples."""

from itertools import combinations, product
from math import isnan, sqrt

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from newsprint import sentiment
from newstext.article import DATA, ArticleError, parse_article, read_article
from textblob import TextBlob
from vaderSentiment.vaderSentiment import SentimentIntensityAnalyzer

CLAUSES = ["it was not a good deal", "they win a great prize", "the war is bad", "the box is on the table", "we met"]
WORDS = ["Good", "good", "War", "war", "the", "Happy", "happy", "Lake", "“", "”", "US", "I", "not", ",", "x"]


def sentences(*texts, sections=None):
    sections = sections or ["Lead"] * len(texts)
    return pd.DataFrame({"sid": [f"s{i}" for i in range(1, len(texts) + 1)], "section": sections, "text": texts})


def scores(**values):
    rows = [(name, value) for name, part in values.items() for value in part]
    return pd.DataFrame(rows, columns=["section", "vader"]).astype({"vader": float})


def score(text, misread=None):
    return sentiment.score_sentences(sentences(text), misread).iloc[0]


def masked(text, terms=()):
    article = parse_article(text)
    body = article.sentences[article.sentences.section != "Headline"]
    return sentiment.mask_names(body, article.tokens, terms)


# Scores


def test_vader_and_textblob_of_one_known_word_are_what_their_formulas_give():
    row = score("The deal is good.")
    assert row.vader == pytest.approx(1.9 / sqrt(1.9**2 + 15), abs=5e-5)
    assert (row.textblob, row.subjectivity) == (pytest.approx(0.7), pytest.approx(0.6))
    assert (row.words, row.vader_words, row.textblob_words) == (4, 1, 1)


@settings(max_examples=40, deadline=None)
@given(st.lists(st.sampled_from(CLAUSES), min_size=1, max_size=6))
def test_scores_are_those_of_the_packages_themselves(clauses):
    text = ", but ".join(clauses) + "!"
    row, blob = score(text), TextBlob(text).sentiment_assessments
    known = bool(blob.assessments)
    assert isnan(row.vader) or row.vader == SentimentIntensityAnalyzer().polarity_scores(text)["compound"]
    assert not known or (row.textblob, row.subjectivity) == pytest.approx((blob.polarity, blob.subjectivity))
    assert isnan(row.textblob) is not known


def test_curly_apostrophe_negates_like_a_straight_one():
    assert score("This isn’t a good deal").vader == score("This isn't a good deal").vader < 0


def test_a_word_that_touches_a_quotation_mark_or_a_dash_is_known():
    assert score("“Friendship” lasts").vader_words == score("a deal—good").vader_words == 1


def test_a_sentence_without_a_known_word_has_no_score_and_not_zero():
    row = score("The box is on the table.")
    assert row[["vader", "textblob", "subjectivity"]].isna().all() and row.words == 6


def test_a_long_text_is_scored_in_pieces_and_no_word_is_lost():
    text = "good " * 190 + "bad " * 200
    halves = [score(part).vader for part in sentiment._pieces(text)]
    assert len(halves) == 2 and score(text).vader == pytest.approx(np.mean(halves))
    assert score(text).vader_words == 390
    assert "".join(sentiment._pieces("x" * 4_500)) == "x" * 4_500


def test_misread_words_count_as_zero_in_their_own_lexicon_only():
    misread = pd.DataFrame({"lexicon": ["VADER", "TextBlob"], "word": ["united", "good"]})
    row = score("A united team brings a good new deal", misread)
    assert row.vader == score("A big team brings a good new deal").vader
    assert row.textblob == pytest.approx(score("new").textblob / 2)


def test_scoring_changes_nothing_it_is_given_and_keeps_the_index():
    table = sentences("It is good.", "It is bad.").set_index(pd.Index([7, 3]))
    before = table.copy(deep=True)
    assert list(sentiment.score_sentences(table).index) == [7, 3]
    pd.testing.assert_frame_equal(table, before)


def test_an_empty_table_gives_empty_tables():
    empty = sentiment.score_sentences(sentences())
    assert len(empty) == len(sentiment.section_means(empty)) == len(sentiment.compare_means(empty)) == 0
    assert len(sentiment.find_scored_words(sentences())) == 0


# Words behind the scores


@pytest.mark.parametrize(
    ("text", "lexicon", "word", "changed_by", "value"),
    [
        ("It is not good", "VADER", "good", "not", 1.9 * -0.74),
        ("It is not good", "TextBlob", "good", "not", 0.7 * -0.5),
        ("It is very good", "VADER", "good", "very", 1.9 + 0.293),
        ("It isn’t ever good", "VADER", "good", "isn't", 1.9 * -0.74),
        ("It is dull but good", "VADER", "good", "but", 1.9 * 1.5),
        ("There is no good", "VADER", "no", "good", 0.0),
        ("It is good", "VADER", "good", "", 1.9),
    ],
)
def test_a_scored_word_shows_its_value_and_what_changed_it(text, lexicon, word, changed_by, value):
    words = sentiment.find_scored_words(sentences(text))
    row = words[(words.lexicon == lexicon) & (words.word == word)].iloc[0]
    assert (row.changed_by, row.value) == (changed_by, pytest.approx(value))


def test_vader_values_of_a_sentence_add_up_to_its_score():
    text = "A good deal was not a great loss but a very bad war"
    words = sentiment.find_scored_words(sentences(text))
    total = words.value[words.lexicon == "VADER"].sum()
    assert score(text).vader == pytest.approx(total / sqrt(total**2 + 15), abs=5e-5)


def test_word_weights_sum_occurrences_and_keep_the_top_of_each_sign():
    words = sentiment.find_scored_words(sentences("good good win", "war bad great", sections=["A", "A"]))
    misread = pd.DataFrame({"lexicon": ["VADER"], "word": ["war"]})
    weights = sentiment.word_weights(words, misread, top=1)
    assert list(weights.word) == ["good", "war"] and list(weights.misread) == [False, True]
    assert (weights.value[0], weights.times[0]) == (pytest.approx(3.8), 2)


def test_a_word_whose_sign_was_turned_stands_with_what_turned_it():
    words = sentiment.find_scored_words(sentences("It is not good.", "A good, very good box.", sections=["A", "A"]))
    misread = pd.DataFrame({"lexicon": ["VADER"], "word": ["good"]})
    weights = sentiment.word_weights(words, misread, top=3)
    assert list(weights.word) == ["good", "not good"] and list(weights.times) == [2, 1] and weights.misread.all()
    assert (weights.value > 0).tolist() == [True, False]


def test_coverage_counts_known_sentences_and_words():
    coverage = sentiment.lexicon_coverage(sentiment.score_sentences(sentences("good good deal!", "the box", "bad")))
    for lexicon in ("VADER", "TextBlob"):
        row = coverage[(coverage.section == "whole article") & (coverage.lexicon == lexicon)].iloc[0]
        assert (row.known_sentences, row.known_words) == (pytest.approx(2 / 3), pytest.approx(3 / 6))


# Masking


def test_names_are_masked_and_stop_words_and_first_words_are_not():
    row = masked("Security matters. They saw the United Dairy in Joyville and I laughed at The Happy Cow.").iloc[1]
    assert row.text == "They saw the name name in name and I laughed at The name name."
    assert row.masked == "United Dairy Joyville Happy Cow"


def test_the_first_word_is_a_name_if_it_is_one_elsewhere_and_never_in_lower_case():
    table = masked("Hope came late. We met Hope there. Trust grew. The Trust met. They trust us. “Hope is here.”")
    assert list(table.masked) == ["Hope", "Hope", "", "Trust", "", "Hope"]


def test_initials_are_a_name_and_the_pronoun_is_not():
    assert list(masked("They told us. They told US firms.").masked) == ["", "US"]


def test_a_fixed_term_is_masked_in_any_case_and_in_the_plural():
    row = masked("Cheap Free-range eggs and interest rates fell with the Interest Rate.", ["interest rate"]).iloc[0]
    assert row.text.endswith("eggs and name name fell with the name name.")


@settings(max_examples=40, deadline=None)
@given(st.lists(st.lists(st.sampled_from(WORDS), min_size=1, max_size=8), min_size=1, max_size=5))
def test_masking_never_changes_an_unmasked_sentence(parts):
    article = parse_article("Note.\n" + "\n".join(" ".join(part) + "." for part in parts))
    table = sentiment.mask_names(article.sentences, article.tokens, ["happy war"])
    before, after = sentiment.score_sentences(article.sentences), sentiment.score_sentences(table)
    same = table.masked == ""
    pd.testing.assert_frame_equal(before[same], after[same])
    assert (table.text.str.count(sentiment.MASK) == table.masked.str.split().str.len()).all()


# Quoted words, and who is named


def test_quoted_and_other_words_of_a_sentence_are_separated_and_together_complete():
    text = "“It is good,” he said, “and new.” She had said it was bad. “All is well."
    article = parse_article("Note.\n\n" + text)
    spans = [(article.text.index(t), article.text.index(t) + len(t)) for t in ("It is good,", "and new.", "it was bad")]
    statements = pd.DataFrame(spans, columns=["start", "end"]).assign(kind=["direct", "direct", "indirect"])
    pieces = sentiment.split_quoted(article.sentences, statements)
    quoted = pieces[pieces.voice == "quoted"]
    assert list(quoted.text) == ["It is good, and new."]
    words = sorted("".join(pieces.text).split())
    assert len("".join(words)) == sum(len(t.replace(" ", "")) for t in article.sentences.text)


def test_a_quotation_over_two_sentences_is_cut_at_their_border():
    table = sentences("He said “We won.", "We lost” then.").assign(start=[0, 17], end=[16, 31])
    statements = pd.DataFrame({"start": [9], "end": [24], "kind": ["direct"]})
    pieces = sentiment.split_quoted(table, statements)
    assert list(pieces.text[pieces.voice == "quoted"]) == ["We won.", "We lost"]
    assert list(pieces.text[pieces.voice == "not quoted"].str.split().str.join(" ")) == ["He said “", "” then."]


def test_sentences_are_sorted_by_the_side_they_name():
    mentions = pd.DataFrame({"sid": ["s1", "s2", "s2", "s4"], "actor": ["A", "A", "B", "C"]})
    sides = {"left": ["A"], "right": ["B", "C"]}
    found = sentiment.name_sides(sentences("1", "2", "3", "4"), mentions, sides)
    assert list(found) == ["left", "both", "neither", "right"]


# Means and differences


def test_unscored_sentences_are_left_out_of_the_mean_and_zero_in_the_other():
    row = sentiment.section_means(scores(A=[1, 0, None])).iloc[0]
    assert (row.sentences, row.scored, row["mean"], row.mean_with_zeros) == (3, 2, 0.5, pytest.approx(1 / 3))


def test_a_section_without_a_score_has_no_mean_and_one_sentence_no_interval():
    nothing, one = sentiment.section_means(scores(A=[None], B=[0.5])).to_dict("records")
    assert isnan(nothing["mean"]) and isnan(nothing["mean_with_zeros"])
    assert one["mean"] == 0.5 and isnan(one["low"])


@settings(max_examples=40, deadline=None)
@given(st.lists(st.floats(-1, 1), min_size=2, max_size=12), st.lists(st.floats(-1, 1), min_size=2, max_size=12))
def test_every_interval_contains_its_estimate(a, b):
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(sentiment, "RESAMPLES", 3)
        patch.setattr(sentiment, "INTERVAL_FROM", 2)
        means, pairs = sentiment.section_means(scores(A=a, B=b)), sentiment.compare_means(scores(A=a, B=b))
    assert ((means.low <= means["mean"]) & (means["mean"] <= means.high)).all()
    assert ((pairs.low <= pairs.difference) & (pairs.difference <= pairs.high)).all()
    assert ((pairs.p > 0) & (pairs.p <= 1) & (pairs.p <= pairs.p_holm)).all()


def test_the_same_seed_gives_the_same_interval_in_any_batch_size(monkeypatch):
    table = scores(A=np.linspace(-1, 1, 30))
    first = sentiment.section_means(table)
    pd.testing.assert_frame_equal(first, sentiment.section_means(table))
    monkeypatch.setattr(sentiment, "BATCH", 300)
    pd.testing.assert_frame_equal(first, sentiment.section_means(table))


def test_the_interval_is_that_of_all_possible_resamples(monkeypatch):
    monkeypatch.setattr(sentiment, "INTERVAL_FROM", 4)
    values = [-0.2, 0.0, 0.3, 0.9]
    exact = np.quantile([np.mean(chosen) for chosen in product(values, repeat=4)], [0.025, 0.975])
    row = sentiment.section_means(scores(A=values)).iloc[0]
    assert (row.low, row.high) == pytest.approx(tuple(exact), abs=0.03)


def test_the_same_table_gives_the_same_p_where_not_all_exchanges_can_be_tried():
    table = scores(A=np.linspace(-1, 0.8, 20), B=np.linspace(-0.6, 1, 20))
    pd.testing.assert_frame_equal(sentiment.compare_means(table), sentiment.compare_means(table))


def test_long_articles_are_resampled_less_often_but_never_seldom():
    assert [sentiment._resampling(size)["n_resamples"] for size in (20, 10_000, 10**7)] == [9_999, 2_000, 999]


def test_sentences_that_all_score_alike_are_no_difference():
    row = sentiment.compare_means(scores(A=[0.5] * 6, B=[0.5] * 6)).iloc[0]
    assert (row.difference, row.p, row.detectable) == (0, 1, 0)


def test_p_is_the_share_of_all_exchanges_that_differ_as_much():
    a, b = [0.9, 0.8, 0.1, 0.7], [0.0, 0.2, 0.3, -0.1]
    both, gap = np.array(a + b), np.mean(a) - np.mean(b)
    splits = [np.isin(range(8), chosen) for chosen in combinations(range(8), 4)]
    exact = np.mean([abs(both[s].mean() - both[~s].mean()) >= gap - 1e-9 for s in splits])
    assert sentiment.compare_means(scores(A=a, B=b)).p[0] == pytest.approx(exact)


def test_detectable_gap_is_the_textbook_one():
    pairs = sentiment.compare_means(scores(A=[0, 2, 0, 2], B=[1, 3, 1, 3]))
    assert pairs.detectable[0] == pytest.approx((1.959964 + 0.841621) * sqrt(2 * (4 / 3) / 4))


def test_detectable_gap_must_pass_among_all_pairs():
    pairs = sentiment.compare_means(scores(A=[0, 2, 0, 2], B=[1, 3, 1, 3], C=[0, 2, 0, 2], D=[5]))
    assert list(pairs.detectable) == pytest.approx([(2.393980 + 0.841621) * sqrt(2 * (4 / 3) / 4)] * 3)


def test_holm_steps_down():
    assert list(sentiment.holm(pd.Series([0.01, 0.04, 0.03, 0.9]))) == pytest.approx([0.04, 0.09, 0.09, 0.9])


def test_only_the_largest_sections_are_compared():
    pairs = sentiment.compare_means(scores(A=[1, 0], B=[1, 0, 1], C=[0, 0, 1], D=[1]), most=2)
    assert set(pairs["first"]) | set(pairs.second) == {"B", "C"}


def test_verdict_says_what_passes_and_gives_the_largest_difference():
    high, low = [0.9, 0.8, 0.7] * 4, [-0.9, -0.8, -0.7] * 4
    assert sentiment.verdict(sentiment.compare_means(scores(A=high, B=low))) == (
        "The difference passes the test; A against B: +1.60 [+1.53, +1.67], p < 0.01."
    )
    several = sentiment.verdict(sentiment.compare_means(scores(A=high, B=low, C=high)))
    assert several.startswith("2 of 3 differences pass the test; the largest, A against B, +1.60")
    assert several.endswith("p < 0.01, corrected < 0.01.")
    alike = sentiment.verdict(sentiment.compare_means(scores(A=[0.9, -0.8], B=[-0.9, 0.7], C=[0.1, 0.2])))
    assert alike.startswith("None of 3 differences passes the test; the largest, ") and "[" not in alike


def test_verdict_on_one_section_says_that_there_is_nothing_to_compare():
    assert "nothing to compare" in sentiment.verdict(sentiment.compare_means(scores(A=[1, 0])))


def test_the_title_names_the_ends_and_whether_the_gap_is_noise():
    table = scores(A=[0.1, -0.1], B=[0.3, 0.5], C=[None])
    title = sentiment.means_title(sentiment.section_means(table), sentiment.compare_means(table))
    assert title == "B +0.40, A 0.00: too few sentences to be sure"
    alike = scores(A=[0.9, -0.9] * 8, B=[0.8, -0.9] * 8)
    title = sentiment.means_title(sentiment.section_means(alike), sentiment.compare_means(alike))
    assert title == "A 0.00, B −0.05: no clear difference"
    nothing = scores(C=[None])
    assert sentiment.means_title(sentiment.section_means(nothing), sentiment.compare_means(nothing)).startswith(
        "No scored"
    )


def test_settings_are_held_against_the_first_one():
    other = scores(A=[0.4, 0.3], B=[0.1, 0.2]).assign(textblob=[0.1, 0.2, 0.4, 0.3])
    tables = {"as it stands": scores(A=[0.5, 0.6], B=[0.1, 0.2]), "cut": other, "TextBlob": (other, "textblob")}
    found = sentiment.try_settings(tables)
    assert list(found.same) == [True] * 4 + [False] * 2
    assert list(found.gap) == pytest.approx([0.4] * 2 + [0.2] * 4)
    title = "B scores lowest in all 2 VADER settings; by TextBlob the means differ by 0.20 at most"
    assert sentiment.settings_title(found) == title
    turned = sentiment.settings_title(found.assign(same=found.setting == "as it stands"))
    assert turned.startswith("B scores lowest in 1 of 2 VADER settings;")
    nothing = sentiment.try_settings({"as it stands": scores(A=[None], B=[0.1]), "cut": other})
    assert "nothing to compare" in sentiment.settings_title(nothing)
    assert list(found["mean"]) == pytest.approx([0.55, 0.15, 0.35, 0.15, 0.15, 0.35])


def test_equal_lowest_means_are_the_same_lowest_section():
    tied = sentiment.try_settings({"as it stands": scores(A=[0.3], B=[0.1]), "cut": scores(A=[0.1], B=[0.1 + 1e-12])})
    assert tied.same.all()


def test_each_misread_word_is_left_out_in_turn():
    texts = ["A good box."] * 5 + ["A bad box."] * 5 + ["The war."]
    table = sentences(*texts, sections=["A"] * 5 + ["B"] * 5 + ["A"])
    misread = pd.DataFrame([("VADER", "good"), ("VADER", "war"), ("TextBlob", "bad")], columns=["lexicon", "word"])
    found = sentiment.leave_one_out(table, misread)
    assert set(found.word) == {"good", "war"} and found.corrected.is_monotonic_decreasing
    kept = sentiment.compare_means(sentiment.score_sentences(table, misread[misread.word == "war"]))
    assert found.set_index("word").corrected["good"] == kept.p_holm[0]
    assert sentiment.leave_one_out(table, misread.head(0)).empty


def test_settings_that_disagree_on_what_passes_are_called_undecided():
    high, low = [0.9, 0.8, 0.7] * 4, [-0.9, -0.8, -0.7] * 4
    found = sentiment.try_settings({"as it stands": scores(A=high, B=low), "cut": scores(A=high, B=high)})
    assert sentiment.settings_verdict(found) == (
        "Some difference passes (corrected p in brackets) under: as it stands (0.00). None under: cut (1.00). "
        "Treat it as undecided."
    )
    assert sentiment.settings_verdict(found.head(2)).endswith("The settings agree.")
    assert "nothing to compare" in sentiment.settings_verdict(sentiment.try_settings({"alone": scores(A=[1, 0])}))


def test_agreement_is_pearsons_r_with_fishers_interval():
    x, y = np.array([0.1, -0.4, 0.5, 0.2, -0.3, 0.0]), np.array([0.2, -0.1, 0.3, -0.2, -0.4, 0.1])
    r = np.corrcoef(x, y)[0, 1]
    ends = np.tanh(np.arctanh(r) + np.array([-1.959964, 1.959964]) / sqrt(3))
    assert sentiment.lexicon_agreement(pd.DataFrame({"vader": x, "textblob": y})) == pytest.approx((r, *ends))
    assert all(map(isnan, sentiment.lexicon_agreement(pd.DataFrame({"vader": x, "textblob": 0.0}))))
    assert all(map(isnan, sentiment.lexicon_agreement(pd.DataFrame({"vader": x[:3], "textblob": y[:3]}))))


def test_misread_words_carry_their_share_of_each_sign():
    words = pd.DataFrame({"lexicon": "VADER", "word": ["a", "b", "c"], "value": [1.0, 3.0, -2.0]})
    misread = pd.DataFrame({"lexicon": ["VADER", "TextBlob"], "word": ["a", "b"]})
    assert sentiment.misread_shares(words, misread) == (0.25, 0.0)
    assert sentiment.misread_shares(words.iloc[:0], misread) == (0.0, 0.0)


# The data files


def test_every_masked_term_holds_a_word_with_a_tone_and_a_reason():
    terms = sentiment.read_choices(DATA / "masked-terms.toml")
    words = sentiment.find_scored_words(sentences(*terms))
    assert set(words.sid[words.alone != 0]) == {f"s{i}" for i in range(1, len(terms) + 1)}
    assert all(terms.values())


def test_every_misread_word_scores_in_the_article_and_has_a_reason():
    misread = sentiment.read_misread_words(DATA / "article.txt")
    article = read_article(DATA / "article.txt")
    words = sentiment.find_scored_words(article.sentences)
    assert set(zip(misread.lexicon, misread.word)) <= set(zip(words.lexicon, words.word))
    assert misread.reason.str.len().gt(10).all() and not misread.duplicated(["lexicon", "word"]).any()


def test_an_article_without_a_list_of_misread_words_has_an_empty_one(tmp_path):
    assert sentiment.read_misread_words(tmp_path / "other.txt").empty


def test_choices_that_cannot_be_read_are_one_clear_line(tmp_path):
    with pytest.raises(ArticleError, match="missing.toml: cannot be read"):
        sentiment.read_choices(tmp_path / "missing.toml")
