"""Doors of timeline; how to add a row: tests/doors/__init__.py."""

from tests.doors import Door
from tests.doors.matrices import EDIT_PLAN, SEE_DEAL

DOORS: dict[str, Door | list[Door]] = {
    "roadmaps:plan_timeline": Door("plan", see=SEE_DEAL),
    "roadmaps:plan_dates": Door("plan", see=SEE_DEAL, do=EDIT_PLAN, method="post"),
    "roadmaps:plan_dates_undo": Door(
        "plan", see=SEE_DEAL, do=EDIT_PLAN, method="post", answers=frozenset({422})
    ),
    "roadmaps:plan_task_dates": [
        Door("plan_task", see=SEE_DEAL, do=EDIT_PLAN),
        Door("plan_task", see=SEE_DEAL, do=EDIT_PLAN, method="post"),
    ],
}
