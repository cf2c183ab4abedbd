"""What a kind of import is made of: declared fields, rows with their problems, and the records that a row asks for."""

import copy
from abc import ABC, abstractmethod
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from datetime import date
from typing import Any, ClassVar

from django.core.exceptions import NON_FIELD_ERRORS, ValidationError
from django.db import models
from django.utils.functional import Promise
from django.utils.translation import gettext as _

from accounts.imports.values import EMPTY_WORDS, CellError, Parser
from accounts.models import Company
from upsell_crm.core import clock
from upsell_crm.core.constraints import is_broken
from upsell_crm.core.models import User
from upsell_crm.core.roles import Action, Scope

Text = str | Promise


@dataclass(frozen=True)
class Field:
    """One thing that a column may hold. An empty cell changes nothing."""

    code: str
    label: Text
    parse: Parser
    synonyms: tuple[str, ...] = ()  # headers in Russian and English, beside the code and the label
    required: bool = False
    hint: Text = ""
    example: str = ""


@dataclass(frozen=True)
class Option:
    """A setting for the whole file, kept with the mapping of its source."""

    code: str
    label: Text
    parse: Parser
    hint: Text = ""


class RowProblem(Exception):
    """Why a row cannot be taken; `field` is a field code or empty for the whole row."""

    def __init__(self, field: str, message: Text) -> None:
        super().__init__(str(message))
        self.field, self.message = field, str(message)


@dataclass
class Problem:
    """A problem or a warning as it is shown: field code, the cell as typed, the sentence."""

    field: str
    value: str
    message: str


@dataclass
class Row:
    """A row of the file: its number there, its cells by field code, what they mean, what is wrong."""

    number: int
    cells: dict[str, str]
    values: dict[str, Any] = field(default_factory=dict)
    problems: list[Problem] = field(default_factory=list)
    warnings: list[Problem] = field(default_factory=list)

    def read(self, fields: Iterable[Field]) -> None:
        """Fill `values` from the cells; an empty cell gives no value."""
        for one in fields:
            cell = self.cells.get(one.code, "")
            if not cell or cell.lower() in EMPTY_WORDS:
                if one.required:
                    self.refuse(one.code, _("This column must be filled."))
                continue
            try:
                self.values[one.code] = one.parse(cell)
            except CellError as problem:
                self.refuse(one.code, str(problem))

    def refuse(self, code: str, message: Text) -> None:
        """Note why the row cannot be taken."""
        self.problems.append(Problem(code, self.cells.get(code, ""), str(message)))

    def warn(self, code: str, message: Text) -> None:
        """Note something odd that does not stop the row."""
        self.warnings.append(Problem(code, self.cells.get(code, ""), str(message)))

    def pick(self, *codes: str) -> dict[str, Any]:
        """The given values that the row has."""
        return {code: self.values[code] for code in codes if code in self.values}


@dataclass
class Settings:
    """Who imports, from which source, with which options; what a kind needs to know beside the rows."""

    by: User | None
    action: Action
    source: str = ""
    options: dict[str, Any] = field(default_factory=dict)
    today: date = field(default_factory=clock.today)

    def may_touch(self, company: Company) -> bool:
        """Everything for scope «all» and for the command line; else the importer's own team (domain.md §3)."""
        return self.reaches_all or (bool(self.by and self.by.team_id) and company.team_id == self.by.team_id)

    @property
    def reaches_all(self) -> bool:
        """Whether the importer may touch any company."""
        return self.by is None or Scope.ALL in self.by.scopes(self.action)


@dataclass
class Upsert:
    """A record to be created or updated, not yet written."""

    obj: models.Model
    row: int
    created: bool
    changes: dict[str, tuple[Any, Any]] = field(default_factory=dict)
    index: Callable[[Any], None] | None = None
    is_main: bool = False  # what the row is about; the others go with it


