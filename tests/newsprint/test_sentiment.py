"""Scores against the lexicons' own packages; edits, means, chance and readings against slow, separate computations."""

import re
from itertools import combinations
from math import nan
from statistics import mean, median

import numpy as np
import pandas as pd
import pytest
from newsprint import (
    edited,
    every_reading,
    find_scored_words,
    find_terms,
    findings,
    gap_by_chance,
    masking,
    misread_weight,
    quotations_weigh,
    read_misread_words,
    readings_agree,
    score_sentences,
    section_means,
    sided_statements,
    strongest_words,
    tone,
    unquoting,
)  # fmt: skip
from newsprint.sentiment import CHOICES, KNOWN, MASKED_TERMS, pattern
from newstext import ArticleError, parse_article, read_article, read_stop_words
from textblob import TextBlob
from vaderSentiment.vaderSentiment import SentimentIntensityAnalyzer

SHIPPED = read_article("data/article.txt")
STATEMENTS, MISREAD = sided_statements(SHIPPED), read_misread_words("data/article.txt")
SCORES, WORDS = score_sentences(SHIPPED.body), find_scored_words(SHIPPED.body, MISREAD)
OWN = SentimentIntensityAnalyzer()


def texts(*lines: str, sections: str = "") -> pd.DataFrame:
    """A table of sentences; `sections` gives each a letter."""
    places = np.cumsum([0, *(len(line) + 1 for line in lines)])[:-1]
    rows = {"sid": [f"s{i}" for i in range(len(lines))], "section": [*(sections or "A" * len(lines))], "start": places}
    return pd.DataFrame({**rows, "end": places + [*map(len, lines)], "text": lines})


PLAIN = [
    "A good plan.",
    "This isn't a very good plan, but a fine harbour!",
    "They HATE the war :(",
    "Not so happy.",
]


@pytest.mark.parametrize("text", PLAIN)
def test_scores_are_those_of_the_packages_themselves(text):
    row = score_sentences(texts(text)).iloc[0]
    assert row.vader == OWN.polarity_scores(text)["compound"] != 0
    assert row.textblob == pytest.approx(TextBlob(text).sentiment.polarity)


@pytest.mark.parametrize(
    "pair", [("It isn’t good.", "It isn't good."), ("“Good”—bad", '"Good" — bad'), ("A go\u00adod day", "A good day")]
)
def test_printers_marks_change_no_score(pair):
    found = score_sentences(texts(*pair))
    assert found.vader[0] == found.vader[1] != 0 and found.vader_words[0] == found.vader_words[1] > 0


def test_a_text_without_a_known_word_has_no_score_and_a_long_one_loses_no_word():
    found = score_sentences(texts("Rain on the roof.", "Nothing is good and bad.", "It was a good day. " * 200))
    assert found.vader.isna().tolist() == found.textblob.isna().tolist() == [True, False, False]
    assert found.vader_words.tolist() == [0, 2, 200] and found.vader[2] < 1 and score_sentences(texts()).empty


def test_a_misread_word_counts_what_the_list_says_in_its_own_lexicon():
    listed = pd.DataFrame([("VADER", "good", 0.0, "x"), ("TextBlob", "fine", -0.5, "x")], columns=MISREAD.columns)
    found = score_sentences(texts("A good plan.", "A fine plan."), listed)
    plain = score_sentences(texts("A good plan.", "A fine plan."))
    assert found.vader.tolist() == [0, plain.vader[1]] and found.textblob.tolist() == [plain.textblob[0], -0.5]
    assert score_sentences(texts("A good plan.")).vader[0] == plain.vader[0], "the lexicon itself is left as it was"
    worse = score_sentences(texts("A good plan."), listed.assign(value=[-1.9, 0])).vader[0]
    assert worse == -plain.vader[0], "a value of the reader's own"


def test_the_list_of_misread_words_is_read_and_may_be_missing_or_broken(tmp_path):
    (tmp_path / "x.txt").write_text("Rain")
    assert read_misread_words(tmp_path / "x.txt").empty
    (tmp_path / "x-misread-words.csv").write_text("lexicon,word,value,reason\nVADER,fan,,no\nVADER,top,-1.5,no\n")
    assert read_misread_words(tmp_path / "x.txt")["value"].tolist() == [0, -1.5]
    (tmp_path / "x-misread-words.csv").write_text("lexicon,term\nVADER,fan\n")
    with pytest.raises(ArticleError, match=r"\A[^\n]*x-misread-words.csv[^\n]*\Z"):
        read_misread_words(tmp_path / "x.txt")


