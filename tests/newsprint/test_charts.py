"""Charts: what is drawn is what the table says, nothing is cut, no texts overlap, and the files say what is drawn."""

import re
from collections import Counter
from dataclasses import replace
from functools import cache
from html import escape

import newsprint as n
import numpy as np
import pandas as pd
import pytest
from matplotlib.colors import to_hex
from matplotlib.text import Text
from newsprint import charts
from newsprint.charts import BAD, GOOD, MUTED, NOBODY, OTHERS, PALE, SIDE_1, SIDE_2, WHITE, Charts
from newsprint.sentiment import CHOICES
from newstext import DATA, Article, parse_article, read_article

FORMS = ["page", "grid", "stacks", "slope", "strokes", "sounds", "readings"]
LONG = "A long heading: $ums & <b>bold</b> plans"
SAID = "“It is a good plan,” said Ann Roe. Tom Hall of Elm denied on Monday that the war was as bad as this. "
ODD = "习近平 said it is <script>alert(1)</script> 😀 “good”.\n\nMutual <i>$upport$\n\nAnn said it cost “bad $5 or $6”."
NAMES = {"Side <b>one</b> $5": ["Ann"], "习近平 & 😀 of a long name": ["习近平"]}
ARTICLES = {
    "one section": parse_article(f"Headline\n\n{SAID}"),
    "ten sections": parse_article("".join(f"\n\n{LONG} {letter}\n\n{SAID * 3}" for letter in "abcdefghij")),
    "odd names": replace(parse_article(f"$5 😀\n\n{ODD}"), actors=NAMES, sides={name: [name] for name in NAMES}),
    "shipped": read_article(DATA / "article.txt"),
}
SHIPPED, MISREAD = ARTICLES["shipped"], n.read_misread_words(DATA / "article.txt")
READINGS = n.every_reading(SHIPPED, n.sided_statements(SHIPPED), MISREAD)


@cache
def tables(article: Article) -> dict[str, list]:
    """A call's arguments for each form."""
    statements, mentions, scores = n.sided_statements(article), n.find_actors(article), n.score_sentences(article.body)
    words, scored = n.word_voices(article, statements), n.find_scored_words(article.body, MISREAD)
    return {
        "page": [words],
        "grid": [n.section_counts(n.find_terms(article), 20, names=True)],
        "stacks": [n.voice_by_section(words)],
        "slope": [n.named_and_heard(mentions, words)],
        "strokes": [mentions.rename(columns={"actor": "row"})],
        "sounds": [scores, n.section_means(scores), n.strongest_words(scored)],
        "readings": [READINGS],
    }


def draw(form: str, *arguments: pd.DataFrame, article: Article = SHIPPED) -> tuple:
    """The figure, laid out in points and not rendered, and the texts that it shows."""
    made, texts, own = [], [], Text.draw
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(charts, "DPI", 72)
        patch.setattr(Charts, "publish", lambda self, fig, *_: made.append(fig) or fig.draw_without_rendering())
        patch.setattr(Text, "draw", lambda text, renderer: texts.append(text) or own(text, renderer))
        getattr(Charts(article, "02"), form)(form, *arguments, title=f"A long finding about {LONG}, and more of it" * 3)
    return made[0], [text for text in texts if text.get_text().strip()]


@cache
def drawn(form: str, kind: str = "shipped") -> tuple:
    return draw(form, *tables(ARTICLES[kind])[form], article=ARTICLES[kind])


@pytest.mark.parametrize("form", FORMS)
@pytest.mark.parametrize("kind", ARTICLES)
def test_texts_stay_inside_and_apart(kind, form):
    fig, texts = drawn(form, kind)
    boxes = np.array([text.get_window_extent().extents for text in texts])
    inside = (boxes > -1) & (boxes < [*2 * [505, fig.get_figheight() * 72 + 1]])
    assert [text for text, own in zip(texts, inside) if not own.all()] == []
    one, two = boxes[:, None], boxes[None]
    shared = np.minimum(one[..., 2:], two[..., 2:]) - np.maximum(one[..., :2], two[..., :2])
    assert [(texts[a], texts[b]) for a, b in np.argwhere((shared >= 2).all(axis=2)) if a < b] == []


@pytest.mark.parametrize("form", FORMS)
def test_files_and_alternative_text_say_what_is_drawn_and_an_empty_table_is_not(monkeypatch, tmp_path, capsys, form):
    shown, (table, *more) = [], tables(ARTICLES["odd names"])[form]
    monkeypatch.setenv("NEWSPRINT_OUT", str(tmp_path))
    monkeypatch.setattr(charts, "DPI", 72)
    monkeypatch.setattr(charts, "display", lambda data, metadata, raw: shown.extend([data, metadata]))
    for rows in (table[:0], table):
        getattr(Charts(ARTICLES["odd names"], "02"), form)(form, rows, *more, title="A finding <b>")
    (data, about), alt = shown, shown[0]["text/plain"]
    assert capsys.readouterr().out == "Nothing to draw: A finding <b>\n"
    files = {path.suffix: path.read_bytes() for path in tmp_path.rglob(f"02-{form}.*")}
    svg, last_row = files[".svg"], n.safe_csv(table).splitlines()[-1]
    assert files[".png"] == data["image/png"] and files[".csv"].decode().endswith(f"{last_row}\n")
    assert b'viewBox="0 0 504 ' in svg and b"A finding" not in svg, "a page has the title as text"
    assert b"dc:date" not in svg, "it is the same in a second run"
    assert (b'xlink:href="s1"' in svg) == (form in ("page", "strokes", "sounds")), "marks of a sentence name it"
    assert re.fullmatch(r"[A-Z][a-z ]+.*\d.* A finding <b>\.", alt) and about["image/png"] == {"alt": alt, "width": 700}
    assert f'alt="{escape(alt)}"' in data["text/html"] and about["newsprint"].keys() > {"title", "subtitle", "foot"}


