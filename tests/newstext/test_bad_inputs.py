"""What the loader and the parser do with what people really give them, one test a case."""

import os
from dataclasses import replace
from textwrap import fill
from unittest.mock import Mock

import pytest
from newstext import ArticleError, parse_article, read_article, read_rows, read_stop_words
from newstext.checked import compare, read_by_hand

LEAD = "The council met in the café on Tuesday to discuss the bridge, closed since the spring floods of last year."
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


def sections(text, *headings):
    return parse_article(text, {"headings": [*headings]}).sections.section.tolist()


def reading(text):
    """The paragraphs' sections, the sentences and the terms of a text."""
    article = parse_article(text).reading
    said = [sentence.split() for sentence in article.sentences.text]
    return article.paragraphs.section.tolist(), said, article.tokens.term.tolist()


def test_01_02_what_is_no_file_or_may_not_be_read_is_named_in_one_line(put, tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    message = refusal("no\nne\x1b")
    assert message.startswith(f"no ne\ufffd: no such file, seen from {tmp_path}; in data/ there are article.txt, ")
    assert read_article("data/article.txt", "data/stopwords.txt").headline  # as seen from the root
    os.mkfifo("pipe.txt")
    assert all("is a folder" in refusal(path) for path in (tmp_path, "", "."))
    assert "pipe.txt is a device or a pipe" in refusal("pipe.txt")
    assert "cannot be read" in refusal("x" * 5000)
    path = put(TEXT)
    assert "none.txt: no such file" in refusal(path, stop_words="none.txt")
    monkeypatch.setattr("pathlib.Path.read_bytes", Mock(side_effect=PermissionError(13, "Permission denied")))
    assert "Permission denied" in refusal(path)


@pytest.mark.parametrize("text", ["Bridge to reopen\n", "\ufeffBridge to reopen\n", "Bru\u0308cke to reopen"])
def test_05_title_only_has_empty_tables_with_their_types(text):
    article, full = parse_article(text), parse_article(TEXT)
    assert article.headline.endswith("to reopen") and article.sections.empty and article.words().empty
    assert article.sections.words.sum() == 0 and article.along(article.sections).empty
    for name in ("sections", "paragraphs", "sentences", "tokens"):
        assert getattr(article, name).dtypes.to_dict() == getattr(full, name).dtypes.to_dict(), name
    assert article.to_source(article.reading.words()).token.dtype == full.tokens.token.dtype


def test_06_07_08_an_encoding_is_told_by_its_mark_or_named_and_never_guessed(put):
    for encoding in ("utf-8", "utf-16-le", "utf-16-be"):
        article = read_article(put(("\ufeff" + TEXT).encode(encoding)))
        assert article.text == TEXT and article.headline == "Bridge to reopen" and not article.notes
    path = put("A “bridge” fell".encode("cp1252"))
    cure = 'save it as UTF-8, or put encoding = "cp1252" into story.toml'
    assert f"byte 0x93 at offset 2, line 1; {cure}" in refusal(path)
    for encoding, why in [("utf-16", ""), ("klingon", "unknown encoding"), ("a\\u0000b", "null character")]:
        put(f'encoding = "{encoding}"', "story.toml")
        assert 'encoding = "…" into story.toml' in refusal(path) and why in refusal(path)
    put('encoding = "cp1252"', "story.toml")
    assert "“bridge”" in read_article(path).text
    put('encoding = "unicode_escape"', "story.toml")
    assert "story.txt: character 1 is half a character (U+D83D); mend" in refusal(put("a\\ud83d b"))


HEADER = "start,end,text,kind,speaker\n"
NAMELESS = HEADER.replace("\n", ",,\n") + "0,6,Bridge,direct,,,\n0,9,x,direct,,,more\n"
NO_TEXT = [TEXT.encode("utf-16-le"), b"a\0b", b"\x89PNG\r\n", b"%PDF-1.7", b"PK\x03\x04"]
REFUSED = {
    "story.txt": [
        *((text, "empty article") for text in ("", " \n\t\n\u00a0\n", "\ufeff\n")),
        *((raw, "not a text file") for raw in NO_TEXT),
        *((b"caf\xc3\xa9" + end * 2 + b"caf\xe9", "line 3") for end in (b"\n", b"\r\n", b"\r")),
    ],
    "story.toml": [
        ("headings = [", "not valid TOML"),
        ("x = " + "[" * 2000, "not valid TOML"),
        ('headings = "Who"', 'headings: \'Who\' cannot be used: headings is written like headings = ["…", "…"]'),
        ("title = 8", 'title: 8 cannot be used: title is written like title = "…"'),
        ("[aliases]\nMill = 1", 'aliases: 1 cannot be used: aliases is written like [aliases] "name" = '),
        ('[actors]\nMill = "Mill"', "actors: 'Mill' cannot be used: actors is written like [actors] \"actor\" = ["),
        ('[actors]\nMill = ["the  mill"]', "'the  mill' cannot be used"),
        ('[actors]\n"" = ["mill"]', "actors: '' cannot be used"),
        ('[sides]\nOurs = ["Mil"]\n[actors]\nMill = ["M"]\nTown = ["T"]', "no actor 'Mil'; known: Mill, Town"),
        ('[sides]\nOurs = ["Mill"]', "known: none, [actors] gives them"),
        (b"\xff", "not utf-8"),
    ],
    "story-statements.csv": [
        ("", "No columns"),
        ("id,start\n1,2\n", "no column end, text, kind, speaker; its first row"),
        (HEADER + "\n1,9,x,direct,\n", "row 3: 'x' is not in the article"),
        (HEADER + "0,6,Bridge,directly,\n", "row 2: kind 'directly'; use direct, partial or indirect"),
        (HEADER + "0,9,x,direct,,,more\n", "line 2, saw 7; save the table as CSV again, a cell with ','"),
        (NAMELESS, "row 3 has a cell below no name"),
        (HEADER.replace("kind", "kind,kind"), "a column comes twice"),
        (HEADER + '0,6,"Bridge,direct,\n', "EOF inside string starting at row 1"),
        (HEADER.encode() + b"0,9,\x93,direct,\n", "not utf-8: byte 0x93"),
    ],
}


@pytest.mark.parametrize("name, content, what", [(name, *row) for name in REFUSED for row in REFUSED[name]])
def test_03_04_07_09_10_a_file_that_cannot_be_used_is_named_with_what_to_do(put, name, content, what):
    story, path = put(TEXT), put(content, name)
    message = refusal(story)
    assert message.startswith(f"{path}: ") and what in message


def test_11_size_is_refused_before_reading_and_its_limit_can_be_set(put, monkeypatch):
    assert read_article(put(TEXT), max_bytes=len(TEXT.encode()))
    assert "over the limit" in refusal(put(TEXT), max_bytes=len(TEXT.encode()) - 1)
    os.truncate(path := put(""), 50_000_000)
    monkeypatch.setattr("pathlib.Path.read_bytes", Mock(side_effect=AssertionError("was read")))
    assert "50,000,000 bytes, over the limit of 20,000,000; read_article(path, max_bytes=…)" in refusal(path)


@pytest.mark.parametrize("mark", ["word.; ", "See note.[12] ", "The mill stood. ", "A", "“", "." + "'" * 11_000 + " "])
def test_12_13_nltk_gets_bounded_stretches_of_any_text(mark, monkeypatch):
    cutter = Mock(span_tokenize=Mock(side_effect=lambda text: [(0, len(text))]))
    monkeypatch.setattr("newstext.article._cutters", lambda: (cutter, cutter))
    parse_article(mark * (100_000 // len(mark)))
    sizes = [len(text) for (text,), _ in cutter.span_tokenize.call_args_list]
    assert sum(sizes) > 90_000 and max(sizes) <= 10_010


def test_12_stretches_change_no_sentence_and_what_nltk_gives_up_on_is_one_line(monkeypatch):
    one = "Ann, Mr. Field And Bob Met. “Why?” She Asked. "
    one, many = (parse_article("Bridge\n\n" + one * times).body for times in (1, 400))
    assert many.text.tolist() == one.text.tolist() * 400
    monkeypatch.setattr("nltk.tokenize.regexp.RegexpTokenizer.span_tokenize", Mock(side_effect=TimeoutError))
    with pytest.raises(ArticleError, match="NLTK gives up on the line 'Bridge"):
        parse_article("Bridge")


@pytest.mark.parametrize(
    "old, new",
    [
        *(("\n", end) for end in ("\r\n", "\r", "\u2028", "\u2029", "\x85")),  # 14
        *(("a", "a" + hidden) for hidden in ("\u200b", "\u200d", "\u00ad", "\u202e", "\u2066", "\ufeff")),  # 18
        ("é", "e\u0301"),  # 19
        ("\n\n", "\n"),  # 15
        ("Who pays", "Who\u00a0\u2009pays\u00a0"),  # 17
        ("Who pays\n", "Who pays\n\nStory continues below advertisement\n"),  # 26, 27
    ],
)
def test_14_15_17_18_19_26_27_reads_the_same(old, new):
    assert reading(TEXT) == reading(TEXT.replace(old, new)) == reading(TEXT.replace(old, new, 2))


@pytest.mark.parametrize("gap", ["\n\n", "\n"])
def test_16_hard_wrapped_lines_are_one_paragraph(gap):
    text = gap.join(["Bridge to reopen", fill(f"{LEAD} {MORE}", 66), "Who pays", fill(f"{MORE} {LEAD}", 66)])
    article = parse_article(text)
    sizes = article.sections[["section", "paragraphs", "sentences"]]
    assert sizes.values.tolist() == [["Opening", 1, 2], ["Who pays", 1, 2]]
    assert article.lines.line.tolist() == [1 + text[:start].count("\n") for start in article.lines.start]


def test_18_20_21_22_25_what_is_invisible_or_missing_is_noted_and_headings_come_numbered_as_in_the_text():
    article = parse_article(TEXT + "\u202e\u00ad", {"headings": ["Who pays", "What next"]})
    assert article.sections.section.tolist() == ["Opening", "Who pays"] and "(U+00AD, U+202E)" in article.notes[-1]
    assert "heading not in the text: 'What next'" in article.notes[0]
    bare = parse_article(TEXT.replace("Who pays\n", ""))
    assert bare.sections.section.tolist() == ["Opening"] and "headings = [" in bare.notes[0]
    text = f"{TEXT}\nWho pays\n\n{LEAD}\n\nOpening\n\n{MORE}\n\nHeadline\n\n{LEAD}\n\nWho pays (2)\n\n{MORE}"
    names = ["Opening", "Who pays", "Who pays (2)", "Opening (2)", "Headline (2)", "Who pays (2) (2)"]
    assert sections(text, "Opening", "Headline", "Who pays (2)", "Who pays") == names


@pytest.mark.parametrize("line", ["Who pays:", "WHO PAYS", "Who\u00a0pays  ", "## Who pays", "**Who pays**"])
def test_17_23_24_named_headings_match_in_any_dress_but_not_inside_a_sentence(line):
    text = f"{TEXT.replace('Who pays', line)} Who pays is not known."
    assert [name.casefold() for name in sections(text, "Who pays")] == ["opening", "who pays"]


def test_facts_actors_and_sides_are_read_and_not_changed(put):
    put('sha256 = "00"\n[actors]\nMill = ["the mill", "Field"]\n[sides]\nOurs = ["Mill"]', "story.toml")
    article = read_article(put(TEXT))
    assert article.actors == {"Mill": ["the mill", "Field"]} and article.sides == {"Ours": ["Mill"]}
    assert article.facts == {"sha256": "00"} and "sha256" in article.notes[-1]
    parse_article(TEXT, facts := {"headings": ["Who pays"]}).facts["x"] = 1
    assert facts == {"headings": ["Who pays"]}


MOVED = """start,end,text,kind,speaker,mention,cue
0,9,Repairs will cost  more than the town can pay,indirect,M,the treasurer,wrote
x,1e9,'+ Bridge,direct,,,
999,,the town can pay,partial,,,
5,9,a toll,partial,Ann Roe,Roe,called for
"""


def test_checked_statements_that_have_moved_are_found_by_their_words(put):
    put(MOVED, "story-statements.csv")
    article = read_article(put(f"+ {TEXT}\nRoe called for “a toll” in Elm.\n"))
    found = read_by_hand(article)
    assert found.text.tolist() == ["+ Bridge", MORE[:44], "the town can pay", "a toll"] and {*found.rule} == {"by hand"}
    assert found.part_of.fillna(-1).tolist() == [-1, -1, 1, -1] and found.sid.tolist() == ["s0", "s2", "s2", "s3"]
    assert found.verb.tolist() == ["", "write", "", "call for"] and found.cue_start[2] == -1
    assert article.text[found.mention_start[1] :].startswith("the treasurer wrote")
    assert article.text[found.cue_start[3] :].startswith("called for “a toll”") and found.section[3] == "Who pays"
    assert compare(found, article.checked).result.tolist() == ["right"] * 4
    assert {*compare(found.assign(start=found.end - 1), article.checked).result} == {"missed", "found only"}
    other = compare(found.assign(speaker="X", kind="indirect"), article.checked).result
    assert sorted(other) == ["found only"] * 3 + ["missed"] * 3 + ["wrong speaker"]
    bare = replace(article, checked=article.checked.drop(columns=["mention", "cue"]))
    assert read_by_hand(bare).verb.tolist() == [""] * 4


@pytest.mark.parametrize("mark", ",;\t")
@pytest.mark.parametrize("code", ["utf-8", "utf-8-sig", "utf-16"])
def test_tables_and_lists_of_any_spreadsheet_or_editor_are_read_as_they_stand(put, mark, code):
    rows = [["word", "reason", "note"], ["null", 'a "part", or; not\t' + ",;\t".replace(mark, "") * 9, ""]]
    rows += [[], ["", "NA", "1"], ["nan", "", ""]]
    quoted = [mark.join('"' + cell.replace('"', '""') + '"' for cell in row) for row in rows]
    path = put(("\r\n".join(quoted) + f"\r\n{mark * 2}\r\n").encode(code), "words.csv")
    table = read_rows(path, ["word", "reason"])
    assert table.to_numpy().tolist() == [rows[1], rows[3], rows[4]] and table.index.tolist() == [2, 4, 5]
    assert read_rows(put(mark.join(["word", "reason"]).encode(code), "words.csv"), ["word"]).word.str.lower().empty
    words = read_stop_words(put("# all\n\nThe  # article\n  AND\nit’s\nshe's\n".encode(code), "stop.txt"))
    assert words == {"the", "and", "it", "she"} and read_stop_words(put("of", "stop.txt")) == {"of"}
