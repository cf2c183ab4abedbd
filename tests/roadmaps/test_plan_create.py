"""A new strategy from a deal, a client or the ranking (R41, R43, §2.9)."""

from datetime import date
from decimal import Decimal
from typing import Any

import pytest
from django.test import Client

from accounts.models import Company, Task
from deals.models import Deal
from roadmaps.enums import Metric, PlanState, PlanType
from roadmaps.models import Plan
from tests.factories import Cast, make_calendar, make_company, make_contract, make_deal
from tests.roadmaps.makers import make_plan
from upsell_crm.core.models import Draft

pytestmark = pytest.mark.django_db


@pytest.fixture
def company(cast: Cast) -> Company:
    make_calendar()
    return make_company("ООО «Тихая заводь»", kam=cast.aliev, team=cast.k2)


@pytest.fixture
def deal(company: Company) -> Deal:
    contract = make_contract(company, ("casebook", 10), act_by=date(2027, 1, 12))
    return make_deal(company, ("casebook", 10, 12), renews=contract, amount=Decimal(432_000))


@pytest.fixture
def at_work(client: Client, cast: Cast) -> Client:
    client.force_login(cast.aliev)
    return client


def shown_values(page: Any) -> dict[str, Any]:
    """What a browser would send back: every field as the panel has it."""
    form, steps = page.context["form"], page.context["steps"]
    said = {name: form[name].value() for name in form.fields}
    for line in [steps.management_form, *steps]:
        said |= {line[name].html_name: line[name].value() for name in line.fields}
    return {name: "" if value is None else value for name, value in said.items()}


def test_an_action_plan_is_made_by_three_actions(at_work: Client, deal: Deal, cast: Cast) -> None:
    """R41: open the panel, type the expected result, save: a plan in work with owner and date; ≥ 1 step."""
    url = f"/deals/{deal.public_id}/plan/new/"
    actions = ["open the panel"]
    typed = shown_values(at_work.get(url, HTTP_HX_REQUEST="true"))
    typed["steps-0-expected_result"] = "Дата встречи с ЛПР"
    actions.append("type the expected result")
    answer = at_work.post(url, typed, HTTP_HX_REQUEST="true")
    actions.append("Ctrl+Enter")
    plan = Plan.objects.get(deal=deal)
    assert answer.headers["HX-Redirect"] == plan.get_absolute_url()
    assert len(actions) == 3
    assert (plan.type, plan.state, plan.revision) == (PlanType.ACTION_PLAN, PlanState.ACTIVE, 1)
    assert plan.goal == "Продлить и расширить договор до 31.01.2027"
    assert (plan.success_metric, plan.success_value) == (Metric.AMOUNT, deal.amount)
    assert plan.deadline == date(2027, 1, 12)
    step = plan.tasks.get().task
    assert (step.title, step.assignee, step.due_on) == ("Позвонить ЛПР", cast.aliev, date(2026, 11, 25))


def test_a_plan_without_a_step_is_refused_with_everything_kept(at_work: Client, deal: Deal) -> None:
    """R41, R50: at least one step, and its result."""
    url = f"/deals/{deal.public_id}/plan/new/"
    typed = shown_values(at_work.get(url))
    answer = at_work.post(url, typed)
    assert answer.status_code == 422
    assert [set(line) for line in answer.context["steps"].errors] == [{"expected_result"}, set(), set()]
    typed["steps-0-title"] = ""
    answer = at_work.post(url, typed)
    assert (answer.status_code, Plan.objects.count(), Task.objects.count()) == (422, 0, 0)
    assert "хотя бы один шаг" in answer.content.decode()


def test_a_draft_waits_and_is_not_started(at_work: Client, deal: Deal) -> None:
    """R41: «Сохранить черновик»."""
    url = f"/deals/{deal.public_id}/plan/new/"
    typed = shown_values(at_work.get(url)) | {"steps-0-expected_result": "Встреча", "draft": "1"}
    at_work.post(url, typed)
    assert Plan.objects.get(deal=deal).state == PlanState.DRAFT


def test_the_plan_of_a_key_client_goes_to_the_lead(at_work: Client, deal: Deal) -> None:
    """R79: saved, and not in work before the approval."""
    Company.objects.filter(pk=deal.company_id).update(is_key=True)
    url = f"/deals/{deal.public_id}/plan/new/"
    at_work.post(url, shown_values(at_work.get(url)) | {"steps-0-expected_result": "Встреча"})
    assert Plan.objects.get(deal=deal).state == PlanState.REVIEW


