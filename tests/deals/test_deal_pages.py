"""The pages of deals: list, board, page, tab, steps (R65, R77, R82, R87, R92, R94; product.md §3)."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from accounts.models import Task
from deals.enums import DealStage
from deals.models import Deal, DealInteraction, DealTask
from deals.references import seed_checklists
from deals.services.deal_moves import lose_deal
from deals.views.company_deals import WINDOW_BD
from tests.factories import (
    Cast,
    T,
    make_company,
    make_contact,
    make_contract,
    make_deal,
    make_deal_line,
    moment,
)
from upsell_crm.core.models import User

ClientOf = Callable[[User], Client]
PANEL = {"HX-Request": "true"}


@pytest.fixture
def deal(cast: Cast) -> Deal:
    """Лисина's deal with one line and the checklists."""
    seed_checklists()
    return make_deal(make_company("ПАО «Горизонт»", kam=cast.lisina), ("casebook", 3, 5))


def text_of(answer: Any) -> str:
    """The page as text, with a normal space for the thin ones."""
    assert answer.status_code == 200, answer.status_code
    return str(answer.content.decode()).replace("\xa0", " ")


def test_the_page_says_the_status_in_one_line(cast: Cast, deal: Deal, client_of: ClientOf) -> None:
    """R77: stage, next step, last contact, blockers; nobody has to write a status report."""
    deal.next_step_on = T - timedelta(days=1)
    deal.save()
    page = text_of(client_of(cast.lisina).get(deal.get_absolute_url()))
    status = page[page.index('class="deal-status"') :].split("</p>")[0]
    for words in ("Сбор информации", "Позвонить ЛПР", "23.11.2026", "следующий шаг просрочен"):
        assert words in status, words


def test_the_page_shows_lines_and_the_number_of_people(cast: Cast, deal: Deal, client_of: ClientOf) -> None:
    """R65: several products with seats, price and VAT word; R87 is the slot of the working group."""
    make_deal_line(deal, "caselook", 0, 2)
    page = text_of(client_of(cast.lisina).get(deal.get_absolute_url()))
    assert "Caselook" in page and "без НДС" in page
    assert reverse("deals:deal_team", args=[deal.public_id]) in page


def test_forward_by_the_panel_and_back_by_the_toast(cast: Cast, deal: Deal, client_of: ClientOf) -> None:
    """R82, §6: the panel shows the checklist; the toast undoes the step."""
    browser = client_of(cast.lisina)
    url = reverse("deals:move_deal", args=[deal.public_id, "strategy"])
    assert "Выручка подтверждена" in text_of(browser.get(url, headers=PANEL))
    saved = browser.post(url, {"version": 1, "checks": ["research.revenue"]}, headers=PANEL)
    undo = reverse("deals:undo_move", args=[deal.public_id, "research"])
    assert saved.status_code == 204 and undo in saved["HX-Trigger"]
    deal.refresh_from_db()
    assert (deal.stage, deal.quality_pct) == ("strategy", 14)
    assert browser.post(undo, headers={"X-Requested-With": "fetch"}).status_code == 204
    deal.refresh_from_db()
    assert deal.stage == "research"


def test_the_board_moves_at_once_only_when_nothing_is_asked(
    cast: Cast, deal: Deal, client_of: ClientOf
) -> None:
    """The board posts to the same address: an open item of the checklist opens the panel."""
    browser = client_of(cast.lisina)
    url = reverse("deals:move_deal", args=[deal.public_id, "strategy"])
    asked = browser.post(url, {"quick": "1", "version": 1}, headers=PANEL)
    assert asked.status_code == 422 and "Выручка подтверждена" in asked.content.decode()
    items = ["revenue", "court_load", "licences", "procurement", "people", "departments", "history"]
    checks = [f"research.{code}" for code in items]
    browser.post(reverse("deals:check_stage", args=[deal.public_id]), {"checks": checks}, headers=PANEL)
    assert browser.post(url, {"quick": "1", "version": 1}, headers=PANEL).status_code == 204
    deal.refresh_from_db()
    assert (deal.stage, deal.quality_pct) == ("strategy", 100)


def test_a_step_over_an_old_version_shows_both(cast: Cast, deal: Deal, client_of: ClientOf) -> None:
    """faults B1: the second of two people keeps his text and is told."""
    browser = client_of(cast.lisina)
    Deal.objects.filter(pk=deal.pk).update(version=2, next_step="Уже позвонили")
    form = {"title": deal.title, "next_step": "Мой шаг", "next_step_on": "2026-12-01", "target_date": "2027-01-31",
            "forecast": "commit", "version": 1}  # fmt: skip
    answer = browser.post(reverse("deals:edit_deal", args=[deal.public_id]), form, headers=PANEL)
    page = answer.content.decode()
    assert answer.status_code == 422 and "Уже позвонили" in page and "Мой шаг" in page
    form["version"] = 2
    assert (
        browser.post(reverse("deals:edit_deal", args=[deal.public_id]), form, headers=PANEL).status_code
        == 204
    )


