"""The parser: the shipped article in numbers, and each rule on invented cases."""

from dataclasses import replace

import pytest
from newstext import DATA, ArticleError, character_roles, fold_possessive, parse_article, read_article, read_stop_words
from newstext.article import _joins
from newstext.lists import word_rows

LEAD = "The council met on Tuesday to discuss the bridge, which has been closed since the spring floods of last year."
MORE = "Repairs will cost more than the town can pay, the treasurer wrote, and the region has so far offered nothing."
TABLES = ["lines", "removed", "sections", "paragraphs", "sentences", "tokens"]


@pytest.fixture(scope="module")
def shipped():
    return read_article(DATA / "article.txt")


def sentences(text):
    """The sentences of one body paragraph."""
    table = parse_article(f"Bridge\n\n{text}").sentences
    return [" ".join(text.split()) for text in table.text[table.section != "Headline"]]


def roles(text):
    lines = parse_article(text).lines
    return dict(zip(lines.text, lines.role, strict=True))


def headings(text):
    return [line for line, role in roles(text).items() if role == "heading"]


def reason(line):
    """Why a line between two paragraphs is set aside, or ""."""
    return parse_article(f"Bridge\n\n{LEAD}\n\n{line}\n\n{MORE}").lines.reason[2]


def tokens(text):
    return parse_article(f"Bridge\n\n{text}").words().token.tolist()


def assert_offsets(article):
    for name in TABLES:
        table = getattr(article, name)
        for row in table.itertuples():
            assert 0 <= row.start < row.end <= len(article.text), name
            for column in {"text", "token"} & {*table.columns}:
                assert article.text[row.start : row.end] == getattr(row, column), name


# The shipped article


def test_shipped_article_has_three_sections(shipped):
    sections = shipped.sections
    assert sections.section.tolist() == ["Opening", "Mutual support", "Tech and energy"]
    assert sections.paragraphs.tolist() == [9, 7, 8]
    assert sections.sentences.tolist() == [10, 9, 10]
    assert sections.words.tolist() == [346, 250, 241]
    assert sections.words.sum() == len(shipped.words())


def test_shipped_headline_is_sentence_s0_and_no_body(shipped):
    assert shipped.headline.endswith("comes to defying U.S.")
    assert shipped.sentences.sid.tolist() == [f"s{n}" for n in range(30)]
    assert "Headline" not in set(shipped.words().section)


def test_shipped_article_sets_13_lines_aside(shipped):
    assert shipped.removed.reason.value_counts().to_dict() == {
        "advertisement": 5,
        "video promo": 3,
        "repeated caption": 2,
        "newsletter": 1,
        "credits": 1,
        "sponsored": 1,
    }


@pytest.mark.parametrize(
    "token, times", [("5,400", 1), ("100,000", 1), ("London-based", 1), ("build-up", 2), ("U.S.", 6)]
)
def test_hard_tokens_stay_whole(shipped, token, times):
    assert (shipped.words().token == token).sum() == times


@pytest.mark.parametrize("term, bare, folded", [("China", 5, 8), ("Russia", 6, 8)])
def test_possessives_are_folded_into_their_name(shipped, term, bare, folded):
    assert (shipped.words().token == term).sum() == bare
    assert (shipped.words().term == term.lower()).sum() == folded


def test_every_character_has_exactly_one_role(shipped):
    counts = character_roles(shipped)
    assert counts.sum() == len(shipped.text)
    assert counts.to_dict() == {"body": 5262, "heading": 29, "headline": 77, "removed": 774, "blank": 75}


def test_a_character_outside_every_line_is_noticed(shipped):
    article = parse_article(f"Bridge\n\n{LEAD}")
    broken = replace(article, lines=article.lines[:1])
    with pytest.raises(AssertionError, match="outside every line"):
        character_roles(broken)


def test_facts_aliases_and_checked_statements_come_from_the_files_beside(shipped):
    assert shipped.facts["agency"] == "Reuters"
    assert "Moscow" in shipped.aliases and "aliases" not in shipped.facts
    assert (shipped.checked.kind == "direct").sum() == 4
    assert not shipped.notes


