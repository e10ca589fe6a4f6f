"""Charts of one article: each draws a finished table, shows it with its alternative text, and saves both.

One colour a side; tone has its own pair; grey is context. Hue never stands alone: quoted is solid, paraphrased
pale with an outline. Nothing is computed here but places on the paper, in inches unless said otherwise.
"""

import io
import re
import textwrap
from collections.abc import Callable, Iterable
from functools import cache, wraps
from html import escape
from pathlib import Path

import matplotlib as mpl
import numpy as np
import pandas as pd
from IPython.display import display
from matplotlib.axes import Axes
from matplotlib.backends.backend_agg import FigureCanvasAgg
from matplotlib.figure import Figure
from matplotlib.font_manager import findfont
from matplotlib.ft2font import FT2Font, LoadFlags
from matplotlib.patches import PathPatch, Rectangle
from matplotlib.path import Path as Outline
from matplotlib.transforms import Bbox
from PIL import Image

from newsprint.show import cell, heading, out_folder, plain, safe_csv, save, say, signed, source_line, unit

SIDE_1, SIDE_2, OTHERS, NOBODY = "#0f6b83", "#c2571a", "#6d5a9c", "#d0d4d9"
GOOD, BAD, INK, MUTED, BAND = "#2f7d4f", "#8f2d56", "#1f2328", "#6b7280", "#f1f3f5"
PALE = {SIDE_1: "#93bbc6", SIDE_2: "#e2b08f", OTHERS: "#b9aece", MUTED: "#e8eaed"}
UNNAMED, SPOKEN = "nobody named", ["quoted", "paraphrased"]
WIDTH, DPI = 7, 200
COLUMNS, GAP, LINE = 4, 3, 1.9  # of the page; the gap and the height of a line in characters
STYLE = Path(__file__).with_name("newsprint.mplstyle")


def form(kind: str) -> Callable:
    """Makes a drawing method (to figure and leading fact) one that styles, saves, shows; an empty table draws nothing."""

    def decorate(draw: Callable) -> Callable:
        @wraps(draw)
        def drawn(self, name: str, table: pd.DataFrame, *more, title: str, **options) -> None:
            if table.empty:
                return say(f"Nothing to draw: {title}")
            name = f"{self.number}-{name}"
            with mpl.rc_context({"svg.hashsalt": name}, STYLE):
                fig, leader = draw(self, table, *more, title=title, **options)
                fig.about["alt"] = plain(f"{kind}, {cell(len(table))} row{'s' * (len(table) > 1)}: {leader}. {title}.")
                publish(fig, name, table, self.said)

        return drawn

    return decorate


def publish(fig: Figure, name: str, table: pd.DataFrame, said: dict[str, str]) -> None:
    """Save the figure (PNG, and SVG for a page) and its table (CSV), and show the figure with its alternative text."""
    picture, alt = _png(fig), fig.about["alt"]
    save(out_folder() / "figures" / f"{name}.png", picture)
    save(out_folder() / "site" / "figures" / f"{name}.svg", _svg(fig, name, said).encode())
    save(out_folder() / "site" / "tables" / f"{name}.csv", safe_csv(table).encode())
    about = {"image/png": {"alt": alt, "width": WIDTH * 100}, "newsprint": {"figure": name, **fig.about}}
    display({"image/png": picture, "text/plain": alt}, metadata=about, raw=True)


def _png(fig: Figure) -> bytes:
    """The figure as PNG in 128 colours: a third of the size, no difference to the eye."""
    fig.set_dpi(DPI)
    canvas, file = FigureCanvasAgg(fig), io.BytesIO()
    canvas.draw()
    picture = Image.fromarray(np.asarray(canvas.buffer_rgba())).convert("RGB")
    picture.quantize(128, Image.Quantize.MAXCOVERAGE).save(file, "png", dpi=(DPI, DPI))
    return file.getvalue()


