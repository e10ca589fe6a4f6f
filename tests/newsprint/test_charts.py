"""Charts: what is drawn is what the table says, nothing is cut, and the files are the same in a second run."""

import re
from html import escape
from itertools import combinations, product

import numpy as np
import pandas as pd
import pytest
from matplotlib.colors import to_hex
from matplotlib.text import Text
from newsprint import charts
from newsprint.charts import Charts
from newstext import DATA, parse_article, read_article

FORMS = ["page", "grid", "stacks", "slope", "strokes", "sounds", "readings"]
NUMBER = re.compile(r"-?\d+(?:\.\d+)?")
LONG = "A long heading: $ums & <b>bold</b> plans"
ODD = {
    "one section": "Headline stands here\n\nShort text of one section. It ends here.\n",
    "ten sections": "".join(f"\n\n{LONG} {n}\n\n" + "Seven words stand in here, see. " * 9 for n in "abcdefghij"),
    "odd names": "习近平 😀 said $5\n\n习近平说话 <script>alert(1)</script> 😀. It cost $5 or $6 today, he said."
    + "\n\nMutual <i>$upport$\n\nNothing else was said on that day by any one of them all.\n",
}
ARTICLES = {kind: parse_article(text) for kind, text in ODD.items()} | {"shipped": read_article(DATA / "article.txt")}
SHIPPED = ARTICLES["shipped"]


