"""Story 1 of domain.md §8.2: a KAM logs an outcome in at most eight actions, and nothing is ever lost."""

from collections.abc import Callable
from datetime import timedelta

import pytest
from django.contrib.sessions.models import Session
from playwright.sync_api import Page, expect

from accounts.enums import FactResult
from accounts.models import Company, FactCheck, Interaction, Task
from accounts.services.interactions import log_interaction
from accounts.services.outcome import Outcome
from tests.browser.conftest import PHONE
from tests.factories import Cast, T, make_company, make_contact, make_product, moment
from upsell_crm.core.models import Draft

pytestmark = pytest.mark.browser
Opener = Callable[..., Page]


class Hand:
    """A person at the form; every click, typed field and key stroke is counted."""

    def __init__(self, page: Page) -> None:
        self.page, self.actions = page, 0

    def click(self, selector: str) -> None:
        self.actions += 1
        self.page.locator(selector).first.click()

    def fill(self, selector: str, text: str) -> None:
        self.actions += 1
        self.page.fill(selector, text)

    def type_here(self, text: str) -> None:
        """Into the field that has the focus already."""
        self.actions += 1
        self.page.keyboard.type(text)

    def press(self, keys: str) -> None:
        self.actions += 1
        self.page.keyboard.press(keys)


@pytest.fixture
def meridian(cast: Cast) -> Company:
    company = make_company(
        "АО «Страховой дом «Тёплый Меридиан»»", short_name="Тёплый Меридиан", kam=cast.lisina
    )
    orekhov = make_contact(company, "Орехов Павел Сергеевич")
    make_contact(company, "Зуева Инна Львовна", role="user")
    for code in ("casebook", "caselook", "caseone"):
        make_product(code)
    log_interaction(
        by=cast.lisina, company=company,
        outcome=Outcome(
            kind="meeting", starts_at=moment(T - timedelta(days=12)), summary="Знакомство", attendees=[orekhov],
            next_step="Показать Casebook", next_step_on=T,
        ),
    )  # fmt: skip
    FactCheck.objects.all().delete()
    return company


def log_typical(hand: Hand) -> None:
    """Steps 2–8 of the ideal flow (§6.1); the attendee, the time and the kind are proposed by the form."""
    expect(hand.page.locator("#id_summary")).to_be_focused()
    hand.type_here("Показали Casebook, ждут расчёт на 60 мест")
    hand.click("[aria-label=Casebook] [data-step='2']")
    hand.click(".choice:has([value=price])")
    hand.fill("#id_agreements-0-text", "Прислать расчёт")
    hand.click("#outcome-agreements .quick .chip >> nth=1")
    hand.click("[data-set=id_next_step]")


@pytest.mark.parametrize("size", [(1440, 900), PHONE])
def test_a_typical_outcome_takes_eight_actions(
    cast: Cast, meridian: Company, page_of: Opener, size: tuple[int, int], shot: Callable[..., None]
) -> None:
    """R28, §8.2.1: ≤ 8 actions on a desktop and on a phone; then record, task, confirmed ЛПР, next step."""
    page = page_of(cast.lisina, size=size)
    page.goto("/tasks/")
    page.goto(f"/companies/{meridian.public_id}/outcome/")
    hand = Hand(page)
    hand.actions = 1  # «Записать итог» on the row
    shot(page, f"outcome-{size[0]}-fresh")
    log_typical(hand)
    shot(page, f"outcome-{size[0]}-filled")
    hand.press("Control+Enter")
    page.wait_for_url("**/interactions/**")
    shot(page, f"outcome-{size[0]}-saved")
    assert hand.actions <= 8
    interaction = Interaction.objects.first()
    assert [(row.product.code, row.reaction) for row in interaction.feedback.all()] == [("casebook", 2)]
    assert [row.category for row in interaction.objections.all()] == ["price"]
    task = Task.objects.get()
    assert (task.assignee, task.due_on) == (cast.lisina, T + timedelta(days=3))
    assert FactCheck.objects.get().result == FactResult.CONFIRMED
    meridian.refresh_from_db()
    assert meridian.next_step == "Позвонить и узнать решение"
    assert not Draft.objects.exists()


def test_the_panel_saves_in_place_and_undo_takes_it_back(
    cast: Cast, meridian: Company, page_of: Opener, shot: Callable[..., None]
) -> None:
    """product.md §3.3: stay in place with a toast «Записано · Отменить»."""
    page = page_of(cast.lisina)
    page.goto("/tasks/")
    page.keyboard.press("m")
    page.locator("#panel").get_by_text("Тёплый Меридиан").click()
    shot(page, "outcome-panel")
    hand = Hand(page)
    log_typical(hand)
    shot(page, "outcome-panel-filled")
    hand.press("Control+Enter")
    toast = page.locator(".toast")
    expect(toast).to_contain_text("Задача: Прислать расчёт")
    expect(page.locator("#panel")).to_be_hidden()
    expect(page.locator("#task-list")).to_contain_text("Прислать расчёт")
    shot(page, "outcome-toast")
    with page.expect_navigation():
        toast.locator(".btn--undo").click()
    assert Interaction.objects.standing().count() == 1
    expect(page.locator("#task-list")).not_to_contain_text("Прислать расчёт")


