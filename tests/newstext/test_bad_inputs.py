"""What the loader and the parser do with what people really give them, one test a case."""

import os
import unicodedata

import pandas as pd
import pytest
from newstext import ArticleError, character_roles, parse_article, read_article, read_rows, read_stop_words
from newstext.article import STRETCH

LEAD = "The council met on Tuesday to discuss the bridge, which has been closed since the spring floods of last year."
MORE = "Repairs will cost more than the town can pay, the treasurer wrote, and the region has so far offered nothing."
TEXT = f"Bridge to reopen\n\n{LEAD}\n\nWho pays\n\n{MORE}\n"


@pytest.fixture
def put(tmp_path):
    """Write bytes or text under a name and say where they are."""

    def write(content, name="story.txt"):
        path = tmp_path / name
        path.write_bytes(content if isinstance(content, bytes) else content.encode())
        return path

    return write


def refusal(path, **options):
    """The one line that refuses a file."""
    with pytest.raises(ArticleError) as caught:
        read_article(path, **options)
    assert "\n" not in str(caught.value)
    return str(caught.value)


def sections(text, **facts):
    return parse_article(text, facts).sections.section.tolist()


def same_reading(one, other):
    """Whether two texts have the same paragraphs, sentences and terms."""
    a, b = parse_article(one).reading, parse_article(other).reading
    return (
        a.paragraphs.section.tolist() == b.paragraphs.section.tolist()
        and [t.split() for t in a.sentences.text] == [t.split() for t in b.sentences.text]
        and a.tokens.term.tolist() == b.tokens.term.tolist()
    )


# The file


def test_01_missing_file_names_path_folder_and_what_there_is(tmp_path):
    message = refusal(tmp_path / "none.txt")
    assert "none.txt" in message and os.getcwd() in message and "article.txt" in message
    assert "stopwords.txt" not in message


def test_02_folder(tmp_path):
    assert "is a folder" in refusal(tmp_path)


def test_02_pipe_is_refused_and_not_waited_for(tmp_path):
    os.mkfifo(tmp_path / "pipe.txt")
    assert "pipe.txt is no file but a device or a pipe" in refusal(tmp_path / "pipe.txt")


@pytest.mark.parametrize("content", ["", " \n\t\n\u00a0\n", "\ufeff\n"])
def test_03_04_empty_or_blank_file(put, content):
    assert "empty article" in refusal(put(content))


@pytest.mark.parametrize("text", ["Bridge to reopen\n", "\ufeffBridge to reopen\n", "Bru\u0308cke to reopen"])
def test_05_title_only_has_empty_tables_with_their_types(text):
    article, full = parse_article(text), parse_article(TEXT)
    assert article.headline.endswith("to reopen") and article.sections.empty and article.words().empty
    assert article.sections.words.sum() == 0 and article.along(article.sections).empty
    for name in ("sections", "paragraphs", "sentences", "tokens"):
        assert getattr(article, name).dtypes.to_dict() == getattr(full, name).dtypes.to_dict(), name
    assert article.to_source(article.reading.words()).token.dtype == full.tokens.token.dtype


def test_half_a_character_is_refused():
    with pytest.raises(ArticleError, match=r"character 1 is half a character \(U\+D83D\)"):
        parse_article("a\ud83d b")


@pytest.mark.parametrize("path", ["", "."])
def test_02_no_name_is_a_folder(path):
    assert "is a folder" in refusal(path)


