"""A fact has changed under a plan: act-by at once, a mark on what was built on it, an answer (R47, R48)."""

from collections.abc import Callable
from datetime import date
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from accounts.enums import Fact, Regime
from accounts.models import Company, Contact, ProcurementProfile, ProcurementType
from accounts.services.act_by import refresh_act_by
from accounts.services.anonymisation import anonymise_contact
from accounts.services.contact_roles import end_contact_role, save_contact_role
from accounts.services.contacts import mark_contact_left
from accounts.services.facts import confirm_fact
from accounts.services.procurement import update_procurement
from accounts.services.profile import save_department
from accounts.services.tasks import start_task
from deals.enums import DealKind
from roadmaps.enums import PlanState
from roadmaps.models import Plan, ReplanItem
from roadmaps.services.overrides import open_plan_tasks, shut_plan_tasks
from roadmaps.services.replans import settle_replan, take_back_settling
from tests.factories import Cast, T, make_calendar, make_company, make_contact, make_contract, make_deal
from tests.roadmaps.makers import confirm_everything, make_plan, make_plan_task, make_replan
from upsell_crm.core.errors import DomainError, NotAllowed, Stale
from upsell_crm.core.models import AuditEvent

pytestmark = pytest.mark.django_db
Browser = Callable[[Any], Client]


@pytest.fixture
def company(cast: Cast) -> Company:
    company = make_company("ООО «Заречье Сбыт»", kam=cast.aliev, team=cast.k2, regime=Regime.FZ223)
    make_contact(company)
    return company


@pytest.fixture
def plan(company: Company, cast: Cast) -> Plan:
    """In work, with a task on each of two facts."""
    plan = make_plan(make_deal(company, ("casebook", 8, 12)))
    make_plan_task(plan, cast.aliev, "Согласовать ТЗ", built_on=["procurement"])
    make_plan_task(plan, cast.aliev, "Встреча с ЛПР", built_on=["dm"])
    return plan


def a_procedure(code: str = "rfp_223", approval: int = 15, lead: int = 30) -> ProcurementType:
    return ProcurementType.objects.create(
        code=code,
        name_ru="Запрос предложений",
        name_en="RFP",
        regime="fz223",
        approval_bd=approval,
        lead_bd=lead,
    )


def titles(item: ReplanItem) -> list[str]:
    return list(item.tasks.order_by("pk").values_list("task__title", flat=True))


def test_another_procedure_moves_the_act_by_five_working_days(company: Company, cast: Cast) -> None:
    """Story 3, R48: single_223 takes 20 + 20, rfp_223 15 + 30; 40 → 45 working days, 27.10 → 20.10.2026."""
    make_calendar()
    single = a_procedure("single_223", 20, 20)
    ProcurementProfile.objects.create(company=company, default_type=single)
    contract = make_contract(company, ("casebook", 8), end_date=date(2027, 1, 3))
    refresh_act_by(company_ids=[company.pk])
    contract.refresh_from_db()
    assert contract.act_by == date(2026, 10, 27)
    update_procurement(company, {"default_type": a_procedure()}, by=cast.aliev)
    contract.refresh_from_db()
    assert contract.act_by == date(2026, 10, 20)


def test_a_changed_procedure_marks_the_tasks_built_on_it(plan: Plan, cast: Cast) -> None:
    """R48: one item, the old and the new in words, and only its own tasks."""
    update_procurement(plan.deal.company, {"default_type": a_procedure()}, by=cast.aliev)
    item = ReplanItem.objects.get()
    assert (item.plan, item.fact, titles(item)) == (plan, Fact.PROCUREMENT, ["Согласовать ТЗ"])
    assert "Запрос предложений" in item.new
    assert AuditEvent.objects.filter(event="change_fact", company_id=plan.company_id).count() == 1


def test_saving_the_same_again_marks_nothing(plan: Plan, cast: Cast) -> None:
    """R48: confirming is no change."""
    company = plan.deal.company
    kind = a_procedure()
    ProcurementProfile.objects.create(company=company, default_type=kind)
    update_procurement(company, {"default_type": kind}, by=cast.aliev)
    confirm_fact(company, Fact.PROCUREMENT, by=cast.aliev)
    assert not ReplanItem.objects.exists()


def test_people_who_come_and_go_are_changes_of_the_plan(plan: Plan, cast: Cast) -> None:
    """R47: a new decision-maker, one who decides no longer, one who has left."""
    company = plan.deal.company
    old = Contact.objects.get()
    new = make_contact(company, role="")
    save_contact_role(new, "dm", by=cast.aliev)
    end_contact_role(new.roles.get(), by=cast.aliev)
    mark_contact_left(old, left_on=T, by=cast.aliev)
    assert list(ReplanItem.objects.order_by("pk").values_list("what", flat=True)) == [
        "Новый ЛПР", "ЛПР больше не принимает решение", "ЛПР ушёл",
    ]  # fmt: skip
    assert {tuple(titles(item)) for item in ReplanItem.objects.all()} == {("Встреча с ЛПР",)}


def test_another_role_than_that_of_the_decision_maker_changes_no_plan(plan: Plan, cast: Cast) -> None:
    """R47: and neither does his attitude."""
    save_contact_role(make_contact(plan.deal.company, role=""), "user", by=cast.aliev)
    save_contact_role(Contact.objects.order_by("pk")[0], "dm", attitude=1, by=cast.aliev)
    assert not ReplanItem.objects.exists()


