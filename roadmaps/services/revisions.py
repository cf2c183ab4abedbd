"""Every change of a plan in work becomes a numbered revision, whoever has made it (R52).

`settle` compares the plan with the replay of its revisions. It runs at the end of each edit, and by a reaction when a
task has been changed from below: a handover, a colleague who leaves, the mechanics of a holding.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from decimal import Decimal

from django.db import transaction
from django.utils.translation import gettext as _

from accounts.models import Task
from deals.models import Deal
from roadmaps.enums import PlanState
from roadmaps.models import Plan, PlanReview, PlanRevision, PlanTask
from roadmaps.plan_content import Content, difference, replay
from roadmaps.plan_machine import writing_state
from roadmaps.queries import content_of
from upsell_crm.core import audit, clock
from upsell_crm.core.commands import change, check_version
from upsell_crm.core.errors import Stale
from upsell_crm.core.models import AuditEvent, User

SHARE = Decimal("0.1")  # of the approved amount; more than that and the lead looks again (§2.9)
_edited: ContextVar[frozenset[int]] = ContextVar("plans_being_edited", default=frozenset())


def revised_content(plan: Plan) -> Content:
    """The plan as its revisions have made it."""
    return replay(plan.revisions.order_by("number").values_list("changes", flat=True))


@contextmanager
def settling(plan: Plan, *, by: User | None, reason: str = "", version: int | None = None) -> Iterator[None]:
    """One transaction, one revision: what happens inside is settled once, at the end. Raises Stale."""
    check_version(plan, version)
    with transaction.atomic():
        token = _edited.set(_edited.get() | {plan.pk})
        try:
            yield
        finally:
            _edited.reset(token)
        settle(plan, by=by, reason=reason)


def settle(plan: Plan, *, by: User | None, reason: str = "") -> PlanRevision | None:
    """Keep the content; of a plan that has begun write the revision, and ask the lead anew where the rules say so.

    Once begun, everything is numbered, in review and at the end too; only while the plan is rewritten the changes wait
    for its next start (decision 0055).
    """
    lock_plan(plan.pk)
    content = content_of(plan)
    revision = _revise(plan, content, by=by, reason=reason) if is_numbered(plan) else None
    values = {"content": content, "revision": revision.number if revision else plan.revision}
    change(plan, values, by=by, event="revise_plan", reason=reason)
    if plan.is_working and needs_new_review(plan):
        send_back(plan, by=by)
    return revision


def follow_task(*, task: Task, by: User | None, was: str) -> None:
    """Reaction to `task_changed`: a task that changed outside an edit of its plan."""
    plan_id = PlanTask.objects.filter(task=task).values_list("plan", flat=True).first()
    if plan_id is None or plan_id in _edited.get():
        return
    lock_plan(plan_id)  # before it is read: two tasks of one plan may change at once
    plan = Plan.objects.select_related("deal__company", "deal__responsible_kam").get(pk=plan_id)
    if content_of(plan) != plan.content:
        settle(plan, by=by, reason=_reason_of(task))


def is_numbered(plan: Plan) -> bool:
    """Each change of it is a revision: it has begun and is not being rewritten."""
    return plan.is_working or bool(plan.revision) and not plan.is_being_written


def lock_plan(plan_id: int) -> None:
    """Whoever changes a plan waits here, so that numbers of revisions follow each other."""
    list(Plan.objects.select_for_update().filter(pk=plan_id).values_list("pk"))


def lock_unchanged(plan: Plan) -> None:
    """The plan is ours until the end of the transaction, as it was read; raises Stale when it was changed meanwhile."""
    lock_plan(plan.pk)
    if Plan.objects.filter(pk=plan.pk).values_list("version", flat=True).first() != plan.version:
        raise Stale("version_mismatch", _("Somebody else has changed this record meanwhile."))


def _reason_of(task: Task) -> str:
    """Why a task was changed from below: what its own history says, if anything."""
    last = AuditEvent.objects.filter(object_type="accounts.task", object_id=task.pk).order_by("-id").first()
    return (last.reason if last else "") or _("The task was changed outside the plan.")


def review_again(*, deal: Deal, by: User | None) -> None:
    """Reaction to `deal_lines_changed`: another amount may need the lead's look."""
    for plan in Plan.objects.working().filter(deal=deal).select_related("deal__company"):
        if needs_new_review(plan):
            send_back(plan, by=by)


def needs_new_review(plan: Plan) -> bool:
    """A plan that the lead checks, whose deadline has moved or whose amount differs by more than 10 % (§2.9)."""
    if not plan.needs_lead:
        return False
    approved = plan.approved_amount
    is_other_amount = approved is not None and abs(plan.deal.amount - approved) > approved * SHARE
    return plan.deadline != plan.approved_deadline or is_other_amount


def send_back(plan: Plan, *, by: User | None, reason: str = "") -> None:
    """From work through planning into review, as the table has it; both moves are in the history."""
    reason = reason or _("The deadline or the amount has changed since the approval.")
    for state in (writing_state(plan), PlanState.REVIEW):
        values = {"state": state, "state_since": clock.now(), "state_reason": reason}
        change(plan, values, by=by, event="move_plan", reason=reason)
    submit(plan, by=by or plan.deal.responsible_kam)


def submit(plan: Plan, *, by: User) -> PlanReview:
    """The review that waits for the lead, with the plan as it is handed in."""
    review = PlanReview.objects.create(
        plan=plan,
        content=plan.content,
        submitted_by=by,
        submitted_at=clock.now(),
        created_by=by,
        updated_by=by,
    )
    audit.record("submit_plan", review, by=by)
    return review


def next_revision(plan: Plan, *, by: User | None, reason: str) -> dict[str, int]:
    """What a plan that starts takes along: its number, with the revision written when anything differs (§2.8.5)."""
    revision = _revise(plan, content_of(plan), by=by, reason=reason)
    return {"revision": revision.number if revision else plan.revision}


def _revise(plan: Plan, content: Content, *, by: User | None, reason: str) -> PlanRevision | None:
    changes = difference(revised_content(plan), content)
    if not changes:
        return None
    return PlanRevision.objects.create(
        plan=plan, number=plan.revisions.count() + 1, changes=changes, reason=reason.strip()[:300], by=by,
        at=clock.now(),
    )  # fmt: skip
