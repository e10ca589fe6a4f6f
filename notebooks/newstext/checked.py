"""Statements marked by hand: in place of the rules, beside them, and as a table to fill in."""

from bisect import bisect_right
from collections.abc import Callable

import numpy as np
import pandas as pd

from newstext.article import Article, ArticleError
from newstext.files import find_words
from newstext.words import VERB_FORMS, lemma

COLUMNS = [  # of found statements
    *["start", "end", "text", "kind", "speaker", "mention", "cue", "verb", "part_of", "sid", "section", "rule"],
    *["cue_start", "mention_start", "evidence", "flag"],
]
KINDS = dict.fromkeys(COLUMNS, pd.StringDtype(na_value=float("nan"))) | {"part_of": pd.Int64Dtype()}
KINDS |= dict.fromkeys(["start", "end", "cue_start", "mention_start"], np.dtype(int))
FORM = ["id", "section", "kind", "sure", "start", "end", "speaker", "mention", "cue", "rule", "text", "note"]
NEAR = 400  # characters from a statement in which its cue and mention are looked for


def statement_table(article: Article, rows: list[dict]) -> pd.DataFrame:
    """The statements in the order of the text, each with its words, its sentence, and the indirect one around it."""
    rows, around = sorted(rows, key=lambda row: (row["start"], -row["end"])), []
    begins, sids, sections = (article.sentences[name].tolist() for name in ("start", "sid", "section"))
    for i, row in enumerate(rows):
        at, named = (max(0, bisect_right(begins, row[name]) - 1) for name in ("start", "evidence"))
        around = [k for k in around if rows[k]["end"] > row["start"]]
        inside = (k for k in reversed(around) if row["end"] <= rows[k]["end"] and row["kind"] != "indirect")
        row |= {"text": article.text[row["start"] : row["end"]], "sid": sids[at], "section": sections[at]}
        row |= {"part_of": next(inside, pd.NA), "evidence": sids[named] if row["evidence"] >= 0 else ""}
        around += [i] * (row["kind"] == "indirect")
    return pd.DataFrame({name: pd.array([row[name] for row in rows], dtype=kind) for name, kind in KINDS.items()})


def read_by_hand(article: Article) -> pd.DataFrame:
    """The rows of `article.checked` in the columns of found statements; raises `ArticleError` where there are none."""
    if article.checked is None:
        raise ArticleError(
            "no statements marked by hand: put X-statements.csv beside X.txt; data/README.md has its form"
        )
    rows = [{"mention": "", "cue": "", **row._asdict()} for row in article.checked.itertuples()]
    for row in rows:
        first, _, rest = row["cue"].lower().partition(" ")
        row["verb"] = lemma(VERB_FORMS[first].verb, rest) if first in VERB_FORMS else row["cue"]
        for name in ("cue", "mention"):
            row[f"{name}_start"] = find_words(article.text, row[name], row["start"], NEAR)[0]
        row |= {"rule": "by hand", "evidence": -1, "flag": ""}
    return statement_table(article, rows)


def statements_csv(statements: pd.DataFrame) -> pd.DataFrame:
    """Found statements in the form of the hand-marked file, for the reader to correct; put beside X.txt they count."""
    return statements.assign(id=range(1, len(statements) + 1), sure="yes", note="")[FORM]


def compare(found: pd.DataFrame, marked: pd.DataFrame) -> pd.DataFrame:
    """Found statements beside the ones marked by hand, in the order of the text: one row a pair or a single.

    A pair share half of the characters they cover together, both with or both without marks of their own. `result` is
    "right", "wrong speaker", "missed", "found only", or "borderline" (the table is not sure), which counts neither way.
    """
    ours, theirs, rows = list(found.itertuples()), list(marked.itertuples()), []
    pairs = best_pairs(theirs, ours, _share)
    for i, a in enumerate(theirs):
        b = ours[pairs[i]] if i in pairs else None
        result = "missed" if b is None else "right" if b.speaker == a.speaker else "wrong speaker"
        result = "borderline" if getattr(a, "sure", "yes") == "no" else result
        rows.append((a.start, result, a.kind, a.speaker, b.speaker if b else "", a.text, b.rule if b else ""))
    for b in (b for j, b in enumerate(ours) if j not in pairs.values()):
        rows.append((b.start, "found only", b.kind, "", b.speaker, b.text, b.rule))
    return pd.DataFrame(sorted(rows), columns=["start", "result", "kind", "marked", "found", "text", "rule"])


def _share(a: tuple, b: tuple) -> float:
    """Which part of the characters that two statements cover together they share; 0 for statements of two sorts."""
    shared, cover = min(a.end, b.end) - max(a.start, b.start), max(a.end, b.end) - min(a.start, b.start)
    return shared / cover if (a.kind == "indirect") == (b.kind == "indirect") else 0.0


def best_pairs(ours: list, theirs: list, share: Callable) -> dict[int, int]:
    """Pairs that share half or more, {i: j} by their places in the lists: best first, each i and each j once."""
    shares = [(-share(a, b), i, j) for i, a in enumerate(ours) for j, b in enumerate(theirs)]
    pairs: dict[int, int] = {}
    for value, i, j in sorted(shares):
        if value <= -0.5 and i not in pairs and j not in pairs.values():
            pairs[i] = j
    return pairs
