"""The persons an article names, and whom "he", "they" or a surname means."""

import re
from collections import namedtuple
from collections.abc import Iterator
from dataclasses import dataclass
from functools import lru_cache

from newstext.article import word_rows
from newstext.cues import Cue, antecedent, first_phrase
from newstext.rules import GRAMMAR
from newstext.words import Sentence, Span

NAME = re.compile("N+")
MEMORY = 6  # sentences a pronoun may look back
MANY = 50  # names of a sentence that are looked at
FAR = 2  # sentences that a name which is no subject counts as farther away
MEANT = {"he": ("male", ""), "his": ("male", ""), "she": ("female", ""), "her": ("female", "")}
MEANT |= dict.fromkeys(["they", "both", "two"], ("joined",))
TITLES = dict(word_rows("titles.tsv"))  # before names, with the gender they tell, or ""
GIVEN = {name: gender.replace("either", "") for gender, names in word_rows("given_names.tsv") for name in names.split()}
NOBODY = {"it", "i", "we", "you", "who"}  # pronouns that name no speaker here
Words = tuple[str, ...]
# A capitalised name in a sentence: where, titles before it, whether surely a person's, whether a subject.
Named = namedtuple("Named", "sentence at titles name sure subject")
# Whom a pronoun may mean: where, the full name, its gender or "joined", and whether it is a subject there.
Mention = namedtuple("Mention", "sentence at who gender subject")


@dataclass
class Person:
    """A person by the fullest name seen, with gender where it is told."""

    name: Words
    gender: str


@dataclass
class People:
    """The persons of an article by surname, and whom pronouns may mean, sentence by sentence."""

    aliases: dict[str, str]
    known: dict[str, list[Person]]
    mentions: list[list[Mention]]

    def whose(self, sentence: Sentence, span: Span, said: Span) -> tuple[str, int]:
        """The speaker that a subject means ("" where nobody can be named), and the place that named a pronoun."""
        low = " ".join(sentence.low[slice(*span)]).removeprefix("the ")
        if whom := antecedent(sentence, span[0]):
            return self.whose(sentence, whom, said)
        if wanted := MEANT.get(re.sub(r"^(both|two) \w+s$", r"\1", low)):
            return self.meant(sentence, span[0], wanted, said)
        who = sentence.phrase(_named_in(sentence, span))
        return "" if low in NOBODY else self.canonical(re.sub(r"['’]s$", "", who)), -1

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

    def person(self, titles: Words, name: Words) -> Person | None:
        """Whom a name means: the first of this surname whom neither first name nor title's gender rules out."""
        known, gender = self.known.get(_surname(name), []) if name else [], _gender(titles)
        known = [person for person in known if gender in ("", person.gender) or not person.gender]
        return next((p for p in known if 1 in (len(name), len(p.name)) or p.name[0] == name[0]), None)

    def learn(self, titles: Words, name: Words) -> None:
        person = self.person(titles, name)
        if not person:
            person = Person(name, GIVEN.get(name[0].lower(), ""))
            self.known.setdefault(_surname(name), []).append(person)
        person.name = max(person.name, name, key=len)
        person.gender = _gender(titles) or person.gender

    def meant(self, sentence: Sentence, before: int, genders: Words, said: Span) -> tuple[str, int]:
        """Whom a pronoun means and where: the fitting one named nearest, within six sentences, not in what is said.

        One who was no subject counts as two sentences farther, one in another paragraph as one, one of unknown gender
        as half. Misses: names inside quotations, persons without a name ("the vicar … she"), "they" for one body.
        """
        found = [(MEMORY + 2.0, "", -1)]
        for back in range(min(MEMORY, sentence.number) + 1):
            for there, at, who, gender, subject in self.mentions[sentence.number - back][:MANY]:
                place, away = there.words[at].start, there.paragraph != sentence.paragraph
                if gender in genders and (back or at < before) and not said[0] <= place < said[1]:
                    found.append((back + away + FAR * (not subject) + (not gender) / 2, who, place))
        return min(found, key=lambda row: row[0])[1:]


