"""«Данные» of a strategy: values, sources, one click each, and what keeps stage 1 open (R46, R47, R48)."""

from collections.abc import Callable
from datetime import date
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from accounts.enums import Fact, FactResult
from accounts.models import (
    Company,
    CompanyYear,
    Contact,
    CourtLoad,
    FactCheck,
    ProcurementProfile,
    ProcurementType,
)
from accounts.services.contact_roles import save_contact_role
from accounts.services.contacts import add_contact, mark_contact_left
from accounts.services.facts import confirm_fact, take_back_checks
from roadmaps.enums import PlanState
from roadmaps.models import Plan
from roadmaps.services.plan_moves import move_plan
from roadmaps.stage1 import open_points
from tests.factories import Cast, T, make_company, make_contact, make_contract, make_deal, moment
from tests.roadmaps.makers import confirm_everything, make_plan, make_plan_task
from upsell_crm.core.errors import DomainError
from upsell_crm.core.models import AuditEvent

pytestmark = pytest.mark.django_db
Browser = Callable[[Any], Client]


@pytest.fixture
def company(cast: Cast) -> Company:
    return make_company("ООО «Заречье Сбыт»", kam=cast.aliev, team=cast.k2)


@pytest.fixture
def plan(company: Company) -> Plan:
    make_contact(company)
    return make_plan(make_deal(company, ("casebook", 14, 18)), state=PlanState.INFO)


def facts_url(plan: Plan, name: str = "plan_facts", *more: object) -> str:
    return reverse(f"roadmaps:{name}", args=[plan.public_id, *more])


def text_of(client: Client, plan: Plan) -> str:
    return client.get(facts_url(plan)).content.decode()


def settled(plan: Plan, fact: str) -> bool:
    return all(point.fact != fact for point in open_points(plan, T))


def test_each_fact_stands_with_its_value_source_and_person(
    plan: Plan, cast: Cast, client_of: Browser
) -> None:
    """R46: what we know, from where, who checked it and until when."""
    company = plan.deal.company
    CompanyYear.objects.create(
        company=company, year=2025, revenue=64_000_000_000, source="fns", as_of=date(2026, 4, 1)
    )
    CourtLoad.objects.create(company=company, as_of=date(2026, 9, 30), cases_12m=128, claims_amount=4_500_000)
    kind = ProcurementType.objects.create(
        code="rfp", name_ru="Запрос предложений", name_en="RFP", approval_bd=20, lead_bd=45
    )
    ProcurementProfile.objects.create(company=company, default_type=kind, etp="Росэлторг", needs_tz=True)
    confirm_everything(company, cast.aliev)
    text = text_of(client_of(cast.aliev), plan)
    for words in ("64\xa0млрд", "ФНС", "128 дел", "Запрос предложений", "согласование 20, закупка 45 раб. дн.",
                  "Росэлторг", "нужно ТЗ", "Тимур Алиев", "Актуально 8 из 8", "действует до 18.02.2027"):  # fmt: skip
        assert words.replace("\xa0", " ") in text.replace("\xa0", " "), words


def test_reasons_stand_on_the_page_before_the_click(plan: Plan, cast: Cast, client_of: Browser) -> None:
    """R46–R48: what «Далее» would say is read beforehand, and said again by the refusal."""
    text = text_of(client_of(cast.aliev), plan)
    assert "«Далее» ждёт:" in text
    assert "Закупка: ещё никто не подтвердил" in text
    answer = client_of(cast.aliev).post(facts_url(plan, "move_plan", "planning"), {"version": plan.version})
    assert (answer.status_code, "ещё никто не подтвердил" in answer.content.decode()) == (422, True)
    plan.refresh_from_db()
    assert plan.state == PlanState.INFO


def test_a_closed_stage_lets_the_plan_go_on(plan: Plan, cast: Cast, client_of: Browser) -> None:
    """R46: with every fact confirmed «Далее» leads to planning."""
    confirm_everything(plan.deal.company, cast.aliev)
    client_of(cast.aliev).post(facts_url(plan, "move_plan", "planning"), {"version": plan.version})
    plan.refresh_from_db()
    assert (plan.state, plan.stage1_override_reason) == (PlanState.PLANNING, "")


def test_the_lead_goes_on_with_a_reason_that_stays(plan: Plan, cast: Cast, client_of: Browser) -> None:
    """§2.8.5: from the same panel; without words he does not."""
    lead = client_of(cast.gromov)
    assert (
        lead.post(
            facts_url(plan, "move_plan", "planning"), {"version": plan.version, "overrides": "on"}
        ).status_code
        == 422
    )
    lead.post(
        facts_url(plan, "move_plan", "planning"),
        {"version": plan.version, "overrides": "on", "reason": "ЛПР в отпуске"},
    )
    plan.refresh_from_db()
    assert (plan.state, plan.stage1_override_reason) == (PlanState.PLANNING, "ЛПР в отпуске")
    assert "ЛПР в отпуске" in text_of(client_of(cast.aliev), plan)


@pytest.mark.parametrize(("age", "stands"), [(90, True), (91, False)])
def test_a_decision_maker_is_fresh_for_ninety_days(plan: Plan, cast: Cast, age: int, stands: bool) -> None:
    """R47: on the ninetieth day still, on the next no more."""
    confirm_everything(plan.deal.company, cast.aliev, date.fromordinal(T.toordinal() - age))
    assert settled(plan, Fact.DM) is stands


@pytest.mark.parametrize(("age", "stands"), [(180, True), (181, False)])
def test_procurement_is_fresh_for_half_a_year(plan: Plan, cast: Cast, age: int, stands: bool) -> None:
    """R48."""
    confirm_everything(plan.deal.company, cast.aliev, date.fromordinal(T.toordinal() - age))
    assert settled(plan, Fact.PROCUREMENT) is stands


