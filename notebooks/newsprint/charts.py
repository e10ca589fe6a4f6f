"""Drawing finished tables: one frame, one palette, a few forms of chart.

Teal is what the title speaks of, rust what lies below zero, grey all the rest.
Nothing is computed here beyond places on the paper.
"""

import io
import re
import textwrap
from collections.abc import Callable, Iterable
from functools import cache, wraps
from math import log10

import matplotlib as mpl
import numpy as np
import pandas as pd
from IPython.display import display
from matplotlib.axes import Axes
from matplotlib.backends.backend_agg import FigureCanvasAgg
from matplotlib.figure import Figure
from matplotlib.font_manager import findfont
from matplotlib.ft2font import FT2Font
from PIL import Image

from newsprint.show import out_folder, plain, safe_csv, save

GREY, TEAL, RUST, INK, MUTED, BAND = "#d0d4d9", "#0f6b83", "#b3462f", "#1f2328", "#6b7280", "#f1f3f5"
WIDTH, DPI = 7, 200
STYLE = {
    "font.family": "DejaVu Sans",
    "font.size": 9,
    "text.color": INK,
    "text.parse_math": False,  # a dollar sign in the article is a dollar sign
    "axes.edgecolor": GREY,
    "axes.labelcolor": MUTED,
    "axes.spines.top": False,
    "axes.spines.right": False,
    "axes.spines.left": False,
    "axes.unicode_minus": True,
    "xtick.color": MUTED,
    "ytick.color": INK,
    "ytick.left": False,
    "axes.axisbelow": True,
    "figure.facecolor": "white",
}


def styled(draw: Callable) -> Callable:
    """The drawing function, run under the style above."""

    @wraps(draw)
    def drawn(*args, **kwargs):
        with mpl.rc_context(STYLE):
            return draw(*args, **kwargs)

    return drawn


@cache
def _glyphs() -> frozenset[int]:
    return frozenset(FT2Font(findfont("DejaVu Sans")).get_charmap())


def label(text: object, width: int = 40) -> str:
    """Text for a chart: one line, at most `width` characters, a box for each letter the font lacks."""
    drawn = "".join(c if ord(c) in _glyphs() else "□" for c in plain(text))
    return drawn if len(drawn) <= width else drawn[: width - 1].rstrip() + "…"


def signed(value: float, decimals: int = 2) -> str:
    """A number with its sign, a true minus for negative ones; zero has none."""
    shown = round(value, decimals) + 0.0
    return f"{shown:{'+' if shown else ''}.{decimals}f}".replace("-", "−")


@styled
def frame(height: float, *, title: str, subtitle: str, foot: str, **subplots) -> tuple[Figure, Axes]:
    """A figure 7 inches wide with title, subtitle and foot at its left edge, and `height` inches of axes between them.

    The other functions hand their `**texts`, these three, on to this one.
    """
    lines = [textwrap.wrap(label(text, 400), width) for text, width in ((title, 68), (subtitle, 96), (foot, 124))]
    head, tail = 0.1 + 0.235 * len(lines[0]) + 0.175 * len(lines[1]) + 0.1, 0.1 + 0.15 * len(lines[2])
    fig = Figure(figsize=(WIDTH, height + head + tail), layout="constrained")
    axes = fig.subplots(**subplots)
    whole = height + head + tail
    fig.get_layout_engine().set(rect=(0, tail / whole, 1, height / whole))
    fig.text(0.008, 1 - 0.07 / whole, "\n".join(lines[0]), size=12, weight="bold", va="top", linespacing=1.25)
    below = 0.11 + 0.235 * len(lines[0])
    fig.text(0.008, 1 - below / whole, "\n".join(lines[1]), size=9, color=MUTED, va="top", linespacing=1.25)
    fig.text(0.008, 0.05 / whole, "\n".join(lines[2]), size=7.5, color=MUTED, va="bottom", linespacing=1.25)
    return fig, axes


