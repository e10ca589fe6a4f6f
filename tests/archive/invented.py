"""Invented articles for tests, bench and notebook 06: the same for the same seed and number, whatever else is made.

usage: python tests/archive/invented.py FOLDER ARTICLES
"""

import json
import random
import sys
from datetime import date, timedelta
from pathlib import Path

GIVEN = ["Ann", "Brian", "Carol", "David", "Emma", "Frank", "Grace", "Henry", "Irene", "Jack"]
FAMILY = ["Abbot", "Barlow", "Carver", "Dunmore", "Ellery", "Fenwick", "Garrick", "Holt", "Ingram", "Jessop"]
OFFICES = ["mayor of Westhaven", "head of the harbour board", "spokesman for the rail union", "analyst at Northbank"]
PLACES = ["Westhaven", "Eastmoor", "Port Alder", "Kings Ferry", "Lower Brook", "St. Orrin"]
NOUNS = ["harbour", "bridge", "budget", "school", "strike", "ferry", "council", "market", "storm", "bank", "vote"]
NOUNS += ["road", "river", "plan", "union", "tax"]
VERBS = ["backed", "delayed", "opened", "closed", "funded", "attacked", "praised", "reviewed", "ended", "approved"]
KINDS = ["new", "costly", "popular", "dangerous", "long-awaited", "secret", "local", "modest", "generous", "weak"]
HEADINGS = ["What comes next", "Costs and doubts", "A longer history"]
NOISE = ["Story continues below advertisement", "Sponsored content"]
BAD_FILES = {
    "empty.txt": b"",
    "blank.txt": b" \n\n\t\n",
    "picture.txt": b"\x89PNG\r\n\x1a\n\x00\x00",
    "old-encoding.txt": "“Caf\xe9”".encode("cp1252"),
    "far-too-long.txt": b"word " * 300_000,
}


GOOD, BAD = ["popular", "modest", "generous", "safe", "new"], ["costly", "dangerous", "secret", "weak", "failing"]
OUTLETS = {  # how many of ten articles, whom it likes to quote, what it writes about
    "Westhaven Courier": (5, ["Ann Holt", "Brian Carver", "Carol Ingram"], ["harbour", "ferry", "strike", "union"]),
    "Eastmoor Post": (3, ["David Fenwick", "Ann Holt", "Emma Barlow"], ["council", "budget", "tax", "vote"]),
    "The Port Alder Times": (2, ["Frank Dunmore", "Grace Ellery", "Carol Ingram"], ["market", "bank", "storm", "road"]),
}


def invented_article(number: int, seed: int = 1) -> str:
    """An article of some 300 words: headline, two sections, quotations, reports, now and then an advert's line."""
    pick = random.Random(f"{seed}-{number}")
    people = [f"{given} {family}" for given, family in zip(pick.sample(GIVEN, 3), pick.sample(FAMILY, 3), strict=True)]
    return _article(pick, people, NOUNS, KINDS)


def _article(pick: random.Random, people: list[str], nouns: list[str], kinds: list[str]) -> str:
    blocks = [_opened(_clause(pick, nouns, kinds))]
    for part in range(2):
        blocks += [HEADINGS[pick.randrange(len(HEADINGS))]] * part
        for person in people:
            blocks += [
                _paragraph(pick, nouns, kinds),
                _quotation(pick, person, nouns, kinds),
                *pick.choices([[], NOISE[:1], NOISE[1:]], [8, 1, 1])[0],
            ]
    return "\n\n".join(blocks) + "\n"


def _thing(pick: random.Random, nouns: list[str], kinds: list[str]) -> str:
    """A noun with its adjective; the first nouns of the list come most, as words do in a language."""
    noun = nouns[min(int(pick.expovariate(0.25)), len(nouns) - 1)]
    return f"the {pick.choice(kinds)} {noun}"


def _clause(pick: random.Random, *lists: list[str]) -> str:
    return f"{_thing(pick, *lists)} in {pick.choice(PLACES)} {pick.choice(VERBS)} {_thing(pick, *lists)}"


def _paragraph(pick: random.Random, *lists: list[str]) -> str:
    sentences = [f"{_clause(pick, *lists)} and {_clause(pick, *lists)}." for _ in range(pick.randint(1, 3))]
    return " ".join(map(_opened, sentences))


def _opened(text: str) -> str:
    return text[0].upper() + text[1:]


def _quotation(pick: random.Random, person: str, *lists: list[str]) -> str:
    office, said = pick.choice(OFFICES), _clause(pick, *lists)
    return pick.choice([
        f"“{_opened(said)},” said {person}, {office}. “We will not wait.”",
        f"{person}, {office}, said that {said}.",
        f"“It is {said},” {person.split()[-1]} said on Monday.",
        f"{person} called it “{_thing(pick, *lists)}” and said more would follow.",
    ])  # fmt: skip


def write_files(folder: Path, count: int, seed: int = 1, bad: bool = False) -> Path:
    """`count` articles as text files, a thousand to a folder, and the bad files among them; the folder."""
    for number in range(count):
        path = folder / f"{number // 1000:03}" / f"{number:07}.txt"
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(invented_article(number, seed), encoding="utf-8")
    for name, content in BAD_FILES.items() if bad else ():
        (folder / "000" / name).write_bytes(content)
    return folder


def write_lines(path: Path, count: int, seed: int = 1) -> Path:
    """The same articles as lines of JSON; the file."""
    path.parent.mkdir(parents=True, exist_ok=True)
    with path.open("w", encoding="utf-8") as file:
        file.writelines(json.dumps({"text": invented_article(number, seed)}) + "\n" for number in range(count))
    return path


def write_coverage(folder: Path, count: int, seed: int = 1) -> Path:
    """A year of three outlets as lines of JSON with `id, date, publisher, text`, and a list of aliases; the folder.

    Each outlet has people it likes to quote and things it writes about. From
    July on the tone is darker; one article in twelve of the smallest has no text.
    """
    folder.mkdir(parents=True, exist_ok=True)
    everybody = sorted({person for _, people, _ in OUTLETS.values() for person in people})
    aliases = [f'"{short}" = "{name}"\n' for name in everybody for short in (_initial(name), name.split()[-1])]
    (folder / "aliases.toml").write_text("[aliases]\n" + "".join(aliases), encoding="utf-8")
    with (folder / "coverage.jsonl").open("w", encoding="utf-8") as file:
        for number in range(count):
            pick = random.Random(f"{seed}-{number}")
            outlet = pick.choices([*OUTLETS], [share for share, *_ in OUTLETS.values()])[0]
            _, own, nouns = OUTLETS[outlet]
            day = date(2031, 1, 1) + timedelta(days=number * 365 // count)
            people = list(dict.fromkeys([*pick.sample(own, 2), *pick.sample(everybody, 2)]))[:3]
            if pick.random() < 0.15:
                people[0] = _initial(people[0])
            kinds = GOOD + BAD * (1 + (day.month > 6)) + KINDS[:2]
            text = _article(pick, people, nouns * 2 + NOUNS, kinds)
            known = {"id": f"a{number:05}", "date": day.isoformat(), "publisher": outlet}
            bad = outlet == "The Port Alder Times" and pick.random() < 0.08
            file.write(json.dumps(known | {"text": "" if bad else text}) + "\n")
    return folder


def _initial(name: str) -> str:
    return f"{name[0]}. {name.split()[-1]}"


if __name__ == "__main__":
    write_coverage(Path(sys.argv[1]), int(sys.argv[2]))
