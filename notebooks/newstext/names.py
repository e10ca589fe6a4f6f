"""The persons an article names, and whom "he", "they" or a surname means."""

import re
from bisect import bisect_left
from dataclasses import dataclass
from functools import cache, lru_cache, partial

from newstext.article import word_rows
from newstext.quotations import Sentence

APPOSED = re.compile(r"(?:[PI][DnNvO]+)*,(N+),")  # the mayor of Ore, |Ann Roe, said
INITIALS = re.compile(r"(?!U\.[SKN]\.|E\.U\.)(?:[A-Z]\.){2}")  # S.R. Roe
MEMORY = 12  # sentences a pronoun may look back
Span = tuple[int, int]
PRONOUNS = {"he", "she", "it", "i", "we", "you"}
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

    A person is a name of capitalised words after a title or beginning with a
    listed given name, or one that speaks: "Ava Roe, …", "said Ava Roe".
    """

    def __init__(self, sentences: list[Sentence], subjects: list[list[Span]], aliases: dict[str, str]):
        self.sentences, self.phrases = sentences, subjects
        subjects = [[*map(partial(_named, s), spans)] for s, spans in zip(sentences, subjects, strict=True)]
        self.aliases = {key.casefold(): value for key, value in aliases.items()}
        self.people: dict[str, list[Person]] = {}
        runs = [
            [(m.start(), *person_name(tuple(s.words[m.start() : m.end()]))) for m in re.finditer("N+", s.tags)]
            for s in sentences
        ]
        self.subjects = [{k for span in spans for k in range(*span)} for spans in subjects]
        for number, found in enumerate(runs):
            for at, titles, name, sure in found:
                body = _organisations() & {word.lower() for word in name}
                if not body and (sure or self._speaks(number, at, len(titles), name)):
                    self._learn(titles, name)
        self.named = [
            [(at, person) for at, titles, name, _ in found if (person := self.person(titles, name))] for found in runs
        ]
        for sentence, named in zip(sentences, self.named, strict=True):
            self._learn_gender(sentence, named)

    def _speaks(self, number: int, at: int, titles: int, name: list[str]) -> bool:
        """Is a name a subject that stands as a person's does: "Ava Roe, …", "said Ava Roe", or "Ava"?"""
        if at not in self.subjects[number]:
            return False
        tags, end = self.sentences[number].tags, at + titles + len(name)
        titled = at > 0 and self.sentences[number].low[at - 1] in _titles()  # spokesman Ava Roe said
        aside = titled or tags[end : end + 1] == "," or "V" in tags[max(0, at - 2) : at]
        return aside if len(name) > 1 else bool(name) and name[0].lower() in _given_names()

    def _learn(self, titles: list[str], name: list[str]) -> None:
        person = next(iter(self._so_called(titles, name)), None)
        if not person:
            person = Person(name, _gender(titles) or _given_names().get(name[0].lower(), ""))
            self.people.setdefault(_surname(name), []).append(person)
        person.name = max(person.name, name, key=len)
        person.gender = person.gender or _gender(titles)
        person.count += 1

    def _so_called(self, titles: list[str], name: list[str]) -> list[Person]:
        """The persons of this surname whom neither first name nor title's gender rules out."""
        gender, known = _gender(titles), self.people.get(_surname(name), []) if name else []
        known = [p for p in known if not gender or p.gender in (gender, "")]
        return [p for p in known if 1 in (len(name), len(p.name)) or p.name[0] == name[0]]

    def _learn_gender(self, sentence: Sentence, named: list[tuple[int, Person]]) -> None:
        """A person alone in a sentence has the gender of the first pronoun after the name."""
        if len({id(person) for _, person in named}) == 1 and not named[0][1].gender:
            after = (GENDERED[word] for word in sentence.low[named[0][0] :] if word in GENDERED)
            named[0][1].gender = next(after, "")

    def person(self, titles: list[str], name: list[str]) -> Person | None:
        """Whom a name means: of those so called the one most often named."""
        return max(self._so_called(titles, name), key=lambda p: p.count, default=None)

    def resolve(self, number: int, row: dict) -> dict:
        """`speaker` for a row's mention, and `evidence`, the offset that named a pronoun."""
        mention = re.sub(r"['’]s$", "", row["mention"])
        low = mention.lower().removeprefix("the ")
        if low in ("he", "she", "his", "her"):
            return {"mention": mention} | self._he(number, row["mention_start"], low)
        if re.fullmatch(r"they|(both|two)( \w+s)?", low):
            return {"mention": mention} | self._they(number, row["mention_start"], low)
        sentence = self.sentences[number]
        at = bisect_left(sentence.starts, row["mention_start"])
        who = sentence.phrase(_named(sentence, (at, at + len(row["mention"].split()))))
        return {"mention": mention, "speaker": "" if low in PRONOUNS else self.canonical(re.sub(r"['’]s$", "", who))}

    def canonical(self, mention: str) -> str:
        """The fullest name for a mention; joined names in alphabetical order."""
        if mention.casefold() in self.aliases:
            return self.aliases[mention.casefold()]
        parts = mention.split(" and ")
        if len(parts) > 1 and all(part[:1].isupper() for part in parts):
            return " and ".join(sorted(map(self.canonical, parts)))
        words = mention.split()
        k = next((k for k in range(len(words), 0, -1) if not words[k - 1][:1].isupper()), 0)
        if person := self.person(*person_name(tuple(words[k:]))[:2]):
            return " ".join(person.name)
        return "The" + mention[3:] if re.match("[Tt]he [A-Z]", mention) else mention

    def _he(self, number: int, before: int, pronoun: str) -> dict:
        """ "He", "she": the nearest fitting person who was a subject, else the nearest one named.

        Looks back 12 sentences within the section; persons whose gender is not
        known fit. Misses: persons named only inside quotations.
        """
        section = self.sentences[number].section
        back = [k for k in range(number, max(0, number - MEMORY) - 1, -1) if self.sentences[k].section == section]
        for subjects in (True, False):
            for k in back:
                for at, person in self.named[k]:
                    start = self.sentences[k].starts[at]
                    fits = person.gender in ("", GENDERED[pronoun]) and start < before
                    if fits and (at in self.subjects[k] or not subjects):
                        return {"speaker": " ".join(person.name), "evidence": start}
        return {}

    def _they(self, number: int, before: int, low: str) -> dict:
        """ "They", "the two countries": the last plural or joined subject; for "two", joined.

        Misses: "they" for one body, such as a company or a team.
        """
        for k in range(number, max(-1, number - MEMORY), -1):
            sentence = self.sentences[k]
            for a, b in self.phrases[k]:
                words, tags = sentence.low[a:b], sentence.tags[a:b]
                if sentence.starts[a] >= before or {"two", "both"} & set(words[:2]):
                    continue
                if "NCN" in tags or (low == "they" and tags[-1] == "n" and words[-1].endswith("s")):
                    return {"speaker": self.canonical(sentence.phrase((a, b))), "evidence": sentence.starts[a]}
        return {}


