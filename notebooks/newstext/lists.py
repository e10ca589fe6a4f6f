"""The ground: where things lie, the one error, word lists and how words are folded."""

import os
import re
from functools import lru_cache
from pathlib import Path

HERE = Path(__file__).parent
ROOT = HERE.parents[1]
DATA = ROOT / "data"
STOP_WORDS = DATA / "stopwords.txt"

# Zero-width, soft-hyphen, direction and control characters: a reader cannot see them, so matching must not either.
HIDDEN = "\u00ad\u061c\u200b-\u200f\u202a-\u202e\u2060-\u206f\ufeff\x00-\x08\x0e-\x1b\x7f-\x84\x86-\x9f"
INVISIBLE = re.compile(f"[{HIDDEN}]")
STRAIGHT = str.maketrans("‘’“”", "''\"\"")  # one character for one: offsets stay


class ArticleError(ValueError):
    """Bad input, in one line: which file, where in it, and what to do."""

    def __init__(self, message: str) -> None:
        super().__init__(INVISIBLE.sub("�", " ".join(message.splitlines())))


def why(error: Exception) -> str:
    """What went wrong, in the words of the system or of the library."""
    return getattr(error, "strerror", None) or getattr(error, "reason", None) or str(error)


def find_path(path: str | Path) -> Path:
    """The path as given; one that does not exist from here is looked for from the project's root, too."""
    path = Path(path)
    return ROOT / path if os.path.exists(ROOT / path) and not os.path.exists(path) else path


def word_rows(name: str) -> list[list[str]]:
    """The rows of a list beside this file, cut at tabs, without comments and blank rows."""
    rows = (HERE / name).read_text(encoding="utf-8").splitlines()
    return [row.split("\t") for row in rows if row and not row.startswith("#")]


def read_stop_words(path: str | Path = STOP_WORDS) -> frozenset[str]:
    """The words of a list file, folded like terms: one a line, `#` begins a comment. Read anew at each call.

    Raises `ArticleError` for a file that cannot be read or is not in UTF-8.
    """
    try:
        lines = find_path(path).read_text(encoding="utf-8-sig").splitlines()
    except (OSError, ValueError) as error:
        raise ArticleError(f"{path}: cannot read the stop list ({why(error)}); name a UTF-8 text file") from None
    return frozenset(fold_possessive(word) for line in lines if (word := line.split("#")[0].strip()))


@lru_cache(100_000)
def fold_possessive(token: str) -> str:
    """The term of a token: lower case, without ’s ("China’s" → "china")."""
    return token.lower().translate(STRAIGHT).removesuffix("'s")
