"""Sentiment of sentences by two lexicons, VADER (Hutto & Gilbert 2014) and TextBlob's (De Smedt & Daelemans 2012), the
words behind it, and what it hangs on. A text without a word that the lexicon knows has no score and is in no mean."""

import re
import unicodedata
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
LONGEST = 10_000  # characters read of a text: VADER's time grows with the square of its length
PRINTED = {**STRAIGHT, ord("—"): " — ", ord("…"): "..."}  # both lexicons know words next to typewriter marks only
POINT = str.maketrans(",−", ".-")  # what spreadsheets write for a decimal point and a minus
LETTER = re.compile(r"\w")
MASK = "x"  # a word of these is in neither lexicon; it keeps the place, so negation reaches as far as before
CHOICES = ["names masked", "misread words mended", "by paragraph", "without quotations", "unscored as zero", "median"]
TOPICS = "voices quoted unheard verbs words headline tone"


class _Vader(SentimentIntensityAnalyzer):
    """VADER that also hands back each word and the value its rules gave it."""

    def score_valence(self, sentiments: list[float], text: str) -> dict:
        words = zip(SentiText(text).words_and_emoticons, sentiments, strict=True)
        known = [(word.lower(), value) for word, value in words if word.lower() in KNOWN]
        return super().score_valence(sentiments, text) | {"words": known}


VADER = _Vader()
LEXICON = VADER.lexicon
KNOWN = LEXICON.keys() - BOOSTER_DICT.keys()
NO_WORDS = pd.DataFrame(columns=["lexicon", "word", "reason", "value"])


@lru_cache(2_000)
def _read(text: str, lexicon: str, mended: frozenset[tuple[str, float]]) -> tuple[list[tuple[str, float]], float]:
    """The words of a text that a lexicon knows, with the points its rules give them, and the score (NaN: none)."""
    text = unicodedata.normalize("NFC", INVISIBLE.sub("", text[:LONGEST])).translate(PRINTED)
    values = dict(mended)
    if lexicon == "VADER":
        VADER.lexicon = LEXICON | values if values else LEXICON
        reading = VADER.polarity_scores(text)
        words, score = reading["words"], reading["compound"]
    else:
        from textblob.en import sentiment  # what TextBlob(…).sentiment_assessments calls, twice; a second to load

        found = sentiment(text).assessments  # a booster stands with the word it changes
        words = [(" ".join(own), next((values[word] for word in own if word in values), x)) for own, x, *_ in found]
        score = sum(value for _, value in words) / max(len(words), 1)
    return words, score if words else nan


def read_misread_words(article: str | Path) -> pd.DataFrame:
    """Words that the lexicons misread in an article, from `X-misread-words.csv` beside it, if any: `lexicon, word,
    reason, value` (what it should count, VADER −4 to +4, TextBlob −1 to +1; 0 where empty). Raises `ArticleError`."""
    path = find_path(article)
    path = path.with_name(f"{path.stem}-misread-words.csv")
    table = read_rows(path, [*NO_WORDS][:3]) if path.exists() else NO_WORDS
    given = table.get("value", pd.Series("", table.index))
    values = pd.to_numeric(given.str.translate(POINT).replace("", "0"), errors="coerce").astype(float)
    for row, value in given[~np.isfinite(values)].items():
        raise ArticleError(f"{path}: row {row}: value {value!r} is no number; write one like 0.5, or leave it empty")
    return table.assign(value=values)


