"""Doors of presentations; how to add a row: tests/doors/__init__.py."""

from tests.doors import Door
from tests.doors.matrices import EDIT_PLAN, SEE_DEAL, SEE_MONEY, matrix

NO_FILE = frozenset({422})  # a draft has none
OURS = matrix("lead OTH, head A, admin A")  # our own logo, on a plan that they may open
BLOCK = {"kind": "usage"}

DOORS: dict[str, Door | list[Door]] = {
    "roadmaps:plan_presentation": Door("plan", see=SEE_DEAL, do=SEE_MONEY),
    "roadmaps:presentation_new": Door("plan", see=SEE_DEAL, do=EDIT_PLAN, method="post"),
    "roadmaps:logo_edit": [
        Door("plan", see=SEE_DEAL, do=EDIT_PLAN, extra={"whose": "client"}),
        Door("plan", see=SEE_DEAL, do=EDIT_PLAN, extra={"whose": "client"}, method="post"),
        Door("plan", see=SEE_DEAL, do=OURS, extra={"whose": "ours"}),
    ],
    "roadmaps:logo_remove": Door(
        "plan", see=SEE_DEAL, do=EDIT_PLAN, extra={"whose": "client"}, method="post"
    ),
    "roadmaps:presentation_detail": Door("presentation", see=SEE_DEAL, do=SEE_MONEY),
    "roadmaps:presentation_print": Door("presentation", see=SEE_DEAL, do=SEE_MONEY),
    "roadmaps:presentation_version": Door(
        "presentation", see=SEE_DEAL, do=EDIT_PLAN, method="post", answers=frozenset({302, 422})
    ),
    "roadmaps:presentation_edit": [
        Door("presentation", see=SEE_DEAL, do=EDIT_PLAN),
        Door("presentation", see=SEE_DEAL, do=EDIT_PLAN, method="post"),
    ],
    "roadmaps:block_edit": [
        Door("presentation", see=SEE_DEAL, do=EDIT_PLAN, extra=BLOCK),
        Door("presentation", see=SEE_DEAL, do=EDIT_PLAN, extra=BLOCK, method="post"),
    ],
    "roadmaps:block_switch": Door("presentation", see=SEE_DEAL, do=EDIT_PLAN, extra=BLOCK, method="post"),
    "roadmaps:block_move": Door("presentation", see=SEE_DEAL, do=EDIT_PLAN, extra=BLOCK, method="post"),
    "roadmaps:presentation_move": [
        Door("presentation", see=SEE_DEAL, do=EDIT_PLAN, extra={"to": "ready"}),
        Door("presentation", see=SEE_DEAL, do=EDIT_PLAN, extra={"to": "review"}, method="post"),
    ],
    "roadmaps:presentation_files": Door("presentation", see=SEE_DEAL, do=SEE_MONEY),
    "roadmaps:presentation_file": Door(
        "presentation", see=SEE_DEAL, do=SEE_MONEY, extra={"kind": "pptx"}, answers=NO_FILE
    ),
    "roadmaps:presentation_request": Door(
        "presentation", see=SEE_DEAL, do=SEE_MONEY, extra={"kind": "pptx"}, method="post", answers=NO_FILE
    ),
}
