"""Charts of one article: each draws a finished table, shows it with its alternative text, and saves both. One colour a
side; tone has its own pair; hue never stands alone. Nothing is computed but places on paper, in inches if not said."""

import io
import os
import re
import textwrap
import warnings
from base64 import b64encode
from collections.abc import Callable, Iterable
from functools import wraps
from html import escape
from pathlib import Path

import matplotlib as mpl
import numpy as np
import pandas as pd
from IPython.display import display
from matplotlib.axes import Axes
from matplotlib.backends.backend_agg import FigureCanvasAgg
from matplotlib.figure import Figure
from matplotlib.patches import PathPatch
from matplotlib.path import Path as Outline
from matplotlib.transforms import Affine2D, Bbox
from newstext import DATA, Article
from PIL import Image

from newsprint.show import HERE, check_settings, number, plain, safe_csv, save, say, signed, source_line
from newsprint.terms import list_actors

SIDE_1, SIDE_2, OTHERS, NOBODY = "#0f6b83", "#c2571a", "#6d5a9c", "#d0d4d9"
GOOD, BAD, INK, MUTED, BAND, WHITE = "#2f7d4f", "#8f2d56", "#1f2328", "#6b7280", "#f1f3f5", "#ffffff"
PALE = {SIDE_1: "#93bbc6", SIDE_2: "#e2b08f", OTHERS: "#b9aece", MUTED: "#e8eaed"}
SPOKEN = ["quoted", "paraphrased"]
WIDTH, DPI = 7, 200
COLUMNS, GAP, LINE = 4, 3, 1.9  # of the page; the gap and the height of a line in letters


def form(draw: Callable) -> Callable:
    """A drawing method under the style, for tables that have rows; a letter that the font lacks is a box."""

    @wraps(draw)
    def drawn(self, name: str, table: pd.DataFrame, *more, title: str) -> None:
        if table.empty:
            return say(f"Nothing to draw: {title}")
        with mpl.rc_context(fname=HERE / "newsprint.mplstyle"), warnings.catch_warnings():
            warnings.filterwarnings("ignore", "Glyph .* missing")
            draw(self, name, table, *more, title=title)

    return drawn


def fit(text: object, letters: int) -> str:
    """Text for a chart: one line of at most so many letters."""
    text = plain(text)
    return text if len(text) <= letters else f"{text[: letters - 1].rstrip()}…"


def put(ax: Axes, text: str, x: float, y: float, dx: float = 0, dy: float = 0, **style: object) -> None:
    """A text at a place in the data, moved by points."""
    style = {"va": "center", "size": 8.5, "color": INK, "ha": "left" if dx > 0 else "right" if dx else "center"} | style
    ax.annotate(text, (x, y), xytext=(dx, dy), textcoords="offset points", **style)


def name_rows(ax: Axes, names: Iterable) -> None:
    """A row for each name, the first on top; no scale."""
    names = [fit(name, 30) for name in names]
    ax.set(ylim=(len(names) - 0.5, -0.5), yticks=range(len(names)), yticklabels=names, xticks=[])


def draw_scores(ax: Axes, y: float, scores: pd.DataFrame, step: float) -> None:
    """Sorted scores as dots in the row at y, a step above each other where they are about the same; ends are named."""
    scores = scores.assign(up=y + 0.05 - scores.groupby((scores.vader * 30).round()).cumcount() * step)
    color = np.select([scores.vader > 0, scores.vader < 0], [GOOD, BAD], MUTED)
    ax.scatter(scores.vader, scores.up, s=26, c=color, lw=0, urls=[*scores.sid])
    for dx, row in zip((-5, 5), pd.concat([scores.head(1), scores.tail(1)]).drop_duplicates().itertuples()):
        put(ax, row.sid, row.vader, row.up, dx, size=7, color=MUTED)


def draw_words(ax: Axes, y: float, words: pd.DataFrame, most: int) -> None:
    """Words as bars as long as their points in the row at y, which has room for the most; misread ones are hollow."""
    places, color = y - 0.42 + np.arange(len(words)) * 0.92 / most, np.where(words.points > 0, GOOD, BAD)
    fill = np.where(words.misread, WHITE, color)
    ax.barh(places, words.points, 0.64 / most, color=[*fill], edgecolor=[*color], lw=1)
    for place, row in zip(places, words.itertuples()):
        style, side = {"size": 7.5, "color": MUTED if row.misread else INK}, np.sign(row.points)
        put(ax, fit(row.word, 14) + f" ×{row.count}" * (row.count > 1), 0, place, -3 * side, **style)
        put(ax, signed(row.points, 1), row.points, place, 3 * side, **style)


