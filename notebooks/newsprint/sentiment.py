"""Sentiment of sentences by two lexicons, the words behind it, and how far it hangs on choices nobody can settle. VADER
(Hutto & Gilbert 2014) leads; TextBlob's lexicon (De Smedt & Daelemans 2012, "Pattern for Python") is the second
opinion. Where a lexicon knows no word of a sentence there is no score (NaN), and means leave the sentence out."""

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

from newsprint import terms, voices
from newsprint.chance import deals, mean_interval, share_as_large, verdict
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


SHIPPED = _Vader()
KNOWN = SHIPPED.lexicon.keys() - BOOSTER_DICT.keys()


@cache
def _vader(mended: tuple[tuple[str, float], ...]) -> _Vader:
    """VADER with other values for some words; it shares all but the lexicon, which takes 40 ms to read."""
    analyzer = _Vader.__new__(_Vader)
    analyzer.__dict__ = SHIPPED.__dict__ | {"lexicon": SHIPPED.lexicon | dict(mended)}
    return analyzer


def _read(text: str, lexicon: str, mended: dict[str, float]) -> Iterator[tuple[list[tuple[str, float]], float]]:
    """For each piece of a text the words a lexicon knows with the values its rules make, and the score of the piece."""
    plain = unicodedata.normalize("NFC", INVISIBLE.sub("", text)).translate(PRINTED)
    for piece in [plain] if len(plain) <= LONGEST else PIECE.findall(plain):
        if lexicon == "VADER":
            reading = _vader(tuple(mended.items())).polarity_scores(piece)
            yield reading["words"], reading["compound"]
        else:
            words = []
            for parts, value, _, _ in pattern(piece).assessments:  # a booster stands with the word it changes
                head = next((word for word in reversed(parts) if word in pattern), parts[-1])
                words.append((head, next((mended[word] for word in parts if word in mended), value)))
            yield words, sum(value for _, value in words) / max(len(words), 1)


def read_misread_words(article: str | Path) -> pd.DataFrame:
    """Words that the lexicons misread in an article, from `X-misread-words.csv` beside it: `lexicon, word, value,
    reason`. `value` is what a word should count (VADER −4 to +4, TextBlob −1 to +1), 0 where empty. No file: no word is
    misread."""
    path, columns = find_path(article), ["lexicon", "word", "reason"]
    path = path.with_name(f"{path.stem}-misread-words.csv")
    table = read_rows(path, columns) if path.exists() else pd.DataFrame(columns=[*columns, "value"])
    values = table.get("value", pd.Series("", table.index))
    for row, value in values.items():
        if value and not re.fullmatch(r"[-−+]?\d+([.,]\d+)?", value):
            cure = "write one like 0.5, or leave it empty"
            raise ArticleError(f"{path}: row {row}: value {value!r} is no number; {cure}")
    return table.assign(value=pd.to_numeric(values.str.translate(POINT).replace("", "0")).astype(float))


def score_sentences(sentences: pd.DataFrame, misread: pd.DataFrame | None = None) -> pd.DataFrame:
    """Scores of texts (`text`, any `sid, section`), same index: `vader` (compound), `textblob` (polarity), −1 to +1.
    `vader_words` and `textblob_words` count the words known. Marks are straightened first; a text above 1,000
    characters is scored in pieces, its score their mean. `misread` comes from `read_misread_words`."""
    table = sentences[[name for name in ("sid", "section") if name in sentences]]
    columns = ["vader_words", "textblob_words", "vader", "textblob"]
    for lexicon in ("VADER", "TextBlob"):
        own = misread[misread.lexicon == lexicon] if misread is not None else pd.DataFrame(columns=["word", "value"])
        mended = dict(zip(own.word, own.value))
        pieces = [[(len(words), score) for words, score in _read(text, lexicon, mended)] for text in sentences.text]
        known = [sum(words for words, _ in read) for read in pieces]
        scores = [[score for words, score in read if words] for read in pieces]
        means = np.array([sum(own) / len(own) if own else np.nan for own in scores], dtype=float)
        table = table.assign(**{f"{lexicon.lower()}_words": np.array(known, dtype=int), lexicon.lower(): means})
    return table[[*table.columns.drop(columns), *columns]]