def tables(article, rows: int = 12) -> dict[str, tuple]:
    """A call's arguments for each form, made from the article's own words; `rows` for the rows of grid and strokes."""
    words = article.words().reset_index(drop=True)
    n = np.arange(len(words))
    sides = np.array(["Side <b>one</b> $5", "习近平 & 😀 of a long name", "others", "nobody named"])
    voices = np.where(n % 40 < 20, "unattributed", np.where(n % 3 > 0, "quoted", "paraphrased"))
    words = words.assign(voice=voices, side=np.where(n % 40 < 20, sides[3], sides[n // 40 % 3]), first=n)
    stacks = words.groupby(["section", "side", "voice"], sort=False).size().rename("words").reset_index()
    stacks["share"] = stacks.words / stacks.groupby("section").words.transform("sum")
    slope = pd.DataFrame({"side": sides[:3], "named": [38, 26, 2], "reported": [225, 21, 21], "quoted": [72, 0, 0]})
    scores = article.body.assign(vader=np.resize([0.5, -0.4, 0, 0.9, 0.5, np.nan], len(article.body)))
    means = scores.groupby("section", sort=False).vader.agg(scored="count", mean="mean").reset_index()
    means = means.assign(low=means["mean"] - 0.3, high=means["mean"] + 0.3)
    points = words.drop_duplicates(["section", "term"])[["section", "term"]].rename(columns={"term": "word"})
    points = points.assign(points=np.resize([2.1, -3.4, 5.4, -0.5], len(points)), misread=False, count=2)
    curve = [(x, sum(c) / 4 - 0.2, any(c), not any(c), *c) for x in ("VADER", "B") for c in product([0, 1], repeat=3)]
    named = words.term.drop_duplicates().iloc[:rows]
    return {
        "page": (words,),
        "grid": (pd.crosstab(words.term, words.section).reindex(index=named, columns=article.sections.section),),
        "stacks": (stacks,),
        "slope": (slope,),
        "strokes": (words[words.term.isin(named)].rename(columns={"term": "row"}),),
        "sounds": (scores, means, points.groupby("section").head(6)),
        "readings": (pd.DataFrame(curve, columns=["lexicon", "gap", "same", "shipped", "mended", "median", "masked"]),),
    }


@pytest.fixture
def draw(monkeypatch):
    """Draws a form and gives back the figure, laid out and not rendered."""
    made = []

    def publish(self, fig, name: str, table: pd.DataFrame, what: str) -> None:
        fig.set_dpi(72)
        fig.draw_without_rendering()
        made.append(fig)

    def drawn(article, form: str, *arguments, title: str = "A finding, in words"):
        with monkeypatch.context() as patch:
            patch.setattr(Charts, "publish", publish)
            getattr(Charts(article, "02"), form)(form, *arguments, title=title)
        return made[-1]

    return drawn


@pytest.mark.parametrize("form", FORMS)
@pytest.mark.parametrize("kind, rows", {"shipped": 12, "one section": 1, "ten sections": 40, "odd names": 12}.items())
def test_texts_stay_inside_and_apart(draw, monkeypatch, form, kind, rows):
    texts, own = [], Text.draw
    monkeypatch.setattr(Text, "draw", lambda text, renderer: texts.append(text) or own(text, renderer))
    title = f"A long finding about {LONG}, and more of it" * 3
    fig = draw(ARTICLES[kind], form, *tables(ARTICLES[kind], rows)[form], title=title)
    boxes = {text: text.get_window_extent() for text in texts if text.get_text().strip()}
    for text, box in boxes.items():
        assert box.x0 > -1 and box.y0 > -1 and box.x1 < 505 and box.y1 < fig.get_figheight() * 72 + 1, text
    for (one, a), (two, b) in combinations(boxes.items(), 2):
        assert min(a.x1, b.x1) - max(a.x0, b.x0) < 2 or min(a.y1, b.y1) - max(a.y0, b.y0) < 2, (one, two)


@pytest.mark.parametrize("form", FORMS)
def test_files_are_the_same_in_a_second_run_and_say_what_is_drawn(monkeypatch, tmp_path, form):
    article, runs, shown = ARTICLES["odd names"], [], []
    monkeypatch.setenv("NEWSPRINT_OUT", str(tmp_path))
    monkeypatch.setattr(charts, "DPI", 72)
    monkeypatch.setattr(charts, "display", lambda data, metadata, raw: shown.append((data, metadata)))
    for _ in range(2):
        getattr(Charts(article, "02"), form)(form, *tables(article)[form], title="A finding <b>")
        runs.append({path.suffix: path.read_bytes() for path in tmp_path.rglob("*.*")})
    (data, about), _ = shown
    drawn = [re.sub("[pmC][0-9a-f_]{8,}", "", run.pop(".svg").decode()) for run in runs]  # ids may differ
    places = [np.array(NUMBER.findall(svg), dtype=float) for svg in drawn]  # as may their millionths
    assert runs[0] == runs[1] and len({NUMBER.sub("", svg) for svg in drawn}) == 1
    assert np.allclose(*places, rtol=0, atol=1e-3)
    svg = drawn[0]
    assert 'viewBox="0 0 504 ' in svg and "A finding" not in svg, "a page has the title as text"
    assert ('xlink:href="s1"' in svg) == (form in ("page", "strokes", "sounds")), "marks of a sentence name it"
    alt = data["text/plain"]
    assert re.fullmatch(r"[A-Z][a-z ]+.*\d.* A finding <b>\.", alt) and about["image/png"] == {"alt": alt, "width": 700}
    assert f'alt="{escape(alt)}"' in data["text/html"] and about["newsprint"].keys() > {"title", "subtitle", "foot"}


def test_an_empty_table_draws_nothing_and_says_so(capsys):
    for form, arguments in tables(SHIPPED).items():
        getattr(Charts(SHIPPED, "02"), form)(form, arguments[0][:0], *arguments[1:], title="No <b>")
        assert capsys.readouterr().out == "Nothing to draw: No <b>\n"


def test_circles_have_the_area_of_the_count_and_the_largest_of_a_row_is_coloured(draw):
    fig = draw(SHIPPED, "grid", pd.DataFrame({"Opening": [8, 0], "U.S. or the West": [2, 4]}, index=["gas", "oil"]))
    sizes, colors = zip(*((c.get_sizes()[0], to_hex(c.get_facecolor()[0])) for c in fig.axes[0].collections))
    assert np.allclose([sizes[0] / sizes[1], sizes[0] / sizes[3]], [4, 2]) and sizes[2] < 7
    assert colors == (charts.SIDE_1, charts.NOBODY, charts.NOBODY, charts.SIDE_2)


def test_another_setting_goes_to_build_lab_and_is_said(monkeypatch, capsys):
    monkeypatch.delenv("NEWSPRINT_OUT", raising=False)
    assert Charts(SHIPPED, "02", TOP_TERMS=15).out == DATA.parent and not capsys.readouterr().out
    assert Charts(SHIPPED, "02", TOP_TERMS=3).out == DATA.parent / "build" / "lab"
    assert capsys.readouterr().out.startswith("Changed: TOP_TERMS. ")


def test_the_page_has_a_block_for_each_word_in_its_colour(draw):
    words = tables(SHIPPED)["page"][0].assign(side="China or Russia")
    fig = draw(SHIPPED, "page", words)
    blocks = {}
    for patch in fig.axes[0].patches:
        color = to_hex(patch.get_facecolor())
        blocks[color] = blocks.get(color, 0) + (patch.get_path().codes == 1).sum()
    looks = {"quoted": charts.SIDE_1, "paraphrased": charts.PALE[charts.SIDE_1], "unattributed": charts.NOBODY}
    assert blocks == {looks[voice]: n for voice, n in words.voice.value_counts().items()}
    assert [text.get_text() for text in fig.axes[0].texts] == ["Opening", "Mutual support", "Tech and energy"]


def test_stacks_share_out_each_section_and_slopes_are_shares_of_each_stop(draw):
    table = tables(SHIPPED)["stacks"][0]
    bars = draw(SHIPPED, "stacks", table).axes[0].patches
    ends = {round(bar.get_y() + 0.35): bar.get_x() + bar.get_width() for bar in bars}
    assert np.allclose([*ends.values()], 1) and np.allclose([bar.get_width() for bar in bars], table.share)
    sides = [("China or Russia", 3, 1, 0), ("analysts", 1, 1, 0)]
    fig = draw(SHIPPED, "slope", pd.DataFrame(sides, columns=["side", "named", "reported", "quoted"]))
    lines = {line.get_color(): [*line.get_ydata()] for line in fig.axes[0].lines if len(line.get_xdata()) == 3}
    assert lines == {charts.SIDE_1: [0.75, 0.5, 0], charts.OTHERS: [0.25, 0.5, 0]}
    assert {"China or Russia  75% (3)", "50% (1)", "0% (0)"} <= {text.get_text() for text in fig.axes[0].texts}


def test_strokes_stand_at_their_words_in_the_colour_of_the_side_most_on_top(draw):
    sides = ["U.S. or the West", "China or Russia", "U.S. or the West"]
    table = pd.DataFrame({"row": ["West", "China", "West"], "first": [7, 1, 90], "sid": "s1", "side": sides})
    drawn = draw(SHIPPED, "strokes", table).axes[0].collections
    found = [(to_hex(own.get_color()[0]), [line[0][0] for line in own.get_segments()]) for own in drawn]
    assert found == [(charts.SIDE_2, [7, 90]), (charts.SIDE_1, [1])]


def test_sounds_puts_dots_at_scores_and_hollow_bars_at_misread_words(draw):
    scores, means, words = tables(SHIPPED)["sounds"]
    fig = draw(SHIPPED, "sounds", scores, means, words.assign(misread=words.points > 0))
    known = sorted(scores[scores.section == means.section[0]].vader.dropna())
    dots, bars = fig.axes[0].collections[0], fig.axes[1].patches
    assert [x for x, _ in dots.get_offsets()] == known and len(bars) == len(words)
    colors = [charts.GOOD if x > 0 else charts.BAD if x < 0 else charts.MUTED for x in known]
    assert [*map(to_hex, dots.get_facecolors())] == colors
    assert all((bar.get_width() > 0) == (to_hex(bar.get_facecolor()) == charts.WHITE) for bar in bars)


def test_readings_are_sorted_and_filled_where_the_section_is_the_same(draw):
    table = tables(SHIPPED)["readings"][0]
    fig = draw(SHIPPED, "readings", table)
    own = table[table.lexicon == "VADER"].sort_values("gap", kind="stable")
    dots, squares = fig.axes[0].collections[0], fig.axes[2].lines[0].get_xydata()
    assert np.allclose(dots.get_offsets()[:, 1], own.gap)
    assert [to_hex(c) == charts.SIDE_1 for c in dots.get_facecolors()] == [*own.same]
    assert {*map(tuple, squares)} == {*zip(*np.nonzero(own[["mended", "median", "masked"]].to_numpy()))}