def publish(fig: Figure, name: str, table: pd.DataFrame, alt: str) -> None:
    """Save the figure (PNG) and the table behind it (CSV), and show the figure with its alternative text.

    The picture goes to `figures/`, the table to `site/tables/`, in the folder
    `NEWSPRINT_OUT` names, or above the notebooks.
    """
    if not re.fullmatch(r"[\w-]+", name):
        raise ValueError(f"figure name {name!r}: letters, digits, - and _ only")
    picture = _png(fig)
    save(out_folder() / "figures" / f"{name}.png", picture)
    save(out_folder() / "site" / "tables" / f"{name}.csv", safe_csv(table).encode())
    about = {"alt": plain(alt), "width": WIDTH * 100}
    display(
        {"image/png": picture, "text/plain": plain(alt)},
        metadata={"image/png": about, "newsprint": {"figure": name}},
        raw=True,
    )


@styled
def _png(fig: Figure) -> bytes:
    """The figure as PNG in 128 colours: a third of the size, no difference to the eye."""
    fig.set_dpi(DPI)
    canvas, file = FigureCanvasAgg(fig), io.BytesIO()
    canvas.draw()
    picture = Image.fromarray(np.asarray(canvas.buffer_rgba())).convert("RGB")
    picture.quantize(128, Image.Quantize.MAXCOVERAGE).save(file, "png", dpi=(DPI, DPI))
    return file.getvalue()


def shade_sections(ax: Axes, sections: pd.DataFrame, names: bool = True) -> None:
    """Every second section (`section, first, last` in words) as a band behind the axes, its name above.

    A name that has no room is left out; with more than eight sections all are.
    """
    total = max([1, *sections["last"]])
    for i, row in enumerate(sections.itertuples()):
        if i % 2 == 0:
            ax.axvspan(row.first, row.last, color=BAND, lw=0, zorder=0)
        room = int((row.last - row.first) / total * 80)
        if names and room >= 6 and len(sections) <= 8:
            ax.text(
                row.first + total * 0.005, 1.01, label(row.section, room), transform=ax.get_xaxis_transform(),
                color=MUTED, size=8, va="bottom",
            )  # fmt: skip
    ax.set_xlim(0, total)


def _name_rows(ax: Axes, names: Iterable, width: int = 34, above: float = 0.6, below: float = 0.6) -> None:
    """A row for each name, the first on top, with room above the first and below the last."""
    names = list(names)
    ax.set_yticks(range(len(names)), [label(name, width) for name in names])
    ax.set_ylim(max(len(names), 1) - 1 + below, -above)


def _without_scale(ax: Axes) -> None:
    ax.xaxis.set_visible(False)
    ax.spines.bottom.set_visible(False)


def _at_right_edge(ax: Axes, y: int, text: object, width: int, gap: int, **style: object) -> None:
    ax.annotate(
        label(text, width), (1, y), xycoords=ax.get_yaxis_transform(), xytext=(gap, 0), textcoords="offset points",
        va="center", **style,
    )  # fmt: skip


@styled
def bars(
    table: pd.DataFrame, name: str, value: str, *, highlight: str = "", text: str = "", axis: str = "", **texts: str
) -> Figure:  # fmt: skip
    """Horizontal bars in the order of the table, each with its number, or on a scale where `axis` names one.

    `highlight` is a column of booleans (teal, the rest grey); all are teal
    without it. `text` is a column of labels to print instead of the number.
    With a scale the columns `low` and `high` are drawn as an interval.
    """
    fig, ax = frame((0.7 if axis else 0.3) + 0.27 * max(len(table), 1), **texts)
    places, values = range(len(table)), table[value].to_numpy()
    on = table[highlight].to_numpy() if highlight else [True] * len(table)
    ax.barh(places, values, color=[TEAL if flag else GREY for flag in on], height=0.68)
    ends = table.high.to_numpy() if axis else values
    reach = max(max(ends, default=0), 0) or 1
    if axis:
        for color, width in (("white", 3), (INK, 1)):  # the white edge keeps the line apart from a dark bar
            ax.hlines(places, table.low, table.high, color=color, lw=width)
        ax.set_xlabel(axis)
    else:
        words = table[text] if text else [f"{v:,.0f}" for v in values]
        for y, (end, word) in enumerate(zip(ends, words)):
            ax.text(end + reach * 0.012, y, label(word, 48), va="center", color=INK, size=8.5)
        _without_scale(ax)
    ax.set_yticks(places, [label(n, 34) for n in table[name]])
    ax.set_xlim(0, reach * (1.02 if axis else 1.12))
    ax.invert_yaxis()
    return fig


