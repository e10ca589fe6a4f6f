"""Invented articles for tests, bench and notebook 06: the same for the same number, whatever else is made.

usage: python tests/archive/invented.py FOLDER ARTICLES
"""

import json
import random
import sys
from datetime import date, timedelta
from pathlib import Path

OFFICES = ["mayor of Westhaven", "head of the harbour board", "spokesman for the rail union", "analyst at Northbank"]
PLACES = ["Westhaven", "Eastmoor", "Port Alder", "Kings Ferry", "Lower Brook", "St. Orrin"]
NOUNS = ["harbour", "bridge", "budget", "school", "strike", "ferry", "council", "market", "storm", "bank", "vote"]
NOUNS += ["road", "river", "plan", "union", "tax"]
VERBS = ["backed", "delayed", "opened", "closed", "funded", "attacked", "praised", "reviewed", "ended", "approved"]
GOOD, BAD = ["popular", "modest", "generous", "safe", "new"], ["costly", "dangerous", "secret", "weak", "failing"]
HEADINGS = ["What comes next", "Costs and doubts", "A longer history"]
NOISE = ["Story continues below advertisement", "Sponsored content"]
OUTLETS = {  # how many of ten articles, whom it likes to quote, what it writes about
    "Westhaven Courier": (5, ["Ann Holt", "Brian Carver", "Carol Ingram"], ["harbour", "ferry", "strike", "union"]),
    "Eastmoor Post": (3, ["David Fenwick", "Ann Holt", "Emma Barlow"], ["council", "budget", "tax", "vote"]),
    "The Port Alder Times": (2, ["Frank Dunmore", "Grace Ellery", "Carol Ingram"], ["market", "bank", "storm", "road"]),
}
EVERYBODY = sorted({person for _, people, _ in OUTLETS.values() for person in people})


def invented(number: int, count: int) -> dict[str, str]:
    """One of `count` articles of a year, `id, date, publisher, text`: headline, two sections, some 300 words. Each
    outlet has people it likes to quote and things it writes about; from July on the tone is darker."""
    pick = random.Random(f"1-{number}")
    outlet = pick.choices([*OUTLETS], [share for share, *_ in OUTLETS.values()])[0]
    _, own, nouns = OUTLETS[outlet]
    day = date(2031, 1, 1) + timedelta(days=number * 365 // count)
    people = list(dict.fromkeys([*pick.sample(own, 2), *pick.sample(EVERYBODY, 2)]))[:3]
    if pick.random() < 0.15:
        people[0] = _initial(people[0])
    words = nouns * 2 + NOUNS, GOOD + BAD * (1 + (day.month > 6)) + ["new", "costly"]
    blocks = [_clause(pick, *words)]
    for part in range(2):
        blocks += [HEADINGS[pick.randrange(len(HEADINGS))]] * part
        for person in people:
            clauses = [f"{_clause(pick, *words)} and {_clause(pick, *words)}." for _ in range(pick.randint(1, 3))]
            blocks += [" ".join(map(_opened, clauses)), _quotation(pick, person, *words)]
            blocks += pick.choices([[], NOISE[:1], NOISE[1:]], [8, 1, 1])[0]
    known = {"id": f"a{number:05}", "date": day.isoformat(), "publisher": outlet}
    lost = outlet == "The Port Alder Times" and pick.random() < 0.08  # of the smallest, now and then the text
    return known | {"text": "" if lost else "\n\n".join(map(_opened, blocks)) + "\n"}


def _thing(pick: random.Random, nouns: list[str], kinds: list[str]) -> str:
    """A noun with its adjective; the first nouns of the list come most, as words do in a language."""
    noun = nouns[min(int(pick.expovariate(0.25)), len(nouns) - 1)]
    return f"the {pick.choice(kinds)} {noun}"


def _clause(pick: random.Random, *words: list[str]) -> str:
    return f"{_thing(pick, *words)} in {pick.choice(PLACES)} {pick.choice(VERBS)} {_thing(pick, *words)}"


def _opened(text: str) -> str:
    return text[0].upper() + text[1:]


def _initial(name: str) -> str:
    return f"{name[0]}. {name.split()[-1]}"


def _quotation(pick: random.Random, person: str, *words: list[str]) -> str:
    office, said = pick.choice(OFFICES), _clause(pick, *words)
    return pick.choice([
        f"“{_opened(said)},” said {person}, {office}. “We will not wait.”",
        f"{person}, {office}, said that {said}.",
        f"“It is {said},” {person.split()[-1]} said on Monday.",
        f"{person} called it “{_thing(pick, *words)}” and said more would follow.",
    ])  # fmt: skip


def write_lines(path: Path, count: int) -> None:
    """Articles as lines of JSON."""
    path.parent.mkdir(parents=True, exist_ok=True)
    with path.open("w", encoding="utf-8") as file:
        file.writelines(json.dumps(invented(number, count)) + "\n" for number in range(count))


if __name__ == "__main__":
    write_lines(Path(sys.argv[1]) / "coverage.jsonl", int(sys.argv[2]))
    aliases = [f'"{short}" = "{name}"\n' for name in EVERYBODY for short in (_initial(name), name.split()[-1])]
    Path(sys.argv[1], "aliases.toml").write_text("[aliases]\n" + "".join(aliases), encoding="utf-8")
