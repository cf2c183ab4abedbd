"""Doors of handovers; the visitors are neither its giver nor its receiver, so its steps are the lead's alone."""

from tests.doors import Door
from tests.doors.matrices import ASSIGN_KAM, HAND_OVER, SEE_COMPANY, SEE_DEAL, Matrix

LEADS = {role: letters for role, letters in HAND_OVER.items() if role != "kam"}
NOBODY: Matrix = {}
STARTS = frozenset(
    {200, 403, 422}
)  # 403: a KAM who is a member only; tests/deals/test_handovers.py tells them apart
ITEM = {"code": "risks"}


def form(right: Matrix, **options: object) -> list[Door]:
    """A form over one handover, opened and sent."""
    return [
        Door("handover", see=SEE_DEAL, do=right, **options),
        Door("handover", see=SEE_DEAL, do=right, method="post", **options),
    ]


DOORS: dict[str, Door | list[Door]] = {
    "deals:handover_list": Door(do=SEE_DEAL),
    "deals:handover_summary": Door(do=ASSIGN_KAM),
    "deals:my_handovers": Door(),
    "deals:handover_detail": Door("handover", see=SEE_DEAL),
    "deals:propose_handover": Door("handover", see=SEE_DEAL, do=LEADS, method="post"),
    "deals:accept_handover": Door("proposed_handover", see=SEE_DEAL, do=NOBODY, method="post"),
    "deals:decline_handover": Door("proposed_handover", see=SEE_DEAL, do=NOBODY),
    "deals:cancel_handover": form(LEADS),
    "deals:intro_mode": form(LEADS),
    "deals:plan_introduction": Door("accepted_handover", see=SEE_DEAL, do=LEADS),
    "deals:complete_handover": Door("introduced_handover", see=SEE_DEAL, do=LEADS),
    "deals:fill_handover_item": form(LEADS, extra=ITEM),
    "deals:accept_handover_item": Door("accepted_handover", see=SEE_DEAL, do=NOBODY, method="post", extra=ITEM),
    "deals:company_handover": Door("company", see=SEE_COMPANY),
    "deals:start_company_handover": [
        Door("company", see=SEE_COMPANY, do=HAND_OVER, answers=STARTS),
        Door("company", see=SEE_COMPANY, do=HAND_OVER, answers=STARTS, method="post"),
    ],
    "deals:deal_handover": Door("deal", see=SEE_DEAL),
    "deals:start_deal_handover": Door("deal", see=SEE_DEAL, do=HAND_OVER, answers=STARTS),
}  # fmt: skip
