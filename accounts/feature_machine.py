"""The states of an awaited feature as one declared table: from, to, who, guard, effect (domain.md §2.9).

A move that is not in MOVES does not exist. The services of features are its only users.
"""

from dataclasses import dataclass
from datetime import date
from typing import Any

from django.utils.translation import gettext as _

from accounts.access import within_reach
from accounts.enums import FeatureStatus
from accounts.models import FeatureRequest, FeatureWait
from upsell_crm.core.errors import DomainError
from upsell_crm.core.machine import Machine, Move
from upsell_crm.core.models import User
from upsell_crm.core.roles import Action, Role, Scope

S = FeatureStatus


@dataclass(frozen=True, slots=True)
class FeatureFacts:
    """What the person states with a move; `today` is the business date."""

    today: date
    planned_on: date | None = None
    released_on: date | None = None
    reason: str = ""


def has_date(feature: FeatureRequest, facts: FeatureFacts) -> None:
    """A plan is a date, and it lies ahead."""
    if facts.planned_on is None or facts.planned_on < facts.today:
        text = _("When is it planned? Choose today or a later day.")
        raise DomainError("no_date", text, {"planned_on": [text]})


def is_out(feature: FeatureRequest, facts: FeatureFacts) -> None:
    """Released today or earlier; what will be released is planned."""
    if facts.released_on is not None and facts.released_on > facts.today:
        text = _("This day has not come yet.")
        raise DomainError("not_yet", text, {"released_on": [text]})


def has_reason(feature: FeatureRequest, facts: FeatureFacts) -> None:
    """The clients will ask why."""
    if not facts.reason.strip():
        text = _("Write the reason: it goes to the KAMs who must tell their clients.")
        raise DomainError("no_reason", text, {"reason": [text]})


def everybody_answered(feature: FeatureRequest, facts: FeatureFacts) -> None:
    """At least one client waited, and each of them has said what he thinks."""
    waits = FeatureWait.objects.filter(feature=feature)
    if not waits.exists() or waits.filter(response="").exists():
        raise DomainError("not_answered", _("Not every client has answered yet."))


def plans(feature: FeatureRequest, facts: FeatureFacts) -> dict[str, Any]:
    return {"planned_release": facts.planned_on}


def releases(feature: FeatureRequest, facts: FeatureFacts) -> dict[str, Any]:
    return {"released_on": facts.released_on or facts.today}


def declines(feature: FeatureRequest, facts: FeatureFacts) -> dict[str, Any]:
    return {"status_reason": facts.reason.strip()}


_PASSERS = frozenset({Role.KAM, Role.CSM, Role.LEAD, Role.HEAD})
_ADMIN = frozenset({Role.ADMIN})
_ENTER, _SET = Action.CREATE_FEATURE, Action.SET_FEATURE

MOVES: tuple[Move[FeatureRequest], ...] = (
    Move(S.NEW, S.SUBMITTED, _ENTER, _PASSERS),
    Move(S.NEW, S.SUBMITTED, _SET, _ADMIN),
    Move(S.SUBMITTED, S.PLANNED, _SET, _ADMIN, has_date, plans),
    Move(S.PLANNED, S.DEV, _SET, _ADMIN),
    Move(S.DEV, S.RELEASED, _SET, _ADMIN, is_out, releases),
    Move(S.RELEASED, S.CLOSED, _SET, guard=everybody_answered, is_by_job=True),
    *(Move(source, S.DECLINED, _SET, _ADMIN, has_reason, declines) for source in (S.SUBMITTED, S.PLANNED)),
)


def may_act(by: User, action: Action, feature: FeatureRequest) -> bool:
    """The administrator on all; who entered the feature, or has a client waiting for it, passes it to product."""
    scopes = by.scopes(action)
    if Scope.ALL in scopes:
        return True
    if not scopes:
        return False
    waits = FeatureWait.objects.filter(within_reach(by, action, "company__"), feature=feature)
    return feature.created_by_id == by.pk or waits.exists()


MACHINE: Machine[FeatureRequest] = Machine(MOVES, may_act, field="status")