class Work:
    """The records that the file asks for: a row's own wait in `pending` until the whole row is known to be good."""

    def __init__(self) -> None:
        self.upserts: list[Upsert] = []
        self.pending: list[Upsert] = []
        self._current: dict[tuple[type[models.Model], Any], models.Model] = {}
        self._first_row: dict[tuple[type[models.Model], Any], int] = {}
        self._seen: list[tuple[type[models.Model], Any]] = []

    def put(
        self, row: Row, model: type[Any], found: Any, values: dict[str, Any], *,
        defaults: dict[str, Any] | None = None, index: Callable[[Any], None] | None = None, single: bool = False,
    ) -> Any:  # fmt: skip
        """The record with these values: new, changed or as it was. `single`: only one row may describe it.

        Raises RowProblem when an earlier row gives the same record other values, or a rule of the model says no.
        """
        if found is None:
            obj = model(**(defaults or {}) | values)
            return self._keep(row, Upsert(obj, row.number, True, index=index, is_main=single))
        found = self.current(found)
        key = (model, found.pk or id(found))
        changes = {name: pair for name, value in values.items() if (pair := _difference(found, name, value))}
        earlier = self._first_row.get(key)
        if earlier is not None and (single or changes):
            raise described_already(earlier)
        if not changes:
            self._seen.append(key)
            return found
        candidate = copy.copy(found)
        for name, (_old, new) in changes.items():
            setattr(candidate, name, new)
        return self._keep(row, Upsert(candidate, row.number, False, changes, index, single))

    def _keep(self, row: Row, upsert: Upsert) -> Any:
        if hasattr(upsert.obj, "set_search_columns"):
            upsert.obj.set_search_columns()
        check(upsert.obj, row, upsert.changes)
        self.pending.append(upsert)
        return upsert.obj

    def current(self, found: Any) -> Any:
        """The record as earlier rows of the file leave it."""
        return self._current.get((type(found), found.pk or id(found)), found)

    def accept(self, row: Row) -> str:
        """Take the row's records; returns created, updated or unchanged."""
        taken, self.pending = self.pending, []
        for upsert in taken:
            key = (type(upsert.obj), upsert.obj.pk or id(upsert.obj))
            self._current[key] = upsert.obj
            self._first_row.setdefault(key, row.number)
            if upsert.index:
                upsert.index(upsert.obj)
        for key in self._seen:
            self._first_row.setdefault(key, row.number)
        self._seen = []
        self.upserts += taken
        if not taken:
            return "unchanged"
        return "created" if any(one.is_main and one.created for one in taken) else "updated"

    def drop(self) -> None:
        """Forget what a refused row asked for."""
        self.pending, self._seen = [], []


def described_already(number: int) -> RowProblem:
    """The refusal of a second row about one record."""
    return RowProblem("", _("Row %(row)s describes the same record already.") % {"row": number})


def _difference(found: models.Model, name: str, value: Any) -> tuple[Any, Any] | None:
    field_ = found._meta.get_field(name)
    if field_.is_relation:
        same = getattr(found, field_.attname) == (value.pk if value is not None else None)
        same = same and (value is None or value.pk is not None)
    else:
        same = getattr(found, name) == value
    return None if same else (getattr(found, name), value)


def check(obj: models.Model, row: Row, changed: Iterable[str]) -> None:
    """The model's own rules, with the texts at the row's columns; raises RowProblem when something is wrong.

    References are known to be good, and a record that the same file creates has no key yet: it gets a stand-in.
    Uniqueness of a new record is what its kind matches by; a changed one is asked of the database.
    """
    references = [one for one in obj._meta.concrete_fields if one.is_relation]
    unsaved = [one.attname for one in references if one.is_cached(obj) and one.get_cached_value(obj) is not None
               and one.get_cached_value(obj).pk is None]  # fmt: skip
    obj.__dict__.update(dict.fromkeys(unsaved, -1))
    before = len(row.problems)
    try:
        obj.clean_fields(exclude={one.name for one in references} | {"public_id"})
        obj.clean()
        _check_constraints(obj, row, set(changed))
    except ValidationError as problem:
        for name, texts in problem.message_dict.items():
            for text in texts:
                row.refuse("" if name == NON_FIELD_ERRORS else name, text)
    finally:
        obj.__dict__.update(dict.fromkeys(unsaved, None))
    if len(row.problems) > before:
        raise RowProblem("", "")


