"""An archive's tables added up, one part in memory at a time: who is quoted, where, when; which words; what tone."""

import json
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from statistics import NormalDist

import numpy as np
import pandas as pd
from newsprint import percent, plain, quoted, signed
from newsprint.chance import t_quantile
from newstext import ArticleError

ROOT = Path(__file__).parents[2]
HELD = 1_000_000  # rows of counts held before they are brought together
FEWEST = 5  # articles; an interval over fewer says nothing
UNSAID = "(not said)"  # an article without outlet or date


@dataclass(frozen=True)
class Archive:
    """The folder that `make archive` wrote: `parts` in the order of the articles, `aliases` as the user kept them."""

    folder: Path
    parts: list[str]
    aliases: dict[str, str]
    articles: int
    outlet: str
    date: str
    period: str

    def read(self, part: str, table: str, columns: list[str]) -> pd.DataFrame:
        """Columns of one part of a table, `outlet` and `period` those of each row's article; aliases are applied."""
        rows = self._load(part, table, ["article", *columns])
        if "speaker" in rows:
            rows["speaker"] = rows.speaker.replace(self.aliases)
        if not {"outlet", "period"} & {*columns}:
            return rows
        known = self._load(part, "articles", ["article", self.outlet, self.date]).drop_duplicates("article")
        known = known.set_index("article").reindex(rows.article, columns=[self.outlet, self.date])
        dates = pd.to_datetime(known[self.date], errors="coerce").dt.strftime(self.period)
        outlet = known[self.outlet].astype("str").replace({"": UNSAID, "None": UNSAID}).fillna(UNSAID)
        return rows.assign(outlet=outlet.to_numpy(), period=dates.fillna(UNSAID).to_numpy())

    def _load(self, part: str, table: str, columns: list[str]) -> pd.DataFrame:
        """Those of the columns that the table has."""
        from pyarrow.parquet import ParquetFile

        with ParquetFile(self.folder / table / f"{part}.parquet") as file:
            return file.read([name for name in columns if name in file.schema_arrow.names]).to_pandas()

    def add_up(self, table: str, columns: list[str], count: Callable[[pd.DataFrame], pd.DataFrame]) -> pd.DataFrame:
        """`count` done on each part of a table, its numbers summed over equal keys (its index), keys in order."""
        found: list[pd.DataFrame] = []
        for part in self.parts:
            found.append(count(self.read(part, table, columns)))
            if sum(map(len, found)) > HELD:
                found = [summed(found)]
        return summed(found)


def summed(tables: list[pd.DataFrame]) -> pd.DataFrame:
    table = pd.concat(tables)
    return table.groupby(level=list(range(table.index.nlevels))).sum()


def open_archive(folder: str | Path, outlet: str = "publisher", date: str = "date", period: str = "%Y-%m") -> Archive:
    """The archive of a folder, seen from the project's root; `outlet` and `date` are columns of `articles`, dates are
    grouped by `period`: "%Y" is a year. Raises `ArticleError` where there is no whole archive."""
    path = ROOT / folder
    try:
        manifest = json.loads((path / "manifest.json").read_text(encoding="utf-8"))
    except OSError:
        raise ArticleError(f"{path}: no whole archive; say: make archive FOLDER=news OUT={path}") from None
    return Archive(path, manifest["parts"], manifest["aliases"], manifest["articles"], outlet, date, period)


# Who is quoted


def quotations(statements: pd.DataFrame, keys: tuple[str, ...] = ("speaker",)) -> pd.DataFrame:
    """Quotations outside the headline: `articles, count, words`, by speaker ("" for nobody named) and other keys."""
    quoted = statements[statements.kind.isin(["direct", "partial"]) & (statements.section != "Headline")]
    sums = {"articles": ("article", "nunique"), "count": ("article", "size"), "words": ("words", "sum")}
    return quoted.groupby(list(keys)).agg(**sums)


def quoted_speakers(archive: Archive, *keys: str) -> pd.DataFrame:
    """Speakers by quoted words, most first: `speaker, articles, count, words`, and the keys: outlet, period."""
    table = archive.add_up(
        "statements", ["section", "kind", "speaker", "words", *keys], lambda rows: quotations(rows, ("speaker", *keys))
    ).reset_index()
    ascending = [False, *[True] * (1 + len(keys))]
    return table.sort_values(["words", "speaker", *keys], ascending=ascending, ignore_index=True)


