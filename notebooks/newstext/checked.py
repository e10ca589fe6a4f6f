"""Statements marked by hand: in place of the rules, beside them, and as a table to fill in."""

import re

import pandas as pd

from newstext.article import STRAIGHT, Article, ArticleError
from newstext.words import VERB_FORMS, lemma

COLUMNS = [  # of found statements
    *["start", "end", "text", "kind", "speaker", "mention", "cue", "verb", "part_of", "sid", "section", "rule"],
    *["cue_start", "mention_start", "evidence", "flag"],
]
FORM = ["id", "section", "kind", "sure", "start", "end", "speaker", "mention", "cue", "rule", "text", "note"]
NEAR = 400  # characters from a statement in which its cue and mention are looked for
NO_TABLE = "no statements marked by hand: put X-statements.csv beside X.txt; data/README.md has its form"


def read_by_hand(article: Article) -> pd.DataFrame:
    """The rows of `article.checked` in the columns of found statements; a text that has moved is found by its words.

    Raises `ArticleError` where there is no such table, and with the row's number in the file where a kind is unknown or
    a text is nowhere in the article.
    """
    if article.checked is None:
        raise ArticleError(NO_TABLE)
    marked = article.checked.assign(**{name: "" for name in ("mention", "cue") if name not in article.checked})
    rows = [_placed(article, number, row) for number, row in enumerate(marked.itertuples(), 2)]
    rows.sort(key=lambda row: (row["start"], -row["end"]))
    around = {i: row for i, row in enumerate(rows) if row["kind"] == "indirect"}
    for row in rows:
        holds = (i for i, o in around.items() if o["start"] <= row["start"] and row["end"] <= o["end"])
        row["part_of"] = pd.NA if row["kind"] == "indirect" else next(holds, pd.NA)
    return pd.DataFrame(rows, columns=COLUMNS).astype({"part_of": "Int64"})


def _placed(article: Article, number: int, row: tuple) -> dict:
    """One marked statement where its words stand in the article, with the places of its cue and mention."""
    place = f"row {number} of the hand-marked table"
    if row.kind not in ("direct", "partial", "indirect"):
        raise ArticleError(f"{place}: kind {row.kind!r}; use direct, partial or indirect")
    start, end = _find(article.text, row.text, row.start, len(article.text))
    if start < 0:
        raise ArticleError(f"{place}: {row.text[:40]!r} is not in the article; mend the row")
    sentences = article.sentences
    sentence = sentences.iloc[max(0, int(sentences.start.searchsorted(start, side="right")) - 1)]
    cue, mention = (_find(article.text, words, start, NEAR)[0] for words in (row.cue, row.mention))
    first, _, rest = row.cue.lower().partition(" ")
    verb = lemma(VERB_FORMS[first].verb, rest) if first in VERB_FORMS else row.cue
    given = {"kind": row.kind, "speaker": row.speaker, "mention": row.mention, "cue": row.cue, "verb": verb}
    places = {"start": start, "end": end, "cue_start": cue, "mention_start": mention}
    where = {"text": article.text[start:end], "sid": sentence.sid, "section": sentence.section}
    return given | places | where | {"rule": "by hand", "evidence": "", "flag": ""}


def _find(text: str, words: str, near: int, reach: int) -> tuple[int, int]:
    """Where words stand, nearest to a place within `reach`, else (−1, −1); spaces and kinds of marks do not matter."""
    words = re.sub(r"^'(?=[=+\-@])", "", words)  # the apostrophe that keeps a spreadsheet from reading a formula
    low, pattern = max(0, near - reach), r"\s+".join(map(re.escape, words.translate(STRAIGHT).split()))
    plain = text[low : near + reach].translate(STRAIGHT)
    found = re.finditer(rf"(?<!\w){pattern}(?!\w)", plain) if pattern else ()
    spans = [(low + match.start(), low + match.end()) for match in found]
    return min(spans, key=lambda span: abs(span[0] - near), default=(-1, -1))


def statements_csv(statements: pd.DataFrame) -> pd.DataFrame:
    """Found statements in the form of the hand-marked file, for the reader to correct; put beside X.txt they count."""
    return statements.assign(id=range(1, len(statements) + 1), sure="yes", note="")[FORM]


def compare(found: pd.DataFrame, marked: pd.DataFrame) -> pd.DataFrame:
    """Found statements beside the ones marked by hand, in the order of the text: one row a pair or a single.

    A pair share half of the characters they cover together, both with or both without marks of their own. `result` is
    "right", "wrong speaker", "missed", "found only", or "borderline" (the table is not sure), which counts neither way.
    """
    ours, theirs = list(found.itertuples()), list(marked.itertuples())
    shares, rows = [], []
    for i, a in enumerate(theirs):
        for j, b in enumerate(ours):
            shared, cover = min(a.end, b.end) - max(a.start, b.start), max(a.end, b.end) - min(a.start, b.start)
            if shared > 0 and (a.kind == "indirect") == (b.kind == "indirect"):
                shares.append((shared / cover, i, j))
    pairs = best_pairs(shares)
    for i, a in enumerate(theirs):
        b = ours[pairs[i]] if i in pairs else None
        result = "missed" if b is None else "right" if b.speaker == a.speaker else "wrong speaker"
        result = "borderline" if getattr(a, "sure", "yes") == "no" else result
        rows.append((a.start, result, a.kind, a.speaker, b.speaker if b else "", a.text, b.rule if b else ""))
    for b in (b for j, b in enumerate(ours) if j not in pairs.values()):
        rows.append((b.start, "found only", b.kind, "", b.speaker, b.text, b.rule))
    return pd.DataFrame(sorted(rows), columns=["start", "result", "kind", "marked", "found", "text", "rule"])


def best_pairs(shares: list[tuple[float, int, int]]) -> dict[int, int]:
    """Pairs that share half or more, {i: j} from (share, i, j): best first, each i and each j once."""
    pairs: dict[int, int] = {}
    for share, i, j in sorted(shares, key=lambda row: (-row[0], row[1:])):
        if share >= 0.5 and i not in pairs and j not in pairs.values():
            pairs[i] = j
    return pairs
