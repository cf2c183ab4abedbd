"""The lead lets a plan work over stale facts, with a reason that stays on it, and takes that back (§2.8.5, R46–R48)."""

from roadmaps.access import check_may_open_gate
from roadmaps.models import Plan
from roadmaps.services.plans import check_not_ended
from upsell_crm.core.commands import change
from upsell_crm.core.errors import check_reason
from upsell_crm.core.models import User


def open_plan_tasks(plan: Plan, *, by: User, reason: str, version: int | None = None) -> None:
    """Facts that have gone stale no longer hold tasks back. Raises NotAllowed, Stale, DomainError."""
    _check(plan, by)
    check_reason(reason)
    values = {"stage1_override_reason": reason.strip()[:300]}
    change(plan, values, by=by, event="open_plan_tasks", version=version, reason=reason.strip())


def shut_plan_tasks(plan: Plan, *, by: User, version: int | None = None) -> None:
    """Facts have to be fresh again before a task begins. Raises NotAllowed, Stale, DomainError."""
    _check(plan, by)
    was = plan.stage1_override_reason
    change(plan, {"stage1_override_reason": ""}, by=by, event="shut_plan_tasks", version=version, reason=was)


def _check(plan: Plan, by: User) -> None:
    check_may_open_gate(by, plan)
    check_not_ended(plan)
