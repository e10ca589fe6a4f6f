"""The article as the front page: every line in place, each stretch of it with who says it, how it sounds, whom it names."""

from collections.abc import Iterator
from datetime import date
from pathlib import Path

import numpy as np
import pandas as pd
from newsprint import find_actors, find_scored_words, score_sentences, word_voices
from newstext import Article

AROUND = 32  # characters of a quote selector's prefix and suffix


def side_numbers(article: Article, voices: pd.DataFrame, mentions: pd.DataFrame) -> dict[str, int]:
    """Each side's number, 1 and 2 as in the figures, 3 for all others."""
    order = dict.fromkeys([*article.sides, *mentions.side, *voices.side])
    named = [side for side in order if side not in ("others", "nobody named")]
    return {side: min(number, 3) for number, side in enumerate(named, 1)}


class Marks:
    """The three layers of an article, voices, tone and actors, looked up by character."""

    def __init__(self, article: Article, statements: pd.DataFrame):
        voices, mentions = word_voices(article, statements), find_actors(article)
        self.text, self.sides = article.text, side_numbers(article, voices, mentions)
        side = {speaker: self.sides.get(name, 3) for speaker, name in zip(voices.speaker, voices.side)}
        spoken = statements.sort_values("kind", key=lambda kind: kind != "indirect", kind="stable")  # the inner one counts
        how = spoken.kind.map({"indirect": "paraphrased"}).fillna("quoted")
        spoken = spoken.assign(how=how, side=[side.get(speaker, 3) if speaker else 0 for speaker in spoken.speaker])
        tables = {"voice": spoken, "tone": find_scored_words(article.body), "actor": mentions.assign(side=mentions.side.map(self.sides).fillna(3))}
        self.rows = {name: [None, *table.to_dict("records")] for name, table in tables.items()}
        self.covers = np.zeros((len(tables), len(self.text) + 1), dtype=np.int32)
        for cover, table in zip(self.covers, tables.values()):
            for number, (start, end) in enumerate(zip(table.start, table.end), 1):
                cover[start:end] = number
        self.cuts = 1 + np.flatnonzero((np.diff(self.covers) != 0).any(axis=0))
        self.labels = dict(list(spoken.sort_values("start").groupby("sid")))

    def pieces(self, start: int, end: int) -> Iterator[dict]:
        """The text from `start` to `end` in stretches of one look: `text` and the row of each layer, or None."""
        inside = self.cuts[np.searchsorted(self.cuts, start, "right") : np.searchsorted(self.cuts, end)]
        edges = [start, *inside.tolist(), end]
        for a, b in zip(edges, edges[1:]):
            yield {"text": self.text[a:b]} | {name: self.rows[name][n] for name, n in zip(self.rows, self.covers[:, a])}

    def speakers(self, sid: str) -> list[dict]:
        """Who is reported in a sentence, once each: `speaker, side`, `how` (quoted, paraphrased) and other `mentions`."""
        if sid not in self.labels:
            return []
        found = []
        for (speaker, side), rows in self.labels[sid].groupby(["speaker", "side"], sort=False):
            mentions = [mention for mention in dict.fromkeys(rows.mention) if mention and mention not in speaker]
            how = " and ".join(dict.fromkeys(rows.how))
            found.append({"speaker": speaker or "nobody named", "side": side, "how": how, "mentions": mentions})
        return found


def article_blocks(article: Article, marks: Marks, scores: pd.DataFrame) -> list[dict]:
    """Headline, headings, paragraphs and lines set aside, in the order of the text; lines set aside in a row are one."""
    vader = dict(zip(scores.sid, scores.vader))
    blocks = []
    for line in article.lines[article.lines.role.isin(["heading", "removed"])].itertuples():
        text = line.text.strip("#* ") if line.role == "heading" else line.text
        blocks.append({"role": line.role, "start": line.start, "id": f"h{line.line}", "lines": [(line.reason, text)]})
    sentences = dict(list(article.sentences.groupby("paragraph")))
    for paragraph in article.paragraphs.itertuples():
        rows = [
            {"sid": row.sid, "pieces": marks.pieces(row.start, row.end), "speakers": marks.speakers(row.sid), "score": vader.get(row.sid)}
            for row in sentences[paragraph.paragraph].itertuples()
        ]
        role = "body" if paragraph.paragraph else "headline"
        blocks.append({"role": role, "start": paragraph.start, "sentences": rows})
    merged: list[dict] = []
    for block in sorted(blocks, key=lambda block: block["start"]):
        if merged and block["role"] == merged[-1]["role"] == "removed":
            merged[-1]["lines"] += block["lines"]
        else:
            merged.append(block)
    return merged


def front_page(article: Article, statements: pd.DataFrame) -> dict:
    """What the template of the front page needs: `blocks`, `sides` (name and number), `layers` with nothing in them left out."""
    marks = Marks(article, statements)
    scores = score_sentences(article.body)
    return {"blocks": article_blocks(article, marks, scores), "sides": marks.sides, "scores": scores}


def annotations(article: Article, statements: pd.DataFrame, source: str) -> dict:
    """The statements as Web Annotations (W3C 2017): speaker and kind, found again by position or by the words around."""
    items = []
    for number, row in enumerate(statements.itertuples(), 1):
        before, after = article.text[max(row.start - AROUND, 0) : row.start], article.text[row.end : row.end + AROUND]
        selectors = [
            {"type": "TextPositionSelector", "start": row.start, "end": row.end},
            {"type": "TextQuoteSelector", "exact": row.text, "prefix": before, "suffix": after},
        ]
        said = [{"type": "TextualBody", "purpose": "identifying", "value": row.speaker}] if row.speaker else []
        kind = {"type": "TextualBody", "purpose": "classifying", "value": row.kind}
        item = {"id": f"#statement-{number}", "type": "Annotation", "body": [*said, kind]}
        items.append(item | {"target": {"source": source, "selector": selectors}})
    return {"@context": "http://www.w3.org/ns/anno.jsonld", "type": "AnnotationPage", "id": "statements.jsonld", "items": items}


def source_line(facts: dict) -> str:
    """Whose text it is, from the facts beside the article."""
    who = ", carried by ".join(str(facts[key]) for key in ("agency", "publisher") if key in facts)
    if not who:
        return "Nothing is noted about where this text is from; its rights are its owner’s."
    day = facts.get("date")
    when = f", {day.day} {day:%B %Y}" if isinstance(day, date) else ""
    return f"Text: {who}{when}. It belongs to its publishers and is kept here only to be analysed."
