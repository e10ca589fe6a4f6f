"""Scores against the lexicons' own packages; edits, means and readings against separate computations."""

import re
from itertools import product
from math import nan

import numpy as np
import pandas as pd
import pytest
from newsprint import every_reading, find_scored_words, misread_weight, quotations_weigh, sentiment
from newsprint.sentiment import CHOICES, KNOWN, MASKED_TERMS, read_misread_words, score_sentences
from newsprint.voices import sided_statements
from newstext import ArticleError, parse_article, read_article, read_stop_words
from textblob import TextBlob
from textblob.en import sentiment as pattern
from vaderSentiment.vaderSentiment import SentimentIntensityAnalyzer

SHIPPED = read_article("data/article.txt")
STATEMENTS, MISREAD = sided_statements(SHIPPED), read_misread_words("data/article.txt")
SCORES, WORDS = score_sentences(SHIPPED.body), find_scored_words(SHIPPED.body, MISREAD)
READINGS = every_reading(SHIPPED, STATEMENTS, MISREAD)


def texts(*lines: str) -> pd.DataFrame:
    return pd.DataFrame({"text": lines})


@pytest.mark.parametrize("text", ["This isn't a very good plan!", "They HATE the war :(", '"Good" — bad'])
def test_scores_are_those_of_the_packages_themselves_and_printers_marks_change_none(text):
    printed = re.sub('"(.*?)"', r"“\1”", text).replace("'", "’").replace(" — ", "—").replace("oo", "o\u00ado")
    rows = score_sentences(texts(text, printed))
    assert [*rows.vader] == [SentimentIntensityAnalyzer().polarity_scores(text)["compound"]] * 2 and rows.vader[0] != 0
    assert [*rows.textblob] == pytest.approx([TextBlob(text).sentiment.polarity] * 2)
    assert rows.vader_words[0] == rows.vader_words[1] > 0


def test_a_text_without_a_known_word_has_no_score_and_of_a_long_one_the_beginning_is_read():
    found = score_sentences(texts("Rain on the roof.", "Nothing is good and bad.", "It was a good day. " * 900))
    assert found.vader.isna().tolist() == found.textblob.isna().tolist() == [True, False, False]
    assert found.vader_words.tolist() == [0, 2, 526] and score_sentences(texts()).empty


def test_a_misread_word_counts_what_the_list_says_in_its_own_lexicon():
    rows = {"lexicon": ["VADER", "TextBlob"], "word": ["good", "fine"], "reason": "x", "value": [0.0, -0.5]}
    listed = pd.DataFrame(rows)
    plain, found = (score_sentences(texts("A good plan.", "A fine plan."), own) for own in (listed[:0], listed))
    assert found.vader.tolist() == [0, plain.vader[1]] and found.textblob.tolist() == [plain.textblob[0], -0.5]
    assert score_sentences(texts("A good plan. ")).vader[0] == plain.vader[0], "the lexicon itself is left as it was"
    worse = score_sentences(texts("A good plan."), listed.assign(value=[-1.9, 0])).vader[0]
    assert worse == -plain.vader[0], "a value of the reader's own"


def test_a_list_of_misread_words_may_have_any_minus_and_names_the_row_that_is_wrong(tmp_path):
    (tmp_path / "x.txt").write_text("Rain")
    rows = "lexicon,word,value,reason\nVADER,a,−1,b\nVADER,fan,inf,no\n"
    (tmp_path / "x-misread-words.csv").write_text(rows, encoding="utf-8")
    with pytest.raises(ArticleError, match=r"\A[^\n]*x-misread-words.csv: row 3: value 'inf' is no number[^\n]*\Z"):
        read_misread_words(tmp_path / "x.txt")


def test_scored_words_stand_where_their_offsets_say_and_their_points_make_the_score():
    listed = {*MISREAD.word[MISREAD.lexicon == "VADER"]}
    assert len(WORDS) == SCORES.vader_words.sum() > 60 and MISREAD.reason.str.len().min() > 8
    assert [SHIPPED.text[a:b].lower() for a, b in zip(WORDS.start, WORDS.end)] == WORDS.word.tolist()
    assert find_scored_words(SHIPPED.body[:1].assign(text="good and good"), MISREAD).start.diff()[1] == 9, "two places"
    assert WORDS.misread.tolist() == [word in listed for word in WORDS.word]
    sums = WORDS.groupby("sid").points.sum().reindex(SCORES.sid).to_numpy()
    compound = sums / np.sqrt(sums**2 + 15)  # Hutto & Gilbert 2014, where no mark adds emphasis
    assert np.allclose(compound, SCORES.vader, atol=1e-3, equal_nan=True)
    assert listed <= {*WORDS.word} and not MISREAD.duplicated(["lexicon", "word"]).any()


def test_words_with_a_tone_inside_masked_terms_are_listed_as_misread_for_both_lexicons():
    body = " ".join(SHIPPED.body.text).lower()
    masked = [term for term in read_stop_words(MASKED_TERMS) if re.search(rf"\b{term}s?\b", body)]
    for lexicon, known in (("VADER", KNOWN), ("TextBlob", pattern)):
        inside = {word for term in masked for word in term.split() if word in known and f" {word} " in body}
        assert len(inside) > 2 and inside <= {*MISREAD.word[MISREAD.lexicon == lexicon]}, "in a masked term, not listed"


