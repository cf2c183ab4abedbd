"""Doors of the matrix of a portfolio; how to add a row: tests/doors/__init__.py."""

from tests.doors import Door
from tests.doors.matrices import EXPORT, SEE_COMPANY

DOORS: dict[str, Door | list[Door]] = {
    "deals:whitespace": Door(
        do=SEE_COMPANY, answers=frozenset({200, 302})
    ),  # a KAM goes to his own portfolio
    "deals:whitespace_totals": Door(do=SEE_COMPANY),
    # 422 when nothing of it may be exported
    "deals:whitespace_export": Door(
        do=EXPORT, method="post", data={"format": "csv"}, answers=frozenset({200, 422})
    ),
}