def test_the_same_change_within_a_day_is_one_item(plan: Plan, cast: Cast) -> None:
    """R47: told twice, noted once; a task added meanwhile joins it."""
    for _time in range(2):
        confirm_fact(
            plan.deal.company, Fact.DEPARTMENTS, by=cast.aliev, result="changed", note="Два отдела слиты"
        )
    make_plan_task(plan, cast.aliev, "Опросить отдел", built_on=["departments"])
    confirm_fact(
        plan.deal.company, Fact.DEPARTMENTS, by=cast.aliev, result="changed", note="Два отдела слиты"
    )
    assert titles(ReplanItem.objects.get()) == ["Опросить отдел"]
    save_department(plan.deal.company, name="Юристы", kind="legal", by=cast.aliev)
    assert ReplanItem.objects.count() == 2


def test_a_holding_plan_learns_of_its_subsidiaries(company: Company, cast: Cast) -> None:
    """R47, R68: only when a task is about that subsidiary; the plan of another client stays untouched."""
    head = make_company("ПАО «Заречье»", kam=cast.aliev, team=cast.k2)
    Company.objects.filter(pk=company.pk).update(parent=head, head=head)
    company.refresh_from_db()
    over = make_plan(make_deal(head, ("casebook", 1, 2), kind=DealKind.HOLDING))
    make_plan_task(over, cast.aliev, "По голове", built_on=["procurement"])
    other = make_plan(make_deal(make_company(kam=cast.aliev, team=cast.k2)))
    make_plan_task(other, cast.aliev, built_on=["procurement"])
    update_procurement(company, {"etp": "Росэлторг"}, by=cast.aliev)
    assert not ReplanItem.objects.exists()
    make_plan_task(over, cast.aliev, "По ДЗО", built_on=["procurement"], company=company)
    update_procurement(company, {"etp": "РТС"}, by=cast.aliev)
    item = ReplanItem.objects.get()
    assert (item.plan, titles(item)) == (over, ["По ДЗО"])


def test_the_page_shows_the_change_and_takes_the_answer(plan: Plan, cast: Cast, client_of: Browser) -> None:
    """R47: «план не меняется» with a reason; without words the form comes back."""
    item = make_replan(
        plan, cast.aliev, plan.tasks.all()[0], old="Единственный поставщик", new="Запрос предложений"
    )
    browser = client_of(cast.aliev)
    page = browser.get(plan.get_absolute_url()).content.decode()
    assert "Единственный поставщик → Запрос предложений" in page
    assert "На этом построена 1 задача" in page
    url = reverse("roadmaps:settle_replan", args=[item.public_id])
    assert browser.post(url, {"version": item.version, "answer": "stays", "words": " "}).status_code == 422
    browser.post(url, {"version": item.version, "answer": "stays", "words": "Сроки держатся"})
    item.refresh_from_db()
    assert (item.resolution, item.resolved_by) == ("План не меняется: Сроки держатся", cast.aliev)
    assert "Единственный поставщик" not in browser.get(plan.get_absolute_url()).content.decode()


def test_only_who_plans_answers_and_only_once(plan: Plan, cast: Cast) -> None:
    """R47, §3; two people: the second sees that the first has answered."""
    item, seen = make_replan(plan, cast.aliev), 1
    with pytest.raises(NotAllowed):
        settle_replan(item, by=cast.naumov, is_plan_changed=True, words="Сдвинул")
    settle_replan(item, by=cast.aliev, is_plan_changed=True, words="Сдвинул ТЗ", version=seen)
    assert item.resolution == "Исправлено: Сдвинул ТЗ"
    with pytest.raises(DomainError, match="уже ответили"):
        settle_replan(item, by=cast.gromov, is_plan_changed=False, words="Нет")
    take_back_settling(item, by=cast.aliev)
    with pytest.raises(Stale):
        settle_replan(item, by=cast.gromov, is_plan_changed=False, words="Нет", version=seen)


def test_an_anonymised_person_leaves_the_items(plan: Plan, cast: Cast) -> None:
    """R102: his name stood in what was and what is."""
    person = Contact.objects.get()
    mark_contact_left(person, left_on=T, by=cast.aliev)
    assert person.last_name in ReplanItem.objects.get().old
    anonymise_contact(person, reason="По просьбе", by=cast.gromov)
    assert person.last_name not in ReplanItem.objects.get().old


def test_the_lead_opens_tasks_of_a_plan_in_work(plan: Plan, cast: Cast, client_of: Browser) -> None:
    """R48, §2.8.5: facts went stale after the start; the reason stays in sight until it is taken back."""
    confirm_everything(plan.deal.company, cast.aliev, date(2026, 5, 1))
    Plan.objects.filter(pk=plan.pk).update(state=PlanState.ACTIVE, revision=1)
    plan.refresh_from_db()
    task = plan.tasks.get(task__title="Согласовать ТЗ").task
    with pytest.raises(DomainError, match="устарел"):
        start_task(by=cast.aliev, task=task)
    with pytest.raises(NotAllowed):
        open_plan_tasks(plan, by=cast.aliev, reason="Спешим")
    with pytest.raises(DomainError, match="причину"):
        open_plan_tasks(plan, by=cast.gromov, reason=" ")
    open_plan_tasks(plan, by=cast.gromov, reason="Клиент подтвердит в четверг")
    line = AuditEvent.objects.get(event="open_plan_tasks")
    assert (line.actor_id, line.reason) == (cast.gromov.pk, "Клиент подтвердит в четверг")
    facts = reverse("roadmaps:plan_facts", args=[plan.public_id])
    assert "Клиент подтвердит в четверг" in client_of(cast.aliev).get(facts).content.decode()
    shut_plan_tasks(plan, by=cast.gromov)
    task.refresh_from_db()
    with pytest.raises(DomainError, match="устарел"):
        start_task(by=cast.aliev, task=task)
    open_plan_tasks(plan, by=cast.gromov, reason="Снова")
    task.refresh_from_db()
    start_task(by=cast.aliev, task=task)
    assert task.state == "doing"