# Marks, their places and colours, against the table


def looks(table: pd.DataFrame) -> list[str]:
    """The fills of words by side and voice: quoted ones solid, paraphrased ones pale."""
    colors = {"China or Russia": SIDE_1, "U.S. or the West": SIDE_2}
    own = table.side.astype(str).map(colors).fillna(OTHERS)
    return [*own.mask(table.voice == "paraphrased", own.map(PALE)).mask(table.voice == "unattributed", NOBODY)]


def test_circles_have_the_area_of_the_count_and_the_largest_of_a_row_is_coloured():
    fig, _ = draw("grid", pd.DataFrame({"Opening": [8, 0], "U.S. or the West": [2, 4]}, index=["gas", "oil"]))
    sizes, colors = zip(*((c.get_sizes()[0], to_hex(c.get_facecolor()[0])) for c in fig.axes[0].collections))
    assert np.allclose([sizes[0] / sizes[1], sizes[0] / sizes[3]], [4, 2]) and sizes[2] < 7
    assert colors == (SIDE_1, NOBODY, NOBODY, SIDE_2)


def test_the_page_has_a_block_for_each_word_and_stacks_share_out_each_section_in_their_colours():
    blocks, bars, (table,) = Counter(), drawn("stacks")[0].axes[0].patches, tables(SHIPPED)["stacks"]
    for patch in drawn("page")[0].axes[0].patches:
        blocks[to_hex(patch.get_facecolor())] += (patch.get_path().codes == 1).sum()
    assert blocks == Counter(looks(tables(SHIPPED)["page"][0]))
    assert [to_hex(bar.get_facecolor()) for bar in bars] == looks(table)
    begins = table.groupby("section").share.cumsum() - table.share
    places = [(bar.get_y() + 0.35, bar.get_x(), bar.get_width()) for bar in bars]
    assert np.allclose(places, [*zip(pd.factorize(table.section)[0], begins, table.share)])


def test_slopes_are_shares_of_each_stop():
    sides = [("China or Russia", 3, 1, 0), ("analysts", 1, 1, 0)]
    fig, texts = draw("slope", pd.DataFrame(sides, columns=["side", "named", "reported", "quoted"]))
    lines = {line.get_color(): [*line.get_ydata()] for line in fig.axes[0].lines if len(line.get_xdata()) == 3}
    assert lines == {SIDE_1: [0.75, 0.5, 0], OTHERS: [0.25, 0.5, 0]}
    assert {"China or Russia  75% (3)", "50% (1)", "0% (0)"} <= {text.get_text() for text in texts}


def test_strokes_stand_at_their_words_in_the_colour_of_the_side_most_on_top():
    sides = ["U.S. or the West", "China or Russia", "U.S. or the West"]
    fig, _ = draw("strokes", pd.DataFrame({"row": ["b", "a", "b"], "first": [7, 1, 90], "sid": "s1", "side": sides}))
    strokes = [(to_hex(own.get_color()[0]), own.get_segments()) for own in fig.axes[0].collections]
    found = [(color, [(x, (low + high) / 2) for (x, low), (_, high) in lines]) for color, lines in strokes]
    assert found == [(SIDE_2, [(7, 0), (90, 0)]), (SIDE_1, [(1, 1)])]


def test_sounds_puts_dots_at_scores_lines_at_means_and_hollow_bars_at_misread_words():
    (left, right), (scores, means, words) = drawn("sounds")[0].axes, tables(SHIPPED)["sounds"]
    for section, dots in zip(means.section, left.collections, strict=True):
        known = sorted(scores.vader[scores.section == section].dropna())
        assert [x for x, _ in dots.get_offsets()] == known
        assert [*map(to_hex, dots.get_facecolors())] == [[MUTED, GOOD, BAD][int(np.sign(x))] for x in known]
    lines = [line for row in means.itertuples() for line in ([row.low, row.high], [row.mean])]
    assert [[*line.get_xdata()] for line in left.lines[:-1]] == lines
    bars = [(bar.get_width(), to_hex(bar.get_facecolor())) for bar in right.patches]
    colors = np.where(words.misread, WHITE, np.where(words.points > 0, GOOD, BAD))
    assert sorted(bars) == sorted(zip(words.points, colors))


def test_readings_are_sorted_and_filled_where_the_section_is_the_same():
    axes = drawn("readings")[0].axes
    own, dots = READINGS[READINGS.lexicon == "TextBlob"].sort_values("gap", kind="stable"), axes[1].collections[0]
    assert np.allclose(dots.get_offsets()[:, 1], own.gap)
    assert [to_hex(color) == SIDE_1 for color in dots.get_facecolors()] == [*own.same]
    assert np.array_equal(axes[3].lines[0].get_xydata(), np.argwhere(own[CHOICES].to_numpy()))
