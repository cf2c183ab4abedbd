"""The lead lets a plan work over stale facts, with a reason that stays on it, and takes that back (§2.8.5, R46–R48)."""

from django.utils.translation import gettext as _

from roadmaps.access import may
from roadmaps.models import Plan
from upsell_crm.core.commands import change
from upsell_crm.core.errors import DomainError, NotAllowed
from upsell_crm.core.models import User
from upsell_crm.core.roles import Action


def open_plan_tasks(plan: Plan, *, by: User, reason: str, version: int | None = None) -> None:
    """Facts that have gone stale no longer hold tasks back. Raises NotAllowed, Stale, DomainError."""
    _check(plan, by)
    if not reason.strip():
        text = _("Write the reason.")
        raise DomainError("no_reason", text, {"reason": [text]})
    values = {"stage1_override_reason": reason.strip()[:300]}
    change(plan, values, by=by, event="open_plan_tasks", version=version, reason=reason.strip())


def shut_plan_tasks(plan: Plan, *, by: User, version: int | None = None) -> None:
    """Facts have to be fresh again before a task begins. Raises NotAllowed, Stale, DomainError."""
    _check(plan, by)
    was = plan.stage1_override_reason
    change(plan, {"stage1_override_reason": ""}, by=by, event="shut_plan_tasks", version=version, reason=was)


def _check(plan: Plan, by: User) -> None:
    if not may(by, Action.OVERRIDE_GATE, plan):
        raise NotAllowed("override", _("Only the lead opens a shut gate."))
    if not plan.is_open:
        raise DomainError("ended", _("This strategy has ended."))