def score_sentences(sentences: pd.DataFrame, misread: pd.DataFrame = NO_WORDS) -> pd.DataFrame:
    """Scores of texts, −1 to +1, `vader` (compound) and `textblob` (polarity), and how many words each knows, with what
    `misread` words should count. Marks are straightened; of a text the first 10,000 characters are read."""
    table = sentences[[name for name in ("sid", "section") if name in sentences]]
    for lexicon in ("VADER", "TextBlob"):
        own, name = misread[misread.lexicon == lexicon], lexicon.lower()
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
    """The `top` words that add most in each section, best first, then those that take most, worst last: `section, word,
    points, count, misread`."""
    groups = words[words.points != 0].groupby(["section", "word"])
    table = groups.agg(points=("points", "sum"), count=("points", "size"), misread=("misread", "first")).reset_index()
    table = table.sort_values("points", ascending=False, kind="stable")
    good, bad = (table[own].groupby("section") for own in (table.points > 0, table.points < 0))
    return pd.concat([good.head(top), bad.tail(top)], ignore_index=True)


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


def overwritten(text: str, spans: pd.DataFrame, letter: str) -> str:
    """The text with a letter for each of those between `start` and `end`; offsets stay as they are."""
    for start, end in zip(spans.start, spans.end):
        text = text[:start] + re.sub(r"\S", letter, text[start:end]) + text[end:]
    return text


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
        who = "All sections score" if len(means) > 1 else f"{high} scores"
        return f"{who} {up}: nothing to compare"
    p, _ = gap_by_chance(known.section, known[["vader"]].to_numpy(), np.ones(len(known)))
    return f"{high} scores highest ({up}), {low} lowest ({down}): {verdict(p)}"


def every_reading(article: Article, statements: pd.DataFrame, misread: pd.DataFrame) -> pd.DataFrame:
    """The tone under all combinations of `CHOICES`, a specification curve (Simonsohn, Simmons & Nelson 2020). `gap` is
    between the sections that VADER as it stands (`shipped`) scores highest and lowest; `same` tells whether the latter,
    `section`, is the lowest of all alone. No rows where no two sections differ."""
    fixed = {form for term in read_stop_words(MASKED_TERMS) for form in (term, f"{term}s")}
    names, quotes = terms.find_terms(article, fixed), statements[statements.kind.isin(voices.QUOTED)]
    names, rows, means = names[names.is_name | names.term.isin(fixed)], [], []
    body = article.body, article.paragraphs[article.paragraphs.paragraph > 0]
    for mask, mend, whole, bare in product([False, True], repeat=4):
        text = overwritten(article.text, names if mask else names[:0], MASK)
        text = overwritten(text, quotes if bare else quotes[:0], " ")
        texts = body[whole].assign(text=[text[a:b] for a, b in zip(body[whole].start, body[whole].end)])
        scores = score_sentences(texts[texts.text.map(LETTER.search).notna()], misread if mend else NO_WORDS)
        for zero, median in product([False, True], repeat=2):
            known = (scores.fillna(0) if zero else scores).groupby("section", sort=False)[["vader", "textblob"]]
            own = (known.median() if median else known.mean()).round(9)
            rows += [(lexicon, mask, mend, whole, bare, zero, median) for lexicon in ("VADER", "TextBlob")]
            means += [own.vader, own.textblob]
    table, means = pd.DataFrame(rows, columns=["lexicon", *CHOICES]), pd.DataFrame(means).reset_index(drop=True)
    if means.iloc[0].nunique() < 2:
        return table[:0].assign(gap=0.0, section="", same=False, shipped=False)
    high, low = means.iloc[0].idxmax(), means.iloc[0].idxmin()
    same, shipped = means.rank(axis=1)[low] == 1, ~table[CHOICES].any(axis=1)
    return table.assign(gap=means[high] - means[low], section=low, same=same, shipped=shipped)


def readings_agree(readings: pd.DataFrame) -> str:
    """In how many readings of each lexicon the same section scores lowest, in a sentence."""
    if readings.empty:
        return "No two sections with different scores: no reading can change their order"
    groups = readings.groupby("lexicon", sort=False).same
    parts = [f"{same.sum()} of {name}’s {len(same)} readings" for name, same in groups]
    return f"{readings.section[0]} scores lowest in {' and '.join(parts)}"


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
