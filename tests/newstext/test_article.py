"""The parser: the shipped article in numbers, and each rule on invented cases."""

from dataclasses import replace

import pytest
from newstext import ArticleError, character_roles, parse_article, read_article, word_rows
from newstext.article import BOILERPLATE, JOINS

LEAD = "The council met on Tuesday to discuss the bridge, which has been closed since the spring floods of last year."
MORE = "Repairs will cost more than the town can pay, the treasurer wrote, and the region has so far offered nothing."


@pytest.fixture(scope="module")
def shipped():
    return read_article("data/article.txt")


def sentences(text):
    """The sentences of one body paragraph."""
    return parse_article(f"Bridge\n\n{text}").body.text.tolist()


def between(*lines):
    """What becomes of lines between two paragraphs: role and reason of each."""
    rows = parse_article("\n\n".join(["Bridge", LEAD, *lines, MORE])).lines[2:-1]
    return [*zip(rows.role, rows.reason, strict=True)]


def test_shipped_article_in_numbers(shipped):
    sections = shipped.sections.set_index("section")[["paragraphs", "sentences", "words"]]
    sizes = {"Opening": [9, 10, 346], "Mutual support": [7, 9, 250], "Tech and energy": [8, 10, 241]}
    assert sections.T.to_dict("list") == sizes
    assert shipped.headline.endswith("comes to defying U.S.") and not shipped.notes
    assert shipped.facts["agency"] == "Reuters" and "Moscow" in shipped.aliases and "aliases" not in shipped.facts
    assert shipped.sentences.sid.tolist() == [f"s{n}" for n in range(30)]
    assert len(shipped.words()) == 837 and "Headline" not in set(shipped.words().section)
    assert shipped.along(shipped.sections)[["first", "last"]].values.tolist() == [[0, 346], [346, 596], [596, 837]]
    assert [*shipped.removed.reason.value_counts()] == [5, 3, 2, 1, 1, 1]
    times, terms = shipped.words().token.value_counts(), shipped.words().term.value_counts()
    hard = {"5,400": 1, "100,000": 1, "London-based": 1, "build-up": 2, "U.S.": 6, "China": 5, "Russia": 6}
    assert times[[*hard]].to_dict() == hard and terms[["china", "russia"]].tolist() == [8, 8]


def test_characters_by_role_are_the_whole_text_or_an_assertion_fails(shipped):
    roles = {"body": 5262, "heading": 29, "headline": 77, "removed": 774, "blank": 75}
    assert character_roles(shipped).to_dict() == roles and sum(roles.values()) == len(shipped.text)
    moved = shipped.lines.assign(start=shipped.lines.start.shift(fill_value=0))
    for lines, why in [(shipped.lines[:1], "outside every line"), (moved, "lines overlap")]:
        with pytest.raises(AssertionError, match=why):
            character_roles(replace(shipped, lines=lines))
    assert character_roles(parse_article("It rained on Monday. It rained on Friday, too.")).tolist() == [46, 0, 0, 0, 0]


CUT = """\
He lives in the U.S. | The deal is off.
It rang at 5 p.m. | The crowd left.
“Why now?” she asked. | Nobody knew.
J. K. Moor met George W. Field. | They spoke.
She said no. | Five men left.
Mr. He spoke. | Dr. An did not.
It was late. ... | The bridge fell.
He left (it was late.) | She stayed.""".splitlines()


@pytest.mark.parametrize("text", CUT)
def test_sentences_end_where_a_reader_ends_them(text):
    assert sentences(text.replace(" |", "")) == text.split(" | ")


@pytest.mark.parametrize("rule", range(len(JOINS)))
def test_each_rule_that_joins_sentences_holds_for_its_example_and_nothing_else_joins_it(rule, monkeypatch):
    text = word_rows("sentence_joins.tsv")[rule][3].replace("|", "")
    assert sentences(text) == [text]
    monkeypatch.setattr("newstext.article.JOINS", JOINS[:rule] + JOINS[rule + 1 :])
    assert len(sentences(text)) == 2


def test_words_are_cut_where_a_reader_cuts_them():
    text = "U.S.-led AT&T paid $1,200.50 at 9:30 – a dash — is none – to the states’ mother-in-law in The ’90s, Q̇ed."
    told = "U.S.-led AT&T paid 1,200.50 at 9:30 a dash is none to the states mother-in-law in The 90s Q̇ed"
    article = parse_article(f"Bridge\n\n{text}", stop_words={"the"})
    assert article.words().token.tolist() == told.split()
    assert article.tokens.token[article.tokens.is_stop].tolist() == ["the", "The"]