@styled
def ratio_intervals(table: pd.DataFrame, name: str, *, text: str, **texts: str) -> Figure:
    """Log-ratios (base 2: `log_ratio`, `low`, `high`) as dots with their intervals, on an axis of multiples.

    A line marks equal rates. Intervals that leave it out are teal (above) or
    rust (below), the rest grey. `text` is a column of words for the right edge.
    """
    fig, ax = frame(0.55 + 0.27 * max(len(table), 1), **texts)
    for y, row in enumerate(table.to_dict("records")):
        color = TEAL if row["low"] > 0 else RUST if row["high"] < 0 else MUTED
        ax.plot([row["low"], row["high"]], [y, y], color=color, lw=1.4)
        ax.plot(row["log_ratio"], y, "o", color=color, ms=5)
        _at_right_edge(ax, y, row[text], 40, 4, size=8, color=MUTED)
    ax.axvline(0, color=INK, lw=0.8)
    _name_rows(ax, table[name])
    low, high = min([-1, *table.low]), max([1, *table.high])
    tens = range(-int(-low * log10(2)), int(high * log10(2)) + 1)
    words = [f"{10**power:,}×" if power > 0 else f"{10**-power:,}× rarer" if power else "equal" for power in tens]
    ax.set_xticks([power / log10(2) for power in tens], words, size=8)
    ax.set_xlim(low - 0.03 * (high - low), high + 0.03 * (high - low))
    return fig


@styled
def dots(
    table: pd.DataFrame, group: str, value: str, *, means: pd.DataFrame, span: tuple[float, float] | None = None,
    axis: str = "", **texts: str,
) -> Figure:  # fmt: skip
    """Each row a dot in its group's row, groups in order of appearance; equal values are stacked, not jittered.

    `means` (columns as `group`, `mean`, and where known `low`, `high`, `text`)
    draws a mark, its interval, and below it the text or else the number.
    """
    names = list(means[group])
    fig, ax = frame(0.4 + 0.75 * max(len(names), 1), **texts)
    low, high = span or (min([0, *table[value].dropna()]), max([0, *table[value].dropna()]))
    width = (high - low) or 1
    for y, name in enumerate(names):
        bins: dict[int, int] = {}
        for score in sorted(table.loc[table[group] == name, value].dropna()):
            place = round((score - low) / width * 70)
            bins[place] = bins.get(place, 0) + 1
            color = RUST if score < 0 else TEAL
            ax.plot(score, y - 0.085 * (bins[place] - 1), "o", ms=5.5, color=color, alpha=0.75, mew=0)
    for y, row in enumerate(means.to_dict("records")):
        if pd.notna(row["mean"]):
            if "low" in row:
                ax.plot([row["low"], row["high"]], [y + 0.2] * 2, color=INK, lw=1.4)
            ax.plot(row["mean"], y + 0.2, "|", color=INK, ms=10, mew=2)
            box = {"facecolor": "white", "lw": 0, "pad": 0.5}
            words = row.get("text", signed(row["mean"]))
            ax.text(row["mean"], y + 0.33, words, ha="center", va="top", size=8, bbox=box, zorder=3)
    if low < 0:
        ax.axvline(0, color=INK, lw=0.6)
    _name_rows(ax, names, 24)
    ax.set_xlim(low - 0.03 * width, high + 0.03 * width)
    ax.set_xlabel(axis)
    return fig


@styled
def marks_along(table: pd.DataFrame, row: str, sections: pd.DataFrame, *, counts: dict, **texts: str) -> Figure:
    """Where things occur: a stroke at word `first` for each table row, one line for each value of `row`.

    Lines come in order of appearance; `counts` prints a word or number at the right of a line.
    """
    names = list(dict.fromkeys(table[row]))
    fig, ax = frame(0.75 + 0.26 * max(len(names), 1), **texts)
    shade_sections(ax, sections)
    for y, name in enumerate(names):
        at = table.loc[table[row] == name, "first"]
        ax.vlines(at, y - 0.32, y + 0.32, color=TEAL, lw=1.6)
        _at_right_edge(ax, y, counts[name], 20, 5, size=8.5)
    _name_rows(ax, names, 30)
    ax.set_xlabel("words from the start of the article")
    return fig


