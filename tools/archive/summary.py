"""The summary page of an archive and its lists, counted with Dask from the tables that `read.py` wrote."""

import base64
import hashlib
from collections.abc import Callable
from functools import partial
from operator import getitem
from pathlib import Path

import pandas as pd
from distributed import Client
from jinja2 import Environment, StrictUndefined, Template
from markupsafe import Markup
from newsprint import against_english, plain, safe_csv, save

from archive.coverage import Archive, open_archive, quotations, read_file
from archive.names import find_candidates, offer

STYLE = Path(__file__).parents[1] / "page" / "style.css"
CSP = "default-src 'none'; style-src 'sha256-{}'; base-uri 'none'; form-action 'none'"
MIN_COUNT = 5  # rarer terms are left out: most words of an archive are rare
TOP = 1_000  # rows of a list
GROUP = 50  # parts whose counts one task brings together
SPLIT = 500  # parts for each share of the keys that one task sums up


def term_counts(terms: pd.DataFrame) -> pd.DataFrame:
    """Terms that are no stop words: `articles, count`."""
    return terms[~terms.is_stop].groupby("term").agg(articles=("article", "nunique"), count=("article", "size"))


def article_counts(articles: pd.DataFrame) -> pd.DataFrame:
    """Articles by name: how many have it."""
    return articles.groupby("article").agg(count=("article", "size"))


def size_counts(articles: pd.DataFrame) -> pd.DataFrame:
    """`articles, sentences, words` of articles that were read (""), and the rest."""
    state = articles.error.mask(articles.error != "", "set aside")
    sums = {"articles": ("article", "size"), "sentences": ("sentences", "sum"), "words": ("words", "sum")}
    return articles.groupby(state).agg(**sums)


def most_words(table: pd.DataFrame) -> tuple[pd.DataFrame, pd.Series]:
    """The speakers with most quoted words, and sums over all; "" is nobody named."""
    known, nobody = table[table.speaker != ""], table[table.speaker == ""]
    sums = {"speakers": len(known), "count": table["count"].sum(), "words": table.words.sum()}
    sums |= {"nobody": nobody["count"].sum(), "nobodys_words": nobody.words.sum()}
    return known.sort_values(["words", "speaker"], ascending=[False, True]).head(TOP), pd.Series(sums)


def most_telling(table: pd.DataFrame, words: int) -> tuple[pd.DataFrame, pd.Series]:
    """The terms that stand out most against general English, and how many were compared, come more often, pass."""
    table = against_english(table[table["count"] >= MIN_COUNT], words)
    more = table[table.times > 1]
    return more.head(TOP), pd.Series({"terms": len(table), "more": len(more), "passes": int(table.passes.sum())})


def repeated(table: pd.DataFrame) -> tuple[pd.DataFrame, pd.Series]:
    """Names that several articles have."""
    table = table[table["count"] > 1]
    return table.head(TOP), pd.Series({"names": len(table)})


def everything(table: pd.DataFrame) -> tuple[pd.DataFrame, pd.Series]:
    return table, pd.Series(dtype=int)


def tally(client: Client, archive: Archive, table: str, columns: list[str], count: Callable, keep: Callable) -> tuple:
    """`count` summed over all parts, and what `keep` leaves of it: rows, put together, and sums, added up.

    The keys are dealt out by their hash, `keep` sees one share of them after
    the other, and no process ever has them all.
    """
    shares, archives = 1 + len(archive.parts) // SPLIT, archive.split(GROUP)
    counted = client.map(_count, archives, table=table, columns=columns, count=count, shares=shares, pure=False)
    picked = [[client.submit(getitem, future, share) for future in counted] for share in range(shares)]
    found = client.gather([client.submit(_keep, futures, keep, pure=False) for futures in picked])
    return pd.concat([rows for rows, _ in found], ignore_index=True), sum(sums for _, sums in found)


def _count(archive: Archive, table: str, columns: list[str], count: Callable, shares: int) -> list[pd.DataFrame]:
    found = archive.add_up(table, columns, count)
    share = pd.util.hash_array(found.index.to_numpy(dtype=object)) % shares
    return [found[share == number] for number in range(shares)]


def _keep(tables: list[pd.DataFrame], keep: Callable) -> object:
    return keep(pd.concat(tables).groupby(level=0).sum().reset_index())


def find_bad(client: Client, archive: Archive) -> pd.DataFrame:
    """The first articles that were set aside: `article, error`."""
    bad = pd.DataFrame(columns=["article", "error"])
    for future in client.map(_bad, archive.split(GROUP), pure=False):
        if len(bad) < TOP:
            bad = pd.concat([bad, future.result()])
    return bad.head(TOP)


def _bad(archive: Archive) -> pd.DataFrame:
    tables = [read_file(archive.folder, "articles", part, ["article", "error"]) for part in archive.parts]
    return pd.concat([table[table.error != ""] for table in tables]).head(TOP)


def page() -> Template:
    """The summary's template, with the style of all pages and a policy that admits it and nothing else."""
    style = STYLE.read_text(encoding="utf-8")
    policy = CSP.format(base64.b64encode(hashlib.sha256(style.encode()).digest()).decode())
    made = Environment(autoescape=True, undefined=StrictUndefined, trim_blocks=True)
    template = Path(__file__).with_name("summary.html.j2").read_text(encoding="utf-8")
    return made.from_string(template, {"style": Markup(style), "policy": policy})


def write_summary(client: Client, out: Path) -> str:
    """Write the lists, the candidates for aliases and `summary.html`; the sentence that the page opens with."""
    archive, columns = open_archive(out), ["error", "sentences", "words"]
    sizes = tally(client, archive, "articles", columns, size_counts, everything)[0].set_index("error")
    read, bad = sizes.reindex(["", "set aside"], fill_value=0).to_dict("records")
    again, names = tally(client, archive, "articles", [], article_counts, repeated)
    columns = ["section", "kind", "speaker", "words"]
    speakers, quoted = tally(client, archive, "statements", columns, quotations, most_words)
    telling = partial(most_telling, words=read["words"])
    terms, compared = tally(client, archive, "terms", ["term", "is_stop"], term_counts, telling)
    speakers = speakers.sort_values(["words", "speaker"], ascending=[False, True]).head(TOP)
    lists = {
        "speakers": speakers.assign(share=speakers.words / max(quoted.words, 1)),
        "terms": terms.sort_values(["g2", "term"], ascending=[False, True]).head(TOP),
        "set-aside": find_bad(client, archive),
        "repeated": again.sort_values("article").head(TOP),
    }
    for name, table in lists.items():
        save(out / f"{name}.csv", safe_csv(table).encode())
    save(out / "aliases-offered.toml", offer(find_candidates(speakers)).encode())
    found = f"{read['articles']:,} of {read['articles'] + bad['articles']:,} articles read: "
    found += f"{read['sentences']:,} sentences, {read['words']:,} words."
    html = page().render(
        plain=plain, found=found, read=read, bad=bad, quoted={**quoted}, compared={**compared}, least=MIN_COUNT,
        lists={name: table.head(20).to_dict("records") for name, table in lists.items()}, names=names["names"],
        aliases=len(archive.aliases), sizes={name: len(table) for name, table in lists.items()}, out=out.name,
    )  # fmt: skip
    save(out / "summary.html", html.encode())
    return f"{found} Open {out / 'summary.html'}"