def _svg(fig: Figure, name: str, said: dict[str, str]) -> str:
    """The drawing without title, subtitle and foot, to stand in a page: attributes for styles, the page's own font."""
    for artist in (fig.patch, *fig.texts[:3]):
        artist.set_visible(False)
    file = io.StringIO()
    fig.savefig(file, format="svg", bbox_inches=fig.drawing, pad_inches=0, metadata={"Date": None})
    drawing = re.sub(r"(?s)^.*?(?=<svg)|<(metadata|style).*?</\1>", "", file.getvalue())
    used = set(re.findall(r'(?:href="|url\()#([\w.-]+)', drawing))

    def style(found: re.Match) -> str:
        parts = re.sub(r"font: (\d*) ?([\d.]+)px [^;]*", r"font-weight: \g<1>; font-size: \2", found[1])
        return "".join(f' {key}="{value}"' for key, value in re.findall(r"([\w-]+): ([^;]+)", parts))

    def mend(found: re.Match) -> str:
        tag = re.sub(r' style="([^"]*)"', style, found[0].replace("xlink:href", "href"))
        tag = re.sub(r' (transform="rotate\(-0|target|xmlns:).*?"(?=[ >/])', "", tag)
        tag = re.sub(r' id="(.*?)"', lambda own: f' id="{name}-{own[1]}"' if own[1] in used else "", tag)
        tag = re.sub(r'(href="|url\()#', rf"\1#{name}-", tag)
        tag = re.sub(r'<svg.*?(viewBox="[^"]*").*', rf'<svg \1 role="img" aria-label="{escape(alt)}">', tag)
        sid = re.search(r'^<a .*#(s\d+)"', tag)
        return f"{tag}<title>{escape(said[sid[1]])}</title>" if sid and sid[1] in said else tag

    alt = fig.about["alt"].replace("\\", "\\\\")
    return re.sub(r"<[^<>]+>", mend, drawing)


@cache
def _font() -> FT2Font:
    font = FT2Font(findfont("DejaVu Sans"))
    font.set_size(100, 72)
    return font


def measure(text: str, size: float) -> float:
    """Width of a text in inches at a size in points."""
    _font().set_text(text, 0, flags=LoadFlags.NO_HINTING)
    return _font().get_width_height()[0] / 64 / 100 * size / 72


def fit(text: object, room: float, size: float = 9) -> str:
    """Text for a chart: one line, cut to the room there is, a box for each letter the font lacks."""
    known = _font().get_charmap()
    drawn = "".join(c if ord(c) in known else "□" for c in plain(text)[: int(300 * room / size) + 1])
    while measure(drawn, size) > room and len(drawn) > 1:
        drawn = drawn[:-2].rstrip() + "…"
    return drawn


