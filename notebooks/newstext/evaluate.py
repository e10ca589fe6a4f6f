"""Score `find_statements` against statements marked by people; README.md tells the protocol.

usage: python -m newstext.evaluate [GOLD] [--corpus NAME] [--seen HOW] [--json PATH]

GOLD is an article (`.txt` with its `-statements.csv` beside it; without GOLD the shipped one), or a `.jsonl` file, one
document a line: `text`; `quotes`, its statements (start, end, type direct, mixed or indirect, speech: has a reporting
verb, speaker_text: the speaker as named there or "", speaker_silver: whom a pronoun means, where known); `marked`, its
quotation-mark runs that belong to a statement (the same, with kind in place of type).
"""

import argparse
import json
import random
import re
import time
from datetime import date
from functools import partial
from hashlib import sha256
from pathlib import Path

import numpy as np
import pandas as pd

from newstext.article import parse_article, read_article
from newstext.checked import best_pairs, compare
from newstext.files import DATA, HERE
from newstext.runs import find_runs
from newstext.statements import find_statements

SOURCES = sorted({*HERE.glob("*.py"), *HERE.glob("*.tsv"), *HERE.glob("*.txt")} - {HERE / "evaluate.py"})
PRONOUNS = frozenset("he she they it we i you who him her his their them its one".split())  # noqa: SIM905
EDGE = " \t\r\n\"“”‘’',.;:"
CUTS = "of|to|for|in|from|at|on|who|whose|that|which|with|by|and|via|during|when|after|as"
CUT = re.compile(rf"\s*(?:,|\(|—|–| - |\b(?:{CUTS})\b)", re.I)
LABELS = {
    "joint": "joint F1, quoted runs",
    "joint_resolved": "… with pronouns resolved",
    "joint_all": "joint F1, all statements",
    "named": "named speaker right, quoted runs, %",
    "pronouns": "pronoun given the right name, %",
}
DRAWS = 2000
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
    """Which part of the non-space characters that two spans cover together they share."""
    spans = a, b, (max(a[0], b[0]), max(0, min(a[1], b[1])))
    first, second, shared = (len("".join(text[start:end].split())) for start, end in spans)
    return shared / (first + second - shared) if shared else 0.0


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


def spans_to_score(text: str, statements: pd.DataFrame, quoted: bool) -> dict[Span, tuple[str, str]]:
    """Found spans with speaker and mention: the runs half of which a row covers, or the outermost statements."""
    lines = re.finditer(r"[^\r\n]+", text) if quoted else []
    runs, spans = [run for line in lines for run in find_runs(line[0], line.start())], {}
    for row in statements[(statements.speaker != "") | (statements.mention != "")].itertuples():
        half = [r[:2] for r in runs if 2 * (min(r.last, row.end) - max(r.first, row.start)) >= r.last - r.first]
        for place in half if quoted else [(row.start, row.end)]:
            spans.setdefault(trim(text, *place), (row.speaker, row.mention))
    inner = {b for a in spans for b in spans if a != b and a[0] <= b[0] and b[1] <= a[1]}
    return {span: who for span, who in spans.items() if span[0] < span[1] and (quoted or span not in inner)}


def score_layer(document: dict, statements: pd.DataFrame, quoted: bool) -> np.ndarray:
    """Of one document, for F1, F1 with pronouns resolved, names and pronouns: how many are right, of how many."""
    text, counts, must, free = document["text"], np.zeros((4, 2)), [], []
    for q in document["marked" if quoted else "quotes"]:
        span = trim(text, q["start"], q["end"])
        if span[0] < span[1]:
            (must if quoted or q["speech"] or q["type"] != "indirect" else free).append((span, q))
    found = spans_to_score(text, statements[statements.kind != "indirect"] if quoted else statements, quoted)
    spans, share = [*found], partial(overlap, text)
    pairs = best_pairs([span for span, _ in must], spans, share)
    rest = [span for j, span in enumerate(spans) if j not in pairs.values()]
    believed, unnamed = best_pairs([span for span, _ in free], rest, share), 0
    for i, j in pairs.items():
        if not (who := must[i][1]["speaker_text"]):
            unnamed += 1
            continue
        said, resolved = judge(must[i][1], *found[spans[j]])
        counts[:2, 0] += 2 * said, 2 * resolved
        if who.lower() not in PRONOUNS:
            counts[2] += said, 1
        elif must[i][1].get("speaker_silver"):
            counts[3] += resolved, 1
    counts[:2, 1] = sum(bool(q["speaker_text"]) for _, q in must) + len(spans) - len(believed) - unnamed
    return counts


def figures(counts: np.ndarray) -> np.ndarray:
    """How many are right, in per cent; 0 where nothing is marked or found."""
    return 100 * counts[..., 0] / np.maximum(counts[..., 1], 1)


def evaluate(documents: list[dict]) -> dict:
    """Figures with 95 % bootstrap intervals by document, documents, and processor time for each one's statements."""
    rows, spent, chance = [], 0.0, random.Random(1)
    for document in documents:
        article, begin = parse_article(document["text"]), time.process_time()
        statements = find_statements(article)
        spent += time.process_time() - begin
        runs, wholes = (score_layer(document, statements, quoted) for quoted in (True, False))
        rows.append([*runs[:2], wholes[0], *runs[2:]])
    counts, drawn = np.array(rows), [chance.choices(range(len(rows)), k=len(rows)) for _ in range(DRAWS)]
    ranked = np.sort(figures(counts[np.array(drawn)].sum(axis=1)), axis=0)[[DRAWS // 40, -DRAWS // 40]]
    total, intervals = figures(counts.sum(axis=0)).round(1).tolist(), ranked.T.round(1).tolist()
    told = {"figures": dict(zip(LABELS, total)), "intervals": dict(zip(LABELS, intervals))}
    return {"documents": len(rows), **told, "ms": round(1000 * spent / len(rows), 1)}


def main() -> None:
    parser = argparse.ArgumentParser(description="Score find_statements against statements marked by people.")
    parser.add_argument("gold", nargs="?", type=Path, default=DATA / "article.txt")
    parser.add_argument("--corpus", default="", help="what the documents are, for the JSON file")
    parser.add_argument("--seen", default="not told", help="whether the rules had seen them, for the JSON file")
    parser.add_argument("--json", type=Path, help="also write the figures into this file; what else it tells stays")
    options = parser.parse_args()
    if not options.gold.exists() or not options.gold.stat().st_size:
        parser.error(f"{options.gold}: no such file, or empty; name a .jsonl file in the form that evaluate.py tells")
    if options.gold.suffix == ".txt":
        article = read_article(options.gold)
        if article.checked is None:
            parser.error(f"{options.gold}: mark its statements by hand first, in {options.gold.stem}-statements.csv")
        return print(compare(find_statements(article), article.checked).result.value_counts().to_string())
    lines = options.gold.read_text(encoding="utf-8").split("\n")
    result = evaluate([json.loads(line) for line in lines if line.strip()])
    for name, label in LABELS.items():
        print(f"{label:<38}{result['figures'][name]:>6}  {result['intervals'][name]}")
    print(f"{result['documents']} documents, {result['ms']} ms each; version {version()} of the rules")
    if path := options.json:
        told = json.loads(path.read_text(encoding="utf-8")) if path.exists() else {}  # its peers
        told |= {"corpus": options.corpus or options.gold.name, "seen": options.seen, "date": str(date.today())}
        told |= {"version": version(), "scorer": "newstext.evaluate", **result}
        path.write_text(json.dumps(told, indent=2, ensure_ascii=False) + "\n", encoding="utf-8")


if __name__ == "__main__":
    main()
