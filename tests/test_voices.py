"""What statements add up to: sides, who is heard, comment not given, what the verbs imply."""

import pandas as pd
from newsprint.actors import find_actors
from newstext.article import Article, parse_article
from newstext.speakers import find_statements, reporting_verbs
from newsprint.voices import (
    OTHERS,
    asked_for_comment,
    cue_verbs,
    heard_actors,
    word_voices,
    words_by_side,
    words_by_speaker,
)

ACTORS = pd.DataFrame([("Elm", "Elm"), ("Ash", "Ash"), ("Ash", "Mayor Ann Roe")], columns=["actor", "name"])


def article(*sentences: str) -> Article:
    opening = "The bridge of Elm was opened on Monday before many guests."
    return parse_article("\n\n".join(["A bridge", opening, *sentences]))


def test_quoted_words_in_a_paraphrase_make_one_statement_that_is_quoted():
    text = article("Elm said the bridge was “dearer than planned” and would stay.", "Elm said the road was closed.")
    found = find_statements(text)
    assert found.kind.tolist() == ["indirect", "partial", "indirect"]
    row = heard_actors(find_actors(text, ACTORS), found, ACTORS).iloc[0]
    assert (row.actor, row.named, row.statements, row.quoted) == ("Elm", 3, 2, 1)


def test_quoted_words_count_where_paraphrase_is_left_out():
    text = article("Elm said the bridge was “dearer than planned” and would stay.")
    found = find_statements(text)
    row = heard_actors(find_actors(text, ACTORS), found[found.kind != "indirect"], ACTORS).iloc[0]
    assert (row.statements, row.quoted) == (1, 1)


def test_speakers_who_are_no_listed_actor_stand_apart_from_the_sides():
    text = article("“It holds,” Elm said.", "“It is a very fine bridge,” Bob Doe said.")
    sides = words_by_side(words_by_speaker(word_voices(text, find_statements(text))), ACTORS, {"towns": ["Elm"]})
    assert list(zip(sides.side, sides.speakers, sides.quoted)) == [("towns", "Elm", 2), (OTHERS, "Bob Doe", 6)]


def test_sentences_on_comment_are_found_and_comments_are_not():
    notices = [
        "There was no immediate comment from Elm.",
        "The mayor declined to comment.",
        "Elm did not immediately respond to a request.",
        "The builder didn’t reply.",
        "Bob Doe could not be reached.",
    ]
    others = ["He replied to that comment.", "Elm will respond on Friday.", "The comment to the plan is not long."]
    assert asked_for_comment(article(*notices, *others)).text.tolist() == notices


def test_verb_implies_by_the_word_that_follows_it_where_the_list_says_so():
    text = article("Ann Roe called for an end to the tolls.", "Bob Doe called the bridge “a waste”.")
    table = cue_verbs(text, find_statements(text), reporting_verbs())
    assert set(zip(table.cue, table.implies)) == {("called for", "asks"), ("called", "evaluates")}