def find_scored_words(sentences: pd.DataFrame, misread: pd.DataFrame, lexicon: str = "VADER") -> pd.DataFrame:
    """Each word a lexicon knows: `sid, section, start, end, word, points, misread, reason`. `points` is what the
    lexicon's rules (negation, boosters) made of its value, VADER −4 to +4, TextBlob −1 to +1; `misread` says that the
    word is on the list of misread ones, `reason` why."""
    reasons, rows = dict(misread[misread.lexicon == lexicon][["word", "reason"]].to_numpy()), []
    for row in sentences.itertuples():
        low, at = row.text.translate(STRAIGHT).lower(), 0
        for word, points in (pair for words, _ in _read(row.text, lexicon, {}) for pair in words):
            match = re.compile(rf"(?<!\w){re.escape(word)}(?!\w)").search(low, at)
            start, at = match.span() if match else (at, at)
            place = row.sid, row.section, row.start + start, row.start + at
            rows.append((*place, word, float(points), word in reasons, reasons.get(word, "")))
    return pd.DataFrame(rows, columns=["sid", "section", "start", "end", "word", "points", "misread", "reason"])


def strongest_words(words: pd.DataFrame, top: int = 5) -> pd.DataFrame:
    """The `top` words that add and take most in each section, added up, best first: `section, word, points, count,
    misread`."""
    ordered = words.assign(section=pd.Categorical(words.section, words.section.unique()))
    groups = ordered[words.points != 0].groupby(["section", "word"], observed=True)
    table = groups.agg(points=("points", "sum"), count=("points", "size"), misread=("misread", "first")).reset_index()
    table = table.sort_values(["section", "points"], ascending=[True, False], kind="stable", ignore_index=True)
    up, down = (table[side].groupby("section", observed=True) for side in (table.points > 0, table.points < 0))
    return pd.concat([up.head(top), down.tail(top)]).sort_index(ignore_index=True).astype({"section": str})


def misread_weight(words: pd.DataFrame) -> str:
    """A lexicon's strongest good word and the weight that misread words carry, in a sentence."""
    good, bad = words[words.points > 0], words[words.points < 0]
    if good.empty or bad.empty:
        return f"The lexicon knows no {'good' if good.empty else 'bad'} word here"
    best = good.groupby("word").points.sum().idxmax()
    praise, blame = (percent(abs(part.points[part.misread].sum() / part.points.sum())) for part in (good, bad))
    head = f"The strongest good word is “{best}” ({number(int((good.word == best).sum()), 'use')})"
    if not words.misread.any():
        return f"{head}; no word is listed as misread"
    return f"{head}; misread words carry {praise} of the praise and {blame} of the blame"


# Texts changed before they are scored: edits are (start, end, new text), offsets into the article


def masking(sentences: pd.DataFrame, named: pd.DataFrame, fixed: Collection[str] = ()) -> list[tuple[int, int, str]]:
    """Edits that put one unknown word for each word of a name (`find_terms`) and of the `fixed` terms, in any case."""
    longest_first = "|".join(re.escape(term) for term in sorted(fixed, key=len, reverse=True))
    wanted, names = re.compile(rf"(?i)\b(?:{longest_first or '(?!)'})s?\b"), named[named.is_name]
    texts = zip(sentences.start, sentences.text)
    found = [(at + m.start(), at + m.end(), m[0]) for at, text in texts for m in wanted.finditer(text)]
    found += zip(names.start, names.end, names.token)
    return [(start, end, " ".join([MASK] * len(old.split()))) for start, end, old in found]


def unquoting(statements: pd.DataFrame) -> list[tuple[int, int, str]]:
    """Edits that leave out the quoted words."""
    marked = statements[statements.kind.isin(voices.QUOTED)]
    return [(start, end, " ") for start, end in zip(marked.start, marked.end)]


