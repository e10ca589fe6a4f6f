"""What the statements of an article add up to: words by voice, and who is named but not heard."""

import re

import numpy as np
import pandas as pd

from newstext.article import Article

NOBODY = "(nobody named)"
OTHERS = "no listed actor"
COMMENT = re.compile(
    r"\b(?:no|for|to) (?:immediate |further )?comment\b"
    r"|(?:\bnot|n['’]t) (?:immediately )?(?:respond|reply|be reached)\b",
    re.IGNORECASE,
)


def word_voices(article: Article, statements: pd.DataFrame) -> pd.DataFrame:
    """The words of the body with `voice` (narration, paraphrased or quoted) and `speaker` ("" for narration).

    Of nested statements the inner one counts: the quoted words in a
    paraphrase are quoted. Statements of the headline touch no word of the body.
    """
    words = article.words()
    voice, speaker = np.full(len(words), "narration", dtype=object), np.full(len(words), "", dtype=object)
    outer_first = article.along(statements).sort_values(
        ["kind", "start"], key=lambda c: c != "indirect" if c.name == "kind" else c
    )
    for row in outer_first.itertuples():
        voice[row.first : row.last] = "paraphrased" if row.kind == "indirect" else "quoted"
        speaker[row.first : row.last] = row.speaker or NOBODY
    return words.assign(voice=voice, speaker=speaker)


def words_by_speaker(voices: pd.DataFrame) -> pd.DataFrame:
    """Words of each speaker, `speaker, quoted, paraphrased, words`: most words first, ties by name."""
    spoken = voices[voices.voice != "narration"]
    table = pd.crosstab(spoken.speaker, spoken.voice).reindex(columns=["quoted", "paraphrased"], fill_value=0)
    table = table.assign(words=table.sum(axis=1)).rename_axis(columns=None).reset_index()
    return table.sort_values(["words", "speaker"], ascending=[False, True], ignore_index=True)


def speakers_by_section(statements: pd.DataFrame, sections: pd.DataFrame) -> pd.DataFrame:
    """Number of statements with a row for each speaker, in order of appearance, and a column for each section."""
    names = statements.speaker.replace("", NOBODY)
    table = pd.crosstab(names, statements.section).reindex(columns=sections.section, fill_value=0)
    return table.reindex(index=names.unique()).rename_axis(index=None, columns=None)


def speaks_for(speakers: pd.Series, names: pd.Series) -> pd.Series:
    """Whether one of the names stands, as whole words, in each speaker."""
    return speakers.str.contains(rf"(?<!\w)(?:{'|'.join(map(re.escape, names)) or '(?!)'})(?!\w)", regex=True)


def words_by_side(speakers: pd.DataFrame, actors: pd.DataFrame, sides: dict[str, list[str]]) -> pd.DataFrame:
    """Words of the speakers of each side, `side, speakers, quoted, paraphrased, words`; the rest is `OTHERS`."""
    side = pd.Series(OTHERS, index=speakers.index)
    for name, members in sides.items():
        side[speaks_for(speakers.speaker, actors.name[actors.actor.isin(members)])] = name
    sums = speakers.groupby(side)[["quoted", "paraphrased", "words"]].sum()
    names = speakers.speaker.groupby(side).agg(", ".join)
    table = sums.assign(speakers=names).reindex([*sides, OTHERS]).dropna().rename_axis("side").reset_index()
    return table.astype({"quoted": int, "paraphrased": int, "words": int})[["side", "speakers", *sums.columns]]


def heard_actors(mentions: pd.DataFrame, statements: pd.DataFrame, actors: pd.DataFrame) -> pd.DataFrame:
    """How often each actor is named and how often heard: `actor, named, statements, quoted`, most often named first.

    A statement counts for every actor with a name in its speaker ("China and
    Russia" for both), and together with the words quoted in it once. `quoted`
    are those that are or hold words in quotation marks.
    """
    rows = []
    for actor, named in mentions.actor.value_counts().items():
        own = statements[speaks_for(statements.speaker, actors.name[actors.actor == actor])]
        outer = own[~own.part_of.isin(own.index)]
        quoted = (outer.kind != "indirect") | outer.index.isin(own.part_of.dropna())
        rows.append((actor, named, len(outer), int(quoted.sum())))
    table = pd.DataFrame(rows, columns=["actor", "named", "statements", "quoted"])
    return table.sort_values(["named", "actor"], ascending=[False, True], ignore_index=True)


def asked_for_comment(article: Article) -> pd.DataFrame:
    """The sentences of the body which say that comment was asked for, refused or not given: `sid, text`.

    Found by turns of phrase ("declined to comment", "did not respond");
    misses all others ("had nothing to add").
    """
    body = article.sentences[article.sentences.sid != "s0"]
    return body.loc[body.text.str.contains(COMMENT), ["sid", "text"]].reset_index(drop=True)


def cue_verbs(article: Article, statements: pd.DataFrame, verbs: pd.DataFrame) -> pd.DataFrame:
    """How often each reporting verb introduces a statement, and what it implies: `implies, cue, count, sids`.

    `verbs` is the list of reporting verbs with their forms, some with the word
    that follows ("call for"); a cue that is not on it ("according to") implies
    nothing. Verbs that add something come first; one that introduces nested
    statements counts once.
    """
    forms = verbs.melt(id_vars="implies", value_vars=["verb", "third", "past", "ing"], value_name="form")
    meaning = dict(zip(forms.form, forms.implies))
    cued = statements[statements.cue != ""].drop_duplicates("cue_start")
    longer = [" ".join(article.text[at : at + 60].split()[:2]) for at in cued.cue_start]
    cued = cued.assign(cue=[pair if pair in meaning else cue for pair, cue in zip(longer, cued.cue)])
    table = cued.groupby("cue").agg(count=("cue", "size"), sids=("sid", lambda sids: " ".join(dict.fromkeys(sids))))
    table = table.reset_index().assign(implies=lambda t: [meaning.get(cue, "neutral") for cue in t.cue])
    order = ["neutral", "count", "cue"]
    table = table.assign(neutral=table.implies == "neutral").sort_values(order, ascending=[True, False, True])
    return table[["implies", "cue", "count", "sids"]].reset_index(drop=True)
