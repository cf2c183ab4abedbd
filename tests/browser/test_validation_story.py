"""Story 3: the facts of № 3 are checked before its roadmap is planned (R46, R47, R48)."""

from collections.abc import Callable
from datetime import date

import pytest
from playwright.sync_api import Page, expect

from accounts.models import Company, Contract, CourtLoad, ProcurementProfile, ProcurementType
from accounts.references import seed_procedures
from accounts.services.act_by import refresh_act_by
from roadmaps.enums import PlanState
from roadmaps.models import Plan
from roadmaps.services.plan_moves import move_plan
from roadmaps.services.plans import create_plan
from tests.browser.conftest import PHONE
from tests.factories import Cast, T, make_calendar, make_company, make_contact, make_contract, make_deal
from tests.roadmaps.makers import confirm_everything

pytestmark = pytest.mark.browser
Shot = Callable[[Page, str], None]


@pytest.fixture
def sbyt(cast: Cast) -> Company:
    """№ 3: single_223 takes 20 + 20 working days, the contract ends on 3 January, the ЛПР was confirmed in July."""
    make_calendar()
    seed_procedures()
    head = make_company("ПАО «Заречье Энерго»", kam=cast.aliev, team=cast.k2)
    company = make_company(
        "ООО «Заречье Сбыт»", kam=cast.aliev, team=cast.k2, regime="fz223", parent=head, head=head
    )
    single = ProcurementType.objects.get(code="single_223")
    ProcurementProfile.objects.create(company=company, default_type=single)
    make_contract(company, ("casebook", 8), ("caselook", 4), end_date=date(2027, 1, 3), procurement_type=None)
    CourtLoad.objects.create(company=company, as_of=T, cases_12m=454)
    make_contact(company, "Фадеев Игнат Львович", position="Начальник юридического отдела")
    confirm_everything(company, cast.aliev)
    company.fact_checks.filter(fact="dm").update(checked_at="2026-07-17T12:00:00+03:00")
    refresh_act_by(company_ids=[company.pk])
    return company


@pytest.fixture
def plan(sbyt: Company, cast: Cast) -> Plan:
    deal = make_deal(sbyt, ("casebook", 8, 12))
    plan = create_plan(deal, by=cast.aliev, type="roadmap", goal="Продлить и расширить договор")
    return move_plan(plan, to=PlanState.INFO, by=cast.aliev)


def act_by(company: Company) -> date | None:
    return Contract.objects.get(company=company).act_by


def open_panel(page: Page, row: str, button: str) -> None:
    page.locator(row).get_by_role("link", name=button).click()
    expect(page.locator("#panel form")).to_be_visible()


def begin_roadmap(page: Page, company: Company) -> Plan:
    """«Стратегия» on the card of the client; without an open deal the same save opens one."""
    page.goto(company.get_absolute_url())
    page.get_by_role("link", name="Стратегия").click()
    panel = page.locator("#panel")
    expect(panel).to_contain_text("Открытой сделки нет")
    expect(panel.locator("[name=type][value=roadmap]")).to_be_checked()  # a member of a holding: suggested
    panel.get_by_role("button", name="Сохранить и проверить данные").click()
    page.wait_for_url("**/plans/*/")
    page.get_by_role("link", name="Данные", exact=True).click()
    return Plan.objects.get()


def test_stale_facts_are_validated(
    sbyt: Company, cast: Cast, page_of: Callable[..., Page], shot: Shot
) -> None:
    """Refused with reasons; ЛПР «ушёл», a new one; rfp_223: 40 → 45 working days; stage 1 closes."""
    assert act_by(sbyt) == date(2026, 10, 27)
    page = page_of(cast.aliev)
    plan = begin_roadmap(page, sbyt)
    assert (plan.type, plan.deal.company, plan.deal.responsible_kam) == ("roadmap", sbyt, cast.aliev)
    summary, panel = page.locator(".fact-summary"), page.locator("#panel")
    expect(summary).to_contain_text("Актуально 7 из 8")
    expect(summary).to_contain_text("Фадеев Игнат Львович: подтверждено 130 дней назад, действует 90 дн.")
    shot(page, "facts_open")
    page.get_by_role("link", name="Далее: планирование").click()
    expect(panel.locator(".notice")).to_contain_text("Фадеев Игнат Львович: подтверждено 130 дней назад")
    expect(panel.locator(".form-actions .btn--primary")).to_be_disabled()
    page.keyboard.press("Escape")
    expect(panel).to_be_hidden()

    open_panel(page, "tr[id^=fact-dm]", "Больше не работает")
    panel.locator("[name=left_on]").fill("2026-11-20")
    panel.locator(".btn--primary").click()
    expect(page.locator("#fact-dm")).to_contain_text("никто не назван")
    open_panel(page, "#fact-dm", "Новый ЛПР")
    expect(panel.locator("[name=role]")).to_have_value("dm")
    panel.locator("[name=last_name]").fill("Орехова")
    panel.locator("[name=first_name]").fill("Дарья")
    panel.locator(".btn--primary").click()
    expect(page.locator("tr[id^=fact-dm]")).to_contain_text("Орехова Дарья")

    open_panel(page, "#fact-procurement", "Изменить")
    panel.locator("[name=default_type]").select_option(label="Запрос предложений")
    panel.get_by_role("button", name="Сохранить").click()
    expect(page.locator("#toasts")).to_contain_text("27.10.2026 → 20.10.2026")
    expect(page.locator("#fact-procurement")).to_contain_text("согласование 15, закупка 30 раб. дн.")
    assert act_by(sbyt) == date(2026, 10, 20)

    expect(summary).to_contain_text("Актуально 8 из 8")
    shot(page, "facts_closed")
    page.get_by_role("link", name="Далее: планирование").click()
    panel.locator(".form-actions .btn--primary").click()
    expect(page.locator(".stage-strip [aria-current=step]")).to_have_text("Планирование")
    plan.refresh_from_db()
    assert (plan.state, plan.stage1_override_reason) == (PlanState.PLANNING, "")


def test_the_list_is_walked_and_confirmed_by_keys(
    plan: Plan, sbyt: Company, cast: Cast, page_of: Callable[..., Page]
) -> None:
    """R46: ↓ and Enter confirm the stale ЛПР; the place is kept, the toast takes it back."""
    page = page_of(cast.aliev)
    page.goto(f"{plan.get_absolute_url()}facts/")
    page.keyboard.press("ArrowDown")
    expect(page.locator("tr.is-here")).to_contain_text("Фадеев")
    page.keyboard.press("Enter")
    expect(page.locator(".fact-summary")).to_contain_text("Актуально 8 из 8")
    expect(page.locator("tr.is-here")).to_contain_text("Фадеев")
    page.locator("#toasts .btn--undo").click()
    expect(page.locator(".fact-summary")).to_contain_text("Актуально 7 из 8")


def test_the_checklist_fits_a_phone(plan: Plan, cast: Cast, page_of: Callable[..., Page], shot: Shot) -> None:
    """360 px: cards, nothing to push sideways."""
    page = page_of(cast.aliev, size=PHONE)
    page.goto(f"{plan.get_absolute_url()}facts/")
    expect(page.locator("#fact-procurement")).to_be_visible()
    assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")
    shot(page, "facts_phone")