def test_strongest_words_are_the_ends_of_each_section_and_the_misread_ones_are_weighed():
    rows = [("Z", "good", 2), ("Z", "good", 2), ("Z", "fine", 1), ("Z", "war", -3), ("Z", "war", 0), ("B", "bad", -1)]
    table = pd.DataFrame(rows, columns=["section", "word", "points"])
    table = table.assign(misread=table.word == "fine")
    ends = sentiment.strongest_words(table, 1)
    assert [*zip(ends.section, ends.word, ends["count"])] == [("Z", "good", 2), ("B", "bad", 1), ("Z", "war", 1)]
    best, weight = "The strongest good word is “good”", "misread words carry 20% of the praise and 0% of the blame"
    assert misread_weight(table) == f"{best} (2 uses); {weight}"
    assert misread_weight(table[1:].assign(misread=False)) == f"{best} (1 use); no word is listed as misread"
    assert misread_weight(table[table.points <= 0]) == "The lexicon knows no good word here"
    assert misread_weight(table[table.points >= 0]) == "The lexicon knows no bad word here"
    assert sentiment.strongest_words(table[:0]).empty


def test_section_means_leave_unscored_sentences_out():
    means = sentiment.section_means(pd.DataFrame({"section": [*"AABBBBBB"], "vader": [0.5, nan, 0, 1, 2, 3, 4, nan]}))
    assert means[["section", "sentences", "scored", "mean"]].to_numpy().tolist() == [["A", 2, 1, 0.5], ["B", 6, 5, 2]]
    assert np.isnan(means.low[0]) and means.low[1] < 2 < means.high[1]


@pytest.mark.parametrize(
    ("scores", "says"),
    [({}, "No sentence has a score"), ({"A": [0.501]}, "A scores +0.50: nothing to compare"),
     ({"A": [0.501], "B": [0.502]}, "All sections score +0.50: nothing to compare"),
     ({"A": [0.5], "B": [-0.001], "C": [nan]}, "A scores highest (+0.50), B lowest (0.00): chance could do that"),
     ({"A": [-0.5] * 9, "B": [0.2] * 9}, "B scores highest (+0.20), A lowest (−0.50): more than chance would do")],
)  # fmt: skip
def test_tone_in_a_sentence(scores, says):
    rows = [(section, score) for section, own in scores.items() for score in own]
    assert sentiment.tone(pd.DataFrame(rows, columns=["section", "vader"])) == says


# Readings


def readings_of(text: str, misread: pd.DataFrame = MISREAD[:0]) -> pd.DataFrame:
    article = parse_article(f"Rain\n\n{text}\n")
    return every_reading(article, sided_statements(article), misread)


def test_each_choice_changes_what_is_scored_and_how():
    """By each choice alone: what the first section is read as; the second, of one sentence, stays as it is."""
    first, second, said = "It is good in cold wars.", "It is sad.", "“A bad war, a good one,” said Ann Joy."
    mended = pd.DataFrame({"lexicon": ["VADER", "TextBlob"], "word": "good", "value": 0.0, "reason": ""})
    whole = pd.Series([first, "It rained.", said])
    pieces = {"": whole, "misread words mended": whole, "unscored as zero": whole, "median": whole}
    pieces |= {"by paragraph": [f"{first} It rained. {said}"], "without quotations": [first, "said Ann Joy."]}
    pieces |= {"names masked": [first.replace("cold wars", "xxxx xxxx"), said.replace("Ann Joy", "xxx xxx")]}
    readings = readings_of(f"{first} It rained. {said}\n\nA far part\n\n{second}", mended)
    for (choice, own), name in product(pieces.items(), ["VADER", "TextBlob"]):
        at = (readings[CHOICES] == [choice == other for other in CHOICES]).all(axis=1) & (readings.lexicon == name)
        scores = score_sentences(texts(*own, second), mended if "mended" in choice else mended[:0])[name.lower()]
        scores, last = scores[:-1].fillna(0 if "zero" in choice else np.nan), scores.iloc[-1]
        middle = scores.median() if choice == "median" else scores.mean()
        assert readings.gap[at].tolist() == pytest.approx([middle - last]), (choice, name)


def test_a_section_that_ties_with_another_is_not_lowest():
    tied = readings_of("It is good.\n\nThe river\n\nIt is bad, they say.\n\nThe town\n\nIt is bad, they say.")
    assert len(tied) == 128 and not tied.same.any()


def test_readings_are_all_combinations_once_and_the_first_is_shipped():
    assert len(READINGS) == 128 == len(READINGS.drop_duplicates(["lexicon", *CHOICES])) and READINGS.shipped[0]
    own = READINGS.groupby("lexicon").same.sum()
    says = f"Mutual support scores lowest in {own.VADER} of VADER’s 64 readings and {own.TextBlob} of TextBlob’s 64"
    assert sentiment.readings_agree(READINGS) == f"{says} readings" and not READINGS.same.all()


def test_what_quotations_weigh_in_a_sentence():
    bare, says = READINGS["without quotations"], "Without quotations the gap of 0.40"
    for gap, change in ((0.3, "shrinks by 25%"), (0.4, "stays as it is"), (0.5, "grows by 25%")):
        found = quotations_weigh(READINGS.assign(gap=np.where(bare, gap, 0.4)))
        assert found == f"{says} {change}; over all readings it {change} on average"
    assert quotations_weigh(READINGS[:0]) == "No gap that quotations could explain"
