"""Sentiment of sentences by two lexicons, the words behind it, and how far it hangs on choices nobody can settle.

VADER (Hutto & Gilbert 2014) leads; TextBlob's lexicon (De Smedt & Daelemans 2012, "Pattern for Python") is the second
opinion. Where a lexicon knows no word of a sentence there is no score (NaN), and means leave the sentence out.
"""

import re
import unicodedata
from collections.abc import Collection, Iterator
from functools import cache
from itertools import product
from pathlib import Path

import numpy as np
import pandas as pd
from newstext import DATA, INVISIBLE, STRAIGHT, Article, ArticleError, find_path, read_rows, read_stop_words
from textblob.en import sentiment as pattern  # what TextBlob(…).sentiment_assessments calls, twice
from vaderSentiment.vaderSentiment import BOOSTER_DICT, SentimentIntensityAnalyzer, SentiText

from newsprint import chance
from newsprint.show import capital, number, percent, quoted, signed
from newsprint.terms import actor_counts, find_actors, find_terms, names_move, section_counts, section_topics
from newsprint.voices import (
    QUOTED, headline_marks, heard_late, named_and_heard, plain_sayers, quoted_where, unattributed, unheard,
    verbs_by_side, voice_by_section, voices_move, word_voices,
)  # fmt: skip

MASKED_TERMS = DATA / "masked-terms.txt"  # fixed terms masked beside the names
LONGEST = 1_000  # characters; VADER's time grows with the square of a text, so a longer one is scored in pieces
PIECE = re.compile(rf"(?s)\S.{{0,{LONGEST - 1}}}(?=\s|$)|\S{{1,{LONGEST}}}")
PRINTED = {**STRAIGHT, ord("—"): " — ", ord("…"): "..."}  # both lexicons know words next to typewriter marks only
POINT = str.maketrans(",−", ".-")  # what spreadsheets write for a decimal point and a minus
MASK = "name"  # a word neither lexicon knows; it keeps the place, so negation reaches as far as before
CHOICES = ["names masked", "misread words mended", "by paragraph", "without quotations", "unscored as zero", "median"]
TOPICS = "voices quoted unheard verbs words headline tone"

# The two lexicons


class _Vader(SentimentIntensityAnalyzer):
    """VADER that also hands back each word and the value its rules gave it."""

    def score_valence(self, sentiments: list[float], text: str) -> dict:
        words = zip(SentiText(text).words_and_emoticons, sentiments, strict=True)
        known = [(word.lower(), value) for word, value in words if word.lower() in KNOWN]
        return super().score_valence(sentiments, text) | {"words": known}


@cache
def _vader(mended: tuple[tuple[str, float], ...] = ()) -> _Vader:
    analyzer = _Vader.__new__(_Vader)  # shares all but the lexicon, which takes 40 ms to read
    analyzer.__dict__ = SHIPPED.__dict__ | {"lexicon": SHIPPED.lexicon | dict(mended)}
    return analyzer


SHIPPED = _Vader()
KNOWN = SHIPPED.lexicon.keys() - BOOSTER_DICT.keys()


def _textblob_words(text: str, mended: dict[str, float]) -> list[tuple[str, float]]:
    """TextBlob's words and polarities; a booster stands with the word it changes."""
    heads = [(words, next((word for word in reversed(words) if word in pattern), words[-1]), value)
             for words, value, _, _ in pattern(text).assessments]  # fmt: skip
    return [(head, next((mended[word] for word in words if word in mended), value)) for words, head, value in heads]


def _pieces(text: str) -> list[str]:
    plain = unicodedata.normalize("NFC", INVISIBLE.sub("", text)).translate(PRINTED)
    return [plain] if len(plain) <= LONGEST else PIECE.findall(plain)


def read_misread_words(article: str | Path) -> pd.DataFrame:
    """Words that the lexicons misread in an article, from `X-misread-words.csv` beside it: `lexicon, word, value, reason`.

    `value` is what the word should count (VADER −4 to +4, TextBlob −1 to +1), 0 where it is empty. Without the file no
    word is misread.
    """
    path, columns = find_path(article), ["lexicon", "word", "reason"]
    path = path.with_name(f"{path.stem}-misread-words.csv")
    table = read_rows(path, columns) if path.exists() else pd.DataFrame(columns=[*columns, "value"])
    for row, value in table["value"].items() if "value" in table else ():
        if value and not re.fullmatch(r"[-−+]?\d+([.,]\d+)?", value):
            raise ArticleError(f"{path}: row {row}: value {value!r} is no number; write one like 0.5, or leave it empty")
    values = table["value"].str.translate(POINT) if "value" in table else pd.Series("", table.index)
    return table.assign(value=pd.to_numeric(values.replace("", "0")).astype(float))


