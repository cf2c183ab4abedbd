"""Doors of strategies; how to add a row: tests/doors/__init__.py."""

from tests.doors import Door
from tests.doors.deals.deals import form
from tests.doors.matrices import CLOSE_DEAL, EDIT_PLAN, SEE_COMPANY, SEE_DEAL, VALIDATE_PLAN

CANCEL = {"to": "cancelled"}

DOORS: dict[str, Door | list[Door]] = {
    "roadmaps:plan_list": [Door(do=SEE_DEAL), Door(do=SEE_DEAL, htmx=True)],
    "roadmaps:plan_detail": Door("plan", see=SEE_DEAL),
    "roadmaps:plan_history": Door("plan", see=SEE_DEAL),
    "roadmaps:move_plan": form("plan", SEE_DEAL, EDIT_PLAN, extra=CANCEL),
    "roadmaps:edit_plan": form("plan", SEE_DEAL, EDIT_PLAN),
    "roadmaps:upgrade_plan": form("plan", SEE_DEAL, EDIT_PLAN),
    "roadmaps:check_plan": Door("plan", see=SEE_DEAL, do=VALIDATE_PLAN, method="post"),
    "roadmaps:deal_plan": Door("deal", see=SEE_DEAL),
    "roadmaps:create_plan": form("deal", SEE_DEAL, EDIT_PLAN),
    "roadmaps:company_plan": Door("company", see=SEE_COMPANY),
    # only the KAM of the client himself, not a member of it: a deal that is opened has him as its responsible person
    "roadmaps:create_company_plan": form("company", SEE_COMPANY, CLOSE_DEAL),
}