@styled
def grid(table: pd.DataFrame, *, highlight: tuple = (), **texts: str) -> Figure:
    """A table of counts as circles whose area is the count, with the number in or beside each.

    Rows are the table's index, columns its columns; `highlight` lists the
    (row, column) pairs in teal, the rest are grey.
    """
    fig, ax = frame(0.6 + 0.42 * max(len(table), 1), **texts)
    top = max(table.to_numpy().max(), 1) if table.size else 1
    for y, (name, row) in enumerate(table.iterrows()):
        for x, (column, count) in enumerate(row.items()):
            on = (name, column) in highlight
            ax.scatter(x, y, s=620 * count / top, color=TEAL if on else GREY, lw=0)
            color = "white" if on and count / top > 0.2 else INK if count else MUTED
            ax.text(x, y, f"{count:,}", ha="center", va="center", size=9, color=color)
    _name_rows(ax, table.index, 30, above=0.5, below=0.5)
    ax.set_xticks(range(len(table.columns)), [label(c, 22) for c in table.columns])
    ax.tick_params(axis="x", top=False, bottom=False, labeltop=True, labelbottom=False, labelcolor=MUTED)
    ax.set_xlim(-0.5, max(len(table.columns), 1) - 0.5)
    ax.spines.bottom.set_visible(False)
    return fig


@styled
def article_map(sections: pd.DataFrame, statements: pd.DataFrame, sentences: pd.DataFrame, **texts: str) -> Figure:
    """The whole article on one strip of words: who speaks where, and the score of each sentence.

    `sections` and `sentences` come with `first`, `last` in words, `sentences`
    with `vader` (missing: a grey dot); `statements` with `first, last, speaker, kind`: quoted words
    are solid, paraphrase is an outline. Speakers in order of appearance.
    """
    rows = max(statements.speaker.nunique(), 1)
    shape = {"nrows": 2, "sharex": True, "gridspec_kw": {"height_ratios": [0.28 * rows + 0.2, 1.0]}}
    fig, (who, tone) = frame(2.0 + 0.3 * rows, **shape, **texts)
    shade_sections(who, sections)
    shade_sections(tone, sections, names=False)
    _draw_statements(who, statements)
    for row in sentences.itertuples():
        color = RUST if row.vader < 0 else TEAL
        if pd.isna(row.vader):
            tone.plot((row.first + row.last) / 2, 0, "o", color=GREY, ms=5, zorder=3)
        else:
            width = max(row.last - row.first - 2, 1)
            tone.bar(row.first, row.vader, width=width, align="edge", color=color, alpha=0.8)
    tone.axhline(0, color=INK, lw=0.6)
    tone.set_ylim(-1, 1)
    tone.set_yticks([-1, 0, 1], ["−1", "0", "+1"])
    tone.set_ylabel("VADER score", size=8)
    tone.set_xlabel("words from the start of the article")
    who.tick_params(bottom=False)
    return fig


@styled
def speaker_rows(sections: pd.DataFrame, statements: pd.DataFrame, **texts: str) -> Figure:
    """The upper half of `article_map`, each statement with the id of its sentence."""
    fig, ax = frame(0.7 + 0.36 * max(statements.speaker.nunique(), 1), **texts)
    shade_sections(ax, sections)
    _draw_statements(ax, statements)
    names = list(dict.fromkeys(statements.sort_values("first").speaker))
    for name, own in statements.drop_duplicates(["speaker", "sid"]).sort_values("first").groupby("speaker"):
        ends, room = -1e9, sections["last"].max() / 32
        for row in own.itertuples():
            if row.first - ends > 0:
                ax.text(row.first, names.index(name) - 0.34, row.sid, size=6.5, color=MUTED, va="bottom")
                ends = row.first + room
    ax.set_xlabel("words from the start of the article")
    return fig


@styled
def voice_bars(table: pd.DataFrame, **texts: str) -> Figure:
    """Words of each speaker (`speaker, quoted, paraphrased`) as in the maps: quoted solid, paraphrase outlined."""
    fig, ax = frame(0.3 + 0.3 * max(len(table), 1), **texts)
    reach = (table.quoted + table.paraphrased).max() if len(table) else 1
    for y, row in enumerate(table.itertuples()):
        ax.barh(y, row.quoted, color=TEAL, height=0.62)
        ax.barh(y, row.paraphrased, left=row.quoted, facecolor="white", edgecolor=TEAL, lw=1, height=0.6)
        words = f"{row.quoted + row.paraphrased:,} words, {row.quoted:,} quoted"
        ax.text(row.quoted + row.paraphrased + reach * 0.015, y, words, va="center", size=8.5)
    _name_rows(ax, table.speaker, above=0.5, below=0.5)
    ax.set_xlim(0, reach * 1.3)
    _without_scale(ax)
    return fig


