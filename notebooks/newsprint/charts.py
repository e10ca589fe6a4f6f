"""Charts of one article: each draws a finished table, shows it with its alternative text, and saves both.

One colour a side; tone has its own pair; grey is context. Hue never stands
alone: quoted is solid, paraphrased pale with an outline. Nothing is computed
here beyond places on the paper.
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
from matplotlib.ft2font import FT2Font
from matplotlib.offsetbox import AnchoredOffsetbox, DrawingArea, HPacker, TextArea, VPacker
from matplotlib.patches import PathPatch, Rectangle
from matplotlib.path import Path as Outline
from matplotlib.transforms import Bbox, BboxTransformTo
from PIL import Image

from newsprint.show import heading, out_folder, plain, safe_csv, save, say, signed, source_line, unit

SIDE_1, SIDE_2, OTHERS, NOBODY = "#0f6b83", "#c2571a", "#6d5a9c", "#d0d4d9"
GOOD, BAD, INK, MUTED, BAND = "#2f7d4f", "#8f2d56", "#1f2328", "#6b7280", "#f1f3f5"
PALE = {SIDE_1: "#93bbc6", SIDE_2: "#e2b08f", OTHERS: "#b9aece", MUTED: "#e8eaed"}
UNNAMED = "nobody named"
WIDTH, DPI = 7, 200
STYLE = Path(__file__).with_name("newsprint.mplstyle")
COLUMNS, GAP, LINE = 4, 3, 1.9  # the page: columns, characters between them, height of a line in characters


def form(kind: str) -> Callable:
    """A method that draws one form of chart: the figure and its leading fact; here it gets style, files and alt text."""

    def decorate(draw: Callable) -> Callable:
        @wraps(draw)
        def drawn(self, name: str, table: pd.DataFrame, *tables, title: str, **options) -> None:
            if table.empty:
                return say(f"Nothing to draw: {title}")
            if not re.fullmatch(r"[\w-]+", name):
                raise ValueError(f"figure name {name!r}: letters, digits, - and _ only")
            name = f"{self.number}-{name}"
            with mpl.rc_context({"svg.hashsalt": name}, STYLE):
                fig, leader = draw(self, table, *tables, title=title, **options)
                alt = plain(f"{kind}, {len(table):,} row{'s' * (len(table) != 1)}: {leader}. {title}.")
                publish(fig, name, table, alt, self.said)

        return drawn

    return decorate


def publish(fig: Figure, name: str, table: pd.DataFrame, alt: str, said: dict[str, str]) -> None:
    """Save the figure (PNG and SVG) and the table behind it (CSV), and show the figure with its alternative text."""
    picture = _png(fig)
    save(out_folder() / "figures" / f"{name}.png", picture)
    save(out_folder() / "site" / "figures" / f"{name}.svg", _svg(fig, name, alt, said).encode())
    save(out_folder() / "site" / "tables" / f"{name}.csv", safe_csv(table).encode())
    about = {"image/png": {"alt": alt, "width": WIDTH * 100}, "newsprint": {"figure": name, "alt": alt, **fig.about}}
    display({"image/png": picture, "text/plain": alt}, metadata=about, raw=True)


def _png(fig: Figure) -> bytes:
    """The figure as PNG in 128 colours: a third of the size, no difference to the eye."""
    fig.set_dpi(DPI)
    canvas, file = FigureCanvasAgg(fig), io.BytesIO()
    canvas.draw()
    picture = Image.fromarray(np.asarray(canvas.buffer_rgba())).convert("RGB")
    picture.quantize(128, Image.Quantize.MAXCOVERAGE).save(file, "png", dpi=(DPI, DPI))
    return file.getvalue()


def _svg(fig: Figure, name: str, alt: str, said: dict[str, str]) -> str:
    """The drawing without title, subtitle and foot, to stand in a page: attributes for styles, the page's own font."""
    for artist in (fig.patch, *fig.texts):
        artist.set_visible(False)
    file = io.StringIO()
    fig.savefig(file, format="svg", bbox_inches=fig.drawing, pad_inches=0, metadata={"Date": None})
    drawing = file.getvalue()
    drawing = re.sub(r"<(metadata|style).*?</\1>", "", drawing[drawing.index("<svg") :], flags=re.DOTALL)
    used = set(re.findall(r'(?:href="|url\()#([\w.-]+)', drawing))

    def mend(match: re.Match) -> str:
        tag = re.sub(r' style="([^"]*)"', _attributes, match[0].replace("xlink:href", "href"))
        tag = re.sub(r' id="([^"]*)"', lambda own: f' id="{name}-{own[1]}"' if own[1] in used else "", tag)
        tag = re.sub(r"(href=\"|url\()#", rf"\1#{name}-", tag)
        if tag.startswith("<svg"):
            return f'<svg viewBox{tag.split("viewBox")[1][:-1]} role="img" aria-label="{escape(alt)}">'
        sid = re.search(r"#(s\d+)\"", tag) if tag.startswith("<a ") else None
        return f"{tag}<title>{escape(said.get(sid[1], sid[1]))}</title>" if sid else tag

    return re.sub(r"<[^<>]+>", mend, drawing)


