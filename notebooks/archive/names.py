"""Names across articles: who may be one person, offered line by line; what the user keeps is applied."""

import tomllib
from collections import defaultdict
from pathlib import Path

import pandas as pd
from newstext import ArticleError

AFTER = {"jr", "sr", "ii", "iii", "iv"}
OFFERED = """# Names that may stand for one person: the same last name; first name equal, an initial or missing.
# Look at each, take the "#" away from those that you trust, and put them into aliases.toml in the folder of articles.

[aliases]
"""


def split_name(name: str) -> tuple[list[str], str] | None:
    """Given names and last name, in small letters without stops; nothing for what is no name of a person's form."""
    words = [word.strip(".,").lower() for word in name.split() if word[:1].isupper()]
    words = [word for word in words if word not in AFTER]
    return (words[:-1], words[-1]) if 0 < len(words) <= 4 and len(name.split()) - len(words) <= 1 else None


def may_be_one(one: list[str], other: list[str]) -> bool:
    """Whether given names agree as far as both are given: equal, or one the other's initial."""
    return all(a == b or (1 in (len(a), len(b)) and a[0] == b[0]) for a, b in zip(one, other))


def find_candidates(speakers: pd.DataFrame) -> pd.DataFrame:
    """Speakers who may be others of the table (`speaker, words`): `name, stands_for, words, others`, most quoted words
    first. A name is offered for the most quoted one with a given name that agrees with its own; `others` names the
    rest. Misses other spellings and married names; offers a father for a son."""
    groups, rows = defaultdict(list), []
    for speaker, words in zip(speakers.speaker, speakers.words):
        if name := split_name(speaker):
            groups[name[1]].append((not name[0], -words, speaker, name[0]))  # whole names first, most quoted first
    for group in map(sorted, groups.values()):
        for at, (_, words, name, given) in enumerate(group):
            first, *rest = [one[2:] for one in group[:at] if may_be_one(given, one[3])] or [None]
            if first:
                others = [other for other, theirs in rest if not may_be_one(first[1], theirs)]
                rows.append((name, first[0], -words, ", ".join(others)))
    table = pd.DataFrame(rows, columns=["name", "stands_for", "words", "others"])
    return table.sort_values(["words", "name"], ascending=[False, True], ignore_index=True)


def offer(candidates: pd.DataFrame) -> str:
    """The candidates as lines of TOML, all commented out."""
    names = candidates[["name", "stands_for"]].replace(r'([\\"])', r"\\\1", regex=True)
    lines = zip(names.name, names.stands_for, candidates.words, candidates.others)
    lines = [f'# "{a}" = "{b}"  # {n:,} quoted words{f"; or {rest}" * bool(rest)}\n' for a, b, n, rest in lines]
    return OFFERED + "".join(lines)


def read_aliases(path: Path) -> dict[str, str]:
    """The names that the user had stand for others, each for the last of its chain; none without the file. Raises
    `ArticleError` for a file that is not such a list, or a ring of names."""
    try:
        given = tomllib.loads(path.read_text(encoding="utf-8-sig")).get("aliases", {}) if path.exists() else {}
        if not isinstance(given, dict) or not all(isinstance(name, str) for name in given.values()):
            raise ValueError('below [aliases], lines such as "A. Lee" = "Ann Lee"')
        for _ in range(len(given).bit_length()):  # a pass doubles how far each name has gone
            given = {name: given.get(other, other) for name, other in given.items()}
        if ring := [name for name, other in given.items() if other in given]:
            raise ValueError(f"{ring[0]} stands for itself in the end")
    except (ValueError, OSError, RecursionError) as error:
        raise ArticleError(f"{path}: no list of aliases ({error}); mend that line or remove the file") from None
    return given
