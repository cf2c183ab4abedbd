"""Days on which plans have gone wrong elsewhere (faults C2–C4): every page opens, and the arithmetic holds."""

from datetime import date
from typing import Any

import pytest
from django.test import Client

from accounts.models import WorkDay
from roadmaps.enums import PlanState
from roadmaps.models import Plan
from tests.factories import Cast, T, make_calendar, make_company, make_contract, make_deal
from tests.roadmaps.makers import make_plan, make_plan_task, put_plan

pytestmark = [pytest.mark.django_db, pytest.mark.slow]
TABS = (
    "",
    "facts/",
    "timeline/",
    "timeline/?view=table&zoom=weeks",
    "review/",
    "syncs/",
    "tasks/new/",
    "load/",
)


def opens(client: Client, plan: Plan) -> None:
    for tab in TABS:
        assert client.get(f"/plans/{plan.public_id}/{tab}").status_code == 200, tab


@pytest.mark.parametrize(
    ("today", "deadline"),
    [
        (T, T),
        (T, date(2027, 1, 1)),
        (T, date(2027, 5, 9)),
        (T, date(2028, 2, 29)),
        (T, date(2031, 12, 31)),
        (date(2026, 12, 31), date(2027, 1, 11)),
        (date(2027, 1, 1), date(2027, 1, 8)),
        (date(2028, 2, 29), date(2028, 3, 1)),
    ],
)
@pytest.mark.parametrize("state", [PlanState.PLANNING, PlanState.ACTIVE])
def test_a_plan_of_any_days_opens(
    cast: Cast, client_of: Any, settings: Any, today: date, deadline: date, state: str
) -> None:
    """Today itself, holidays, over New Year, a provisional calendar, a year that the calendar lacks."""
    make_calendar()
    plan = make_plan(make_deal(make_company(kam=cast.lisina, team=cast.k1)), deadline=deadline)
    first = make_plan_task(plan, cast.lisina, starts_on=min(today, deadline), due_on=deadline)
    make_plan_task(plan, cast.lisina, "После", starts_on=deadline, due_on=deadline, after=[first])
    plan = put_plan(Plan.objects.get(pk=plan.pk), state)
    settings.CRM_TODAY = today
    opens(client_of(cast.lisina), plan)


def test_a_calendar_without_a_single_day_is_no_failure(cast: Cast, client_of: Any) -> None:
    assert not WorkDay.objects.exists()
    plan = make_plan(make_deal(make_company(kam=cast.lisina, team=cast.k1)))
    make_plan_task(plan, cast.lisina)
    opens(client_of(cast.lisina), plan)


def test_a_client_whose_day_to_act_has_passed_gets_a_proposal_ahead(cast: Cast, client_of: Any) -> None:
    """What is proposed can be saved at once: no day of it lies in the past."""
    make_calendar()
    company = make_company(kam=cast.lisina, team=cast.k1)
    make_contract(company, ("casebook", 10), act_by=date(2026, 11, 2))
    answer = client_of(cast.lisina).get(f"/companies/{company.public_id}/plan/new/")
    assert answer.status_code == 200
    assert answer.context["form"]["deadline"].value() >= T
    assert all((line["due_on"].value() or T) >= T for line in answer.context["steps"])


@pytest.mark.parametrize("day", ["0001-01-01", "1926-12-01", "9999-12-31"])
def test_a_slip_of_the_hand_in_a_year_is_told(cast: Cast, client_of: Any, day: str) -> None:
    """The picture of a plan that begins in the year 1 would have a hundred thousand weeks."""
    make_calendar()
    plan = make_plan(make_deal(make_company(kam=cast.lisina, team=cast.k1)))
    link = make_plan_task(plan, cast.lisina)
    said = {
        "goal": plan.goal,
        "success_metric": plan.success_metric,
        "success_value": 1,
        "version": plan.version,
    }
    for url, typed in (
        (f"/plans/{plan.public_id}/edit/", {**said, "deadline": day}),
        (f"/plan-tasks/{link.public_id}/dates/", {"starts_on": day, "due_on": day, "version": plan.version}),
        (
            f"/plan-tasks/{link.public_id}/dates/",
            {"starts_on": day, "due_on": "2026-12-01", "version": plan.version},
        ),
    ):
        answer = client_of(cast.lisina).post(url, typed)
        if not (day.startswith("9999") and typed.get("due_on") == "2026-12-01"):
            assert "Проверьте год" in answer.content.decode(), url
        assert answer.status_code == 422, url
    assert Plan.objects.get(pk=plan.pk).deadline == plan.deadline
