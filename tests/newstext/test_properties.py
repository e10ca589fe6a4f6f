"""What must hold for any text: generated articles and articles spoilt at random."""

import os
from pathlib import Path

from hypothesis import assume, given, settings
from hypothesis import strategies as st
from newstext import ArticleError, character_roles, find_statements, parse_article, read_article, word_rows

settings.register_profile("newsprint", derandomize=True, deadline=None, max_examples=60, database=None)
settings.load_profile("newsprint")

SENTENCES = [row[0].replace(" ¶ ", "\n") for row in word_rows(Path(__file__).with_name("sentences.tsv"))]
SITE = ["Story continues below advertisement", "Click to play video: 'The bridge'", "The bridge", "## What next"]
SITE += ["— Reporting by Jane Moor in Milltown", "A line wrapped by hand,\nwhich goes on below in small letters."]

PIECES = st.builds("{}{}".format, st.one_of(map(st.sampled_from, (SENTENCES, SITE))), st.sampled_from(["\n", "\n\n"]))
SIGNS = [*"“”\"'‘’«»„()[]|:;,.?!#$-–— \n\t\0\x1fAas", "\u200b", "\u202e", "\ufeff", "e\u0301", "\u0301", "\u00a0"]
SIGNS += ["<b>", "\n\n", "...", " said ", " He ", " according to ", " Ann Roe ", "ROE: ", "’s "]
texts = st.one_of(
    st.lists(PIECES, min_size=1, max_size=14).map("".join),
    st.lists(st.sampled_from(SIGNS), max_size=80).map("".join),
    st.text(max_size=200),
)


@st.composite
def spoilt(draw):
    """An article with marks put in, and stretches cut out, at random places."""
    text = draw(texts)
    for _ in range(draw(st.integers(0, 6))):
        at = draw(st.integers(0, len(text)))
        text = text[:at] + draw(st.sampled_from(SIGNS)) + text[at + draw(st.integers(0, 3)) :]
    return text


@given(spoilt())
def test_every_row_is_at_its_offsets_nothing_is_lost_between_them_and_tables_agree(text):
    try:
        article = parse_article(text)
    except ArticleError:
        assume(False)
    for table in (article.lines, article.sections, article.paragraphs, article.sentences, article.tokens):
        assert ((table.start >= 0) & (table.start < table.end) & (table.end <= len(text))).all()
        assert (table.start.to_numpy()[1:] >= table.end.to_numpy()[:-1]).all()
        for column in {"text", "token"} & {*table.columns}:
            assert [text[a:b] for a, b in zip(table.start, table.end, strict=True)] == [*table[column]]
    assert character_roles(article).sum() == len(text)
    kept = article.reading.lines.loc[article.reading.lines.role.isin(["body", "headline"]), "text"]
    assert "".join(article.reading.tokens.token) == "".join("".join(kept).split())
    sizes = [len(article.paragraphs[article.paragraphs.paragraph > 0]), len(article.body), len(article.words())]
    assert article.sections[["paragraphs", "sentences", "words"]].sum().tolist() == sizes
    assert article.sections.section.is_unique and article.sentences.sid.is_unique
    statements = find_statements(article)
    assert [text[a:b] for a, b in zip(statements.start, statements.end, strict=True)] == [*statements.text]
    assert {*statements.kind} <= {"direct", "partial", "indirect"} and {*statements.sid} <= {*article.sentences.sid}
    assert {*statements.part_of.dropna()} <= {*statements.index[statements.kind == "indirect"]}


@given(raw=st.one_of(st.binary(max_size=60), spoilt().map(str.encode)))
def test_a_file_of_any_bytes_is_read_or_refused_in_one_line(tmp_path_factory, raw):
    path = tmp_path_factory.getbasetemp() / "story.txt"
    path.write_bytes(raw)
    try:
        article = read_article(path)
    except ArticleError as error:
        assert "\n" not in str(error) and os.fspath(path) in str(error)
    else:
        assert character_roles(article).sum() == len(article.text)
