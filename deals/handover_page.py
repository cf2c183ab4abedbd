"""What the page of one handover shows: where it stands, what waits, what will move."""

from dataclasses import dataclass
from typing import Any

from accounts.access import may as may_on_company
from deals.enums import HandoverState, IntroMode
from deals.handover_machine import MACHINE, leads
from deals.handover_mode import suggestion_words
from deals.handover_sheets import sheets_of
from deals.models import Handover, HandoverItem
from deals.services.handover_intro import is_coming, tasks_that_move
from deals.services.handover_items import ACCEPTING
from deals.services.handovers import deals_that_move
from upsell_crm.core.models import User
from upsell_crm.core.roles import Action

S = HandoverState
ROAD = (S.DRAFT, S.PROPOSED, S.ACCEPTED, S.INTRO, S.COMPLETED)


@dataclass(frozen=True, slots=True)
class Step:
    """One place of the strip: passed, here, or ahead."""

    label: str
    is_passed: bool
    is_here: bool


@dataclass(frozen=True, slots=True)
class Line:
    """One line of the checklist with what this person may do about it."""

    item: HandoverItem
    may_fill: bool
    may_accept: bool


def page_of(handover: Handover, user: User) -> dict[str, Any]:
    """The context of the page for this person."""
    is_lead = leads(user, handover)
    moves = {str(move.target) for move in MACHINE.open_to(user, handover)}
    items = list(handover.items.all())
    gives = handover.is_open and (is_lead or user.pk == handover.from_user_id)
    takes = user.pk == handover.to_user_id
    accepts = takes and handover.state in ACCEPTING
    is_party = user.pk in (handover.from_user_id, handover.to_user_id)
    plans = (gives or takes) and (S.INTRO in moves or (handover.state == S.INTRO and not is_coming(handover)))
    return {
        "handover": handover,
        "steps": strip(handover),
        "lines": [
            Line(item, gives, accepts and item.filled_at is not None and item.accepted_at is None)
            for item in items
        ],
        "accepted": sum(item.accepted_at is not None for item in items),
        "total": len(items),
        "why": suggestion_words(handover.suggested_mode, handover.suggested_facts, handover.from_user),
        "suggested": IntroMode(handover.suggested_mode).label,
        "sheets": sheets_of(
            handover.dossier,
            with_money=is_party or may_on_company(user, Action.SEE_MONEY, handover.company),
            with_people=is_party or may_on_company(user, Action.SEE_CONTACTS, handover.company),
        ),
        "moves": moves,
        "may_change_mode": gives,
        "may_plan": plans,
        "is_ready": is_ready(handover, items),
        "deals": deals_that_move(handover) if handover.is_open else [],
        "tasks": list(tasks_that_move(handover)[:50]) if handover.is_open else [],
    }


def strip(handover: Handover) -> list[Step]:
    """The road of §2.9; a handover that left it stands at its end under its own word."""
    if handover.state not in ROAD:
        return [Step(str(S.DRAFT.label), True, False), Step(handover.get_state_display(), False, True)]
    here = ROAD.index(S(handover.state))
    return [Step(str(state.label), place < here, place == here) for place, state in enumerate(ROAD)]


def is_ready(handover: Handover, items: list[HandoverItem]) -> bool:
    """Whether the completion is the next thing to do: all accepted and the client knows, or is told by words."""
    if not all(item.accepted_at for item in items):
        return False
    meeting = handover.introduction
    return handover.mode != IntroMode.THREE_WAY or (meeting is not None and meeting.state == "held")