def named_and_quoted(archive: Archive, speakers: list[str]) -> pd.DataFrame:
    """In how many articles each speaker is named, and in how many quoted: `speaker, named_in, quoted_in, share`. An
    article names who has a capitalised term in it that ends in the last word of the name; so a namesake counts."""
    last = {name.lower().split()[-1]: name for name in reversed(speakers) if name}

    def count(terms: pd.DataFrame) -> pd.DataFrame:
        terms = terms[terms.label.str[:1].str.isupper() & ~terms.is_stop]
        found = terms.assign(speaker=terms.term.str.rsplit(" ", n=1).str[-1].map(last)).dropna(subset="speaker")
        return found.groupby("speaker").agg(named_in=("article", "nunique"))

    named = archive.add_up("terms", ["term", "label", "is_stop"], count)
    heard = quoted_speakers(archive).set_index("speaker").articles.rename("quoted_in")
    table = named.join(heard).reindex([name for name in speakers if name]).fillna(0).astype(int).reset_index()
    return table.assign(share=table.quoted_in / table.named_in.clip(lower=1))


def speaker_shares(archive: Archive, speakers: list[str], key: str) -> pd.DataFrame:
    """Each speaker's share of all words quoted by an outlet or in a period (columns), 0 to 1."""
    words = quoted_speakers(archive, key).pivot_table("words", "speaker", key, aggfunc="sum", fill_value=0)
    return (words / words.sum()).reindex(speakers, fill_value=0).rename_axis(columns=None)


# Words, tone, and what is left out


def outlet_terms(archive: Archive, min_count: int = 10, top: int = 5) -> pd.DataFrame:
    """The `top` terms that stand out most in each outlet: `outlet, term, count, articles, times, g2, passes`. `times`
    compares the rate with that of all others (half an occurrence added); `passes` stands Bonferroni's correction for
    all terms and outlets. Words come in bursts: look at `articles`."""

    def count(terms: pd.DataFrame) -> pd.DataFrame:
        groups = terms[~terms.is_stop].groupby(["outlet", "term"])
        return groups.agg(count=("term", "size"), articles=("article", "nunique"))

    sizes = archive.add_up("terms", ["words", "outlet"], lambda terms: terms.groupby("outlet")[["words"]].sum()).words
    table = archive.add_up("terms", ["term", "is_stop", "outlet"], count).reset_index()
    total = table.groupby("term")["count"].transform("sum")
    table, total = table[total >= min_count], total[total >= min_count]
    here, rest = table.outlet.map(sizes).astype(float), total - table["count"]
    other = sizes.sum() - here
    table["times"] = (table["count"] + 0.5) / (here + 0.5) * (other + 0.5) / (rest + 0.5)
    table["g2"] = log_likelihood(table["count"], here, rest, other)
    table["passes"] = table.g2 >= NormalDist().inv_cdf(1 - 0.025 / max(len(table), 1)) ** 2
    table = table[table.times > 1].sort_values(["outlet", "g2", "term"], ascending=[True, False, True])
    return table.groupby("outlet").head(top).reset_index(drop=True)


def log_likelihood(a: pd.Series, n: pd.Series, b: pd.Series, m: pd.Series) -> pd.Series:
    """Dunning's G² (Computational Linguistics 19, 1993): a term `a` times in `n` words, `b` times in `m` others."""
    cells = [(a, n, a + b), (b, m, a + b), (n - a, n, n + m - a - b), (m - b, m, n + m - a - b)]
    return 2 * sum(x * np.log(np.maximum(x, 1) * (n + m) / np.maximum(size * row, 1)) for x, size, row in cells)


