"""The three forms of chart of notebook 06: bars, shares in a grid, intervals; each with its alternative text."""

import io
import textwrap
from pathlib import Path

import matplotlib as mpl
import newsprint
import numpy as np
import pandas as pd
from IPython.display import display
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from newsprint import percent, plain, signed

from archive.coverage import Archive

TEAL, GOOD, BAD, GREY, INK, MUTED = "#0f6b83", "#2f7d4f", "#8f2d56", "#d0d4d9", "#1f2328", "#6b7280"
STYLE = Path(newsprint.__file__).with_name("newsprint.mplstyle")
MOST = 24  # columns of a grid, rows of intervals: the last ones


def bars(news: Archive, table: pd.DataFrame, value: str, title: str, subtitle: str) -> None:
    """A bar for each row, its first column the name, its length the number at its end."""
    names, numbers = table.iloc[:, 0].tolist(), table[value].tolist()
    fig, ax = _frame(news, 0.27 * len(table) + 0.2, title, subtitle)
    ax.barh(range(len(table)), numbers, color=TEAL, height=0.62)
    for at, number in enumerate(numbers):
        ax.annotate(f"{number:,}", (number, at), (4, 0), textcoords="offset points", va="center", size=9, color=INK)
    _rows(ax, names)
    ax.xaxis.set_visible(False)
    ends = f"from {names[0]} ({numbers[0]:,}) to {names[-1]} ({numbers[-1]:,})"
    _show(fig, f"Bar chart, {len(table)} rows, {ends}. {title}.")


def grid(news: Archive, shares: pd.DataFrame, title: str, subtitle: str) -> None:
    """Shares as shaded cells with their percentages: a row for each row, a column for each of the last `MOST`."""
    shares = shares.iloc[:, -MOST:]
    fig, ax = _frame(news, 0.3 * len(shares) + 0.5, title, subtitle)
    ax.imshow(shares, cmap=mpl.colors.LinearSegmentedColormap.from_list("", ["#ffffff", TEAL]), aspect="auto", vmin=0)
    for (y, x), share in np.ndenumerate(shares.to_numpy()):
        dark = share > 0.6 * shares.to_numpy().max()
        ax.text(x, y, f"{100 * share:.0f}", ha="center", va="center", size=8.5, color="white" if dark else INK)
    wide = max(90 // max(len(shares.columns), 1), 4)
    names = [textwrap.fill(plain(name), wide) for name in shares]
    ax.set_xticks(range(len(names)), names, size=8, color=MUTED)
    ax.xaxis.tick_top()
    _rows(ax, shares.index)
    cells = shares.stack()
    largest = f"the largest share is {percent(cells.max())}, {cells.idxmax()[0]} in {cells.idxmax()[1]}"
    _show(fig, f"Table of shades, {len(shares)} rows and {len(shares.columns)} columns; {largest}. {title}.")


def intervals(news: Archive, table: pd.DataFrame, title: str, subtitle: str) -> None:
    """A dot and its interval for each of the last `MOST` rows, over a line at zero."""
    table = table.tail(MOST).reset_index(drop=True)
    fig, ax = _frame(news, 0.27 * len(table) + 0.4, title, subtitle)
    ax.axvline(0, color=INK, lw=0.8)
    for row in table.itertuples():
        color = GOOD if row.mean > 0 else BAD
        ax.plot([row.low, row.high], [row.Index] * 2, color=color, lw=1.6)
        ax.plot(row.mean, row.Index, "o" if row.mean > 0 else "s", color=color, ms=5)
    _rows(ax, [f"{name} ({size:,})" for name, size in zip(table.iloc[:, 0], table.articles)])
    ax.tick_params("x", labelsize=8, labelcolor=MUTED)
    ends = f"from {signed(table['mean'].min())} to {signed(table['mean'].max())}"
    _show(fig, f"Dots with intervals, {len(table)} rows, means {ends}. {title}.")


def _rows(ax: Axes, names: list) -> None:
    ax.set_yticks(range(len(names)), [textwrap.shorten(plain(name), 34, placeholder="…") for name in names], size=9)
    ax.set_ylim(len(names) - 0.4, -0.6)
    ax.tick_params(length=0)
    ax.spines[:].set_visible(False)


def _frame(news: Archive, height: float, title: str, subtitle: str) -> tuple[Figure, Axes]:
    """A figure with title, subtitle and foot at its left edge, and axes `height` inches high."""
    lines = textwrap.wrap(plain(title), 64)
    whole = height + 0.24 * len(lines) + 0.55
    with mpl.rc_context(fname=STYLE if STYLE.exists() else None):
        fig = Figure(figsize=(7, whole), layout="constrained")
        axes = fig.subplots()
    fig.get_layout_engine().set(rect=(0.008, 0.25 / whole, 0.984, height / whole))
    fig.text(0.008, 1 - 0.04 / whole, "\n".join(lines), size=12, weight="bold", color=INK, va="top", linespacing=1.25)
    fig.text(0.008, 1 - (0.1 + 0.24 * len(lines)) / whole, plain(subtitle), size=9, color=MUTED, va="top")
    fig.text(0.008, 0.05 / whole, f"Rests on {news.articles:,} articles.", size=7.5, color=MUTED)
    return fig, axes


def _show(fig: Figure, alt: str) -> None:
    file, alt = io.BytesIO(), plain(alt)
    fig.savefig(file, format="png", dpi=130, metadata={"Software": None})
    about = {"image/png": {"alt": alt, "width": 700}}
    display({"image/png": file.getvalue(), "text/plain": alt}, metadata=about, raw=True)