def test_another_type_than_the_suggested_one_needs_a_comment(at_work: Client, deal: Deal) -> None:
    """R43: override with a comment, kept with the reasons of the suggestion."""
    url = f"/deals/{deal.public_id}/plan/new/"
    typed = shown_values(at_work.get(url)) | {"type": PlanType.ROADMAP}
    refused = at_work.post(url, typed)
    assert refused.status_code == 422
    assert refused.context["form"].errors.keys() == {"override_comment"}
    at_work.post(url, typed | {"override_comment": "Подключится вторая команда"})
    plan = Plan.objects.get(deal=deal)
    assert (plan.type, plan.type_suggested, plan.state) == ("roadmap", "action_plan", PlanState.INFO)
    assert plan.override_comment == "Подключится вторая команда"
    assert [reason["code"] for reason in plan.type_reasons] == ["simple"]
    assert not plan.tasks.exists()  # R49: the tasks come after stage 1


def test_the_suggested_type_needs_no_comment(at_work: Client, company: Company) -> None:
    """R43: a client of a holding is offered a roadmap with its reason in words."""
    make_company(head=company, parent=company)
    deal = make_deal(company, ("casebook", 10, 12))
    page = at_work.get(f"/deals/{deal.public_id}/plan/new/")
    assert "клиент входит в холдинг из 2 компаний" in page.content.decode()
    at_work.post(f"/deals/{deal.public_id}/plan/new/", shown_values(page))
    assert Plan.objects.get(deal=deal).state == PlanState.INFO


def test_a_client_without_a_deal_gets_it_in_the_same_save(at_work: Client, company: Company) -> None:
    """§2.9: deal, plan and step, or none of them."""
    contract = make_contract(company, ("casebook", 10), act_by=date(2027, 1, 12))
    url = f"/companies/{company.public_id}/plan/new/"
    typed = shown_values(at_work.get(url)) | {"steps-0-expected_result": "Данные подтверждены"}
    assert at_work.post(url, typed | {"goal": ""}).status_code == 422
    assert not Deal.objects.exists()
    at_work.post(url, typed)
    plan = Plan.objects.get(deal__company=company)
    assert (plan.state, plan.deal.renewals.get().contract) == (PlanState.ACTIVE, contract)
    assert plan.deal.amount == 360_000 == plan.success_value


def test_of_a_client_with_one_deal_the_panel_is_that_of_the_deal(at_work: Client, deal: Deal) -> None:
    """R41: from the card of the client and from the ranking."""
    page = at_work.get(f"/companies/{deal.company.public_id}/plan/new/")
    assert page.headers["Location"] == f"/deals/{deal.public_id}/plan/new/"


def test_among_several_deals_one_is_chosen(at_work: Client, deal: Deal) -> None:
    """R41: each with its strategy or the button for one."""
    other = make_deal(deal.company, ("caselook", 0, 5))
    plan = make_plan(other)
    text = at_work.get(f"/companies/{deal.company.public_id}/plan/new/").content.decode()
    assert f"/deals/{deal.public_id}/plan/new/" in text
    assert plan.get_absolute_url() in text


def test_a_deal_with_a_strategy_opens_it(at_work: Client, deal: Deal) -> None:
    """§2.3: one open strategy per deal."""
    plan = make_plan(deal)
    assert at_work.get(f"/deals/{deal.public_id}/plan/new/").headers["Location"] == plan.get_absolute_url()


def test_what_was_typed_is_kept_and_dropped_by_the_save(at_work: Client, deal: Deal, cast: Cast) -> None:
    """D1: a draft of the text."""
    url = f"/deals/{deal.public_id}/plan/new/"
    typed = shown_values(at_work.get(url)) | {"goal": "Цель, которую я печатал"}
    key = f"create_plan:{deal.public_id}"
    Draft.objects.create(user=cast.aliev, key=key, data={name: [str(value)] for name, value in typed.items()})
    page = at_work.get(url)
    assert page.context["is_restored"]
    assert "Цель, которую я печатал" in page.content.decode()
    at_work.post(url, typed | {"steps-0-expected_result": "Встреча"})
    assert not Draft.objects.exists()


def test_a_colleague_without_the_right_is_refused(client: Client, deal: Deal, cast: Cast) -> None:
    """§3: a performer of the deal looks; a stranger does not know of it."""
    client.force_login(cast.titova)
    assert client.get(f"/deals/{deal.public_id}/plan/new/").status_code == 403
    client.force_login(cast.demin)
    assert client.get(f"/deals/{deal.public_id}/plan/new/").status_code == 404


def test_slots_say_what_there_is_and_offer_what_there_is_not(at_work: Client, deal: Deal) -> None:
    """R40: «План: нет», then the strategy with its state."""
    of_deal, of_company = f"/deals/{deal.public_id}/plan/", f"/companies/{deal.company.public_id}/plan/"
    for url in (of_deal, of_company):
        text = at_work.get(url).content.decode()
        assert "План: нет" in text
        assert "plan/new/" in text
    make_plan(deal, state=PlanState.REVIEW)
    assert "На проверке" in at_work.get(of_deal).content.decode()
    text = at_work.get(of_company).content.decode()
    assert "на проверке" in text
    assert "plan/new/" not in text
