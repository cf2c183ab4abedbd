"""The timeline of a plan: the picture, the same as a table, and dates that are moved on it (R44, R45, R52)."""

from datetime import date
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from accounts.enums import TaskState
from deals.models import Deal
from roadmaps.models import Plan, PlanTask
from roadmaps.plan_content import replay
from roadmaps.queries import content_of
from tests.factories import Cast, make_calendar, make_company, make_deal, moment
from tests.roadmaps.makers import make_plan, make_plan_task

pytestmark = pytest.mark.django_db
NEXT = (date(2026, 11, 26), date(2026, 12, 2))


@pytest.fixture
def deal(cast: Cast) -> Deal:
    make_calendar()
    return make_deal(make_company(kam=cast.aliev), ("casebook", 14, 18))


def page_of(plan: Plan, client: Client, query: str = "") -> str:
    return client.get(reverse("roadmaps:plan_timeline", args=[plan.public_id]) + query).content.decode()


def moved(plan: Plan, client: Client, *said: tuple[PlanTask, date, date], **values: Any) -> Any:
    """What the script of the page posts."""
    moves = " ".join(f"{link.public_id}:{start}:{due}" for link, start, due in said)
    values.setdefault("version", plan.version)
    url = reverse("roadmaps:plan_dates", args=[plan.public_id])
    return client.post(url, {"moves_said": moves, **values}, headers={"HX-Request": "true"})


def dates(link: PlanTask) -> tuple[date, date]:
    link.refresh_from_db()
    link.task.refresh_from_db()
    return link.starts_on, link.task.due_on


def test_the_picture_says_in_words_what_it_shows(deal: Deal, cast: Cast, client: Client) -> None:
    """R44: «ждёт»; R45: late tasks, forecast, critical path; the same stands in a table."""
    plan = make_plan(deal, state="active", presentation_on=date(2026, 12, 20))
    late = make_plan_task(
        plan, cast.aliev, "Узнать бюджет", starts_on=date(2026, 11, 16), due_on=date(2026, 11, 20)
    )
    make_plan_task(plan, cast.naumov, "Показать расчёт", after=[late])
    client.force_login(cast.aliev)
    page = page_of(plan, client)
    assert "Просрочено: Узнать бюджет" in page
    assert "Критический путь: Узнать бюджет → Показать расчёт" in page
    assert "ждёт «Узнать бюджет»" in page
    assert "просрочена. критический путь" in page
    assert page.count("<tr>") == 3
    assert {"Сегодня 24.11", "Срок 15.01", "Презентация 20.12"} <= {
        part.split("<")[0] for part in page.split(">")
    }
    assert 'style="' not in page


def test_rows_stand_by_person_or_by_company(deal: Deal, cast: Cast, client: Client) -> None:
    """The switch is in the address; a stranger to the words gets the usual picture."""
    plan = make_plan(deal)
    other = make_company("ООО «Дочка»", kam=cast.aliev)
    make_plan_task(plan, cast.aliev, company=other)
    make_plan_task(plan, cast.naumov)
    client.force_login(cast.aliev)
    assert page_of(plan, client).count("gantt-band") == 2
    assert 'aria-label="ООО «Дочка»"' in page_of(plan, client, "?by=company&zoom=weeks")
    assert 'aria-label="Тимур Алиев"' in page_of(plan, client, "?by=moon&zoom=nothing")
    assert "gantt-band" not in page_of(plan, client, "?view=table")


def test_several_moves_are_one_revision_with_a_reason(deal: Deal, cast: Cast, client: Client) -> None:
    """R52: a plan in work asks why, then writes one number; the toast puts all back."""
    plan = make_plan(deal, state="active")
    first, second = make_plan_task(plan, cast.aliev), make_plan_task(plan, cast.naumov)
    before = dates(first)
    client.force_login(cast.aliev)
    plan.refresh_from_db()
    assert "почему меняется план" in moved(plan, client, (first, *NEXT)).content.decode().lower()
    assert dates(first) == before
    answer = moved(plan, client, (first, *NEXT), (second, *NEXT), reason="Клиент в отпуске")
    assert answer.status_code == 204
    assert dates(first) == dates(second) == NEXT
    plan.refresh_from_db()
    assert plan.revision == plan.revisions.count()
    assert plan.revisions.order_by("number").last().reason == "Клиент в отпуске"
    undo = answer.headers["HX-Trigger"].split('"undo": "')[1].split('"')[0]
    assert client.post(undo).status_code == 200
    assert dates(first) == dates(second) == before
    assert replay(plan.revisions.order_by("number").values_list("changes", flat=True)) == content_of(plan)
    assert client.post(undo).status_code == 412


