"""The road of a strategy: stages, the lead's review, work, the end (domain.md §2.9)."""

from decimal import Decimal
from typing import Any

from django.utils.translation import gettext as _

from accounts.services.tasks import drop_task
from deals.enums import DealStage
from deals.models import Deal
from roadmaps.access import check_may_open_gate
from roadmaps.enums import ENDED_STATES, PlanState, Verdict
from roadmaps.models import Plan, PlanReview, PlanTask
from roadmaps.plan_machine import MACHINE, PlanMove
from roadmaps.services.revisions import lock_unchanged, next_revision, settling, submit
from roadmaps.services.syncs import call_off_planned
from upsell_crm.core import clock
from upsell_crm.core.commands import change
from upsell_crm.core.errors import check_reason
from upsell_crm.core.models import User


def move_plan(
    plan: Plan, *, to: str, by: User | None, reason: str = "", overrides: bool = False,
    success_fact: Decimal | None = None, version: int | None = None,
) -> Plan:  # fmt: skip
    """One step of the table. `overrides`: the lead opens a shut gate, with a reason that stays on the plan (§2.8.5).

    `by=None` is a rule: a lost deal, an approval that no longer holds. Raises IllegalTransition, NotAllowed, Stale,
    DomainError with what is missing.
    """
    facts = PlanMove(plan, clock.today(), by, reason=reason, overrides=overrides, success_fact=success_fact)
    if overrides:
        check_may_open_gate(by, plan)
        check_reason(reason)
    move = MACHINE.move_to(plan, to, by=by)
    move.guard(plan, facts)
    values: dict[str, Any] = {
        "state": to, "state_since": clock.now(), "state_reason": reason.strip()[:300], **move.effect(plan, facts),
    }  # fmt: skip
    was = plan.state
    with settling(plan, by=by, reason=reason, version=version):
        if to == PlanState.ACTIVE:
            lock_unchanged(plan)
            values |= next_revision(plan, by=by, reason=reason or _("The plan was started."))
        if (
            to == PlanState.CANCELLED
        ):  # tasks before their plan, as whoever finishes one holds them: no deadlock
            _cancel_tasks(plan, by=by, reason=reason)
        if to in ENDED_STATES:
            call_off_planned(plan, by=by, reason=reason)
        change(plan, values, by=by, event="move_plan", version=version, reason=reason)
        if to == PlanState.REVIEW:
            submit(plan, by=by or plan.deal.responsible_kam)
        elif was == PlanState.REVIEW:
            _decide(plan, to, by=by, comment=reason)
    return plan


def end_plan_of_lost(*, deal: Deal, old: str, new: str, since: Any, by: User | None) -> None:
    """Reaction to `deal_stage_changed`: the strategy of a lost deal is cancelled (§2.9)."""
    if new != DealStage.LOST:
        return
    for plan in (
        Plan.objects.open().filter(deal=deal).select_related("deal__company", "deal__responsible_kam")
    ):
        move_plan(plan, to=PlanState.CANCELLED, by=None, reason=_("The deal is lost."))


def _decide(plan: Plan, to: str, *, by: User | None, comment: str) -> None:
    """The open review gets its verdict; one that ends otherwise was withdrawn."""
    verdicts = {PlanState.ACTIVE: Verdict.APPROVED, PlanState.RETURNED: Verdict.RETURNED}
    verdict = verdicts.get(PlanState(to), Verdict.WITHDRAWN)
    values = {"verdict": verdict, "reviewer": by, "comment": comment.strip(), "decided_at": clock.now()}
    for review in PlanReview.objects.filter(plan=plan, verdict=""):
        change(review, values, by=by, event="review_plan", reason=comment)


def _cancel_tasks(plan: Plan, *, by: User | None, reason: str) -> None:
    """Nobody owes the tasks of a strategy that was given up."""
    for link in PlanTask.objects.filter(plan=plan).open().select_related("task__company"):
        drop_task(by=by, task=link.task, reason=reason)