def score_sentences(sentences: pd.DataFrame, misread: pd.DataFrame | None = None) -> pd.DataFrame:
    """Scores of texts (`text`, and `sid, section` where there are any), same index: `vader` (compound), `textblob` (polarity).

    Both go from −1 to +1; `vader_words` and `textblob_words` count the words known. Marks are straightened first; a
    text above 1,000 characters is scored in pieces, its score their mean. `misread` comes from `read_misread_words`.
    """
    listed = misread if misread is not None else pd.DataFrame(columns=["lexicon", "word", "value"])
    mended = {name: dict(zip(own.word, own.value)) for name, own in listed.groupby("lexicon")}
    vader, rows = _vader(tuple(mended.get("VADER", {}).items())), []
    for text in sentences.text:
        read = [vader.polarity_scores(piece) for piece in _pieces(text)]
        found = [_textblob_words(piece, mended.get("TextBlob", {})) for piece in _pieces(text)]
        compounds = [reading["compound"] for reading in read if reading["words"]]
        polarities = [sum(value for _, value in words) / len(words) for words in found if words]
        known = sum(len(reading["words"]) for reading in read), sum(map(len, found))
        rows.append((*known, *(sum(scores) / len(scores) if scores else np.nan for scores in (compounds, polarities))))
    names = {"vader_words": int, "textblob_words": int, "vader": float, "textblob": float}
    table = pd.DataFrame(rows, columns=[*names], index=sentences.index).astype(names)
    return sentences[[name for name in ("sid", "section") if name in sentences]].join(table)


def find_scored_words(sentences: pd.DataFrame, misread: pd.DataFrame, lexicon: str = "VADER") -> pd.DataFrame:
    """Each word a lexicon knows: `sid, section, start, end, word, points, misread, reason`.

    `points` is what the lexicon's rules (negation, boosters) made of its value, VADER −4 to +4, TextBlob −1 to +1;
    `misread` says that the word is on the list of misread ones, `reason` why.
    """
    reasons = dict(misread[misread.lexicon == lexicon][["word", "reason"]].to_numpy())
    rows = [(*row, row[4] in reasons, reasons.get(row[4], "")) for row in _placed(sentences, lexicon)]
    return pd.DataFrame(rows, columns=["sid", "section", "start", "end", "word", "points", "misread", "reason"])


def _placed(sentences: pd.DataFrame, lexicon: str) -> Iterator[tuple]:
    for row in sentences.itertuples():
        low, at = row.text.translate(STRAIGHT).lower(), 0
        for piece in _pieces(row.text):
            words = SHIPPED.polarity_scores(piece)["words"] if lexicon == "VADER" else _textblob_words(piece, {})
            for word, points in words:
                match = re.compile(rf"(?<!\w){re.escape(word)}(?!\w)").search(low, at)
                start, at = match.span() if match else (at, at)
                yield row.sid, row.section, row.start + start, row.start + at, word, float(points)


def strongest_words(words: pd.DataFrame, top: int = 5) -> pd.DataFrame:
    """The `top` words that add and take most in each section, `section, word, points, count, misread`: added up, best first."""
    scored = words.assign(section=pd.Categorical(words.section, words.section.unique()))[words.points != 0]
    groups = scored.groupby(["section", "word"], observed=True)
    table = groups.agg(points=("points", "sum"), count=("points", "size"), misread=("misread", "first")).reset_index()
    table = table.sort_values(["section", "points"], ascending=[True, False], kind="stable", ignore_index=True)
    table["section"] = table.section.astype(str)
    up, down = (table[side].groupby("section", sort=False) for side in (table.points > 0, table.points < 0))
    return pd.concat([up.head(top), down.tail(top)]).sort_index(ignore_index=True)


def misread_weight(words: pd.DataFrame) -> str:
    """A lexicon's strongest good word and the weight that misread words carry, in a sentence."""
    good, bad = words[words.points > 0], words[words.points < 0]
    if good.empty or bad.empty:
        return "The lexicon knows no good word here" if good.empty else "The lexicon knows no bad word here"
    best = good.groupby("word").points.sum().idxmax()
    shares = [percent(abs(part.points[part.misread].sum() / part.points.sum())) for part in (good, bad)]
    head = f"The strongest good word is “{best}” ({number(int((good.word == best).sum()), 'use')})"
    if not words.misread.any():
        return f"{head}; no word is listed as misread"
    return f"{head}; misread words carry {shares[0]} of the praise and {shares[1]} of the blame"