def test_a_path_may_begin_at_the_root_and_a_message_is_one_line(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    assert read_article("data/article.txt", "data/stopwords.txt").headline
    assert "a b\ufffd: no such file" in refusal("a\nb\x1b")


def test_06_byte_order_mark_is_counted_as_removed(put):
    article = read_article(put("\ufeff" + TEXT))
    assert article.headline == "Bridge to reopen" and sections(article.text) == ["Opening", "Who pays"]
    assert article.removed.reason.tolist() == ["byte-order mark"]
    assert character_roles(article).sum() == len(article.text) == len(TEXT) + 1
    assert not article.notes


@pytest.mark.parametrize("encoding", ["utf-16-le", "utf-16-be"])
def test_07_utf16_with_its_mark_is_decoded(put, encoding):
    article = read_article(put(("\ufeff" + TEXT).encode(encoding)))
    assert article.sections.section.tolist() == ["Opening", "Who pays"]


def test_07_utf16_without_mark_is_refused(put):
    assert "not a text file" in refusal(put(TEXT.encode("utf-16-le")))


def test_08_cp1252_is_not_guessed_but_may_be_named(put):
    path = put("A “bridge” fell".encode("cp1252"))
    message = refusal(path)
    assert "0x93" in message and "offset 2" in message and 'encoding = "cp1252"' in message
    put('encoding = "utf-16"', "story.toml")
    assert 'encoding = "…"' in refusal(path)
    put('encoding = "cp1252"', "story.toml")
    assert "“bridge”" in read_article(path).text


@pytest.mark.parametrize("end", [b"\n", b"\r\n", b"\r"])
def test_09_mixed_encodings_name_the_line(put, end):
    assert "line 3" in refusal(put("café".encode() + end + end + "café".encode("latin-1")))


@pytest.mark.parametrize("content", [b"a\0b", b"\x89PNG\r\n", b"%PDF-1.7", b"PK\x03\x04"])
def test_10_not_a_text(put, content):
    assert "not a text file" in refusal(put(content))


def test_11_size_is_refused_before_reading(put, monkeypatch):
    path = put("")
    os.truncate(path, 50_000_000)
    monkeypatch.setattr("pathlib.Path.read_bytes", lambda _: pytest.fail("was read"))
    message = refusal(path)
    assert "50,000,000" in message and "20,000,000" in message and "max_bytes" in message


@pytest.mark.parametrize("mark", ["word.; ", "See note.[12] ", "The mill stood still. ", "A", "“"])
def test_12_13_nltk_gets_bounded_stretches_of_any_text(mark, monkeypatch):
    sizes = []

    class Cutter:
        def span_tokenize(self, text):
            sizes.append(len(text))
            return [(0, len(text))]

    monkeypatch.setattr("newstext.article._cutters", lambda: (Cutter(), Cutter()))
    parse_article(mark * (100_000 // len(mark)))
    assert sum(sizes) > 90_000 and max(sizes) <= STRETCH


def test_12_stretches_change_no_sentence(monkeypatch):
    text = "The mill of Mr. Field stood still. “Why?” she asked. " * 200
    whole = parse_article(text).sentences
    monkeypatch.setattr("newstext.article.STRETCH", 100)
    pd.testing.assert_frame_equal(parse_article(text).sentences, whole)


def test_12_what_nltk_gives_up_on_is_one_line(monkeypatch):
    class Cutter:
        def span_tokenize(self, text):
            raise TimeoutError("too long")

    monkeypatch.setattr("newstext.article._cutters", lambda: (Cutter(), Cutter()))
    with pytest.raises(ArticleError, match="NLTK gives up on the text after 'Bridge"):
        parse_article("Bridge")


def test_13_boilerplate_rules_do_not_hang_on_lines_made_to_hang_them():
    for line in [
        "By " + "A" * 250 + "!",
        "Reporting by " + "A" * 250 + "!",
        "A " * 140 + "!",
        "- " * 140 + "a",
        "Moor 7 " * 40 + "!",
    ]:
        assert parse_article(f"{TEXT}\n{line}")


# Lines


@pytest.mark.parametrize("end", ["\r\n", "\r", "\u2028", "\u2029", "\x85"])
def test_14_line_ends(end):
    assert same_reading(TEXT, TEXT.replace("\n", end))
    assert same_reading(TEXT, TEXT.replace("\n", end, 2))


def test_15_without_blank_lines_each_line_is_a_paragraph_and_headings_are_found():
    assert same_reading(TEXT, TEXT.replace("\n\n", "\n"))


def test_17_hard_spaces_in_a_heading():
    assert sections(TEXT.replace("Who pays", "Who\u00a0\u2009pays\u00a0")) == ["Opening", "Who pays"]
    assert sections(TEXT.replace("Who pays", "Who\u00a0pays"), headings=["Who pays"]) == ["Opening", "Who pays"]


@pytest.mark.parametrize("hidden", ["\u200b", "\u200d", "\u00ad", "\u202e", "\u2066", "\ufeff"])
def test_18_invisible_characters_are_passed_over_and_flagged(hidden):
    article = parse_article(TEXT.replace("pays", f"pa{hidden}ys").replace("bridge", f"bri{hidden}dge"))
    assert article.sections.section.tolist() == ["Opening", "Who pays"]
    assert "bridge" in set(article.tokens.term) and f"bri{hidden}dge" in set(article.tokens.token)
    assert f"U+{ord(hidden):04X}" in article.notes[-1]
    assert character_roles(article).sum() == len(article.text)


def test_19_accents_written_apart_read_like_composed_ones():
    text = TEXT.replace("bridge", "Brücke").replace("pays", "zählt")
    apart = parse_article(unicodedata.normalize("NFD", text))
    assert same_reading(text, apart.text)
    assert (apart.tokens.token == "Bru\u0308cke").any() and (apart.tokens.term == "brücke").any()


# Sections


def test_20_a_named_heading_that_is_missing_is_noted():
    article = parse_article(TEXT, {"headings": ["Who pays", "What next"]})
    assert article.sections.section.tolist() == ["Opening", "Who pays"]
    assert any("'What next'" in note for note in article.notes)


def test_21_a_heading_that_comes_twice_is_numbered():
    text = f"{TEXT}\nWho pays\n\n{LEAD}\n\nOpening\n\n{MORE}\n\nHeadline\n\n{LEAD}\n\nWho pays (2)\n\n{MORE}"
    names = ["Opening", "Who pays", "Who pays (2)", "Opening (2)", "Headline (2)", "Who pays (2) (2)"]
    article = parse_article(text, {"headings": ["Who pays", "Opening", "Headline", "Who pays (2)"]})
    assert article.sections.section.tolist() == names
    assert len(article.words()) == 3 * len(f"{LEAD} {MORE}".split())


def test_23_a_heading_inside_a_sentence_does_not_split():
    text = TEXT.replace("offered nothing.", "offered nothing. Who pays is not known.")
    assert sections(text, headings=["Who pays"]) == ["Opening", "Who pays"]


@pytest.mark.parametrize("line", ["Who pays:", "WHO PAYS", "Who pays  ", "## Who pays", "**Who pays**"])
def test_24_named_headings_match_in_any_dress(line):
    names = sections(TEXT.replace("Who pays", line), headings=["Who pays"])
    assert [name.casefold() for name in names] == ["opening", "who pays"]


def test_25_no_headings_give_one_section_and_a_note():
    article = parse_article(TEXT.replace("Who pays\n", ""))
    assert article.sections.section.tolist() == ["Opening"]
    assert "headings = [" in article.notes[0]


def test_26_a_sentence_with_the_words_of_a_notice_stays():
    text = f"{TEXT}\nAdvertisement\n\nThe advertisement was for a sponsored content firm.\n"
    assert parse_article(text).removed.text.tolist() == ["Advertisement"]


def test_27_notices_between_paragraphs_do_not_cut_a_section():
    assert same_reading(TEXT, TEXT.replace("Who pays\n", "Who pays\n\nStory continues below advertisement\n"))


def test_28_each_repeated_caption_is_set_aside_once():
    text = f"{TEXT}\nClick to play video: ‘It fell’\nIt fell\nIt fell\n"
    assert parse_article(text).removed.reason.value_counts().to_dict() == {"repeated caption": 2, "video promo": 1}


def test_29_a_bullet_dash_is_no_word_and_stays_in_its_section():
    article = parse_article(TEXT.replace("Repairs", "– Repairs"))
    assert article.paragraphs.text.iloc[-1].startswith("– ")
    assert "–" not in set(article.words().token) and article.sections.words[1] == len(MORE.split())


def test_30_byline_and_sign_off_are_set_aside():
    text = f"Bridge\n\nBy Jane Moor\n\n{LEAD}\n\n— Reporting by Jane Moor in Milltown; Writing by John Field"
    assert parse_article(text).removed.reason.tolist() == ["byline", "credits"]


# Hostile and odd texts: parsing keeps them as they are; `show` escapes them


@pytest.mark.parametrize(
    "hostile", ["<script>alert(1)</script>", "&lt;b&gt;", "$5 to $10", "`x` | [y](z)", "=1+1", "@SUM(A1)"]
)
def test_44_45_46_markup_is_text(hostile):
    article = parse_article(f"{TEXT}\nThey wrote {hostile}, and left.")
    assert hostile in article.sentences.text.iloc[-1]


@pytest.mark.parametrize(
    "text", ["Хлеб подорожал. Мост закрыт.", "橋は閉じた。", "the of and", "Bridge", "1234", "…", "!!!"]
)
def test_46_other_languages_stop_words_one_word_digits_marks(text):
    article = parse_article(text)
    assert character_roles(article).sum() == len(text)
    assert article.sections.words.sum() == len(article.words())


# The files beside it


def test_other_text_than_the_facts_describe_is_noted(put):
    put('sha256 = "00"', "story.toml")
    assert any("sha256" in note for note in read_article(put(TEXT)).notes)


@pytest.mark.parametrize(
    "toml, what",
    [
        ("headings = [", "not valid TOML"),
        ("x = " + "[" * 2000, "not valid TOML"),
        ("x = " + "9" * 5000, "not valid TOML"),
        ('headings = "Who pays"', 'headings must be written headings = ["…", "…"]'),
        ("headings = [1]", "headings must be written"),
        ("title = 8", 'title must be written title = "…"'),
        ('aliases = "x"', "aliases must be a table: below the line [aliases] write"),
        ("[aliases]\nMill = 1", "aliases: 'Mill' must be written"),
        ('[aliases]\n"Mill " = "Town"', "'Mill ' is blank or has spaces too many"),
        ('[actors]\nMill = "Mill"', "actors: 'Mill' must be written \"actor\" = ["),
        ("[actors]\nMill = [1]", "actors: 'Mill' must be written"),
        ('[actors]\nMill = ["the  mill"]', "actors: 'Mill': 'the  mill' is blank or has spaces too many"),
        ('[actors]\n"" = ["mill"]', "actors: '': '' is blank"),
        ('[actors]\nMill = ["M"]\nTown = ["M"]', "actors: 'Town': 'M' comes twice in actors; keep one"),
        ('[sides]\nOurs = ["Mil"]\n[actors]\nMill = ["M"]\nTown = ["T"]', "no actor: 'Mil'; known: Mill, Town"),
        ('[sides]\nOurs = ["Mill"]', "known: none, [actors] gives them"),
        ("encoding = 8", "encoding must"),
        ('encoding = "klingon"', "no encoding 'klingon'"),
        ('encoding = "undefined"', "no encoding"),
        ('encoding = "zip"', "no encoding"),
        ('encoding = "a\\u0000b"', "no encoding"),
        (b"\xff", "story.toml: not utf-8"),
    ],
)
def test_facts_that_cannot_be_used(put, toml, what):
    put(toml, "story.toml")
    message = refusal(put(TEXT))
    assert "story.toml" in message and what in message


def test_actors_and_sides_are_read(put):
    put('[actors]\nMill = ["the mill", "Field"]\nTown = ["Town"]\n[sides]\nOurs = ["Mill"]', "story.toml")
    article = read_article(put(TEXT))
    assert article.actors == {"Mill": ["the mill", "Field"], "Town": ["Town"]}
    assert article.sides == {"Ours": ["Mill"]} and article.facts == {}


HEADER = "start,end,text,kind,speaker\n"


@pytest.mark.parametrize(
    "table, what",
    [
        ("", "no column start, end, text, kind, speaker; its first row"),
        ("id,start\n1,2\n", "no column end, text, kind, speaker"),
        (HEADER + "four,9,x,direct,\n", "row 2: 'four' to '9' is no stretch"),
        (HEADER + "\n1,9,x,direct,\n9,4,x,direct,\n", "row 4: '9' to '4'"),
        (HEADER + "0,99999999999999999999999,x,direct,\n", "row 2: '0' to '99999999999999999999999'"),
        (HEADER + "0,9,x,direct,,,more\n", "row 2 has 7 cells, the first row 5"),
        (HEADER.replace("kind", "kind,kind"), "names a column twice"),
        (HEADER + "1" * 200_000, "row 2: field larger"),
        (HEADER.encode() + b"0,9,\x93,direct,\n", "not utf-8: byte 0x93"),
    ],
)
def test_checked_statements_that_cannot_be_used(put, table, what):
    path = put(table, "story-statements.csv")
    message = refusal(put(TEXT))
    assert message.startswith(f"{path}: ") and what in message


def test_companion_that_is_a_folder(put, tmp_path):
    (tmp_path / "story-statements.csv").mkdir()
    assert "story-statements.csv is a folder" in refusal(put(TEXT))


@pytest.mark.parametrize("mark", ",;\t")
@pytest.mark.parametrize("code", ["utf-8", "utf-8-sig", "utf-16"])
def test_tables_of_any_spreadsheet_are_read_as_they_stand(put, mark, code):
    rows = [["word", "reason", "note"], ["null", 'a "part", or; not', ""], [], ["", "NA", "1"], ["nan", "", ""]]
    quoted = [mark.join('"' + cell.replace('"', '""') + '"' for cell in row) for row in rows]
    path = put(("\r\n".join(quoted) + f"\r\n{mark * 5}\r\n").encode(code), "words.csv")
    table = read_rows(path, ["word", "reason"])
    assert table.to_numpy().tolist() == [rows[1], rows[3], rows[4]]
    assert table.index.tolist() == [2, 4, 5]


def test_a_table_of_a_heading_alone_is_empty_but_holds_strings(put):
    table = read_rows(put("word;reason", "words.csv"), ["word"])
    assert table.empty and table.word.str.lower().tolist() == []


def test_file_of_just_the_limit_is_read_and_its_facts_count(put):
    path = put(TEXT)
    put('headings = ["Who pays"]\nagency = "Wire"', "story.toml")
    article = read_article(path, max_bytes=path.stat().st_size)
    assert article.facts == {"headings": ["Who pays"], "agency": "Wire"} and article.notes == ()
    assert "over the limit" in refusal(path, max_bytes=path.stat().st_size - 1)


def test_every_role_is_counted_in_whole_numbers_even_where_it_has_no_line():
    roles = character_roles(parse_article("It rained on Monday. It rained on Friday, too."))
    assert roles.to_dict() == {"body": 46, "heading": 0, "headline": 0, "removed": 0, "blank": 0}
    assert roles.dtype.kind == "i"


def test_unreadable_name_is_one_line(tmp_path):
    assert "cannot be read" in refusal(tmp_path / ("x" * 5000))


def test_unreadable_file_is_one_line(put, monkeypatch):
    def deny(_):
        raise PermissionError(13, "Permission denied")

    path = put(TEXT)
    monkeypatch.setattr("pathlib.Path.read_bytes", deny)
    assert "Permission denied" in refusal(path)


def test_stop_list_missing_or_not_text(put, tmp_path):
    assert "stop list" in refusal(put(TEXT), stop_words=tmp_path / "none.txt")
    with pytest.raises(ArticleError, match="stop list"):
        read_stop_words(put(b"\xff\xfe", "stop.txt"))
