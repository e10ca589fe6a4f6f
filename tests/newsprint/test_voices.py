"""Whose words an article holds, on an invented article counted by hand and on the shipped one counted another way."""

import re
from collections import Counter
from dataclasses import replace

from newsprint import find_actors, named_and_heard
from newsprint import voices as v
from newstext import parse_article, read_article

TEXT = """‘A Danger’ to Larch

Mayor Ann Roe of Larch said on Monday that the bridge was “a danger to all” and would close at once.

“We will not wait,” said Tom Hall, head of the rail union in Larch. He denied that money was short.

A long wait

The harbour board of Elm said “no”. Larch and Tom Hall warned that it was “too late” for the old bridge.

Nobody else spoke to us about the bridge, and Roe did not respond to a request for comment. It rained.
"""
ACTORS = {"Larch": ["Larch", "Ann Roe", "Roe"], "union": ["Tom Hall", "Hall"], "Ash": ["Ash"]}
SIDES = {"the town": ["Larch"], "the union": ["union"], "Ash’s": ["Ash"]}
ARTICLE, SHIPPED = replace(parse_article(TEXT), actors=ACTORS, sides=SIDES), read_article("data/article.txt")
STATEMENTS = v.sided_statements(ARTICLE)
WORDS, MENTIONS = v.word_voices(ARTICLE, STATEMENTS), find_actors(ARTICLE)


def said(**values) -> str:
    """The words that have these values, as one text."""
    return " ".join(WORDS.token[(WORDS[[*values]] == [*values.values()]).all(axis=1)])


def test_quoted_words_inside_a_paraphrase_are_quoted_and_tags_say_who_speaks():
    assert said(voice="quoted", speaker="Ann Roe") == "a danger to all"
    assert said(voice="paraphrased", speaker="Ann Roe") == "the bridge was and would close at once"
    assert said(voice="quoted", speaker="Tom Hall") == "We will not wait"
    tagged = "Mayor Ann Roe of Larch said on Monday that said Tom Hall head of the rail union in Larch He denied that"
    assert said(tag=True).startswith(tagged) and "rained" not in said(tag=True)
    assert (WORDS.voice[WORDS.tag] == "unattributed").all() and len(WORDS) == len(ARTICLE.words())


def test_tables_share_out_every_word_once_and_count_sides():
    table = v.voice_by_section(WORDS)
    assert table.groupby("section").share.sum().round(9).eq(1).all()
    counts = Counter(zip(WORDS.section, WORDS.side.astype(str), WORDS.voice))
    assert counts == {(row.section, row.side, row.voice): row.words for row in table.itertuples()}
    assert table.section.drop_duplicates().tolist() == ["Opening", "A long wait"]
    table = named_and_heard(MENTIONS, WORDS).set_index("side")
    assert table.named.to_dict() == {"the town": 5, "the union": 2, "others": 0}, "“Ann Roe of Larch” is two names"
    assert table.loc["the town", ["reported", "quoted"]].tolist() == [12, 4]


def test_a_verb_counts_once_for_its_side_and_say_stands_first():
    table = v.verbs_by_side(STATEMENTS)
    assert table.loc["say"].to_dict() == {"the town": 1, "the union": 1, "others": 1}
    assert table.loc["deny", "the union"] == 1 and table.to_numpy().sum() == 5
    assert v.plain_sayers(table).startswith("“Say” is 1 of 1 verb for the town, 1 of 2 verbs for the union")
    assert [*table.index] == ["say", "deny", "warn"], "verbs that imply something stand last"


def test_marks_of_the_headline_are_held_against_those_of_the_text():
    for headline, word, says in (
        ("‘A danger’ to Larch", "“a danger to all”", "has these words, and marks “a danger to all”"),
        ("‘Danger for all’ in Larch", "a danger for all", "and marks nothing"),
        ("‘Peril’ in Larch", "a danger for all", "no sentence has these words"),
        ("Danger in Larch", "a danger for all", "The headline quotes nothing"),
    ):
        article = parse_article(f"{headline}\n\nIt was {word}, they say. It rained on the hills all day.\n")
        (sentence,) = v.headline_marks(article, v.sided_statements(article))
        assert says in sentence


def test_sentences_on_comment_not_given_are_found_and_comments_are_not():
    notices = ["There was no immediate comment from Elm.", "The mayor declined to comment."]
    notices += ["Elm didn’t immediately reply.", "Elm did not immediately respond.", "Bob could not be reached."]
    others = ["He replied to that comment.", "Elm will respond on Friday.", "The comment to the plan is not long."]
    article = parse_article("\n\n".join(["Rain", TEXT.split("\n\n")[1], *notices, *others]))
    assert v.asked_for_comment(article).text.tolist() == notices


def test_findings_of_the_invented_article():
    table, quotes = v.voice_by_section(WORDS), "the town (4 words) and the union (4 words)"
    moves = "quoted words fall from 20% to 7%, words attributed to nobody rise from 54% to 78%"
    assert v.voices_move(table) == f"From Opening to A long wait {moves}"
    assert v.voices_move(table[table.section == "Opening"]) == "20% of the words are quoted, 54% attributed to nobody"
    assert v.quoted_where(WORDS) == f"Quoted in Opening: {quotes}; after it: only others (3 words)"
    assert v.quoted_where(WORDS[WORDS.section == "Opening"]) == f"Quoted: {quotes}"
    assert v.unheard(named_and_heard(MENTIONS, WORDS)) == "Every side that is named is quoted"
    silent = named_and_heard(MENTIONS, WORDS[WORDS.speaker != "Ann Roe"])
    assert v.unheard(silent) == "The town: 71% of the names, 0% of the reported words, no quoted word"
    assert v.heard_late(MENTIONS, STATEMENTS, len(WORDS)) == "No side that is named waits to be reported"
    late = "The union: first named after 32% of the words, first reported after 46% (s3)"
    assert v.heard_late(MENTIONS, STATEMENTS[STATEMENTS.sid > "s2"], len(WORDS)) == late
    assert v.unattributed(WORDS) == "54 words (66%) attributed to nobody, 34 words of it tags that say who speaks"


# The shipped article: quoted words by their marks in the file

NOT_TEXT = r"(?m)^(Click to|WATCH|Story continues|Breaking news|— Reporting|Sponsored|NATO leaders|Biden pushes).*"
PARTS = re.split("\n(?:Mutual support|Tech and energy)\n", re.sub(NOT_TEXT, "", SHIPPED.text.split("\n\n", 1)[1]))


def count(*texts: str) -> int:
    """Words, counted by another pattern than the engine's."""
    return len([word for text in texts for word in re.split(r"[\s—–]+", text) if re.search(r"\w", word)])


def test_shipped_quoted_words_are_those_between_the_marks():
    quoted = [count(*re.findall("“([^”]*)”", part)) for part in PARTS]
    statement, words = (
        count(*re.findall("“(Friend[^”]*)”", PARTS[0])),
        v.word_voices(SHIPPED, v.sided_statements(SHIPPED)),
    )
    opening = f"analysts ({quoted[0] - statement} words) and China or Russia ({statement} words)"
    later = f"only China or Russia ({quoted[1] + quoted[2]} words)"
    assert v.quoted_where(words) == f"Quoted in Opening: {opening}; after it: {later}"
    shares = [f"{100 * n / count(part):.0f}%" for n, part in zip(quoted, PARTS)]
    assert f"quoted words fall from {shares[0]} to {shares[2]}" in v.voices_move(v.voice_by_section(words))
