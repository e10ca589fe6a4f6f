"""Sentiment of sentences by two lexicons, VADER (Hutto & Gilbert 2014) and TextBlob's (De Smedt & Daelemans 2012), the
words behind it, and what it hangs on. A text without a word that the lexicon knows has no score and is in no mean."""

import re
import unicodedata
from copy import copy
from functools import lru_cache
from itertools import product
from math import nan
from pathlib import Path

import numpy as np
import pandas as pd
from newstext import DATA, INVISIBLE, STRAIGHT, Article, ArticleError, find_path, read_rows, read_stop_words
from vaderSentiment.vaderSentiment import BOOSTER_DICT, SentimentIntensityAnalyzer, SentiText

from newsprint import terms, voices
from newsprint.chance import gap_by_chance, mean_interval, verdict
from newsprint.show import capital, number, percent, signed

MASKED_TERMS = DATA / "masked-terms.txt"  # fixed terms masked beside the names
LONGEST = 1_000  # characters; VADER's time grows with the square of a text, so a longer one is scored in pieces
PIECE = re.compile(rf"(?s)\S.{{0,{LONGEST - 1}}}(?=\s|$)|\S{{1,{LONGEST}}}")
PRINTED = {**STRAIGHT, ord("—"): " — ", ord("…"): "..."}  # both lexicons know words next to typewriter marks only
POINT = str.maketrans(",−", ".-")  # what spreadsheets write for a decimal point and a minus
MASK = "name"  # a word neither lexicon knows; it keeps the place, so negation reaches as far as before
CHOICES = ["names masked", "misread words mended", "by paragraph", "without quotations", "unscored as zero", "median"]
TOPICS = "voices quoted unheard verbs words headline tone"


class _Vader(SentimentIntensityAnalyzer):
    """VADER that also hands back each word and the value its rules gave it."""

    def score_valence(self, sentiments: list[float], text: str) -> dict:
        words = zip(SentiText(text).words_and_emoticons, sentiments, strict=True)
        known = [(word.lower(), value) for word, value in words if word.lower() in KNOWN]
        return super().score_valence(sentiments, text) | {"words": known}


VADER = _Vader()
KNOWN = VADER.lexicon.keys() - BOOSTER_DICT.keys()


@lru_cache(2_000)
def _read(text: str, lexicon: str, mended: frozenset[tuple[str, float]]) -> tuple[list[tuple[str, float]], float]:
    """The words of a text that a lexicon knows, with the points its rules give them, and the score (NaN: none)."""
    text, values, vader = unicodedata.normalize("NFC", INVISIBLE.sub("", text)).translate(PRINTED), dict(mended), VADER
    if values:
        vader = copy(VADER)
        vader.lexicon = VADER.lexicon | values
    words, scores = [], []
    for piece in [text] if len(text) <= LONGEST else PIECE.findall(text):
        if lexicon == "VADER":
            reading = vader.polarity_scores(piece)
            known, score = reading["words"], reading["compound"]
        else:
            from textblob.en import sentiment  # what TextBlob(…).sentiment_assessments calls, twice; a second to load

            found = sentiment(piece).assessments  # a booster stands with the word it changes
            known = [(" ".join(own), next((values[word] for word in own if word in values), x)) for own, x, *_ in found]
            score = sum(value for _, value in known) / max(len(known), 1)
        words, scores = words + known, scores + [score] * bool(known)
    return words, sum(scores) / len(scores) if scores else nan


def read_misread_words(article: str | Path) -> pd.DataFrame:
    """Words that the lexicons misread in an article, from `X-misread-words.csv` beside it, if any: `lexicon, word,
    reason, value` (what it should count, VADER −4 to +4, TextBlob −1 to +1; 0 where empty). Raises `ArticleError`."""
    path, columns = find_path(article), ["lexicon", "word", "reason"]
    path = path.with_name(f"{path.stem}-misread-words.csv")
    table = read_rows(path, columns) if path.exists() else pd.DataFrame(columns=[*columns, "value"])
    given = table.get("value", pd.Series("", table.index))
    values = pd.to_numeric(given.str.translate(POINT).replace("", "0"), errors="coerce").astype(float)
    for row, value in given[~np.isfinite(values)].items():
        raise ArticleError(f"{path}: row {row}: value {value!r} is no number; write one like 0.5, or leave it empty")
    return table.assign(value=values)