def _named(sentence: Sentence, span: Span) -> Span:
    """The name in apposition to a common noun ("her lawyer, Ann Roe, said"), else the phrase itself."""
    match = APPOSED.match(sentence.tags, span[1]) if sentence.tags[span[1] - 1] == "n" else None
    return match.span(1) if match else span


def _gender(titles: list[str]) -> str:
    return next(filter(None, map(_titles().get, titles)), "")


def _surname(name: list[str]) -> str:
    """The last word of a name that is not Jr. or III."""
    return next((word for word in reversed(name) if word.rstrip(".") not in ("Jr", "Sr", "II", "III", "IV")), name[-1])


@lru_cache(5_000)
def person_name(words: tuple[str, ...]) -> tuple[list[str], list[str], bool]:
    """Titles, name, and whether it surely is a person's: "President Joe Biden" → [president], [Joe, Biden], True."""
    words = [word.removesuffix("’s").removesuffix("'s") for word in words]
    low = [word.lower().rstrip(".") for word in words]
    k = next((k + 1 for k in range(len(words) - 1, -1, -1) if low[k] in _titles()), 0)
    first = (low[j] in _given_names() or INITIALS.fullmatch(words[j]) for j in range(k, len(words) - 1))
    given = next((k + j for j, found in enumerate(first) if found), None)
    name = words[k if given is None else given :]
    return low[:k], name, bool(name) and (k > 0 or given is not None)