def _attributes(style: re.Match) -> str:
    parts = dict(part.strip().split(": ", 1) for part in style[1].split(";") if part.strip())
    font = parts.pop("font", "")
    parts |= {key: found[1] for key, found in {"font-size": re.search(r"([\d.]+)px", font)}.items() if found}
    parts |= {"font-weight": "bold"} if re.search(r"bold|700", font) else {}
    return "".join(f' {key}="{value}"' for key, value in parts.items() if key != "font-family")


@cache
def _glyphs() -> frozenset[int]:
    return frozenset(FT2Font(findfont("DejaVu Sans")).get_charmap())


def short(text: object, width: int = 40) -> str:
    """Text for a chart: one line, at most `width` characters, a box for each letter the font lacks."""
    drawn = "".join(c if ord(c) in _glyphs() else "□" for c in plain(text))
    return drawn if len(drawn) <= width else drawn[: max(width - 1, 0)].rstrip() + "…"


def link(sid: object) -> str | None:
    """Where the pages show a sentence."""
    return f"index.html#{sid}" if re.fullmatch(r"s\d+", str(sid)) else None


def dodge(values: Iterable[float], gap: float) -> list[float]:
    """Places for labels, at least `gap` apart, in the order of the values and as near to them as may be."""
    values = list(values)
    order = sorted(range(len(values)), key=lambda i: values[i])
    groups: list[list] = []  # [centre, members]
    for i in order:
        groups.append([values[i], [i]])
        while len(groups) > 1 and groups[-1][0] - groups[-2][0] < gap * (len(groups[-1][1]) + len(groups[-2][1])) / 2:
            (b, more), (a, some) = groups.pop(), groups.pop()
            groups.append([(a * len(some) + b * len(more)) / len(some + more), some + more])
    places = {i: centre + gap * (n - (len(own) - 1) / 2) for centre, own in groups for n, i in enumerate(own)}
    return [places[i] for i in range(len(values))]


def name_rows(ax: Axes, names: Iterable, width: int = 30, above: float = 0.6, below: float = 0.6) -> None:
    """A row for each name, the first on top, with room above the first and below the last."""
    names = list(names)
    ax.set_yticks(range(len(names)), [short(name, width) for name in names])
    ax.set_ylim(len(names) - 1 + below, -above)


def bare(ax: Axes) -> None:
    ax.xaxis.set_visible(False)
    ax.spines.bottom.set_visible(False)


