"""Whose words an article holds, on an invented article counted by hand and on the shipped one counted another way."""

import re
from collections import Counter
from dataclasses import replace
from pathlib import Path

import pandas as pd
import pytest
from newsprint import (
    asked_for_comment,
    find_actors,
    headline_marks,
    heard_late,
    named_and_heard,
    plain_sayers,
    quoted_where,
    sided_statements,
    unattributed,
    unheard,
    verbs_by_side,
    voice_by_section,
    voices_move,
    word_voices,
    words_by_speaker,
)  # fmt: skip
from newstext import Article, parse_article, read_article, reporting_verbs

TEXT = """‘A Danger’ to Larch

Mayor Ann Roe of Larch said on Monday that the bridge was “a danger to all” and would close at once.

“We will not wait,” said Tom Hall, head of the rail union in Larch. He denied that money was short.

A long wait

The harbour board of Elm said “no”. Larch and Tom Hall warned that it was “too late” for the old bridge.

Nobody else spoke to us about the bridge, and Roe did not respond to a request for comment. It rained.
"""
TABLES = {
    "actors": {"Larch": ["Larch", "Ann Roe", "Roe"], "union": ["Tom Hall", "Hall"], "Ash": ["Ash"]},
    "sides": {"the town": ["Larch"], "the union": ["union"], "Ash’s": ["Ash"]},
}


def read(text: str = TEXT) -> tuple[Article, pd.DataFrame, pd.DataFrame]:
    article = replace(parse_article(text), **TABLES)
    statements = sided_statements(article)
    return article, statements, word_voices(article, statements)


ARTICLE, STATEMENTS, WORDS = read()
SHIPPED = read_article("data/article.txt")
NOTHING = read("Rain\n\nIt rained on Monday in the hills beyond the old harbour of Elm, and again on Friday.\n")


def said(words: pd.DataFrame, **values) -> str:
    """The words that have these values, as one text."""
    return " ".join(words.token[(words[[*values]] == [*values.values()]).all(axis=1)])


def test_quoted_words_inside_a_paraphrase_are_quoted_and_tags_say_who_speaks():
    assert said(WORDS, voice="quoted", speaker="Ann Roe") == "a danger to all"
    assert said(WORDS, voice="paraphrased", speaker="Ann Roe") == "the bridge was and would close at once"
    assert said(WORDS, voice="quoted", speaker="Tom Hall") == "We will not wait"
    tagged = "Mayor Ann Roe of Larch said on Monday that said Tom Hall head of the rail union in Larch He denied that"
    assert said(WORDS, tag=True).startswith(tagged) and "rained" not in said(WORDS, tag=True)
    assert (WORDS.voice[WORDS.tag] == "unattributed").all()


def test_a_speaker_is_of_the_side_named_in_it_and_of_two_sides_is_among_the_others():
    sides = dict(zip(STATEMENTS.speaker, STATEMENTS.side.astype(str)))
    assert (sides["Ann Roe"], sides["Tom Hall"]) == ("the town", "the union")
    assert {sides[name] for name in sides if "Larch and" in name or "Elm" in name} == {"others"}
    assert [*STATEMENTS.side.cat.categories] == ["the town", "the union", "Ash’s", "others", "nobody named"]


def test_stacks_share_out_every_word_of_a_section_once():
    table = voice_by_section(WORDS)
    assert table.groupby("section").share.sum().round(9).eq(1).all() and table.words.sum() == len(WORDS)
    counts = Counter(zip(WORDS.section, WORDS.side.astype(str), WORDS.voice))
    assert counts == {(row.section, row.side, row.voice): row.words for row in table.itertuples()}
    assert table.section.drop_duplicates().tolist() == ["Opening", "A long wait"] and len(WORDS) == len(ARTICLE.words())