def score_sentences(sentences: pd.DataFrame, misread: pd.DataFrame | None = None) -> pd.DataFrame:
    """Scores of texts, −1 to +1, `vader` (compound) and `textblob` (polarity), and how many words each knows. Marks are
    straightened; a text above 1,000 characters is scored in pieces: their mean."""
    table = sentences[[name for name in ("sid", "section") if name in sentences]]
    for lexicon, name in (("VADER", "vader"), ("TextBlob", "textblob")):
        own = misread[misread.lexicon == lexicon] if misread is not None else pd.DataFrame(columns=["word", "value"])
        mended = frozenset(zip(own.word, own.value))
        read = [_read(text, lexicon, mended) for text in sentences.text]
        counts, scores = np.array([len(words) for words, _ in read], int), np.array([score for _, score in read], float)
        table = table.assign(**{f"{name}_words": counts, name: scores})
    return table


def find_scored_words(sentences: pd.DataFrame, misread: pd.DataFrame) -> pd.DataFrame:
    """Each word VADER knows, where it stands, its `points` by VADER's rules, and whether and why it is `misread`."""
    reasons, rows = dict(misread[misread.lexicon == "VADER"][["word", "reason"]].to_numpy()), []
    for row in sentences.itertuples():
        low, at = row.text.translate(STRAIGHT).lower(), 0
        for word, points in _read(row.text, "VADER", frozenset())[0]:
            match = re.compile(rf"(?<!\w){re.escape(word)}(?!\w)").search(low, at)
            start, at = match.span() if match else (at, at)
            place = row.sid, row.section, row.start + start, row.start + at
            rows.append((*place, word, float(points), word in reasons, reasons.get(word, "")))
    return pd.DataFrame(rows, columns=["sid", "section", "start", "end", "word", "points", "misread", "reason"])


def strongest_words(words: pd.DataFrame, top: int = 5) -> pd.DataFrame:
    """The `top` words that add and take most in each section, best first: `section, word, points, count, misread`."""
    groups = words[words.points != 0].groupby(["section", "word"])
    table = groups.agg(points=("points", "sum"), count=("points", "size"), misread=("misread", "first")).reset_index()
    table = table.sort_values("points", ascending=False, kind="stable")
    own = [table[table.section == name] for name in words.section.unique()]
    ends = [end for part in own for end in (part[part.points > 0].head(top), part[part.points < 0].tail(top))]
    return pd.concat([*ends, table[:0]], ignore_index=True)


def misread_weight(words: pd.DataFrame) -> str:
    """A lexicon's strongest good word and the weight that misread words carry, in a sentence."""
    good, bad = words[words.points > 0], words[words.points < 0]
    if good.empty or bad.empty:
        return f"The lexicon knows no {'good' if good.empty else 'bad'} word here"
    best = good.groupby("word").points.sum().idxmax()
    praise, blame = (percent(abs(part.points[part.misread].sum() / part.points.sum())) for part in (good, bad))
    carried = f"misread words carry {praise} of the praise and {blame} of the blame"
    weight = carried if words.misread.any() else "no word is listed as misread"
    return f"The strongest good word is “{best}” ({number((good.word == best).sum(), 'use')}); {weight}"


def edited(sentences: pd.DataFrame, edits: list[tuple[int, int, str]]) -> pd.DataFrame:
    """The sentences with edits made (start, end, new text; of nested ones the outer); none is left without a word."""
    edits, texts = sorted(edits, key=lambda edit: (-edit[0], edit[1])), []
    for start, text in zip(sentences.start, sentences.text):
        letters = [*text]
        for a, b, new in edits:
            low, high = max(a - start, 0), min(b - start, len(text))
            if low < high:
                letters[low:high] = [new, *[""] * (high - low - 1)]
        texts.append("".join(letters))
    table = sentences.assign(text=pd.Series(texts, sentences.index, dtype=str))
    return table[table.text.str.contains(r"\w")]


def section_means(scores: pd.DataFrame) -> pd.DataFrame:
    """Mean of each section's sentences scored by VADER, with its 95 % interval: `scored, mean, low, high`."""
    groups = scores.groupby("section", sort=False).vader
    rows = [(name, len(own), own.count(), own.mean(), *mean_interval(own.dropna().to_numpy())) for name, own in groups]
    return pd.DataFrame(rows, columns=["section", "sentences", "scored", "mean", "low", "high"])


def tone(scores: pd.DataFrame) -> str:
    """The highest and the lowest section by VADER, and whether chance could make their gap, in a sentence."""
    known = scores.dropna(subset="vader")
    means = known.groupby("section", sort=False).vader.mean().sort_values(ascending=False, kind="stable")
    if means.empty:
        return "No sentence has a score"
    (high, *_, low), (up, *_, down) = [*means.index] * 2, [*map(signed, means)] * 2
    if up == down:
        who = "Only one section has a score," if len(means) < 2 else "All sections score"
        return f"{who} {up}: nothing to compare"
    p, _ = gap_by_chance(known.section, known[["vader"]].to_numpy(), np.ones(len(known)))
    return f"{high} scores highest ({up}), {low} lowest ({down}): {verdict(p)}"


