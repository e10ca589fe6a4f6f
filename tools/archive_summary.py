"""The summary page of an archive, counted with Dask from the tables that `archive.py` wrote."""

from collections.abc import Callable
from pathlib import Path

import dask.dataframe as dd
import pandas as pd
from newsprint.keyness import counts_against_english
from newsprint.sentiment import QUOTED_KINDS
from newsprint.show import plain, save

from tools.pages import page_style, templates

MIN_COUNT = 5  # rarer terms are left out before they are brought together: most words of an archive are rare
SPLIT = 100  # parts whose counts one task brings together


def read_table(out: Path, name: str, columns: list[str]) -> dd.DataFrame:
    return dd.read_parquet(out / name, columns=columns, split_row_groups=False)


def tally(table: dd.DataFrame, count: Callable[[pd.DataFrame], pd.DataFrame], least: int = 1) -> pd.DataFrame:
    """`count` done on each part and summed, without rows whose `count` is below `least`.

    No article is in two parts, so that numbers of articles add up as well.
    """
    counted = table.map_partitions(count, meta=count(table._meta))
    key, splits = counted._meta.columns[0], 1 + table.npartitions // SPLIT
    total = counted.groupby(key).sum(split_out=splits).reset_index()
    return total[total["count"] >= least].compute()


def quotations(statements: pd.DataFrame) -> pd.DataFrame:
    """Quotations outside the headline by speaker ("" for nobody named): `speaker, articles, count, words`."""
    quoted = statements[statements.kind.isin(QUOTED_KINDS) & (statements.section != "Headline")]
    table = quoted.groupby("speaker").agg(
        articles=("article", "nunique"), count=("article", "size"), words=("words", "sum")
    )
    return table.reset_index()


def term_counts(terms: pd.DataFrame) -> pd.DataFrame:
    """Terms that are no stop words: `term, articles, count`."""
    content = terms[~terms.is_stop]
    return content.groupby("term").agg(articles=("article", "nunique"), count=("article", "size")).reset_index()


def quoted_speakers(out: Path) -> pd.DataFrame:
    """Speakers and what they are quoted with, most words first: `speaker, articles, count, words, share`."""
    table = tally(read_table(out, "statements", ["article", "section", "kind", "speaker", "words"]), quotations)
    table["share"] = table.words / max(table.words.sum(), 1)
    return table.sort_values(["words", "speaker"], ascending=[False, True], ignore_index=True)


def typical_terms(out: Path, words: int) -> pd.DataFrame:
    """Terms of the archive against general English, the most telling first; see `english_keyness`."""
    counts = tally(read_table(out, "terms", ["article", "term", "is_stop"]), term_counts, MIN_COUNT)
    return counts_against_english(counts, words)


def write_summary(out: Path) -> str:
    """Write `summary.html`; the sentence that it opens with."""
    articles = read_table(out, "articles", ["article", "error", "sentences", "words"]).compute()
    bad, words = articles[articles.error != ""], int(articles.words.sum())
    found = f"{len(articles) - len(bad):,} of {len(articles):,} articles read: "
    found += f"{articles.sentences.sum():,} sentences, {words:,} words."
    speakers, terms = quoted_speakers(out), typical_terms(out, words)
    known, nobody = speakers[speakers.speaker != ""], speakers[speakers.speaker == ""]
    html = templates().get_template("archive.html.j2").render(
        page_style(), plain=plain, found=found, articles=len(articles), bad=bad.to_dict("records"),
        quotations=speakers["count"].sum(), quoted_words=speakers.words.sum(), speakers=known.to_dict("records"),
        nobody={"count": nobody["count"].sum(), "share": nobody.share.sum()}, words=words, terms=len(terms),
        least=MIN_COUNT, typical=terms[terms.log_ratio > 0].to_dict("records"),
    )  # fmt: skip
    save(out / "summary.html", html.encode())
    return f"{found} Open {out / 'summary.html'}"
