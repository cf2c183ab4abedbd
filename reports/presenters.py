"""Ranked rows as the pages show them: the row with its reasons in words."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

from reports.explanations import (
    Flag,
    Line,
    Names,
    change_words,
    explain,
    flags,
    missing_hint,
    names_for,
    notes,
    top_lines,
)
from reports.models import RankRow
from upsell_crm.core.models import User


@dataclass(frozen=True, slots=True)
class ShownRow:
    """A row of a ranked list."""

    row: RankRow
    top: list[Line]
    flags: list[Flag]
    missing: str
    change: str

    @property
    def ends_on(self) -> date | None:
        """The last day of a pilot, for companies without a score."""
        end = self.row.evidence.get("end")
        return date.fromisoformat(end) if end else None


@dataclass(frozen=True, slots=True)
class Why:
    """The whole answer to «why this score»."""

    row: RankRow
    lines: list[Line]
    flags: list[Flag]
    missing: str
    notes: list[str]
    change: str


def shown_rows(rows: Iterable[RankRow], viewer: User) -> list[ShownRow]:
    """Rows with their largest reasons; four statements for the names, however many rows."""
    listed = list(rows)
    names = names_for(listed, viewer)
    return [_shown(row, names) for row in listed]


def why(row: RankRow, viewer: User) -> Why:
    """Every line of one row."""
    names = names_for([row], viewer)
    return Why(row, explain(row, names), flags(row), missing_hint(row), notes(row), change_words(row))


def _shown(row: RankRow, names: Names) -> ShownRow:
    if row.listed:
        return ShownRow(row, [], [], "", "")
    return ShownRow(row, top_lines(row, names), flags(row), missing_hint(row), change_words(row))
