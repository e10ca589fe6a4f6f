"""Score `find_statements` against statements marked by people.

usage: evaluate.py [GOLD] [--json PATH]

GOLD is a `.jsonl` file, one document a line, or an article (`.txt` with its
`-statements.csv` beside it); without it, the shipped article. A document holds

    text     the article as a string
    quotes   its statements: start, end (offsets into text), type (direct,
             mixed or indirect), speech (has a reporting verb), speaker_text
             (the speaker as named there, may be empty), speaker_silver (whom a
             pronoun means, where known)
    marked   its quotation-mark runs that belong to a statement: the same, with
             kind (full or partial) in place of type

The matching rules:

- Outer marks, spaces and punctuation are trimmed. A found and a marked span
  match when they share half of the non-space characters they cover together
  (intersection over union); best pairs first, each span once.
- Quoted runs: found rows in quotation marks against `marked`; one that holds
  more than a run counts as the runs in it. Rows that name nobody are set aside.
- All statements: against `quotes` that are direct, mixed, or have a reporting
  verb; a found row that only meets another marked one is neither right nor
  wrong, and one inside another found one is set aside.
- A name is right when the last word of the marked name's head ("Josh Earnest"
  in "spokesman Josh Earnest, who …") is in the found one's head; a common noun
  may also be met by the mention. A pronoun is right as the same pronoun or
  resolved to the marked name; in `joint_resolved` only resolved, where marked.
- joint F1: span and speaker both right. Marked statements without a speaker
  are left out of it.
"""

import argparse
import json
import re
import time
from collections import Counter
from datetime import date
from hashlib import sha256
from pathlib import Path

import pandas as pd

from newstext.article import parse_article, read_article
from newstext.lists import HERE
from newstext.statements import compare, find_statements

ROOT = HERE.parents[1]
SOURCES = ["article.py", "statements.py", "cues.py", "rules.py", "runs.py", "words.py", "names.py", "abbreviations.txt", "word_classes.tsv", "grammar.tsv"]
SOURCES += ["reporting_verbs.tsv", "titles.tsv", "given_names.tsv", "organisations.txt"]
PRONOUNS = frozenset("he she they it we i you who him her his their them its one".split())  # noqa: SIM905
EDGE = " \t\r\n\"“”‘’',.;:"
CUT = re.compile(
    r"\s*(?:,|\(|—|–| - |\b(?:of|to|for|in|from|at|on|who|whose|that|which|with|by|and|via|during|when|after|as)\b)",
    re.I,
)
# Measured with the same scorer on the same articles (PolNeAR, development split), spaCy's medium model where needed.
PEERS = {
    "textacy 0.13, whole text": {"joint": 51.3, "joint_resolved": None, "joint_all": 28.8},
    "textacy 0.13, by paragraph": {"joint": 74.0, "joint_resolved": 59.6, "joint_all": 45.4},
    "sayswho 0.1.4, no coreference": {"joint": 73.5, "joint_resolved": 59.2, "joint_all": 47.4},
    "Gender Gap Tracker": {"joint": 63.9, "joint_resolved": 51.9, "joint_all": 60.4},
    "Guardian/AFP rules on spaCy": {"joint": 50.0, "joint_resolved": None, "joint_all": 32.3},
}
LABELS = {
    "joint": "joint F1, quoted runs",
    "joint_resolved": "… with pronouns resolved",
    "joint_all": "joint F1, all statements",
    "named": "named speaker right, quoted runs, %",
    "pronouns": "pronoun given the right name, %",
    "ms": "ms an article, parsing left out",
    "ms_with_parsing": "ms an article, in all",
}
Span = tuple[int, int]


def version() -> str:
    """First 12 digits of the sha256 over the modules and word lists that find statements."""
    return sha256(b"".join((HERE / name).read_bytes() for name in SOURCES)).hexdigest()[:12]


def trim(text: str, start: int, end: int) -> Span:
    """A span without marks, spaces and punctuation at its ends."""
    while start < end and text[start] in EDGE:
        start += 1
    while end > start and text[end - 1] in EDGE:
        end -= 1
    return start, end


