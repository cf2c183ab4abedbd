"""A KAM opens a renewal from the ranking in two clicks, moves it by keyboard and takes the step back (R18, R82, §6.1)."""

from collections.abc import Callable

import pytest
from playwright.sync_api import Page, expect

from accounts.references import seed_calendar
from accounts.services.act_by import refresh_act_by
from deals.checklists import lines_of
from deals.enums import DealStage
from deals.models import Deal, StageCheck
from deals.references import seed_checklists
from deals.services.checks import save_checks
from reports.references import seed_weights
from reports.services.ranking import run_ranking
from tests.factories import Cast, make_company, make_contact, make_contract, make_deal

pytestmark = pytest.mark.browser
PageOf = Callable[..., Page]
Shot = Callable[[Page, str], None]


def test_two_clicks_from_the_ranking_to_the_deal(cast: Cast, page_of: PageOf, shot: Shot) -> None:
    """§6.1: button → panel with everything filled in → save; the deal page opens with its status line (R77)."""
    seed_calendar()
    seed_weights()
    seed_checklists()
    company = make_company("ПАО «Горизонт Телеком»", kam=cast.lisina)
    make_contact(company)
    make_contract(company, ("casebook", 10), ("caselook", 4))
    refresh_act_by(company_ids=[company.pk])
    run_ranking(by=None)
    page = page_of(cast.lisina)
    page.goto("/my-day/")
    clicks = 0
    page.get_by_role("link", name="Создать сделку").first.click()
    clicks += 1
    expect(page.locator("#panel")).to_contain_text("Новая сделка")
    shot(page, "new_deal_panel")
    page.locator("#panel").get_by_role("button", name="Создать сделку").click()
    clicks += 1
    expect(page.locator(".deal-status")).to_be_visible()
    deal = Deal.objects.get()
    assert (clicks, deal.lines.count(), deal.renewals.count()) == (2, 2, 1)
    page.wait_for_load_state("networkidle")
    shot(page, "deal_page")


def test_a_card_moves_by_keyboard_and_back_by_the_toast(cast: Cast, page_of: PageOf, shot: Shot) -> None:
    """Arrows walk, Shift+→ moves: an open checklist opens the panel, a ticked one moves at once; ten seconds to undo."""
    seed_checklists()
    first = make_deal(make_company("ООО «Альфа»", kam=cast.lisina), ("casebook", 3, 5))
    second = make_deal(make_company("ООО «Бета»", kam=cast.lisina), stage=DealStage.STRATEGY)
    page = page_of(cast.lisina)
    page.goto("/deals/board/")
    page.locator(f"#card-{first.public_id}").focus()
    page.keyboard.press("ArrowRight")
    expect(page.locator(f"#card-{second.public_id}")).to_be_focused()
    page.keyboard.press("ArrowLeft")
    shot(page, "deal_board")
    page.keyboard.press("Shift+ArrowRight")
    expect(page.locator("#panel")).to_contain_text("Выручка подтверждена")
    shot(page, "move_panel")
    page.locator("#panel").get_by_role("button", name="Стратегия").click()
    card = page.locator('[data-stage="strategy"]').locator(f"#card-{first.public_id}")
    expect(card).to_be_focused()
    assert StageCheck.objects.filter(deal=first).count() == 7
    page.get_by_role("button", name="Отменить").click()
    expect(page.locator('[data-stage="research"]').locator(f"#card-{first.public_id}")).to_be_visible()
    first.refresh_from_db()
    assert first.stage == DealStage.RESEARCH


def test_pages_of_deals_fit_a_phone(cast: Cast, page_of: PageOf, shot: Shot) -> None:
    """360 px: list, board and page do not scroll sideways as a whole."""
    seed_checklists()
    deal = make_deal(make_company("ООО «Альфа»", kam=cast.lisina), ("casebook", 3, 5))
    page = page_of(cast.lisina, size=(360, 740), theme="dark")
    for name, url in (("list", "/deals/"), ("board", "/deals/board/"), ("page", deal.get_absolute_url())):
        page.goto(url)
        page.wait_for_load_state("networkidle")
        assert page.evaluate("document.documentElement.scrollWidth") <= 360, url
        shot(page, f"phone_deal_{name}")


def test_a_card_is_dragged_to_its_next_stage(cast: Cast, page_of: PageOf, shot: Shot) -> None:
    """R82, product.md §3: the mouse does what the keys do; a stage whose checklist is open asks for it."""
    seed_checklists()
    deal = make_deal(
        make_company("ООО «Альфа»", kam=cast.lisina), ("casebook", 3, 5), stage=DealStage.RESEARCH
    )
    save_checks(deal, by=cast.lisina, ticked=[line.key for line in lines_of(deal, [DealStage.RESEARCH])])
    page = page_of(cast.lisina)
    page.goto("/deals/board/")
    assert page.evaluate(
        "document.querySelector('.board').scrollWidth <= document.querySelector('.board').clientWidth"
    )
    card, strategy, needs = (
        page.locator(selector)
        for selector in (f"#card-{deal.public_id}", '[data-stage="strategy"]', '[data-stage="needs"]')
    )
    card.drag_to(strategy)
    expect(strategy.locator(f"#card-{deal.public_id}")).to_be_visible()
    deal.refresh_from_db()
    assert deal.stage == DealStage.STRATEGY
    card.drag_to(needs)
    expect(page.locator("#panel").get_by_role("checkbox").first).to_be_visible()
    shot(page, "deal_dragged")