def _draw_statements(ax: Axes, statements: pd.DataFrame) -> None:
    names = list(dict.fromkeys(statements.sort_values("first").speaker))
    quoted = statements.kind != "indirect"
    for row in pd.concat([statements[~quoted], statements[quoted]]).itertuples():
        solid = {"color": TEAL, "lw": 0}
        style = {"facecolor": "white", "edgecolor": TEAL, "lw": 1} if row.kind == "indirect" else solid
        ax.barh(names.index(row.speaker), max(row.last - row.first, 1), left=row.first, height=0.56, **style)
    if not names:
        ax.text(0.5, 0.5, "no statements found", transform=ax.transAxes, ha="center", va="center", color=MUTED)
    _name_rows(ax, names, 26)
    ax.spines.bottom.set_visible(False)


@styled
def file_strip(lines: pd.DataFrame, length: int, **texts: str) -> Figure:
    """The file from its first character to its last: lines set aside in teal, the headline and headings in ink.

    `lines` has `start, end, role`; body text is grey, and blank space white.
    """
    fig, ax = frame(0.95, **texts)
    colors = {"body": GREY, "removed": TEAL, "headline": INK, "heading": INK}
    ax.broken_barh(list(zip(lines.start, lines.end - lines.start)), (0, 1), color=[colors[role] for role in lines.role])
    headings = lines[lines.role == "heading"]
    for row in headings.itertuples() if len(headings) <= 8 else ():
        ax.text(row.start, 1.1, label(row.text, 24), size=8, color=MUTED)
    ax.set_xlim(0, length)
    ax.set_ylim(-0.05, 1.5)
    ax.yaxis.set_visible(False)
    ax.set_xlabel("characters from the start of the file")
    return fig


@styled
def growth(table: pd.DataFrame, x: str, y: str, *, xlabel: str, **texts: str) -> Figure:
    """A rising line under the diagonal it would follow if every step were new."""
    fig, ax = frame(2.6, **texts)
    ax.plot(table[x], table[x], color=GREY, lw=1)
    ax.plot(table[x], table[y], color=TEAL, lw=2)
    for row in table.tail(1).itertuples(index=False):
        end, risen = getattr(row, x), getattr(row, y)
        words = {end: "every word new", risen: f"{risen:,.0f}"} if risen < end else {end: f"{end:,.0f}, every word new"}
        for value, text in words.items():
            ax.annotate(text, (end, value), xytext=(-4, 6), textcoords="offset points", ha="right", size=8.5)
    ax.set_xlim(0, None)
    ax.set_ylim(0, None)
    ax.set_xlabel(xlabel)
    return fig


# Sentiment