def overlap(text: str, a: Span, b: Span) -> float:
    """Shared part of two spans: intersection over union of their non-space characters."""

    def size(start: int, end: int) -> int:
        return len("".join(text[start:end].split())) if end > start else 0

    shared = size(max(a[0], b[0]), min(a[1], b[1]))
    return shared / (size(*a) + size(*b) - shared) if shared else 0.0


def pair(text: str, marked: list[Span], found: list[Span]) -> dict[int, int]:
    """Best pairs of marked and found spans that share half or more, as {marked: found}."""
    near = [(i, j) for i, a in enumerate(marked) for j, b in enumerate(found) if a[0] < b[1] and b[0] < a[1]]
    shares = sorted(((overlap(text, marked[i], found[j]), -i, -j) for i, j in near), reverse=True)
    pairs: dict[int, int] = {}
    for share, i, j in shares:
        if share >= 0.5 and -i not in pairs and -j not in pairs.values():
            pairs[-i] = -j
    return pairs


def head(name: str) -> list[str]:
    """Words of a name's head, lower case: without article, and cut at the first preposition or comma."""
    name = re.sub(r"^(?:the|a|an)\s+", "", name.strip(" \"“”'‘’,."), flags=re.I)
    first = CUT.split(name, maxsplit=1)[0] or name
    words = re.findall(r"[\w&.\-]+(?:['’]\w+)?", first.lower())
    words = [re.sub(r"['’]s?$", "", word).strip(".") for word in words]
    return [word for word in words if word and word not in ("jr", "sr", "ii", "iii", "iv")]


def same_name(marked: str, found: str) -> bool:
    a, b = head(marked), head(found)
    return bool(a and b) and (a[-1] in b or b == a[-1:])


def judge(marked: dict, speaker: str, mention: str) -> tuple[bool, bool]:
    """Whether a speaker is right as said (a pronoun may stay one), and with the pronoun resolved."""
    who, silver = marked["speaker_text"], marked.get("speaker_silver", "")
    if who.lower() in PRONOUNS:
        resolved = bool(silver) and same_name(silver, speaker)
        plain = who.lower() in (speaker.strip().lower(), mention.strip().lower()) or resolved
        return plain, resolved if silver else plain
    last = head(who)[-1:] or [""]
    common = not re.search(r"\b" + re.escape(last[0][:1].upper() + last[0][1:]), who) if last[0] else True
    right = same_name(who, speaker) or (common and same_name(who, mention))
    return right, right


def rows_to_score(text: str, statements: pd.DataFrame, marked: list[Span] | None) -> dict[Span, tuple[str, str]]:
    """Found spans with speaker and mention: the runs among them, or without `marked` the outermost statements."""
    spans: dict[Span, tuple[str, str]] = {}
    quoted = statements[statements.kind != "indirect"]
    own = [trim(text, *span) for span in zip(quoted.start, quoted.end, strict=True)]
    runs = (marked or []) + [run for run in own if not any(a < run[1] and run[0] < b for a, b in marked or [])]
    for row in statements[(statements.speaker != "") | (statements.mention != "")].itertuples():
        span = trim(text, row.start, row.end)
        near = [run for run in runs if run[0] < span[1] and span[0] < run[1]]
        if marked is None or any(a - 1 <= span[0] and span[1] <= b + 1 for a, b in near):
            near = [span]
        for run in near:
            if run[0] < run[1] and 2 * (min(run[1], span[1]) - max(run[0], span[0])) >= run[1] - run[0]:
                spans.setdefault(run, (row.speaker, row.mention))
    if marked is None:
        inner = {b for a in spans for b in spans if a != b and a[0] <= b[0] and b[1] <= a[1]}
        spans = {span: who for span, who in spans.items() if span not in inner}
    return spans


