"""Tasks of a plan: the chain of actions with people, dates and expected results (R44, R49, R50)."""

from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.db import transaction
from django.db.models import F
from django.utils.translation import gettext as _

from accounts.calendar import check_day, load_calendar
from accounts.enums import TaskOrigin
from accounts.models import Company, Task
from accounts.services.tasks import amend_task, drop_task, make_task
from deals.models import DealTask
from roadmaps.enums import Phase, PlanState
from roadmaps.models import Plan, PlanTask
from roadmaps.queries import predecessors_of
from roadmaps.services.plans import editing
from roadmaps.services.revisions import lock_plan
from upsell_crm.core import clock
from upsell_crm.core.commands import change, create
from upsell_crm.core.errors import DomainError, Stale
from upsell_crm.core.models import User

OF_TASK = frozenset({"title", "assignee", "receiver", "due_on", "expected_result", "company"})
OF_LINK = frozenset({"role", "phase", "starts_on", "built_on"})


@dataclass(frozen=True)
class TaskSaid:
    """One task as it is typed. `company` = the ДЗО it is about, None = the client of the deal; both days are included."""

    title: str
    assignee: User
    due_on: date
    expected_result: str
    starts_on: date | None = None
    company: Company | None = None
    receiver: User | None = None
    role: str = ""
    phase: str = Phase.OTHER
    depends_on: Sequence[PlanTask] = ()
    built_on: Sequence[str] = ()


def add_task(
    plan: Plan, said: TaskSaid, *, by: User, reason: str = "", version: int | None = None, once: bool = False
) -> PlanTask:
    """A new task of the plan. Raises NotAllowed, DomainError (`stage1_open`, `no_expected_result`, `dates`), Stale.

    `once`: the second of two clicks gets the task of the first (faults A3), and whoever else has changed the plan since
    it was read does not matter (faults B2).
    """
    with transaction.atomic():
        if once:
            take_up(plan)
            if twin := _twin(plan, said, by):
                return twin
        with editing(plan, by=by, reason=reason, version=version):
            return insert_task(plan, said, by=by)


def insert_task(plan: Plan, said: TaskSaid, *, by: User) -> PlanTask:
    """The new task itself, inside an `editing` of its plan: many at once are one revision."""
    check_stage(plan)
    if not said.expected_result.strip():
        text = _("Write the result that is expected: the task closes with it.")
        raise DomainError("no_expected_result", text, {"expected_result": [text]})
    task = make_task(
        by=by, title=said.title, assignee=said.assignee, due_on=said.due_on,
        company=said.company or plan.deal.company, receiver=said.receiver or plan.deal.responsible_kam,
        expected_result=said.expected_result.strip(), origin=TaskOrigin.PLAN,
    )  # fmt: skip
    DealTask.objects.create(deal=plan.deal, task=task)
    link = PlanTask(
        plan=plan, task=task, role=said.role, phase=said.phase, built_on=list(said.built_on),
        starts_on=_start(said.starts_on, task.due_on),
    )  # fmt: skip
    check_dates(link, task)
    create(link, by=by, event="add_plan_task")
    set_predecessors(link, said.depends_on)
    return link


def change_task(
    link: PlanTask, values: dict[str, Any], *, by: User, reason: str = "", seen: int | None = None,
    depends_on: Iterable[PlanTask] | None = None,
) -> None:  # fmt: skip
    """Other words, people, dates or predecessors; `seen` as `taking` has it. Raises as `add_task`."""
    with taking(link, seen), editing(link.plan, by=by, reason=reason):
        amend(link, values, by=by, reason=reason, depends_on=depends_on)


def amend(
    link: PlanTask, values: dict[str, Any], *, by: User, reason: str = "",
    depends_on: Iterable[PlanTask] | None = None,
) -> None:  # fmt: skip
    """The change itself, inside an `editing` of the plan."""
    if unknown := set(values) - OF_TASK - OF_LINK:
        raise ValueError(f"a task of a plan has no {sorted(unknown)} to be changed")
    of_task = {name: value for name, value in values.items() if name in OF_TASK}
    of_link = {name: value for name, value in values.items() if name in OF_LINK}
    if "expected_result" in of_task and not of_task["expected_result"].strip():
        text = _("Write the result that is expected: the task closes with it.")
        raise DomainError("no_expected_result", text, {"expected_result": [text]})
    if of_task:
        amend_task(by=by, task=link.task, values=of_task, reason=reason)
    if "starts_on" in of_link:
        of_link["starts_on"] = _start(of_link["starts_on"], link.task.due_on)
    if of_link:
        change(link, of_link, by=by, event="change_plan_task", reason=reason)
    check_dates(link, link.task)
    if depends_on is not None:
        set_predecessors(link, depends_on)


