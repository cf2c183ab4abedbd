"""The agenda of a sync, made by itself: what came since the last one, and what has to be decided (R51, product §1.8).

Law: the agenda of sync k holds the changes after sync k−1, nothing twice and nothing lost. So «since» is no moment:
a result, a changed fact or a revision that stands on no frozen agenda of this plan is new. A task that is done anew
after a return is a new result. JSON of plain values: it is frozen into `Sync.agenda` when the sync is held.
"""

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, timedelta
from functools import cached_property
from typing import Any

from django.db.models import Count, F, Prefetch

from accounts.enums import InteractionState, TaskState
from accounts.models import InteractionUser
from roadmaps.models import Plan, PlanRevision, PlanTask, ReplanItem, ReviewComment, Sync, SyncDecision
from roadmaps.plan_history import revisions_of
from roadmaps.plan_schedule import Outlook
from upsell_crm.core import clock

AHEAD = timedelta(days=7)  # when no later sync is planned
Row = dict[str, Any]
LONG_AGO = datetime.min.replace(tzinfo=UTC)  # a result without its moment comes first
DONE_STATES = (TaskState.DONE, TaskState.ACCEPTED)


@dataclass
class Known:
    """What stands on the frozen agendas of the plan."""

    results: set[str] = field(default_factory=set)
    facts: set[str] = field(default_factory=set)
    revisions: set[int] = field(default_factory=set)


class SyncOutlook(Outlook):
    """What a sync talks about, read once for the agenda and for the page around it."""

    @cached_property
    def syncs(self) -> list[Sync]:
        """All of the plan, the newest number first, with people and numbers of decisions. Two statements."""
        people = InteractionUser.objects.select_related("user").order_by("pk")
        syncs = Sync.objects.filter(plan=self.plan).select_related("interaction", "revision")
        syncs = syncs.prefetch_related(Prefetch("interaction__our_people", people))
        return list(syncs.annotate(n_decisions=Count("decisions")).order_by("-number"))

    @cached_property
    def revisions(self) -> list[PlanRevision]:
        return revisions_of(self.plan)

    @cached_property
    def replan_items(self) -> list[ReplanItem]:
        """Every fact that has changed under the plan, the first one first, with `titles` of the tasks on it."""
        found: dict[int, Any] = {}
        items = ReplanItem.objects.filter(plan=self.plan).select_related("created_by")
        tasks = items.annotate(title=F("tasks__task__title")).order_by("pk", "tasks__starts_on", "tasks__pk")
        for item in tasks:
            kept: Any = found.setdefault(item.pk, item)
            kept.titles = [*vars(kept).get("titles", ()), *([item.title] if item.title is not None else ())]
            kept.touched = len(kept.titles)
        return list(found.values())

    @property
    def replans(self) -> list[ReplanItem]:
        return [item for item in reversed(self.replan_items) if item.resolved_at is None]


def agenda_of(plan: Plan, sync: Sync | None, today: date, read: SyncOutlook | None = None) -> Row:
    """What the sync has to talk about now; `sync` = None before any is planned. Eight statements.

    `read` = what the page has read already.
    """
    read = read or SyncOutlook(plan, today)
    earlier = _held_before(read, sync)
    known = _known(earlier)
    until = _until(read, sync)
    return {
        "until": until.isoformat(),
        "results": _results(read, known),
        "tasks": _open_tasks(read, until),
        "facts": _facts(read, known),
        "revisions": _revisions(read, known),
        "comments": _comments(plan),
        "decisions": _decisions(earlier),
    }


def is_empty(agenda: Row) -> bool:
    """Nothing to talk about."""
    return not any(
        agenda.get(name) for name in ("results", "tasks", "facts", "revisions", "comments", "decisions")
    )


def _held_before(read: SyncOutlook, sync: Sync | None) -> list[Sync]:
    """Syncs of the plan with a frozen agenda, the first one first, without this one."""
    is_held = InteractionState.HELD
    others = [one for one in read.syncs if one.agenda and one.interaction.state == is_held and one != sync]
    return sorted(others, key=lambda one: (one.interaction.starts_at, one.number))


def _known(earlier: Iterable[Sync]) -> Known:
    known = Known()
    for sync in earlier:
        known.results |= {row["key"] for row in sync.agenda.get("results", ())}
        known.facts |= {row["id"] for row in sync.agenda.get("facts", ())}
        known.revisions |= {row["number"] for row in sync.agenda.get("revisions", ())}
    return known


def _until(read: SyncOutlook, sync: Sync | None) -> date:
    """The day of the next planned sync after this one, or a week on."""
    day = clock.local_date(sync.interaction.starts_at) if sync and sync.pk else None
    begin = max(day or read.today, read.today)
    planned = [one.interaction.starts_at for one in read.syncs if one.is_planned]
    later = min((moment for moment in planned if moment > clock.day_end(begin)), default=None)
    return clock.local_date(later) or begin + AHEAD


def _results(read: SyncOutlook, known: Known) -> list[Row]:
    """Results of tasks that no agenda has held yet, the oldest first."""
    done = [link for link in read.links if link.task.state in DONE_STATES]
    done.sort(key=lambda link: (link.task.done_at or LONG_AGO, link.pk))
    rows = [result_row(link) for link in done]
    return [row for row in rows if row["key"] not in known.results]


def result_row(link: PlanTask) -> Row:
    """A result as it stands on an agenda; done anew after a return it has another key."""
    task = link.task
    return {
        "key": f"{task.public_id}@{task.done_at.isoformat() if task.done_at else ''}", "task": str(task.public_id),
        "title": task.title, "who": str(task.assignee), "done_on": _iso(clock.local_date(task.done_at)),
        "result": task.actual_result, "expected": task.expected_result, "accepted": task.state == TaskState.ACCEPTED,
    }  # fmt: skip


def _open_tasks(read: SyncOutlook, until: date) -> list[Row]:
    """Open tasks that need words, each once with its strongest reason: late, blocked, waiting, due until the next sync."""
    links = [link for link in read.links if link.task.is_open]
    links.sort(key=lambda link: (link.task.due_on, link.pk))
    titles = {link.pk: link.task.title for link in links}
    today = read.today
    rows = []
    for link in links:
        task = link.task
        before = [titles[pk] for pk in read.before.get(link.pk, ()) if pk in titles]
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


def _facts(read: SyncOutlook, known: Known) -> list[Row]:
    """Changed facts: those that nobody has looked at yet, and those that no agenda has held."""
    items: list[Any] = read.replan_items
    return [
        {
            "id": str(item.public_id), "fact": item.fact, "what": item.what, "old": item.old, "new": item.new,
            "open": item.resolved_at is None, "resolution": item.resolution, "tasks": item.titles,
        }
        for item in items
        if item.resolved_at is None or str(item.public_id) not in known.facts
    ]  # fmt: skip


def _revisions(read: SyncOutlook, known: Known) -> list[Row]:
    """Numbered changes that no agenda has held; what a sync has decided itself is no news."""
    of_syncs = {sync.revision_id for sync in read.syncs}
    return [
        {
            "number": one.number,
            "reason": one.reason,
            "who": str(one.by or ""),
            "on": _iso(clock.local_date(one.at)),
        }
        for one in read.revisions
        if one.number > 1 and one.pk not in of_syncs and one.number not in known.revisions
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