@styled
def bar_panels(
    table: pd.DataFrame, panel: str, name: str, value: str, *, axis: str, highlight: str | None = None, **texts: str
) -> Figure:
    """Bars left and right of zero, a panel for each value of `panel`, each bar with its name across the zero line.

    Panels and bars in the order of the table; `highlight`, a column of
    booleans, keeps colour (teal above zero, rust below) for the rows it marks.
    """
    names = list(dict.fromkeys(table[panel]))
    rows = max(table.groupby(panel).size().max() if names else 1, 1)
    fig, axes = frame(0.5 + 0.2 * rows, ncols=max(len(names), 1), sharex=True, squeeze=False, **texts)
    reach = max(table[value].abs().max() if names else 1, 1e-9) * 1.12
    for ax, wanted in zip(axes[0], names):
        part = table[table[panel] == wanted]
        for y, row in enumerate(part.to_dict("records")):
            up, on = row[value] >= 0, row[highlight] if highlight else True
            ax.barh(y, row[value], height=0.7, color=GREY if not on else TEAL if up else RUST)
            ax.annotate(
                label(row[name], 20), (0, y), xytext=(-4 if up else 4, 0), textcoords="offset points",
                ha="right" if up else "left", va="center", size=8, color=INK if on else MUTED,
            )  # fmt: skip
        ax.axvline(0, color=INK, lw=0.8)
        ax.set_title(label(wanted, 26), size=9, color=INK, loc="center")
        ax.set_ylim(rows - 0.4, -0.6)
        ax.set_yticks([])
        ax.tick_params(axis="x", labelsize=7.5)
    axes[0, 0].set_xlim(-reach, reach)
    axes[0, len(names) // 2].set_xlabel(axis)
    return fig


@styled
def interval_panels(
    table: pd.DataFrame, panel: str, name: str, note: str, *, highlight: str, axis: str, **texts: str
) -> Figure:
    """Small multiples of `mean` with `low` to `high` around zero: a panel for each setting, a row for each `name`.

    The column `note` gives each panel its second line; panels where
    `highlight` is true are teal, the others grey.
    """
    panels, names = list(dict.fromkeys(table[panel])), list(dict.fromkeys(table[name]))
    rows = max(-(-len(panels) // 3), 1)
    shape = {"nrows": rows, "ncols": 3, "sharex": True, "sharey": True, "squeeze": False}
    fig, axes = frame(rows * (0.75 + 0.27 * len(names)), **shape, **texts)
    for ax in axes.flat[len(panels) :]:
        ax.set_visible(False)
    for ax, wanted in zip(axes.flat, panels):
        part = table[table[panel] == wanted]
        color = TEAL if part[highlight].all() else MUTED
        for row in part.to_dict("records"):
            if pd.notna(row["mean"]):
                y = names.index(row[name])
                ax.plot([row["low"], row["high"]], [y, y], color=color, lw=1.4)
                ax.plot(row["mean"], y, "o", color=color, ms=5)
                side, end = (-1, "low") if row["mean"] < 0 else (1, "high")  # away from the zero line
                ax.annotate(
                    signed(row["mean"]), (row["mean"] if pd.isna(row[end]) else row[end], y), xytext=(6 * side, 0),
                    textcoords="offset points", ha="left" if side > 0 else "right", va="center", size=7.5,
                )  # fmt: skip
        ax.axvline(0, color=INK, lw=0.6)
        ax.set_title(f"{label(wanted, 30)}\n{label(part[note].iloc[0], 30)}", size=8.5, color=color, loc="left")
        _name_rows(ax, names, 20, above=0.6, below=0.5)
    drawn = [0, *table[["mean", "low", "high"]].stack().dropna()]
    low, high = min(drawn), max(drawn)
    room = 0.4 * (high - low or 1)  # for the numbers
    axes[0, 0].set_xlim(low - room, high + room)
    axes[-1, min(1, len(panels) - 1)].set_xlabel(axis)
    return fig


@styled
def opposites(table: pd.DataFrame, name: str, x: str, y: str, *, axes: tuple[str, str], **texts: str) -> Figure:
    """Two scores of each row against each other; those that differ in sign are teal, and named where there is room.

    The most different ones get a name first.
    """
    fig, ax = frame(3.6, **texts)
    apart = table[table[x] * table[y] < 0]
    for at in ((-1, 0), (0, -1)):
        ax.add_patch(mpl.patches.Rectangle(at, 1, 1, color=BAND, lw=0, zorder=0))
    ax.plot(table[x], table[y], "o", color=MUTED, ms=5, alpha=0.45, mew=0)
    ax.plot(apart[x], apart[y], "o", color=TEAL, ms=7, mew=0)
    widest, taken = (apart[x] - apart[y]).abs().sort_values(ascending=False, kind="stable").index, []
    for row in apart.loc[widest].to_dict("records"):
        if all(abs(row[x] - a) > 0.2 or abs(row[y] - b) > 0.12 for a, b in taken):
            ax.annotate(label(row[name], 12), (row[x], row[y]), xytext=(6, 4), textcoords="offset points", size=9)
            taken.append((row[x], row[y]))
    ax.axvline(0, color=INK, lw=0.6)
    ax.axhline(0, color=INK, lw=0.6)
    for a, b, side in ((-0.98, 0.96, "left"), (0.98, -0.96, "right")):
        ax.text(a, b, "opposite signs", ha=side, va="top" if b > 0 else "bottom", size=8, color=MUTED)
    ax.set(xlim=(-1, 1), ylim=(-1, 1), xlabel=axes[0], ylabel=axes[1])
    ax.set_xticks([-1, 0, 1], ["−1", "0", "+1"])
    ax.set_yticks([-1, 0, 1], ["−1", "0", "+1"])
    return fig