@pytest.mark.parametrize("lexicon", ["VADER", "TextBlob"])
def test_a_scored_word_stands_where_its_offsets_say(lexicon):
    found = find_scored_words(SHIPPED.body, MISREAD, lexicon)
    known = SCORES["vader_words" if lexicon == "VADER" else "textblob_words"].sum()
    assert len(found) == known > 60
    assert [SHIPPED.text[a:b].lower() for a, b in zip(found.start, found.end)] == found.word.tolist()
    listed = {*MISREAD.word[MISREAD.lexicon == lexicon]}
    assert found.misread.tolist() == [word in listed for word in found.word] and found.misread.any()


def test_points_of_a_sentence_make_its_score():
    """Hutto & Gilbert 2014: compound is x / sqrt(x² + 15) of the sum, where no mark adds emphasis."""
    sums = WORDS.groupby("sid").points.sum()
    expected = (sums / np.sqrt(sums**2 + 15)).reindex(SCORES.sid).to_numpy()
    near = np.isclose(expected, SCORES.vader, atol=1e-3) | (np.isnan(expected) & SCORES.vader.isna())
    assert near.all(), SCORES[~near]


def test_strongest_words_are_the_ends_of_each_section_and_the_misread_ones_are_weighed():
    rows = [("A", "good", 2), ("A", "good", 2), ("A", "fine", 1), ("A", "war", -3), ("A", "even", 0), ("B", "bad", -1)]
    table = pd.DataFrame(rows, columns=["section", "word", "points"])
    table = table.assign(misread=table.word == "fine")
    ends = strongest_words(table, 1)
    assert [*zip(ends.section, ends.word, ends["count"])] == [("A", "good", 2), ("A", "war", 1), ("B", "bad", 1)]
    weight = "misread words carry 20% of the praise and 0% of the blame"
    assert misread_weight(table) == f"The strongest good word is “good” (2 uses); {weight}"
    assert misread_weight(table[table.points <= 0]) == "The lexicon knows no good word here"
    assert misread_weight(table[table.points >= 0]) == "The lexicon knows no bad word here"
    assert strongest_words(table[:0]).empty


def test_masks_replace_names_and_fixed_terms_word_by_word_and_nothing_else():
    article = parse_article(
        "Rain\n\nIt rained on the United States, on its Cold Wars, on Ann Roe of the cold office.\n"
    )
    edits = masking(article.body, find_terms(article), ["cold war"])
    assert {article.text[a:b] for a, b, _ in edits} == {"Ann Roe", "Cold Wars", "United States"}
    (text,) = edited(article.body, edits).text
    assert text == "It rained on the name name, on its name name, on name name of the cold office."


@pytest.mark.parametrize(
    ("edits", "after"),
    [([(8, 9, "X")], ["One two.", "Six ten."]), ([(4, 7, "X")], ["One X.", "Six ten."]),
     ([(4, 12, "")], ["One ", " ten."]), ([(0, 8, "")], ["Six ten."]), ([(4, 7, "X"), (5, 7, "Y"), (13, 16, "Z")], ["One X.", "Six Z."])],
    ids=["between", "a word", "across a border", "a whole sentence", "two that overlap"],
)  # fmt: skip
def test_edits_change_what_they_name_and_nothing_else(edits, after):
    assert edited(texts("One two.", "Six ten."), edits).text.tolist() == after


def test_no_character_is_lost_outside_the_edits():
    for edits in (unquoting(STATEMENTS), masking(SHIPPED.body, find_terms(SHIPPED), read_stop_words(MASKED_TERMS))):
        marked = "".join(edited(SHIPPED.body, [(a, b, "\0") for a, b, _ in edits]).text)
        spared = list(SHIPPED.text)
        for a, b, _ in edits:
            spared[a:b] = [""] * (b - a)
        own = ["".join(spared[a:b]) for a, b in zip(SHIPPED.body.start, SHIPPED.body.end)]
        assert len(edits) > 8 and marked.replace("\0", "") == "".join(text for text in own if re.search(r"\w", text))