def test_along_counts_the_words_of_the_body(shipped):
    places = shipped.along(shipped.sections)
    assert places["first"].tolist() == [0, 346, 596]
    assert places["last"].tolist() == [346, 596, 837]


# Sentences


@pytest.mark.parametrize(
    "text, expected",
    [
        ("He lives in the U.S. The deal is off.", ["He lives in the U.S.", "The deal is off."]),
        ("The U.S. Senate voted. It is over.", ["The U.S. Senate voted.", "It is over."]),
        ("It rang at 5 p.m. The crowd left.", ["It rang at 5 p.m.", "The crowd left."]),
        ("“Why now?” she asked. Nobody knew.", ["“Why now?” she asked.", "Nobody knew."]),
        ("“Why now?” Ms. Brown asked on Monday. He left.", ["“Why now?” Ms. Brown asked on Monday.", "He left."]),
        ("“Why now?” The crowd left.", ["“Why now?”", "The crowd left."]),
        ("J. K. Moor met George W. Field. They spoke.", ["J. K. Moor met George W. Field.", "They spoke."]),
        ("It stands at No. 5 on the list. Fine.", ["It stands at No. 5 on the list.", "Fine."]),
        ("She said no. Five men left.", ["She said no.", "Five men left."]),
        ("Mr. He spoke. Dr. An did not.", ["Mr. He spoke.", "Dr. An did not."]),
        ("It was late. ... The bridge fell.", ["It was late. ...", "The bridge fell."]),
        ("1. Buy bread. It is cheap.", ["1. Buy bread.", "It is cheap."]),
        ("He paid $5.50. It was 3.5% more.", ["He paid $5.50.", "It was 3.5% more."]),
        ("He left (it was late.) She stayed.", ["He left (it was late.)", "She stayed."]),
        ("“No.” He left.", ["“No.”", "He left."]),
    ],
)
def test_sentences_end_where_a_reader_ends_them(text, expected):
    assert sentences(text) == expected


# Tokens


@pytest.mark.parametrize(
    "text, expected",
    [
        ("The U.S.-led talks", ["The", "U.S.-led", "talks"]),
        ("The U.S.’s part", ["The", "U.S.’s", "part"]),
        ("AT&T paid $1,200.50 at 9:30", ["AT&T", "paid", "1,200.50", "at", "9:30"]),
        ("The states’ mother-in-law", ["The", "states", "mother-in-law"]),
        ("– a dash — is none", ["a", "dash", "is", "none"]),
        ("In the ’90s", ["In", "the", "90s"]),
        ("Q̇ed is one", ["Q̇ed", "is", "one"]),
    ],
)
def test_tokens(text, expected):
    assert tokens(text) == expected


@pytest.mark.parametrize("token", ["Town's", "Town’s", "TOWN"])
def test_possessive_and_case_are_folded(token):
    assert fold_possessive(token) == "town"


def test_stop_words_mark_terms_and_may_be_given():
    article = parse_article(f"Bridge\n\n{LEAD}", stop_words={"bridge"})
    assert set(article.tokens.term[article.tokens.is_stop]) == {"bridge"}


def test_stop_list_file_skips_comments_and_case_and_is_read_anew(tmp_path):
    path = tmp_path / "stop.txt"
    path.write_text("# all\n\nThe  # article\n  AND\nit’s\n", encoding="utf-8")
    assert read_stop_words(path) == {"the", "and", "it"}
    path.write_text("of", encoding="utf-8")
    assert read_stop_words(path) == {"of"}


# Headings and headline


def test_markdown_marks_win_and_leave_the_section_name():
    article = parse_article(f"# Bridge\n\n{LEAD}\n\n## Who pays: \n\n{MORE}\n\nLoose line\n\n{LEAD}")
    assert article.sections.section.tolist() == ["Opening", "Who pays"]
    assert headings(article.text) == ["## Who pays:"]


