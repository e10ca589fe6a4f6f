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
from collections import Counter
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
COUNTS = [f"{layer}{name}" for layer in ("", "all ") for name in ["marked", "found", "joint", "resolved"]]
COUNTS += ["names", "names_right", "pronouns", "pronouns_right"]  # of the quoted runs
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
    text, counts, must, free = document["text"], Counter(), [], []
    for q in document["marked" if quoted else "quotes"]:
        span = trim(text, q["start"], q["end"])
        if span[0] < span[1]:
            (must if quoted or q["speech"] or q["type"] != "indirect" else free).append((span, q))
    found = rows_to_score(text, statements[statements.kind != "indirect"] if quoted else statements, quoted)
    spans = list(found)
    share = partial(overlap, text)
    pairs = best_pairs([span for span, _ in must], spans, share)
    rest = [span for j, span in enumerate(spans) if j not in pairs.values()]
    counts["marked"] = sum(bool(q["speaker_text"]) for _, q in must)
    counts["found"] = len(spans) - len(best_pairs([span for span, _ in free], rest, share))
    for i, j in pairs.items():
        if not (who := must[i][1]["speaker_text"]):
            counts["found"] -= 1
            continue
        said, resolved = judge(must[i][1], *found[spans[j]])
        counts.update(joint=said, resolved=resolved)
        if who.lower() not in PRONOUNS:
            counts.update(names=1, names_right=said)
        elif must[i][1].get("speaker_silver"):
            counts.update(pronouns=1, pronouns_right=resolved)
    return counts


def figures(counts: pd.DataFrame) -> pd.DataFrame:
    """The figures of `LABELS`, in per cent, of each row of counts; 0 where nothing is marked or found."""
    size, whole = counts["marked"] + counts["found"], counts["all marked"] + counts["all found"]
    right = [2 * counts["joint"], 2 * counts["resolved"], 2 * counts["all joint"], counts["names_right"]]
    shares = zip(LABELS, [*right, counts["pronouns_right"]], [size, size, whole, counts["names"], counts["pronouns"]])
    return pd.DataFrame({name: 100 * right / of for name, right, of in shares}).fillna(0)


def intervals(counts: pd.DataFrame) -> dict[str, list[float]]:
    """95 % bootstrap intervals of the figures: articles drawn with replacement, by a fixed seed."""
    chance, articles = random.Random(1), range(len(counts))
    drawn = np.array([chance.choices(articles, k=len(counts)) for _ in range(DRAWS)])
    ranked = np.sort(figures(pd.DataFrame(counts.to_numpy()[drawn].sum(axis=1), columns=counts.columns)), axis=0)
    return dict(zip(LABELS, ranked[[DRAWS // 40, -DRAWS // 40]].T.round(1).tolist()))


def evaluate(documents: list[dict]) -> dict:
    """Figures and intervals, the number of documents, and processor time an article for statements alone."""
    rows, spent = [], 0.0
    for document in documents:
        article, begin = parse_article(document["text"]), time.process_time()
        statements = find_statements(article)
        spent += time.process_time() - begin
        whole = score_layer(document, statements, quoted=False)
        rows.append(score_layer(document, statements, quoted=True) | {f"all {name}": n for name, n in whole.items()})
    counts = pd.DataFrame(rows, columns=COUNTS, dtype=float).fillna(0)
    total = figures(counts.sum().to_frame().T).iloc[0].round(1).to_dict()
    ms = round(1000 * spent / max(1, len(rows)), 1)
    return {"documents": len(rows), "figures": total, "intervals": intervals(counts) if rows else {}, "ms": ms}


def main() -> None:
    parser = argparse.ArgumentParser(description="Score find_statements against statements marked by people.")
    parser.add_argument("gold", nargs="?", type=Path, default=DATA / "article.txt")
    parser.add_argument("--corpus", default="", help="what the documents are, for the JSON file")
    parser.add_argument("--seen", default="not told", help="whether the rules had seen them, for the JSON file")
    parser.add_argument("--json", type=Path, help="also write the figures into this file; what else it tells stays")
    options = parser.parse_args()
    if not options.gold.exists():
        parser.error(f"{options.gold}: no such file; name a .jsonl file in the form that evaluate.py tells")
    if options.gold.suffix == ".txt":
        article = read_article(options.gold)
        if article.checked is None:
            parser.error(f"{options.gold}: mark its statements by hand first, in {options.gold.stem}-statements.csv")
        return print(compare(find_statements(article), article.checked).result.value_counts().to_string())
    lines = options.gold.read_text(encoding="utf-8").splitlines()
    result = evaluate([json.loads(line) for line in lines if line.strip()])
    for name, label in LABELS.items():
        print(f"{label:<38}{result['figures'][name]:>6}  {result['intervals'].get(name, '')}")
    print(f"{result['documents']} documents, {result['ms']} ms each; version {version()} of the rules")
    if path := options.json:
        told = json.loads(path.read_text(encoding="utf-8")) if path.exists() else {}  # its peers
        told |= {"corpus": options.corpus or options.gold.name, "seen": options.seen, "date": str(date.today())}
        told |= {"version": version(), "scorer": "newstext.evaluate", **result}
        path.write_text(json.dumps(told, indent=2, ensure_ascii=False) + "\n", encoding="utf-8")


if __name__ == "__main__":
    main()
