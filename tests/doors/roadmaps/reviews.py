"""Doors of reviews; how to add a row: tests/doors/__init__.py."""

from tests.doors import Door
from tests.doors.matrices import EDIT_PLAN, SEE_DEAL, VALIDATE_PLAN

GOAL = {"item": "goal"}
DOORS: dict[str, Door | list[Door]] = {
    "roadmaps:review_queue": Door(do=VALIDATE_PLAN),
    "roadmaps:plan_review": Door("plan_in_review", see=SEE_DEAL),
    "roadmaps:plan_flags": Door("plan_in_review", see=SEE_DEAL),
    "roadmaps:approve_plan": [
        Door("plan_in_review", see=SEE_DEAL, do=VALIDATE_PLAN),
        Door("plan_in_review", see=SEE_DEAL, do=VALIDATE_PLAN, method="post"),
    ],
    "roadmaps:undo_approval": Door("approved_plan", see=SEE_DEAL, do={}, method="post"),
    "roadmaps:return_plan": [
        Door("plan_in_review", see=SEE_DEAL, do=VALIDATE_PLAN),
        Door("plan_in_review", see=SEE_DEAL, do=VALIDATE_PLAN, method="post"),
    ],
    "roadmaps:comment_plan": [
        Door("plan_in_review", see=SEE_DEAL, do=VALIDATE_PLAN, method="post", data=GOAL),
    ],
    "roadmaps:resolve_comment": [
        Door("review_comment", see=SEE_DEAL, do=EDIT_PLAN),
        Door("review_comment", see=SEE_DEAL, do=EDIT_PLAN, method="post"),
    ],
}
