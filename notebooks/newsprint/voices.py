"""Whose words an article holds: by voice, side and section; who is named, reported, quoted; who says, who proclaims."""

import json
import re

import pandas as pd
from newstext import DATA, Article, compare, find_statements, reporting_verbs

from newsprint.show import capital, listed, number, percent, quoted
from newsprint.terms import NOBODY, OTHERS, list_actors, whole_words

VOICES = ["quoted", "paraphrased", "unattributed"]
QUOTED = ("direct", "partial")  # kinds of statements in quotation marks
NO_REPLY = r"\b(?:not|\w+n['’]t) (?:immediately )?(?:respond|reply|be reached)\b"
COMMENT = re.compile(rf"(?i)\b(?:no|for|to) (?:immediate |further )?comment\b|{NO_REPLY}")


def sided_statements(article: Article, source: str = "by rule") -> pd.DataFrame:
    """The statements, the words they cover, `first` to `last`, and the `side` of the one actor named in the speaker."""
    statements, actors, sides = find_statements(article, source), list_actors(article), {"": NOBODY}
    for speaker in filter(None, statements.speaker.unique()):
        found = {*actors.side[[bool(whole_words([name]).search(speaker)) for name in actors.name]]}
        sides[speaker] = found.pop() if len(found) == 1 else OTHERS
    return article.along(statements).assign(side=statements.speaker.map(sides).astype(actors.side.dtype))


def word_voices(article: Article, statements: pd.DataFrame) -> pd.DataFrame:
    """The words of the body with `voice` (in VOICES), `speaker`, `side`; of nested statements the inner counts. `tag`:
    only says who speaks, the stretch beside a statement from its speaker or verb on (“said Ann Roe of Elm”)."""
    words = article.words().assign(voice="unattributed", speaker="", side=NOBODY)
    columns = [words.columns.get_loc(name) for name in ("voice", "speaker", "side")]
    for row in statements.sort_values("kind", key=lambda kind: kind != "indirect", kind="stable").itertuples():
        voice = "quoted" if row.kind in QUOTED else "paraphrased"
        words.iloc[row.first : row.last, columns] = voice, row.speaker, str(row.side)
    free, cued = words.voice == "unattributed", statements[statements.cue_start >= 0]
    stretch = (free != free.shift()).cumsum().astype(str) + words.sid
    places = cued[["cue_start", "mention_start"]].where(lambda at: at >= 0).min(axis=1)
    begins = words.start.map(dict(zip(cued.cue_start, places)))[free].groupby(stretch).min()  # NaN: no cue in it
    tags = free & (words.start >= stretch.map(begins).astype(float))  # of an empty table pandas makes texts
    return words.assign(side=words.side.astype(statements.side.dtype), tag=tags)


def voice_by_section(words: pd.DataFrame) -> pd.DataFrame:
    """Words of each section by side and voice, in this order: `section, side, voice, words`, and `share` of it."""
    order = pd.Categorical(words.section, words.section.unique()), pd.Categorical(words.voice, VOICES)
    groups = words.assign(section=order[0], voice=order[1]).groupby(["section", "side", "voice"], observed=True)
    table = groups.size().rename("words").reset_index().astype({"section": str, "side": str, "voice": str})
    return table.assign(share=table.words / table.groupby("section").words.transform("sum"))


def voices_move(voices: pd.DataFrame) -> str:
    """How the shares of quoted and of unattributed words change from the first to the last section, in a sentence."""
    if voices.empty:
        return "No words to share out"
    shares = voices.pivot_table("share", "section", "voice", "sum", fill_value=0, sort=False)
    shares = shares.reindex(columns=["quoted", "unattributed"], fill_value=0)
    if len(shares) == 1:
        return "{} of the words are quoted, {} attributed to nobody".format(*map(percent, shares.iloc[0]))
    ends = zip(shares.iloc[0] > shares.iloc[-1], *(map(percent, shares.iloc[n]) for n in (0, -1)))
    moves = [f"stay at {a}" if a == b else f"{'fall' if down else 'rise'} from {a} to {b}" for down, a, b in ends]
    return "From {} to {} quoted words {}, words attributed to nobody {}".format(*shares.index[[0, -1]], *moves)


def quoted_where(words: pd.DataFrame) -> str:
    """Which sides are quoted in the first section and which after it, with how many words, in a sentence."""
    spoken, opening = words[words.voice == "quoted"], "".join(words.section.head(1))
    inside = spoken.section == opening
    counts = [spoken.side[rows].astype(str).value_counts() for rows in (inside, ~inside)]
    first, after = (listed([f"{side} ({number(n, 'word')})" for side, n in own.items()]) or "nobody" for own in counts)
    if words.section.nunique() < 2 or spoken.empty:
        return f"Quoted: {first}" if len(spoken) else "Nobody is quoted"
    return f"Quoted in {opening}: {first}; after it: {'only ' * (len(counts[1]) == 1)}{after}"


def unattributed(words: pd.DataFrame) -> str:
    """How many words are attributed to nobody, and how many of those only say who speaks, in a sentence."""
    free = words[words.voice == "unattributed"]
    tags = f", {number(free.tag.sum(), 'word')} of it tags that say who speaks" * bool(free.tag.any())
    return f"{number(len(free), 'word')} ({percent(len(free) / max(len(words), 1))}) attributed to nobody{tags}"


