"""The verdict of every row, before anything is written."""

from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

from django.db import models
from django.utils.translation import gettext as _

from accounts.imports.base import Kind, Row, RowProblem, Upsert
from accounts.imports.mapping import heading_of
from upsell_crm.core.audit import readable
from upsell_crm.core.errors import DomainError
from upsell_crm.core.spreadsheets import Sheet

STEP = 250  # rows between two reports of progress
REJECTED = "rejected"


@dataclass(frozen=True)
class Issue:
    """A problem or a warning as people see it: the row of the file, its column, the cell, the sentence."""

    row: int
    column: str
    value: str
    message: str


@dataclass(frozen=True)
class Verdict:
    """What would become of one row."""

    row: int
    action: str  # created | updated | unchanged | rejected
    label: str
    changes: list[tuple[str, Any, Any]] = field(default_factory=list)  # label of the field, old, new


@dataclass
class Plan:
    """What a file would do."""

    verdicts: list[Verdict] = field(default_factory=list)
    upserts: list[Upsert] = field(default_factory=list)
    errors: list[Issue] = field(default_factory=list)
    warnings: list[Issue] = field(default_factory=list)

    @property
    def counts(self) -> dict[str, int]:
        """How many rows of each verdict."""
        found = Counter(verdict.action for verdict in self.verdicts)
        return {action: found[action] for action in ("created", "updated", "unchanged", REJECTED)}


def make_plan(
    kind: Kind, sheet: Sheet, columns: dict[str, str], progress: Callable[[int], None] = lambda percent: None
) -> Plan:
    """Read, validate and match every row; writes nothing. Raises DomainError when the options do not fit."""
    kind.refuse_settings(set(columns))
    plan = Plan()
    rows = [_read(kind, sheet, columns, number, cells) for number, cells in sheet.rows]
    good = [row for row in rows if not row.problems]
    if good:
        kind.load(good)
    verdicts = {row.number: Verdict(row.number, REJECTED, kind.label(row)) for row in rows}
    for place, row in enumerate(kind.order(good)):
        if place % STEP == 0:
            progress(100 * place // len(good))
        verdicts[row.number] = _judge(kind, row)
    plan.upserts = kind.work.upserts
    for row in rows:
        plan.verdicts.append(verdicts[row.number])
        plan.errors += [_issue(kind, columns, row, one) for one in row.problems]
        plan.warnings += [_issue(kind, columns, row, one) for one in row.warnings if not row.problems]
    return plan


def _read(kind: Kind, sheet: Sheet, columns: dict[str, str], number: int, cells: list[str]) -> Row:
    # In the order of the fields: a stored mapping comes back from PostgreSQL in another one.
    places = {
        field.code: sheet.headers.index(columns[field.code]) for field in kind.fields if field.code in columns
    }
    row = Row(number, {code: cells[place] for code, place in places.items() if place < len(cells)})
    if any(cells[len(sheet.headers) :]):
        row.refuse("", _("The row has more cells than the heading: a separator inside a text needs quotes."))
        return row
    row.read(kind.fields)
    return row


def _judge(kind: Kind, row: Row) -> Verdict:
    try:
        kind.plan(row)
    except RowProblem as problem:
        if problem.message:
            row.refuse(problem.field, problem.message)
    except DomainError as problem:
        row.refuse(next(iter(problem.errors), ""), str(problem.message))
    label = kind.label(row)
    if row.problems:
        kind.work.drop()
        return Verdict(row.number, REJECTED, label)
    changes = [change for upsert in kind.work.pending if not upsert.created for change in _changes(upsert)]
    return Verdict(row.number, kind.work.accept(row), label, changes)


def _changes(upsert: Upsert) -> list[tuple[str, Any, Any]]:
    fields = upsert.obj._meta
    return [
        (
            str(getattr(fields.get_field(name), "verbose_name", name)),
            _shown(upsert.obj, name, old),
            _shown(upsert.obj, name, new),
        )
        for name, (old, new) in upsert.changes.items()
        if fields.get_field(name).editable
    ]


def _shown(obj: models.Model, name: str, value: Any) -> Any:
    choices = dict(getattr(obj._meta.get_field(name), "flatchoices", None) or ())
    return readable(
        str(choices[value]) if value in choices and not isinstance(value, models.Model) else value
    )


def _issue(kind: Kind, columns: dict[str, str], row: Row, problem: Any) -> Issue:
    column = heading_of(kind.fields, columns, problem.field)[:200]
    return Issue(row.number, column, problem.value[:300], problem.message[:500])