def wrap(text: str, size: float) -> list[str]:
    """Lines of about the same length that fit the figure, three at most."""
    text, rows = fit(text, 2.8 * (WIDTH - 0.2), size), 1
    while measure(text, size) / rows > WIDTH - 0.2:
        rows += 1
    width = len(text) // rows
    while len(lines := textwrap.wrap(text, width)) > rows:
        width += 1
    return lines if all(measure(line, size) < WIDTH - 0.1 for line in lines) else textwrap.wrap(text, width * 3 // 4)


def link(sid: object) -> str | None:
    """Where the pages show a sentence."""
    return f"index.html#{sid}" if re.fullmatch(r"s\d+", str(sid)) else None


def note(ax: Axes, text: str, x: float, y: float, dx: float = 0, dy: float = 0, **style: object) -> None:
    """A text at a place in the data, moved by points."""
    style = {
        "va": "center",
        "size": 8.5,
        "color": INK,
        "ha": "left" if dx > 0 else "right" if dx else "center",
        **style,
    }
    ax.annotate(text, (x, y), xytext=(dx, dy), textcoords="offset points", **style)


def name_rows(ax: Axes, names: Iterable, room: float = 2.2, edge: float = 0.6) -> None:
    """A row for each name, the first on top; no line, scale or ticks."""
    names = [fit(name, room) for name in names]
    ax.set_yticks(range(len(names)), names)
    ax.set_ylim(len(names) - 1 + edge, -edge)
    ax.xaxis.set_visible(False)
    ax.spines.bottom.set_visible(False)


def tone(value: float) -> str:
    """The colour of a score or of points: green above zero, plum below."""
    return GOOD if value > 0 else BAD if value < 0 else MUTED


class Charts:
    """The charts of one notebook share the source line, the sections, the sides' colours and the files' number."""

    def __init__(self, article, number: str, settings: object = None):
        self.article, self.number, self.settings, self.foot = article, number, settings, source_line(article)
        self.sections = article.along(article.sections)
        self.said = {row.sid: plain(f"{row.sid}: {row.text}") for row in article.sentences.itertuples()}
        self.colors = dict(zip(article.sides, [SIDE_1, SIDE_2, *[OTHERS] * len(article.sides)])) | {UNNAMED: MUTED}

    def color(self, side: object) -> str:
        """The side's colour: others share one, nobody named is muted."""
        return self.colors.get(side, OTHERS)

    def look(self, side: object, voice: str) -> dict:
        """How words are drawn: quoted solid, paraphrased pale with an outline, what nobody is named for grey."""
        if voice not in SPOKEN:
            return {"facecolor": NOBODY, "edgecolor": "none", "lw": 0}
        color = self.color(side)
        return {"facecolor": color if voice == "quoted" else PALE[color], "edgecolor": color, "lw": 0.6}

    def in_order(self, sides: Iterable) -> list:
        """The sides that occur, as the article lists them, others after, nobody named last."""
        known = [*self.colors][:-1]
        return sorted(dict.fromkeys(sides), key=lambda s: known.index(s) if s in known else 98 + (s == UNNAMED))

    def frame(self, height: float, title: str, subtitle: str, sides: Iterable = (), **subplots) -> tuple[Figure, Axes]:
        """A figure with title, subtitle and foot at its left edge, `height` inches of axes, and above them the sides."""
        texts, sides = {"title": title, "subtitle": subtitle, "foot": self.foot}, [fit(s, 3, 8.5) for s in sides]
        above, below, foot = wrap(title, 13.6), wrap(subtitle, 9), wrap(self.foot, 7.5)
        head, tail, key = 0.2 + 0.235 * len(above) + 0.17 * len(below), 0.1 + 0.14 * len(foot), 0.24 * bool(sides)
        whole = head + key + height + tail
        fig = Figure(figsize=(WIDTH, whole), layout="constrained")
        fig.about = {name: plain(text) for name, text in texts.items()}
        fig.drawing = Bbox([[0, tail], [WIDTH, whole - head]])
        axes = fig.subplots(**subplots)
        fig.get_layout_engine().set(rect=(0.004, tail / whole, 0.992, height / whole))
        style, start = {"x": 0.01, "va": "top", "linespacing": 1.25}, 0.12 + 0.235 * len(above)
        fig.text(y=1 - 0.07 / whole, s="\n".join(above), size=12, weight="bold", **style)
        fig.text(y=1 - start / whole, s="\n".join(below), size=9, color=MUTED, **style)
        fig.text(y=(tail - 0.04) / whole, s="\n".join(foot), size=7.5, color=MUTED, **style)
        x, y = 0.07, tail + height + 0.08
        for side in sides:
            for voice in SPOKEN:
                spot = {"width": 0.17 / WIDTH, "height": 0.11 / whole, "transform": fig.transFigure}
                fig.add_artist(Rectangle((x / WIDTH, y / whole), **spot, **self.look(side, voice)))
                x += 0.18
            fig.text((x + 0.05) / WIDTH, (y + 0.005) / whole, side, size=8.5)
            x += 0.25 + measure(side, 8.5)
        return fig, axes

    @form("The article as a page of blocks")
    def page(self, words: pd.DataFrame, *, title: str) -> tuple[Figure, str]:
        """The article as a printed page, a block for each word (`start, end, sid, voice, side`), as long as the word."""
        wide, blocks = _set(self.article, words)
        scale = (WIDTH - 0.15) / (COLUMNS * (wide + GAP) - GAP)
        sides, deep = self.in_order(words.side[words.voice.isin(SPOKEN)]), blocks.y.max() + 1
        subtitle = "A block is a word: solid quoted, pale paraphrased, grey nobody named; an outline, not the article"
        fig, ax = self.frame(deep * LINE * scale + 0.05, title, subtitle, sides)
        for (role, sid, side, voice), own in blocks.groupby(["role", "sid", "side", "voice"], sort=False):
            if role == "heading":
                note(ax, fit(side, wide * scale, 9.5), own.x.iloc[0], own.y.iloc[0] + 0.3, ha="left", weight="bold")
                continue
            look = {"facecolor": "#ffffff", "edgecolor": "#b6bbc2", "lw": 0.5}
            boxes = [Outline([(x, y), (x + n, y), (x + n, y + 0.6), (x, y + 0.6), (x, y)], closed=True)
                     for x, y, n in zip(own.x, own.y, own.length)]  # fmt: skip
            shape = Outline.make_compound_path(*boxes)
            ax.add_patch(PathPatch(shape, url=link(sid), **self.look(side, voice) if role == "body" else look))
        ax.set(xlim=(0, COLUMNS * (wide + GAP) - GAP), ylim=(deep, -0.2))
        ax.set_axis_off()
        return fig, ", ".join(f"{cell(n)} words {voice}" for voice, n in words.voice.value_counts().items())

    @form("Grid of counts")
    def grid(self, table: pd.DataFrame, *, title: str, sides: dict | None = None) -> tuple[Figure, str]:
        """Counts as circles whose area is the count; the largest of a row is in colour (`sides`: row to side)."""
        step, most, many = 5 / table.shape[1], max(table.to_numpy().max(), 1), table.shape[1] > 5
        fig, ax = self.frame(0.5 + 0.33 * len(table) + 0.7 * many, title, "Counts; the largest of each row in colour")
        for y, (name, row) in enumerate(table.iterrows()):
            for x, (column, count) in enumerate(row.items()):
                side, best = (sides or {}).get(name, column), count == row.max() > (row.min() if len(row) > 1 else 0)
                wide = max(72 * min(0.31, step * 0.8) * (count / most) ** 0.5, 2.5)
                fill = self.colors.get(side, OTHERS if sides else SIDE_1) if best else NOBODY
                ax.scatter(x, y, s=wide**2, color=fill, lw=0)
                inside = wide > measure(f"{count:,}", 8.5) * 72 + 3
                if count:
                    note(
                        ax, cell(count), x, y, 0 if inside else wide / 2 + 2, color="white" if best and inside else INK
                    )
        name_rows(ax, table.index, 1.9, 0.5)
        words, room = dict(zip(self.sections.section, self.sections.words)), 1.4 if many else step - 0.1
        sizes = [f"{cell(words[c])} words" if c in words else f"{cell(table[c].sum())} in all" for c in table]
        heads = [f"{fit(c, room, 8)}\n{size}" for c, size in zip(table, sizes)]
        ax.xaxis.set_visible(True)
        ax.set_xticks(range(len(heads)), heads)
        ax.tick_params(axis="x", length=0, top=False, labeltop=True, labelbottom=False)
        turned = {"rotation": 35, "ha": "left", "rotation_mode": "anchor"} if many else {}
        for text in ax.get_xticklabels():
            text.set(**turned)
        ax.set_xlim(-0.5, len(heads) - 0.5)
        row, column = table.stack().idxmax()
        return fig, f"“{row}” comes most often in “{column}”, {cell(table.loc[row, column])} times"

    @form("Stacked bars")
    def stacks(self, table: pd.DataFrame, *, title: str) -> tuple[Figure, str]:
        """A bar a section, its words shared out by side and voice (`section, side, voice, words, share`)."""
        totals, table = table.groupby("section", sort=False).words.sum(), table[table.words > 0]
        order, spoken = self.in_order(table.side), self.in_order(table.side[table.voice.isin(SPOKEN)])
        subtitle = "Share and number of a section’s words: solid quoted, pale paraphrased, grey nobody named"
        fig, ax = self.frame(0.1 + 0.6 * len(totals), title, subtitle, spoken)
        for y, section in enumerate(totals.index):
            left = free = 0
            parts = table[table.section == section].itertuples()
            for part in sorted(parts, key=lambda p: (p.voice not in SPOKEN, order.index(p.side), p.voice != "quoted")):
                ax.barh(y, part.share, left=left, height=0.56, **self.look(part.side, part.voice))
                middle, ink = left + part.share / 2, "white" if part.voice == "quoted" else INK
                if part.share >= 0.045:
                    note(ax, f"{part.share:.0%}\n{part.words:,}", middle, y, color=ink, size=8, linespacing=1.1)
                else:
                    free = max(middle, free) + 0.09
                    note(ax, f"{part.share:.0%} ({part.words:,})", free - 0.09, y + 0.38, size=7)
                left += part.share
        name_rows(ax, [f"{fit(name, 1.3)}, {cell(n)} words" for name, n in totals.items()], edge=0.45)
        ax.set_xlim(0, 1)
        top = table.nlargest(1, "share").itertuples()
        return fig, "".join(f"the largest part, {p.share:.0%} of {p.section}, is {p.voice}, {p.side}" for p in top)

    @form("Slopes over three stops")
    def slope(self, table: pd.DataFrame, *, title: str) -> tuple[Figure, str]:
        """Each side's share of what is named, reported and quoted (counts), a line a side."""
        stops = ["named", "reported", "quoted"]
        totals = table[stops].sum()
        shares = table[stops] / totals.where(totals > 0, 1)
        top = max(shares.to_numpy().max(), 0.01)
        fig, ax = self.frame(3.1, title, "Shares of the times named, of the words reported, and of the words quoted")
        for side, share in zip(table.side, shares.to_numpy()):
            ax.plot(range(3), share, "-o", color=self.color(side), lw=2.5, ms=6)
        for x, stop in enumerate(stops):
            ax.axvline(x, color=NOBODY, lw=1, zorder=0)
            turn = np.sign(shares.reported - shares.quoted) * top * 0.05 * (x == 1)  # away from the line that goes on
            wanted, step = (shares[stop] + turn).to_numpy(), top * 0.075
            rank = wanted.argsort(kind="stable").argsort()
            places = np.maximum.accumulate(np.sort(wanted) - step * np.arange(len(wanted)))[rank] + step * rank
            for side, place, share, count in zip(table.side, places, shares[stop], table[stop]):
                text = f"{share:.0%} ({cell(count)})" if x else f"{fit(side, 1.4)}  {share:.0%} ({cell(count)})"
                note(ax, text, x, place, 8 if x else -8, size=9, color=self.color(side))
        ax.set_xticks(range(3), [f"{stop}\n{cell(totals[stop])} in all" for stop in stops], color=INK)
        ax.tick_params(axis="x", length=0)
        ax.set(xlim=(-0.02, 2.02), ylim=(-0.06 * top, max(top * 1.08, places.max())))
        ax.yaxis.set_visible(False)
        ax.spines.bottom.set_visible(False)
        best = table.loc[table.named.idxmax()]
        return fig, f"{best.side} is named most, {cell(best.named)} times, and has {cell(best.quoted)} words quoted"

    @form("Strokes along the article")
    def strokes(self, table: pd.DataFrame, *, title: str, highlight: object = None) -> tuple[Figure, str]:
        """A line for each value of `row`, a stroke at word `first` of each occurrence, in the colour of its `side`."""
        rows, total = dict([*table.groupby("row", sort=False)]), max([1, *self.sections["last"]])
        fig, ax = self.frame(
            0.25 + 0.25 * len(rows), title, "A stroke at the place of every occurrence; at the right, how many"
        )
        for i, row in enumerate(self.sections.itertuples()):
            room = (row.last - row.first) / total * 4.6
            ax.axvspan(row.first, row.last, color=BAND if i % 2 == 0 else "none", lw=0, zorder=0)
            style = {"ha": "left", "xycoords": ax.get_xaxis_transform(), "color": MUTED, "size": 8, "va": "bottom"}
            note(ax, fit(row.section, room, 8) if room > 0.3 else "", row.first, 1, 1, 2, **style)
        for y, (name, own) in enumerate(rows.items()):
            color, weight = (
                self.color(own.side.iloc[0]) if "side" in own else SIDE_1,
                "bold" if name == highlight else "normal",
            )
            ax.vlines(
                own["first"], y - 0.32, y + 0.32, color=color, lw=1.8, urls=[link(sid) for sid in own.get("sid", [])]
            )
            note(ax, cell(len(own)), 1, y, 5, xycoords=ax.get_yaxis_transform(), color=color, weight=weight)
        name_rows(ax, rows)
        for name, text in zip(rows, ax.get_yticklabels()):
            text.set_weight("bold" if name == highlight else "normal")
        ax.set_xlim(0, total)
        name, own = max(rows.items(), key=lambda row: len(row[1]))
        return fig, f"{cell(len(rows))} lines, “{name}” has most strokes, {cell(len(own))}"

    @form("Sentence scores and the words behind them")
    def sounds(
        self, scores: pd.DataFrame, means: pd.DataFrame, words: pd.DataFrame, *, title: str
    ) -> tuple[Figure, str]:
        """A band a section: its sentences' scores as dots, mean and interval; beside it the words with most points."""
        subtitle = (
            "Left: VADER’s score of each sentence; below, the section’s mean and its 95% interval. Right: the words"
            " with most VADER points; hollow: misread, meant otherwise here"
        )
        ranked, most = words.sort_values(["points", "word"], ascending=[False, True]), 5 if len(means) < 5 else 3
        up, down = (part.groupby("section") for part in (ranked[ranked.points > 0], ranked[ranked.points < 0]))
        strong = pd.concat([up.head(most), down.tail(most)])
        heights = [max(1.2, 0.25 + 0.145 * (strong.section == name).sum()) for name in means.section]
        shape = {"nrows": len(means), "ncols": 2, "squeeze": False, "sharex": "col"}
        shape["gridspec_kw"] = {"height_ratios": heights, "width_ratios": [3, 2]}
        fig, axes = self.frame(0.3 + sum(heights), title, subtitle, **shape)
        for (left, right), mean, height in zip(axes, means.to_dict("records"), heights):
            _dots(left, scores[scores.section == mean["section"]].dropna(subset="vader"), mean, height)
            _words(right, strong[strong.section == mean["section"]], max([1, *strong.points.abs()]))
        axes[-1, 0].set_xlabel("VADER score")
        best = means.nlargest(1, "mean").itertuples()
        return fig, "".join(f"{row.section} has the highest mean, {signed(row.mean)}" for row in best) or "no scores"

    @form("Bars")
    def bars(
        self, table: pd.DataFrame, label: str, value: str, *, title: str, highlight: str = "", note: str = ""
    ) -> tuple[Figure, str]:
        """A bar a row with its number, behind it the text of column `note`; `highlight` is a column of booleans."""
        fig, ax = self.frame(0.1 + 0.26 * len(table), title, unit(value))
        on = table[highlight] if highlight else [True] * len(table)
        ax.barh(range(len(table)), table[value], color=[SIDE_1 if flag else NOBODY for flag in on], height=0.68)
        for y, (size, text) in enumerate(zip(table[value], table[note] if note else [""] * len(table))):
            behind(ax, f"{cell(size)}  {fit(text, 2.4, 8.5)}".rstrip(), max(size, 0), y, 4)
        name_rows(ax, table[label], edge=0.5)
        ax.set_xlim(min(0, table[value].min()), max(table[value].max(), 0) or 1)
        best = table.loc[table[value].idxmax()]
        return fig, f"“{best[label]}” leads with {cell(best[value])}, the least is {cell(table[value].min())}"

    @form("Specification curve")
    def readings(self, table: pd.DataFrame, *, title: str) -> tuple[Figure, str]:
        """Every reading a dot at its `gap`, sorted, a panel a `lexicon`; below, a square for each choice it makes."""
        choices = [name for name in table if name not in ("lexicon", "gap", "lowest", "same", "shipped")]
        parts = dict([*table.groupby("lexicon", sort=False)])
        subtitle = f"A dot is a reading, one combination of {len(choices)} yes-or-no choices (squares), sorted by the gap; filled: the same section lowest"
        shape = {"nrows": 2, "ncols": len(parts), "squeeze": False, "sharex": "col", "sharey": "row"}
        shape["gridspec_kw"] = {"height_ratios": [2.2, 0.22 * max(len(choices), 1)]}
        fig, axes = self.frame(2.5 + 0.22 * len(choices), title, subtitle, **shape)
        for (top, low), (name, own) in zip(axes.T, parts.items()):
            _curve(top, low, own.sort_values("gap", kind="stable"), choices)
            top.set_title(fit(name, 2), color=INK)
        axes[0, 0].set_ylabel("gap between sections")
        return fig, ", ".join(f"{name}: {own.same.sum():,} of {len(own):,} the same" for name, own in parts.items())


def _set(article, words: pd.DataFrame) -> tuple[int, pd.DataFrame]:
    """The width of a column, and where each block stands (`x, y, length` in characters and lines).

    Long articles get wider columns. A paragraph's first two lines stay together, a heading stays with what follows.
    """
    lines = article.lines[article.lines.role.isin(["heading", "removed"])]
    parts = [*zip(lines.start, lines.end, lines.role, lines.text)]
    parts += [(row.start, row.end, "body", "") for row in article.paragraphs.itertuples()]
    wide, rows = max(38, int((0.115 * sum(end - start for start, end, *_ in parts)) ** 0.5)), []
    for start, end, role, text in sorted(parts):
        a, b = np.searchsorted(words.start, [start, end])
        own = words.iloc[a:b]
        blocks = [*zip(own.sid, own.side, own.voice, own.end - own.start)] if role == "body" else []
        blocks = [("", text, "", wide)] if role == "heading" else blocks or [("", "", "", len(w)) for w in text.split()]
        x = wide
        for sid, side, voice, length in blocks:
            if x + min(length, wide) > wide:
                rows, x = [*rows, []], 0 if rows and rows[-1] else 2 * (role == "body")
            rows[-1].append((role, sid, side, voice, x, min(length, wide)))
            x += length + 1
        rows += [[]] * (role != "heading")
    deep, column, y, placed = -(-len(rows) // COLUMNS), 0, 0, []
    for before, row in zip([[], *rows], rows):
        keep = 0 if before or not row else 2 if row[0][0] == "heading" else 1
        if y >= deep - keep and column < COLUMNS - 1:
            column, y = column + 1, 0
        placed += [(*block[:4], block[4] + column * (wide + GAP), y, block[5]) for block in row]
        y += bool(row or y)
    return wide, pd.DataFrame(placed, columns=["role", "sid", "side", "voice", "x", "y", "length"])


def _dots(ax: Axes, scores: pd.DataFrame, mean: dict, height: float) -> None:
    """Scores as dots, equal ones stacked, the extremes with their sid; below them the mean and its interval."""
    scores = scores.sort_values("vader")
    up = scores.groupby((scores.vader * 30).round()).cumcount()
    lines = max(height / 0.1, up.max() / 0.4 if len(up) else 0)
    urls = [link(sid) for sid in scores.sid]
    ax.scatter(scores.vader, up, s=26, c=[tone(v) for v in scores.vader], lw=0, urls=urls)
    for i in {0, len(scores) - 1} if len(scores) else ():
        last = up[scores.vader == scores.vader.iloc[i]].max()
        note(ax, scores.sid.iloc[i], scores.vader.iloc[i], last, 0, 9, size=7, color=MUTED)
    if pd.notna(mean["mean"]):
        ax.plot([mean["low"], mean["high"]], [-2, -2], color=INK, lw=1)
        ax.plot(mean["mean"], -2, "|", color=INK, ms=11, mew=2.5)
        box = {"facecolor": "#ffffff", "lw": 0, "pad": 1}
        note(ax, signed(mean["mean"]), mean["mean"], -2, 0, -13, weight="bold", bbox=box)
    ax.axvline(0, color=MUTED, lw=0.6, zorder=0)
    ax.set_yticks([-1], [f"{fit(mean['section'], 1.2)}\n{cell(mean['scored'])} scored"])
    ax.set(xlim=(-1.05, 1.05), ylim=(-0.55 * lines, 0.45 * lines))
    ax.set_xticks([-1, 0, 1], ["−1", "0", "+1"])


def _words(ax: Axes, words: pd.DataFrame, reach: float) -> None:
    """Bars of points left and right of zero, the word across the zero line; a misread one is hollow."""
    for y, row in enumerate(words.itertuples()):
        color, side = tone(row.points), 1 if row.points > 0 else -1
        ax.barh(y, row.points, height=0.7, facecolor="#ffffff" if row.misread else color, edgecolor=color, lw=1)
        text, ink = f"{fit(row.word, 0.8, 7.5)}{f' ×{row.count}' * (row.count > 1)}", MUTED if row.misread else INK
        note(ax, text, 0, y, -3 * side, size=7.5, color=ink)
        note(ax, signed(row.points, 1), row.points, y, 3 * side, size=7.5, color=ink)
    ax.axvline(0, color=MUTED, lw=0.6)
    name_rows(ax, [])
    ax.set(ylim=(max(len(words), 5) - 0.4, -0.6), xlim=(-1.5 * reach, 1.5 * reach))


def _curve(top: Axes, low: Axes, table: pd.DataFrame, choices: list[str]) -> None:
    """One panel of a specification curve: gaps in order, and below them the choices that are made."""
    places, same = np.arange(len(table)), table.same.to_numpy(bool)
    fills = np.where(same, SIDE_1, "#ffffff")
    top.scatter(places, table.gap, s=15, facecolor=fills, edgecolor=np.where(same, SIDE_1, MUTED), lw=0.8, zorder=3)
    for x in np.flatnonzero(table.shipped):
        line = {"arrowstyle": "-", "color": INK, "lw": 0.8}
        note(top, "as it stands", x, table.gap.iloc[x], 0, 30, size=8, arrowprops=line)
    top.axhline(0, color=INK, lw=0.6)
    for y, choice in enumerate(choices):
        low.hlines(y, -0.5, len(table) - 0.5, color=BAND, lw=4, zorder=0)
        low.plot(places[table[choice].to_numpy(bool)], [y] * int(table[choice].sum()), "s", color=INK, ms=2.5)
    name_rows(low, map(heading, choices), edge=0.5)
    top.xaxis.set_visible(False)
    top.spines.bottom.set_visible(False)


behind = note  # where a parameter is called note
