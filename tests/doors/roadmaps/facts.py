"""Doors of facts; how to add a row: tests/doors/__init__.py."""

from tests.doors import Door
from tests.doors.matrices import CONFIRM_FACTS, EDIT_PLAN, OVERRIDE_GATE, SEE_DEAL

DOORS: dict[str, Door | list[Door]] = {
    "roadmaps:plan_facts": Door("plan", see=SEE_DEAL),
    "roadmaps:confirm_plan_fact": Door(
        "plan", see=SEE_DEAL, do=CONFIRM_FACTS, method="post", data={"fact": "procurement"}
    ),
    "roadmaps:take_back_plan_fact": Door(
        "plan", see=SEE_DEAL, method="post", extra={"checks": "0"}, answers=frozenset({422})
    ),
    "roadmaps:open_plan_tasks": [
        Door("plan", see=SEE_DEAL, do=OVERRIDE_GATE),
        Door("plan", see=SEE_DEAL, do=OVERRIDE_GATE, method="post"),
    ],
    "roadmaps:shut_plan_tasks": Door("plan", see=SEE_DEAL, do=OVERRIDE_GATE, method="post"),
    "roadmaps:settle_replan": [
        Door("replan_item", see=SEE_DEAL, do=EDIT_PLAN),
        Door("replan_item", see=SEE_DEAL, do=EDIT_PLAN, method="post"),
    ],
    "roadmaps:undo_settling": Door("replan_item", see=SEE_DEAL, do=EDIT_PLAN, method="post"),
}
