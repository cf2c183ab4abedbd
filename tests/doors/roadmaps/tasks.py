"""Doors of tasks; how to add a row: tests/doors/__init__.py."""

from tests.doors import Door
from tests.doors.matrices import EDIT_PLAN, SEE_DEAL

DOORS: dict[str, Door | list[Door]] = {
    "roadmaps:plan_task_new": [
        Door("plan", see=SEE_DEAL, do=EDIT_PLAN),
        Door("plan", see=SEE_DEAL, do=EDIT_PLAN, method="post"),
    ],
    "roadmaps:plan_task_edit": [
        Door("plan_task", see=SEE_DEAL, do=EDIT_PLAN),
        Door("plan_task", see=SEE_DEAL, do=EDIT_PLAN, method="post"),
    ],
    "roadmaps:plan_task_remove": [
        Door("plan_task", see=SEE_DEAL, do=EDIT_PLAN),
        Door("plan_task", see=SEE_DEAL, do=EDIT_PLAN, method="post"),
    ],
    "roadmaps:plan_fill": [
        Door("plan", see=SEE_DEAL, do=EDIT_PLAN),
        Door("plan", see=SEE_DEAL, do=EDIT_PLAN, method="post"),
    ],
    "roadmaps:plan_load": Door("plan", see=SEE_DEAL),
    "roadmaps:my_plan_tasks": Door(),
}
