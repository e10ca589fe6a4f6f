"""Charts of one article: each draws a finished table, shows it with its alternative text, and saves both.

One colour a side; tone has its own pair; grey is context. Hue never stands alone: quoted is solid, paraphrased
pale with an outline. Nothing is computed here but places on the paper, in inches unless said otherwise.
"""

import base64
import io
import os
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
from newstext import Article
from PIL import Image

from newsprint.show import (
    cell,
    check_settings,
    heading,
    out_folder,
    plain,
    safe_csv,
    save,
    say,
    signed,
    source_line,
    unit,
)
from newsprint.terms import sides_of

SIDE_1, SIDE_2, OTHERS, NOBODY = "#0f6b83", "#c2571a", "#6d5a9c", "#d0d4d9"
GOOD, BAD, INK, MUTED, BAND, WHITE = "#2f7d4f", "#8f2d56", "#1f2328", "#6b7280", "#f1f3f5", "#ffffff"
PALE = {SIDE_1: "#93bbc6", SIDE_2: "#e2b08f", OTHERS: "#b9aece", MUTED: "#e8eaed"}
SPOKEN = ["quoted", "paraphrased"]
WIDTH, DPI = 7, 200
COLUMNS, GAP, LINE = 4, 3, 1.9  # of the page; the gap and the height of a line in characters
STYLE = Path(__file__).with_name("newsprint.mplstyle")


def form(draw: Callable) -> Callable:
    """A drawing method under the style, for tables that have rows."""

    @wraps(draw)
    def drawn(self, name: str, table: pd.DataFrame, *more, title: str, **options) -> None:
        if table.empty:
            return say(f"Nothing to draw: {title}")
        with mpl.rc_context({"svg.hashsalt": name}, STYLE):
            draw(self, name, table, *more, title=title, **options)

    return drawn


def png(fig: Figure) -> bytes:
    """The figure as PNG in 128 colours: a third of the size, no difference to the eye."""
    fig.set_dpi(DPI)
    canvas, file = FigureCanvasAgg(fig), io.BytesIO()
    canvas.draw()
    picture = Image.fromarray(np.asarray(canvas.buffer_rgba())).convert("RGB")
    picture.quantize(128, Image.Quantize.MAXCOVERAGE).save(file, "png", dpi=(DPI, DPI))
    return file.getvalue()


