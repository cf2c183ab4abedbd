"""Doors of syncs and revisions; how to add a row: tests/doors/__init__.py."""

from tests.doors import Door
from tests.doors.deals.deals import form
from tests.doors.matrices import EDIT_PLAN, SEE_DEAL

LOGGED = {"see": SEE_DEAL, "do": EDIT_PLAN}

DOORS: dict[str, Door | list[Door]] = {
    "roadmaps:plan_revisions": Door("working_plan", see=SEE_DEAL),
    "roadmaps:revision_compare": Door("working_plan", see=SEE_DEAL),
    "roadmaps:revision_detail": Door("working_plan", see=SEE_DEAL, extra={"number": 1}),
    "roadmaps:plan_syncs": Door("working_plan", see=SEE_DEAL),
    "roadmaps:new_sync": form("working_plan", SEE_DEAL, EDIT_PLAN),
    "roadmaps:sync_now": Door("working_plan", method="post", **LOGGED),
    "roadmaps:sync_detail": Door("sync", see=SEE_DEAL),
    "roadmaps:edit_sync": form("sync", SEE_DEAL, EDIT_PLAN),
    "roadmaps:drop_sync": form("sync", SEE_DEAL, EDIT_PLAN),
    "roadmaps:sync_protocol": [Door("sync", **LOGGED), Door("sync", method="post", **LOGGED)],
    "roadmaps:sync_notes": form("sync", SEE_DEAL, EDIT_PLAN),
}