# Texts changed before they are scored: edits are (start, end, new text), offsets into the article


def masking(sentences: pd.DataFrame, terms: pd.DataFrame, fixed: Collection[str] = ()) -> list[tuple[int, int, str]]:
    """Edits that put one unknown word for each word of a name (`find_terms`) and of the `fixed` terms, in any case."""
    longest_first = "|".join(re.escape(term) for term in sorted(fixed, key=len, reverse=True))
    wanted, names = re.compile(rf"(?i)\b(?:{longest_first or '(?!)'})s?\b"), terms[terms.is_name]
    texts = zip(sentences.start, sentences.text)
    found = [(at + m.start(), at + m.end(), m[0]) for at, text in texts for m in wanted.finditer(text)]
    return [(a, b, " ".join([MASK] * len(old.split()))) for a, b, old in [*found, *zip(names.start, names.end, names.token)]]


def unquoting(statements: pd.DataFrame) -> list[tuple[int, int, str]]:
    """Edits that leave out the quoted words."""
    return [(a, b, " ") for a, b, kind in zip(statements.start, statements.end, statements.kind) if kind in QUOTED]


def edited(sentences: pd.DataFrame, edits: list[tuple[int, int, str]]) -> pd.DataFrame:
    """The sentences with the edits made, of two that overlap the first and longer one; none is left without a word."""
    edits, texts = sorted(edits, key=lambda edit: (edit[0], -edit[1])), []
    for start, end, text in zip(sentences.start, sentences.end, sentences.text):
        kept, at = "", start
        for a, b, new in edits:
            if (at <= a < end and b > at) or a < start < b:
                kept, at = kept + text[at - start : max(a - start, 0)] + new, min(b, end)
        texts.append(kept + text[at - start :])
    table = sentences.assign(text=pd.Series(texts, sentences.index, dtype=object))
    return table[table.text.str.contains(r"\w", regex=True)]


# Means, their gap, and every way to take them


def section_means(scores: pd.DataFrame, measure: str = "vader") -> pd.DataFrame:
    """Mean of each section's scored sentences, with Student's 95 % interval: `section, sentences, scored, mean, low, high`."""
    groups = scores.groupby("section", sort=False)[measure]
    rows = [(name, len(own), own.count(), own.mean(), *chance.mean_interval(own.dropna().to_numpy())) for name, own in groups]
    return pd.DataFrame(rows, columns=["section", "sentences", "scored", "mean", "low", "high"])


def gap_by_chance(scores: pd.DataFrame, measure: str = "vader") -> float:
    """How often sentences dealt to the sections anew lie as far apart in their means, highest to lowest: p, 0 to 1."""
    known = scores.dropna(subset=measure)
    codes, names = pd.factorize(known.section)
    dealt, values = chance.deals(codes) if len(codes) else np.zeros((1, 0)), known[measure].to_numpy()
    means = [(dealt == k) @ values / (codes == k).sum() for k in range(len(names))]
    return chance.share_as_large(np.ptp(means, axis=0)) if len(means) > 1 else 1.0


def tone(means: pd.DataFrame, p: float) -> str:
    """The highest and the lowest section, and whether chance could make their gap, in a sentence."""
    known = means.dropna(subset="mean").sort_values("mean", ascending=False, kind="stable")
    if known.empty:
        return "No sentence has a score"
    if len(known) < 2 or np.ptp(known["mean"].round(2)) == 0:
        who = "Only one section has a score," if len(known) < 2 else "All sections score"
        return f"{who} {signed(known['mean'].iloc[0])}: nothing to compare"
    (high, up), (low, down) = known[["section", "mean"]].iloc[[0, -1]].to_numpy()
    verdict = "chance could do that" if p >= chance.LEVEL else "more than chance would do"
    return f"{high} scores highest ({signed(up)}), {low} lowest ({signed(down)}): {verdict}"


