"""The rules of `grammar.tsv` as patterns over a sentence's tags, one letter a word."""

import re

from newstext.article import ArticleError, word_rows

LETTERS = {name: tag for tag, name, *_ in word_rows("word_classes.tsv")}
PART = re.compile(r"\(\?P<\w+>|\(\?<?[=!]|\(|\{[a-z ]+\}|[a-z]+")


def read_grammar(rows: list[list[str]]) -> dict[str, re.Pattern]:
    """Each rule by its name; raises `ArticleError`, naming the row, for a class or an earlier rule that is unknown."""
    patterns: dict[str, str] = {}
    for name, pattern, _ in rows:

        def letters(part: re.Match) -> str:
            word = part[0].strip("{}")
            if part[0].startswith("("):
                return "(?:" if part[0] == "(" else part[0]
            if word not in (known := patterns if part[0][0] == "{" else LETTERS):
                raise ArticleError(f"grammar.tsv, {name!r}: no {part[0]!r}; it has {', '.join(sorted(known))}")
            return known[word] if known is patterns else re.escape(known[word])

        patterns[name] = PART.sub(letters, pattern).replace(" ", "")
    return {name: re.compile(pattern) for name, pattern in patterns.items()}


GRAMMAR = read_grammar(word_rows("grammar.tsv"))
