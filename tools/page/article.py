"""The article as a page: every line in place, sentences with their ids, statements marked by speaker."""

from datetime import date

import pandas as pd
from markupsafe import Markup, escape
from newstext.article import Article


def mark(text: str, start: int, end: int, statements: list) -> Markup:
    """Characters `start` to `end` with statements marked; one inside another is nested, none is drawn twice."""
    html, at = Markup(), start
    for i, row in enumerate(statements):
        first, last = max(row.start, at), min(row.end, end)
        if first < last:
            who = f"{row.speaker or 'nobody named'}, {row.kind}" if row.start == first else "continued"
            inner = mark(text, first, last, [other for other in statements[i + 1 :] if other.start < last])
            template = Markup('{}<mark class="{}"><small>{}</small>{}</mark>')
            html += template.format(escape(text[at:first]), row.kind, escape(who), inner)
            at = last
    return html + escape(text[at:end])


def article_blocks(article: Article, statements: pd.DataFrame) -> list[dict]:
    """Headline, headings, paragraphs and lines set aside, in the order of the text, with sentences and marks."""
    rows = list(statements.sort_values(["start", "end"], ascending=[True, False]).itertuples())
    sentences = dict(list(article.sentences.groupby("paragraph")))
    blocks = []
    for line in article.lines[article.lines.role.isin(["heading", "removed"])].itertuples():
        text = line.text.strip("#* ") if line.role == "heading" else line.text
        block = {"role": line.role, "reason": line.reason, "id": f"h{line.line}", "body": escape(text)}
        blocks.append(block | {"start": line.start})
    anchor = Markup('<span class="sentence" id="{0}"><a class="sid" href="#{0}">{0}</a>{1}</span> ')
    for paragraph in article.paragraphs.itertuples():
        body = Markup()
        for row in sentences[paragraph.paragraph].itertuples():
            inside = [statement for statement in rows if statement.start < row.end and statement.end > row.start]
            body += anchor.format(row.sid, mark(article.text, row.start, row.end, inside))
        role = "body" if paragraph.paragraph else "headline"
        blocks.append({"role": role, "start": paragraph.start, "body": body})
    return sorted(blocks, key=lambda block: block["start"])


def source_line(facts: dict) -> str:
    """Whose text it is, from the facts beside the article."""
    who = ", carried by ".join(str(facts[key]) for key in ("agency", "publisher") if key in facts)
    if not who:
        return "Nothing is noted about where this text is from; its rights are its owner’s."
    day = facts.get("date")
    when = f", {day.day} {day:%B %Y}" if isinstance(day, date) else ""
    return f"Text: {who}{when}. It belongs to its publishers and is kept here only to be analysed."
