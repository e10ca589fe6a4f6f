"""Statements marked by hand: the rules propose, the reader disposes. The table in, and out in the same form."""

import re
from bisect import bisect_right

import pandas as pd

from newstext.article import Article
from newstext.lists import ArticleError
from newstext.statements import COLUMNS
from newstext.words import reporting_verbs, verb_forms

HAND = ["id", "section", "kind", "sure", "start", "end", "speaker", "mention", "cue", "rule", "text", "note"]
KINDS = ("direct", "partial", "indirect")


def marked_statements(article: Article) -> pd.DataFrame:
    """The statements marked by hand beside the article (`article.checked`), in the columns of `find_statements`.

    Text that has moved is found again by its words, the nearest place first. Raises `ArticleError`, one line, where
    there is no such table, for an unknown kind, and for a text that the article does not hold, with the row.
    """
    if article.checked is None:
        raise ArticleError("no statements marked by hand: put X-statements.csv beside X.txt, or say STATEMENTS = 'by rule'")
    rows = [_read(article, number, row) for number, row in enumerate(article.checked.to_dict("records"), 2)]
    table = pd.DataFrame(sorted(rows, key=lambda row: (row["start"], -row["end"])), columns=COLUMNS)
    around = [
        next((i for i, outer in enumerate(rows) if outer["kind"] == "indirect" and outer is not row
              and outer["start"] <= row["start"] and row["end"] <= outer["end"]), pd.NA)
        for rows in [table.to_dict("records")] for row in rows
    ]  # fmt: skip
    return table.assign(part_of=pd.array(around, dtype="Int64"))


def _read(article: Article, number: int, row: dict) -> dict:
    text, where = re.sub(r"^'(?=[=+\-@])", "", row["text"].strip()), f"the statements marked by hand, row {number}"
    if row["kind"] not in KINDS:
        raise ArticleError(f"{where}: kind {row['kind']!r} is not known; write {', '.join(KINDS)}")
    words = re.compile(r"\s+".join(map(re.escape, text.split())))  # a table has no line ends
    places = [match.span() for match in words.finditer(article.text)] if text else []
    if not places:
        raise ArticleError(f"{where}: {text[:40]!r} is not in the article; copy its words as they stand there")
    start, end = min(places, key=lambda at: abs(at[0] - int(row["start"])))
    sentence = article.sentences.iloc[max(bisect_right(article.sentences.start.tolist(), start) - 1, 0)]
    near = article.paragraphs[article.paragraphs.paragraph == sentence.paragraph].iloc[0]

    def place(words: str) -> int:
        found = [near.start + m.start() for m in re.finditer(rf"(?<!\w){re.escape(words)}(?!\w)", near.text)] if words else []
        outside = [at for at in found if not start <= at < end] or found
        return min(outside, key=lambda at: min(abs(at - start), abs(at - end)), default=-1)

    cue, mention = row.get("cue", ""), row.get("mention", "")
    return {
        "start": start, "end": end, "text": article.text[start:end], "kind": row["kind"], "speaker": row["speaker"],
        "mention": mention, "cue": cue, "verb": verb_of(cue), "sid": sentence.sid, "section": sentence.section,
        "rule": "by hand", "cue_start": place(cue), "mention_start": place(mention), "evidence": "", "flag": "",
    }  # fmt: skip


def verb_of(cue: str) -> str:
    """The verb of a cue as the list has it ("calling for" → "call for"); the cue itself where it is not listed."""
    first, _, rest = cue.lower().partition(" ")
    verb = verb_forms()[first][0] if first in verb_forms() else cue.lower()
    return f"{verb} {rest}" if f"{verb} {rest}" in set(reporting_verbs().verb) else verb


def hand_table(statements: pd.DataFrame) -> pd.DataFrame:
    """Found statements in the form of a table to correct by hand, every row sure."""
    return statements.assign(id=range(1, len(statements) + 1), sure="yes", note="")[HAND]
