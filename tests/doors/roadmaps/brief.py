"""Doors of the brief; how to add a row: tests/doors/__init__.py."""

from tests.doors import Door
from tests.doors.matrices import SEE_COMPANY

DOORS: dict[str, Door | list[Door]] = {
    "roadmaps:company_brief": Door("company", see=SEE_COMPANY),
}
