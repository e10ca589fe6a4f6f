"""Statements marked by hand: in place of the rules, beside them, and as a table to fill in."""

from collections.abc import Callable

import pandas as pd

from newstext.article import Article, ArticleError
from newstext.files import find_words
from newstext.words import VERB_FORMS, lemma

COLUMNS = [  # of found statements
    *["start", "end", "text", "kind", "speaker", "mention", "cue", "verb", "part_of", "sid", "section", "rule"],
    *["cue_start", "mention_start", "evidence", "flag"],
]
FORM = ["id", "section", "kind", "sure", "start", "end", "speaker", "mention", "cue", "rule", "text", "note"]
NEAR = 400  # characters from a statement in which its cue and mention are looked for


def read_by_hand(article: Article) -> pd.DataFrame:
    """The rows of `article.checked` in the columns of found statements; raises `ArticleError` where there are none."""
    if article.checked is None:
        raise ArticleError(
            "no statements marked by hand: put X-statements.csv beside X.txt; data/README.md has its form"
        )
    marked = article.checked.sort_values(["start", "end"], ascending=[True, False], ignore_index=True)
    marked = marked.assign(**{name: "" for name in ("mention", "cue") if name not in marked})
    table = pd.DataFrame([_placed(article, row) for row in marked.itertuples()], columns=COLUMNS)
    around = table[table.kind == "indirect"]
    inside = [around.index[(around.start <= row.start) & (row.end <= around.end)] for row in marked.itertuples()]
    wholes = [pd.NA if kind == "indirect" else next(iter(own), pd.NA) for kind, own in zip(table.kind, inside)]
    return table.assign(part_of=pd.array(wholes, "Int64"), rule="by hand", evidence="", flag="")


def _placed(article: Article, row: tuple) -> dict:
    """A marked statement with the sentence in which it begins, its verb, and the places of its cue and mention."""
    sentence = article.sentences.iloc[max(0, int(article.sentences.start.searchsorted(row.start, side="right")) - 1)]
    cue, mention = (find_words(article.text, words, row.start, NEAR)[0] for words in (row.cue, row.mention))
    first, _, rest = row.cue.lower().partition(" ")
    verb = lemma(VERB_FORMS[first].verb, rest) if first in VERB_FORMS else row.cue
    found = {"text": article.text[row.start : row.end], "verb": verb, "cue_start": cue, "mention_start": mention}
    return {**row._asdict(), **found, "sid": sentence.sid, "section": sentence.section}


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