def test_lines_are_replaced_at_once(cast: Cast, deal: Deal, client_of: ClientOf) -> None:
    """R65: seats × price × (1 − discount)."""
    form = {"lines-TOTAL_FORMS": 1, "lines-INITIAL_FORMS": 1, "version": 1, "lines-0-product": "casebook",
            "lines-0-seats_new": 10, "lines-0-price": "1000", "lines-0-discount_pct": "10"}  # fmt: skip
    answer = client_of(cast.lisina).post(
        reverse("deals:edit_lines", args=[deal.public_id]), form, headers=PANEL
    )
    deal.refresh_from_db()
    assert (answer.status_code, deal.amount) == (204, 9000)


def test_the_list_counts_the_whole_filter_and_the_results_of_the_team(
    cast: Cast, deal: Deal, client_of: ClientOf
) -> None:
    """Totals by a second request; R92: won and lost belong to the team and its lead."""
    lost = make_deal(deal.company, ("casebook", 1, 1))
    lose_deal(lost, by=cast.lisina, main_reason="price")
    page = text_of(client_of(cast.belova).get(reverse("deals:deal_totals")))
    assert "1 сделка" in page and "180 000 ₽" in page and "1 проиграна" in page
    listed = text_of(client_of(cast.belova).get(reverse("deals:deal_list")))
    assert deal.title in listed and lost.title not in listed
    closed = text_of(client_of(cast.belova).get(reverse("deals:deal_list") + "?which=closed"))
    assert lost.title in closed and deal.title not in closed


def test_the_board_has_a_column_for_each_stage(cast: Cast, deal: Deal, client_of: ClientOf) -> None:
    """Columns with number and sum over the whole filter; filters of the list work here too."""
    make_deal(deal.company, stage=DealStage.NEEDS)
    page = text_of(client_of(cast.lisina).get(reverse("deals:deal_board")))
    assert page.count('class="board-column"') == 8 and page.count('class="board-card"') == 2
    narrowed = text_of(client_of(cast.lisina).get(reverse("deals:deal_board") + "?stage=needs"))
    assert narrowed.count('class="board-card"') == 1


def test_the_card_offers_a_deal_in_the_renewal_window(cast: Cast, client_of: ClientOf) -> None:
    """R18: inside the window (slack ≤ 40) the overview proposes «пролонгация + допродажа»; a deal takes its place."""
    assert WINDOW_BD == 40
    company = make_company(kam=cast.lisina)
    contract = make_contract(company, ("casebook", 5), act_by=T + timedelta(days=20))
    url = reverse("deals:company_deals", args=[company.public_id]) + "?place=overview"
    create = reverse("deals:create_deal", args=[company.public_id])
    assert create in text_of(client_of(cast.lisina).get(url))
    deal = make_deal(company, renews=contract)
    page = text_of(client_of(cast.lisina).get(url))
    assert create not in page and deal.title in page
    assert deal.title in text_of(client_of(cast.lisina).get(url.split("?")[0]))


def test_the_outcome_form_names_the_deal(cast: Cast, deal: Deal, client_of: ClientOf) -> None:
    """§6.1: with several open deals the person chooses; what the slot says goes through the form."""
    second = make_deal(deal.company)
    contact = make_contact(deal.company)
    browser = client_of(cast.lisina)
    slot = text_of(browser.get(reverse("deals:outcome_deals", args=[deal.company.public_id])))
    assert 'name="context-deal"' in slot and deal.title in slot and second.title in slot
    form = browser.get(reverse("accounts:log_outcome", args=[deal.company.public_id]), headers=PANEL)
    typed = form.context["form"]
    data = {
        "client_id": typed["client_id"].value(), "author": cast.lisina.public_id, "kind": "call", "state": "held",
        "starts_at": "2026-11-24T00:10", "duration_min": 30, "summary": "Итог", "attendees": contact.public_id,
        "next_step": "Отправить КП", "next_step_on": "2026-11-27", "context-deal": str(second.public_id),
        **{f"{rows}-{name}": 0 for rows in ("agreements", "people") for name in ("TOTAL_FORMS", "INITIAL_FORMS")},
    }  # fmt: skip
    saved = browser.post(
        reverse("accounts:log_outcome", args=[deal.company.public_id]) + "?fresh=1", data, headers=PANEL
    )
    assert saved.status_code == 204, saved.content.decode()[:3000]
    assert DealInteraction.objects.get().deal == second


def test_a_deal_with_an_overdue_task_stands_still_everywhere(cast: Cast, client_of) -> None:
    """§4.5, §4.9: the list, its totals and the board say of a deal what the ranking says."""
    late = make_deal(make_company(kam=cast.lisina), title="С просроченной задачей", last_contact_at=moment())
    make_deal(make_company(kam=cast.lisina), title="Идёт по плану", last_contact_at=moment())
    task = Task.objects.create(title="Позвонить", assignee=cast.lisina, due_on=T - timedelta(days=1))
    DealTask.objects.create(deal=late, task=task)
    browser = client_of(cast.lisina)
    listed = browser.get(reverse("deals:deal_list"), {"stalled": "on"}).content.decode()
    assert "С просроченной задачей" in listed and "Идёт по плану" not in listed
    assert browser.get(reverse("deals:deal_board")).content.decode().count("стоит</span>") == 1
