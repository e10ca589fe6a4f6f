"""Charts over an archive: those of an article with another foot, and two more: shares in a grid, means in a column."""

import os
from pathlib import Path

import matplotlib as mpl
import numpy as np
import pandas as pd
from newsprint import percent, signed
from newsprint.charts import BAD, GOOD, INK, SIDE_1, WHITE, Charts, fit, form, name_rows, put

from archive.coverage import ROOT, Archive

MOST = 24  # columns of a grid, rows of intervals: the last ones


class ArchiveCharts(Charts):
    """The charts of notebook 06: no sides, no sentences to link to, and a foot that counts articles."""

    def __init__(self, news: Archive):
        self.number, self.foot = "06", f"Rests on {news.articles:,} articles."
        self.out = Path(os.environ.get("NEWSPRINT_OUT") or ROOT / "build" / "lab")
        self.said, self.colors = {}, {}

    @form
    def shares(self, name: str, table: pd.DataFrame, subtitle: str, *, title: str) -> None:
        """Shares as shaded cells with their percentages: a row for each row, a column for each of the last `MOST`."""
        table = table.iloc[:, -MOST:]
        fig, ax = self.frame(0.4 + 0.28 * len(table), title, subtitle)
        shades, most = mpl.colors.LinearSegmentedColormap.from_list("", [WHITE, SIDE_1]), table.to_numpy().max()
        ax.imshow(table, cmap=shades, aspect="auto", vmin=0)
        for (y, x), share in np.ndenumerate(table.to_numpy()):
            put(ax, f"{100 * share:.0f}", x, y, color=WHITE if share > 0.75 * most else INK)
        name_rows(ax, table.index)
        ax.set_xticks(range(table.shape[1]), [fit(column, 90 // table.shape[1]) for column in table])
        ax.xaxis.tick_top()
        row, column = table.stack().idxmax()
        what = f"the largest share is {percent(most)}, {row} in {column}"
        self.publish(fig, name, table.reset_index(), f"Table of shades, {len(table)} rows; {what}")

    @form
    def means(self, name: str, table: pd.DataFrame, subtitle: str, *, title: str) -> None:
        """A dot and its interval (`mean, low, high`) for each of the last `MOST` rows, over a line at zero."""
        table = table.tail(MOST).reset_index(drop=True)
        fig, ax = self.frame(0.3 + 0.26 * len(table), title, subtitle)
        color = np.where(table["mean"] > 0, GOOD, BAD)
        ax.axvline(0, color=INK, lw=0.8)
        ax.hlines(table.index, table.low, table.high, color=color, lw=1.6)
        ax.scatter(table["mean"], table.index, c=color, s=25)
        name_rows(ax, [f"{fit(key, 20)} ({size:,})" for key, size in zip(table.iloc[:, 0], table.articles)])
        ax.xaxis.set_major_locator(mpl.ticker.MaxNLocator(5))
        ends = f"from {signed(table['mean'].min())} to {signed(table['mean'].max())}"
        self.publish(fig, name, table, f"Dots with intervals, {len(table)} rows, means {ends}")
