"""The agenda of a sync, made by itself: what came since the last one, and what has to be decided (R51, product §1.8).

Law: the agenda of sync k holds the changes after sync k−1, nothing twice and nothing lost. So «since» is no moment:
a result, a changed fact or a revision that stands on no frozen agenda of this plan is new. A task that is done anew
after a return is a new result. JSON of plain values: it is frozen into `Sync.agenda` when the sync is held.
"""

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date, timedelta
from typing import Any

from accounts.enums import OPEN_TASK_STATES, InteractionState, TaskState
from roadmaps.models import Plan, PlanTask, ReplanItem, ReviewComment, Sync, SyncDecision
from upsell_crm.core import clock

AHEAD = timedelta(days=7)  # when no later sync is planned
Row = dict[str, Any]
DONE_STATES = (TaskState.DONE, TaskState.ACCEPTED)


@dataclass
class Known:
    """What stands on the frozen agendas of the plan."""

    results: set[str] = field(default_factory=set)
    facts: set[str] = field(default_factory=set)
    revisions: set[int] = field(default_factory=set)


def agenda_of(plan: Plan, sync: Sync | None, today: date) -> Row:
    """What the sync has to talk about now; `sync` = None before any is planned. Ten statements."""
    earlier = list(_held_before(plan, sync))
    known = _known(earlier)
    until = _until(plan, sync, today)
    return {
        "until": until.isoformat(),
        "results": _results(plan, known),
        "tasks": _open_tasks(plan, today, until),
        "facts": _facts(plan, known),
        "revisions": _revisions(plan, known),
        "comments": _comments(plan),
        "decisions": _decisions(earlier),
    }


def is_empty(agenda: Row) -> bool:
    """Nothing to talk about."""
    return not any(
        agenda.get(name) for name in ("results", "tasks", "facts", "revisions", "comments", "decisions")
    )


def _held_before(plan: Plan, sync: Sync | None) -> Iterable[Sync]:
    """Syncs of the plan with a frozen agenda, the first one first, without this one."""
    held = Sync.objects.filter(plan=plan, interaction__state=InteractionState.HELD)
    others = held.exclude(pk=sync.pk) if sync and sync.pk else held
    return others.exclude(agenda={}).order_by("interaction__starts_at", "number")


def _known(earlier: Iterable[Sync]) -> Known:
    known = Known()
    for sync in earlier:
        known.results |= {row["key"] for row in sync.agenda.get("results", ())}
        known.facts |= {row["id"] for row in sync.agenda.get("facts", ())}
        known.revisions |= {row["number"] for row in sync.agenda.get("revisions", ())}
    return known


def _until(plan: Plan, sync: Sync | None, today: date) -> date:
    """The day of the next planned sync after this one, or a week on."""
    day = clock.local_date(sync.interaction.starts_at) if sync and sync.pk else None
    begin = max(day or today, today)
    later = Sync.objects.filter(plan=plan, interaction__state=InteractionState.PLANNED)
    later = later.filter(interaction__starts_at__gt=clock.day_end(begin)).order_by("interaction__starts_at")
    moment = later.values_list("interaction__starts_at", flat=True).first()
    return clock.local_date(moment) or begin + AHEAD


def _results(plan: Plan, known: Known) -> list[Row]:
    """Results of tasks that no agenda has held yet, the oldest first."""
    done = PlanTask.objects.filter(plan=plan, task__state__in=DONE_STATES).select_related("task__assignee")
    rows = [result_row(link) for link in done.order_by("task__done_at", "pk")]
    return [row for row in rows if row["key"] not in known.results]


def result_row(link: PlanTask) -> Row:
    """A result as it stands on an agenda; done anew after a return it has another key."""
    task = link.task
    return {
        "key": f"{task.public_id}@{task.done_at.isoformat() if task.done_at else ''}", "task": str(task.public_id),
        "title": task.title, "who": str(task.assignee), "done_on": _iso(clock.local_date(task.done_at)),
        "result": task.actual_result, "expected": task.expected_result, "accepted": task.state == TaskState.ACCEPTED,
    }  # fmt: skip


def _open_tasks(plan: Plan, today: date, until: date) -> list[Row]:
    """Open tasks that need words, each once with its strongest reason: late, blocked, waiting, due until the next sync."""
    links = list(
        PlanTask.objects.filter(plan=plan)
        .open()
        .select_related("task__assignee")
        .order_by("task__due_on", "pk")
    )
    waits = _waits(plan)
    rows = []
    for link in links:
        task, before = link.task, waits[link.pk]
        if task.due_on < today:
            why = "late"
        elif task.state == TaskState.BLOCKED:
            why = "blocked"
        elif before and link.starts_on <= until:
            why = "waits"
        elif task.due_on <= until:
            why = "due"
        else:
            continue
        rows.append({
            "why": why, "task": str(task.public_id), "title": task.title, "who": str(task.assignee),
            "due_on": task.due_on.isoformat(), "state": task.state, "waits": before,
            "reason": task.state_reason if task.state == TaskState.BLOCKED else "", "expected": task.expected_result,
        })  # fmt: skip
    order = ("late", "blocked", "waits", "due")
    return sorted(rows, key=lambda row: order.index(row["why"]))


def _waits(plan: Plan) -> dict[int, list[str]]:
    """Titles of the open tasks for which each task waits."""
    through = PlanTask.depends_on.through.objects.filter(
        from_plantask__plan=plan, to_plantask__task__state__in=OPEN_TASK_STATES
    )
    waits: dict[int, list[str]] = defaultdict(list)
    for follower, title in through.order_by("pk").values_list("from_plantask_id", "to_plantask__task__title"):
        waits[follower].append(title)
    return waits


def _facts(plan: Plan, known: Known) -> list[Row]:
    """Changed facts: those that nobody has looked at yet, and those that no agenda has held."""
    items = ReplanItem.objects.filter(plan=plan).prefetch_related("tasks__task").order_by("pk")
    return [
        {
            "id": str(item.public_id), "fact": item.fact, "what": item.what, "old": item.old, "new": item.new,
            "open": item.resolved_at is None, "resolution": item.resolution,
            "tasks": [link.task.title for link in item.tasks.all()],
        }
        for item in items
        if item.resolved_at is None or str(item.public_id) not in known.facts
    ]  # fmt: skip


def _revisions(plan: Plan, known: Known) -> list[Row]:
    """Numbered changes that no agenda has held; what a sync has decided itself is no news."""
    revisions = plan.revisions.filter(number__gt=1, syncs=None).exclude(number__in=known.revisions)
    return [
        {
            "number": one.number,
            "reason": one.reason,
            "who": str(one.by or ""),
            "on": _iso(clock.local_date(one.at)),
        }
        for one in revisions.select_related("by").order_by("number")
    ]


def _comments(plan: Plan) -> list[Row]:
    """Words of the lead that are not settled."""
    waiting = (
        ReviewComment.objects.filter(plan=plan, resolved_at=None).select_related("author").order_by("pk")
    )
    return [{"item": one.item, "text": one.text, "who": str(one.author)} for one in waiting]


def _decisions(earlier: list[Sync]) -> list[Row]:
    """What the last sync decided and what is not done: its task is open, or it has none."""
    if not earlier:
        return []
    last = earlier[-1]
    decided = SyncDecision.objects.filter(sync=last).select_related("task__task").order_by("pk")
    return [
        {"sync": last.number, "text": one.text, "title": one.task.task.title if one.task else ""}
        for one in decided
        if one.task is None or one.task.task.is_open
    ]


def _iso(day: date | None) -> str:
    return day.isoformat() if day else ""