@pytest.mark.parametrize(
    "line",
    [
        "It was over.",
        "He said:",
        "“We shall see”",
        "lower case words",
        "4 May 2021 in brief",
        "10:15 update from the bridge",
        "A line of more than nine words is not a heading here",
        "1,200",
        "Man of the match: Diego Santos",
    ],
)
def test_other_short_lines_are_no_headings(line):
    assert headings(f"Bridge\n\n{LEAD}\n\n{line}\n\n{MORE}") == []


def test_list_name_line_and_dateline_are_no_headings():
    assert headings(f"Bridge\n\n{LEAD}\n\nApples\n\nPears\n\nPlums\n\n{MORE}") == []
    assert headings(f"Bridge\n\nJane Moor\n\nMILLTOWN\n\n{LEAD}\n\n{MORE}") == []


def test_a_line_inside_a_sentence_is_no_heading():
    assert headings(f"Bridge\n\n{LEAD}\n\nThe old mill\n\nwas torn down long ago.\n\n{MORE}") == []


@pytest.mark.parametrize(
    "first, is_headline",
    [
        ("Bridge to reopen in the U.S.", True),
        ("Town Council Reopens Bridge After Floods.", True),
        ("The council met on Tuesday.", False),
        ("Council reopens the bridge.", True),
        ("Council reopens the bridge. Nobody pays.", False),
        ("Council reopens the bridge that the spring floods have kept closed for all of a year.", False),
        ("word " * 60, False),
        ("## Who pays", False),
    ],
)
def test_headline_is_a_short_first_line_without_full_stop_in_title_case_or_alone(first, is_headline):
    assert (roles(f"{first}\n\n{LEAD}")[first.strip()] == "headline") == is_headline


def test_a_first_line_that_goes_on_below_is_no_headline():
    assert parse_article("The council met on Tuesday\nto discuss the bridge.").headline == ""


# Hard-wrapped lines

WRAPPED = """Bridge to reopen

The council met on Tuesday to discuss the bridge, which has been
closed since the spring floods of last year. Nobody expected a
quick answer, and nobody was given one.

Who pays

Repairs will cost more than the town can pay, the treasurer wrote,
and the region has so far offered nothing. The mayor did not wish
to say who would be asked next.
"""


@pytest.mark.parametrize("text", [WRAPPED, WRAPPED.replace("\n\n", "\n")])
def test_16_hard_wrapped_lines_are_one_paragraph(text):
    article = parse_article(text)
    assert article.sections.section.tolist() == ["Opening", "Who pays"]
    assert article.sections.paragraphs.tolist() == [1, 1]
    assert article.sections.sentences.tolist() == [2, 2]
    assert_offsets(article)


# Boilerplate: whole lines only


