"""Charts: what is drawn is what the table says, nothing is cut, and the files are fit for a page."""

import json
import re
from itertools import combinations, product
from xml.etree import ElementTree

import numpy as np
import pandas as pd
import pytest
from matplotlib.colors import to_hex
from matplotlib.text import Text

from newsprint import charts
from newsprint.charts import Charts
from newstext import DATA, parse_article, read_article

FORMS = ["page", "grid", "stacks", "slope", "strokes", "sounds", "bars", "readings"]
LONG = "A long heading: $ums & <b>bold</b> plans"
ODD = {
    "one section": "Headline stands here\n\nShort text of one section. It ends here.\n",
    "ten sections": "".join(f"\n\n{LONG} {n}\n\n" + "Ten words stand in this one sentence, as you see. " * 9 for n in "abcdefghij"),
    "odd names": "习近平 😀 said $5 & $6\n\n习近平说话 <script>alert(1)</script> 😀. It cost $5 or $6 today, he said.\n\nMutual <i>$upport$\n\n"
    + "Nothing else was said on that day by any of them. " * 5,
}  # fmt: skip


def read(kind: str):
    return read_article(DATA / "article.txt") if kind == "shipped" else parse_article(ODD[kind])


def tables(article, rows: int = 12) -> dict[str, tuple]:
    """A call's arguments for each form, made from the article's own words; `rows` for the rows of bars and strokes."""
    words = article.words().reset_index(drop=True)
    sections, n = article.sections.section, np.arange(len(words))
    sides = np.array(["Side <b>one</b> $5", "習近平 & 😀 of a long name indeed", "others", "nobody named"])
    voices = np.where(n % 40 < 20, "unattributed", np.where(n % 3 > 0, "quoted", "paraphrased"))
    words = words.assign(voice=voices, side=np.where(n % 40 < 20, sides[3], sides[n // 40 % 3]), speaker="", first=n)
    stacks = words.groupby(["section", "side", "voice"], sort=False).size().rename("words").reset_index()
    stacks["share"] = stacks.words / stacks.groupby("section").words.transform("sum")
    slope = pd.DataFrame({"side": sides[:3], "named": [38, 26, 2], "reported": [225, 21, 21], "quoted": [72, 0, 0]})
    body = article.sentences[article.sentences.sid != "s0"]
    scores = body[["sid", "section"]].assign(vader=np.resize([0.5, -0.4, 0, 0.9, 0.5, np.nan], len(body)))
    means = scores.groupby("section", sort=False).vader.agg(scored="count", mean="mean").reset_index()
    means = means.assign(low=means["mean"] - 0.3, high=means["mean"] + 0.3)
    points = words.drop_duplicates(["section", "term"])[["section", "term"]].rename(columns={"term": "word"})
    points = points.assign(points=np.resize([2.1, -3.4, 5.4, -0.5], len(points)), misread=False, count=2)
    choices = [f"choice_{c}" for c in "abc"]
    curve = [(x, sum(c) / 4 - 0.2, "tie", any(c), not any(c), *c) for x in ("VADER", "B") for c in product([0, 1], repeat=3)]
    named = words.term.drop_duplicates().iloc[:rows]
    bars = pd.DataFrame({"term": [*named, *[LONG] * (rows - len(named))], "count": range(rows, 0, -1)})
    grid = pd.crosstab(words.term, words.section).reindex(index=named, columns=sections)
    return {
        "page": (words,),
        "grid": (grid,),
        "stacks": (stacks,),
        "slope": (slope,),
        "strokes": (words[words.term.isin(named)].rename(columns={"term": "row"}),),
        "sounds": (scores, means, points.groupby("section").head(6)),
        "bars": (bars, "term", "count"),
        "readings": (pd.DataFrame(curve, columns=["lexicon", "gap", "lowest", "same", "shipped", *choices]),),
    }


@pytest.fixture
def draw(monkeypatch, tmp_path):
    """Draws a form for an article; gives back the figure, the boxes of its texts, what was displayed, and the folder."""
    monkeypatch.setenv("NEWSPRINT_OUT", str(tmp_path))
    monkeypatch.setattr(charts, "DPI", 72)
    made, shown, boxes, png, draw_text = [], [], {}, charts.png, Text.draw

    def keep(text: Text, renderer) -> None:
        draw_text(text, renderer)
        if text.get_text().strip():
            boxes.setdefault(text, text.get_window_extent(renderer))

    monkeypatch.setattr(Text, "draw", keep)
    monkeypatch.setattr(charts, "png", lambda fig: made.append(fig) or png(fig))
    monkeypatch.setattr(charts, "display", lambda data, metadata, raw: shown.append((data, metadata)))

    def drawn(article, form: str, *arguments, title: str = "A finding, in words", **options):
        boxes.clear()
        getattr(Charts(article, "02"), form)(form, *arguments, title=title, **options)
        return made[-1], dict(boxes), shown[-1], tmp_path

    return drawn


@pytest.mark.parametrize("kind", ["shipped", *ODD])
@pytest.mark.parametrize("form", FORMS)
def test_texts_stay_inside_and_apart(draw, kind, form):
    article = read(kind)
    fig, boxes, *_ = draw(article, form, *tables(article)[form], title=f"A long finding about {LONG}, and more of it")
    for text, box in boxes.items():
        assert box.x0 > -1 and box.y0 > -1 and box.x1 < 504 + 1 and box.y1 < fig.get_figheight() * 72 + 1, text
    for (one, a), (two, b) in combinations(boxes.items(), 2):
        across, along = min(a.x1, b.x1) - max(a.x0, b.x0), min(a.y1, b.y1) - max(a.y0, b.y0)
        assert across < 2 or along < 2, (one, two)