class Charts:
    """The charts of one notebook share the source line, the sections, the sides' colours and the files' number."""

    def __init__(self, article, number: str, settings: object = None):
        self.article, self.number, self.settings, self.foot = article, number, settings, source_line(article)
        self.sections = article.along(article.sections)
        self.said = {row.sid: plain(f"{row.sid}: {row.text}") for row in article.sentences.itertuples()}
        hues = [SIDE_1, SIDE_2, *[OTHERS] * len(article.sides)]
        self.colors = {**dict(zip(article.sides, hues)), UNNAMED: MUTED}

    def color(self, side: object) -> str:
        """The side's colour; others share one, nobody named is muted."""
        return self.colors.get(side, OTHERS)

    def look(self, side: object, voice: str) -> dict:
        """How a block of words is drawn: quoted solid, paraphrased pale with an outline, the rest grey."""
        if voice not in ("quoted", "paraphrased"):
            return {"facecolor": NOBODY, "edgecolor": "none", "lw": 0}
        color = self.color(side)
        pale = voice == "paraphrased"
        return {"facecolor": PALE[color] if pale else color, "edgecolor": color, "lw": 0.6}

    def frame(self, height: float, title: str, subtitle: str, sides: Iterable = (), **subplots) -> tuple[Figure, Axes]:
        """A figure with title, subtitle and foot at its left edge, `height` inches of axes, and a key of the sides."""
        key = _key([(side, self.look(side, "quoted"), self.look(side, "paraphrased")) for side in sides])
        height += 0.2 * len(key)
        texts = {"title": title, "subtitle": subtitle, "foot": self.foot}
        lines = [textwrap.wrap(short(t, 400), n) for t, n in zip(texts.values(), (68, 96, 124))]
        head, tail = 0.2 + 0.235 * len(lines[0]) + 0.175 * len(lines[1]), 0.1 + 0.15 * len(lines[2])
        whole = head + height + tail
        fig = Figure(figsize=(WIDTH, whole), layout="constrained")
        fig.about, fig.drawing = {k: plain(t) for k, t in texts.items()}, Bbox([[0, tail], [WIDTH, tail + height]])
        axes = fig.subplots(**subplots)
        fig.get_layout_engine().set(rect=(0, tail / whole, 1, (height - 0.2 * len(key)) / whole))
        below = 0.11 + 0.235 * len(lines[0])
        styles = (12, INK, "bold", 1 - 0.07 / whole), (9, MUTED, "normal", 1 - below / whole), (7.5, MUTED, "normal", 0)
        for text, (size, color, weight, y) in zip(lines, styles):
            place = {"va": "top", "y": y} if y else {"va": "bottom", "y": 0.05 / whole}
            fig.text(0.008, s="\n".join(text), size=size, color=color, weight=weight, linespacing=1.25, **place)
        if key:
            at = {"bbox_to_anchor": (0.008, (tail + height) / whole), "bbox_transform": fig.transFigure}
            rows = VPacker(children=[HPacker(children=row, pad=0, sep=4, align="center") for row in key], pad=0, sep=3)
            fig.add_artist(AnchoredOffsetbox("upper left", child=rows, pad=0, borderpad=0, frameon=False, **at))
        return fig, axes

    def shade(self, ax: Axes) -> None:
        """Every second section as a band behind the axes, its name above; a name that has no room is left out."""
        total = max([1, *self.sections["last"]])
        for i, row in enumerate(self.sections.itertuples()):
            if i % 2 == 0:
                ax.axvspan(row.first, row.last, color=BAND, lw=0, zorder=0)
            room = int((row.last - row.first) / total * 74)
            if room >= 5:
                place = {"transform": ax.get_xaxis_transform(), "va": "bottom", "size": 8, "color": MUTED}
                ax.text(row.first + total * 0.005, 1.01, short(row.section, room), **place)
        ax.set_xlim(0, total)

    @form("The article as a page of blocks")
    def page(self, words: pd.DataFrame, *, title: str) -> tuple[Figure, str]:
        """The article as a printed page, a block for each word (`start, end, sid, voice, side`), as long as the word."""
        lines = _columns(self.article.lines, words)
        width, depth = lines.width.max(), int(lines.y.max()) + 1
        unit = (WIDTH - 0.15) / (COLUMNS * width + (COLUMNS - 1) * GAP)
        spoken = words.side[words.voice.isin(["quoted", "paraphrased"])]
        sides = [s for s in dict.fromkeys([*self.colors, *spoken]) if s in set(spoken)]
        subtitle = "A block a word: solid is quoted, pale paraphrased, grey said by nobody named; outlines are no article"
        fig, ax = self.frame(depth * LINE * unit + 0.1, title, subtitle, sides)
        blocks = lines[lines.text == ""]
        for (sid, side, voice), own in blocks.groupby(["sid", "side", "voice"], sort=False):
            look = {"facecolor": "white", "edgecolor": "#b6bbc2", "lw": 0.5} if voice == "" else self.look(side, voice)
    
        for row in lines[lines.text != ""].itertuples():
            cut = short(row.text, int(width * unit / 0.082))
            ax.text(row.x, row.y + 0.42, cut, size=8.5, weight="bold", va="center")
        ax.set(xlim=(0, COLUMNS * width + (COLUMNS - 1) * GAP), ylim=(depth, -0.1))
        ax.set_axis_off()
        counts = words.voice.value_counts()
        return fig, ", ".join(f"{n:,} words {voice}" for voice, n in counts.items())

    @form("Grid of counts")
    def grid(self, table: pd.DataFrame, *, title: str, sides: dict | None = None) -> tuple[Figure, str]:
        """Counts as circles whose area is the count; the largest of a row is in colour (`sides`: row to side)."""
        rows, cols, top = *table.shape, max(table.to_numpy().max(), 1)
        step, many = 5.2 / cols, cols > 5
        fig, ax = self.frame(0.5 + 0.33 * rows + 0.5 * many, title, "Counts; the largest of each row in colour")
        for y, (name, row) in enumerate(table.iterrows()):
            for x, (column, count) in enumerate(row.items()):
                best = count == row.max() > 0 and (cols == 1 or row.min() < row.max())
                side = (sides or {}).get(name, column if column in self.colors else None)
                color = (SIDE_1 if side is None else self.color(side)) if best else NOBODY
                reach = min(0.31, step * 0.8) * 72
                ax.scatter(x, y, s=max(reach**2 * count / top, 6), color=color, lw=0)
                inside = "white" if best and count / top > 0.3 else INK
                if count:
                    ax.text(x, y, f"{count:,}", ha="center", va="center_baseline", size=8.5, color=inside)
        name_rows(ax, table.index, 30, above=0.5, below=0.5)
        sizes = dict(zip(self.sections.section, self.sections.words))
        sizes = [f"{sizes[c]:,} words" if c in sizes else f"{table[c].sum():,}" for c in table]
        heads = [f"{short(c, 20 if many else max(int(step / 0.085), 4))}\n{n}" for c, n in zip(table, sizes)]
        turned = {"rotation": 35, "ha": "left", "rotation_mode": "anchor"} if many else {}
        heads = [head.replace("\n", ", ") for head in heads] if many else heads
        ax.set_xticks(range(cols), heads, color=MUTED, **turned)
        ax.tick_params(axis="x", length=0, top=False, labeltop=True, labelbottom=False)
        ax.set_xlim(-0.5, cols - 0.5)
        ax.spines.bottom.set_visible(False)
        best = table.stack().idxmax()
        return fig, f"“{best[0]}” comes most often in “{best[1]}”, {table.to_numpy().max():,} times"

    @form("Stacked bars")
    def stacks(self, table: pd.DataFrame, *, title: str) -> tuple[Figure, str]:
        """A bar a section, its words shared out (`section, side, voice, words, share`)."""
        names = list(dict.fromkeys(table.section))
        sides = [side for side in dict.fromkeys([*self.colors, *table.side]) if side in set(table.side[table.words > 0])]
        rank = {side: n for n, side in enumerate(sides)}
        told = [side for side in sides if side in set(table.side[table.voice.isin(["quoted", "paraphrased"])])]
        subtitle = "Share and number of each section’s words: solid quoted, pale paraphrased, grey said by nobody named"
        fig, ax = self.frame(0.15 + 0.62 * len(names), title, subtitle, told)
        for y, name in enumerate(names):
            own = table[(table.section == name) & (table.words > 0)]
            order = sorted(own.itertuples(), key=lambda row: (row.side == UNNAMED, rank[row.side], row.voice != "quoted"))
            left, free = 0, 0
            for row in order:
                ax.barh(y, row.share, left=left, height=0.56, **self.look(row.side, row.voice))
                middle, color = left + row.share / 2, "white" if row.voice == "quoted" else INK
                if row.share >= 0.045:
                    place = {"ha": "center", "va": "center", "color": color, "linespacing": 1.1, "size": 8}
                    ax.text(middle, y, f"{row.share:.0%}\n{row.words:,}", **place)
                else:
                    at = max(middle, free + 0.045)
                    ax.text(at, y + 0.3, f"{row.share:.0%} ({row.words:,})", ha="center", va="top", size=6.5)
                    free = at + 0.045
                left += row.share
        totals = table.groupby("section").words.sum()
        name_rows(ax, [f"{short(name, 24)}, {totals[name]:,} words" for name in names], 44, 0.4, 0.5)
        ax.set_xlim(0, 1)
        bare(ax)
        best = table.loc[table.share.idxmax()]
        return fig, f"the largest part is {best.share:.0%} of {best.section}, {best.voice}, {best.side}"

    @form("Slopes over three stops")
    def slope(self, table: pd.DataFrame, *, title: str) -> tuple[Figure, str]:
        """Each side's share of what is named, reported and quoted (counts), a line a side."""
        stops = ["named", "reported", "quoted"]
        totals = table[stops].sum()
        shares = table[stops] / totals.where(totals > 0, 1)
        fig, ax = self.frame(3.1, title, "Shares of the times named, of the words reported and of the words quoted")
        for side, share in zip(table.side, shares.to_numpy()):
            ax.plot(range(3), share, "-o", color=self.color(side), lw=2.5, ms=6, clip_on=False)
        for x, stop in enumerate(stops):
            for y, at, side, count in zip(shares[stop], dodge(shares[stop], 0.075), table.side, table[stop]):
                text = f"{y:.0%} ({count:,})"
                text = f"{short(side, 24)}  {text}" if x == 0 else text
                place = {"ha": "right" if x == 0 else "left", "va": "center", "color": self.color(side)}
                ax.annotate(text, (x, at), xytext=(-9 if x == 0 else 9, 0), textcoords="offset points", **place)
        for x in range(3):
            ax.axvline(x, color=NOBODY, lw=1, zorder=0)
        ax.set_xticks(range(3), [f"{stop}\n{totals[stop]:,} in all" for stop in stops], color=INK)
        ax.tick_params(axis="x", length=0)
        ax.set(xlim=(-0.02, 2.3), ylim=(-0.05, max(1e-9, shares.max().max()) + 0.06))
        ax.yaxis.set_visible(False)
        ax.spines.bottom.set_visible(False)
        best = table.loc[table.named.idxmax()]
        return fig, f"{best.side} is named most, {best.named:,} times, and quoted with {best.quoted:,} words"

    @form("Strokes along the article")
    def strokes(self, table: pd.DataFrame, *, title: str, highlight: object = None) -> tuple[Figure, str]:
        """A line for each value of `row` and a stroke at word `first` of each occurrence, in the colour of `side`."""
        names = list(dict.fromkeys(table.row))
        fig, ax = self.frame(0.7 + 0.26 * len(names), title, "Every occurrence, a stroke at its place; at the right their number")
        self.shade(ax)
        sids = table["sid"] if "sid" in table else pd.Series("", index=table.index)
        for y, name in enumerate(names):
            own = table[table.row == name]
            color = self.color(own.side.iloc[0]) if "side" in own else SIDE_1
            strokes = ax.vlines(own["first"], y - 0.32, y + 0.32, color=color, lw=1.8)
            strokes.set_urls([link(sid) for sid in sids[own.index]])
            ax.annotate(f"{len(own):,}", (1, y), xycoords=ax.get_yaxis_transform(), xytext=(5, 0),
                        textcoords="offset points", va="center", color=color, weight="bold" if name == highlight else "normal")
        name_rows(ax, names, 30)
        for name, text in zip(names, ax.get_yticklabels()):
            text.set_weight("bold" if name == highlight else "normal")
        ax.set_xlabel("words from the start of the article")
        counts = table.row.value_counts(sort=False)
        return fig, f"{len(names):,} lines, “{counts.idxmax()}” with most strokes, {counts.max():,}"

    @form("Sentence scores and the words behind them")
    def sounds(self, scores: pd.DataFrame, means: pd.DataFrame, words: pd.DataFrame, *, title: str) -> tuple[Figure, str]:
        """A band a section: its sentences' scores as dots, mean and interval; beside it the strongest words."""
        subtitle = "Left: VADER’s score of each sentence, mean and 95% interval of each section. Right: strongest words in points; hollow: misread here"
        strong = [_strongest(words[words.section == name]) for name in means.section]
        heights = [max(1.1, 0.35 + 0.155 * len(own)) for own in strong]
        shape = {"nrows": len(means), "ncols": 2, "squeeze": False, "sharex": "col"}
        shape["gridspec_kw"] = {"height_ratios": heights, "width_ratios": [3, 2]}
        fig, axes = self.frame(0.4 + sum(heights), title, subtitle, **shape)
        for (left, right), mean, own in zip(axes, means.to_dict("records"), strong):
            _dots(left, scores[scores.section == mean["section"]].dropna(subset="vader"), mean)
            _words(right, own, max(1.0, words.points.abs().max() if len(words) else 1))
        axes[-1, 0].set_xlabel("VADER score")
        axes[-1, 1].set_xlabel("points")
        best = means.loc[means["mean"].idxmax()] if means["mean"].notna().any() else None
        return fig, "no scores" if best is None else f"{best.section} has the highest mean, {signed(best['mean'])}"

    @form("Bars")
    def bars(self, table: pd.DataFrame, label: str, value: str, *, title: str, highlight: str | None = None,
             note: str | None = None) -> tuple[Figure, str]:
        """A bar a row with its number, and a text from column `note` behind it; `highlight`: a column of booleans."""
        fig, ax = self.frame(0.1 + 0.26 * len(table), title, unit(value))
        values, reach = table[value].to_numpy(), max(table[value].max(), 0) or 1
        on = table[highlight] if highlight else [True] * len(table)
        ax.barh(range(len(table)), values, color=[SIDE_1 if flag else NOBODY for flag in on], height=0.68)
        for y, (number, text) in enumerate(zip(values, table[note] if note else [""] * len(table))):
            shown = f"{number:,}" if isinstance(number, (int, np.integer)) else f"{number:,.2f}"
            ax.annotate(short(f"{shown}  {text}", 40), (max(number, 0), y), xytext=(4, 0), textcoords="offset points", va="center", size=8.5)
        name_rows(ax, table[label], 34, 0.5, 0.5)
        ax.set_xlim(min(0, *values, 0), reach)
        bare(ax)
        best = table.loc[table[value].idxmax()]
        return fig, f"“{best[label]}” leads with {best[value]:,}, the least is {table[value].min():,}"

    @form("Specification curve")
    def readings(self, table: pd.DataFrame, *, title: str) -> tuple[Figure, str]:
        """Every reading a dot at its `gap`, sorted, a panel a lexicon; below, squares for the choices it rests on."""
        choices = [c for c in table if c not in ("lexicon", "gap", "lowest", "same", "shipped")]
        names = list(dict.fromkeys(table.lexicon))
        subtitle = f"Each dot a reading, one combination of {len(choices)} choices (squares), sorted by the gap; filled where the lowest section is the same"
        shape = {"nrows": 2, "ncols": len(names), "squeeze": False, "sharex": "col", "sharey": "row"}
        shape["gridspec_kw"] = {"height_ratios": [2.4, 0.25 * max(len(choices), 1)]}
        fig, axes = self.frame(2.7 + 0.25 * len(choices), title, subtitle, **shape)
        for (top, low), name in zip(axes.T, names):
            _curve(top, low, table[table.lexicon == name].sort_values("gap", kind="stable"), choices)
            top.set_title(short(name, 30), color=INK)
        axes[0, 0].set_ylabel("gap between the sections")
        same = table.groupby("lexicon", sort=False).same.agg(["sum", "size"])
        return fig, ", ".join(f"{name}: {n:,} of {all_:,} agree" for name, n, all_ in same.itertuples())


