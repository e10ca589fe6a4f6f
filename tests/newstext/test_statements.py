"""Each rule on an invented sentence; hard marks; the shipped article beside its hand-marked table."""

from bisect import bisect_left
from dataclasses import replace
from pathlib import Path

import pandas as pd
import pytest
from newstext.article import ArticleError, parse_article, read_article, word_rows
from newstext.checked import COLUMNS, compare, statements_csv
from newstext.rules import GRAMMAR, LETTERS, read_grammar
from newstext.statements import find_statements
from newstext.words import read_sentences, reporting_verbs

SENTENCES = word_rows(Path(__file__).with_name("sentences.tsv"))
LEAD = "The mayor of Larch opened a bridge across the river on Monday in front of two hundred guests."


def statements(*paragraphs: str, headline: str = "A bridge for Larch", **options) -> pd.DataFrame:
    return find_statements(parse_article("\n\n".join([headline, LEAD, *paragraphs]), **options))


@pytest.mark.parametrize("row", SENTENCES, ids=range(len(SENTENCES)))
def test_each_sentence_of_the_table_reports_what_stands_beside_it(row):
    found = statements(*row[0].split(" ¶ "))
    told = [f"{s.text} | {s.kind} | {s.speaker} | {s.rule} | {s.flag}".removesuffix(" | ") for s in found.itertuples()]
    assert [text for text in told if text in row] + row[-1:] * (row[-1] == "…") == row[1:]
    assert row[-1] == "…" or len(found) == len(row) - 1, told
    inside = found[found.part_of.notna()]
    assert all(text in found.text[whole] for text, whole in zip(inside.text, inside.part_of, strict=True))


@pytest.mark.parametrize("headline", ["“It holds,” Ann Roe", "“It Holds,” Beams Ann Roe", "Roeing Says It Holds"])
def test_capitals_mean_nothing_in_a_headline(headline):
    row = statements(headline=headline).iloc[0]
    assert row.text.strip(",").lower() == "it holds" and row.speaker in ("Ann Roe", "Roeing")


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("“It holds,” Ann Roe beamed.", ["Ann Roe", "Ann Roe", "beamed", "", ""]),
        ("“It holds,” beamed Ann Roe.", ["Ann Roe", "Ann Roe", "beamed", "", ""]),
        ("It holds, according to Ann Roe’s “new” book.", ["Ann Roe", "Ann Roe", "according to", "according to", ""]),
        ("Ann Roe came. She called for a toll.", ["Ann Roe", "She", "called", "call for", "s2"]),
        ("Townhall said it held.", ["Larch", "Townhall", "said", "say", ""]),
        ("The “new” bridge is old.", ["", "", "", "", ""]),
    ],
)
def test_mention_cue_verb_and_evidence_are_those_of_the_text_and_aliases_are_data(text, expected):
    row = statements(text, aliases={"Townhall": "Larch"}).iloc[0]
    assert [*row[["speaker", "mention", "cue", "verb", "evidence"]]] == expected and row.flag == ""
    assert (row.cue_start, row.mention_start) == (-1, -1) or expected[0]


@pytest.mark.parametrize(("name", "pattern", "example"), word_rows("grammar.tsv"))
def test_each_rule_of_the_grammar_matches_its_example(name, pattern, example):
    begin, end = example.index("|"), example.rindex("|") - 1
    sentence = read_sentences(parse_article("x\n\n" + example.replace("|", "") + "\n"))[-1]
    places = [word.start - 3 for word in sentence.words]
    first, last, tags = bisect_left(places, begin), bisect_left(places, end), sentence.tags
    cues = [k for k in range(first, last) if tags[k] in "VWK"]
    texts = [tags[:k] + LETTERS[sign] + tags[k + 1 :] for k in cues for sign in ("said", "say", "saying", "by")]
    stop = [last] if pattern.endswith("$") else []
    found = [match.end() for text in [tags, *texts] if (match := GRAMMAR[name].match(text, first, *stop))]
    assert last in found, (tags, first, last)


@pytest.mark.parametrize(("pattern", "wrong"), [("name nuon", "nuon"), ("{phrse}name", "phrse")])
def test_unknown_class_or_rule_in_the_grammar_is_one_clear_error(pattern, wrong):
    with pytest.raises(ArticleError, match=f"grammar.tsv, 'x': no .*{wrong}"):
        read_grammar([["x", pattern, ""]])


def test_offsets_are_into_the_text_as_received():
    article = parse_article(f"\ufeffA bridge\n\n{LEAD}\n\n“It ho\u200blds,” said Ann Roe\u0301.\n")
    row = find_statements(article).iloc[0]
    assert row.text == "It ho\u200blds," == article.text[row.start : row.end]
    assert [article.text[at:].split()[0] for at in (row.mention_start, row.cue_start)] == ["Ann", "said"]


def test_nothing_said_gives_an_empty_table_with_its_columns_and_types():
    assert statements().columns.tolist() == COLUMNS and statements().empty
    assert statements().dtypes.equals(statements("“It holds,” Ann Roe said.").dtypes)


def test_verbs_are_listed_once_with_a_kind_and_what_they_imply():
    verbs = reporting_verbs()
    assert verbs.verb.is_unique and not (verbs == "").any(axis=None)
    assert set(verbs["takes"]) <= {"clause", "object", "to", "quote"}


def test_shipped_article_agrees_with_the_table_marked_by_hand():
    shipped = read_article("data/article.txt")
    results = compare(find_statements(shipped), shipped.checked).result.value_counts()
    assert results["right"] == (shipped.checked.sure == "yes").sum() and {*results.index} <= {"right", "borderline"}


@pytest.mark.parametrize(("source", "cure"), [("by hand", "-statements.csv beside"), ("by ear", "by rule")])
def test_a_source_of_statements_that_is_not_there_is_one_clear_error(source, cure):
    with pytest.raises(ArticleError, match=cure):
        find_statements(parse_article("A bridge\n\nRoe said it held.\n"), source)


def test_what_the_rules_find_can_be_written_corrected_and_read_again():
    article = parse_article(f"A bridge\n\n{LEAD}\n\n“It holds,” Ann Roe said. She called it “a dream”.")
    found = find_statements(article)
    again = find_statements(replace(article, checked=statements_csv(found)), "by hand")
    same = ["start", "end", "kind", "speaker", "section", "sid", "part_of"]
    pd.testing.assert_frame_equal(again[same], found[same], check_dtype=False)