def test_words_by_speaker_and_names_reports_and_quotations_by_side():
    table = words_by_speaker(WORDS)
    assert table.speaker[:2].tolist() == ["Ann Roe", "Tom Hall"] and table.quoted.is_monotonic_decreasing
    assert table.loc[0, ["quoted", "paraphrased"]].tolist() == [4, 8]
    mentions = find_actors(ARTICLE)
    table = named_and_heard(mentions, WORDS).set_index("side")
    assert table.named.to_dict() == {"the town": 5, "the union": 2, "others": 0}, "“Ann Roe of Larch” is two names"
    assert table.loc["the town", ["reported", "quoted"]].tolist() == [12, 4]


def test_a_verb_counts_once_for_its_side_and_say_stands_first():
    table = verbs_by_side(STATEMENTS)
    assert table.index[0] == "say" and table.loc["say"].to_dict() == {"the town": 1, "the union": 1, "others": 1}
    assert table.loc["deny", "the union"] == 1 and table.to_numpy().sum() == 5
    assert plain_sayers(table).startswith("“Say” is 1 of 1 verb for the town, 1 of 2 verbs for the union")
    neutral = [*reporting_verbs().verb[reporting_verbs().implies == "neutral"]]
    adds = [verb not in neutral for verb in table.index]
    assert adds == sorted(adds), "verbs that imply something stand last"


@pytest.mark.parametrize(
    ("headline", "body", "says"),
    [
        ("‘A danger’ to Larch", "It was “a danger to all”, they say.", "has these words, too"),
        ("‘Danger for all’ in Larch", "It was a danger for “all”, they say.", "and marks “all”"),
        ("‘Danger for all’ in Larch", "It was a danger for all, they say.", "and marks nothing"),
        ("‘Peril’ in Larch", "It was a danger for all, they say.", "no sentence has these words"),
        ("Danger in Larch", "It was a danger for all, they say.", "The headline quotes nothing"),
    ],
)
def test_marks_of_the_headline_are_held_against_those_of_the_text(headline, body, says):
    article = parse_article(f"{headline}\n\n{body} It rained on the hills and on the harbour all day long.\n")
    (sentence,) = headline_marks(article, sided_statements(article))
    assert says in sentence


NOTICES = [
    "There was no immediate comment from Elm.", "The mayor declined to comment.", "Elm didn’t immediately reply.",
    "Elm did not immediately respond to a request.", "Bob Doe could not be reached.",
]  # fmt: skip
NO_NOTICES = ["He replied to that comment.", "Elm will respond on Friday.", "The comment to the plan is not long."]


def test_sentences_on_comment_not_given_are_found_and_comments_are_not():
    article = parse_article("\n\n".join(["Rain", TEXT.split("\n\n")[1], *NOTICES, *NO_NOTICES]))
    assert asked_for_comment(article).text.tolist() == NOTICES


def test_findings_of_the_invented_article():
    voices, mentions = voice_by_section(WORDS), find_actors(ARTICLE)
    heard = named_and_heard(mentions, WORDS)
    moves = "quoted words fall from 20% to 7%, words attributed to nobody rise from 54% to 78%"
    assert voices_move(voices) == f"From Opening to A long wait {moves}"
    assert voices_move(voices[:5]) == "20% of the words are quoted, 54% attributed to nobody"
    quotes = "the town (4 words) and the union (4 words)"
    assert quoted_where(WORDS) == f"Quoted in Opening: {quotes}; after it: only others (3 words)"
    assert quoted_where(WORDS[WORDS.section == "Opening"]) == f"Quoted: {quotes}"
    assert unheard(heard) == "Every side that is named is quoted"
    silent = named_and_heard(mentions, WORDS[WORDS.speaker != "Ann Roe"])
    assert unheard(silent) == "The town: 71% of the names, 0% of the reported words, no quoted word"
    late = "The sides that are reported are heard where they are first named"
    assert heard_late(mentions, STATEMENTS, len(WORDS)) == late
    assert unattributed(WORDS) == "54 words (66%) attributed to nobody, 34 words of it tags that say who speaks"


