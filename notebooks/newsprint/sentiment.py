"""Sentiment scores of sentences by two lexicons, and how far they can be trusted.

VADER (Hutto & Gilbert 2014) leads; TextBlob's lexicon (from De Smedt &
Daelemans 2012, "Pattern for Python") is the second opinion.

One rule holds everywhere: where a lexicon knows no word of a sentence, there is
no score (NaN) and the sentence is left out of means. `section_means` also gives
the mean with such sentences counted as zero.
"""

import re
import tomllib
import unicodedata
from bisect import bisect_right
from collections.abc import Callable, Iterable, Iterator
from copy import copy
from functools import cache
from itertools import combinations
from pathlib import Path

import numpy as np
import pandas as pd
from scipy.stats import bootstrap, norm, pearsonr, permutation_test
from textblob.en import sentiment as pattern  # what TextBlob(…).sentiment_assessments calls, twice
from vaderSentiment.vaderSentiment import BOOSTER_DICT, SentimentIntensityAnalyzer, SentiText, negated

from newstext.article import INVISIBLE, STRAIGHT, ArticleError

LONGEST = 1_000  # characters, some 160 words; VADER's time grows with the square of a text, so a longer one is cut
PIECE = re.compile(rf"(?s)\S.{{0,{LONGEST - 1}}}(?=\s|$)|\S{{1,{LONGEST}}}")
PRINTED = {**STRAIGHT, ord("—"): " — ", ord("…"): "..."}  # both lexicons know words next to typewriter marks only
MASK = "name"  # a word neither lexicon knows; it keeps the place, so negation reaches as far as before
RESAMPLES, FEWEST = 9_999, 999  # of long articles fewer; of few sentences SciPy tries all permutations
LEVEL = 0.05  # a corrected p below it passes
SEED = 2022  # any number; fixed, so that a rerun gives the same intervals
DRAWN, BATCH = 20_000_000, 2_000_000  # numbers drawn in all and at a time, to bound time and memory
INTERVAL_FROM = 8  # scored sentences; a bootstrap interval over fewer is far too narrow
QUOTED_KINDS = ("direct", "partial")


class _Vader(SentimentIntensityAnalyzer):
    """VADER that also hands back each word and the value its rules gave it, misread ones set to zero."""

    zeroed: frozenset[str] = frozenset()

    def score_valence(self, sentiments: list[float], text: str) -> dict:
        words = SentiText(text).words_and_emoticons
        values = [0.0 if word.lower() in self.zeroed else value for word, value in zip(words, sentiments, strict=True)]
        return super().score_valence(values, text) | {"words": words, "values": values}

    def knows(self, word: str) -> bool:
        return word.lower() in self.lexicon and word.lower() not in BOOSTER_DICT


@cache
def _vader(zeroed: frozenset[str] = frozenset()) -> _Vader:
    analyzer = copy(_vader()) if zeroed else _Vader()
    analyzer.zeroed = zeroed
    return analyzer


def _textblob(text: str, zeroed: frozenset[str]) -> list[tuple[list[str], float, float]]:
    """TextBlob's assessments (words, polarity, subjectivity); their means are the text's two scores."""
    found = pattern(text).assessments
    return [(words, 0.0 if zeroed.intersection(words) else value, degree) for words, value, degree, _ in found]


def _pieces(text: str) -> list[str]:
    """A text as the analyzers read it, cut at spaces where it is longer than `LONGEST` characters."""
    plain = unicodedata.normalize("NFC", INVISIBLE.sub("", text)).translate(PRINTED)
    return [plain] if len(plain) <= LONGEST else PIECE.findall(plain)


def _mean(values: Iterable[float]) -> float:
    known = [value for value in values if value == value]
    return sum(known) / len(known) if known else float("nan")


def _zeroed(misread: pd.DataFrame | None) -> tuple[frozenset[str], frozenset[str]]:
    if misread is None:
        return frozenset(), frozenset()
    return tuple(frozenset(misread.word[misread.lexicon == name]) for name in ("VADER", "TextBlob"))


