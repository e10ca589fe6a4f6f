"""The summary page of an archive and its lists, counted with Dask from the tables that `read.py` wrote."""

from collections.abc import Callable
from dataclasses import replace
from functools import partial
from operator import getitem
from pathlib import Path

import pandas as pd
import pyarrow.dataset as ds
from archive.coverage import Archive, open_archive, quotations, set_aside, summed
from archive.names import find_candidates, offer
from distributed import Client
from newsprint import against_english
from newsprint.show import cell, safe_csv, save

MIN_COUNT = 5  # rarer terms are left out: most words of an archive are rare
TOP = 1_000  # rows of a list
GROUP = 50  # parts whose counts one task brings together
SPLIT = 500  # parts for each share of the keys that one task sums up


def term_counts(terms: pd.DataFrame) -> pd.DataFrame:
    """Terms that are no stop words: `articles, count`."""
    return terms[~terms.is_stop].groupby("term").agg(articles=("article", "nunique"), count=("article", "size"))


def most_words(table: pd.DataFrame) -> pd.DataFrame:
    """The speakers with most quoted words; "" is nobody named."""
    return table.sort_values(["words", "speaker"], ascending=[False, True]).head(TOP)


def most_telling(table: pd.DataFrame, words: int) -> pd.DataFrame:
    """The terms that stand out most against general English."""
    table = against_english(table[table["count"] >= MIN_COUNT], words).drop(columns=["bar", "passes"])
    return table[table.times > 1].head(TOP)


def tally(client: Client, archive: Archive, table: str, columns: list[str], count: Callable, keep: Callable):
    """`count` summed over all parts, and the rows that `keep` leaves of it. The keys are dealt out by their hash,
    `keep` sees one share of them after the other, and no process ever has them all."""
    shares, parts = 1 + len(archive.parts) // SPLIT, archive.parts
    archives = [replace(archive, parts=parts[at : at + GROUP]) for at in range(0, len(parts), GROUP)]
    counted = client.map(_deal, archives, table=table, columns=columns, count=count, shares=shares, pure=False)
    picked = [[client.submit(getitem, future, share) for future in counted] for share in range(shares)]
    tables = [client.submit(lambda found: keep(summed(found).reset_index()), futures, pure=False) for futures in picked]
    return keep(pd.concat(client.gather(tables), ignore_index=True))


def _deal(archive: Archive, table: str, columns: list[str], count: Callable, shares: int) -> list[pd.DataFrame]:
    found = archive.add_up(table, columns, count)
    share = pd.util.hash_array(found.index.to_numpy(dtype=object)) % shares
    return [found[share == number] for number in range(shares)]


def write_summary(client: Client, out: Path) -> str:
    """Write the lists, the candidates for aliases and `summary.html`; the sentence that the page opens with."""
    from tools.pages import page_style, templates  # takes a second and 50 MB, which workers need not

    archive, columns = open_archive(out), ["section", "kind", "speaker", "words"]
    sizes = set_aside(archive).sum(numeric_only=True).astype(int)
    telling = partial(most_telling, words=sizes.words)
    articles = ds.dataset([archive.folder / "articles" / f"{part}.parquet" for part in archive.parts])
    bad = articles.filter(ds.field("error") != "").head(TOP, columns=["article", "error"])
    lists = {
        "speakers": tally(client, archive, "statements", columns, quotations, most_words),
        "terms": tally(client, archive, "terms", ["term", "is_stop"], term_counts, telling),
        "set-aside": bad.to_pandas(),
    }
    for name, table in lists.items():
        save(out / f"{name}.csv", safe_csv(table).encode())
    save(out / "aliases-offered.toml", offer(find_candidates(lists["speakers"])).encode())
    found = f"{sizes.articles - sizes.set_aside:,} of {sizes.articles:,} articles read: {sizes.sentences:,} sentences, "
    found += f"{sizes.words:,} words."
    page = templates().from_string(Path(__file__).with_name("summary.html.j2").read_text(encoding="utf-8"))
    known = {"lists": lists, "found": found, "aliases": len(archive.aliases), "out": out.name, "cell": cell}
    save(out / "summary.html", page.render(known | page_style()).encode())
    return f"{found} Open {out / 'summary.html'}"
