"""One line instead of a form, in Chromium (product.md §1.14): typed, understood, corrected, saved by the keyboard."""

from collections.abc import Callable
from datetime import timedelta

import pytest
from playwright.sync_api import Locator, Page, expect

from accounts.models import Company, FeatureWait, Interaction, Objection, Task
from tests.browser.conftest import PHONE
from tests.browser.test_outcome_story import Hand
from tests.factories import Cast, T, make_company, make_contact, make_product

pytestmark = pytest.mark.browser
Opener = Callable[..., Page]
LINE = "@Зуева !дорого +пилот 20 лиц >КП пт ?интеграция с 1С"


@pytest.fixture
def meridian(cast: Cast) -> Company:
    company = make_company("АО «Тёплый Меридиан»", short_name="Тёплый Меридиан", kam=cast.lisina)
    make_contact(company, "Орехов Павел Сергеевич")
    make_contact(company, "Зуева Инна Львовна", role="user")
    make_product("casebook")
    return company


def chip(page: Page, text: str) -> Locator:
    return page.locator(".line-chip", has_text=text)


@pytest.mark.parametrize("size", [(1440, 900), PHONE])
def test_a_typed_line_is_a_whole_outcome(
    cast: Cast,
    meridian: Company,
    page_of: Opener,
    size: tuple[int, int],
    shot: Callable[..., None],
) -> None:
    """R28 in three actions: open, type, Ctrl+Enter; one chip is removed by the keyboard, one date corrected in its field."""
    page = page_of(cast.lisina, size=size)
    page.goto(f"/companies/{meridian.public_id}/outcome/")
    hand = Hand(page)
    hand.actions = 1  # «Записать итог» on the row
    expect(page.locator("#id_summary")).to_be_focused()
    hand.type_here(LINE + " !нет бюджета")
    expect(chip(page, "КП · Пт 27.11")).to_be_visible()
    expect(chip(page, "бюджет")).to_be_visible()
    expect(page.locator("#id_next_step")).to_have_value("КП")
    expect(page.locator("#id_summary")).to_be_focused()
    shot(page, f"line-{size[0]}-chips")
    page.locator(".line-chip", has_text="бюджет").locator("[data-goto]").focus()
    hand.press("Delete")
    expect(page.locator(".line-chip--off", has_text="бюджет")).to_be_visible()
    expect(page.locator(".choice:has([value=budget]) input")).not_to_be_checked()
    hand.fill("#id_next_step_on", "2026-12-03")
    page.locator("#id_summary").focus()
    hand.press("End")
    hand.type_here(", спасибо")
    expect(page.locator(".line-chip--hand", has_text="КП")).to_be_visible()
    expect(page.locator("#id_next_step_on")).to_have_value("2026-12-03")
    shot(page, f"line-{size[0]}-corrected")
    hand.press("Control+Enter")
    page.wait_for_url("**/interactions/**")
    shot(page, f"line-{size[0]}-saved")
    assert hand.actions <= 8
    record = Interaction.objects.first()
    assert record.summary == LINE + " !нет бюджета, спасибо"
    assert (record.next_step, record.next_step_on) == ("КП", T + timedelta(days=9))
    assert [row.contact.last_name for row in record.client_people.all()] == ["Зуева"]
    assert [row.category for row in Objection.objects.all()] == ["price"]
    assert FeatureWait.objects.get().feature.title == "интеграция с 1С"
    assert Task.objects.get().title == "КП"
    expect(page.get_by_text("пилот 20 лиц").first).to_be_visible()


def test_a_fast_hand_needs_no_chips(cast: Cast, meridian: Company, page_of: Opener) -> None:
    """Ctrl+Enter before the chips have come saves the same; the whole outcome in three actions."""
    page = page_of(cast.lisina)
    page.goto(f"/companies/{meridian.public_id}/outcome/")
    expect(page.locator("#id_summary")).to_be_focused()
    page.keyboard.insert_text(LINE)
    page.keyboard.press("Control+Enter")
    page.wait_for_url("**/interactions/**")
    assert Task.objects.get().title == "КП"
    assert Objection.objects.get().category == "price"


def test_a_chip_leads_to_its_field_and_comes_back(
    cast: Cast,
    meridian: Company,
    page_of: Opener,
    shot: Callable[..., None],
) -> None:
    """In the panel: Enter on a chip goes to the field; a removed chip is called back; a draft keeps all."""
    page = page_of(cast.lisina, theme="dark", language="en")
    page.goto("/tasks/")
    page.keyboard.press("m")
    page.locator("#panel").get_by_text("Тёплый Меридиан").click()
    page.locator("#id_summary").fill("@Сидоров !конкурент Гарант +2 Casebook бюджет 1,2 млн >КП")
    expect(page.locator(".line-chip--unbound")).to_contain_text("Сидоров")
    page.locator(".line-chip", has_text="1").locator("[data-goto]").last.press("Enter")
    expect(page.locator("#id_budget")).to_be_focused()
    shot(page, "line-panel-dark-en")
    page.locator(".line-chip", has_text="Casebook").locator(".line-chip-x").click()
    expect(page.locator(".line-chip--off")).to_contain_text("Casebook")
    page.locator(".line-chip--off .line-chip-x").click()
    expect(page.locator(".line-chip--off")).to_have_count(0)
    expect(page.locator("[aria-label=Casebook] [value='2']")).to_be_checked()
    expect(page.locator("[data-draft-state][data-state=saved]")).to_be_visible()
    page.reload()
    page.keyboard.press("m")
    page.locator("#panel").get_by_text("Тёплый Меридиан").click()
    expect(page.locator(".line-chip")).to_have_count(5)