def every_reading(article: Article, statements: pd.DataFrame, misread: pd.DataFrame) -> pd.DataFrame:
    """The tone by both lexicons under all combinations of `CHOICES`: `lexicon`, a column a choice, `gap, lowest, same, shipped`.

    `gap` is between the sections that score highest and lowest by VADER as it stands, `lowest` the section with the
    lowest mean ("tie" for two), `same` whether it is the one of the first row. Drawn as a specification curve
    (Simonsohn, Simmons & Nelson 2020); no rows where no two sections differ as it stands. Readings are neither independent nor equally good.
    """
    terms, rows, pair = find_terms(article), [], None
    masks, cuts = masking(article.body, terms, read_stop_words(MASKED_TERMS)), unquoting(statements)
    for mask, mend, whole, bare in product([False, True], repeat=4):
        texts = edited(article.body, masks * mask + cuts * bare)
        if whole:
            texts = texts.groupby(["section", "paragraph"], sort=False).text.agg(" ".join).reset_index()
        scores = score_sentences(texts, misread if mend else None)
        for lexicon, zero, median in product(["VADER", "TextBlob"], [False, True], [False, True]):
            groups = scores[lexicon.lower()].fillna(0 if zero else np.nan).groupby(scores.section, sort=False)
            means = (groups.median() if median else groups.mean()).dropna().round(9)
            pair = pair or ((means.idxmax(), means.idxmin()) if len(means) else ("", ""))
            lowest, gap = means.index[means == means.min()], means.get(pair[0], np.nan) - means.get(pair[1], np.nan)
            rows.append((lexicon, mask, mend, whole, bare, zero, median, gap, lowest[0] if len(lowest) == 1 else "tie"))
    table = pd.DataFrame(rows, columns=["lexicon", *CHOICES, "gap", "lowest"])
    table = table if table.gap[0] > 0 else table[:0]
    return table.assign(same=table.lowest == pair[1], shipped=~table[CHOICES].any(axis=1))


def readings_agree(readings: pd.DataFrame) -> str:
    """In how many readings of each lexicon the same section scores lowest, in a sentence."""
    if readings.empty:
        return "No two sections with different scores: no reading can change their order"
    parts = [f"{rows.same.sum()} of {name}’s {len(rows)} readings" for name, rows in readings.groupby("lexicon", sort=False)]
    return f"{readings.lowest[0]} scores lowest in {' and '.join(parts)}"


def quotations_weigh(readings: pd.DataFrame, lexicon: str = "VADER") -> str:
    """How large the gap is with and without the quoted words, as it stands and on average over all readings."""
    own, bare = readings[readings.lexicon == lexicon], "without quotations"
    if own.empty:
        return "No gap that quotations could explain"
    stands, means = own[own[CHOICES].sum(axis=1) == own[bare]].set_index(bare).gap, own.groupby(bare).gap.mean()
    if not (stands[False] > 0 and means[False] > 0):
        return "No gap that quotations could explain"
    shares = [round(100 * (1 - gaps[True] / gaps[False])) for gaps in (stands, means)]
    turns = [f"{'shrinks' if share > 0 else 'grows'} " * bool(share) or "stays as it is" for share in shares]
    gaps = f"{turns[0]}to {stands[True]:.2f}, by {abs(shares[0])}%" if shares[0] else turns[0]
    mean = turns[1] if not shares[1] else f"{turns[1] * (turns[0] != turns[1])}by {abs(shares[1])}% on average"
    mean = f"it {mean}" if turns[0] != turns[1] else mean
    return f"Without quotations the gap of {stands[False]:.2f} {gaps}; over all readings {mean}"


def _tones(article: Article, statements: pd.DataFrame, misread: pd.DataFrame) -> list[str]:
    scores, readings = score_sentences(article.body), every_reading(article, statements, misread)
    compared = [readings_agree(readings), quotations_weigh(readings)] if len(readings) else []
    words = find_scored_words(article.body, misread)
    return [tone(section_means(scores), gap_by_chance(scores)), *compared, misread_weight(words)]


def findings(article: Article, statements: pd.DataFrame, misread: pd.DataFrame, topics: str = TOPICS) -> dict[str, str]:
    """What counting finds in an article, in sentences by topic, in the order of weight; `topics` names those wanted."""
    words, mentions = word_voices(article, statements), find_actors(article)
    found = {
        "voices": lambda: [voices_move(voice_by_section(words)), unattributed(words)],
        "quoted": lambda: [quoted_where(words)],
        "unheard": lambda: [
            unheard(named_and_heard(mentions, words)), heard_late(mentions, statements, len(words)),
        ],
        "verbs": lambda: [plain_sayers(verbs_by_side(statements))],
        "words": lambda: [
            section_topics(section_counts(find_terms(article), 15, ["said"])),
            names_move(actor_counts(mentions, article.sections)),
        ],
        "headline": lambda: headline_marks(article, statements),
        "tone": lambda: _tones(article, statements, misread),
    }  # fmt: skip
    return {topic: ". ".join(map(capital, found[topic]())) + "." for topic in topics.split()}