@pytest.mark.parametrize("which", [slice(0, 0), slice(None)], ids=["no words", "nobody speaks"])
def test_findings_where_there_is_nothing_to_find(which):
    article, statements, words = NOTHING
    words, mentions = words[which], find_actors(ARTICLE)[:0]
    heard = named_and_heard(mentions, words)
    assert voices_move(voice_by_section(words)) in (
        "No words to share out",
        "0% of the words are quoted, 100% attributed to nobody",
    )
    assert quoted_where(words) == "Nobody is quoted"
    assert re.fullmatch(r"(0 words \(0|17 words \(100)%\) attributed to nobody", unattributed(words))
    assert unheard(heard) == "No side is named"
    assert heard_late(mentions, statements, len(words)) == "None of the named sides is reported"
    assert plain_sayers(verbs_by_side(statements)) == "No reporting verb" and words_by_speaker(words).empty


# The shipped article: quoted words by their marks in the file, verbs by the table that a reader filled in

NOT_TEXT = r"Click to play|WATCH ABOVE|Story continues|Breaking news|— Reporting|Sponsored|NATO leaders|Biden pushes"
FILE = Path("data/article.txt").read_text(encoding="utf-8").split("\n\n", 1)[1]
LINES = [line for line in FILE.splitlines() if line and not re.match(NOT_TEXT, line)]
PARTS = re.split("\n(?:Mutual support|Tech and energy)\n", "\n".join(LINES))


def count(*texts: str) -> int:
    """Words, counted by another pattern than the engine's."""
    return len([word for text in texts for word in re.split(r"[\s—–]+", text) if re.search(r"\w", word)])


QUOTED = [count(*re.findall("“([^”]*)”", part)) for part in PARTS]


def test_shipped_quoted_words_are_those_between_the_marks():
    statement = count(*re.findall("“(Friend[^”]*)”", PARTS[0]))
    analysts, later = f"analysts ({QUOTED[0] - statement} words)", QUOTED[1] + QUOTED[2]
    statements = sided_statements(SHIPPED)
    assert quoted_where(word_voices(SHIPPED, statements)) == (
        f"Quoted in Opening: {analysts} and China or Russia ({statement} words); "
        f"after it: only China or Russia ({later} words)"
    )
    shares = [f"{100 * n / count(part):.0f}%" for n, part in zip(QUOTED, PARTS)]
    assert f"quoted words fall from {shares[0]} to {shares[2]}" in voices_move(
        voice_by_section(word_voices(SHIPPED, statements))
    )


def test_shipped_verbs_are_those_that_a_reader_marked():
    rows = pd.read_csv("data/article-statements.csv", keep_default_na=False)
    cues = rows[rows.cue != ""].assign(paragraph=lambda t: SHIPPED.paragraphs.start.searchsorted(t.start, "right"))
    cues = cues.drop_duplicates(["paragraph", "mention", "cue"])  # a quotation that goes on has its verb once
    side = {"Daniel Russel": "analysts", "Jonathan Eyal": "analysts", "Joe Biden": "U.S. or the West"}
    found = {name: [] for name in SHIPPED.sides}
    for row in cues.itertuples():
        found[side.get(row.speaker, "China or Russia")].append(row.cue in ("said", "saying"))
    parts = [f"{sum(said)} of {len(said)} verb{'s' * (len(said) > 1)} for {name}" for name, said in found.items()]
    assert plain_sayers(verbs_by_side(sided_statements(SHIPPED, "by hand"))) == f"“Say” is {', '.join(parts)}"
    by_rule = verbs_by_side(sided_statements(SHIPPED)).loc["say"]
    assert by_rule.to_dict() == {name: sum(said) for name, said in found.items()}


def test_shipped_president_is_reported_late_and_the_headline_marks_other_words():
    before = count(
        "\n".join(LINES).replace("Mutual support", "").replace("Tech and energy", "").split("Russian companies")[0]
    )
    mentions, statements = find_actors(SHIPPED), sided_statements(SHIPPED)
    late = heard_late(mentions, statements, len(SHIPPED.words()))
    assert f"first reported after {100 * before / count(*PARTS):.0f}% (s26)" in late
    assert "no ‘forbidden’ areas" in PARTS[0] and SHIPPED.headline.startswith("‘No forbidden areas’")
    (mark,) = headline_marks(SHIPPED, statements)
    assert mark == "The headline marks “No forbidden areas”; s3 has these words, and marks “forbidden”"