@pytest.mark.parametrize(
    "first, role",
    [
        ("Bridge to reopen in the U.S.", "headline"),
        ("Town Council Was Told It Had No Money on Friday.", "headline"),
        ("Council reopens the bridge.", "headline"),
        ("The council met on Tuesday.", "body"),
        ("Council reopens the bridge. Nobody pays.", "body"),
        ("Council reopens the bridge that the spring floods have kept closed for all of a year.", "body"),
        ("word " * 60, "body"),
        ("The council met on Tuesday\nto discuss the bridge.", "body"),
        ("## Who pays", "heading"),
    ],
)
def test_headline_is_a_short_first_line_without_full_stop_in_title_case_or_that_announces(first, role):
    assert parse_article(f"{first}\n\n{LEAD}").lines.role[0] == role


def test_markdown_marks_win_and_leave_the_section_name():
    article = parse_article(f"# Bridge\n\n{LEAD}\n\n## Who pays: \n\n{MORE}\n\nLoose line\n\n{LEAD}")
    assert article.sections.section.tolist() == ["Opening", "Who pays"]
    assert article.lines.text[article.lines.role == "heading"].tolist() == ["## Who pays:"]
    assert "heading" not in set(parse_article(f"Bridge\n\nJane Moor\n\nMILLTOWN\n\n{LEAD}\n\n{MORE}").lines.role)


STAY = """\
It was over.
He said:
“We shall see”
lower case words
A line of more than nine words is not a heading here
1,200
Man of the match: Diego Santos
Apples|Pears|Plums
The old mill|was torn down long ago.
Jane Moor contributed to a fund that reported from Milltown.
Jane Moor is a columnist who wrote that “nobody pays”.
At 9:15 a.m. they left.
Price 7, Adams 6 and Kane 6 were the best of the Rovers.
By Monday evening they had left the town.
Click to play, the sign said.
Share prices rose.
For immediate release of the men, they paid.
News release: the bridge will reopen.""".splitlines()
HANG = ["By " + "A" * 250, "Reporting by " + "A" * 250, "A " * 140, "- " * 140 + "a", "Moor 7 " * 40]


@pytest.mark.parametrize("line", [*STAY, *(f"{line}!" for line in HANG)])
def test_short_lines_lines_with_words_of_boilerplate_and_lines_made_to_hang_its_rules_stay(line):
    assert {*between(*line.split("|"))} == {("body", "")}


@pytest.mark.parametrize("rule", range(len(BOILERPLATE)))
def test_each_rule_of_boilerplate_holds_for_its_example(rule, monkeypatch):
    reason, _, example = word_rows("boilerplate.tsv")[rule]
    monkeypatch.setattr("newstext.article.BOILERPLATE", [BOILERPLATE[rule]])
    assert between(example) == [("removed", reason)]


def test_a_release_line_is_no_headline_and_a_repeated_caption_goes_with_its_promo_only():
    assert parse_article(f"FOR IMMEDIATE RELEASE\n\nBridge to reopen\n\n{LEAD}").headline == "Bridge to reopen"
    lines = ["Click to play video: ‘It fell’", "It fell", "It fell"]
    assert [reason for _, reason in between(*lines)] == ["video promo", "repeated caption", "repeated caption"]
    assert [reason for _, reason in between("Read more: It fell", "It fell.")] == ["related link", ""]


def test_an_article_shows_itself_in_brief_and_can_be_cut_to_a_section():
    article = parse_article("Bridge\n\nIt was over. It rained.\n\nWho pays\n\nNobody knew that yet.")
    sizes = "  Opening: 5 words, 2 sentences\n  Who pays: 4 words, 1 sentences"
    assert repr(article) == f"Bridge\n9 words, 3 sentences\n{sizes}"
    assert article.only("Who pays").body.text.tolist() == ["Nobody knew that yet."]
    with pytest.raises(ArticleError, match="no section 'Who'"):
        article.only("Who")


@pytest.mark.parametrize("text", ["Der Rat stimmte dem Bau der Brücke zu. ", "North: A. Moor 1,204; B. Field 980. "])
def test_a_text_that_the_rules_do_not_read_gets_a_note(text):
    doubts = [str(parse_article(f"Bridge\n\n{words * 6}").notes) for words in (text, LEAD)]
    assert ["not English, or a list of results?" in notes for notes in doubts] == [True, False]
