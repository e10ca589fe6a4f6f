"""Who has said what by a text, found by rules of English news prose: no model, only word lists and `grammar.tsv`.

Each sentence is read with every quotation run as one word (`runs`, `words`), cues and their subjects are found
(`cues`), statements attached to them, and at last names and pronouns get their persons (`names`).
"""

import re
from bisect import bisect_left
from collections import Counter, namedtuple
from dataclasses import dataclass, replace

import pandas as pd

from newstext.article import Article, ArticleError, Paragraph
from newstext.checked import read_by_hand, statement_table
from newstext.cues import Cue, find_cues, first_phrase, reported
from newstext.names import People, find_people
from newstext.rules import GRAMMAR
from newstext.words import Sentence, Span, lemma, read_sentences, rows_of

ALL_QUOTED = re.compile("[Q,.-]*").fullmatch
LABEL = re.compile(r"[\"“]?([A-Z][\w.’'-]*(?: [A-Z][\w.’'-]*){0,3}): +(?=\S)")  # of a turn: Ann Roe:
NOBODY = {"speaker": "", "evidence": -1, "mention": "", "mention_start": -1, "cue": "", "cue_start": -1, "verb": ""}
# An article's sentences with the cues and statements of each; `last` is who goes on speaking after each.
Story = namedtuple("Story", "text sentences cues said last")


@dataclass
class Statement:
    """Something somebody is reported to have said."""

    start: int
    end: int
    kind: str
    cue: Cue | None = None
    rule: str = "no cue"
    flag: str = ""


def find_statements(article: Article, source: str = "by rule") -> pd.DataFrame:
    """What somebody is reported to have said, one row a statement; with `source` "by hand", the hand-marked rows.

    `kind` is direct, partial (quoted words inside the writer's sentence) or indirect; `part_of` the row of the indirect
    one around a partial; `speaker` the resolved name, "" where nobody can be named honestly; `mention` the words used;
    `cue` the reporting verb; `rule` the rule; `evidence` the sentence that named a pronoun; `flag` unclosed or
    nested marks. Places are offsets into `article.text`, −1 for none.
    """
    if source == "by hand":
        return read_by_hand(article)
    if source != "by rule":
        raise ArticleError(f'statements {source!r}: choose "by rule" or "by hand"')
    reading, turns, named = article.reading, _turns(article.reading), {}
    told = reading.paragraphs[~reading.paragraphs.paragraph.isin([*turns])]
    sentences = read_sentences(replace(reading, paragraphs=told))
    cues = [find_cues(sentence) for sentence in sentences]
    people = find_people(sentences, cues, article.aliases)
    rows = [turn | {"speaker": people.canonical(turn["mention"])} for turn in turns.values()]
    said = [statement for found in _all_said(reading.text, sentences, cues) for statement in found]
    for s in sorted(said, key=lambda s: s.start, reverse=True):
        if s.cue and id(s.cue) not in named:
            named[id(s.cue)] = _named_by(s.cue, people, (s.start, s.end))
        rows.append(vars(s) | named.get(id(s.cue), NOBODY))
    return article.to_source(statement_table(reading, rows))


def _named_by(cue: Cue, people: People, said: Span) -> dict:
    """Whom a cue names, its words and those of its subject, where they stand, and its verb as the list has it."""
    words, after = cue.sentence.words, cue.sentence.low[cue.at + 1 : cue.at + 2]
    mention, verb = re.sub(r"['’]s$", "", cue.sentence.phrase(cue.subject)), lemma(cue.verb, "".join(after))
    speaker, evidence = people.whose(cue.sentence, cue.subject, said)
    word = verb if cue.rule == "according to" else words[cue.at].text
    places = {"mention_start": words[cue.subject[0]].start, "cue_start": words[cue.at].start, "evidence": evidence}
    return {"speaker": speaker, "mention": mention, "cue": word, "verb": verb, **places}


def _turns(article: Article) -> dict[int, dict]:
    """The turns of an interview ("Reid: …", "Q: …") by paragraph, where they are at least half of the text.

    A label is Q, A, or a name that is also in the text. Misses: answers of several paragraphs, names on a line of their
    own; does not say who A is.
    """
    rows = [Paragraph(*row) for row in rows_of(article.paragraphs) if row[1] != "Headline"]
    found = [(row, match) for row in rows if (match := LABEL.match(row.text))]
    if 2 * len(found) < len(rows):
        return {}
    counts, labels, turns = Counter(article.tokens.token.str.casefold()), Counter(match[1] for _, match in found), {}
    for row, match in found:
        name, at = match[1].title() if match[1].isupper() else match[1], row.start + match.start(1)
        places = {"start": row.start + match.end(), "end": row.start + len(row.text.rstrip('"” '))}
        places |= {"mention_start": at, "cue_start": at + len(match[1])}
        if name in ("Q", "A") or counts[name.split()[-1].casefold()] > labels[match[1]]:
            told = {"kind": "direct", "mention": name, "cue": ":", "verb": ":", "rule": "turn of an interview"}
            turns[row.paragraph] = NOBODY | told | places | {"flag": ""}
    return turns