def _check_constraints(obj: models.Model, row: Row, changed: set[str]) -> None:
    for constraint in obj._meta.constraints:
        if isinstance(constraint, models.CheckConstraint):
            if is_broken(constraint, obj):
                row.refuse(_column_of(constraint, row), constraint.get_violation_error_message())  # type: ignore[arg-type]
        elif isinstance(constraint, models.UniqueConstraint) and obj.pk and changed & set(constraint.fields):
            constraint.validate(type(obj), obj)


def _column_of(constraint: models.CheckConstraint, row: Row) -> str:
    """Where the person can mend it: an empty cell of the rule's columns first, else the last of them."""
    codes = [code for code in row.cells if code in constraint.condition.referenced_base_fields]
    return next((code for code in codes if code not in row.values), codes[-1] if codes else "")


class Kind(ABC):
    """One kind of list. An instance lives for one file and keeps its look-ups."""

    code: ClassVar[str]
    action: ClassVar[Action]
    fields: ClassVar[tuple[Field, ...]]
    options: ClassVar[tuple[Option, ...]] = ()
    required_together: ClassVar[tuple[tuple[str, ...], ...]] = ()  # of each group one column must be mapped

    def __init__(self, settings: Settings) -> None:
        self.settings = settings
        self.work = Work()

    def refuse_settings(self, mapped: set[str]) -> None:  # noqa: B027 - most kinds have no such rule
        """Raises DomainError when the options do not fit the mapped columns."""

    @abstractmethod
    def load(self, rows: list[Row]) -> None:
        """Read what the rows refer to, in a constant number of statements."""

    def order(self, rows: list[Row]) -> list[Row]:
        """The rows in the order in which they can be resolved."""
        return rows

    @abstractmethod
    def plan(self, row: Row) -> None:
        """Ask `self.work` for the records of one row; raises RowProblem."""

    def label(self, row: Row) -> str:
        """What the row is about, for the preview."""
        return " · ".join(str(row.cells[one.code]) for one in self.fields[:6] if row.cells.get(one.code))[
            :200
        ]

    def touched(self, obj: models.Model) -> set[int]:
        """The companies whose facts a written record moves."""
        return {obj.pk if isinstance(obj, Company) else getattr(obj, "company_id", None) or 0} - {0}

    def after_write(self, written: list[Upsert]) -> list[Upsert]:
        """Effects of the room once everything is written, in the same transaction; returns what else changed."""
        return []


def parents_first(
    rows: list[Row], names: Callable[[Row], Iterable[str]], needs: Callable[[Row], Iterable[str]]
) -> list[Row]:
    """Rows so that what a row refers to in the same file stands before it; a circle keeps the file's order."""
    by_name: dict[str, list[Row]] = {}  # several rows may name one record: all of them come first
    for row in rows:
        for name in names(row):
            by_name.setdefault(name, []).append(row)
    ordered: dict[int, Row] = {}
    waiting: set[int] = set()
    stack = list(reversed(rows))
    while stack:
        row = stack[-1]
        wanted = [one for name in needs(row) for one in by_name.get(name, ()) if one is not row]
        missing = [one for one in wanted if one.number not in ordered and one.number not in waiting]
        if row.number in ordered or not missing or row.number in waiting:
            ordered.setdefault(stack.pop().number, row)
            continue
        waiting.add(row.number)
        stack += reversed(missing)
    return list(ordered.values())
