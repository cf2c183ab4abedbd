"""The lead's review: approve, return, words on single items, and an approval that is taken back (R79)."""

from collections.abc import Sequence
from datetime import timedelta

from django.db import transaction
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from roadmaps.access import may
from roadmaps.enums import FLAG_ITEM, TASK_ITEM, PlanState, Verdict
from roadmaps.linter import CODES
from roadmaps.models import Plan, PlanReview, PlanTask, ReviewComment
from roadmaps.services.plan_moves import move_plan
from roadmaps.services.plans import check_not_ended
from roadmaps.services.revisions import send_back
from upsell_crm.core import clock
from upsell_crm.core.commands import change, create
from upsell_crm.core.errors import DomainError, NotAllowed
from upsell_crm.core.models import User
from upsell_crm.core.roles import Action

UNDO_WINDOW = timedelta(minutes=10)
HEAD_ITEMS = frozenset({"goal", "criterion", "deadline", "presentation_on"})


def approve_plan(
    plan: Plan, *, by: User, comment: str = "", overrides: bool = False, version: int | None = None
) -> Plan:  # fmt: skip
    """From review into work; what keeps a gate shut is opened by `overrides` with a comment. Raises as `move_plan`."""
    _check_waits(plan)
    return move_plan(plan, to=PlanState.ACTIVE, by=by, reason=comment, overrides=overrides, version=version)


def return_plan(plan: Plan, *, by: User, comment: str = "", version: int | None = None) -> Plan:
    """Back to the KAM with words; open comments on items are words too. Raises DomainError `no_reason`."""
    _check_waits(plan)
    if not comment.strip() and (n := plan.comments.open().count()):
        comment = ngettext("%(n)s comment on the items.", "%(n)s comments on the items.", n) % {"n": n}
    return move_plan(plan, to=PlanState.RETURNED, by=by, reason=comment, version=version)


def may_take_back(plan: Plan, by: User, reviews: Sequence[PlanReview] | None = None) -> bool:
    """Whether this person approved the plan within the last ten minutes and nothing has been numbered since.

    `reviews` = all of the plan, the newest first, where they were read already.
    """
    if plan.state != PlanState.ACTIVE:
        return False
    newest = reviews if reviews is not None else plan.reviews.order_by("-pk")[:1]
    return any(_is_fresh(review, by) for review in newest[:1])


def take_back_approval(plan: Plan, *, by: User) -> Plan:
    """«Отменить» of the toast: the plan waits for the lead again, with both moves in the history."""
    if not may_take_back(plan, by):
        raise NotAllowed("too_late", _("An approval is taken back by who gave it, within ten minutes."))
    with transaction.atomic():
        send_back(plan, by=by, reason=_("The approval was taken back."))
    return plan


def comment_item(plan: Plan, *, by: User, item: str, text: str) -> ReviewComment:
    """The lead's words on a field of the head, a task or a flag. Raises NotAllowed, DomainError."""
    if not may(by, Action.VALIDATE_PLAN, plan):
        raise NotAllowed("not_allowed", _("The lead comments on a plan."))
    check_not_ended(plan)
    if not is_item(plan, item):
        raise DomainError("no_item", _("The plan has no such item any more."))
    if not text.strip():
        words = _("Write the comment.")
        raise DomainError("no_text", words, {"text": [words]})
    comment = ReviewComment(plan=plan, item=item, text=text.strip(), author=by)
    return create(comment, by=by, event="comment_plan")


def resolve_comment(
    comment: ReviewComment, *, by: User, answer: str = "", version: int | None = None
) -> None:
    """The author needs no words, the KAM says what he has done. Raises NotAllowed, DomainError, Stale."""
    if not may_resolve(comment, by):
        raise NotAllowed("not_allowed", _("A comment is settled by its author or by who writes the plan."))
    if comment.resolved_at is not None:
        raise DomainError("settled", _("This comment is settled already."))
    if not answer.strip() and comment.author_id != by.pk:
        words = _("Say in a word what you have done about it.")
        raise DomainError("no_answer", words, {"answer": [words]})
    values = {"answer": answer.strip(), "resolved_at": clock.now(), "resolved_by": by}
    change(comment, values, by=by, event="resolve_comment", version=version, reason=answer)


def may_resolve(comment: ReviewComment, by: User) -> bool:
    """The author, or who may change the plan."""
    return comment.author_id == by.pk or may(by, Action.EDIT_PLAN, comment.plan)


def is_item(plan: Plan, item: str) -> bool:
    """Whether the plan has what a comment wants to speak of."""
    if item.startswith(TASK_ITEM):
        keys = PlanTask.objects.filter(plan=plan).values_list("task__public_id", flat=True)
        return item.removeprefix(TASK_ITEM) in {str(key) for key in keys}
    return item in HEAD_ITEMS or (item.startswith(FLAG_ITEM) and item.removeprefix(FLAG_ITEM) in CODES)


def _check_waits(plan: Plan) -> None:
    if plan.state != PlanState.REVIEW:
        raise DomainError("not_in_review", _("This plan does not wait for review any more."))


def _is_fresh(review: PlanReview, by: User) -> bool:
    return (
        review.verdict == Verdict.APPROVED
        and review.reviewer_id == by.pk
        and review.decided_at is not None
        and clock.now() - review.decided_at <= UNDO_WINDOW
    )
