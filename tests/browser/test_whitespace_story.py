"""«Белые пятна», «Кому ещё предложить» and the map of ЛПР over the demo story, in Chromium, by mouse and by keys."""

from collections.abc import Callable

import pytest
from playwright.sync_api import Page, expect

from accounts.models import ContactLink
from deals.models import Deal
from reports.services.ranking import run_ranking
from tests.browser.conftest import PHONE
from tests.browser.demo import client, who
from tests.factories import T
from upsell_crm.demo.story import tell_story

pytestmark = pytest.mark.browser
Opener = Callable[..., Page]
MODES = (
    ("light", "ru", (1440, 900)), ("dark", "en", (1440, 900)), ("dark", "ru", PHONE), ("light", "en", PHONE),
)  # fmt: skip


@pytest.fixture
def story(transactional_db: None, settings: object) -> None:
    """The demo of 24 November 2026 with its ranking."""
    settings.IS_DEMO = True
    tell_story(as_of=T, seed=42)
    run_ranking(by=None)


def test_a_kam_walks_his_matrix_and_opens_a_deal(story: None, page_of: Opener) -> None:
    """product.md §3.4, §4.6: arrows move, Enter opens what is behind the cell; «+» and «Создать сделку» make the deal."""
    page = page_of(who("sotnikova"))
    page.goto("/whitespace/")
    expect(page.locator(".whitespace-totals .tile").first).to_contain_text("Casebook")
    row = page.locator(".portfolio tbody tr", has_text=str(client(6)))
    row.locator("th a").focus()
    page.keyboard.press("ArrowRight")
    expect(row.locator("td.cell").first.locator("a").first).to_be_focused()
    page.keyboard.press("ArrowRight")
    page.keyboard.press("Enter")
    panel = page.locator("#panel")
    expect(panel).to_contain_text(f"Caselook: {client(6)}")
    expect(panel).to_contain_text("Право.Поиск")
    page.keyboard.press("Escape")
    before = Deal.objects.count()
    row.locator("td.cell").first.hover()
    row.locator("td.cell").first.locator(".cell-add").click()
    expect(panel.locator("select[name$=product]").first).to_have_value("casebook")
    panel.locator("button[type=submit], .form-actions .btn--primary").last.click()
    page.wait_for_url("**/deals/*/")
    assert Deal.objects.count() == before + 1


def test_a_superior_is_chosen_and_taken_back(story: None, page_of: Opener) -> None:
    """product.md §4.3: the gaps are told, «подчиняется …» is one choice, the toast takes it back."""
    page = page_of(who("vetrov"))
    page.goto(f"{client(21).get_absolute_url()}contacts/map/page/")
    expect(page.locator(".map-gaps")).to_contain_text("без противовеса")
    before = ContactLink.objects.count()
    page.get_by_label("Кому подчиняется Стрелецкая").select_option(label="Громыхалова А. Ю.")
    expect(page.locator(".map-gaps")).not_to_contain_text("без противовеса")
    assert ContactLink.objects.count() == before + 1
    page.locator(".toast .btn--undo").click()
    expect(page.locator(".map-gaps")).to_contain_text("без противовеса")
    assert ContactLink.objects.count() == before
    page.locator(".map-person").first.focus()
    page.keyboard.press("Enter")
    expect(page.locator("#panel")).to_contain_text("Орехов")


@pytest.mark.parametrize(("theme", "language", "size"), MODES)
def test_the_pages_fit_every_look(
    story: None,
    page_of: Opener,
    shot: Callable[[Page, str], None],
    theme: str,
    language: str,
    size: tuple[int, int],
) -> None:
    """360 px to a laptop, both themes, both languages: nothing sticks out, the wide parts scroll inside themselves."""
    user = who("gromov")
    user.language, user.theme = language, theme
    user.save(update_fields=["language", "theme"])
    page = page_of(user, size=size, theme=theme, language=language)
    for name, address in (
        ("matrix", "/whitespace/"), ("offers", "/whitespace/offers/?product=caselook"),
        ("map", f"{client(1).get_absolute_url()}contacts/map/page/"),
        ("needs", f"{client(1).get_absolute_url()}waits/"),
    ):  # fmt: skip
        page.goto(address)
        page.wait_for_load_state("networkidle")
        assert page.evaluate("document.documentElement.scrollWidth") <= size[0], address
        shot(page, f"{name}-{theme}-{language}-{size[0]}")