def _score(text: str, vader: _Vader, zeroed: frozenset[str]) -> tuple[int, int, int, float, float, float]:
    words = vader_words = textblob_words = 0
    scores = []
    for piece in _pieces(text):
        reading, found = vader.polarity_scores(piece), _textblob(piece, zeroed)
        words += sum(any(map(str.isalnum, word)) for word in reading["words"])
        known = sum(map(vader.knows, reading["words"]))
        vader_words += known
        textblob_words += sum(word != "!" for chunk, _, _ in found for word in chunk)
        compound = reading["compound"] if known else float("nan")
        scores.append((compound, _mean(value for _, value, _ in found), _mean(degree for _, _, degree in found)))
    return words, vader_words, textblob_words, *map(_mean, zip(*scores) if scores else ((), (), ()))


def score_sentences(sentences: pd.DataFrame, misread: pd.DataFrame | None = None) -> pd.DataFrame:
    """Scores of texts (`sid, section, text`), one row each, same index.

    `vader` is VADER's compound and `textblob` the polarity, both −1 to +1;
    `subjectivity` goes from 0 to 1. All are NaN where the lexicon knows no
    word; `words`, `vader_words` and `textblob_words` count the words and those
    known. Quotation marks and apostrophes are straightened first. A text longer
    than `LONGEST` characters is scored in pieces, its score their mean.
    `misread` (`lexicon, word`) lists words whose value is set to zero.
    """
    for_vader, for_textblob = _zeroed(misread)
    rows = [_score(text, _vader(for_vader), for_textblob) for text in sentences.text]
    names = ["words", "vader_words", "textblob_words", "vader", "textblob", "subjectivity"]
    table = pd.DataFrame(rows, columns=names, index=sentences.index).astype(dict.fromkeys(names[3:], float))
    return sentences[["sid", "section"]].join(table)


def find_scored_words(sentences: pd.DataFrame) -> pd.DataFrame:
    """Each word a lexicon knows: `sid, section, lexicon, word, changed_by, alone, value`.

    `alone` is its value in the lexicon (VADER −4 to +4, TextBlob −1 to +1),
    `value` what the rules made of it, `changed_by` the words that did it:
    negations, boosters, "but".
    """
    rows = [
        (row.sid, row.section, *hit)
        for row in sentences.itertuples()
        for piece in _pieces(row.text)
        for hit in (*_vader_words(piece), *_textblob_words(piece))
    ]
    return pd.DataFrame(rows, columns=["sid", "section", "lexicon", "word", "changed_by", "alone", "value"])


def _vader_words(piece: str) -> Iterator[tuple]:
    reading, vader = _vader().polarity_scores(piece), _vader()
    words = [word.lower() for word in reading["words"]]
    for i, (word, value) in enumerate(zip(words, reading["values"])):
        if vader.knows(word):
            alone, near = vader.lexicon[word], words[max(i - 3, 0) : i]
            changers = [w for w in near if w in BOOSTER_DICT or w in ("no", "least") or negated([w])]
            if word == "no" and not value:
                changers = words[i + 1 : i + 2]  # it only negates the word after it
            changers += ["but"] if "but" in words else []
            yield "VADER", word, " ".join(changers) if value != alone else "", alone, value


def _textblob_words(piece: str) -> Iterator[tuple]:
    for words, value, _ in _textblob(piece, frozenset()):
        head = next((word for word in reversed(words) if word in pattern), words[-1])
        others = [word for word in words if word != head]
        yield "TextBlob", head, " ".join(others), pattern[head][None][0] if head in pattern else value, value


def word_weights(words: pd.DataFrame, misread: pd.DataFrame, top: int, lexicon: str = "VADER") -> pd.DataFrame:
    """The `top` words that add and take most in each section: `section, word, value, times, misread`.

    `value` is the sum over the word's occurrences, largest first; ties in
    alphabetical order. `misread` marks the words listed as misread. A word
    whose sign was turned stands apart, with what turned it ("not clear").
    """
    mine = words[words.lexicon == lexicon].assign(misread=words.word.isin(misread.word[misread.lexicon == lexicon]))
    mine["word"] = mine.word.mask(mine.value * mine.alone < 0, mine.changed_by + " " + mine.word)
    groups = mine.groupby(["section", "word"], sort=False)
    table = groups.agg(value=("value", "sum"), times=("value", "size"), misread=("misread", "first")).reset_index()
    table["section"] = pd.Categorical(table.section, words.section.unique())
    table = table.sort_values(["section", "value", "word"], ascending=[True, False, True], ignore_index=True)
    table["section"] = table.section.astype(str)
    up, down = (table[side].groupby("section") for side in (table.value > 0, table.value < 0))
    return pd.concat([up.head(top), down.tail(top)]).sort_index(ignore_index=True)


