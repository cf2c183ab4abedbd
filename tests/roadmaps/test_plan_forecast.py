"""The forecast of a plan in its head, against the deadline and the act-by (R44, R45)."""

from datetime import date

import pytest
from django.test import Client
from django.urls import reverse

from accounts.enums import TaskState
from deals.models import Deal, DealRenewal
from roadmaps.plan_schedule import Outlook
from tests.factories import Cast, T, make_calendar, make_company, make_contract, make_deal, moment
from tests.roadmaps.makers import make_plan, make_plan_task

pytestmark = pytest.mark.django_db


@pytest.fixture
def deal(cast: Cast) -> Deal:
    make_calendar()
    return make_deal(make_company(kam=cast.aliev), ("casebook", 14, 18))


def test_the_forecast_is_compared_with_the_deadline_and_warned(deal: Deal, cast: Cast) -> None:
    """R45: in working days, in words; a task before it that is late pushes the end."""
    plan = make_plan(deal, state="active", deadline=date(2026, 12, 2))
    first = make_plan_task(plan, cast.aliev, starts_on=date(2026, 11, 25), due_on=date(2026, 12, 1))
    make_plan_task(plan, cast.naumov, starts_on=date(2026, 12, 1), due_on=date(2026, 12, 2), after=[first])
    late = Outlook(plan, T)
    assert late.text == "прогноз: 03.12.2026, на 1 рабочий день позже срока"
    assert len(late.warnings) == 1
    plan.deadline = date(2026, 12, 4)
    assert Outlook(plan, T).text == "прогноз: 03.12.2026, на 1 рабочий день раньше срока"
    assert Outlook(plan, T).warnings == []


def test_the_work_before_documents_is_compared_with_the_act_by(deal: Deal, cast: Cast) -> None:
    """R45: documents begin by the act-by of the contract that is renewed, not of another one."""
    contract, other = (
        make_contract(deal.company, ("casebook", 5)),
        make_contract(deal.company, ("casebook", 5)),
    )
    type(contract).objects.filter(pk=contract.pk).update(act_by=date(2026, 11, 30))
    type(contract).objects.filter(pk=other.pk).update(act_by=date(2026, 11, 20))
    DealRenewal.objects.create(deal=deal, contract=contract)
    plan = make_plan(deal)
    make_plan_task(plan, cast.aliev, phase="needs", due_on=date(2026, 12, 1))
    make_plan_task(plan, cast.aliev, phase="docs", due_on=date(2026, 12, 25))
    outlook = Outlook(plan, T)
    assert (outlook.schedule.act_by, outlook.schedule.late_for_documents) == (date(2026, 11, 30), 1)
    assert "начать 30.11.2026" in outlook.warnings[0]


def test_what_is_done_holds_nobody_and_an_ended_plan_has_no_forecast(deal: Deal, cast: Cast) -> None:
    """R44: «ждёт» goes with the last open predecessor."""
    plan = make_plan(deal)
    first = make_plan_task(plan, cast.aliev, state=TaskState.DONE, actual_result="Готово", done_at=moment())
    second = make_plan_task(plan, cast.aliev, after=[first])
    third = make_plan_task(plan, cast.aliev, after=[second])
    found = Outlook(plan, T).schedule.tasks
    assert (found[first.pk].slack, found[second.pk].held_by, found[third.pk].held_by) == (
        None,
        (),
        (second.pk,),
    )
    plan.state = "cancelled"
    assert Outlook(plan, T).text == ""


def test_the_head_of_the_plan_shows_it(deal: Deal, cast: Cast, client: Client) -> None:
    """R45: in every tab; a plan without tasks says nothing."""
    plan = make_plan(deal, deadline=date(2026, 11, 27))
    client.force_login(cast.aliev)
    assert "Прогноз" not in client.get(plan.get_absolute_url()).content.decode()
    make_plan_task(plan, cast.aliev)
    for page in ("plan_detail", "plan_facts", "plan_syncs"):
        text = client.get(reverse(f"roadmaps:{page}", args=[plan.public_id])).content.decode()
        assert 'Прогноз</dt><dd class="strong">01.12.2026' in text and "на 2 рабочих дня позже срока" in text


def test_a_schedule_takes_four_statements(
    deal: Deal, cast: Cast, django_assert_max_num_queries: object
) -> None:
    """§6.9: whatever the number of tasks."""
    plan = make_plan(deal)
    for _number in range(5):
        make_plan_task(plan, cast.aliev)
    with django_assert_max_num_queries(4):  # type: ignore[operator]
        assert Outlook(plan, T).schedule.end