def every_reading(article: Article, statements: pd.DataFrame, misread: pd.DataFrame) -> pd.DataFrame:
    """The tone under all combinations of `CHOICES`, a specification curve (Simonsohn, Simmons & Nelson 2020). `gap` is
    between the sections that VADER as it stands scores highest and lowest, `lowest` the section with the lowest mean
    ("tie" for two), `same` whether it is that of the first row. No rows where no two sections differ."""
    fixed = {form for term in read_stop_words(MASKED_TERMS) for form in (term, f"{term}s")}
    named, marked = terms.find_terms(article, fixed), statements[statements.kind.isin(voices.QUOTED)]
    named = named[named.is_name | named.term.isin(fixed)]
    masks = [(row.start, row.end, " ".join([MASK] * row.words)) for row in named.itertuples()]
    rows, high, low, cuts = [], None, None, [(start, end, " ") for start, end in zip(marked.start, marked.end)]
    for mask, mend, whole, bare in product([False, True], repeat=4):
        texts = edited(article.body, masks * mask + cuts * bare)
        if whole:
            texts = texts.groupby(["section", "paragraph"], sort=False).text.agg(" ".join).reset_index()
        scores = score_sentences(texts, misread if mend else None)
        for lexicon, zero, median in product(["VADER", "TextBlob"], [False, True], [False, True]):
            groups = scores[lexicon.lower()].fillna(0 if zero else np.nan).groupby(scores.section, sort=False)
            means = (groups.median() if median else groups.mean()).dropna().round(9)
            if not rows:
                high, low = (means.idxmax(), means.idxmin()) if len(means) else ("", "")
            lowest, gap = means.index[means == means.min()], means.get(high, np.nan) - means.get(low, np.nan)
            rows.append((lexicon, mask, mend, whole, bare, zero, median, gap, lowest[0] if len(lowest) == 1 else "tie"))
    table = pd.DataFrame(rows, columns=["lexicon", *CHOICES, "gap", "lowest"])
    table = table if table.gap[0] > 0 else table[:0]
    return table.assign(same=table.lowest == low, shipped=~table[CHOICES].any(axis=1))


def readings_agree(readings: pd.DataFrame) -> str:
    """In how many readings of each lexicon the same section scores lowest, in a sentence."""
    if readings.empty:
        return "No two sections with different scores: no reading can change their order"
    groups = readings.groupby("lexicon", sort=False).same
    parts = [f"{same.sum()} of {name}’s {len(same)} readings" for name, same in groups]
    return f"{readings.lowest[0]} scores lowest in {' and '.join(parts)}"


def quotations_weigh(readings: pd.DataFrame) -> str:
    """How VADER's gap changes without the quoted words, as it stands and on average over its readings, in words."""
    own, bare = readings[readings.lexicon == "VADER"], "without quotations"
    stands, means = own[own[CHOICES].sum(axis=1) == own[bare]].set_index(bare).gap, own.groupby(bare).gap.mean()
    if own.empty or not (stands[False] > 0 and means[False] > 0):
        return "No gap that quotations could explain"
    shares = [round(100 * (gaps[True] / gaps[False] - 1)) for gaps in (stands, means)]
    once, all_ = (f"{'grows' if n > 0 else 'shrinks'} by {abs(n)}%" if n else "stays as it is" for n in shares)
    return f"Without quotations the gap of {stands[False]:.2f} {once}; over all readings it {all_} on average"


def findings(article: Article, statements: pd.DataFrame, misread: pd.DataFrame, topics: str = TOPICS) -> dict[str, str]:
    """What counting finds in an article, in sentences by topic, in the order of weight; `topics` names those wanted."""
    words, mentions = voices.word_voices(article, statements), terms.find_actors(article)
    grid = terms.section_counts(terms.find_terms(article), 15, ["said"])
    heard, late = voices.named_and_heard(mentions, words), voices.heard_late(mentions, statements, len(words))
    found = {
        "voices": [voices.voices_move(voices.voice_by_section(words)), voices.unattributed(words)],
        "quoted": [voices.quoted_where(words)],
        "unheard": [voices.unheard(heard), late],
        "verbs": [voices.plain_sayers(voices.verbs_by_side(statements))],
        "words": [terms.section_topics(grid), terms.names_move(mentions, article.sections)],
        "headline": voices.headline_marks(article, statements),
    }
    if "tone" in topics.split():  # half a second
        scores, readings = score_sentences(article.body), every_reading(article, statements, misread)
        compared = [readings_agree(readings), quotations_weigh(readings)] if len(readings) else []
        weight = misread_weight(find_scored_words(article.body, misread))
        found["tone"] = [tone(scores), *compared, weight]
    return {topic: ". ".join(map(capital, found[topic])) + "." for topic in topics.split()}
