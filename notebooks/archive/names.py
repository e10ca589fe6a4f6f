"""Names across articles: who may be one person, offered line by line; what the user keeps is applied."""

import tomllib
from collections import defaultdict
from pathlib import Path

import pandas as pd
from newstext import ArticleError

AFTER = {"jr", "sr", "ii", "iii", "iv"}
OFFERED = """# Names that may stand for one person: the same last name; first name equal, an initial or missing.
# Look at each, take the "#" away from those that you trust, and put them into aliases.toml in the folder of articles.
"""


def split_name(name: str) -> tuple[tuple[str, ...], str] | None:
    """Given names and last name, in small letters without stops; nothing for what is no name of a person's form."""
    words = [word.strip(".,").lower() for word in name.split() if word[:1].isupper()]
    words = [word for word in words if word not in AFTER]
    return (tuple(words[:-1]), words[-1]) if words and len(words) <= 4 and len(name.split()) - len(words) <= 1 else None


def may_be_one(one: tuple[str, ...], other: tuple[str, ...]) -> bool:
    """Whether given names agree as far as both are given: equal, or one the other's initial."""
    return all(a == b or (1 in (len(a), len(b)) and a[0] == b[0]) for a, b in zip(one, other))


def find_candidates(speakers: pd.DataFrame) -> pd.DataFrame:
    """Speakers who may be others of the table: `name, stands_for, words, others`, most quoted words first.

    `speakers` has `speaker, words`. A name is offered for the most quoted one
    that its given names agree with and that has as many or more of them, or
    more words; `others` names the rest. Misses other spellings and married
    names; offers a father for a son.
    """
    groups = defaultdict(list)
    for row in speakers.itertuples():
        if name := split_name(row.speaker):
            groups[name[1]].append((row.words, row.speaker, name[0]))
    rows = []
    for group in groups.values():
        group.sort(key=lambda row: (not row[2], -row[0], row[1]))  # whole names first, most quoted first
        for at, (words, name, given) in enumerate(group):
            before = [(other, theirs) for _, other, theirs in group[:at] if may_be_one(given, theirs)]
            if before:
                others = [other for other, theirs in before[1:] if not may_be_one(before[0][1], theirs)]
                rows.append((name, before[0][0], words, ", ".join(others)))
    table = pd.DataFrame(rows, columns=["name", "stands_for", "words", "others"])
    return table.sort_values(["words", "name"], ascending=[False, True], ignore_index=True)


def offer(candidates: pd.DataFrame) -> str:
    """The candidates as lines of TOML, all commented out."""
    lines = [
        f"# {_quoted(row.name)} = {_quoted(row.stands_for)}  # {row.words:,} quoted words"
        + (f"; or {row.others}" if row.others else "")
        for row in candidates.itertuples(index=False)
    ]
    return OFFERED + "\n[aliases]\n" + "".join(f"{line}\n" for line in lines)


def _quoted(name: str) -> str:
    escaped = name.replace("\\", "\\\\").replace('"', '\\"')
    return f'"{escaped}"'


def read_aliases(path: Path) -> dict[str, str]:
    """The names that the user had stand for others, each for the last of its chain; none without the file.

    Raises `ArticleError` for a file that is not such a list, or a ring of names.
    """
    try:
        given = tomllib.loads(path.read_text(encoding="utf-8-sig")).get("aliases", {}) if path.exists() else {}
        if not isinstance(given, dict) or not all(isinstance(name, str) for name in given.values()):
            raise ValueError('below [aliases], lines such as "A. Lee" = "Ann Lee"')
        for name in given:
            seen = {name}
            while given[name] in given:
                if given[name] in seen:
                    raise ValueError(f"{name} stands for itself in the end")
                seen.add(given[name])
                given[name] = given[given[name]]
    except (ValueError, OSError, RecursionError) as error:
        raise ArticleError(f"{path}: no list of aliases ({error}); mend that line or remove the file") from None
    return given
