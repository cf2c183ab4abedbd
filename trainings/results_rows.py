"""The grid of results as text: its columns, what a cell means, what is wrong and where (R35).

One reader for what is typed, pasted from a spreadsheet and uploaded as a file. Nothing here touches the database.
"""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from decimal import ROUND_HALF_UP, Decimal
from typing import Any

from django.core.exceptions import ValidationError
from django.core.validators import validate_email
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as lazy
from django.utils.translation import pgettext_lazy

from accounts.imports import values
from accounts.imports.values import CellError
from trainings.index import TrainingFacts
from upsell_crm.core.exact import EXACT
from upsell_crm.core.text import normalise

MAX_ROWS = 300
_CENT = Decimal("0.01")
_YES = {"был", "была", "были", "присутствовал", "присутствовала", "v", "x", "х", "✓", "✔", "можно"}
_NO = {"не был", "не была", "отсутствовал", "отсутствовала", "−", "—", "–", "нельзя"}


def yes_no(cell: str) -> bool:
    """да/нет, +/−, 1/0, «был», «отсутствовал», a tick."""
    word = cell.strip().lower()
    if word in _YES | _NO:
        return word in _YES
    return values.yes_no(word)


def score(cell: str) -> Decimal:
    """0–100: «85», «85 %», «85,5», or a part of a whole, «17/20»."""
    part, slash, whole = cell.replace("%", "").partition("/")
    number = values.decimal(part)
    if slash:
        total = values.decimal(whole)
        number = number * 100 / total if total > 0 else Decimal(-1)
    return _between(number, 0, 100)


def reaction(cell: str) -> Decimal:
    """1–5, «4,5» too."""
    return _between(values.decimal(cell), 1, 5)


def email(cell: str) -> str:
    """An address."""
    try:
        validate_email(cell.strip())
    except ValidationError as problem:
        raise CellError(problem.messages[0]) from problem
    return cell.strip().lower()


def _between(number: Decimal, lowest: int, highest: int) -> Decimal:
    if not lowest <= number <= highest:
        text = _("The number must be between %(lowest)s and %(highest)s.")
        raise CellError(text % {"lowest": lowest, "highest": highest})
    return number.quantize(_CENT, ROUND_HALF_UP)


@dataclass(frozen=True, slots=True)
class Column:
    """One column: its code, heading, reader of a cell, and by which headings it is recognised in a pasted table."""

    code: str
    label: str | Promise
    read: Callable[[str], Any]
    words: tuple[str, ...]
    size: int = 6  # of the input, characters

    @property
    def is_wide(self) -> bool:
        """Holds words rather than a mark or a number."""
        return self.size > 8


COLUMNS = (
    Column("name", lazy("Full name"), values.text(200), ("фио", "ф и о", "имя", "фамилия имя отчество", "фамилия имя", "сотрудник", "участник", "слушатель", "name", "full name", "participant", "employee"), 26),
    Column("attended", pgettext_lazy("trainee", "Came"), yes_no, ("был", "присутствие", "присутствовал", "посещение", "посетил", "явка", "участие", "attended", "attendance", "present")),
    Column("minutes", lazy("Minutes"), values.whole(0, 1440), ("минут", "минуты", "мин", "длительность мин", "время мин", "время", "minutes", "min", "duration"), 5),
    Column("pre_test", lazy("Test before"), score, ("тест до", "входной тест", "тест до обучения", "входное тестирование", "pre test", "pretest", "test before"), 5),
    Column("test", lazy("Test"), score, ("тест", "тест после", "итоговый тест", "балл", "баллы", "результат", "результат теста", "test", "score", "post test", "result"), 5),
    Column("reaction", lazy("Reaction, 1–5"), reaction, ("оценка", "реакция", "отклик", "удовлетворенность", "оценка обучения", "csat", "reaction", "rating", "satisfaction"), 5),
    Column("activated", lazy("Uses it, 30 days"), yes_no, ("активация", "активирован", "начал пользоваться", "пользуется", "использует", "активация 30 дней", "activated", "activation", "uses it")),
    Column("comment", lazy("In his words"), values.text(1000), ("отзыв", "комментарий", "комментарии", "слова", "comment", "feedback", "comments"), 22),
    Column("can_quote", lazy("May be quoted"), yes_no, ("можно цитировать", "цитировать", "согласие на цитату", "can quote", "may be quoted", "quote")),
    Column("invited", pgettext_lazy("trainee", "Invited"), yes_no, ("приглашен", "пригл", "приглашение", "приглашена", "invited")),
    Column("position", lazy("Position"), values.text(200), ("должность", "позиция", "position", "job title"), 16),
    Column("email", lazy("E-mail"), email, ("почта", "email", "e mail", "эл почта", "электронная почта", "mail"), 18),
)  # fmt: skip
BY_CODE = {column.code: column for column in COLUMNS}
CODES = tuple(BY_CODE)
PARTS_OF_NAME = {
    "фамилия": 0,
    "last name": 0,
    "surname": 0,
    "имя": 1,
    "first name": 1,
    "отчество": 2,
    "patronymic": 2,
}


