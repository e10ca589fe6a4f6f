"""The persons an article names, and whom "he", "they" or a surname means."""

import re
from dataclasses import dataclass
from functools import cache, lru_cache

from newsprint.quotations import Sentence, word_rows

MEMORY = 12  # sentences a pronoun may look back
Span = tuple[int, int]
PRONOUNS = {"he": "male", "she": "female", "who": "", "it": "", "i": "", "we": "", "you": ""}
GENDERED = {"he": "male", "his": "male", "him": "male", "she": "female", "her": "female"}


@cache
def _titles() -> dict[str, str]:
    """Titles before names, with the gender they tell, or ""."""
    return dict(word_rows("titles.tsv"))


@cache
def _given_names() -> dict[str, str]:
    return {name: gender for gender, names in word_rows("given_names.tsv") for name in names.split()}


@cache
def _organisations() -> frozenset[str]:
    """Words that make a name an organisation's or a place's."""
    return frozenset(word for (word,) in word_rows("organisations.txt"))


@dataclass
class Person:
    """A person by the fullest name seen, with gender where it is told, and how often named."""

    name: list[str]
    gender: str = ""
    count: int = 0


class Names:
    """The persons of an article, and whom its pronouns mean.

    A person is two or more capitalised words after a title or beginning with a
    listed given name, or that speak and are later named by the last word alone.
    """

    def __init__(self, sentences: list[Sentence], subjects: list[list[Span]], aliases: dict[str, str]):
        self.sentences, self.phrases = sentences, subjects
        self.aliases = {key.casefold(): value for key, value in aliases.items()}
        self.people: dict[str, list[Person]] = {}
        runs = [
            [(m.start(), *person_name(tuple(s.words[m.start() : m.end()]))) for m in re.finditer("N+", s.tags)]
            for s in sentences
        ]
        self.subjects = [{k for span in spans for k in range(*span)} for spans in subjects]
        alone = {name[0] for found in runs for _, _, name, _ in found if len(name) == 1}
        for number, found in enumerate(runs):
            for at, titles, name, sure in found:
                if sure or self._speaks(number, at, titles, name, alone):
                    self._learn(titles, name)
        self.named = [
            [(at, person) for at, titles, name, _ in found if (person := self.person(titles, name))] for found in runs
        ]
        self.heard: dict[int, Person] = {}
        for sentence, named in zip(sentences, self.named, strict=True):
            self._learn_gender(sentence, named)

    def _speaks(self, number: int, at: int, titles: list[str], name: list[str], alone: set[str]) -> bool:
        """Is a name a subject that stands as a person's does: "Ava Roe, …", "said Ava Roe", later "Roe" alone?"""
        if at not in self.subjects[number] or _organisations() & {word.lower() for word in name}:
            return False
        end = at + len(titles) + len(name)
        tags = self.sentences[number].tags
        aside = tags[end : end + 1] == "," or "V" in tags[max(0, at - 2) : at]
        given = len(name) == 1 and name[0].lower() in _given_names()
        return given or (2 <= len(name) <= 3 and not name[-1].isupper() and (aside or _surname(name) in alone))

    def _learn(self, titles: list[str], name: list[str]) -> None:
        gender = next((_titles()[t] for t in titles if _titles().get(t)), "") or _given_names().get(name[0].lower(), "")
        known = self.people.setdefault(_surname(name), [])
        same = [p for p in known if p.name[0] == name[0] or len(name) == 1 or len(p.name) == 1]
        same = [p for p in same if not gender or p.gender in (gender, "")]
        person = same[0] if same else Person(name, gender)
        if not same:
            known.append(person)
        person.name = max(person.name, name, key=len)
        person.gender = person.gender or gender
        person.count += 1

    def _learn_gender(self, sentence: Sentence, named: list[tuple[int, Person]]) -> None:
        """A person alone in a sentence has the gender of the first pronoun after the name."""
        if len({id(person) for _, person in named}) == 1 and not named[0][1].gender:
            after = (GENDERED[word] for word in sentence.low[named[0][0] :] if word in GENDERED)
            named[0][1].gender = next(after, "")

    def person(self, titles: list[str], name: list[str]) -> Person | None:
        """Whom a name means: the one so called, by title's gender and first name; else the most often named."""
        known = self.people.get(_surname(name), []) if name else []
        gender = next((_titles()[t] for t in titles if _titles().get(t)), "")
        fit = [
            p for p in known if (not gender or p.gender in (gender, "")) and (len(name) == 1 or p.name[0] == name[0])
        ]
        return max(fit, key=lambda p: p.count) if fit else None

    def resolve(self, number: int, row: dict) -> dict:
        """`speaker` for a row's mention, and `evidence`, the offset that named a pronoun."""
        mention = re.sub(r"['’](s|re|m|ve|d|ll)$", "", row["mention"])
        low = mention.lower().removeprefix("the ")
        if low in ("he", "she", "who") and (found := self._he(number, row, low)):
            return found
        if low in ("they", "both", "pair", "two") or re.match(r"(two|both) \w+s$", low):
            return {"mention": mention} | self._they(number, row)
        if low in PRONOUNS:
            return {"mention": mention}
        if person := self._of(mention):
            self.heard[number] = person
        return {"mention": mention, "speaker": self.canonical(mention)}

    def _of(self, mention: str) -> Person | None:
        """The person whose name a mention ends in."""
        words = mention.split()
        k = next((k for k in range(len(words), 0, -1) if not words[k - 1][:1].isupper()), 0)
        titles, name, _ = person_name(tuple(words[k:]))
        return self.person(titles + [word.lower() for word in words[max(0, k - 1) : k]], name)

    def canonical(self, mention: str) -> str:
        """The fullest name for a mention; joined names in alphabetical order."""
        if mention.casefold() in self.aliases:
            return self.aliases[mention.casefold()]
        parts = mention.split(" and ")
        if len(parts) > 1 and all(part[:1].isupper() for part in parts):
            return " and ".join(sorted(map(self.canonical, parts)))
        if person := self._of(mention):
            return " ".join(person.name)
        return "The" + mention[3:] if re.match("[Tt]he [A-Z]", mention) else mention

    def _he(self, number: int, row: dict, low: str) -> dict:
        """ "He", "she": the nearest fitting person who spoke or was a subject, else the nearest one named.

        Looks back 12 sentences within the section; persons whose gender is not
        known fit. Misses: persons named only inside quotations.
        """
        other = {"he": "female", "she": "male"}.get(low)
        first = max(0, number - MEMORY)
        back = [k for k in range(number, first - 1, -1) if self.sentences[k].section == self.sentences[number].section]
        before = min(row["start"], row["mention_start"])
        for subjects in (True, False):
            for k in back:
                sentence = self.sentences[k]
                found = [(sentence.starts[0], self.heard[k])] if k in self.heard and k < number else []
                found += [(sentence.starts[at], p) for at, p in self.named[k] if not subjects or at in self.subjects[k]]
                for at, person in found:
                    if person.gender != other and at < before:
                        self.heard[number] = person
                        return {"speaker": " ".join(person.name), "evidence": at}
        return {}

    def _they(self, number: int, row: dict) -> dict:
        """ "They", "the two countries": the last plural or joined subject; for "two", joined.

        Misses: "they" for one body, such as a company or a team.
        """
        two = row["mention"].lower() != "they"
        for k in range(number, max(-1, number - MEMORY), -1):
            sentence = self.sentences[k]
            for a, b in self.phrases[k]:
                words = sentence.low[a:b]
                if (
                    sentence.starts[a] >= row["mention_start"]
                    or sentence.tags[a] == "H"
                    or {"two", "both"} & set(words[:2])
                ):
                    continue
                if "NCN" in sentence.tags[a:b] or (not two and sentence.tags[b - 1] == "n" and words[-1].endswith("s")):
                    return {"speaker": self.canonical(sentence.phrase((a, b))), "evidence": sentence.starts[a]}
        return {}


def _surname(name: list[str]) -> str:
    """The last word of a name that is not Jr. or III."""
    return next((word for word in reversed(name) if word.rstrip(".") not in ("Jr", "Sr", "II", "III", "IV")), name[-1])


@lru_cache(5_000)
def person_name(words: tuple[str, ...]) -> tuple[list[str], list[str], bool]:
    """Titles, name, and whether it surely is a person's: "President Joe Biden" → [president], [Joe, Biden], True."""
    words = [word.removesuffix("’s").removesuffix("'s") for word in words]
    low = [word.lower().rstrip(".") for word in words]
    k = next((k + 1 for k in range(len(words) - 1, -1, -1) if low[k] in _titles()), 0)
    given = next((j for j in range(k, len(words) - 1) if low[j] in _given_names()), None)
    if given is not None:
        k = given
    name = words[k:]
    sure = bool(name) and not _organisations() & set(low[k:]) and (given is not None or (k > 0 and len(name) < 4))
    return low[:k], name, sure
