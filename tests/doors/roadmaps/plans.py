"""Doors of strategies; how to add a row: tests/doors/__init__.py."""

from tests.doors import Door
from tests.doors.matrices import SEE_DEAL

DOORS: dict[str, Door | list[Door]] = {
    "roadmaps:plan_detail": Door("plan", see=SEE_DEAL),
}
