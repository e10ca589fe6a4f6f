"""Each rule on an invented sentence; hard marks; the shipped article beside its hand-marked table."""

from bisect import bisect_left
from dataclasses import replace
from pathlib import Path

import pandas as pd
import pytest
from newstext.article import ArticleError, parse_article, read_article, word_rows
from newstext.checked import COLUMNS, compare, statements_csv
from newstext.rules import GRAMMAR, LETTERS, read_grammar
from newstext.runs import find_runs
from newstext.statements import find_statements
from newstext.words import read_sentences, reporting_verbs

TABLE = Path(__file__).with_name("sentences.tsv")
SENTENCES = [row.split("\t") for row in TABLE.read_text(encoding="utf-8").splitlines() if not row.startswith("#")]
DATA = Path(__file__).parents[2] / "data"
LEAD = "The mayor of Larch opened a bridge across the river on Monday in front of two hundred guests."


def statements(*paragraphs: str, aliases: dict | None = None) -> pd.DataFrame:
    return find_statements(parse_article("\n\n".join(["A bridge for Larch", LEAD, *paragraphs]), aliases=aliases))


def said(*paragraphs: str, **options) -> list[tuple]:
    return [(row.text, row.kind, row.speaker) for row in statements(*paragraphs, **options).itertuples()]


@pytest.mark.parametrize("row", SENTENCES, ids=range(len(SENTENCES)))
def test_each_sentence_of_the_table_reports_what_stands_beside_it(row):
    found = statements(*row[0].split(" ¶ "))
    told = [f"{s.text} | {s.kind} | {s.speaker} | {s.rule}" for s in found.itertuples()]
    assert [text for text in told if text in row] + row[-1:] * (row[-1] == "…") == row[1:]
    assert row[-1] == "…" or len(found) == len(row) - 1, told
    inside = found[found.part_of.notna()]
    assert all(text in found.text[whole] for text, whole in zip(inside.text, inside.part_of, strict=True))


def test_run_that_nobody_reports_is_empty_where_nothing_is_known():
    row = statements("The “new” bridge is old.").iloc[0]
    empty = ["speaker", "mention", "cue", "evidence", "flag"]
    assert [*row[empty]] == [""] * 5 and (row.cue_start, row.mention_start) == (-1, -1)
    assert (row.sid, row.section, row.rule) == ("s2", "Opening", "no cue")


def test_pairs_share_half_and_the_best_one_wins():
    columns = ["start", "end", "kind", "speaker", "text", "rule"]
    ours = [(0, 10, "direct", "A", "x", "r"), (5, 20, "direct", "B", "y", "r"), (30, 40, "indirect", "C", "z", "r")]
    theirs = [(4, 20, "direct", "B", "y"), (30, 40, "direct", "C", "z"), (0, 8, "direct", "Z", "x")]
    rows = compare(pd.DataFrame(ours, columns=columns), pd.DataFrame(theirs, columns=columns[:-1]))
    found = [*zip(rows.marked, rows.found, rows.result, strict=True)]
    assert found == [("Z", "A", "wrong speaker"), ("B", "B", "right"), ("", "C", "found only"), ("C", "", "missed")]


@pytest.mark.parametrize(
    "name", ["John", "Kwame", "Ngozi", "Priya", "Wei", "Haruki", "Jürgen", "Svetlana", "Layla", "Pablo", "Zorblatt"]
)
def test_a_full_name_is_found_for_any_given_name(name):
    assert statements(f"{name} Osei scored twice.", "“I closed my eyes,” Osei said.").speaker[0] == f"{name} Osei"


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


def test_names_are_given_in_full_and_pronouns_by_gender():
    text = "Ann Roe met Mr. Bob Doe. “It holds,” he said. She said it was cheap. Doe said it was dear."
    rows = statements(text)
    assert rows.speaker.tolist() == ["Bob Doe", "Ann Roe", "Bob Doe"]
    assert rows.mention.tolist() == ["he", "She", "Doe"]
    assert set(rows.evidence) == {"s2", ""}


def test_aliases_are_data():
    rows = said("Townhall said it held.", aliases={"Townhall": "Larch"})
    assert rows == [("it held", "indirect", "Larch")]


def runs(text: str) -> list[str]:
    return [text[run.start : run.end] for run in find_runs(text)]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ('He said "yes" and "no".', ["yes", "no"]),
        ("He said ''yes'' and ``no''.", ["yes", "no"]),
        ("He said “yes to ‘this’ now”.", ["yes to ‘this’ now"]),
        ("He said “yes “inner” now”.", ["yes “inner” now"]),
        ("«oui», »ja«, „nein“ and 「hai」", ["oui", "ja", "nein", "hai"]),
        ("‘The states’ rights don’t matter,’ he said in the ’90s.", ["The states’ rights don’t matter,"]),
        ("Rock ’n’ roll of the ’90s, the states’ own, don’t.", []),
        ("He said “yes and “no” again", ["yes and", "no"]),
        ("He said yes” and went", []),
        ("“” and “…”", []),
    ],
)
def test_marks_of_every_kind(text, expected):
    assert runs(text) == expected


def test_odd_runs_are_flagged():
    assert [run.flag for run in find_runs("He said “yes and “no” again")] == ["unclosed", ""]
    assert [run.flag for run in find_runs("He said “yes “inner” now”.")] == ["nested"]


def test_offsets_are_into_the_text_as_received():
    text = "\ufeffA bridge\n\n" + LEAD + "\n\n“It ho\u200blds,” said Ann Roe\u0301.\n"
    article = parse_article(text)
    rows = find_statements(article)
    assert [article.text[a:b] for a, b in zip(rows.start, rows.end, strict=True)] == rows.text.tolist()
    assert rows.text.tolist() == ["It ho\u200blds,"]
    assert article.text[rows.mention_start.iloc[0] :].startswith("Ann Roe")


def test_nothing_said_gives_an_empty_table_with_its_columns():
    assert statements().columns.tolist() == COLUMNS
    assert statements().empty
    assert statements().dtypes.equals(statements("“It holds,” Ann Roe said.").dtypes)


def test_verbs_are_listed_once_with_a_kind_and_what_they_imply():
    verbs = reporting_verbs()
    assert verbs.verb.is_unique
    assert set(verbs["takes"]) <= {"clause", "object", "to", "quote"}
    assert not (verbs == "").any(axis=None)


def test_shipped_article_agrees_with_the_table_marked_by_hand():
    article = read_article(DATA / "article.txt")
    results = compare(find_statements(article), article.checked).result.value_counts()
    assert results["right"] == (article.checked.sure == "yes").sum()
    assert results.get("found only", 0) == 0
    assert not {"missed", "wrong speaker"} & set(results.index)


def test_a_source_of_statements_that_is_not_there_is_one_clear_error():
    article = parse_article("A bridge\n\nRoe said it held.\n")
    with pytest.raises(ArticleError, match="-statements.csv beside"):
        find_statements(article, "by hand")
    with pytest.raises(ArticleError, match="by rule"):
        find_statements(article, "by ear")


def test_what_the_rules_find_can_be_written_corrected_and_read_again():
    article = read_article(DATA / "article.txt")
    found = find_statements(article)
    again = find_statements(replace(article, checked=statements_csv(found)), "by hand")
    same = ["start", "end", "kind", "speaker", "section", "sid", "part_of"]
    pd.testing.assert_frame_equal(again[same], found[same], check_dtype=False)