def misread_shares(words: pd.DataFrame, misread: pd.DataFrame, lexicon: str = "VADER") -> tuple[float, float]:
    """The shares of a lexicon's positive and of its negative weight that words listed as misread carry."""
    mine = words[words.lexicon == lexicon]
    listed = mine.word.isin(misread.word[misread.lexicon == lexicon])
    up, down = (mine.value.where(side, 0.0) for side in (mine.value > 0, mine.value < 0))
    return tuple(float(part[listed].sum() / part.sum()) if part.any() else 0.0 for part in (up, down))


def lexicon_agreement(scores: pd.DataFrame) -> tuple[float, float, float]:
    """Pearson's r between the two lexicons' scores and its 95 % interval (Fisher 1921); NaN where there is none."""
    both = scores.dropna(subset=["vader", "textblob"])
    if len(both) < 4 or both[["vader", "textblob"]].round(6).nunique().min() < 2:
        return float("nan"), float("nan"), float("nan")
    found = pearsonr(both.vader, both.textblob)
    return float(found.statistic), *map(float, found.confidence_interval(0.95))


def lexicon_coverage(scores: pd.DataFrame) -> pd.DataFrame:
    """The shares of sentences and of words that each lexicon knows, by section and in all.

    Columns `section, lexicon, sentences, words, known_sentences, known_words`;
    a sentence is known if one of its words is.
    """
    rows = []
    for name, part in [*scores.groupby("section", sort=False), ("whole article", scores)]:
        for lexicon in ("VADER", "TextBlob"):
            known = part[f"{lexicon.lower()}_words"]
            shares = (known > 0).sum() / max(len(part), 1), known.sum() / max(part.words.sum(), 1)
            rows.append((name, lexicon, len(part), part.words.sum(), *shares))
    return pd.DataFrame(rows, columns=["section", "lexicon", "sentences", "words", "known_sentences", "known_words"])


# Names and fixed terms


def read_choices(path: str | Path) -> dict:
    """A TOML file of the reader's choices: masked terms with their reasons, sides with their actors."""
    try:
        return tomllib.loads(Path(path).read_text(encoding="utf-8-sig"))
    except (OSError, UnicodeDecodeError, tomllib.TOMLDecodeError) as error:
        raise ArticleError(f"{path}: cannot be read ({error}); it must be a TOML file in UTF-8") from None


def read_misread_words(article: str | Path) -> pd.DataFrame:
    """Words the lexicons misread in an article, `lexicon, word, reason`, from `X-misread-words.csv` beside `X.txt`.

    Empty where there is no such file.
    """
    path = Path(article).with_name(f"{Path(article).stem}-misread-words.csv")
    return pd.read_csv(path) if path.exists() else pd.DataFrame(columns=["lexicon", "word", "reason"])


def mask_names(sentences: pd.DataFrame, tokens: pd.DataFrame, terms: Iterable[str] = ()) -> pd.DataFrame:
    """The sentences with each word of a name or fixed term replaced, and `masked`, the words replaced.

    A name word has a capital inside a sentence and is no stop word. The first
    word of a sentence or quotation is one if it occurs so elsewhere and nowhere
    in lower case. Misses: names that open every sentence they occur in, names
    in lower case; takes for names: words capitalised for emphasis.
    """
    names = tokens[_is_name(tokens)]
    fixed = "|".join(re.escape(term) for term in sorted(terms, key=len, reverse=True))
    fixed = re.compile(rf"(?i)\b(?:{fixed or '(?!)'})s?\b")
    spans = {sid: list(zip(rows.start, rows.end)) for sid, rows in names.groupby("sid")}
    texts, masked = [], []
    for row in sentences.itertuples():
        found = [(a - row.start, b - row.start) for a, b in spans.get(row.sid, ())]
        for term in fixed.finditer(row.text):
            found += [(term.start() + word.start(), term.start() + word.end()) for word in re.finditer(r"\w+", term[0])]
        text, words, at = "", [], 0
        for start, end in sorted(found):
            if start >= at:
                text, at = f"{text}{row.text[at:start]}{MASK}", end
                words.append(row.text[start:end])
        texts.append(text + row.text[at:])
        masked.append(" ".join(words))
    return sentences.assign(text=texts, masked=masked)


