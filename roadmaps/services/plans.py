"""Strategies: beginning one, its head, an action plan that becomes a roadmap (R41–R45)."""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from accounts.calendar import check_day
from deals.access import may as may_on_deal
from deals.models import Deal
from deals.services.members import check_is_open
from roadmaps.access import may
from roadmaps.enums import PlanState, PlanType
from roadmaps.models import Plan
from roadmaps.services.revisions import settle, settling
from upsell_crm.core import clock
from upsell_crm.core.commands import change, create
from upsell_crm.core.errors import DomainError, NotAllowed
from upsell_crm.core.models import User
from upsell_crm.core.roles import Action

HEAD = frozenset({"goal", "success_metric", "success_value", "deadline", "presentation_on"})


def create_plan(
    deal: Deal, *, by: User, type: str, suggested: str = "", reasons: list[Any] | None = None, comment: str = "",
    **head: Any,
) -> Plan:  # fmt: skip
    """A draft for the deal. Another type than the suggested one needs a comment (R43). Raises NotAllowed, DomainError."""
    if not may_on_deal(by, Action.EDIT_PLAN, deal):
        raise NotAllowed("not_allowed", _("You may not plan for this deal."))
    check_is_open(deal)
    if suggested and type != suggested and not comment.strip():
        text = _("Say why another type than the suggested one.")
        raise DomainError("no_comment", text, {"override_comment": [text]})
    if Plan.objects.open().filter(deal=deal).exists():
        raise DomainError("planned_already", _("This deal has a strategy already."))
    plan = Plan(
        deal=deal, type=type, type_suggested=suggested, type_reasons=reasons or [], override_comment=comment.strip(),
        state_since=clock.now(), **_head(head),
    )  # fmt: skip
    with transaction.atomic():
        create(plan, by=by, event="create_plan")
        settle(plan, by=by)
    return plan


def update_plan(
    plan: Plan, values: dict[str, Any], *, by: User, version: int | None = None, reason: str = ""
) -> dict[str, Any]:
    """Goal, criterion, deadline, day of the presentation; of a plan in work it is a revision with a reason (R52)."""
    with editing(plan, by=by, reason=reason, version=version):
        return change(plan, _head(values), by=by, event="update_plan", version=version, reason=reason)


def upgrade_plan(plan: Plan, *, by: User, version: int | None = None, reason: str = "") -> Plan:
    """An action plan becomes a roadmap; nothing of it is lost. It begins at stage 1 (R43, R46).

    Raises NotAllowed, Stale, DomainError: one that is with the lead waits for his answer, as with every other change.
    """
    check_may_change(by, plan)
    if plan.is_roadmap:
        raise DomainError("is_roadmap", _("This is a roadmap already."))
    values = {"type": PlanType.ROADMAP, "state": PlanState.INFO, "state_since": clock.now()}
    with transaction.atomic():
        change(plan, values, by=by, event="upgrade_plan", version=version, reason=reason)
        settle(plan, by=by, reason=reason)
    return plan


def require_review(plan: Plan, *, by: User, needed: bool, version: int | None = None) -> Plan:
    """The lead wants to see this plan before it starts, or lets it go (R79: as a rule only key clients)."""
    if not may(by, Action.VALIDATE_PLAN, plan):
        raise NotAllowed("not_allowed", _("The lead decides which plans he checks."))
    change(plan, {"needs_review": needed}, by=by, event="require_review", version=version)
    return plan


def check_may_edit(by: User, plan: Plan) -> None:
    """Raises NotAllowed for who neither leads nor is a KAM of the deal (§3)."""
    if not may(by, Action.EDIT_PLAN, plan):
        raise NotAllowed("not_allowed", _("You may not change this plan."))


def check_not_ended(plan: Plan) -> None:
    """What was completed or cancelled is read only (§2.9). Raises DomainError."""
    if not plan.is_open:
        raise DomainError("ended", _("This strategy has ended."))


def check_may_change(by: User, plan: Plan) -> None:
    """The right, and a state in which plans are written. Raises NotAllowed, DomainError (`ended`, `in_review`)."""
    check_may_edit(by, plan)
    check_not_ended(plan)
    if plan.state == PlanState.REVIEW:
        raise DomainError("in_review", _("The plan is with the lead: it is changed after the answer."))


@contextmanager
def editing(plan: Plan, *, by: User, reason: str = "", version: int | None = None) -> Iterator[None]:
    """Around every change of the head or the tasks by a person: the right, the state, one revision at the end.

    A plan in work needs a reason; one in review is not touched, and what has ended neither. Raises NotAllowed, Stale,
    DomainError (`in_review`, `ended`, `no_reason`).
    """
    check_may_change(by, plan)
    if plan.is_working and not reason.strip():
        text = _("Write why the plan changes: it becomes a numbered revision.")
        raise DomainError("no_reason", text, {"reason": [text]})
    with settling(plan, by=by, reason=reason, version=version):
        yield


def _head(values: dict[str, Any]) -> dict[str, Any]:
    if unknown := set(values) - HEAD:
        raise ValueError(f"a plan has no {sorted(unknown)} to be changed")
    for name in ("deadline", "presentation_on"):
        check_day(values.get(name), name)
    if isinstance(goal := values.get("goal"), str):
        values = {**values, "goal": goal.strip()}
    return values