def svg(fig: Figure, name: str, said: dict[str, str]) -> str:
    """The drawing without title, subtitle and foot, to stand in a page: attributes for styles, the page's own font."""
    for artist in (fig.patch, *fig.texts[:3]):
        artist.set_visible(False)
    file = io.StringIO()
    fig.savefig(file, format="svg", bbox_inches=fig.drawing, pad_inches=0, metadata={"Date": None})
    start = f'<svg \\1 role="img" aria-label="{escape(fig.about["alt"])}">'.replace("\\u", "\\\\u")

    ids: dict[str, int] = {}

    def number_id(found: re.Match) -> str:  # in place of hashes, which the last digit of a place can change
        return f"{found[1]}{name}-{ids.setdefault(found[2], len(ids) + 1)}"

    def mend(found: re.Match) -> str:
        tag = re.sub(r"font: (?:(\d+) )?([\d.]+px) [^;]*", r"font-weight: \g<1>; font-size: \2", found[0])
        tag = re.sub(r' style="(.*?)"', lambda s: re.sub(r"([\w-]+): ([^;]*)(; ?|$)", r' \1="\2"', s[1]), tag)
        tag = re.sub(r' (id="[A-Za-z.]+\d?d?_\d+"|font-weight=""|(font-family|target)=".*?")', "", tag)
        tag = re.sub(r' transform="rotate\(-0.*?"', "", tag)
        tag = re.sub(r'(id="|url\(#|(?:xlink:)?href="#)([\w.-]+)', number_id, tag).replace("xlink:href", "href")
        sid = re.search(r'^<a .*#(s\d+)"', tag)
        tag = re.sub(r'<svg.*?(viewBox="[^"]*").*', start, tag)
        return f"{tag}<title>{escape(said[sid[1]])}</title>" if sid and sid[1] in said else tag

    drawing = re.sub(r"(?s)^.*?(?=<svg)|<(metadata|style).*?</\1>", "", file.getvalue())
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
    """Lines of about the same length, as few as fit the figure, three at most."""
    text = fit(text, 2.5 * WIDTH, size)
    width = len(text) + 1
    while any(measure(line, size) > WIDTH - 0.15 for line in textwrap.wrap(text, width)):
        width -= 1
    rows = len(textwrap.wrap(text, width))
    return next(lines for n in range(len(text) // rows, width + 1) if len(lines := textwrap.wrap(text, n)) <= rows)


def put(ax: Axes, text: str, x: float, y: float, dx: float = 0, dy: float = 0, **style: object) -> None:
    """A text at a place in the data, moved by points."""
    style = {"va": "center", "size": 8.5, "color": INK, "ha": "left" if dx > 0 else "right" if dx else "center"} | style
    ax.annotate(text, (x, y), xytext=(dx, dy), textcoords="offset points", **style)


def name_rows(ax: Axes, names: Iterable, room: float = 2.2, edge: float = 0.6) -> None:
    """A row for each name, the first on top; no scale."""
    names = [fit(name, room) for name in names]
    ax.set_yticks(range(len(names)), names)
    ax.set_ylim(len(names) - 1 + edge, -edge)
    ax.set_xticks([])


def amount(value: float) -> str:
    """A bar's number: no decimals from ten on."""
    return cell(value, 0 if abs(value) >= 10 else 2)


def tone(value: float) -> str:
    """The colour of a score or of points: green above zero, plum below."""
    return GOOD if value > 0 else BAD if value < 0 else MUTED


def link(sid: str) -> str | None:
    """Where the pages show a sentence."""
    return f"index.html#{sid}" if sid else None


class Charts:
    """The charts of one notebook share the source line, the sections, the sides' colours and the files' number."""

    def __init__(self, article: Article, number: str, **settings: object):
        changed = check_settings(article, settings)
        self.article, self.number, self.foot, self.out = article, number, source_line(article), out_folder(changed)
        if changed and not os.environ.get("NEWSPRINT_OUT"):
            say(f"Changed: {', '.join(changed)}. What is said of the shipped article above does not hold here;")
            say("figures and tables go to build/lab.")
        self.sections = article.along(article.sections)
        self.said = {row.sid: plain(f"{row.sid}: {row.text}") for row in article.sentences.itertuples()}
        *sides, others, nobody = sides_of(article, []).categories
        hues = [SIDE_1, SIDE_2, *[OTHERS] * len(sides)]
        self.colors = dict(zip(sides, hues)) | {others: OTHERS, nobody: MUTED}

    def publish(self, fig: Figure, name: str, table: pd.DataFrame, what: str) -> None:
        """Save the figure (PNG, SVG for a page) and its table (CSV), and show the figure with its alternative text."""
        name = f"{self.number}-{name}"
        alt = fig.about["alt"] = plain(f"{what}. {fig.about['title']}.")
        picture = png(fig)
        save(self.out / "figures" / f"{name}.png", picture)
        save(self.out / "site" / "figures" / f"{name}.svg", svg(fig, name, self.said).encode())
        save(self.out / "site" / "tables" / f"{name}.csv", safe_csv(table).encode())
        about = {"image/png": {"alt": alt, "width": WIDTH * 100}, "newsprint": {"figure": name, **fig.about}}
        data = {"image/png": picture, "text/plain": alt}
        if "NEWSPRINT_OUT" not in os.environ:  # Lab and nbconvert know no alternative text for a picture but that of HTML
            source = base64.b64encode(picture).decode()
            data["text/html"] = f'<img alt="{escape(alt)}" width="{WIDTH * 100}" src="data:image/png;base64,{source}">'
        display(data, metadata=about, raw=True)

    def color(self, side: object) -> str:
        """The side's colour: others share one, nobody named is muted."""
        return self.colors.get(side, OTHERS)

    def look(self, side: object, voice: str) -> dict:
        """How words are drawn: quoted solid, paraphrased pale with an outline, what nobody is named for grey."""
        if voice not in SPOKEN:
            return {"facecolor": NOBODY, "edgecolor": "none", "lw": 0}
        color = self.color(side)
        return {"facecolor": color if voice == "quoted" else PALE[color], "edgecolor": color, "lw": 0.6}

    def speaking(self, words: pd.DataFrame) -> list:
        """The sides that are quoted or paraphrased: as the article lists them, then the others."""
        spoken = set(words.side[words.voice.isin(SPOKEN)])
        return [side for side in self.colors if side in spoken]

    def frame(self, height: float, title: str, subtitle: str, sides: Iterable = (), **subplots) -> tuple[Figure, Axes]:
        """A figure with title, subtitle and foot at its left edge, `height` of axes, and above them the sides."""
        above, below, foot = wrap(title, 13.6), wrap(subtitle, 9), wrap(self.foot, 7.5)
        head, tail, key = 0.2 + 0.235 * len(above) + 0.17 * len(below), 0.1 + 0.14 * len(foot), 0.24 * bool(sides)
        whole = head + key + height + tail
        fig = Figure(figsize=(WIDTH, whole), layout="constrained")
        fig.about = {"title": plain(title), "subtitle": plain(subtitle), "foot": self.foot}
        fig.drawing = Bbox([[0, tail], [WIDTH, whole - head]])
        fig.get_layout_engine().set(rect=(0.004, tail / whole, 0.992, height / whole))
        places = (
            (0.07, 12, INK, "bold"),
            (0.12 + 0.235 * len(above), 9, MUTED, None),
            (whole - tail + 0.04, 7.5, MUTED, None),
        )
        for text, (down, size, color, weight) in zip((above, below, foot), places):
            style = {"size": size, "color": color, "weight": weight, "va": "top", "linespacing": 1.25}
            fig.text(0.01, 1 - down / whole, "\n".join(text), **style)
        x, y, box = 0.07, (tail + height + 0.08) / whole, {"width": 0.17 / WIDTH, "height": 0.11 / whole}
        for side in sides:
            for voice in SPOKEN:
                fig.add_artist(Rectangle((x / WIDTH, y), **box, **self.look(side, voice), transform=fig.transFigure))
                x += 0.18
            fig.text((x + 0.05) / WIDTH, y, fit(side, 1.8, 8.5), size=8.5)
            x += 0.25 + measure(fit(side, 1.8, 8.5), 8.5)
        return fig, fig.subplots(**subplots)

    @form
    def page(self, name: str, table: pd.DataFrame, *, title: str) -> None:
        """The article as a printed page, a block for each word (`start, end, sid, voice, side`), as long as it."""
        wide, blocks = set_page(self.article, table)
        scale, deep = (WIDTH - 0.15) / (COLUMNS * (wide + GAP) - GAP), max(blocks.y.max() + 1, 6)
        subtitle = "A block is a word: solid quoted, pale paraphrased, grey nobody named; an outline, not the article"
        fig, ax = self.frame(deep * LINE * scale + 0.05, title, subtitle, self.speaking(table))
        for (role, sid, side, voice), own in blocks.groupby(["role", "sid", "side", "voice"], sort=False):
            if role == "heading":
                put(ax, fit(side, wide * scale, 9.5), own.x.iloc[0], own.y.iloc[0] - 0.1, ha="left", weight="bold")
                continue
            look = self.look(side, voice) if role == "body" else {"facecolor": WHITE, "edgecolor": "#b6bbc2", "lw": 0.5}
            corners = (
                [(x, y), (x + n, y), (x + n, y + 0.6), (x, y + 0.6)] for x, y, n in zip(own.x, own.y, own.length)
            )
            boxes = [Outline([*box, box[0]], closed=True) for box in corners]
            ax.add_patch(PathPatch(Outline.make_compound_path(*boxes), url=link(sid), **look))
        ax.set(xlim=(0, COLUMNS * (wide + GAP) - GAP), ylim=(deep, -0.2))
        ax.set_axis_off()
        counts = ", ".join(f"{cell(n)} {voice}" for voice, n in table.voice.value_counts().items())
        self.publish(fig, name, table, f"The article as a page of {cell(len(table))} blocks, one a word: {counts}")

    @form
    def grid(self, name: str, table: pd.DataFrame, *, title: str, sides: dict | None = None) -> None:
        """Counts as circles whose area is the count; the largest of a row is in colour (`sides`: row to side)."""
        step, most, many = 5 / table.shape[1], max(table.to_numpy().max(), 1), table.shape[1] > 5
        fig, ax = self.frame(0.5 + 0.33 * len(table) + 0.7 * many, title, "Counts; the largest of each row in colour")
        for y, (row, counts) in enumerate(table.iterrows()):
            for x, (column, count) in enumerate(counts.items()):
                best = count == counts.max() > (counts.min() if len(counts) > 1 else 0)
                fill = self.colors.get((sides or {}).get(row, column), OTHERS if sides else SIDE_1) if best else NOBODY
                wide = max(72 * min(0.31, step * 0.8) * (count / most) ** 0.5, 2.5)
                inside = wide > measure(cell(count), 8.5) * 72 + 3
                ax.scatter(x, y, s=wide**2, color=fill, lw=0)
                ink = WHITE if best and inside else INK
                put(ax, cell(count) if count else "", x, y, 0 if inside else wide / 2 + 2, color=ink)
        name_rows(ax, table.index, 1.9, 0.5)
        sizes, words = table.sum(), self.sections.set_index("section").words
        sizes = [f"{cell(words[c])} words" if c in words else f"{cell(n)} in all" for c, n in sizes.items()]
        heads = [f"{fit(c, 1.4 if many else step - 0.1, 8)}\n{size}" for c, size in zip(table, sizes)]
        ax.set_xticks(
            range(len(heads)), heads, **{"rotation": 35, "ha": "left", "rotation_mode": "anchor"} if many else {}
        )
        ax.tick_params(axis="x", labeltop=True, labelbottom=False)
        ax.set_xlim(-0.5, len(heads) - 0.5)
        row, column = table.stack().idxmax()
        what = f"Grid of counts, {cell(len(table))} rows: “{row}” comes most often in “{column}”, {cell(most)} times"
        self.publish(fig, name, table.rename_axis("row").reset_index(), what)

    @form
    def stacks(self, name: str, table: pd.DataFrame, *, title: str) -> None:
        """A bar a section, its words shared out by side and voice (`section, side, voice, words, share`)."""
        totals, order = table.groupby("section", sort=False).words.sum(), self.speaking(table)
        subtitle = "Share and number of a section’s words: solid quoted, pale paraphrased, grey nobody named"
        fig, ax = self.frame(0.1 + 0.6 * len(totals), title, subtitle, order)
        rank = {(side, voice): n for n, (side, voice) in enumerate((s, v) for s in order for v in SPOKEN)}
        left, free = dict.fromkeys(totals.index, 0), dict.fromkeys(totals.index, 0)
        for part in sorted(
            table[table.words > 0].itertuples(), key=lambda part: rank.get((part.side, part.voice), 999)
        ):
            y, x = totals.index.get_loc(part.section), left[part.section]
            ax.barh(y, part.share, left=x, height=0.56, **self.look(part.side, part.voice))
            if part.share >= 0.045:
                style = {"color": WHITE if part.voice == "quoted" else INK, "size": 8, "linespacing": 1.1}
                put(ax, f"{part.share:.0%}\n{part.words:,}", x + part.share / 2, y, **style)
            else:
                x = max(x, free[part.section])
                put(ax, f"{part.share:.0%} ({part.words:,})", x, y + 0.38, size=7, ha="left")
                free[part.section] = x + 0.12
            left[part.section] += part.share
        name_rows(ax, [f"{fit(section, 1.3)}, {cell(n)} words" for section, n in totals.items()], edge=0.45)
        ax.set_xlim(0, 1)
        top = table.loc[table.share.fillna(0).idxmax()]
        what = f"the largest part is {top.share:.0%} of {top.section}, {top.voice}, {top.side}"
        self.publish(fig, name, table, f"Stacked bars, {cell(len(totals))} sections: {what}")

    @form
    def slope(self, name: str, table: pd.DataFrame, *, title: str) -> None:
        """Each side's share of what is named, reported and quoted (counts), a line a side."""
        stops = ["named", "reported", "quoted"]
        totals = table[stops].sum()
        shares = table[stops] / totals.where(totals > 0, 1)
        top = max(shares.to_numpy().max(), 0.01)
        fig, ax = self.frame(3.1, title, "Shares of the times named, of the words reported, and of the words quoted")
        for x, stop in enumerate(stops):
            ax.axvline(x, color=NOBODY, lw=1, zorder=0)
            away = np.where(shares.reported > shares.quoted, 0.05, -0.05) * top * (x == 1)  # from the line that goes on
            wanted, step = (shares[stop] + away).to_numpy(), top * 0.075
            rank = wanted.argsort(kind="stable").argsort()
            places = np.maximum.accumulate(np.sort(wanted) - step * np.arange(len(wanted)))[rank] + step * rank
            for side, place, share, count in zip(table.side, places, shares[stop], table[stop]):
                text = f"{fit(side, 1.4)}  " * (x == 0) + f"{share:.0%} ({cell(count)})"
                put(ax, text, x, place, 8 if x else -8, size=9, color=self.color(side))
        for side, share in zip(table.side, shares.to_numpy()):
            ax.plot(
                range(3), share, "o--" if side in [*self.colors][3:] else "o-", color=self.color(side), lw=2.5, ms=6
            )
        ax.set_xticks(range(3), [f"{stop}\n{cell(totals[stop])} in all" for stop in stops])
        ax.set(xlim=(-0.02, 2.02), ylim=(-0.1 * top, max(top * 1.08, places.max())), yticks=[])
        best = table.loc[table.named.idxmax()]
        what = f"{best.side} is named most, {cell(best.named)} times, and has {cell(best.quoted)} words quoted"
        self.publish(fig, name, table, f"Slopes over three stops, {cell(len(table))} sides: {what}")

    @form
    def strokes(self, name: str, table: pd.DataFrame, *, title: str, highlight: object = None) -> None:
        """A line for each value of `row`, a stroke at word `first` of each occurrence, in the colour of its `side`."""
        rows, total = dict([*table.groupby("row", sort=False)]), max([1, *self.sections["last"]])
        subtitle = "A stroke at the place of every occurrence; at the right, how many"
        fig, ax = self.frame(0.25 + 0.25 * len(rows), title, subtitle)
        for i, section in enumerate(self.sections.itertuples()):
            room = (section.last - section.first) / total * 4.6
            ax.axvspan(section.first, section.last, color=BAND if i % 2 == 0 else "none", lw=0, zorder=0)
            style = {"xycoords": ax.get_xaxis_transform(), "color": MUTED, "size": 8, "va": "bottom"}
            put(ax, fit(section.section, room, 8) if room > 0.3 else "", section.first, 1, 1, 2, **style)
        for y, (row, own) in enumerate(rows.items()):
            color, urls = self.color(own.side.iloc[0]) if "side" in own else SIDE_1, [*map(link, own.get("sid", []))]
            ax.vlines(own["first"], y - 0.32, y + 0.32, color=color, lw=1.8, urls=urls)
            style = {"color": color, "weight": "bold" if row == highlight else None}
            put(ax, cell(len(own)), 1, y, 5, xycoords=ax.get_yaxis_transform(), **style)
        name_rows(ax, rows)
        for row, text in zip(rows, ax.get_yticklabels()):
            text.set_weight("bold" if row == highlight else None)
        ax.set_xlim(0, total)
        row = max(rows, key=lambda row: len(rows[row]))
        what = f"“{row}” has most strokes, {cell(len(rows[row]))}"
        self.publish(fig, name, table, f"Strokes along the article, {cell(len(rows))} rows: {what}")

    @form
    def sounds(self, name: str, table: pd.DataFrame, means: pd.DataFrame, words: pd.DataFrame, *, title: str) -> None:
        """A band a section: sentences (`sid, section, vader`) as dots, mean, interval; beside it the words given."""
        subtitle = (
            "Left: VADER’s score of each sentence; below, the section’s mean and its 95% interval. "
            "Right: the words with most VADER points; hollow: misread, meant otherwise here"
        )
        parts = [words[words.section == section] for section in means.section]
        heights = [max(1.2, 0.25 + 0.145 * len(part)) for part in parts]
        ratios = {"height_ratios": heights, "width_ratios": [3, 2]}
        shape = {"nrows": len(means), "ncols": 2, "squeeze": False, "sharex": "col", "gridspec_kw": ratios}
        fig, axes = self.frame(0.3 + sum(heights), title, subtitle, **shape)
        reach = max([1, *words.points.abs()])
        for (left, right), mean, part, height in zip(axes, means.to_dict("records"), parts, heights):
            draw_dots(left, table[table.section == mean["section"]].dropna(subset="vader"), mean, height)
            draw_words(right, part, reach)
        axes[-1, 0].set_xlabel("VADER score")
        best = "".join(
            f"; {m.section} scores highest, {signed(m.mean)}" for m in means.nlargest(1, "mean").itertuples()
        )
        self.publish(fig, name, table, f"Scores of {cell(len(table))} sentences as dots, by section{best}")

    @form
    def bars(
        self, name: str, table: pd.DataFrame, label: str, value: str, *, title: str, highlight: str = "", note: str = ""
    ) -> None:
        """A bar a row with its number, behind it the text of column `note`; `highlight` is a column of booleans."""
        fig, ax = self.frame(0.1 + 0.26 * len(table), title, unit(value))
        on = table[highlight] if highlight else [True] * len(table)
        ax.barh(range(len(table)), table[value], color=[SIDE_1 if flag else NOBODY for flag in on], height=0.68)
        for y, (size, text) in enumerate(zip(table[value], table[note] if note else [""] * len(table))):
            put(ax, f"{amount(size)}  {fit(text, 2.4, 8.5)}".rstrip(), max(size, 0), y, 4)
        name_rows(ax, table[label], edge=0.5)
        ax.set_xlim(min(0, table[value].min()), max(table[value].max(), 0) or 1)
        best, least = table.loc[table[value].idxmax()], amount(table[value].min())
        what = f"“{best[label]}” leads with {amount(best[value])}, the least is {least}"
        self.publish(fig, name, table, f"Bars, {cell(len(table))} rows: {what}")

    @form
    def readings(self, name: str, table: pd.DataFrame, *, title: str) -> None:
        """Every reading a dot at its `gap`, sorted, a panel a `lexicon`; below, a square for each choice it makes."""
        choices = [column for column in table if column not in ("lexicon", "gap", "lowest", "same", "shipped")]
        parts = {
            lexicon: part.sort_values("gap", kind="stable") for lexicon, part in table.groupby("lexicon", sort=False)
        }
        subtitle = (
            f"A dot: one combination of {len(choices)} choices (squares), sorted by gap; filled: same section lowest"
        )
        shape = {"nrows": 2, "ncols": len(parts), "squeeze": False, "sharex": "col", "sharey": "row"}
        shape["gridspec_kw"] = {"height_ratios": [2.2, 0.22 * max(len(choices), 1)]}
        fig, axes = self.frame(2.5 + 0.22 * len(choices), title, subtitle, **shape)
        for (top, low), (lexicon, part) in zip(axes.T, parts.items()):
            draw_readings(top, low, part, choices)
            top.set_title(fit(lexicon, 2), color=INK)
        axes[0, 0].set_ylabel("gap between sections")
        what = ", ".join(f"{x}: {cell(part.same.sum())} of {cell(len(part))} the same" for x, part in parts.items())
        self.publish(fig, name, table, f"Specification curve, {cell(len(table))} readings; {what}")


def set_page(article, words: pd.DataFrame) -> tuple[int, pd.DataFrame]:
    """The width of a column, and where each block stands (`x, y, length` in characters and lines).

    Long articles get wider columns. A paragraph's first two lines stay together, a heading stays with what follows.
    """
    lines = article.lines[article.lines.role.isin(["heading", "removed"])]
    parts = [*zip(lines.start, lines.end, lines.role, lines.text)]
    parts += [(row.start, row.end, "body", "") for row in article.paragraphs.itertuples()]
    wide, rows = max(38, int((0.115 * sum(end - start for start, end, *_ in parts)) ** 0.5)), []
    for start, end, role, text in sorted(parts):
        own = words.iloc[slice(*np.searchsorted(words.start, [start, end]))] if role == "body" else words[:0]
        blocks = [*zip(own.sid, own.side, own.voice, own.end - own.start)]
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


def draw_dots(ax: Axes, scores: pd.DataFrame, mean: dict, height: float) -> None:
    """Scores as dots, equal ones stacked, the extremes with their sid; below them the mean and its interval."""
    scores = scores.sort_values("vader", kind="stable")
    scores = scores.assign(up=scores.groupby((scores.vader * 30).round()).cumcount())
    lines = max([height / 0.1, *scores.up / 0.4])
    below = -0.2 * lines / height
    ax.scatter(scores.vader, scores.up, s=26, c=[*map(tone, scores.vader)], lw=0, urls=[*map(link, scores.sid)])
    for end in pd.concat([scores.head(1), scores.tail(1)]).drop_duplicates().itertuples():
        top = scores.up[(scores.vader - end.vader).abs() < 0.02].max()
        put(ax, end.sid, end.vader, top, 0, 9, size=7, color=MUTED)
    if pd.notna(mean["mean"]):
        ax.plot([mean["low"], mean["high"]], [below, below], color=INK, lw=1)
        ax.plot(mean["mean"], below, "|", color=INK, ms=11, mew=2.5)
        box = {"facecolor": WHITE, "lw": 0, "pad": 1}
        put(ax, signed(mean["mean"]), mean["mean"], below, 0, -13, weight="bold", bbox=box)
    ax.axvline(0, color=MUTED, lw=0.6, zorder=0)
    ax.set(xlim=(-1.05, 1.05), ylim=(-0.55 * lines, 0.45 * lines))
    ax.set_xticks([-1, 0, 1], ["−1", "0", "+1"])
    ax.set_yticks([-1], [f"{fit(mean['section'], 1.2)}\n{cell(mean['scored'])} scored"])


def draw_words(ax: Axes, words: pd.DataFrame, reach: float) -> None:
    """Bars of points left and right of zero, the word across the zero line; a misread one is hollow."""
    name_rows(ax, [])
    for y, row in enumerate(words.itertuples()):
        color, side, ink = tone(row.points), 1 if row.points > 0 else -1, MUTED if row.misread else INK
        ax.barh(y, row.points, height=0.7, facecolor=WHITE if row.misread else color, edgecolor=color, lw=1)
        text = f"{fit(row.word, 0.8, 7.5)}{f' ×{row.count}' * (row.count > 1)}"
        put(ax, text, 0, y, -3 * side, size=7.5, color=ink)
        put(ax, signed(row.points, 1), row.points, y, 3 * side, size=7.5, color=ink)
    ax.axvline(0, color=MUTED, lw=0.6)
    ax.set(ylim=(max(len(words), 5) - 0.4, -0.6), xlim=(-1.5 * reach, 1.5 * reach))


def draw_readings(top: Axes, low: Axes, table: pd.DataFrame, choices: list[str]) -> None:
    """One panel of a specification curve: gaps in order, and below them the choices that are made."""
    places, same = np.arange(len(table)), table.same.to_numpy(bool)
    looks = {"facecolor": np.where(same, SIDE_1, WHITE), "edgecolor": np.where(same, SIDE_1, MUTED)}
    top.scatter(places, table.gap, s=15, lw=0.8, zorder=3, **looks)
    for x in np.flatnonzero(table.shipped):
        line = {"arrowstyle": "-", "color": INK, "lw": 0.8}
        put(top, "as it stands", x, table.gap.iloc[x], 0, 30, size=8, arrowprops=line)
    top.axhline(0, color=INK, lw=0.6)
    for y, choice in enumerate(choices):
        low.hlines(y, -0.5, len(table) - 0.5, color=BAND, lw=4, zorder=0)
        low.plot(places[table[choice].to_numpy(bool)], [y] * int(table[choice].sum()), "s", color=INK, ms=2.5)
    name_rows(low, map(heading, choices), edge=0.5)