def _is_name(tokens: pd.DataFrame) -> pd.Series:
    capital = tokens.token.str[:1].str.isupper() & tokens.is_word
    initials = tokens.token.str.isupper() & (tokens.token.str.len() > 1)  # "US" is no "us"
    capital &= ~tokens.is_stop | initials
    before = tokens.token.shift().where(tokens.sid == tokens.sid.shift(), "“")
    inside = ~before.isin(list("“”\"‘'«»„:–—•"))
    lower = set(tokens.term[~capital])
    return capital & (inside | (tokens.term.isin(set(tokens.term[capital & inside])) & ~tokens.term.isin(lower)))


def split_quoted(sentences: pd.DataFrame, statements: pd.DataFrame) -> pd.DataFrame:
    """The quoted and the other words of each sentence: `sid, section, voice, text`, at most two rows each.

    `voice` is "quoted" or "not quoted": statements of other kinds than direct
    and partial, too, are the writer's words.
    """
    quoted = statements[statements.kind.isin(QUOTED_KINDS)].sort_values("start")
    spans, ends, rows = list(zip(quoted.start, quoted.end)), np.maximum.accumulate(quoted.end.to_numpy(dtype=int)), []
    for row in sentences.itertuples():
        parts, at = {"quoted": [], "not quoted": []}, 0
        for i in range(bisect_right(ends, row.start), len(spans)):
            start, end = (min(max(offset - row.start, at), len(row.text)) for offset in spans[i])
            if spans[i][0] >= row.end:
                break
            parts["not quoted"].append(row.text[at:start])
            parts["quoted"].append(row.text[start:end])
            at = end
        parts["not quoted"].append(row.text[at:])
        texts = {voice: " ".join(pieces) for voice, pieces in parts.items()}
        rows += [(row.sid, row.section, voice, text) for voice, text in texts.items() if any(map(str.isalnum, text))]
    return pd.DataFrame(rows, columns=["sid", "section", "voice", "text"])


def name_sides(sentences: pd.DataFrame, mentions: pd.DataFrame, sides: dict[str, Iterable[str]]) -> pd.Series:
    """For each sentence the side whose actors it names; "both" or "neither" else.

    `mentions` (`sid, actor`) comes from `find_actors`, `sides` maps a side to
    its actors. It says who is named, not whom the words are about.
    """
    sids = {side: mentions.sid[mentions.actor.isin(actors)] for side, actors in sides.items()}
    named = pd.DataFrame({side: sentences.sid.isin(sids[side]) for side in sides}, index=sentences.index, dtype=bool)
    one = named.idxmax(axis=1) if named.size else pd.Series("neither", index=sentences.index)
    return one.mask(named.sum(axis=1) > 1, "both").mask(~named.any(axis=1), "neither")


# Means and differences


def _gap(first: np.ndarray, second: np.ndarray, axis: int = -1) -> np.ndarray:
    return first.mean(axis=axis) - second.mean(axis=axis)


