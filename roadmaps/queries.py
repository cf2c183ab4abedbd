"""Reads over several tables of this room; each takes the day as an argument where it matters and never writes."""

from collections import defaultdict
from collections.abc import Iterable, Mapping
from datetime import date
from typing import Any

from django.db.models import Count, Q, QuerySet

from accounts.enums import OPEN_TASK_STATES, TaskState
from deals.models import DealMember
from roadmaps.enums import WORKING_STATES
from roadmaps.models import Plan, PlanTask
from roadmaps.plan_content import Content
from upsell_crm.core.models import User


def content_of(plan: Plan) -> Content:
    """The plan as data: its head and its standing tasks. Values that are not said are left out. Two statements."""
    head = {
        "type": plan.type, "goal": plan.goal, "success_metric": plan.success_metric,
        "success_value": None if plan.success_value is None else f"{plan.success_value:.2f}",
        "deadline": _iso(plan.deadline), "presentation_on": _iso(plan.presentation_on),
    }  # fmt: skip
    links = list(PlanTask.objects.filter(plan=plan).standing().select_related("task").order_by("pk"))
    keys = {link.pk: str(link.task.public_id) for link in links}
    before = predecessors_of(plan)
    tasks = {
        keys[link.pk]: _said(_task_content(link, sorted(keys[pk] for pk in before[link.pk] if pk in keys)))
        for link in links
    }
    return {"plan": _said(head), "tasks": tasks}


def _task_content(link: PlanTask, after: list[str]) -> dict[str, Any]:
    task = link.task
    return {
        "title": task.title, "assignee": task.assignee_id, "company": task.company_id, "receiver": task.receiver_id,
        "starts_on": _iso(link.starts_on), "due_on": _iso(task.due_on), "phase": link.phase, "role": link.role,
        "expected_result": task.expected_result, "built_on": sorted(link.built_on), "depends_on": after,
    }  # fmt: skip


def _said(values: dict[str, Any]) -> dict[str, Any]:
    """Without what is empty, so that «nothing» has one form and replays exactly."""
    return {name: value for name, value in values.items() if value not in (None, "", [])}


def _iso(day: date | None) -> str | None:
    return day.isoformat() if day else None


def predecessors_of(*plans: Plan) -> dict[int, list[int]]:
    """Pk of a task of these plans → pks of what has to be done before it. One statement."""
    found: dict[int, list[int]] = defaultdict(list)
    through = PlanTask.depends_on.through.objects.filter(from_plantask__plan__in=plans).order_by("pk")
    for follower, before in through.values_list("from_plantask_id", "to_plantask_id"):
        found[follower].append(before)
    return found


def members_without_task(plan: Plan, today: date) -> QuerySet[User]:
    """Active members of the working group who have no task in this plan (R49)."""
    members = DealMember.objects.active_on(today).filter(deal_id=plan.deal_id).order_by().values("user")
    busy = PlanTask.objects.filter(plan=plan).standing().order_by().values("task__assignee")
    return User.objects.filter(pk__in=members).exclude(pk__in=busy).order_by("last_name", "first_name", "pk")


def with_task_numbers(plans: QuerySet[Plan], today: date) -> QuerySet[Any]:
    """Adds `tasks_all` (not cancelled), `tasks_owed` and `tasks_late` (owed past their day); no statement more."""
    owed = Q(tasks__task__state__in=OPEN_TASK_STATES)
    standing = ~Q(tasks__task__state=TaskState.CANCELLED) & Q(tasks__isnull=False)
    return plans.annotate(
        tasks_all=Count("tasks", filter=standing), tasks_owed=Count("tasks", filter=owed),
        tasks_late=Count("tasks", filter=owed & Q(tasks__task__due_on__lt=today)),
    )  # fmt: skip


def open_predecessors(links: Iterable[PlanTask]) -> dict[int, list[PlanTask]]:
    """Link → tasks that have to be done before it and are not: it «waits» for them (R44). One statement."""
    waits: dict[int, list[PlanTask]] = defaultdict(list)
    pairs = PlanTask.depends_on.through.objects.filter(
        from_plantask__in=[link.pk for link in links], to_plantask__task__state__in=OPEN_TASK_STATES
    )
    pairs = pairs.select_related("to_plantask__task__assignee")
    for pair in pairs.order_by("to_plantask__task__due_on", "to_plantask_id"):
        waits[pair.from_plantask_id].append(pair.to_plantask)
    return waits


def still_open(links: Iterable[PlanTask], before: Mapping[int, Iterable[int]]) -> dict[int, list[PlanTask]]:
    """`open_predecessors` of a plan of which all links and pairs were read; no statement."""
    known = {link.pk: link for link in links if link.task.is_open}
    waits = {follower: [known[pk] for pk in earlier if pk in known] for follower, earlier in before.items()}
    return {
        follower: sorted(found, key=lambda link: (link.task.due_on, link.pk))
        for follower, found in waits.items()
        if found
    }


def at_work(user: User, until: date) -> QuerySet[PlanTask]:
    """Open tasks of this person in strategies that are in work, begun or due by the day, the most urgent first."""
    begun = Q(starts_on__lte=until) | Q(task__due_on__lte=until)
    mine = PlanTask.objects.open().filter(begun, plan__state__in=WORKING_STATES, task__assignee=user)
    return mine.select_related("task__company", "plan__deal__company").order_by("task__due_on", "pk")