def named_and_heard(mentions: pd.DataFrame, words: pd.DataFrame) -> pd.DataFrame:
    """How often each side is named, how many of its words are reported, quoted; no rows if only others are named."""
    spoken = words[words.voice != "unattributed"]
    sides = {"named": mentions.side, "reported": spoken.side, "quoted": spoken.side[spoken.voice == "quoted"]}
    table = pd.DataFrame({name: column.value_counts(sort=False) for name, column in sides.items()})
    table = table[table.sum(axis=1) > 0].rename_axis("side").reset_index().astype({"side": str})
    return table if table.named[table.side != OTHERS].any() else table[:0]


def unheard(heard: pd.DataFrame) -> str:
    """Of the sides that are never quoted the one named most, in a sentence; the others are no side."""
    named = heard[(heard.named > 0) & (heard.side != OTHERS)]
    silent = named[named.quoted == 0].sort_values("named", ascending=False, kind="stable")
    if silent.empty:
        return "Every side that is named is quoted" if len(named) else "No side is named"
    side, *counts = silent.iloc[0]
    names, reported, _ = map(percent, counts / heard[["named", "reported", "quoted"]].sum().clip(lower=1))
    return f"{capital(side)}: {names} of the names, {reported} of the reported words, no quoted word"


def heard_late(mentions: pd.DataFrame, statements: pd.DataFrame, words: int) -> str:
    """The side that waits longest from its first naming to its first report, as shares of the article, in words."""
    reports = statements[(statements.side < OTHERS) & (statements.section != "Headline")].drop_duplicates("side")
    both = reports.merge(mentions.drop_duplicates("side"), on="side", suffixes=("", "_named"))
    late = both[(both["first"] > both.first_named) & (both.sid != both.sid_named)]
    if late.empty:
        return "No side that is named waits to be reported"
    row = late.loc[(late["first"] - late.first_named).idxmax()]
    named, heard = percent(row.first_named / words), percent(row["first"] / words)
    return f"{capital(row.side)}: first named after {named} of the words, first reported after {heard} ({row.sid})"


def asked_for_comment(article: Article) -> pd.DataFrame:
    """Sentences that say comment was asked for, refused or not given, `sid, text`; found by turns of phrase."""
    return article.body.loc[article.body.text.str.contains(COMMENT), ["sid", "text"]].reset_index(drop=True)


def agreement(article: Article, statements: pd.DataFrame) -> tuple[pd.DataFrame, str]:
    """What the rules have right by a hand-marked table (`result, statements`), and the share of paraphrased words by
    all statements and by those that a reader marked, too, in a sentence."""
    if article.checked is None:
        nothing = pd.DataFrame(columns=["result", "statements"])
        return nothing, "Nobody has marked the statements of this article by hand"
    compared = compare(statements, article.checked)
    right = statements.start.isin(compared.start[compared.result == "right"]) | (statements.kind != "indirect")
    voices = (word_voices(article, own).voice for own in (statements, statements[right]))
    every, sure = (percent((voice == "paraphrased").mean()) for voice in voices)
    table = compared.result.value_counts().rename_axis("result").reset_index(name="statements")
    return table, f"All rows: {every} of the words paraphrased; sure rows: {sure}"


def read_measure() -> tuple[pd.DataFrame, str]:
    """How well the rules and other tools find a quoted passage and its speaker in real news (`data/evaluation.json`; F1
    in per cent): `system, joint`, and on what, in a sentence."""
    told = json.loads((DATA / "evaluation.json").read_text(encoding="utf-8"))
    systems = pd.DataFrame({"these rules": told["figures"]} | told["peers"]).loc["joint"].sort_values(ascending=False)
    sure = "F1 {} (95% interval {} to {})".format(systems["these rules"], *told["intervals"]["joint"])
    says = f"Quoted words and their speakers: {sure} on {told['documents']} articles"
    return systems.rename_axis("system").reset_index(), says


def verbs_by_side(statements: pd.DataFrame) -> pd.DataFrame:
    """How often each verb (index) introduces each side (columns): "say" first, then others by what they add to it."""
    cued = statements[(statements.verb != "") & (statements.speaker != "")].drop_duplicates("cue_start")
    table = pd.crosstab(cued.verb, cued.side).rename_axis(columns=None).rename(columns=str)
    adds = dict(zip(reporting_verbs().verb, ~reporting_verbs().implies.isin(["neutral", "continues"])))
    order = sorted(table.index, key=lambda verb: (verb != "say", adds.get(verb, False), -table.loc[verb].sum(), verb))
    return table.loc[order]


def plain_sayers(verbs: pd.DataFrame) -> str:
    """For each side how many of its reporting verbs are "say", in a sentence."""
    said = verbs[verbs.index == "say"].sum()
    parts = [f"{said[side]} of {number(n, 'verb')} for {side}" for side, n in verbs.sum().items()]
    return f"“Say” is {', '.join(parts)}" if parts else "No reporting verb"


def headline_marks(article: Article, statements: pd.DataFrame) -> list[str]:
    """For each quotation in the headline and each sentence with the same words, in a sentence: what is marked there."""
    found = []
    for text in statements.text[(statements.section == "Headline") & statements.kind.isin(QUOTED)]:
        words = r"\W+".join(re.findall(r"\w+", text))
        same = article.body[article.body.text.str.contains(rf"(?i)\b{words}\b")]
        marked = [re.findall(r"[‘“\"]([^’”\"‘“]+)[’”\"]", own) for own in same.text]
        says = [f"{sid} has these words, and marks {quoted(own) or 'nothing'}" for sid, own in zip(same.sid, marked)]
        found += [f"The headline marks “{text}”; {own}" for own in says or ["no sentence has these words"]]
    return found or ["The headline quotes nothing" if article.headline else "There is no headline"]
