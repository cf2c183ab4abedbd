"""The bars of speed of issue 5: pages of the largest plan, 200 tasks of 30 people, by a constant number of statements."""

from collections.abc import Callable
from datetime import date, timedelta
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from accounts.models import Task
from deals.models import Deal, DealMember
from roadmaps.enums import Phase, PlanState
from roadmaps.models import Plan, PlanTask, ReplanItem, ReviewComment, Sync
from roadmaps.queries import content_of
from roadmaps.services.revisions import submit
from tests.factories import Cast, make_calendar, make_company, make_deal, moment
from tests.roadmaps.makers import confirm_everything, make_plan, make_replan, make_sync, put_plan
from upsell_crm.core.models import User

pytestmark = [pytest.mark.django_db, pytest.mark.slow]
MONDAY = date(2026, 11, 16)
STATES = ("todo", "doing", "blocked", "done")
TABS = ("detail", "facts", "timeline", "syncs", "revisions", "presentation", "load")


@pytest.fixture
def plan(cast: Cast) -> Plan:
    """In work, with a held sync and a sync ahead."""
    make_calendar()
    company = make_company("АО «Порт»", kam=cast.aliev, team=cast.k2)
    confirm_everything(company, cast.aliev, date(2026, 3, 2))  # stale: tasks on facts are held back
    deal = make_deal(company, ("casebook", 10, 20))
    plan = put_plan(make_plan(deal, presentation_on=date(2027, 1, 11)), PlanState.ACTIVE)
    held = make_sync(plan, date(2026, 11, 18))
    held.agenda = {
        "results": [],
        "revisions": [{"number": 1, "reason": "Запуск", "who": "", "on": "2026-11-16"}],
    }
    held.revision = plan.revisions.get()
    held.save()
    type(held.interaction).objects.filter(pk=held.interaction.pk).update(state="held")
    make_sync(plan, date(2026, 11, 30))
    return plan


@pytest.fixture
def people(plan: Plan, cast: Cast) -> list[User]:
    """The KAM and 29 members of the group."""
    made = User.objects.bulk_create(
        User(username=f"member-{n}", last_name=f"Участник{n:02}", team=cast.k2) for n in range(29)
    )
    DealMember.objects.bulk_create(
        DealMember(deal=plan.deal, user=person, role="performer", since_on=MONDAY) for person in made
    )
    return [cast.aliev, *made]


