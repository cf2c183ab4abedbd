"""Who is meant: a surname in any case form, a name with patronymic, a position, or a small slip of the pen."""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache

from accounts.outcome_line.letters import WORD, fold
from accounts.outcome_line.names import FIRST_NAMES
from accounts.outcome_line.said import Person, Place

TYPO_LETTERS = 5  # shorter words have too many neighbours to guess
SAME_STEM = 5
# Endings by the class of a surname: (what the nominative ends in, what is cut off, the endings of all cases).
_CLASSES: tuple[tuple[tuple[str, ...], int, tuple[str, ...]], ...] = (
    (("ов", "ев", "ин", "ын"), 0, ("", "а", "у", "ым", "ом", "е")),
    (("ова", "ева", "ина", "ына"), 1, ("а", "ой", "у", "ою")),
    (("ий", "ый", "ой"), 2, ("ий", "ый", "ой", "ого", "его", "ому", "ему", "им", "ым", "ом", "ем")),
    (("ая", "яя"), 2, ("ая", "яя", "ой", "ей", "ую", "юю")),
    (("ых", "их", "о", "е", "и", "у", "ю", "ы", "э"), 0, ("",)),
    (("а", "я"), 1, ("а", "я", "ы", "и", "е", "у", "ю", "ой", "ей")),
    (("ь", "й"), 1, ("ь", "й", "я", "ю", "ем", "е")),
)
_CONSONANT = ("", "а", "у", "ом", "ем", "е")
_INITIALS = re.compile(r"\s{0,2}((?:[а-я]\.\s?){1,2})")
_SPOKEN = {
    "гендир": "генеральный директор", "гендиректор": "генеральный директор", "финдир": "финансовый директор",
    "финдиректор": "финансовый директор", "коммдир": "коммерческий директор", "айтишник": "ит",
    "безопасник": "безопасности", "иб": "безопасности", "сб": "безопасности", "закупщик": "закупок",
    "юрист": "юридического", "юристы": "юридического", "главбух": "главный бухгалтер",
}  # fmt: skip


@dataclass(frozen=True)
class Named:
    """Who is named at a place; neither a person nor new means that nobody fits, or several do."""

    at: Place
    name: str
    person: Person | None = None
    is_new: bool = False


@lru_cache(maxsize=4096)
def surname_forms(surname: str) -> frozenset[str]:
    """All case forms of a surname (and of most names), folded; a superset, since the sex is unknown."""
    word = fold(surname).strip()
    for ends, cut, endings in _CLASSES:
        if word.endswith(ends) and len(word) > max(map(len, ends)):
            stem = word[: len(word) - cut]
            return frozenset(stem + ending for ending in endings)
    return frozenset(word + ending for ending in _CONSONANT) if word else frozenset()


def name_at(text: str, folded: str, start: int, people: Sequence[Person]) -> Named | None:
    """Who is named right after «@»; a «+» before the name makes a new person."""
    is_new = folded.startswith("+", start)
    first = WORD.match(folded, start + is_new)
    if first is None or not first.group()[0].isalpha():
        return None
    second = WORD.match(folded, _gap(folded, first.end()))
    if is_new:
        return _newcomer(text, first, second)
    return (
        surname_at(text, folded, start, people)
        or _by_first_name(text, first, second, people)
        or _by_position(text, first, second, people)
        or _by_slip(text, first, people)
        or _stranger(text, first, second)
    )


def surname_at(text: str, folded: str, start: int, people: Sequence[Person]) -> Named | None:
    """A known surname in any case at this place, with initials or names after it where they are written."""
    first = WORD.match(folded, start)
    if first is None:
        return None
    fitting = [each for each in people if first.group() in surname_forms(each.last_name)]
    fitting = [each for each in fitting if fold(each.last_name) == first.group()] or fitting
    if not fitting:
        return None
    fitting, end = _narrowed(folded, first.end(), fitting)
    person = fitting[0] if len(fitting) == 1 else None
    return Named(Place(start, end), text[start:end].strip(), person)


def _narrowed(folded: str, end: int, fitting: list[Person]) -> tuple[list[Person], int]:
    """Initials and names after a surname tell namesakes apart."""
    if match := _INITIALS.match(folded, end):
        letters = re.findall(r"[а-я]", match.group(1))
        own = [each for each in fitting if _has_initials(each, letters)]
        return own, match.start() + len(match.group().rstrip())
    for part in ("first_name", "patronymic"):
        word = WORD.match(folded, _gap(folded, end))
        own = [each for each in fitting if word and word.group() in surname_forms(getattr(each, part))]
        if not word or not own:
            break
        fitting, end = own, word.end()
    return fitting, end