def test_section_means_leave_unscored_sentences_out():
    means = section_means(pd.DataFrame({"section": list("AABBBBBB"), "vader": [0.5, nan, 0, 0.1, 0.2, 0.3, 0.4, nan]}))
    assert [*zip(means.section, means.sentences, means.scored)] == [("A", 2, 1), ("B", 6, 5)]
    assert means["mean"].tolist() == pytest.approx([0.5, 0.2])
    assert np.isnan(means.low[0]) and means.low[1] < 0.2 < means.high[1]


def test_chance_of_a_gap_is_the_one_counted_by_hand():
    values = [0.9, 0.5, 0.4, 0.1, -0.2, -0.6]
    scores = pd.DataFrame({"section": [*"ABABAB"], "vader": values})
    gaps = [abs(2 * sum(own) - sum(values)) for own in combinations(values, 3)]
    shipped = abs(2 * sum(values[0::2]) - sum(values))
    assert gap_by_chance(scores) == pytest.approx(mean(gap >= shipped - 1e-9 for gap in gaps))
    assert gap_by_chance(scores.assign(section="A")) == 1 == gap_by_chance(scores[:0])
    apart = pd.DataFrame({"section": [*"A" * 9, *"B" * 9], "vader": [0.5] * 9 + [-0.5] * 9})
    assert gap_by_chance(apart) < 0.001


@pytest.mark.parametrize(
    ("values", "p", "says"),
    [([], 1, "No sentence has a score"), ([0.5], 1, "Only one section has a score, +0.50: nothing to compare"),
     ([0.501, 0.502], 0.01, "All sections score +0.50: nothing to compare"),
     ([0.5, -0.001, nan], 0.05, "A scores highest (+0.50), B lowest (0.00): chance could do that"),
     ([-0.5, 0.2, 0.1], 0.04, "B scores highest (+0.20), A lowest (−0.50): more than chance would do")],
)  # fmt: skip
def test_tone_in_a_sentence(values, p, says):
    assert tone(pd.DataFrame({"section": [*"ABC"][: len(values)], "mean": values}), p) == says


def plainly(text: str) -> str:
    return re.sub("[‘’]", "'", re.sub("[“”]", '"', text)).replace("—", " — ")


def slow_gap(lexicon: str, pieces: dict[str, list[str]], weights: dict[str, float], zero: bool, middle) -> float:
    """Opening's score less that of Mutual support, by the lexicon's own package."""
    vader = SentimentIntensityAnalyzer()
    vader.lexicon.update(weights)
    scores = {"Opening": [], "Mutual support": []}
    for section in scores:
        for text in map(plainly, pieces[section]):
            known = any(word in KNOWN for word in re.findall(r"[a-z'-]+", text.lower()))
            blob = TextBlob(text).sentiment_assessments
            score = vader.polarity_scores(text)["compound"] if lexicon == "VADER" else blob.polarity
            if (known if lexicon == "VADER" else blob.assessments) or zero:
                scores[section].append(score)
    return middle(scores["Opening"]) - middle(scores["Mutual support"])


READINGS = every_reading(SHIPPED, STATEMENTS, MISREAD)


@pytest.mark.parametrize(
    ("lexicon", "chosen"),
    [("VADER", ["misread words mended"]), ("VADER", ["by paragraph", "without quotations", "median"]),
     ("TextBlob", ["without quotations", "unscored as zero"])],
)  # fmt: skip
def test_a_reading_is_what_a_slow_and_separate_computation_gives(lexicon, chosen):
    pieces = {}
    for (section, _), rows in SHIPPED.body.groupby(
        ["section", "paragraph" if "by paragraph" in chosen else "sid"], sort=False
    ):
        pieces.setdefault(section, []).append(SHIPPED.text[rows.start.iloc[0] : rows.end.iloc[-1]])
    pieces = {section: cut(own) if "without quotations" in chosen else own for section, own in pieces.items()}
    mended = MISREAD.word[(MISREAD.lexicon == "VADER") & ("misread words mended" in chosen)]
    middle = median if "median" in chosen else mean
    expected = slow_gap(lexicon, pieces, dict.fromkeys(mended, 0.0), "unscored as zero" in chosen, middle)
    row = READINGS[
        (READINGS.lexicon == lexicon) & (READINGS[CHOICES] == [name in chosen for name in CHOICES]).all(axis=1)
    ]
    assert row.gap.tolist() == pytest.approx([expected], abs=1e-6)


