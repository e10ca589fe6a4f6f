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


def read_by_hand(article: Article) -> pd.DataFrame:
    """The rows of `article.checked` with what the columns of found statements need; the rule is "by hand".

    A text that has moved is found again by its words. Raises `ArticleError`, one
    line, where there is no such table, and with the row's number in the file
    where a kind is unknown or a text is nowhere in the article.
    """
    if article.checked is None:
        raise ArticleError(
            "no statements marked by hand: put X-statements.csv beside X.txt; data/README.md has its form"
        )
    marked = article.checked.assign(**{name: "" for name in ("mention", "cue") if name not in article.checked})
    rows = [_placed(article, number, row) for number, row in enumerate(marked.itertuples(), 2)]
    rows.sort(key=lambda row: (row["start"], -row["end"]))
    around = [i for i, row in enumerate(rows) if row["kind"] == "indirect"]
    for row in rows:
        row["part_of"] = (
            pd.NA if row["kind"] == "indirect" else next((i for i in around if _holds(rows[i], row)), pd.NA)
        )
    return pd.DataFrame(rows, columns=COLUMNS).astype({"part_of": "Int64"})


def _holds(outer: dict, inner: dict) -> bool:
    return outer["start"] <= inner["start"] and inner["end"] <= outer["end"]


def _placed(article: Article, number: int, row: tuple) -> dict:
    """One marked statement where its words stand in the article, with the places of its cue and mention."""
    if row.kind not in ("direct", "partial", "indirect"):
        raise ArticleError(f"row {number} of the hand-marked table: kind {row.kind!r}; use direct, partial or indirect")
    if (span := _find(article.text, row.text, row.start, len(article.text))) is None:
        raise ArticleError(
            f"row {number} of the hand-marked table: {row.text[:40]!r} is not in the article; mend the row"
        )
    sentences = article.sentences
    sentence = sentences.iloc[max(0, int(sentences.start.searchsorted(span[0], side="right")) - 1)]
    cue, mention = (_find(article.text, words, span[0], NEAR) or (-1, -1) for words in (row.cue, row.mention))
    first, _, rest = row.cue.lower().partition(" ")
    verb = lemma(VERB_FORMS[first].verb, rest) if first in VERB_FORMS else row.cue
    given = {"kind": row.kind, "speaker": row.speaker, "mention": row.mention, "cue": row.cue, "verb": verb}
    places = {"start": span[0], "end": span[1], "cue_start": cue[0], "mention_start": mention[0]}
    where = {"text": article.text[slice(*span)], "sid": sentence.sid, "section": sentence.section}
    return given | places | where | {"rule": "by hand", "evidence": "", "flag": ""}


def _find(text: str, words: str, near: int, reach: int) -> tuple[int, int] | None:
    """Where the words stand, nearest to a place within `reach`; spaces and kinds of marks do not matter."""
    words = re.sub(r"^'(?=[=+\-@])", "", words)  # the apostrophe that keeps a spreadsheet from reading a formula
    if not words.split():
        return None
    low = max(0, near - reach)
    plain = text[low : near + reach].translate(STRAIGHT)
    pattern = r"\s+".join(re.escape(word.translate(STRAIGHT)) for word in words.split())
    found = [match.span() for match in re.finditer(rf"(?<!\w){pattern}(?!\w)", plain)]
    best = min(found, key=lambda span: abs(span[0] + low - near), default=None)
    return best and (best[0] + low, best[1] + low)


def statements_csv(statements: pd.DataFrame) -> pd.DataFrame:
    """Found statements in the form of the hand-marked file, for the reader to correct; put beside X.txt they count."""
    table = statements.assign(id=range(1, len(statements) + 1), sure="yes", note="")
    return table[FORM]


def compare(found: pd.DataFrame, marked: pd.DataFrame) -> pd.DataFrame:
    """Found statements beside the ones marked by hand, in the order of the text: one row a pair or a single.

    A pair is a found and a marked statement, both with or both without
    quotation marks of their own, that share at least half of the characters
    they cover together (intersection over union), best pairs first. `result`
    is "right", "wrong speaker", "missed", "found only", or "borderline" where
    the table itself is not sure (`sure` = no), which counts neither way.
    """
    ours, theirs = list(found.itertuples()), list(marked.itertuples())
    pairs, rows = _pairs(ours, theirs), []
    for i, a in enumerate(theirs):
        b = ours[pairs[i]] if i in pairs else None
        result = "missed" if b is None else "right" if b.speaker == a.speaker else "wrong speaker"
        result = "borderline" if getattr(a, "sure", "yes") == "no" else result
        rows.append((a.start, result, a.kind, a.speaker, b.speaker if b else "", a.text, b.rule if b else ""))
    paired = set(pairs.values())
    rows += [
        (b.start, "found only", b.kind, "", b.speaker, b.text, b.rule) for j, b in enumerate(ours) if j not in paired
    ]
    return pd.DataFrame(sorted(rows), columns=["start", "result", "kind", "marked", "found", "text", "rule"])


def _pairs(ours: list, theirs: list) -> dict[int, int]:
    """Best pairs of two tables' rows that share half or more, as {place in theirs: place in ours}."""
    shares = []
    for i, a in enumerate(theirs):
        for j, b in enumerate(ours):
            shared = min(a.end, b.end) - max(a.start, b.start)
            if shared > 0 and (a.kind == "indirect") == (b.kind == "indirect"):
                shares.append((shared / (max(a.end, b.end) - min(a.start, b.start)), -i, -j))
    pairs: dict[int, int] = {}
    for share, i, j in sorted(shares, reverse=True):
        if share >= 0.5 and -i not in pairs and -j not in pairs.values():
            pairs[-i] = -j
    return pairs
