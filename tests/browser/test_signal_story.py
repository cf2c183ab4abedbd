"""«Поводы» in Chromium: read the reason, act on it, put it aside, take that back (issue 4, product.md §3.1)."""

import re
from datetime import timedelta

import pytest
from playwright.sync_api import expect

from accounts.references import seed_calendar, seed_procedures, seed_products
from deals.references import seed_checklists
from reports.models import Signal
from reports.references import seed_weights
from reports.services.ranking import run_ranking
from reports.services.signal_refresh import refresh_signals
from tests.browser.conftest import PHONE
from tests.factories import T, make_company, make_contract
from tests.reports.signal_makers import budget, use

pytestmark = pytest.mark.browser


def tell(cast):
    """Lisina's client uses more than he has bought and plans his budget."""
    for seed in (seed_products, seed_procedures, seed_weights, seed_calendar, seed_checklists):
        seed()
    company = make_company("ООО «Меридиан»", kam=cast.lisina)
    make_contract(company, ("casebook", 10), end_date=T + timedelta(40))
    use(company, 12)
    budget(company, 12)
    run_ranking(by=None)
    refresh_signals()
    return company


@pytest.mark.parametrize("size", [(1440, 900), PHONE])
def test_a_reason_leads_to_a_deal_and_may_wait(cast, page_of, size):
    """Product.md §1.12: three actions to put it aside, one to take that back; nothing sticks out on a phone."""
    tell(cast)
    page = page_of(cast.lisina, size=size)
    page.goto("/my-day/")
    lane = page.get_by_role("region", name="Есть новость")
    expect(lane).to_contain_text("активных пользователей 12 на 10 лицензий")
    assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")
    page.goto("/signals/")
    assert "kam=lisina" in page.url and page.evaluate("document.documentElement.scrollWidth <= innerWidth")
    first = page.locator(".signal").first
    first.get_by_role("link", name="Отложить").click()
    expect(page.locator("#panel form")).to_be_visible()
    expect(page.locator("#panel .htmx-added")).to_have_count(
        0
    )  # until then Enter sends the form without htmx
    page.locator("#panel").get_by_label(re.compile("Почему не сейчас", re.I)).fill("Ждём решения по бюджету")
    page.keyboard.press("Enter")
    expect(page.locator(".signal")).to_have_count(1)
    assert Signal.objects.get(rule="licences_full").snooze_reason == "Ждём решения по бюджету"
    page.get_by_role("button", name="Отменить").click()
    expect(page.locator(".signal")).to_have_count(2)
    page.locator(".signal").first.get_by_role("link", name="Создать сделку").click()
    expect(page.locator("#panel")).to_contain_text("Casebook")
    expect(page.locator("#panel input[name$=seats_new]").first).to_have_value(re.compile("1[2-9]"))


def test_a_filter_narrows_without_leaving_the_page(cast, page_of):
    """The words stand in the address; the counts follow."""
    tell(cast)
    page = page_of(cast.belova)
    page.goto("/signals/")
    page.get_by_label("Повод", exact=True).select_option("budget_month")
    expect(page.locator(".signal")).to_have_count(1)
    assert "rule=budget_month" in page.url
    page.get_by_role("link", name=re.compile("лицензии заняты 1")).click()
    expect(page.locator(".signal")).to_contain_text("Casebook")