def _has_initials(person: Person, letters: list[str]) -> bool:
    names = (person.first_name, person.patronymic)
    return all(
        not name or fold(name).startswith(letter) for name, letter in zip(names, letters, strict=False)
    )


def _by_first_name(
    text: str, first: re.Match[str], second: re.Match[str] | None, people: Sequence[Person]
) -> Named | None:
    """«Павел Сергеевич», «Инна»: nobody else of this client may be called so."""
    called = [each for each in people if first.group() in surname_forms(each.first_name)]
    end = first.end()
    own = [each for each in called if second and second.group() in surname_forms(each.patronymic)]
    own = own or [each for each in called if second and second.group() in surname_forms(each.last_name)]
    if own and second:
        called, end = own, second.end()
    if len(called) != 1:
        return None
    return Named(Place(first.start(), end), text[first.start() : end], called[0])


def _by_position(
    text: str, first: re.Match[str], second: re.Match[str] | None, people: Sequence[Person]
) -> Named | None:
    for last in (second, first):
        if last is None:
            continue
        words = [first.group()] if last is first else [first.group(), last.group()]
        if person := _holder(words, people):
            return Named(Place(first.start(), last.end()), text[first.start() : last.end()], person)
    return None


def _holder(words: list[str], people: Sequence[Person]) -> Person | None:
    """The only one whose position has these words; a position of just these words goes first."""
    wanted = [part for word in words for part in _SPOKEN.get(word, word).split()]
    fitting = [each for each in people if _holds(wanted, each)]
    exact = [each for each in fitting if len(_position(each)) == len(wanted)] or fitting
    return exact[0] if len(exact) == 1 else None


def _holds(wanted: list[str], person: Person) -> bool:
    held = _position(person)
    return bool(held) and all(any(_same_stem(word, other) for other in held) for word in wanted)


def _position(person: Person) -> list[str]:
    return re.findall(r"[0-9a-zа-я]+", fold(person.position))


def _same_stem(word: str, other: str) -> bool:
    return word == other or (len(word) >= SAME_STEM and word[:SAME_STEM] == other[:SAME_STEM])


def _by_slip(text: str, first: re.Match[str], people: Sequence[Person]) -> Named | None:
    """One wrong, missing, extra or swapped letter in a long surname."""
    word = first.group()
    if len(word) < TYPO_LETTERS or len(word) > 40:
        return None
    near = [each for each in people if any(_one_slip(word, form) for form in surname_forms(each.last_name))]
    return Named(Place(*first.span()), text[slice(*first.span())], near[0]) if len(near) == 1 else None


def _one_slip(word: str, other: str) -> bool:
    if abs(len(word) - len(other)) > 1 or len(other) < TYPO_LETTERS:
        return False
    start = 0
    while start < min(len(word), len(other)) and word[start] == other[start]:
        start += 1
    rest, rival = word[start:], other[start:]
    swapped = rest[:2] == rival[1::-1] and rest[2:] == rival[2:]
    return swapped or rest[1:] == rival[1:] or rest[1:] == rival or rest == rival[1:]


def _newcomer(text: str, first: re.Match[str], second: re.Match[str] | None) -> Named:
    last = second if second and text[second.start()].isupper() else first
    return Named(Place(first.start(), last.end()), text[first.start() : last.end()], is_new=True)


def _stranger(text: str, first: re.Match[str], second: re.Match[str] | None) -> Named:
    """A surname with a usual first name is somebody new; a lone unknown word is nobody yet."""
    names = {first.group(), second.group() if second else ""}
    if second and text[first.start()].isupper() and text[second.start()].isupper() and names & FIRST_NAMES:
        surname, name = (second, first) if first.group() in FIRST_NAMES else (first, second)
        said = f"{text[slice(*surname.span())]} {text[slice(*name.span())]}"
        return Named(Place(first.start(), second.end()), said, is_new=True)
    return Named(Place(*first.span()), text[slice(*first.span())])


def _gap(folded: str, start: int) -> int:
    """Past one or two spaces."""
    end = start
    while end < len(folded) and end - start < 2 and folded[end] == " ":
        end += 1
    return end