@dataclass
class GridRow:
    """One line as it was typed; `who` is the trainee it belongs to, "" = somebody new."""

    cells: dict[str, str] = field(default_factory=dict)
    who: str = ""
    is_contact: bool = False

    @property
    def is_blank(self) -> bool:
        """Nothing was typed, and it stands for nobody."""
        return not self.who and not any(text.strip() for text in self.cells.values())


@dataclass(frozen=True, slots=True)
class Problem:
    """What is wrong in one cell; rows are counted from one, as people see them."""

    row: int
    code: str
    text: str

    @property
    def label(self) -> str:
        """The heading of the column."""
        return str(BY_CODE[self.code].label)


@dataclass(frozen=True, slots=True)
class ResultRow:
    """One person as the service takes him."""

    who: str
    name: str
    attended: bool
    invited: bool = True
    minutes: int | None = None
    pre_test: Decimal | None = None
    test: Decimal | None = None
    reaction: Decimal | None = None
    activated: bool | None = None
    comment: str = ""
    can_quote: bool = False
    position: str = ""
    email: str = ""

    @property
    def is_rated(self) -> bool:
        """He came, and there is a test or a reaction of him (§2.9)."""
        return self.attended and (self.test is not None or self.reaction is not None)


def rows_sent(data: Mapping[str, Sequence[str]]) -> list[GridRow]:
    """The lines of a form with parallel lists, `who` and one per column."""
    columns = {code: list(data.get(code, ())) for code in CODES}
    whos = list(data.get("who", ()))
    length = max([len(whos), *map(len, columns.values())], default=0)
    return [
        GridRow({code: _at(texts, place) for code, texts in columns.items()}, who=_at(whos, place))
        for place in range(length)
    ]


def _at(texts: Sequence[str], place: int) -> str:
    return texts[place] if place < len(texts) else ""


def read_rows(rows: Iterable[GridRow]) -> tuple[list[ResultRow], list[Problem]]:
    """Every filled line as values, and every cell that cannot be taken; the numbers are those on the screen."""
    read: list[ResultRow] = []
    problems: list[Problem] = []
    names: dict[str, int] = {}
    for number, row in enumerate(rows, start=1):
        if row.is_blank:
            continue
        found, wrong = _read_row(row, number)
        known_at = names.setdefault(normalise(found.name), number) if found.name else number
        if known_at != number:
            text = _("This name stands in line %(row)s already.") % {"row": known_at}
            wrong.append(Problem(number, "name", text))
        read.append(found)
        problems += wrong
    if len(read) > MAX_ROWS:
        text = _("A training has at most %(n)s people: split the list.") % {"n": MAX_ROWS}
        problems.append(Problem(MAX_ROWS + 1, "name", text))
    return read, problems


def _read_row(row: GridRow, number: int) -> tuple[ResultRow, list[Problem]]:
    said: dict[str, Any] = {}
    wrong = []
    for column in COLUMNS:
        text = row.cells.get(column.code, "").strip()
        if not text:
            continue
        try:
            said[column.code] = column.read(text)
        except CellError as problem:
            wrong.append(Problem(number, column.code, str(problem)))
    results = [code for code in ("minutes", "test", "reaction", "activated") if code in said]
    came = said.setdefault("attended", bool(results))
    if results and not came:
        wrong.append(Problem(number, "attended", _("There are results of somebody who did not come.")))
    if not said.get("name") and not any(one.code == "name" for one in wrong):
        wrong.append(Problem(number, "name", _("Enter the name.")))
    return ResultRow(who=row.who, name=said.pop("name", ""), **said), wrong


def facts_of_rows(rows: Sequence[ResultRow], held_on: Any, topic: str = "") -> TrainingFacts:
    """What the index would be made of, before anything is saved."""
    came = [row for row in rows if row.attended]
    known = [row for row in came if row.activated is not None]
    return TrainingFacts(
        held_on, topic, sum(row.invited for row in rows), len(came),
        _mean([row.reaction for row in came]), _mean([row.test for row in came]),
        sum(bool(row.activated) for row in known), len(known),
    )  # fmt: skip


def _mean(numbers: Iterable[Decimal | None]) -> Decimal | None:
    known = [number for number in numbers if number is not None]
    return EXACT.divide(sum(known, Decimal(0)), Decimal(len(known))) if known else None
