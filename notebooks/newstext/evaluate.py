"""Score `find_statements` against statements marked by people.

usage: python -m newstext.evaluate [GOLD] [--corpus NAME] [--seen HOW] [--json PATH]

GOLD is an article (`.txt` with its `-statements.csv` beside it; without GOLD the shipped one), or a `.jsonl` file, one
document a line: `text`; `quotes`, its statements (start, end, type direct, mixed or indirect, speech: has a reporting
verb, speaker_text: the speaker as named there or "", speaker_silver: whom a pronoun means, where known); `marked`, its
quotation-mark runs that belong to a statement (the same, with kind in place of type). One protocol for all figures:

- A found and a marked span, without marks, spaces and punctuation at the ends, match when they share half of the
  non-space characters they cover together; best pairs first. Rows that name nobody are left out.
- Quoted runs: found rows that are not indirect against `marked`; a row with words outside quotation marks counts as
  its runs. All statements: all found rows against `quotes` that are not indirect or have a reporting verb; a row that
  only meets another marked one, or lies inside another row, is set aside.
- A name is right when the last word of the marked name's head ("Josh Earnest" in "spokesman Josh Earnest, who …") is
  in the found one's head; a common noun may also be met by the mention; a pronoun is right as the same pronoun or as
  the name it means, "with pronouns resolved" only as that name, where known.
- joint F1: span and speaker right, of statements marked with a speaker. Intervals: 95 %, articles drawn 2,000 times.
"""

import argparse
import json
import random
import re
import time
from collections import Counter
from datetime import date
from hashlib import sha256
from pathlib import Path

import pandas as pd

from newstext.article import parse_article, read_article
from newstext.checked import best_pairs, compare
from newstext.lists import HERE
from newstext.runs import find_runs
from newstext.statements import find_statements

ROOT = HERE.parents[1]
SOURCES = sorted({*HERE.glob("*.py"), *HERE.glob("*.tsv"), *HERE.glob("*.txt")} - {HERE / "evaluate.py"})
PRONOUNS = frozenset("he she they it we i you who him her his their them its one".split())  # noqa: SIM905
EDGE = " \t\r\n\"“”‘’',.;:"
CUTS = "of|to|for|in|from|at|on|who|whose|that|which|with|by|and|via|during|when|after|as"
CUT = re.compile(rf"\s*(?:,|\(|—|–| - |\b(?:{CUTS})\b)", re.I)
PEERS = {  # the same protocol on PolNeAR's development split, spaCy's medium model where needed
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
}
Span = tuple[int, int]


def version() -> str:
    """First 12 digits of the sha256 over the modules and word lists that find statements."""
    return sha256(b"".join(path.read_bytes() for path in SOURCES)).hexdigest()[:12]


def trim(text: str, start: int, end: int) -> Span:
    """A span without marks, spaces and punctuation at its ends."""
    inner = text[start:end].strip(EDGE)
    at = text.find(inner, start) if inner else start
    return at, at + len(inner)


def overlap(text: str, a: Span, b: Span) -> float:
    """Shared part of two spans: intersection over union of their non-space characters."""
    both = max(a[0], b[0]), max(0, min(a[1], b[1]))
    first, second, shared = (len("".join(text[i:j].split())) for i, j in (a, b, both))
    return shared / (first + second - shared) if shared else 0.0


def pair(text: str, marked: list[Span], found: list[Span]) -> dict[int, int]:
    """Best pairs of marked and found spans that share half or more, as {marked: found}."""
    near = [(i, j) for i, a in enumerate(marked) for j, b in enumerate(found) if a[0] < b[1] and b[0] < a[1]]
    return best_pairs([(overlap(text, marked[i], found[j]), i, j) for i, j in near])


def head(name: str) -> list[str]:
    """Words of a name's head, lower case: without article, and cut at the first preposition or comma."""
    name = re.sub(r"^(?:the|a|an)\s+", "", name.strip(" \"“”'‘’,."), flags=re.I)
    words = re.findall(r"[\w&.\-]+(?:['’]\w+)?", (CUT.split(name, maxsplit=1)[0] or name).lower())
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
    last = (head(who) or [""])[-1]
    proper = last and re.search(r"\b" + re.escape(last[:1].upper() + last[1:]), who)
    right = same_name(who, speaker) or (not proper and same_name(who, mention))
    return right, right


def rows_to_score(text: str, statements: pd.DataFrame, quoted: bool) -> dict[Span, tuple[str, str]]:
    """Found spans with speaker and mention: quoted runs, or the outermost statements."""
    spans: dict[Span, tuple[str, str]] = {}
    lines = re.finditer(r"[^\r\n]+", text) if quoted else []
    runs = [run for line in lines for run in find_runs(line[0], line.start())]
    for row in statements[(statements.speaker != "") | (statements.mention != "")].itertuples():
        span = trim(text, row.start, row.end)
        near = [run for run in runs if run.first < span[1] and span[0] < run.last]
        whole = not quoted or any(run.first - 1 <= span[0] and span[1] <= run.last + 1 for run in near)
        half = [r for r in near if 2 * (min(r.last, row.end) - max(r.first, row.start)) >= r.last - r.first]
        for place in [span] if whole else [trim(text, run.first, run.last) for run in half]:
            spans.setdefault(place, (row.speaker, row.mention))
    inner = {b for a in spans for b in spans if a != b and a[0] <= b[0] and b[1] <= a[1]} if not quoted else set()
    return {span: who for span, who in spans.items() if span not in inner and span[0] < span[1]}


