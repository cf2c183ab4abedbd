"""What the linter looks at, read for any number of plans by a constant number of statements (product.md §1.9)."""

from collections import Counter, defaultdict
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from operator import attrgetter
from typing import Any

from django.db.models import Count, F, FilteredRelation, Q, Window
from django.db.models.functions import RowNumber

from accounts.calendar import load_calendar
from accounts.enums import OPEN_TASK_STATES, ContactState, DecisionRole, InterestLevel
from accounts.fact_states import FactState, fact_states_of
from accounts.models import ContactRole, DepartmentInterest, Task
from accounts.working_days import WorkCalendar
from deals.models import Deal, DealLine, DealMember
from roadmaps.lint_facts import Decider, Member, PlanFacts, PlannedTask, WeekLoad, stem_of
from roadmaps.linter import Flag, lint
from roadmaps.models import Plan, PlanTask
from roadmaps.plan_schedule import Outlook, nearest_act_by, planned
from roadmaps.queries import predecessors_of
from roadmaps.schedule import schedule
from roadmaps.stage1 import CRITICAL
from upsell_crm.core import clock
from upsell_crm.core.parameters import parameters

WEEK = timedelta(days=7)
Load = dict[tuple[int, date], int]  # (person, Monday) → open tasks


@dataclass(frozen=True, slots=True)
class _Shelf:
    """Everything that was read, each by the key under which a plan finds it."""

    members: dict[int, list[DealMember]]
    tasks: dict[int, list[PlanTask]]
    before: Mapping[int, list[int]]  # task → what it waits for
    deciders: dict[int, list[ContactRole]]
    ties: dict[int, set[int]]
    loads: Load
    act_by: dict[int, date]
    sells: dict[int, dict[int, str]]
    wanted: dict[int, dict[int, str]]
    facts: dict[int, list[FactState]]
    calendar: WorkCalendar
    overload: int


def flags_of(plan: Plan, today: date, outlook: Outlook | None = None) -> list[Flag]:
    """What the linter says about one plan now; `outlook` = what the page reads of its tasks."""
    return lint(plan_facts([plan], today, outlook)[plan.pk])


def flag_counts(plans: Sequence[Plan], today: date) -> dict[int, Counter[str]]:
    """Plan → how many flags of each severity."""
    facts = plan_facts(plans, today)
    return {plan.pk: Counter(flag.severity for flag in lint(facts[plan.pk])) for plan in plans}


def plan_facts(
    plans: Sequence[Plan], today: date, outlook: Outlook | None = None
) -> dict[int, PlanFacts]:  # fmt: skip
    """Facts of each plan by thirteen statements; the plans come with their deals, `outlook` is that of the only one."""
    shelf = _read(plans, today, outlook)
    return {plan.pk: _facts(plan, shelf, today) for plan in plans}


def _read(plans: Sequence[Plan], today: date, outlook: Outlook | None) -> _Shelf:
    deal_ids = [plan.deal_id for plan in plans]
    company_ids = {plan.company_id for plan in plans}
    members = DealMember.objects.active_on(today).filter(deal__in=deal_ids).select_related("user")
    tasks = outlook.links if outlook else _tasks(plans)
    deciders, ties = _deciders(company_ids, today)
    numbers = parameters("valid_days", "overload_tasks_week")
    lines = DealLine.objects.filter(deal__in=deal_ids).select_related("product").order_by("product_id", "pk")
    return _Shelf(
        members=_grouped(members.order_by("user__last_name", "user__first_name", "pk"), "deal_id"),
        tasks=_grouped(tasks, "plan_id"), before=outlook.before if outlook else predecessors_of(*plans),
        deciders=deciders, ties=ties, loads=_loads(tasks),
        act_by=_act_by(plans), sells=_products(lines, "deal_id"), wanted=_wanted(company_ids),
        facts=fact_states_of(company_ids, today, numbers["valid_days"]),
        calendar=outlook.calendar if outlook else load_calendar(), overload=numbers["overload_tasks_week"],
    )  # fmt: skip


def _facts(plan: Plan, shelf: _Shelf, today: date) -> PlanFacts:
    tasks = tuple(_task(link) for link in shelf.tasks.get(plan.pk, ()))
    named = {plan.deadline, *(task.due_on for task in tasks)} - {None}
    sells = shelf.sells.get(plan.deal_id, {})
    wanted = shelf.wanted.get(plan.company_id, {})
    return PlanFacts(
        today=today, is_roadmap=plan.is_roadmap, is_working=plan.is_working, deadline=plan.deadline,
        presentation_on=plan.presentation_on, act_by=shelf.act_by.get(plan.deal_id),
        forecast_on=_forecast(plan, shelf, today),
        members=_members(shelf.members.get(plan.deal_id, ())), tasks=tasks,
        deciders=tuple(_decider(role, shelf.ties) for role in shelf.deciders.get(plan.company_id, ())),
        weeks=_weeks(shelf.tasks.get(plan.pk, ()), shelf.loads), overload=shelf.overload,
        days_off=frozenset(day for day in named if day and not shelf.calendar.is_working(day)),
        stale=tuple(
            str(state.contact.short_name if state.contact else state.label)
            for state in shelf.facts[plan.company_id]
            if state.fact in CRITICAL and not state.is_fresh
        ),
        sells=tuple(sells.values()), interested_in=tuple(name for pk, name in wanted.items() if pk not in sells),
    )  # fmt: skip


