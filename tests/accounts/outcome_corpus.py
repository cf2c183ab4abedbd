"""The corpus of outcome lines: reading its files, and comparing what was understood with what was meant."""

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from accounts.outcome_line import read_line
from accounts.outcome_line.said import (
    Agreement,
    Attendee,
    Awaited,
    Budget,
    Known,
    Objection,
    Person,
    Reaction,
    Rival,
    Said,
    Step,
    Ware,
)
from accounts.working_days import WorkCalendar
from tests.factories import T

FOLDER = Path(__file__).parent / "outcome_lines"
PEOPLE = (
    ("Орехов Павел Сергеевич", "генеральный директор"),
    ("Зуева Инна Львовна", "начальник юридического отдела"),
    ("Иванова Мария Петровна", "руководитель отдела закупок"),
    ("Савельев Олег Игоревич", "директор по безопасности"),
    ("Крамаренко Дмитрий", "ИТ-директор"),
    ("Белых Анна Юрьевна", "финансовый директор"),
    ("Ковальский Роман Ильич", "коммерческий директор"),
    ("Ильин Степан Андреевич", "заместитель генерального директора"),
    ("Гусь Илья Маркович", "начальник судебного отдела"),
)


def _person(name: str, position: str) -> Person:
    last, first, patronymic = (*name.split(), "", "")[:3]
    return Person(last, last, first, patronymic, position)


KNOWN = Known(
    today=T,
    calendar=WorkCalendar({}),
    people=[_person(*each) for each in PEOPLE],
    wares=[
        Ware("casebook", ("casebook", "кейсбук")),
        Ware("caselook", ("caselook", "кейслук")),
        Ware("caseone", ("caseone", "кейсван")),
    ],
)


@dataclass(frozen=True)
class Line:
    """One line of a file and the fields that were meant."""

    number: int
    text: str
    meant: frozenset[str]


def lines_of(name: str) -> Iterator[Line]:
    """The lines of `dev` or `held_out`."""
    text = ""
    for number, row in enumerate((FOLDER / f"{name}.txt").read_text("utf-8").splitlines(), 1):
        if row.startswith("="):
            fields = (field.strip() for field in row[1:].split(" | "))
            yield Line(number - 1, text, frozenset(_alike(field) for field in fields if field))
        elif not row.startswith("#"):
            text = row


def understood(text: str) -> frozenset[str]:
    """What was read, in the notation of the files. The form takes the first step; later ones are tasks."""
    fields: list[str] = []
    has_step = False
    for said in read_line(text, KNOWN):
        is_later = isinstance(said, Step) and has_step
        has_step = has_step or isinstance(said, Step)
        fields += _fields(said, is_later)
    return frozenset(map(_alike, fields))


def _fields(said: Said, is_later: bool) -> list[str]:
    match said:
        case Attendee(person=None, is_new=is_new):
            return [f"@{'+' if is_new else '?'}{said.name}"]
        case Attendee(person=person) if person:
            return [f"@{person.key}"]
        case Objection():
            return [f"!{said.category}"]
        case Rival():
            return [f"vs {said.name}"]
        case Reaction():
            return [f"{said.ware}{said.score:+d}"]
        case Awaited():
            return [f"?{said.text}"]
        case Budget():
            return [f"${said.rubles}"]
        case Agreement():
            return [
                f"+{said.text}",
                *([f"+on {said.on}"] if said.on else []),
                *([] if said.is_ours else ["+client"]),
            ]
        case Step():
            sign = "+" if is_later else ">"
            return [f"{sign}{said.text}", *([f"{sign}on {said.on}"] if said.on else [])]
    return []


def _alike(field: str) -> str:
    return field.casefold().replace("ё", "е")
