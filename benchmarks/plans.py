"""The largest plan that is promised, made once in each database: 200 tasks of 30 people (issue 5)."""

from collections.abc import Iterator
from datetime import timedelta

from django.urls import reverse

from accounts.calendar import load_calendar
from accounts.models import Task
from deals.models import Deal, DealTask
from roadmaps.enums import Metric, PlanState, PlanType
from roadmaps.models import Plan, PlanTask
from roadmaps.queries import content_of
from roadmaps.schedule import shifted
from upsell_crm.core import clock
from upsell_crm.core.models import User

GOAL, TASKS, PEOPLE = "Bench: the largest plan", 200, 30


def plan_pages() -> Iterator[tuple[str, str]]:
    """Name and address of each measured page; none where a base is too small to have a deal."""
    plan = Plan.objects.filter(goal=GOAL).first() or _make()
    if plan is not None:
        yield "plan, tasks", plan.get_absolute_url()
        yield "plan, timeline", reverse("roadmaps:plan_timeline", args=[plan.public_id])


def _make() -> Plan | None:
    """A roadmap being planned on a deal without one; every task waits for the one three before it."""
    deal = Deal.objects.open().exclude(plans__isnull=False).order_by("pk").first()
    if deal is None:
        return None
    today = clock.today()
    plan = Plan.objects.create(
        deal=deal, type=PlanType.ROADMAP, goal=GOAL, success_metric=Metric.SIGNED_BY, state=PlanState.PLANNING,
        deadline=today + timedelta(days=180), state_since=clock.now(),
    )  # fmt: skip
    links = [
        _task(plan, number, person) for number, person in zip(range(TASKS), _people() * TASKS, strict=False)
    ]
    for before, link in zip(links, links[3:], strict=False):
        link.depends_on.set([before])
    plan.content = content_of(plan)
    plan.save()
    return plan


def _people() -> list[User]:
    """Thirty colleagues, some of them made for this."""
    wanted = [f"bench-{number}" for number in range(PEOPLE)]
    known = list(User.objects.filter(is_active=True).order_by("pk")[:PEOPLE])
    made = [User.objects.create_user(login, last_name=login) for login in wanted[len(known) :]]
    return known + made


def _task(plan: Plan, number: int, person: User) -> PlanTask:
    calendar, today = load_calendar(), clock.today()
    task = Task.objects.create(
        title=f"Task {number}", assignee=person, company=plan.deal.company, expected_result="A result", origin="plan",
        due_on=shifted(calendar, today, number // 3 * 2 + 1),
    )  # fmt: skip
    DealTask.objects.create(deal=plan.deal, task=task)
    return PlanTask.objects.create(plan=plan, task=task, starts_on=shifted(calendar, today, number // 3 * 2))
