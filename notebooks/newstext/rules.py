"""The rules of `grammar.tsv` as patterns over a sentence's tags, one letter a word."""

import re

from newstext.article import ArticleError, word_rows

LETTERS = {name: re.escape(tag) for tag, name, *_ in word_rows("word_classes.tsv")}
PART = re.compile(r"(\(\?P<\w+>|\(\?<?[=!]|\(|\{[a-z ]+\}|[a-z]+)")


def read_grammar(rows: list[list[str]]) -> dict[str, re.Pattern]:
    """Each rule by its name; raises `ArticleError`, naming the row, for a class or an earlier rule that is unknown."""
    patterns: dict[str, str] = {}
    for name, pattern, _ in rows:
        patterns[name] = "".join(_compiled(name, part, patterns) for part in PART.split(pattern)).replace(" ", "")
    return {name: re.compile(pattern) for name, pattern in patterns.items()}


def _compiled(name: str, part: str, patterns: dict[str, str]) -> str:
    """A part of a pattern: a class as its letter, an earlier rule as its pattern, "(" as a group that keeps nothing."""
    if part.startswith("(") or not PART.fullmatch(part):
        return "(?:" if part == "(" else part
    known = patterns if part[0] == "{" else LETTERS
    if (word := part.strip("{}")) not in known:
        raise ArticleError(f"grammar.tsv, {name!r}: no {part!r}; it has {', '.join(sorted(known))}")
    return known[word]


GRAMMAR = read_grammar(word_rows("grammar.tsv"))