def tone(archive: Archive, *keys: str) -> pd.DataFrame:
    """Mean VADER score of articles by outlet, period or both: the keys, `articles, mean, low, high`. An article's score
    is the mean of its sentences that hold a word VADER knows. `low` and `high` are t intervals over articles that hold
    for all rows at once at 95 % (Bonferroni); none over fewer than `FEWEST`."""

    def count(scores: pd.DataFrame) -> pd.DataFrame:
        means = scores[scores.section != "Headline"].groupby([*keys, "article"]).vader.mean().dropna()
        return pd.DataFrame({"articles": 1, "sum": means, "squares": means**2}).groupby(level=list(keys)).sum()

    table = archive.add_up("sentiment", ["section", "vader", *keys], count).reset_index()
    mean, n = table["sum"] / table.articles, table.articles
    spread = np.sqrt(np.maximum(table.squares / n - mean**2, 0) / np.maximum(n - 1, 1))
    level = 1 - 0.025 / max(len(table), 1)
    half = (spread * [t_quantile(level, max(size - 1, 1)) for size in n]).where(n >= FEWEST)
    return table[[*keys, "articles"]].assign(mean=mean, low=mean - half, high=mean + half)


def set_aside(archive: Archive) -> pd.DataFrame:
    """Articles by outlet, and those that could not be read: `outlet, articles, sentences, words, set_aside, share`."""

    def count(articles: pd.DataFrame) -> pd.DataFrame:
        table = articles.assign(articles=1, set_aside=(articles.error != "").astype(int))
        return table.groupby("outlet")[["articles", "sentences", "words", "set_aside"]].sum()

    table = archive.add_up("articles", ["error", "sentences", "words", "outlet"], count).reset_index()
    return table.assign(share=table.set_aside / table.articles)


# What was found, in a sentence


def most_quoted(speakers: pd.DataFrame) -> str:
    known = speakers[speakers.speaker != ""]
    if known.empty:
        return "Nobody is quoted by name"
    name, articles, _, words = known.iloc[0]
    share = percent(words / speakers.words.sum())
    return f"{name} is quoted most: {words:,} words in {articles:,} articles, {share} of all quoted words"


def favourites(shares: pd.DataFrame, most: int = 6) -> str:
    """Whom each outlet quotes most; who leads most periods, where there are more than `most`."""
    if shares.empty:
        return "Nobody is quoted by name"
    first = shares.idxmax()
    if len(first) <= most:
        return "; ".join(f"{name} quotes {who} most, {percent(shares.loc[who, name])}" for name, who in first.items())
    who, often = next(first.value_counts().items())
    return f"{who} is quoted most in {often:,} of {len(first):,} periods"


def least_heard(table: pd.DataFrame) -> str:
    """Who is named and quoted least, among the speakers of a table of `named_and_quoted`."""
    if table.empty:
        return "Nobody is quoted by name"
    last, first = table.loc[table.share.idxmin()], table.loc[table.share.idxmax()]
    named = f"{last.speaker} is quoted in {percent(last.share)} of the {last.named_in:,} articles with the name"
    return f"{named}, {first.speaker} in {percent(first.share)}"


def own_words(terms: pd.DataFrame, most: int = 3) -> str:
    """The terms that stand out most in each outlet, of those that pass the correction."""
    passed = terms[terms.passes].groupby("outlet").term
    return "; ".join(f"{outlet}: {quoted(words.head(most))}" for outlet, words in passed) or "No term stands out"


def tone_moves(table: pd.DataFrame) -> str:
    """The rows with the highest and the lowest score, and whether their intervals lie apart."""
    known = table.dropna(subset="low").sort_values("mean")
    if len(known) < 2:
        return "Too few articles to compare"
    low, top = known.iloc[0], known.iloc[-1]
    apart = "lie apart: more than chance" if top.low > low.high else "overlap: it may be chance"
    ends = f"Highest: {top.iloc[0]} ({signed(top['mean'])}), lowest: {low.iloc[0]} ({signed(low['mean'])})"
    return f"{ends}; their intervals {apart}"


def left_out(table: pd.DataFrame) -> str:
    """How many articles could not be read, and of which outlet most of them."""
    bad, every, worst = table.set_aside.sum(), table.articles.sum(), table.loc[table.set_aside.idxmax()]
    most = f"; {worst.set_aside:,} of them are of {worst.outlet}, {percent(worst.share)} of its articles" if bad else ""
    return plain(f"{bad:,} of {every:,} articles could not be read ({100 * bad / every:.1f}%){most}")
