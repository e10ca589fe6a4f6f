"""Invented articles for tests and benchmarks: the same for the same seed and number, whatever else is made."""

import json
import random
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


def invented_article(number: int, seed: int = 1) -> str:
    """An article of some 300 words: headline, two sections, quotations, reports, now and then an advert's line."""
    pick = random.Random(f"{seed}-{number}")
    people = [f"{given} {family}" for given, family in zip(pick.sample(GIVEN, 3), pick.sample(FAMILY, 3), strict=True)]
    blocks = [_opened(_clause(pick))]
    for part in range(2):
        blocks += [HEADINGS[pick.randrange(len(HEADINGS))]] * part
        for person in people:
            blocks += [
                _paragraph(pick),
                _quotation(pick, person),
                *pick.choices([[], NOISE[:1], NOISE[1:]], [8, 1, 1])[0],
            ]
    return "\n\n".join(blocks) + "\n"


def _thing(pick: random.Random) -> str:
    """A noun with its adjective; the first nouns of the list come most, as words do in a language."""
    noun = NOUNS[min(int(pick.expovariate(0.25)), len(NOUNS) - 1)]
    return f"the {pick.choice(KINDS)} {noun}"


def _clause(pick: random.Random) -> str:
    return f"{_thing(pick)} in {pick.choice(PLACES)} {pick.choice(VERBS)} {_thing(pick)}"


def _paragraph(pick: random.Random) -> str:
    sentences = [f"{_clause(pick)} and {_clause(pick)}." for _ in range(pick.randint(1, 3))]
    return " ".join(map(_opened, sentences))


def _opened(text: str) -> str:
    return text[0].upper() + text[1:]


def _quotation(pick: random.Random, person: str) -> str:
    office, said = pick.choice(OFFICES), _clause(pick)
    return pick.choice([
        f"“{_opened(said)},” said {person}, {office}. “We will not wait.”",
        f"{person}, {office}, said that {said}.",
        f"“It is {said},” {person.split()[1]} said on Monday.",
        f"{person} called it “{_thing(pick)}” and said more would follow.",
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