def test_unknown_answers_for_revenue_and_not_for_procurement(plan: Plan, cast: Cast) -> None:
    """R46, decision 0050: a critical fact needs a confirmation, and «unknown» takes an older one back."""
    confirm_everything(plan.deal.company, cast.aliev)
    FactCheck.objects.filter(fact=Fact.REVENUE).delete()
    assert not settled(plan, Fact.REVENUE)
    for fact in (Fact.REVENUE, Fact.PROCUREMENT):
        confirm_fact(plan.deal.company, fact, by=cast.aliev, result=FactResult.UNKNOWN)
    assert (settled(plan, Fact.REVENUE), settled(plan, Fact.PROCUREMENT)) == (True, False)
    confirm_fact(plan.deal.company, Fact.PROCUREMENT, by=cast.aliev)
    assert settled(plan, Fact.PROCUREMENT)


def test_a_new_decision_maker_replaces_the_one_who_left(plan: Plan, cast: Cast) -> None:
    """R47: who enters him says that he decides today."""
    company = plan.deal.company
    old = Contact.objects.get()
    confirm_everything(company, cast.aliev, date(2026, 5, 1))
    mark_contact_left(old, left_on=T, by=cast.aliev)
    assert [point.text for point in open_points(plan, T) if point.fact == Fact.DM] == [
        "ЛПР: никто не назван, добавьте того, кто решает"
    ]
    save_contact_role(add_contact(company, by=cast.aliev, last_name="Орехова"), "dm", by=cast.aliev)
    assert settled(plan, Fact.DM)


def test_one_click_confirms_and_one_takes_it_back(plan: Plan, cast: Cast, client_of: Browser) -> None:
    """R46: history keeps both clicks."""
    browser = client_of(cast.aliev)
    browser.post(facts_url(plan, "confirm_plan_fact"), {"fact": "procurement"})
    check = FactCheck.objects.get()
    assert (check.result, check.checked_by, settled(plan, Fact.PROCUREMENT)) == (
        "confirmed",
        cast.aliev,
        True,
    )
    browser.post(facts_url(plan, "take_back_plan_fact", check.pk))
    assert not FactCheck.objects.exists()
    assert list(AuditEvent.objects.filter(event__contains="fact").values_list("event", flat=True).order_by("pk")) == [
        "confirm_fact", "take_back_fact",
    ]  # fmt: skip


def test_nobody_takes_back_the_word_of_another_or_an_old_one(plan: Plan, cast: Cast) -> None:
    """R46: own answers of a quarter of an hour; a change of the data stays."""
    company = plan.deal.company
    mine = confirm_fact(company, Fact.REVENUE, by=cast.aliev)[0]
    old = FactCheck.objects.create(
        company=company,
        fact=Fact.USERS,
        result="confirmed",
        checked_at=moment(date(2026, 11, 20)),
        checked_by=cast.aliev,
    )
    with pytest.raises(DomainError, match="нельзя отменить"):
        take_back_checks(company, [mine.pk], by=cast.gromov)
    with pytest.raises(DomainError, match="нельзя отменить"):
        take_back_checks(company, [old.pk], by=cast.aliev)


def test_all_that_was_shown_is_confirmed_at_once(plan: Plan, cast: Cast, client_of: Browser) -> None:
    """R46: only what has a value and stood on the page as stale; the rest waits."""
    company = plan.deal.company
    CourtLoad.objects.create(company=company, as_of=T, cases_12m=5)
    shown = [f"fact-dm-{Contact.objects.get().public_id}", "fact-requisites", "fact-revenue"]
    client_of(cast.aliev).post(facts_url(plan, "confirm_plan_fact"), {"fact": "all", "shown": shown})
    assert set(FactCheck.objects.values_list("fact", flat=True)) == {"dm", "requisites"}


def test_who_only_looks_has_no_buttons(plan: Plan, cast: Cast, client_of: Browser) -> None:
    """§3: BackOffice confirms requisites alone."""
    text = text_of(client_of(cast.titova), plan)
    assert text.count('name="result" value="unknown"') == 1
    assert "Далее: планирование" not in text


def test_tasks_that_wait_for_a_fact_are_named(plan: Plan, cast: Cast, client_of: Browser) -> None:
    """R48: the page says which tasks a stale fact holds back."""
    make_plan_task(plan, cast.aliev, "Согласовать ТЗ", built_on=["procurement"])
    make_plan_task(plan, cast.aliev, "Позвонить")
    text = text_of(client_of(cast.aliev), plan)
    held = text[text.index('id="held-tasks"') :]
    assert "Согласовать ТЗ" in held
    assert "Позвонить" not in held


@pytest.mark.slow
def test_the_page_costs_the_same_for_a_large_client(
    plan: Plan, cast: Cast, client_of: Browser, django_assert_max_num_queries: Any
) -> None:
    """R46: people, departments and products do not add statements."""
    company = plan.deal.company
    for number in range(12):
        make_contact(company)
        make_contract(company, (f"product-{number}", 10))
        company.departments.create(name=f"Отдел {number}", headcount=number)
        make_plan_task(plan, cast.aliev, f"Задача {number}", built_on=["procurement"])
    browser = client_of(cast.aliev)
    browser.get(facts_url(plan))
    with django_assert_max_num_queries(30):
        browser.get(facts_url(plan))


def test_facts_of_a_plan_move_a_plan_only_by_its_machine(plan: Plan, cast: Cast) -> None:
    """R49: stage 1 is the only way to planning."""
    confirm_everything(plan.deal.company, cast.aliev)
    assert move_plan(plan, to=PlanState.PLANNING, by=cast.aliev).state == PlanState.PLANNING
