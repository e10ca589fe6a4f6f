"""Quotation runs: the stretches of a paragraph that stand in quotation marks."""

import re
from bisect import bisect_right
from collections import namedtuple

Run = namedtuple("Run", "first last start end flag")  # first, last with the marks; flag "", "unclosed" or "nested"
DOUBLE = re.compile(r"[\"“”«»„「」『』]|''|``")
CLOSES = {'"': '"”', "“": '”"“', "„": "“”", "''": "''", "``": "''", "「": "」", "『": "』", "«": "»", "»": "«"}
EITHER = {'"', "“", "''", "«", "»"}  # marks that open or close, by what stands around them (“ as a slip)
SINGLE = re.compile(r"(?<![\w’'.,])[‘'](?=[^\s'’\d])(?!(?:em|n|til)\b)")
SINGLE_END = re.compile(r"(?<=\S)['’](?!\w)")
PLURAL = re.compile(r"s['’] \w")


def find_runs(text: str, offset: int = 0) -> list[Run]:
    """Quotation runs of one paragraph, in order, none inside another; `offset` is where the paragraph begins.

    Double marks pair up and nest; a run never closed ends before the next one; single marks count where no double run
    is; a run needs a letter or digit. Misses: straight marks with a space inside; single marks around double ones.
    """
    found, stack = [], []
    for mark in DOUBLE.finditer(text):
        i, j, kind = mark.start(), mark.end(), mark[0]
        apart = i == 0 or not (text[i - 1].isalnum() or text[i - 1] in ",.?!…’'")
        opens = apart and not text[j : j + 1].isspace() and j < len(text)
        if stack and kind in CLOSES[stack[-1][2]] and not (opens and kind in EITHER):
            first, start, _ = stack.pop()
            found.append(Run(first, j, start, i, ""))
        elif opens if kind in EITHER - {"“"} else kind in CLOSES:
            stack.append((i, j, kind))
    found += [Run(first, len(text), start, len(text), "unclosed") for first, start, _ in stack]
    runs = _outermost(text, sorted(found))
    edges = [0, *(edge for run in runs for edge in run[:2]), len(text)]
    for a, b in zip(edges[::2], edges[1::2]):
        runs += _single_runs(text[a:b], a)
    runs = [run for run in sorted(runs) if any(map(str.isalnum, text[run.start : run.end]))]
    return [Run(*(place + offset for place in run[:4]), run.flag) for run in runs]


def _outermost(text: str, found: list[Run]) -> list[Run]:
    """The runs that lie in no other; an unclosed one ends before the next."""
    runs: list[Run] = []
    for run in [*found, Run(len(text), 0, 0, 0, "")]:
        if runs and runs[-1].flag == "unclosed":
            end = runs[-1].start + len(text[runs[-1].start : run.first].rstrip())
            runs[-1] = runs[-1]._replace(last=end, end=end)
        if runs and run.first < runs[-1].last:
            runs[-1] = runs[-1]._replace(flag="nested")
        else:
            runs.append(run)
    return runs[:-1]


def _single_runs(text: str, at: int) -> list[Run]:
    """Runs in single marks; a plural's apostrophe (states’) closes none where another mark closes before the next."""
    closers = [mark.start() for mark in SINGLE_END.finditer(text)]
    openers = [mark.start() for mark in SINGLE.finditer(text)] if closers else []
    runs, free = [], 0
    for i, after in zip(openers, [*openers[1:], len(text)]):
        k = bisect_right(closers, i + 1)
        if i < free or k == len(closers):
            continue
        while k + 1 < len(closers) and closers[k + 1] < after and PLURAL.match(text, closers[k] - 1):
            k += 1
        free = closers[k] + 1
        runs.append(Run(at + i, at + free, at + i + 1, at + free - 1, ""))
    return runs
