"""Story 5 of §8.2 in the browser: the gates of a holding, its mechanics and its matrix (R67–R72, product.md §1.7, §3.4)."""

from collections.abc import Callable

import pytest
from django.urls import reverse
from playwright.sync_api import Page, expect

from accounts.models import PotentialEstimate
from deals.enums import Function
from deals.services.mechanics import assign_function
from deals.services.programs import set_value
from tests.browser.conftest import PHONE
from tests.deals.holding import Holding, draft, make_holding, meet
from tests.factories import Cast, make_contract, make_product

pytestmark = pytest.mark.browser
MODES = (
    ("light", "ru", (1440, 900)), ("dark", "en", (1440, 900)), ("dark", "ru", PHONE), ("light", "en", PHONE),
)  # fmt: skip


@pytest.fixture
def holding(cast: Cast) -> Holding:
    """One of two key ЛПР is convinced; a draft names № 2, 3 and 5."""
    holding = make_holding(cast)
    for person in holding.people:
        meet(holding.head, person, cast.aliev)
    first = holding.people[0]
    set_value(by=cast.aliev, program=holding.program, role=holding.role(first), state="confirmed")
    draft(holding, holding.second, holding.third, holding.fifth)
    for company, function, user in (
        (holding.second, Function.SET_MEETINGS, cast.rogov), (holding.second, Function.APPROVE_DOCS, cast.kim),
        (holding.third, Function.HOLD_MEETINGS, cast.naumov), (holding.head, Function.KEEP_HEAD_DM, cast.aliev),
    ):  # fmt: skip
        assign_function(by=cast.aliev, program=holding.program, company=company, function=function, user=user)
    make_contract(holding.second, ("casebook", 20), ("caselook", 4))
    make_contract(holding.fifth, ("casebook", 9))
    for company, target in ((holding.second, 45), (holding.fourth, 12), (holding.fifth, 9)):
        PotentialEstimate.objects.create(company=company, product=make_product(), target_seats=target)
    return holding


def address(holding: Holding) -> str:
    """The page of the programme."""
    return reverse("deals:program_detail", args=[holding.deal.public_id])


def test_the_gates_open_one_after_another(cast: Cast, holding: Holding, page_of: Callable[..., Page]) -> None:
    """Story 5: the last ЛПР confirms by one click, the consent is recorded, № 4 stays shut."""
    page = page_of(cast.aliev)
    page.goto(address(holding))
    expect(page.locator(".program-step")).to_contain_text("Орехов1")
    person = page.locator(".program-people li", has_text="Орехов1")
    person.get_by_role("button", name="ценность подтверждена").click()
    expect(page.locator(".program-step")).to_contain_text("ничто не мешает")
    page.get_by_role("link", name="Согласие дано").click()
    page.locator("#panel").get_by_role("button", name="Согласие дано").click()
    expect(page.locator(".program-consent")).to_contain_text("дано")
    row = page.locator(".mechanics tbody tr", has_text="ДЗО 4")
    expect(row).to_contain_text("согласие не покрывает")
    expect(page.locator(".mechanics tbody tr", has_text="ДЗО 2")).to_contain_text("открыто")


def test_the_matrix_is_walked_by_arrows_and_a_cell_makes_a_deal(
    cast: Cast, holding: Holding, page_of: Callable[..., Page]
) -> None:
    """product.md §3.4: arrows move, Enter opens; an empty cell → deal in two actions."""
    page = page_of(cast.aliev)
    page.goto(address(holding))
    cell = page.locator(".holding-matrix td", has_text="20/45").get_by_role("link")
    expect(cell).to_be_visible()
    cell.focus()
    page.keyboard.press("ArrowDown")
    page.keyboard.press("ArrowUp")
    expect(cell).to_be_focused()
    page.keyboard.press("Enter")
    panel = page.locator("#panel")
    expect(panel).to_be_visible()
    expect(panel.locator("input[name$='seats_new']").first).to_have_value("45")


@pytest.mark.parametrize(("theme", "language", "size"), MODES)
def test_it_fits_and_has_no_errors(
    cast: Cast,
    holding: Holding,
    page_of: Callable[..., Page],
    shot: Callable,
    theme: str,
    language: str,
    size: tuple,
) -> None:
    """product.md §3: both themes and languages, desk and phone; nothing sticks out of the page."""
    cast.aliev.language = language
    cast.aliev.save(update_fields=["language"])
    for name, url in (
        ("program", address(holding)),
        ("program_sheet", reverse("deals:program_sheet", args=[holding.deal.public_id])),
        ("holding_card", holding.head.get_absolute_url()),
    ):
        page = page_of(cast.aliev, size=size, theme=theme, language=language)
        page.goto(url)
        page.wait_for_load_state("networkidle")
        assert page.evaluate("document.documentElement.scrollWidth <= window.innerWidth"), name
        height = page.evaluate("document.documentElement.scrollHeight")
        page.set_viewport_size({"width": size[0], "height": height})
        shot(page, f"{name}-{size[0]}-{language}-{theme}")