def _act_by(plans: Sequence[Plan]) -> dict[int, date]:
    """Deal → by when its documents have to begin (`nearest_act_by`); one statement where the plans came without it."""
    known = [plan for plan in plans if "act_by" in vars(plan)]
    found = {plan.deal_id: vars(plan)["act_by"] for plan in known}
    rest = [plan.deal_id for plan in plans if plan.deal_id not in found]
    if rest:
        found |= dict(Deal.objects.filter(pk__in=rest).values_list("pk", nearest_act_by()))
    return {deal_id: day for deal_id, day in found.items() if day}


def _members(rows: Iterable[DealMember]) -> tuple[Member, ...]:
    """Each person once, with all his roles."""
    roles: dict[int, set[str]] = defaultdict(set)
    names: dict[int, str] = {}
    for row in rows:
        roles[row.user_id].add(row.role)
        names[row.user_id] = str(row.user)
    return tuple(Member(pk, name, frozenset(roles[pk])) for pk, name in names.items())


def _task(link: PlanTask) -> PlannedTask:
    task = link.task
    return PlannedTask(
        key=str(task.public_id), title=task.title, assignee_id=task.assignee_id, phase=link.phase,
        starts_on=link.starts_on, due_on=task.due_on, expected_result=task.expected_result,
        is_open=task.state in OPEN_TASK_STATES,
    )  # fmt: skip


def _forecast(plan: Plan, shelf: _Shelf, today: date) -> date | None:
    """When the chain ends as things stand: the critical path of `schedule`."""
    links = shelf.tasks.get(plan.pk, ())
    return schedule(
        [planned(link, tuple(shelf.before.get(link.pk, ()))) for link in links], shelf.calendar, today
    ).end


def _tasks(plans: Sequence[Plan]) -> list[PlanTask]:
    return list(
        PlanTask.objects.filter(plan__in=plans).standing().in_order().select_related("task__assignee")
    )


def _decider(role: ContactRole, ties: dict[int, set[int]]) -> Decider:
    contact = role.contact
    return Decider(contact.short_name, stem_of(contact.last_name), frozenset(ties.get(contact.pk, ())))


def _weeks(links: Iterable[PlanTask], loads: Load) -> tuple[WeekLoad, ...]:
    planned: Load = Counter(
        (link.task.assignee_id, clock.monday_of(link.task.due_on))
        for link in links
        if link.task.state in OPEN_TASK_STATES
    )
    names = {link.task.assignee_id: str(link.task.assignee) for link in links}
    return tuple(
        WeekLoad(user_id, names[user_id], monday, n, max(0, loads.get((user_id, monday), 0) - n))
        for (user_id, monday), n in sorted(planned.items())
    )


def _loads(links: Iterable[PlanTask]) -> Load:
    """Open tasks of these people in the weeks of these tasks, of any plan or none."""
    people = {link.task.assignee_id for link in links}
    mondays = {clock.monday_of(link.task.due_on) for link in links}
    if not mondays:
        return {}
    span = (min(mondays), max(mondays) + WEEK)
    rows = Task.objects.open().filter(assignee__in=people, due_on__gte=span[0], due_on__lt=span[1]).order_by()
    found: Load = defaultdict(int)
    for user_id, due_on, n in rows.values_list("assignee", "due_on").annotate(n=Count("pk")):
        found[user_id, clock.monday_of(due_on)] += n
    return found


def _deciders(
    company_ids: Collection[int], today: date
) -> tuple[dict[int, list[ContactRole]], dict[int, set[int]]]:
    """Key ЛПР who work there now, each person once, the most influential first, and who of us knows each at all."""
    is_known = Q(contact__strengths__level__gte=1)
    roles = (
        ContactRole.objects.filter(
            Q(valid_to=None) | Q(valid_to__gte=today), company__in=company_ids, role=DecisionRole.DM, is_key=True,
            contact__anonymised_at=None,
        )
        .exclude(contact__state=ContactState.LEFT)
        .annotate(tie=FilteredRelation("contact__strengths", condition=is_known), friend=F("tie__user"))
        .select_related("contact")
        .order_by("-influence", "pk")
    )  # fmt: skip
    once: dict[tuple[int, int], ContactRole] = {}
    ties: dict[int, set[int]] = defaultdict(set)
    for role in roles:  # a row for each who knows the person
        once.setdefault((role.company_id, role.contact_id), role)
        ties[role.contact_id].add(role.friend)
    return _grouped(once.values(), "company_id"), {contact: users - {None} for contact, users in ties.items()}


def _wanted(company_ids: Collection[int]) -> dict[int, dict[int, str]]:
    """Products in which a department is interested by its last word."""
    last = Window(
        RowNumber(),
        partition_by=[F("department_id"), F("product_id")],
        order_by=[F("as_of").desc(), F("pk").desc()],
    )
    rows = DepartmentInterest.objects.filter(department__company__in=company_ids).annotate(place=last)
    words = rows.filter(place=1, level__gte=InterestLevel.PRESENT).select_related("product", "department")
    return _products(words.order_by("product_id", "pk"), "department.company_id")


def _products(rows: Iterable[Any], owner: str) -> dict[int, dict[int, str]]:
    """Owner (a path of attributes) → product → its name, in the order of the rows."""
    found: dict[int, dict[int, str]] = defaultdict(dict)
    for row in rows:
        found[attrgetter(owner)(row)][row.product_id] = str(row.product)
    return found


def _grouped(rows: Iterable[Any], name: str) -> dict[int, list[Any]]:
    found: dict[int, list[Any]] = defaultdict(list)
    for row in rows:
        found[getattr(row, name)].append(row)
    return found
