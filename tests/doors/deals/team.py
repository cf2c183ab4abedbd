"""Doors of team; how to add a row: tests/doors/__init__.py."""

from tests.doors import Door
from tests.doors.matrices import (
    ASK_KAM,
    ASSIGN_MEMBERS,
    HAND_OVER,
    MANAGE_SYSTEM,
    SEE_COMPANY,
    SEE_DEAL,
    SEE_WORKLOAD,
    either,
)

REFUSED = frozenset({204, 302, 422})  # the only member of the subject may be the responsible one

DOORS: dict[str, Door | list[Door]] = {
    "deals:deal_team": Door("deal", see=SEE_DEAL),
    "deals:add_member": [
        Door("deal", see=SEE_DEAL, do=ASSIGN_MEMBERS),
        Door("deal", see=SEE_DEAL, do=ASSIGN_MEMBERS, htmx=True),
        Door("deal", see=SEE_DEAL, do=ASSIGN_MEMBERS, method="post"),
    ],
    "deals:communicator": [
        Door("deal", see=SEE_DEAL, do=ASSIGN_MEMBERS),
        Door("deal", see=SEE_DEAL, do=ASSIGN_MEMBERS, method="post"),
    ],
    "deals:accept_communicator": Door("deal", see=SEE_DEAL, do=ASSIGN_MEMBERS, method="post"),
    "deals:end_member": Door("deal_member", see=SEE_DEAL, do=ASSIGN_MEMBERS, method="post", answers=REFUSED),
    "deals:take_back_member_end": Door(
        "deal_member", see=SEE_DEAL, do=ASSIGN_MEMBERS, method="post", answers=REFUSED
    ),
    "deals:colleague_options": Door(do=either(ASSIGN_MEMBERS, SEE_WORKLOAD)),
    "deals:expertise_gaps": Door("company", see=SEE_COMPANY),
    "deals:workload": Door(do=SEE_WORKLOAD),
    "deals:expertise": Door(do=SEE_WORKLOAD),
    "deals:mark_expert": Door(do=ASK_KAM, method="post", answers=frozenset({404})),  # names nobody
    "deals:without_kam": Door(do=either(HAND_OVER, MANAGE_SYSTEM)),
}