def _resampling(size: int) -> dict:
    resamples = min(RESAMPLES, max(FEWEST, DRAWN // size))
    return {"n_resamples": resamples, "batch": max(1, BATCH // size), "vectorized": True, "rng": SEED}


def _interval(statistic: Callable, *samples: np.ndarray) -> tuple[float, float]:
    """95 % percentile bootstrap interval (Efron & Tibshirani 1993), widened to hold the estimate where it does not."""
    choices = _resampling(max(map(len, samples)))
    low, high = bootstrap(samples, statistic, method="percentile", **choices).confidence_interval
    estimate = statistic(*samples, axis=-1)
    return min(low, estimate), max(high, estimate)


def section_means(scores: pd.DataFrame, measure: str = "vader", by: str = "section") -> pd.DataFrame:
    """Mean score of each section with its 95 % interval, sections in order of appearance.

    Columns `section, sentences, scored, mean, low, high, mean_with_zeros`: the
    mean of the scored sentences, a bootstrap interval over them (rather too
    narrow, so none for fewer than `INTERVAL_FROM`), and the mean that counts
    sentences without a score as zero.
    """
    rows = []
    for name, values in scores.groupby(by, sort=False)[measure]:
        known = values.dropna().to_numpy()
        mean = known.mean() if len(known) else np.nan
        low, high = _interval(np.mean, known) if len(known) >= INTERVAL_FROM else (np.nan, np.nan)
        rows.append((name, len(values), len(known), mean, low, high, values.fillna(0).mean() if len(known) else np.nan))
    return pd.DataFrame(rows, columns=[by, "sentences", "scored", "mean", "low", "high", "mean_with_zeros"])


def compare_means(scores: pd.DataFrame, measure: str = "vader", by: str = "section", most: int = 8) -> pd.DataFrame:
    """Differences between means, largest first: `first, second, difference, low, high, p, p_holm, detectable`.

    `low` and `high` are missing where either group is below `INTERVAL_FROM`.
    `p` is from a two-sided permutation test over sentences, `p_holm` allows for
    the number of pairs (Holm 1979). `detectable` is the gap that would be found
    4 times in 5, given this spread and these numbers of sentences, at Holm's
    first step: 5 % shared by all pairs. Groups with fewer than two scored sentences are left out, and of
    more than `most` groups those with fewest.
    """
    groups = {name: values.dropna().to_numpy() for name, values in scores.groupby(by, sort=False)[measure]}
    largest = sorted(groups, key=lambda name: -len(groups[name]))[:most]
    groups = {name: values for name, values in groups.items() if name in largest and len(values) > 1}
    level = LEVEL / max(len(groups) * (len(groups) - 1) // 2, 1)
    rows = [(a, b, *_difference(groups[a], groups[b], level)) for a, b in combinations(groups, 2)]
    pairs = pd.DataFrame(rows, columns=["first", "second", "difference", "low", "high", "p", "detectable"])
    pairs = pairs.sort_values("difference", key=abs, ascending=False, kind="stable", ignore_index=True)
    pairs.insert(6, "p_holm", holm(pairs.p))
    return pairs


def _difference(a: np.ndarray, b: np.ndarray, level: float) -> tuple[float, ...]:
    test = permutation_test((a, b), _gap, **_resampling(len(a) + len(b)))
    error = np.sqrt(a.var(ddof=1) / len(a) + b.var(ddof=1) / len(b))
    low, high = _interval(_gap, a, b) if min(len(a), len(b)) >= INTERVAL_FROM else (np.nan, np.nan)
    return _gap(a, b), low, high, test.pvalue, (norm.ppf(1 - level / 2) + norm.ppf(0.8)) * error


def holm(p: pd.Series) -> pd.Series:
    """Holm's step-down adjusted p-values, in the order given."""
    ranked = p.sort_values() * np.arange(len(p), 0, -1)
    return ranked.cummax().clip(upper=1.0).reindex(p.index)


def means_title(means: pd.DataFrame, pairs: pd.DataFrame) -> str:
    """The highest and the lowest mean, and whether any difference is more than noise; `means` has its names first."""
    known = means.dropna(subset="mean").sort_values("mean", ascending=False, kind="stable")
    if known.empty:
        return "No scored words: there is nothing to compare"
    ends = ", ".join(
        f"{row.iloc[0]} {_signed(row['mean'])}" for _, row in known.iloc[sorted({0, len(known) - 1})].iterrows()
    )
    if pairs.empty:
        return f"{ends}: nothing to compare it with"
    found = (pairs.p_holm < LEVEL).sum()
    if found:
        return f"{ends}: {_passes(pairs)}"
    hint = not pairs.low[0] <= 0 <= pairs.high[0]  # an interval without zero, or too few sentences for one
    return f"{ends}: {'too few sentences to be sure' if hint else 'no clear difference'}"


def _signed(value: float) -> str:
    shown = round(value, 2) + 0.0
    return f"{shown:{'+' if shown else ''}.2f}".replace("-", "−")


def _passes(pairs: pd.DataFrame) -> str:
    found = (pairs.p_holm < LEVEL).sum()
    if len(pairs) == 1:
        return "the difference passes the test" if found else "the difference does not pass the test"
    if not found:
        return f"none of {len(pairs)} differences passes the test"
    return f"{found} of {len(pairs)} differences {'passes' if found == 1 else 'pass'} the test"


def verdict(pairs: pd.DataFrame) -> str:
    """In words, how many differences pass the permutation test (Holm-adjusted p < .05), and the largest of them all."""
    if pairs.empty:
        return "Fewer than two groups of scored sentences: there is nothing to compare."
    top, one = pairs.iloc[0], len(pairs) == 1
    interval = "" if np.isnan(top.low) else f" [{_signed(top.low)}, {_signed(top.high)}]"
    p, corrected = ("< 0.01" if value < 0.005 else f"{value:.2f}" for value in (top.p, top.p_holm))
    return (
        f"{_passes(pairs).capitalize()}; {'' if one else 'the largest, '}{top['first']} against {top.second}"
        f"{':' if one else ','} {_signed(top.difference)}{interval}, p {p if '<' in p else f'= {p}'}"
        f"{'' if one else f', corrected {corrected}'}."
    )


def leave_one_out(sentences: pd.DataFrame, misread: pd.DataFrame) -> pd.DataFrame:
    """VADER's smallest corrected p of any difference with each listed word left out in turn: `word, corrected`.

    The word left out keeps its value, the others count as zero. Largest p first, ties in the order of the list.
    """
    listed = misread[misread.lexicon == "VADER"]
    rows = [
        (word, compare_means(score_sentences(sentences, listed[listed.word != word])).p_holm.min())
        for word in listed.word.unique()
    ]
    table = pd.DataFrame(rows, columns=["word", "corrected"]).astype({"corrected": float})
    return table.sort_values("corrected", ascending=False, kind="stable", ignore_index=True)


def try_settings(settings: dict[str, pd.DataFrame | tuple[pd.DataFrame, str]]) -> pd.DataFrame:
    """Section means under each setting: `setting, lexicon, section, scored, mean, low, high, gap, corrected, same`.

    `settings` maps a name to its score table, or to a table and the measure to
    take (VADER without). `gap` is that of the highest and the lowest mean,
    `corrected` the smallest corrected p of any difference; `same` says whether
    the section that scores lowest under the first setting does so here.
    """
    tables, lowest = [], None
    for name, choice in settings.items():
        scores, measure = choice if isinstance(choice, tuple) else (choice, "vader")
        means = section_means(scores, measure)
        if lowest is None:
            lowest = means.section[means["mean"] == means["mean"].min()]
        ends = means["mean"].min(), means["mean"].max()
        same = means["mean"][means.section.isin(lowest)].sub(ends[0]).lt(1e-9).any()  # whatever the last bits say
        means = means.assign(setting=name, lexicon=measure, gap=ends[1] - ends[0], same=bool(same))
        tables.append(means.assign(corrected=compare_means(scores, measure).p_holm.min()))
    columns = ["setting", "lexicon", "section", "scored", "mean", "low", "high", "gap", "corrected", "same"]
    return pd.concat(tables, ignore_index=True)[columns]


def settings_title(settings: pd.DataFrame) -> str:
    """Under how many of VADER's settings the same section scores lowest, and how far TextBlob's means lie apart."""
    tried = settings.drop_duplicates("setting")
    first = settings[settings.setting.isin(tried.setting[:1])]
    if first["mean"].notna().sum() < 2:
        return "Fewer than two sections with a score: there is nothing to compare"
    vader, textblob = (tried[tried.lexicon == name] for name in ("vader", "textblob"))
    many = f"all {len(vader)}" if vader.same.all() else f"{vader.same.sum()} of {len(vader)}"
    title = f"{first.section[first['mean'].idxmin()]} scores lowest in {many} VADER settings"
    if textblob.gap.isna().all():
        return title
    return f"{title}; by TextBlob the means differ by {textblob.gap.max():.2f} at most"


def settings_verdict(settings: pd.DataFrame) -> str:
    """Whether the settings agree on there being a difference that passes, with each one's smallest corrected p."""
    smallest = settings.drop_duplicates("setting").dropna(subset="corrected")
    if smallest.empty:
        return "No setting leaves two groups of scored sentences: there is nothing to compare."
    passed = smallest.corrected < LEVEL
    parts = [
        "; ".join(f"{row.setting} ({row.corrected:.2f})" for row in rows.itertuples()) or "no setting"
        for rows in (smallest[passed], smallest[~passed])
    ]
    outcome = "The settings agree." if passed.nunique() == 1 else "Treat it as undecided."
    return f"Some difference passes (corrected p in brackets) under: {parts[0]}. None under: {parts[1]}. {outcome}"