def score_layer(document: dict, statements: pd.DataFrame, quoted: bool) -> Counter:
    """Counts of one document: marked and found statements, those right, names and pronouns by outcome."""
    text, counts = document["text"], Counter()
    items = [(trim(text, q["start"], q["end"]), q) for q in document["marked" if quoted else "quotes"]]
    items = [(span, q, quoted or q["speech"] or q["type"] != "indirect") for span, q in items if span[0] < span[1]]
    must = [(span, q) for span, q, counted in items if counted]
    free = [span for span, _, counted in items if not counted]
    found = rows_to_score(text, statements[statements.kind != "indirect"] if quoted else statements, quoted)
    spans = list(found)
    pairs = pair(text, [span for span, _ in must], spans)
    rest = [span for j, span in enumerate(spans) if j not in pairs.values()]
    counts["marked"] = sum(bool(q["speaker_text"]) for _, q in must)
    counts["found"] = len(spans) - len(pair(text, free, rest))
    for i, j in pairs.items():
        q = must[i][1]
        if not q["speaker_text"]:
            counts["found"] -= 1
            continue
        said, resolved = judge(q, *found[spans[j]])
        counts.update(joint=said, resolved=resolved)
        if q["speaker_text"].lower() not in PRONOUNS:
            counts.update(names=1, names_right=said)
        elif q.get("speaker_silver"):
            counts.update(pronouns=1, pronouns_right=resolved)
    return counts


def score_document(document: dict, statements: pd.DataFrame) -> Counter:
    """The counts of both layers; those of all statements begin with "all "."""
    whole = score_layer(document, statements, quoted=False)
    return score_layer(document, statements, quoted=True) + Counter({f"all {name}": n for name, n in whole.items()})


def figures(counts: list[Counter]) -> dict[str, float]:
    """The figures of `LABELS`, in per cent, over the counts of documents."""
    total = sum(counts, Counter())
    size, whole = total["marked"] + total["found"], total["all marked"] + total["all found"]
    right = [2 * total["joint"], 2 * total["resolved"], 2 * total["all joint"], total["names_right"]]
    shares = zip(LABELS, [*right, total["pronouns_right"]], [size, size, whole, total["names"], total["pronouns"]])
    return {name: 100 * right / of if of else 0.0 for name, right, of in shares}


def intervals(counts: list[Counter], draws: int = 2000) -> dict[str, list[float]]:
    """95 % bootstrap intervals of the figures: articles drawn with replacement, by a fixed seed."""
    chance = random.Random(1)
    drawn = [figures(chance.choices(counts, k=len(counts))) for _ in range(draws if counts else 0)]
    ranked = {name: sorted(row[name] for row in drawn) for name in LABELS}
    ends = {name: (row[len(row) // 40], row[-len(row) // 40]) for name, row in ranked.items() if row}
    return {name: [round(low, 1), round(high, 1)] for name, (low, high) in ends.items()}


def evaluate(documents: list[dict]) -> dict:
    """Figures and intervals, the number of documents, and processor time an article for statements alone."""
    counts, spent = [], 0.0
    for document in documents:
        article, begin = parse_article(document["text"]), time.process_time()
        statements = find_statements(article)
        spent += time.process_time() - begin
        counts.append(score_document(document, statements))
    rounded = {name: round(value, 1) for name, value in figures(counts).items()}
    ms = round(1000 * spent / max(1, len(counts)), 1)
    return {"documents": len(counts), "figures": rounded, "intervals": intervals(counts), "ms": ms}


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
    parser.add_argument("--corpus", default="", help="what the documents are, for the JSON file")
    parser.add_argument("--seen", default="not told", help="whether the rules had seen them, for the JSON file")
    parser.add_argument("--json", type=Path, help="also write the figures into this file")
    options = parser.parse_args()
    if not options.gold.exists():
        raise SystemExit(f"{options.gold}: no such file; name a .jsonl file in the form that evaluate.py tells")
    if options.gold.suffix == ".txt":
        return print(score_article(options.gold))
    lines = options.gold.read_text(encoding="utf-8").splitlines()
    result = evaluate([json.loads(line) for line in lines if line.strip()])
    for name, label in LABELS.items():
        low, high = result["intervals"].get(name, [0.0, 0.0])
        print(f"{label:<38}{result['figures'][name]:>6}  [{low}, {high}]")
    print(f"{result['documents']} documents, {result['ms']} ms each; version {version()} of the rules")
    if options.json:
        about = {"corpus": options.corpus or options.gold.name, "seen": options.seen, "date": str(date.today())}
        told = {**about, "version": version(), "scorer": "newstext.evaluate", **result, "peers": PEERS}
        options.json.write_text(json.dumps(told, indent=2, ensure_ascii=False) + "\n", encoding="utf-8")


if __name__ == "__main__":
    main()
