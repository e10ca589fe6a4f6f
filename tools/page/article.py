"""The article as the front page: every line in place, each stretch with who says it, how it sounds, whom it names."""

from collections.abc import Iterator
from itertools import groupby, pairwise
from pathlib import Path

import numpy as np
import pandas as pd
from newsprint import find_actors, find_scored_words, read_misread_words, score_sentences, sided_statements
from newstext import Article


class Layers:
    """Voices, tone and actors of an article, looked up by character; of nested statements the inner one counts."""

    def __init__(self, article: Article, statements: pd.DataFrame, marks: pd.DataFrame):
        mentions = find_actors(article)
        self.sides = {side: min(n, 3) for n, side in enumerate(mentions.side.cat.categories[:-1], 1)}  # last: nobody
        spoken = statements.assign(
            how=np.where(statements.kind == "indirect", "paraphrased", "quoted"),
            side=[self.sides[side] if speaker else 0 for speaker, side in zip(statements.speaker, statements.side)],
        ).sort_values(["how", "start"])  # "paraphrased" first
        mentions = mentions.assign(side=[self.sides[side] for side in mentions.side])
        tables = {"voice": spoken, "tone": marks, "actor": mentions}
        self.text, self.rows = article.text, {name: [None, *table.to_dict("records")] for name, table in tables.items()}
        self.covers = np.zeros((len(tables), len(self.text) + 1), dtype=np.int32)
        for cover, table in zip(self.covers, tables.values()):
            for number, (start, end) in enumerate(zip(table.start, table.end), 1):
                cover[start:end] = number
        self.cuts = 1 + np.flatnonzero((np.diff(self.covers) != 0).any(axis=0))
        self.spoken: dict[str, list[dict]] = {}
        for row in spoken.sort_values("start", kind="stable").to_dict("records"):
            self.spoken.setdefault(row["sid"], []).append(row)

    def pieces(self, start: int, end: int) -> Iterator[dict]:
        """The text from `start` to `end` in stretches of one look: `text` and the row of each layer, or None."""
        inside = self.cuts[np.searchsorted(self.cuts, start, "right") : np.searchsorted(self.cuts, end)]
        for a, b in pairwise([start, *inside.tolist(), end]):
            yield {"text": self.text[a:b]} | {name: self.rows[name][n] for name, n in zip(self.rows, self.covers[:, a])}

    def speakers(self, sid: str) -> list[dict]:
        """Who is reported from this sentence on, each once: `speaker, side`, and of each statement `hows, mentions`."""
        found: dict[str, dict] = {}
        for row in self.spoken.get(sid, []):
            own = found.setdefault(row["speaker"], row | {"hows": [], "mentions": []})
            own["hows"].append(row["how"])
            own["mentions"].append(row["mention"])
        return list(found.values())


def front_page(article: Article, path: Path) -> tuple[dict, dict]:
    """What the template needs, and the tables of sentences and statements.

    `blocks` are the lines of one role that stand together, in reading order. `path` is the article's file.
    """
    statements, scores = sided_statements(article), score_sentences(article.body)
    marks = find_scored_words(article.body, read_misread_words(path))
    lines = article.lines[article.lines.role.isin(["heading", "removed"])]
    role = np.where(article.paragraphs.section == "Headline", "headline", "body")
    rows = sorted([*lines.itertuples(), *article.paragraphs.assign(role=role).itertuples()], key=lambda row: row.start)
    front = {
        "name": "index", "short": "Article", "title": article.headline or article.facts.get("title") or "The article",
        "facts": article.facts, "notes": article.notes, "layers": Layers(article, statements, marks),
        "blocks": [(role, list(block)) for role, block in groupby(rows, key=lambda row: row.role)],
        "sentences": dict(list(article.sentences.groupby("paragraph"))), "vader": dict(zip(scores.sid, scores.vader)),
        "contents": [(f"h{row.line}", row.text.strip("#* ")) for row in lines[lines.role == "heading"].itertuples()],
    }  # fmt: skip
    scored = article.sentences.merge(scores[["sid", "vader", "textblob"]], on="sid", how="left")
    return front, {"sentences": scored, "statements": statements.drop(columns=["first", "last"])}