def _all_said(text: str, sentences: list[Sentence], cues: list[list[Cue]]) -> list[list[Statement]]:
    """The statements of each sentence; what no cue reports is somebody's by the rules below, or nobody's."""
    story = Story(text, sentences, cues, [_said_in(text, *pair) for pair in zip(sentences, cues)], [])
    for i, sentence in enumerate(sentences):
        begins = i == 0 or sentences[i - 1].paragraph != sentence.paragraph
        _speaker_after(story, sentence, i, begins)
        _goes_on(story, sentence, i, begins)
        named = [statement.cue for statement in story.said[i] if statement.cue]
        story.last.append(named[-1] if named else None if begins else story.last[-1])
        if sentence.low[-1] == ":":  # announces: the last cue's subject speaks on, else the first noun phrase
            at, subject = len(sentence.words) - 1, first_phrase(sentence)
            announced = Cue(sentence, at, 0, at, ":", "quote", subject, "colon before") if subject else None
            story.last[-1] = cues[i][-1] if cues[i] else announced
    return story.said


def _speaker_after(story: Story, sentence: Sentence, i: int, begins: bool) -> None:
    """What no cue reports: “Why?” |Ann Roe said of it. ¶ “It holds,” |beamed Ann Roe. ¶ “It holds.” |― Ann Roe"""
    cue, credit = next(iter(story.cues[i]), None), GRAMMAR["credit line"].fullmatch(sentence.tags)
    name = credit or GRAMMAR["name after quotation"].match(sentence.tags)
    if name:
        at = name.start("head") - 1 if sentence.tags[name.start("head") - 1] != "Q" else name.end()  # beamed, ―, began
        cue = Cue(sentence, min(at, len(sentence.low) - 1), 0, name.end(), "", "quote", name.span("head"), "")
    elif begins or not cue or cue.left or story.sentences[i - 1].tags[-1] != "Q" or reported(cue, story.cues[i][1:9]):
        return
    for statement in story.said[i][:1] if name and not credit else story.said[max(0, i - 1)]:
        whole = statement.kind == "direct" or (name and story.text[statement.end - 1] in ",?!")
        if whole and (statement.rule == "no cue" or (statement.rule == "goes on" and not begins)):
            statement.cue, statement.rule, statement.kind = cue, "speaker after the quotation", "direct"
            if i:
                story.last[-1] = cue


def _goes_on(story: Story, sentence: Sentence, i: int, begins: bool) -> None:
    """A sentence of quotations alone goes on within a paragraph, after a colon, and after a quotation above.

    Misses: a new speaker who is not named. Left out: subheadings in single marks.
    """
    if not i or not story.last[-1] or not ALL_QUOTED(sentence.tags):
        return
    quoted = any(s.cue and s.kind != "indirect" for s in story.said[i - 1])
    rule = "colon before" if story.sentences[i - 1].low[-1] == ":" else "next paragraph" if quoted else ""
    rule = rule if begins else "goes on"
    for statement in story.said[i] if rule else []:
        single = re.search("(?<!')['‘]$", story.text[max(0, statement.start - 2) : statement.start])
        if not (single and rule == "next paragraph"):
            statement.cue, statement.rule = story.last[-1], rule


def _said_in(text: str, sentence: Sentence, cues: list[Cue]) -> list[Statement]:
    """The statements of one sentence. A run goes to the last cue that reports it, else to the cue before it."""
    rows, taken, tags = [], {}, sentence.tags
    places = [k for k, word in enumerate(sentence.words) if word.run]
    for number, cue in enumerate(cues):
        for a, b in reported(cue, cues[number + 1 : number + 9]):
            whole = ALL_QUOTED(tags[a:b])
            if not whole and cue.takes != "quote":
                rows.append(Statement(sentence.words[a].start, sentence.words[b - 1].end, "indirect", cue, cue.rule))
            inside = places[bisect_left(places, a) : bisect_left(places, b)]
            taken |= dict.fromkeys(inside, ("direct" if whole else "partial", cue))
    ats, kind = [cue.at for cue in cues], "direct" if ALL_QUOTED(tags) else "partial"
    for k in (k for k in places if k not in taken):
        named = cues and not _is_title(sentence, k, text) and not (k < ats[0] and "second" in cues[0].rule)
        taken[k] = (kind, cues[max(0, bisect_left(ats, k) - 1)] if named else None)
    for k, (kind, cue) in taken.items():
        run = sentence.words[k].run
        rows.append(Statement(run.start, run.end, kind, cue, cue.rule if cue else "no cue", run.flag))
    return rows


def _is_title(sentence: Sentence, k: int, text: str) -> bool:
    """Is a run a title or a name: its first, its last and its long words with a capital? Misses: headlines."""
    words = re.findall(r"[^\W_][\w’']*", text[slice(*sentence.words[k].run[2:4])])
    capitals = all(word[0].isupper() for word in [words[0], words[-1], *(word for word in words if len(word) > 4)])
    return sentence.section != "Headline" and capitals