def find_people(sentences: list[Sentence], cues: list[list[Cue]], aliases: dict[str, str]) -> People:
    """The persons an article names; full names are learned first, so that a surname alone finds its person.

    A person is a name of capitalised words after a title or beginning with a listed given name, one that speaks
    ("Ava Roe, …", "said Ava Roe"), or one of several words whose last later stands alone as a subject.
    """
    firsts = [first_phrase(sentence) for sentence in sentences]
    subjects = [[cue.subject for cue in found] + [first] * bool(first) for found, first in zip(cues, firsts)]
    people = People({key.casefold(): value for key, value in aliases.items()}, {}, [[] for _ in sentences])
    named = [x for sentence, spans in zip(sentences, subjects) for x in _names_in(sentence, spans)]
    alone = {x.name[-1]: x.sentence.number for x in named if x.subject and len(x.name) == 1}
    for x in sorted(named, key=lambda x: len(x.name) < 2):
        if x.sure or (len(x.name) > 1 and alone.get(x.name[-1], -1) >= x.sentence.number):
            people.learn(x.titles, x.name)
    for x in named:
        if p := people.person(x.titles, x.name):
            people.mentions[x.sentence.number].append(Mention(x.sentence, x.at, " ".join(p.name), p.gender, x.subject))
    for sentence, spans in zip(sentences, subjects):
        people.mentions[sentence.number] += [m for span in spans[:MANY] if (m := _several(people, sentence, span))]
    return people


def _several(people: People, sentence: Sentence, span: Span) -> Mention | None:
    """A subject that "they" may mean, joined names; and "he" or "she", so that one who is on goes on."""
    low = " ".join(sentence.low[slice(*span)])
    if low in ("he", "she"):
        who, gender = people.meant(sentence, span[0], MEANT[low], (0, 0))[0], MEANT[low][0]
    else:
        who, gender = people.canonical(sentence.phrase(span)) if "NCN" in sentence.tags[slice(*span)] else "", "joined"
    return Mention(sentence, span[0], who, gender, True) if who else None


def _names_in(sentence: Sentence, subjects: list[Span]) -> Iterator[Named]:
    """The runs of capitalised words; one that speaks is surely a person’s: "Ava Roe, …", "said Ava Roe", "Ava"."""
    heads = {k for span in subjects for k in range(*_named_in(sentence, span))}
    for match in NAME.finditer(sentence.tags):
        (at, end), subject = match.span(), match.start() in heads
        titles, name, sure = person_name(tuple(word.text for word in sentence.words[at:end]))
        stands = sentence.tags[end : end + 1] == "," or "V" in sentence.tags[max(0, at - 2) : at]
        speaks = subject and bool(name) and (stands if len(name) > 1 else name[0].lower() in GIVEN)
        yield Named(sentence, at, titles, name, sure or speaks, subject)


def _named_in(sentence: Sentence, span: Span) -> Span:
    """The name in apposition to a common noun ("her lawyer, Ann Roe, said"), else the phrase itself."""
    apposed = GRAMMAR["apposition"].match(sentence.tags, span[1]) if sentence.tags[span[1] - 1] == "n" else None
    return apposed.span("head") if apposed else span


def _gender(titles: Words) -> str:
    return next(filter(None, map(TITLES.get, titles)), "")


def _surname(name: Words) -> str:
    """The last word of a name that is not Jr. or III."""
    return next((word for word in reversed(name) if word.rstrip(".") not in ("Jr", "Sr", "II", "III", "IV")), name[-1])


@lru_cache(5_000)
def person_name(words: Words) -> tuple[Words, Words, bool]:
    """Titles, name, and whether it surely is a person's: "President Joe Biden" → (president), (Joe, Biden), True."""
    words = tuple(word.removesuffix("’s").removesuffix("'s") for word in words)
    low = tuple(word.lower().rstrip(".") for word in words)
    k = next((k + 1 for k in range(len(words) - 1, -1, -1) if low[k] in TITLES), 0)
    given = next((j for j in range(k, len(words) - 1) if low[j] in GIVEN), None)
    name = words[k if given is None else given :]
    return low[:k], name, bool(name) and (k > 0 or given is not None)
