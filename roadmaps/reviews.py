"""What the pages of the lead's review show: the queue, what changed since he saw the plan, comments by item (R79)."""

from collections import Counter, defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.db.models import Count, OuterRef, Prefetch, Q, QuerySet, Subquery
from django.db.models.functions import Coalesce
from django.utils.translation import ngettext

from roadmaps.enums import PlanState, Verdict
from roadmaps.models import Plan, PlanReview, ReviewComment
from roadmaps.plan_content import Change, difference
from roadmaps.plan_facts import flag_counts
from roadmaps.plan_schedule import nearest_act_by
from upsell_crm.core import clock
from upsell_crm.core.models import User
from upsell_crm.core.roles import Action


@dataclass(frozen=True, slots=True)
class Changes:
    """How a submission differs from the last one that the lead judged; `is_first` = he has judged none."""

    is_first: bool
    operations: list[Change]

    @property
    def fields(self) -> int:
        return sum(step["op"] == "set" for step in self.operations)

    @property
    def added(self) -> int:
        return sum(step["op"] == "add" for step in self.operations)

    @property
    def removed(self) -> int:
        return sum(step["op"] == "remove" for step in self.operations)

    @property
    def changed(self) -> int:
        """Tasks that stand in both and differ."""
        return len({step["task"] for step in self.operations if step["op"] == "change"})


@dataclass(frozen=True, slots=True)
class Waiting:
    """A plan in the queue: how long it waits, calendar days, its flags, what is new, comments that are open."""

    plan: Plan
    days: int
    flags: Counter[str]
    changes: Changes
    open_comments: int


def waiting_for(user: User) -> QuerySet[Plan]:
    """Plans that this person may judge and that wait for a verdict; his own right decides, not his name."""
    return Plan.objects.in_review().allowing(user, Action.VALIDATE_PLAN)


def returned_to(user: User) -> Any:
    """Plans that a lead has returned to this KAM, with the number of comments that are open; one statement."""
    plans = Plan.objects.filter(state=PlanState.RETURNED, deal__responsible_kam=user)
    counted = plans.annotate(open_comments=Count("comments", filter=Q(comments__resolved_at=None)))
    return counted.select_related("deal__company").order_by("state_since", "pk")


def queue_rows(plans: Sequence[Any], today: date) -> list[Waiting]:
    """Lines of the queue; the plans come from `for_queue`. Statements do not grow with their number."""
    counts = flag_counts(plans, today)
    return [
        Waiting(
            plan, _days_since(plan.state_since, today), counts[plan.pk], changes_since_seen(plan, plan.seen_reviews),
            plan.open_comments,
        )
        for plan in plans
    ]  # fmt: skip


def for_queue(plans: QuerySet[Plan]) -> Any:
    """With the people, the reviews and the number of open comments of each plan; two statements."""
    said = ReviewComment.objects.filter(plan=OuterRef("pk"), resolved_at=None).order_by().values("plan")
    return (
        plans.select_related("deal__company", "deal__responsible_kam", "deal__team")
        .annotate(
            open_comments=Coalesce(Subquery(said.annotate(n=Count("pk")).values("n")), 0),
            act_by=nearest_act_by("deal__"),
        )
        .prefetch_related(Prefetch("reviews", PlanReview.objects.order_by("-pk"), to_attr="seen_reviews"))
    )


def open_comments_hint(plan: Plan) -> str:
    """«осталось 2 замечания» for the form that hands the plan in again: a reminder, not a lock. One statement."""
    n = plan.comments.open().count()
    text = ngettext(
        "%(n)s comment of the lead is left open: settle it, or hand the plan in as it is.",
        "%(n)s comments of the lead are left open: settle them, or hand the plan in as it is.", n,
    )  # fmt: skip
    return text % {"n": n} if n else ""


def reviews_of(plan: Plan) -> list[PlanReview]:
    """Every submission, the newest first."""
    return list(plan.reviews.select_related("reviewer", "submitted_by").order_by("-pk"))


def changes_since_seen(plan: Plan, reviews: Sequence[PlanReview]) -> Changes:
    """Against the content of the last review with a verdict; `reviews` the newest first."""
    judged = (review for review in reviews if review.verdict in (Verdict.APPROVED, Verdict.RETURNED))
    last = next(judged, None)
    return Changes(last is None, difference(last.content, plan.content) if last else [])


def comments_by_item(plan: Plan) -> dict[str, list[ReviewComment]]:
    """Comments under the item they speak of («goal», «task:…», «flag:…»), open ones first. One statement."""
    rows = plan.comments.select_related("author", "resolved_by").order_by("resolved_at", "pk")
    found: dict[str, list[ReviewComment]] = defaultdict(list)
    for comment in sorted(rows, key=lambda row: row.resolved_at is not None):
        found[comment.item].append(comment)
    return dict(found)


def _days_since(moment: Any, today: date) -> int:
    return (today - (clock.local_date(moment) or today)).days