def test_a_draft_survives_a_reload(cast: Cast, meridian: Company, page_of: Opener) -> None:
    """Faults A8: what was typed is on the server after two seconds and comes back."""
    page = page_of(cast.lisina)
    page.goto(f"/companies/{meridian.public_id}/outcome/")
    page.keyboard.type("Длинный рассказ о встрече")
    page.locator("[aria-label=Caselook] [data-step='-1']").click()
    expect(page.locator("[data-draft-state][data-state=saved]")).to_be_visible()
    page.close()
    again = page_of(cast.lisina)
    again.goto(f"/companies/{meridian.public_id}/outcome/")
    expect(again.locator("#id_summary")).to_have_value("Длинный рассказ о встрече")
    expect(again.locator("[aria-label=Caselook] [value='-1']")).to_be_checked()
    expect(again.get_by_text("Незаконченный текст восстановлен")).to_be_visible()


def test_a_lost_session_loses_no_text(cast: Cast, meridian: Company, page_of: Opener) -> None:
    """Faults A10: the session ends while somebody types; sign in over the page, the same text is saved once."""
    page = page_of(cast.lisina)
    page.goto(f"/companies/{meridian.public_id}/outcome/")
    log_typical(Hand(page))
    Session.objects.all().delete()
    page.locator("#id_summary").focus()
    page.keyboard.press("Control+Enter")
    page.locator("#signin [name=password]").fill("lisina")
    page.locator("#signin [type=submit], #signin button").first.click()
    page.wait_for_url("**/interactions/**")
    assert Interaction.objects.filter(summary__startswith="Показали Casebook").count() == 1


def test_five_clicks_make_one_record(cast: Cast, meridian: Company, page_of: Opener) -> None:
    """Faults A3: impatience is no reason for a second record, a second task or a second fact."""
    page = page_of(cast.lisina)
    page.goto(f"/companies/{meridian.public_id}/outcome/")
    log_typical(Hand(page))
    page.evaluate(
        "document.querySelectorAll('[data-submit-once]').forEach((f) => f.removeAttribute('data-submit-once'))"
    )
    page.evaluate(
        """() => { const form = document.querySelector('form[data-outcome]'); const body = () => new FormData(form);
        return Promise.all([1, 2, 3, 4, 5].map(() => fetch(form.action, { method: 'POST', body: body() }))); }"""
    )
    assert Interaction.objects.filter(summary__startswith="Показали Casebook").count() == 1
    assert Task.objects.count() == 1
    assert FactCheck.objects.count() == 1


def test_a_refusal_keeps_every_character_and_leads_to_the_field(
    cast: Cast, meridian: Company, page_of: Opener, shot: Callable[..., None]
) -> None:
    """product.md §3.3: errors say what to do at the field; added rows and chips stay."""
    page = page_of(cast.lisina)
    page.goto("/outcome/")
    page.get_by_text("Тёплый Меридиан").click()
    page.get_by_role("button", name="Новый человек").click()
    page.locator("#id_people-0-name").fill("Ёлкина Анна")
    page.get_by_role("button", name="Ещё договорённость").click()
    page.locator("#id_agreements-1-text").fill("Созвониться с закупками")
    page.locator("#id_summary").fill("Почти всё")
    page.keyboard.press("Control+Enter")
    expect(page.get_by_text("Напишите следующий шаг")).to_be_visible()
    shot(page, "outcome-refused")
    expect(page.locator("#id_people-0-name")).to_have_value("Ёлкина Анна")
    expect(page.locator("#id_agreements-1-text")).to_have_value("Созвониться с закупками")
    page.locator("[data-set=id_next_step]").first.click()
    page.locator("#id_summary").focus()
    page.keyboard.press("Control+Enter")
    page.wait_for_url("**/interactions/**")
    assert Interaction.objects.first().client_people.count() == 2


def test_a_future_date_makes_a_plan(cast: Cast, meridian: Company, page_of: Opener) -> None:
    """Past = log, future = plan, in one form (product.md §3.3)."""
    page = page_of(cast.lisina)
    page.goto(f"/companies/{meridian.public_id}/outcome/")
    page.locator("#id_starts_at").fill("2026-11-30T11:00")
    page.get_by_role("button", name="Запланировать").click()
    page.wait_for_url("**/interactions/**")
    plan = Interaction.objects.get(state="planned")
    page.goto(f"/companies/{meridian.public_id}/outcome/?interaction={plan.public_id}")
    expect(page.locator("#id_starts_at")).to_have_value("2026-11-30T11:00")
