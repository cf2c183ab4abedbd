"""What a line can say: small values, each with its place in the text. No Django here."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from accounts.working_days import WorkCalendar


@dataclass(frozen=True)
class Place:
    """Where in the text something was said: text[start:end]."""

    start: int
    end: int


@dataclass(frozen=True)
class Person:
    """A known person of the client; `key` is whatever the caller knows them by."""

    key: str
    last_name: str
    first_name: str = ""
    patronymic: str = ""
    position: str = ""


@dataclass(frozen=True)
class Ware:
    """A product that may be named, with all its names."""

    code: str
    names: Sequence[str]


@dataclass(frozen=True)
class Known:
    """What the line is read against: the people of the client, the catalogue, the day and the working days."""

    today: date
    calendar: WorkCalendar
    people: Sequence[Person] = ()
    wares: Sequence[Ware] = ()


@dataclass(frozen=True)
class Attendee:
    """Took part. Without a `person` either a new one (`is_new`) or nobody that we know."""

    at: Place
    name: str
    person: Person | None = None
    is_new: bool = False


@dataclass(frozen=True)
class Objection:
    at: Place
    category: str
    text: str


@dataclass(frozen=True)
class Rival:
    at: Place
    name: str


@dataclass(frozen=True)
class Agreement:
    """Who does what by when; a dated one of ours becomes a task."""

    at: Place
    text: str
    on: date | None = None
    is_ours: bool = True


@dataclass(frozen=True)
class Step:
    """The next step; with a date it is a task too."""

    at: Place
    text: str
    on: date | None = None


@dataclass(frozen=True)
class Reaction:
    """To a product, −2…+2."""

    at: Place
    ware: str
    score: int
    text: str = ""


@dataclass(frozen=True)
class Awaited:
    """A feature that the client waits for, in their words."""

    at: Place
    text: str


@dataclass(frozen=True)
class Budget:
    at: Place
    rubles: int


Said = Attendee | Objection | Rival | Agreement | Step | Reaction | Awaited | Budget