@pytest.mark.parametrize(
    "line, expected",
    [
        ("Story continues below advertisement", "advertisement"),
        ("ADVERTISEMENT", "advertisement"),
        ("Click to play video: ‘Bridge falls’", "video promo"),
        ("WATCH: Bridge falls", "video promo"),
        ("Sign up for our free daily newsletter", "newsletter"),
        ("Sponsored content", "sponsored"),
        ("Read more: Who pays for the bridge", "related link"),
        ("Share this article", "share line"),
        ("— Reporting by A. Moor in Milltown; Editing by B. Field", "credits"),
        ("By Jane Moor and JOHN FIELD", "byline"),
        ("Jane Moor and John Field, CNN", "byline"),
        ("Published on 4 May 2021", "timestamp"),
        ("Friday, February 4, 2022", "timestamp"),
        ("5 min read", "timestamp"),
        ("Photo: Jane Moor", "picture credit"),
        ("© 2021 The Mill Paper. All rights reserved.", "copyright"),
        ("Skip to content", "site furniture"),
        ("* * *", "ornament"),
        ("___", "ornament"),
        ("9:15 a.m.", "timestamp"),
        ("ABSTRACT.", "site furniture"),
        ("Follow Jane Moor on Twitter: @janemoor", "share line"),
        ("Jane Moor reported from Milltown. John Field contributed reporting.", "credits"),
        ("Jane Moor contributed to this report.", "credits"),
        ("Jane Moor is a columnist. Her book, Doors, is published in May.", "author's note"),
        ("Rovers: Price 7; Adams 6, Kane 6, Osei 9, Hill 6", "ratings"),
        ("Jane Moor contributed to a fund that reported from Milltown.", ""),
        ("Jane Moor is a columnist who wrote that “nobody pays”.", ""),
        ("Follow the river for a mile.", ""),
        ("At 9:15 a.m. they left.", ""),
        ("Price 7, Adams 6 and Kane 6 were the best of the Rovers.", ""),
        ("The advertisement ran for a week.", ""),
        ("He signed up for the newsletter of the mill, which nobody reads.", ""),
        ("Reporting by the paper was praised in town.", ""),
        ("By Friday.", ""),
        ("By Monday evening they had left the town.", ""),
        ("Click to play, the sign said.", ""),
        ("Sponsored content is a trade of its own, she said.", ""),
        ("Published in 1999, the book sold well.", ""),
        ("Share prices rose.", ""),
    ],
)
def test_only_a_whole_line_of_boilerplate_is_set_aside(line, expected):
    assert reason(line) == expected


def test_caption_is_set_aside_with_its_promo_only():
    promo = "Click to play video: 'Bridge falls in two'"
    text = f"Bridge\n\n{LEAD}\n\n{promo}\nBridge falls in two\n\n{MORE}"
    assert parse_article(text).removed.reason.tolist() == ["video promo", "repeated caption"]
    assert roles(text.replace(promo, ""))["Bridge falls in two"] != "removed"


# The rest


def test_parsing_changes_nothing_it_was_given():
    facts, aliases = {"headings": ["Who pays"]}, {"Mill": "Town"}
    article = parse_article(f"Bridge\n\n{LEAD}", facts, aliases)
    article.facts["x"] = article.aliases["x"] = 1
    assert facts == {"headings": ["Who pays"]} and aliases == {"Mill": "Town"}


def test_each_rule_that_joins_sentences_holds_for_its_example():
    rules = word_rows("sentence_joins.tsv")
    assert len(rules) == len(_joins()) > 3
    for (_, _, _, example), (before, after) in zip(rules, _joins(), strict=True):
        first, second = example.replace("“", '"').replace("”", '"').split("|")
        assert before.search(first.rstrip()) and after.match(second), example


def test_an_article_shows_itself_in_brief_and_can_be_cut_to_a_section():
    article = parse_article(f"Bridge\n\n{LEAD}\n\nWho pays\n\n{MORE}")
    counts = f"{len(LEAD.split())} words, 1 sentences\n  Who pays: {len(MORE.split())} words, 1 sentences"
    assert repr(article) == f"Bridge\n{len((LEAD + ' ' + MORE).split())} words, 2 sentences\n  Opening: {counts}"
    assert article.only("Who pays").body.text.tolist() == [MORE]
    with pytest.raises(ArticleError, match="no section 'Who'"):
        article.only("Who")


FOREIGN = {
    "not English": "Der Rat stimmte dem Bau der Brücke zu. Das ist ein guter Tag für die Stadt, sagte sie. "
    "Die Region hat bisher nichts angeboten, und niemand weiß, wer am Ende für die Brücke zahlen wird.",
    "a list or a table": "North Ward: A. Moor 1,204; B. Field 980; C. Mill 412. " * 3,
}


@pytest.mark.parametrize("kind", FOREIGN)
def test_a_text_that_the_rules_do_not_read_gets_a_note(kind):
    assert kind in parse_article(f"Bridge\n\n{FOREIGN[kind]}").notes[-1]
    assert not any("stop list" in note for note in parse_article(f"Bridge\n\n{LEAD} {MORE}").notes)