def remove_task(link: PlanTask, *, by: User, reason: str, seen: int | None = None) -> None:
    """The task is not needed: cancelled with a reason, and out of the chain (its followers no longer wait)."""
    with taking(link, seen), editing(link.plan, by=by, reason=reason):
        drop_task(by=by, task=link.task, reason=reason)


def seen_version(link: PlanTask) -> int:
    """Grows with every change of the task itself or of its place in the plan: what a form of one task has seen."""
    return int(link.version + link.task.version)


@contextmanager
def taking(link: PlanTask, seen: int | None) -> Iterator[None]:
    """One task of a plan for this person alone, while others change other tasks of it (faults B2).

    `seen` = `seen_version` when the form was opened; raises Stale when the task is another one by now. The task is locked
    before its plan, as whoever finishes it does, so nobody waits in a circle.
    """
    if seen is None:
        yield
        return
    with transaction.atomic():
        list(Task.objects.select_for_update().filter(pk=link.task_id).values_list("pk"))
        take_up(link.plan)
        if seen_version(PlanTask.objects.select_related("task").get(pk=link.pk)) != seen:
            raise Stale("version_mismatch", _("Somebody else has changed this record meanwhile."))
        yield


def take_up(plan: Plan) -> None:
    """Wait for whoever changes the plan and go on from where he has left it; call in a transaction."""
    lock_plan(plan.pk)
    plan.refresh_from_db(fields=[one.attname for one in plan._meta.concrete_fields if not one.is_relation])


def _twin(plan: Plan, said: TaskSaid, by: User) -> PlanTask | None:
    """The same task by the same person a moment ago."""
    same = PlanTask.objects.filter(
        plan=plan, created_by=by, task__title=said.title.strip(),
        task__assignee=said.assignee, task__expected_result=said.expected_result.strip(),
    )  # fmt: skip
    twin = same.standing().select_related("task").order_by("-pk").first()
    return twin if twin and clock.is_just_made(twin.created_at) else None


def set_predecessors(link: PlanTask, before: Iterable[PlanTask]) -> None:
    """What has to be done first; raises DomainError `cycle` or `other_plan` (R44, §2.8.6)."""
    wanted = list(before)
    if any(other.plan_id != link.plan_id for other in wanted):
        raise DomainError("other_plan", _("A task waits only for tasks of its own plan."))
    if cycle := find_cycle(link, wanted):
        text = _("The tasks would wait for each other: %s.") % " → ".join(cycle)
        raise DomainError("cycle", text, {"depends_on": [text]})
    if {other.pk for other in wanted} != set(link.depends_on.values_list("pk", flat=True)):
        link.depends_on.set(wanted)
        PlanTask.objects.filter(pk=link.pk).update(version=F("version") + 1)
        link.version += 1


def find_cycle(link: PlanTask, before: Iterable[PlanTask]) -> list[str]:
    """Titles along a circle that these predecessors would close, or nothing. Two statements."""
    edges = predecessors_of(link.plan)
    edges[link.pk] = [other.pk for other in before]
    way = _way_back(link.pk, edges)
    titles = dict(PlanTask.objects.filter(pk__in=way).order_by().values_list("pk", "task__title"))
    return [titles[pk] for pk in way]


def _way_back(start: int, edges: dict[int, list[int]]) -> list[int]:
    """The shortest way along predecessors from a task to itself, both ends named; [] when there is none."""
    ways: list[list[int]] = [[start]]
    seen: set[int] = set()
    while ways:
        way = ways.pop(0)
        for earlier in edges.get(way[-1], []):
            if earlier == start:
                return [*way, start]
            if earlier not in seen:
                seen.add(earlier)
                ways.append([*way, earlier])
    return []


def check_stage(plan: Plan) -> None:
    """Tasks of a roadmap are written after stage 1 (R49); raises DomainError."""
    if plan.is_roadmap and plan.state in (PlanState.DRAFT, PlanState.INFO):
        raise DomainError("stage1_open", _("Tasks come after stage 1: check the facts first."))


def check_dates(link: PlanTask, task: Task) -> None:
    """The due day is not before the start; raises DomainError (§2.8.6)."""
    if task.due_on < link.starts_on:
        text = _("The task is due before it starts.")
        raise DomainError("dates", text, {"due_on": [text]})


def _start(said: date | None, due_on: date) -> date:
    """A working day: unsaid it is the due day itself, a day off becomes the next working day but not later than due."""
    check_day(said, "starts_on")
    if said is None:
        return due_on
    return min(load_calendar().add(said, 0), due_on) if said <= due_on else said