def cut(pieces: list[str]) -> list[str]:
    """The pieces without what stands between double quotation marks, which may go on in the next piece."""
    bare = re.sub("“[^”]*”", lambda quoted: "“" + "\1" * quoted[0].count("\1") + "”", "\1".join(pieces)).split("\1")
    return [piece for piece in bare if re.search(r"\w", piece)]


def test_readings_are_all_combinations_once_and_the_first_is_shipped():
    assert len(READINGS) == 2 * 2 ** len(CHOICES) == len(READINGS.drop_duplicates(["lexicon", *CHOICES]))
    gap = section_means(SCORES)["mean"]
    assert READINGS.shipped.sum() == 2 and READINGS.shipped[0] and READINGS.gap[0] == pytest.approx(gap[0] - gap[1])
    own = [sum(READINGS.lowest[READINGS.lexicon == name] == "Mutual support") for name in ("VADER", "TextBlob")]
    assert f"in {own[0]} of VADER’s 64 readings and {own[1]} of TextBlob’s 64" in readings_agree(READINGS)


def test_findings_hold_for_an_article_with_nothing_to_find():
    for text in (
        "Rain",
        "Rain\n\nIt rained.\n",
        "Rain\n\nIt rained, said Ann Roe.\n\nA part of it\n\nIt rained again.\n",
    ):
        article = parse_article(text)
        found = findings(article, sided_statements(article), MISREAD[:0])
        assert set(found) == {"voices", "quoted", "unheard", "verbs", "words", "headline", "tone"}
        assert all(len(said) > 15 and not re.search(r"\bnan\b|\binf\b", said) for said in found.values()), found


def test_shipped_tone_is_that_of_the_packages():
    scored = SHIPPED.body[SCORES.vader.notna()]
    pieces = {name: [*own] for name, own in scored.groupby("section", sort=False).text}
    scores = {
        name: mean(OWN.polarity_scores(plainly(text))["compound"] for text in own) for name, own in pieces.items()
    }
    found = findings(SHIPPED, STATEMENTS, MISREAD)["tone"]
    high, low = max(scores, key=scores.get), min(scores, key=scores.get)
    assert f"{high} scores highest (+{scores[high]:.2f}), {low} lowest (−{-scores[low]:.2f}): chance could do" in found
    everything = {name: [*own] for name, own in SHIPPED.body.groupby("section", sort=False).text}
    bare = {name: cut(own) for name, own in everything.items()}
    less = 1 - slow_gap("VADER", bare, {}, False, mean) / slow_gap("VADER", everything, {}, False, mean)
    assert f"by {100 * less:.0f}%; over all readings" in found and quotations_weigh(READINGS) in found
    united = len(re.findall(r"(?i)\bunited\b", " ".join(SHIPPED.body.text)))
    assert f"“united” ({united} uses)" in found


@pytest.mark.parametrize("lexicon", ["VADER", "TextBlob"])
def test_misread_words_occur_have_a_reason_and_agree_with_the_masked_terms(lexicon):
    listed, body = MISREAD[MISREAD.lexicon == lexicon], " ".join(SHIPPED.body.text).lower()
    scored, terms = {*find_scored_words(SHIPPED.body, MISREAD, lexicon).word}, read_stop_words(MASKED_TERMS)
    assert listed.reason.str.len().min() > 8 and listed.word.is_unique and {*listed.word} <= scored
    inside = {word for term in terms if re.search(rf"\b{term}s?\b", body) for word in term.split()}
    assert len(inside & scored) > 2
    assert inside & scored - {*listed.word} == set(), "part of a masked term, and not on the list of misread words"
    assert all({*term.split()} & (KNOWN | {*pattern}) for term in terms), "a masked term without a word that has a tone"