def test_followers_go_along_by_as_many_working_days(deal: Deal, cast: Cast, client: Client) -> None:
    """R44: at any distance, over weekends; what is done stays."""
    plan = make_plan(deal)
    first = make_plan_task(plan, cast.aliev, starts_on=date(2026, 11, 25), due_on=date(2026, 11, 26))
    second = make_plan_task(
        plan, cast.aliev, starts_on=date(2026, 11, 27), due_on=date(2026, 12, 1), after=[first]
    )
    third = make_plan_task(
        plan, cast.naumov, starts_on=date(2026, 12, 2), due_on=date(2026, 12, 4), after=[second]
    )
    done = make_plan_task(
        plan, cast.naumov, after=[first], state=TaskState.DONE, actual_result="Да", done_at=moment()
    )
    plan.refresh_from_db()
    client.force_login(cast.aliev)
    assert moved(plan, client, (first, *NEXT), with_followers="on").status_code == 204  # four working days
    assert dates(second) == (date(2026, 12, 3), date(2026, 12, 7))
    assert dates(third) == (date(2026, 12, 8), date(2026, 12, 10))
    assert dates(done)[1] == date(2026, 12, 1)


def test_a_refusal_moves_nothing_and_says_so(deal: Deal, cast: Cast, client: Client) -> None:
    """§2.8.6: another one was faster, a due day before the start, a task that is done or of another plan."""
    plan = make_plan(deal)
    link = make_plan_task(plan, cast.aliev)
    done = make_plan_task(plan, cast.aliev, state=TaskState.DONE, actual_result="Да", done_at=moment())
    before = dates(link)
    plan.refresh_from_db()
    client.force_login(cast.aliev)
    stale = moved(plan, client, (link, *NEXT), version=plan.version - 1)
    assert (stale.status_code, stale.headers["HX-Trigger"]) == (422, "timeline:refused")
    assert "другой" in stale.content.decode()
    assert moved(plan, client, (link, NEXT[1], NEXT[0])).status_code == 422
    assert moved(plan, client, (link, *NEXT), (done, *NEXT)).status_code in (409, 422)
    foreign = make_plan_task(
        make_plan(make_deal(make_company(kam=cast.aliev), ("casebook", 1, 1))), cast.aliev
    )
    assert moved(plan, client, (foreign, *NEXT)).status_code == 422
    assert dates(link) == before
    client.force_login(cast.naumov)
    assert moved(plan, client, (link, *NEXT)).status_code in (403, 404)


def test_the_form_of_one_task_moves_it(deal: Deal, cast: Cast, client: Client) -> None:
    """Enter on a bar: both days, the followers, a conflict that shows what stands now."""
    plan = make_plan(deal)
    link = make_plan_task(plan, cast.aliev)
    plan.refresh_from_db()
    client.force_login(cast.aliev)
    url = reverse("roadmaps:plan_task_dates", args=[link.public_id])
    assert 'value="2026-11-30"' in client.get(f"{url}?starts_on=2026-11-30").content.decode()
    said = {"starts_on": "2026-11-28", "due_on": "2026-12-05", "version": plan.version}
    assert client.post(url, said, headers={"HX-Request": "true"}).status_code == 204
    assert dates(link) == (date(2026, 11, 30), date(2026, 12, 4))  # days off roll to working days
    late = client.post(url, {**said, "due_on": "2026-12-10"}, headers={"HX-Request": "true"})
    assert late.status_code == 422
    assert "04.12.2026" in late.content.decode()


@pytest.mark.slow
def test_three_tasks_and_thirty_take_the_same_statements(
    deal: Deal, cast: Cast, client: Client, query_budget: Any
) -> None:
    """Issue 5: at most fifteen, whoever looks and however."""
    plan = make_plan(deal, state="active")
    people = [cast.aliev, cast.naumov, cast.kim, cast.moroz]

    def add(n: int) -> None:
        before = None
        for number in range(n):
            link = make_plan_task(plan, people[number % 4], after=[before] if before else ())
            before = link if number % 3 else None

    client.force_login(cast.aliev)
    query_budget(add, lambda: page_of(plan, client), lambda: page_of(plan, client, "?by=company"), at_most=15)
