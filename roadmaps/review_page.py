"""The page on which a lead judges a plan: its items with flags and comments beside them (R79, §6.2.2)."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from roadmaps.enums import TASK_ITEM
from roadmaps.linter import Flag
from roadmaps.models import Plan, PlanTask, ReviewComment
from roadmaps.plan_facts import flags_of
from roadmaps.plan_numbers import criterion_words
from roadmaps.plan_schedule import Outlook
from roadmaps.reviews import Changes, changes_since_seen, comments_by_item, reviews_of, waiting_for
from roadmaps.revision_words import Line, change_lines, names_of
from roadmaps.services.reviews import HEAD_ITEMS, may_take_back
from upsell_crm.core.models import User
from upsell_crm.core.templatetags.crm import day

# Where a remark is put right: place of the linter → URL name, whether it belongs to the deal.
PLACES: dict[str, tuple[str, bool]] = {
    "team": ("deals:deal_detail", True),
    "lines": ("deals:deal_detail", True),
    "tasks": ("roadmaps:plan_detail", False),
    "head": ("roadmaps:edit_plan", False),
    "facts": ("roadmaps:plan_facts", False),
    "timeline": ("roadmaps:plan_timeline", False),
}


@dataclass(frozen=True, slots=True)
class Item:
    """One thing that can be commented on: a field of the head, or a task."""

    key: str
    label: str
    text: str
    comments: list[ReviewComment] = field(default_factory=list)


@dataclass(frozen=True, slots=True)
class ShownFlag:
    """A remark of the linter with the way to put it right, and what was said about it."""

    flag: Flag
    url: str
    comments: list[ReviewComment] = field(default_factory=list)


@dataclass(frozen=True, slots=True)
class ShownTask:
    """A task of the plan with the remarks and comments on it."""

    link: PlanTask
    comments: list[ReviewComment] = field(default_factory=list)

    @property
    def key(self) -> str:
        """How a comment names it."""
        return self.link.item


def page_of(user: User, plan: Plan, today: date, outlook: Outlook) -> dict[str, Any]:
    """Everything that the page shows beyond the frame, whose `outlook` it shares."""
    comments = comments_by_item(plan)
    reviews = reviews_of(plan)
    changes = changes_since_seen(plan, reviews)
    links = outlook.links
    flags = shown_flags(plan, flags_of(plan, today, outlook), comments)
    tasks = [ShownTask(link, comments.get(link.item, [])) for link in links]
    return {
        "items": items_of(plan, comments), "flags": flags, "tasks": tasks, "reviews": reviews, "changes": changes,
        "lines": lines_of(changes, links), "open_comments": open_count(comments), "lost_comments": _lost(comments, flags, tasks),
        "next_plan": next_in_queue(user, plan), "may_take_back": may_take_back(plan, user, reviews),
    }  # fmt: skip


def items_of(plan: Plan, comments: dict[str, list[ReviewComment]]) -> list[Item]:
    """The head of the plan as its lead reads it."""
    rows = (
        ("goal", _("Goal"), plan.goal),
        ("criterion", _("Success criterion"), criterion_words(plan)),
        ("deadline", _("Deadline"), day(plan.deadline)),
        ("presentation_on", _("Final presentation"), day(plan.presentation_on)),
    )
    return [Item(key, label, text or "—", comments.get(key, [])) for key, label, text in rows]


def shown_flags(
    plan: Plan, flags: list[Flag], comments: dict[str, list[ReviewComment]] | None = None
) -> list[ShownFlag]:  # fmt: skip
    """The remarks with their links."""
    said = comments or {}
    return [ShownFlag(flag, place_url(plan, flag), said.get(flag.item, [])) for flag in flags]


def place_url(plan: Plan, flag: Flag) -> str:
    """Where it is put right."""
    name, is_of_deal = PLACES[flag.place]
    return reverse(name, args=[plan.deal.public_id if is_of_deal else plan.public_id])


def lines_of(changes: Changes, links: Sequence[PlanTask]) -> list[Line]:
    """The difference in words."""
    names = names_of(changes.operations, links)
    return change_lines(changes.operations, names=names) if changes.operations else []


def open_count(comments: dict[str, list[ReviewComment]]) -> int:
    """Comments that nobody has settled."""
    return sum(comment.resolved_at is None for rows in comments.values() for comment in rows)


def item_words(plan: Plan, item: str) -> str:
    """What a comment is about, in words."""
    if item in HEAD_ITEMS:
        return next(row.label for row in items_of(plan, {}) if row.key == item)
    if item.startswith(TASK_ITEM):
        link = PlanTask.objects.filter(
            plan=plan, task__public_id=item.removeprefix(TASK_ITEM)
        ).select_related("task")
        return str(next(iter(link), ""))
    return pgettext("plan", "Remark")


def next_in_queue(user: User, plan: Plan) -> Plan | None:
    """The plan that has waited longest, other than this one; None for who judges nothing."""
    others = waiting_for(user).exclude(pk=plan.pk).order_by("state_since", "pk")
    return others.select_related("deal__company").first()


def _lost(
    comments: dict[str, list[ReviewComment]], flags: list[ShownFlag], tasks: list[ShownTask]
) -> list[ReviewComment]:  # fmt: skip
    """Words whose item is gone: a remark that holds no more, a task that was cancelled."""
    shown = HEAD_ITEMS | {one.flag.item for one in flags} | {one.link.item for one in tasks}
    return [comment for item, rows in comments.items() if item not in shown for comment in rows]
