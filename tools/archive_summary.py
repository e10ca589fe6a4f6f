"""The summary page of an archive, counted with Dask from the tables that `archive.py` wrote."""

from collections.abc import Callable
from html import escape
from pathlib import Path

import dask.dataframe as dd
import pandas as pd
from newsprint.keyness import counts_against_english
from newsprint.sentiment import QUOTED_KINDS
from newsprint.show import plain, save

STYLE = Path(__file__).parent / "page" / "style.css"
ROWS = 20
MIN_COUNT = 5  # rarer terms are left out before they are brought together: most words of an archive are rare
SPLIT = 100  # parts whose counts one task brings together
PAGE = """<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta http-equiv="Content-Security-Policy" content="default-src 'none'; style-src 'unsafe-inline'">
<title>{title}</title>
<style>
{style}
</style>
</head>
<body>
<div class="page">
<main>
<h1>{title}</h1>
{body}
</main>
</div>
</body>
</html>
"""


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
    return counts_against_english(
        tally(read_table(out, "terms", ["article", "term", "is_stop"]), term_counts, MIN_COUNT), words
    )


def html_table(table: pd.DataFrame, names: dict[str, str], formats: dict[str, str]) -> str:
    """The first `ROWS` rows, escaped, columns under the given names; the rest is counted."""
    shown = pd.DataFrame(
        {title: [_cell(value, formats.get(name)) for value in table[name].head(ROWS)] for name, title in names.items()}
    )
    more = f"<p>… and {len(table) - ROWS:,} more</p>" if len(table) > ROWS else ""
    return shown.to_html(index=False, border=0, justify="left") + more


def _cell(value: object, number: str | None) -> str:
    return format(value, number).replace("-", "−") if number else plain(value)


def speaker_part(speakers: pd.DataFrame) -> str:
    known, nobody = speakers[speakers.speaker != ""], speakers[speakers.speaker == ""]
    columns = {"speaker": "speaker", "articles": "articles", "count": "quotations", "words": "quoted words"}
    columns["share"] = "share of all quoted words"
    return (
        "<h2>Who is quoted most?</h2>"
        f"<p>{speakers['count'].sum():,} quotations with {speakers.words.sum():,} words, by {len(known):,} speakers; "
        f"{nobody['count'].sum():,} of them ({nobody.share.sum():.1%} of the words) have no named speaker. "
        "Speakers are found by rules and named within each article: who is “Smith” in one and “Ann Lee Smith” in "
        "another counts twice, and two people of one name count once.</p>"
        + html_table(known, columns, {"articles": ",", "count": ",", "words": ",", "share": ".1%"})
    )


def term_part(terms: pd.DataFrame, words: int) -> str:
    above = terms[terms.log_ratio > 0]
    columns = {"term": "term", "count": "times", "articles": "articles", "per_million": "per million words"}
    columns |= {"english": "in general English", "log_ratio": "log ratio (base 2)", "g2": "G²"}
    formats = {"count": ",", "articles": ",", "per_million": ",.0f", "english": ",.1f"}
    formats |= {"log_ratio": ".1f", "g2": ",.0f"}
    return (
        "<h2>Which terms does it use more than general English?</h2>"
        f"<p>{words:,} words; {len(terms):,} terms occur {MIN_COUNT} times or more, "
        f"{len(above):,} of them more often than in general English (wordfreq). "
        "Sorted by G², which grows with the count; words come in bursts, so look at the number of articles too.</p>"
        + html_table(above, columns, formats)
    )


def error_part(articles: pd.DataFrame) -> str:
    bad = articles[articles.error != ""]
    share = len(bad) / max(len(articles), 1)
    count = f"{len(bad):,} of {len(articles):,} articles ({share:.1%}) could not be read."
    head = f"<h2>What was set aside?</h2><p>{count}</p>"
    return head + (html_table(bad, {"article": "article", "error": "why"}, {}) if len(bad) else "")


def write_summary(out: Path) -> str:
    """Write `summary.html`; the sentence that it opens with."""
    articles = read_table(out, "articles", ["article", "error", "sentences", "words"]).compute()
    words, read = int(articles.words.sum()), int((articles.error == "").sum())
    found = f"{read:,} of {len(articles):,} articles read: {articles.sentences.sum():,} sentences, {words:,} words."
    parts = [speaker_part(quoted_speakers(out)), term_part(typical_terms(out, words), words), error_part(articles)]
    style = STYLE.read_text(encoding="utf-8") if STYLE.exists() else ""
    body = "\n".join([f"<p>{escape(found)}</p>", *parts])
    save(out / "summary.html", PAGE.format(title="An archive, read by counting", style=style, body=body).encode())
    return f"{found} Open {out / 'summary.html'}"