class Charts:
    """The charts of one notebook share the source line, the sections, the sides' colours and the files' number."""

    def __init__(self, article: Article, number: str, **settings: object):
        changed, out = check_settings(article, **settings), os.environ.get("NEWSPRINT_OUT")
        self.article, self.number, self.foot = article, number, source_line(article)
        self.out = Path(out or DATA.parent / ("build/lab" if changed else ""))
        self.sections = article.along(article.sections)
        *sides, others, nobody = list_actors(article).side.cat.categories
        self.colors = dict(zip(sides, [SIDE_1, SIDE_2, *[OTHERS] * len(sides)])) | {others: OTHERS, nobody: MUTED}

    def publish(self, fig: Figure, name: str, table: pd.DataFrame, what: str) -> None:
        """Save the figure (PNG, and SVG to be read into a page) and its table (CSV); show it with alternative text."""
        name, alt = f"{self.number}-{name}", plain(f"{what}. {fig.about['title']}.")
        canvas, small, drawing = FigureCanvasAgg(fig), io.BytesIO(), io.BytesIO()
        canvas.draw()
        fig.set_layout_engine("none")  # laid out once for both
        picture = Image.fromarray(np.asarray(canvas.buffer_rgba())).convert("RGB")
        picture.quantize(128, Image.Quantize.MAXCOVERAGE).save(small, "png", dpi=(DPI, DPI))  # a third of the size
        for artist in (fig.patch, *fig.texts[:3]):  # a page has title, subtitle and foot as text
            artist.set_visible(False)
        fig.savefig(drawing, format="svg", bbox_inches=fig.drawing, pad_inches=0, metadata={"Date": None})
        save(self.out / "figures" / f"{name}.png", small.getvalue())
        save(self.out / "site" / "figures" / f"{name}.svg", drawing.getvalue())
        save(self.out / "site" / "tables" / f"{name}.csv", safe_csv(table).encode())
        source = f"data:image/png;base64,{b64encode(small.getvalue()).decode()}"
        html = f'<img alt="{escape(alt)}" width="{WIDTH * 100}" src="{source}">'  # Lab takes alternative text from HTML
        about = {"image/png": {"alt": alt, "width": WIDTH * 100}, "newsprint": {"figure": name, **fig.about}}
        display({"image/png": small.getvalue(), "text/plain": alt, "text/html": html}, metadata=about, raw=True)

    def look(self, side: object, voice: str) -> dict:
        """How words are drawn: quoted ones solid, paraphrased ones pale with an outline, nobody's grey."""
        color = self.colors.get(side, OTHERS)
        fill = {"quoted": color, "paraphrased": PALE[color]}.get(voice, NOBODY)
        return {"facecolor": fill, "edgecolor": color, "lw": 0.6 * (voice in SPOKEN)}

    def frame(self, height: float, title: str, subtitle: str, heard: Iterable[str] = (), **subplots) -> tuple:
        """A figure with title, subtitle, foot and `height` of axes; above them, three a row, the sides `heard`."""
        texts, sides = (title, subtitle, self.foot), [side for side in self.colors if side in set(heard)]
        above, below, foot = (textwrap.wrap(plain(text), n) for text, n in zip(texts, (64, 100, 110)))
        head, tail = 0.2 + 0.235 * len(above) + 0.17 * len(below), 0.1 + 0.14 * len(foot)
        top = tail + height + 0.24 * -(-len(sides) // 3)
        fig = Figure(figsize=(WIDTH, top + head), layout="constrained", dpi=DPI)
        fig.get_layout_engine().set(rect=(0.004, tail / (top + head), 0.992, height / (top + head)))
        fig.about = dict(zip(("title", "subtitle", "foot"), map(plain, texts)))
        fig.drawing = Bbox([[0, tail], [WIDTH, top]])
        inches = {"transform": Affine2D().scale(1 / WIDTH, 1 / (top + head)) + fig.transFigure}  # moves with a cut-out
        fig.text(0.07, top + head - 0.07, "\n".join(above), size=12, weight="bold", va="top", **inches)
        fig.text(0.07, top + 0.08, "\n".join(below), color=MUTED, va="bottom", **inches)
        fig.text(0.07, 0.05, "\n".join(foot), size=7.5, color=MUTED, va="bottom", **inches)
        for n, side in enumerate(sides):
            at = {"x": 0.07 + 2.3 * (n % 3), "y": top - 0.16 - 0.24 * (n // 3), "color": self.colors[side]}
            fig.text(s=f"■ {fit(side, 28)}", size=8.5, **at, **inches)
        return fig, fig.subplots(**subplots)

    @form
    def page(self, name: str, table: pd.DataFrame, *, title: str) -> None:
        """The article as a printed page, a block for each word (`start, end, sid, voice, side`), as long as it."""
        wide, blocks = set_page(self.article, table)
        whole, deep = COLUMNS * (wide + GAP) - GAP, max(blocks.y.max() + 1, 6)
        subtitle = "A word a block. Solid: quoted; pale: paraphrased; grey: attributed to nobody"
        fig, ax = self.frame(deep * LINE * WIDTH / whole, title, subtitle, table.side[table.voice.isin(SPOKEN)])
        for (sid, side, voice), own in blocks.groupby(["sid", "side", "voice"], sort=False):
            if voice == "heading":
                put(ax, fit(side, 20), own.x.min(), own.y.min(), ha="left", weight="bold")
                continue
            boxes = [[(x, y), (x + n, y), (x + n, y + 0.6), (x, y + 0.6)] for x, y, n in zip(own.x, own.y, own.length)]
            path = Outline.make_compound_path_from_polys(np.array(boxes))
            ax.add_patch(PathPatch(path, url=sid, **self.look(side, voice)))
        ax.set(xlim=(-0.4, whole + 0.4), ylim=(deep, -0.2))
        ax.set_axis_off()
        self.publish(fig, name, table, f"The article as a page of {number(len(table), 'block')}, one a word")

    @form
    def grid(self, name: str, table: pd.DataFrame, *, title: str) -> None:
        """Counts as circles whose area is the count; the largest of a row is in colour, that of the column's side."""
        counts, wide = table.to_numpy(), 5 / table.shape[1]
        most, letters = max(counts.max(), 1), int(15.5 * wide)
        fig, ax = self.frame(0.6 + 0.33 * len(table), title, "Counts; the largest of each row in colour")
        for (y, x), count in np.ndenumerate(counts):
            size = 72 * min(0.31, wide / 2) * (count / most) ** 0.5
            color = self.colors.get(table.columns[x], SIDE_1) if count == max(counts[y].max(), 1) else NOBODY
            ax.scatter(x, y, s=max(size, 2.5) ** 2, color=color, lw=0)
            put(ax, f"{count:,}" if count else "", x, y, size / 2 + 2)
        name_rows(ax, table.index)
        heads = [textwrap.fill(fit(name, 30), letters) + f"\n{total:,} in all" for name, total in table.sum().items()]
        ax.set(xlim=(-0.5, len(heads) - 0.5), xticks=range(len(heads)), xticklabels=heads)
        ax.xaxis.tick_top()
        row, column = table.stack().idxmax()
        what = f"“{row}” comes most often in “{column}”, {number(most, 'time')}"
        rows = table.rename_axis("row").reset_index()
        self.publish(fig, name, rows, f"Grid of counts, {number(len(table), 'row')}: {what}")

    @form
    def stacks(self, name: str, table: pd.DataFrame, *, title: str) -> None:
        """A bar a section, its words shared out by side and voice (`section, side, voice, words, share`, in order)."""
        totals = table.groupby("section", sort=False).words.sum()
        subtitle = "A section’s words, share and number. Solid: quoted; pale: paraphrased; grey: attributed to nobody"
        fig, ax = self.frame(0.1 + 0.5 * len(totals), title, subtitle, table.side[table.voice.isin(SPOKEN)])
        for part, right in zip(table.itertuples(), table.groupby("section").share.cumsum()):
            y = totals.index.get_loc(part.section)
            ax.barh(y, part.share, left=right - part.share, height=0.7, **self.look(part.side, part.voice))
            text, ink = f"{part.share:.0%}\n{part.words:,}", WHITE if part.voice == "quoted" else INK
            put(ax, text if part.share >= 0.035 else "", right - part.share / 2, y, size=7.5, color=ink)
        name_rows(ax, [f"{fit(section, 18)}, {n:,} words" for section, n in totals.items()])
        ax.set_xlim(0, 1)
        self.publish(fig, name, table, f"Stacked bars, a bar for each of {number(len(totals), 'section')}")

    @form
    def slope(self, name: str, table: pd.DataFrame, *, title: str) -> None:
        """Each side's share of what is named, reported and quoted (counts), a line a side."""
        stops = ["named", "reported", "quoted"]
        totals = table[stops].sum()
        shares = table[stops] / totals.clip(lower=1)
        top = max(shares.to_numpy().max(), 0.01)
        fig, ax = self.frame(3.1, title, "Shares of the times named, of the words reported, and of the words quoted")
        colors = [self.colors.get(side, OTHERS) for side in table.side]
        for side, color, share in zip(table.side, colors, shares.to_numpy()):
            ax.plot(range(3), share, "o--" if side in [*self.colors][3:] else "o-", color=color, lw=2.5)
        for x, stop in enumerate(stops):
            ax.axvline(x, color=NOBODY, lw=1, zorder=0)
            away = np.where(shares.reported > shares.quoted, 0.06, -0.06) * top * (x == 1)  # from the line that goes on
            place, rows = -1, zip(shares[stop] + away, shares[stop], table[stop], table.side, colors)
            for wanted, share, count, side, color in sorted(rows):
                place = max(wanted, place + 0.075 * top)
                text = f"{fit(side, 20)}  " * (x == 0) + f"{share:.0%} ({count:,})"
                put(ax, text, x, place, 8 if x else -8, size=9, color=color, bbox={"fc": WHITE, "lw": 0, "pad": 0.5})
        names = [f"{stop}\n{totals[stop]:,} in all" for stop in stops]
        ax.set(xlim=(-0.02, 2.02), xticks=range(3), xticklabels=names, ylim=(-0.1 * top, 1.08 * top), yticks=[])
        self.publish(fig, name, table, f"Slopes from named to reported and quoted, {number(len(table), 'side')}")

    @form
    def strokes(self, name: str, table: pd.DataFrame, *, title: str) -> None:
        """A line for each `row`, a stroke at word `first` of each occurrence, in the colour of its `side` if given."""
        rows, total = sorted(table.groupby("row"), key=lambda row: -len(row[1])), max([1, *self.sections["last"]])
        fig, ax = self.frame(0.25 + 0.25 * len(rows), title, "A stroke at each occurrence; at the right, how many")
        name_rows(ax, [row for row, _ in rows])
        ax.set_xlim(0, total)
        for section in self.sections.itertuples():
            ax.axvspan(section.first, section.last, color="none" if section.Index % 2 else BAND, lw=0, zorder=0)
            letters = int((section.last - section.first) / total * 60)
            style = {"color": MUTED, "size": 8, "va": "bottom"}
            put(ax, fit(section.section, letters) if letters > 3 else "", section.first, -0.5, 1, 2, **style)
        for y, (_, own) in enumerate(rows):
            color = self.colors.get(own.side.iloc[0], OTHERS) if "side" in own else SIDE_1
            ax.vlines(own["first"], y - 0.32, y + 0.32, color=color, lw=1.8, urls=[*own.get("sid", [None])])
            put(ax, f"{len(own):,}", total, y, 5, color=color)
        most = f"“{rows[0][0]}” has most strokes, {len(rows[0][1]):,}"
        self.publish(fig, name, table, f"Strokes along the article, {number(len(rows), 'row')}: {most}")

    @form
    def sounds(self, name: str, table: pd.DataFrame, means: pd.DataFrame, words: pd.DataFrame, *, title: str) -> None:
        """A band a section: sentences (`sid, section, vader`) as dots, mean, interval; beside it the words given."""
        subtitle = "Left: VADER’s score of each sentence; below, the section’s mean and its 95% interval."
        subtitle += " Right: the words with most VADER points; hollow: misread, meant otherwise here"
        most, reach = max([5, *words.section.value_counts()]), 1.5 * max([1, *words.points.abs()])
        high = max(1.2, 0.2 + 0.145 * most)  # inches for a section
        shape = {"ncols": 2, "sharey": True, "width_ratios": [3, 2]}
        fig, (left, right) = self.frame(0.3 + high * len(means), title, subtitle, **shape)
        name_rows(left, [f"{fit(mean.section, 18)}, {mean.scored:,} scored" for mean in means.itertuples()])
        for y, mean in enumerate(means.itertuples()):
            own = table[table.section == mean.section].dropna(subset="vader")
            draw_scores(left, y, own.sort_values("vader", kind="stable"), 0.1 / high)
            if mean.scored:
                left.plot([mean.low, mean.high], [y + 0.2, y + 0.2], color=INK, lw=1)
                left.plot(mean.mean, y + 0.2, "|", color=INK, ms=11, mew=2.5)
                style = {"weight": "bold", "bbox": {"fc": WHITE, "lw": 0, "pad": 1}}
                put(left, signed(mean.mean), mean.mean, y + 0.2, 0, -13, **style)
            draw_words(right, y, words[words.section == mean.section], most)
        left.axvline(0, color=MUTED, lw=0.6, zorder=0)
        right.axvline(0, color=MUTED, lw=0.6)
        left.set(xlim=(-1.2, 1.2), xticks=[-1, 0, 1], xticklabels=["−1", "0", "+1"], xlabel="VADER score")
        right.set(xlim=(-reach, reach), xticks=[])
        self.publish(fig, name, table, f"Scores of {number(len(table), 'sentence')} as dots, by section")

    @form
    def readings(self, name: str, table: pd.DataFrame, *, title: str) -> None:
        """Every reading a dot at its `gap`, sorted, a panel a `lexicon`; below, a square for each choice it makes."""
        choices = [column for column in table if column not in ("lexicon", "gap", "section", "same", "shipped")]
        subtitle = f"A dot: one combination of {len(choices)} choices (squares), by gap; filled: same section lowest"
        parts, ratios = dict([*table.groupby("lexicon", sort=False)]), [2.2, 0.22 * max(len(choices), 1)]
        shape = {"squeeze": False, "sharex": "col", "sharey": "row", "height_ratios": ratios}
        fig, axes = self.frame(2.5 + 0.22 * len(choices), title, subtitle, nrows=2, ncols=len(parts), **shape)
        for (top, low), (lexicon, part) in zip(axes.T, parts.items()):
            part = part.sort_values("gap", kind="stable")
            looks = {"facecolor": np.where(part.same, SIDE_1, WHITE), "edgecolor": np.where(part.same, SIDE_1, MUTED)}
            top.scatter(range(len(part)), part.gap, s=15, lw=0.8, zorder=3, **looks)
            top.axhline(0, color=INK, lw=0.6)
            top.set_title(fit(lexicon, 24), color=INK)
            for x in np.flatnonzero(part.shipped):
                put(top, "as it stands", x, part.gap.iloc[x], 0, 30, size=8, arrowprops={"arrowstyle": "-", "lw": 0.8})
            low.hlines(range(len(choices)), -0.5, len(part) - 0.5, color=BAND, lw=4, zorder=0)
            low.plot(*np.nonzero(part[choices].to_numpy(bool)), "s", color=INK, ms=2.5)
            name_rows(low, choices)
        axes[0, 0].set_ylabel("gap between sections")
        what = ", ".join(f"{x}: {part.same.sum():,} of {len(part):,} the same" for x, part in parts.items())
        self.publish(fig, name, table, f"Specification curve, {number(len(table), 'reading')}; {what}")


def set_page(article: Article, words: pd.DataFrame) -> tuple[int, pd.DataFrame]:
    """A column’s width, more in long articles, and where each block stands (`x, y, length`), in letters and lines."""
    paragraphs = article.paragraphs[article.paragraphs.paragraph > 0]
    headings = dict(zip(article.sections.start, article.sections.section))
    wide, y, blocks = max(38, int((0.13 * sum(paragraphs.end - paragraphs.start)) ** 0.5)), 0, []
    for start, end in zip(paragraphs.start, paragraphs.end):
        own, name = words[words.start.between(start, end, "left")], headings.get(start, "")
        text = " ".join("x" * min(length, wide - 2) for length in own.end - own.start)
        rows = [""] * bool(name) + textwrap.wrap(text, wide, initial_indent="  ")
        blocks += [("", name, "heading", 0, y, 0)] * bool(name)
        places = [(m.start(), y + n, len(m[0])) for n, row in enumerate(rows) for m in re.finditer("x+", row)]
        blocks += [(*look, *place) for *look, place in zip(own.sid, own.side, own.voice, places)]
        y += len(rows) + 1
    table, deep = pd.DataFrame(blocks, columns=["sid", "side", "voice", "x", "y", "length"]), -(-y // COLUMNS)
    return wide, table.assign(x=table.x + table.y // deep * (wide + GAP), y=table.y % deep)