def edited(sentences: pd.DataFrame, edits: list[tuple[int, int, str]]) -> pd.DataFrame:
    """The sentences with the edits made, of two that overlap the first and longer one; none is left without a word."""
    edits, texts = sorted(edits, key=lambda edit: (edit[0], -edit[1])), []
    for start, end, text in zip(sentences.start, sentences.end, sentences.text):
        kept, at = "", start
        for a, b, new in edits:
            if (at <= a < end and b > at) or a < start < b:
                kept, at = kept + text[at - start : max(a - start, 0)] + new, min(b, end)
        texts.append(kept + text[at - start :])
    table = sentences.assign(text=pd.Series(texts, sentences.index, dtype=str))
    return table[table.text.str.contains(r"\w")]


# Means, their gap, and every way to take them


def section_means(scores: pd.DataFrame, measure: str = "vader") -> pd.DataFrame:
    """Mean of each section's scored sentences, Student's 95 % interval: `section, sentences, scored, mean, low,
    high`."""
    groups = scores.groupby("section", sort=False)[measure]
    rows = [(name, len(own), own.count(), own.mean(), *mean_interval(own.dropna().to_numpy())) for name, own in groups]
    return pd.DataFrame(rows, columns=["section", "sentences", "scored", "mean", "low", "high"])


def gap_by_chance(scores: pd.DataFrame, measure: str = "vader") -> float:
    """How often sentences dealt to the sections anew lie as far apart in their means, highest to lowest: p, 0 to 1."""
    known = scores.dropna(subset=measure)
    codes, names = pd.factorize(known.section)
    if len(names) < 2:
        return 1.0
    dealt, values = deals(codes), known[measure].to_numpy()
    return share_as_large(np.ptp([(dealt == k) @ values / (codes == k).sum() for k in range(len(names))], axis=0))


def tone(means: pd.DataFrame, p: float) -> str:
    """The highest and the lowest section, and whether chance could make their gap, in a sentence."""
    known = means.dropna(subset="mean").sort_values("mean", ascending=False, kind="stable")
    if known.empty:
        return "No sentence has a score"
    if known["mean"].round(2).nunique() < 2:
        who = "Only one section has a score," if len(known) < 2 else "All sections score"
        return f"{who} {signed(known['mean'].iloc[0])}: nothing to compare"
    (high, up), (low, down) = known[["section", "mean"]].iloc[[0, -1]].to_numpy()
    return f"{high} scores highest ({signed(up)}), {low} lowest ({signed(down)}): {verdict(p)}"


def every_reading(article: Article, statements: pd.DataFrame, misread: pd.DataFrame) -> pd.DataFrame:
    """The tone by both lexicons under all combinations of `CHOICES`: `lexicon`, a column a choice, `gap, lowest, same,
    shipped`. `gap` is between the sections that score highest and lowest by VADER as it stands, `lowest` the section
    with the lowest mean ("tie" for two), `same` whether it is the one of the first row. Drawn as a specification curve
    (Simonsohn, Simmons & Nelson 2020). No rows where no two sections differ. Readings are neither independent nor
    equally good."""
    rows, high, low, cuts = [], None, None, unquoting(statements)
    masks = masking(article.body, terms.find_terms(article), read_stop_words(MASKED_TERMS))
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
    """What counting finds in the tone."""
    scores, readings = score_sentences(article.body), every_reading(article, statements, misread)
    compared = [readings_agree(readings), quotations_weigh(readings)] if len(readings) else []
    words = find_scored_words(article.body, misread)
    return [tone(section_means(scores), gap_by_chance(scores)), *compared, misread_weight(words)]


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
        "words": [terms.section_topics(grid), terms.names_move(terms.actor_counts(mentions, article.sections))],
        "headline": voices.headline_marks(article, statements),
        "tone": _tones(article, statements, misread) if "tone" in topics.split() else [],  # half a second
    }
    return {topic: ". ".join(map(capital, found[topic])) + "." for topic in topics.split()}