def add_tasks(plan: Plan, people: list[User], n: int, lead: User) -> None:
    """Tasks in a chain of threes, all phases and states, with facts, comments of the lead and a mark to look again."""
    count, phases = plan.tasks.count(), list(Phase)
    tasks = Task.objects.bulk_create(
        Task(
            title=f"Задача {k}", assignee=people[k % len(people)], receiver=people[0], company=plan.deal.company,
            due_on=MONDAY + timedelta(days=k // 3 + 3), origin="plan", expected_result="Список", state=STATES[k % 4],
            state_reason="Ждём клиента" if k % 4 == 2 else "", actual_result="Есть" if k % 4 == 3 else "",
            done_at=moment() if k % 4 == 3 else None,
        )
        for k in range(count, count + n)
    )  # fmt: skip
    links = PlanTask.objects.bulk_create(
        PlanTask(
            plan=plan, task=task, starts_on=task.due_on - timedelta(days=3), phase=phases[k % len(phases)],
            built_on=["dm"] if k % 2 else [],
        )
        for k, task in enumerate(tasks, count)
    )  # fmt: skip
    for before, link in zip(links, links[3:], strict=False):
        link.depends_on.add(before)
    ReviewComment.objects.bulk_create(
        ReviewComment(plan=plan, author=lead, item=f"task:{link.task.public_id}", text="Зачем?") for link in links[:40]
    )  # fmt: skip
    mark = ReplanItem.objects.filter(plan=plan).first() or make_replan(plan, people[0])
    mark.tasks.add(*links[:3])
    plan.content = content_of(plan)
    plan.save()


def page(client: Client, name: str, record: Any) -> Callable[[], None]:
    """A visit that succeeds."""
    url = reverse(f"roadmaps:{name}", args=[record.public_id])

    def visit() -> None:
        assert client.get(url).status_code == 200

    return visit


def test_tabs_of_the_largest_plan_take_fifteen_statements(
    plan: Plan, people: list[User], cast: Cast, client_of: Callable[[User], Client], query_budget: Any
) -> None:
    """Issue 5, R5: with 3 tasks and with 200; its KAM, a member of the group and the lead of the team."""
    visits = [
        page(client_of(person), f"plan_{tab}", plan) for person in (people[0], cast.gromov) for tab in TABS
    ]
    query_budget(lambda n: add_tasks(plan, people, n, cast.gromov), *visits, at_most=15, many=200)


def test_syncs_and_revisions_of_the_largest_plan(
    plan: Plan, people: list[User], cast: Cast, client_of: Callable[[User], Client], query_budget: Any
) -> None:
    """R51, R52: the sync ahead with its agenda, the held one, the protocol with a row for each task."""
    client = client_of(people[0])
    held, ahead = Sync.objects.filter(plan=plan).order_by("number")
    visits = [
        page(client, "sync_detail", held), page(client, "sync_detail", ahead), page(client, "sync_protocol", ahead),
        page(client, "revision_compare", plan), page(client, "plan_history", plan), page(client, "new_sync", plan),
    ]  # fmt: skip
    query_budget(lambda n: add_tasks(plan, people, n, cast.gromov), *visits, at_most=15, many=200)


def test_forms_of_the_largest_plan(
    plan: Plan, people: list[User], cast: Cast, client_of: Callable[[User], Client], query_budget: Any
) -> None:
    """R44, R50: a new task, another text, other days, the head of the plan, taking a task out."""
    client = client_of(people[0])
    add_tasks(plan, people, 1, cast.gromov)
    link = plan.tasks.get()
    visits = [page(client, name, plan) for name in ("plan_task_new", "edit_plan", "plan_fill")]
    visits += [page(client, name, link) for name in ("plan_task_edit", "plan_task_dates", "plan_task_remove")]
    query_budget(lambda n: add_tasks(plan, people, n, cast.gromov), *visits, at_most=15, many=200)


def test_the_lead_reads_the_linter_of_the_largest_plan(
    plan: Plan, people: list[User], cast: Cast, client_of: Callable[[User], Client], query_budget: Any
) -> None:
    """R79: the linter alone looks at nine tables of three rooms, so its pages take a few statements more (19 and 16)."""
    put_plan(plan, PlanState.REVIEW)
    submit(plan, by=people[0])
    client = client_of(cast.gromov)
    visits = [page(client, "plan_review", plan), page(client, "plan_flags", plan)]
    query_budget(lambda n: add_tasks(plan, people, n, cast.gromov), *visits, at_most=19, many=200)


def test_the_queue_and_the_list_cost_the_same_for_many_plans(
    cast: Cast, client_of: Callable[[User], Client], query_budget: Any
) -> None:
    """§6: each plan with its own client, people and flags."""
    make_calendar()
    client = client_of(cast.gromov)

    def add(n: int) -> None:
        for _number in range(n):
            deal: Deal = make_deal(make_company(kam=cast.aliev, team=cast.k2), ("casebook", 1, 2))
            plan = put_plan(make_plan(deal), PlanState.REVIEW)
            submit(plan, by=cast.aliev)
            add_tasks(plan, [cast.aliev], 1, cast.gromov)

    def visit(name: str) -> Callable[[], None]:
        def look() -> None:
            assert client.get(reverse(f"roadmaps:{name}")).status_code == 200

        return look

    query_budget(add, visit("review_queue"), visit("plan_list"), at_most=16)