def _key(sides: list) -> list[list]:
    """Swatches and names for the sides, in rows that fit the width."""
    rows, room = [], 0
    for side, *looks in sides:
        swatch = DrawingArea(26, 8)
        for x, look in zip((0, 13), looks):
            swatch.add_artist(Rectangle((x, 0), 12, 8, **look))
        text = short(side, 34)
        if room < len(text) + 6:
            rows, room = [*rows, []], 90
        rows[-1] += [swatch, TextArea(f"{text}    ", textprops={"size": 8.5})]
        room -= len(text) + 8
    return rows


def _columns(lines: pd.DataFrame, words: pd.DataFrame, wide: int = 38) -> pd.DataFrame:
    """Where each block stands (`x, y, size` in characters and lines), wide enough that the page is not too tall.

    A paragraph's first two lines stay together, and a heading with what follows.
    """
    rows = []
    for line in lines[lines.role != "headline"].itertuples():
        rows += _set(line, words[(words.start >= line.start) & (words.start < line.end)], wide)
    rows = rows or [[("", "", "", "", 0, 0)]]
    depth = -(-len(rows) // COLUMNS)
    if depth * LINE > 1.3 * (COLUMNS * wide + (COLUMNS - 1) * GAP):
        return _columns(lines, words, int(wide * 1.2))
    placed, column, y = [], 0, 0
    for i, row in enumerate(rows):
        first = row and (i == 0 or not rows[i - 1])
        if column < COLUMNS - 1 and (y >= depth or (first and y >= depth - 1)):
            column, y = column + 1, 0
        if row or y:
            placed += [(*block[:4], block[4] + column * (wide + GAP), y, block[5]) for block in row]
            y += 1
    return pd.DataFrame(placed, columns=["text", "sid", "side", "voice", "x", "y", "size"]).assign(width=wide)


def _set(line: object, words: pd.DataFrame, wide: int) -> list[list]:
    """One line of the file as printed lines of blocks, and an empty one below; a heading keeps its text."""
    if line.role == "heading":
        return [[(line.text, "", "", "", 0, 0)]]
    if line.role == "removed":
        found = [("", "", "", *m.span()) for m in re.finditer(r"\S+", line.text)]
    else:
        found = [(w.sid, w.side, w.voice, w.start, w.end) for w in words.itertuples()]
    rows, x = [[]], 2 * (line.role == "body")
    for sid, side, voice, start, end in found:
        size = min(end - start, wide)
        if x + size > wide and rows[-1]:
            rows, x = [*rows, []], 0
        rows[-1].append(("", sid, side, voice, x, size))
        x += size + 1
    return [*rows, []] if found else []


def _strongest(words: pd.DataFrame, most: int = 5) -> pd.DataFrame:
    """The words with most points each way, from the highest to the lowest."""
    ranked = words.sort_values(["points", "word"], ascending=[False, True])
    return pd.concat([ranked[ranked.points > 0].head(most), ranked[ranked.points < 0].tail(most)])


def _tone(value: float) -> str:
    return GOOD if value > 0 else BAD if value < 0 else MUTED


def _dots(ax: Axes, scores: pd.DataFrame, mean: dict) -> None:
    """Scores as dots, equal ones stacked, the extremes with their sid; below them the mean and its interval."""
    scores = scores.sort_values("vader")
    up = scores.groupby((scores.vader * 30).round()).cumcount()
    dots = ax.scatter(scores.vader, up, s=26, c=[_tone(v) for v in scores.vader], lw=0, clip_on=False)
    dots.set_urls([link(sid) for sid in scores.sid])
    for i in {0, len(scores) - 1} if len(scores) else ():
        ax.annotate(scores.sid.iloc[i], (scores.vader.iloc[i], up.iloc[i]), xytext=(0, 5), textcoords="offset points",
                    ha="center", size=7, color=MUTED)
    if pd.notna(mean["mean"]):
        ax.plot([mean["low"], mean["high"]], [-1, -1], color=INK, lw=1)
        ax.plot(mean["mean"], -1, "|", color=INK, ms=11, mew=2.5)
        ax.annotate(signed(mean["mean"]), (mean["mean"], -1), xytext=(0, -8), textcoords="offset points", ha="center",
                    va="top", size=8.5, weight="bold")
    ax.axvline(0, color=MUTED, lw=0.6)
    ax.set_yticks([0], [f"{short(mean['section'], 20)}\n{mean['scored']:,} scored"])
    ax.set(xlim=(-1.05, 1.05), ylim=(-2.6, max(up.max() if len(up) else 0, 2) + 1.5))
    ax.set_xticks([-1, 0, 1], ["−1", "0", "+1"])


def _words(ax: Axes, words: pd.DataFrame, reach: float) -> None:
    """Bars of points left and right of zero, the word across the zero line; a misread one is hollow."""
    for y, row in enumerate(words.itertuples()):
        color, side = _tone(row.points), 1 if row.points > 0 else -1
        ax.barh(y, row.points, height=0.7, facecolor="white" if row.misread else color, edgecolor=color, lw=1)
        text = f"{short(row.word, 14)} ×{row.count}" if row.count > 1 else short(row.word, 16)
        for at, words_, turn in ((0, text, -side), (row.points, signed(row.points, 1), side)):
            ax.annotate(words_, (at, y), xytext=(3 * turn, 0), textcoords="offset points", va="center", size=7.5,
                        ha="left" if turn > 0 else "right", color=MUTED if row.misread else INK)
    ax.axvline(0, color=MUTED, lw=0.6)
    ax.set(ylim=(max(len(words), 5) - 0.4, -0.6), xlim=(-1.5 * reach, 1.5 * reach))
    ax.set_yticks([])
    ax.spines.bottom.set_visible(False)
    ax.tick_params(axis="x", length=0, labelbottom=False)


def _curve(top: Axes, low: Axes, table: pd.DataFrame, choices: list[str]) -> None:
    for same, look in ((True, SIDE_1), (False, "white")):
        own = (table.same == same).to_numpy()
        top.scatter(np.flatnonzero(own), table.gap[own], s=16, facecolor=look, edgecolor=SIDE_1 if same else MUTED, lw=0.8)
    for x in np.flatnonzero(table.shipped):
        top.annotate("as it stands", (x, table.gap.iloc[x]), xytext=(0, 28), textcoords="offset points", ha="center",
                     size=8, arrowprops={"arrowstyle": "-", "color": INK, "lw": 0.8})
    top.axhline(0, color=INK, lw=0.6)
    top.margins(y=0.2)
    for y, choice in enumerate(choices):
        low.hlines(y, -0.5, len(table) - 0.5, color=BAND, lw=4, zorder=0)
        low.plot(np.flatnonzero(table[choice]), [y] * int(table[choice].sum()), "s", color=INK, ms=2.5)
    name_rows(low, [heading(c) for c in choices], 30)
    for ax in (top, low):
        bare(ax)