def score_document(document: dict, statements: pd.DataFrame, runs_only: bool) -> Counter:
    """Counts of one document: marked and found statements, those right, names and pronouns by outcome."""
    text, counts = document["text"], Counter()
    items = [(trim(text, q["start"], q["end"]), q) for q in document["marked" if runs_only else "quotes"]]
    items = [(span, q) for span, q in items if span[0] < span[1]]
    must = [(span, q) for span, q in items if runs_only or q["speech"] or q["type"] != "indirect"]
    found = rows_to_score(text, statements, [span for span, _ in items] if runs_only else None)
    spans = list(found)
    pairs = pair(text, [span for span, _ in must], spans)
    rest = [span for j, span in enumerate(spans) if j not in pairs.values()]
    free = [span for span, q in items if not (runs_only or q["speech"] or q["type"] != "indirect")]
    counts["marked"] = sum(bool(q["speaker_text"]) for _, q in must)
    counts["found"] = len(spans) - len(pair(text, free, rest))
    for i, j in pairs.items():
        q = must[i][1]
        if not q["speaker_text"]:
            counts["found"] -= 1
            continue
        said, resolved = judge(q, *found[spans[j]])
        counts["joint"] += said
        counts["resolved"] += resolved
        if q["speaker_text"].lower() not in PRONOUNS:
            counts.update(names=1, names_right=said)
        elif q.get("speaker_silver"):
            counts.update(pronouns=1, pronouns_right=resolved)
    return counts


def f1(right: int, marked: int, found: int) -> float:
    """Harmonic mean of precision and recall, in per cent."""
    return round(200 * right / (marked + found), 1) if marked + found else 0.0


def evaluate(documents: list[dict]) -> dict:
    """The figures of `LABELS` over documents, with their number; times are means of processor time, in milliseconds."""
    runs, whole, parsing, finding = Counter(), Counter(), 0.0, 0.0
    if documents:
        find_statements(parse_article(documents[0]["text"]))  # word lists are read once, and not timed
    for document in documents:
        begin = time.process_time()
        article = parse_article(document["text"])
        middle = time.process_time()
        statements = find_statements(article)
        parsing, finding = parsing + middle - begin, finding + time.process_time() - middle
        runs += score_document(document, statements, runs_only=True)
        whole += score_document(document, statements, runs_only=False)
    n = max(1, len(documents))
    return {
        "joint": f1(runs["joint"], runs["marked"], runs["found"]),
        "joint_resolved": f1(runs["resolved"], runs["marked"], runs["found"]),
        "joint_all": f1(whole["joint"], whole["marked"], whole["found"]),
        "named": round(100 * runs["names_right"] / max(1, runs["names"]), 1),
        "pronouns": round(100 * runs["pronouns_right"] / max(1, runs["pronouns"]), 1),
        "ms": round(1000 * finding / n, 1),
        "ms_with_parsing": round(1000 * (parsing + finding) / n, 1),
        "documents": len(documents),
    }


def score_article(path: Path) -> str:
    """One line on an article with a hand-marked table beside it."""
    article = read_article(path)
    if article.checked is None:
        raise SystemExit(f"{path}: no {path.stem}-statements.csv beside it; mark its statements by hand first")
    results = Counter(compare(find_statements(article), article.checked).result)
    order = ["right", "wrong speaker", "missed", "found only", "borderline"]
    return f"{path.name}: " + ", ".join(f"{results[name]} {name}" for name in order)


def main() -> None:
    parser = argparse.ArgumentParser(description="Score find_statements against statements marked by people.")
    parser.add_argument("gold", nargs="?", type=Path, default=ROOT / "data" / "article.txt")
    parser.add_argument("--json", type=Path, help="also write the figures into this file")
    parser.add_argument("--corpus", default="", help="what the documents are, for the JSON file")
    options = parser.parse_args()
    if not options.gold.exists():
        raise SystemExit(f"{options.gold}: no such file; name a .jsonl file as described in notebooks/newstext/evaluate.py")
    if options.gold.suffix == ".txt":
        print(score_article(options.gold))
        return
    lines = options.gold.read_text(encoding="utf-8").splitlines()
    figures = evaluate([json.loads(line) for line in lines if line.strip()])
    for name, label in LABELS.items():
        print(f"{label:<38}{figures[name]:>7}")
    stamp = {"date": str(date.today()), "version": version()}
    print(f"{stamp['date']}, {figures['documents']} documents, version {stamp['version']} of the rules")
    if options.json:
        about = {"corpus": options.corpus or options.gold.name, "scorer": "notebooks/newstext/evaluate.py", **stamp}
        options.json.write_text(
            json.dumps({**about, "figures": figures, "peers": PEERS}, indent=2) + "\n", encoding="utf-8"
        )


if __name__ == "__main__":
    main()
