"""The frame in real Chromium: drafts, an ended session, keys, the panel, double clicks, phones."""

from collections.abc import Callable

import pytest
from django.contrib.sessions.models import Session
from playwright.sync_api import Page, expect

from tests.browser.conftest import PHONE
from tests.factories import Cast, make_company
from upsell_crm.core.models import AuditEvent, Draft, JobRun

pytestmark = pytest.mark.browser
Opener = Callable[..., Page]
GALLERY = "/styleguide/"


def test_a_draft_outlives_the_tab(cast: Cast, page_of: Opener) -> None:
    """R97, faults A8: typed, saved by itself, and back after a reload; nothing stays in the browser (A13)."""
    page = page_of(cast.admin)
    page.goto(GALLERY)
    page.fill("#id_note", "Ждут скидку до пятницы")
    expect(page.locator("[data-draft-state]")).to_contain_text("сохранено на сервере")
    page.reload()
    assert page.input_value("#id_note") == "Ждут скидку до пятницы"
    assert "скидку" not in page.evaluate("JSON.stringify(localStorage) + JSON.stringify(sessionStorage)")


def test_the_last_keys_are_kept_when_the_page_is_left_at_once(cast: Cast, page_of: Opener) -> None:
    page = page_of(cast.admin)
    page.goto(GALLERY)
    page.fill("#id_note", "Последнее слово")
    page.goto("/jobs/")
    page.wait_for_load_state("networkidle")
    assert Draft.objects.get().data["note"] == ["Последнее слово"]


def test_without_a_connection_the_state_says_so_and_heals(cast: Cast, page_of: Opener) -> None:
    """Faults A9."""
    page = page_of(cast.admin)
    page.goto(GALLERY)
    page.context.set_offline(True)
    page.fill("#id_note", "В лифте")
    expect(page.locator("[data-draft-state]")).to_contain_text("нет связи")
    page.context.set_offline(False)
    expect(page.locator("[data-draft-state]")).to_contain_text("сохранено на сервере")


def test_an_ended_session_asks_for_the_password_in_place(cast: Cast, page_of: Opener) -> None:
    """Faults A10: the text stays on the screen and is saved after signing in."""
    page = page_of(cast.admin)
    page.goto(GALLERY)
    Session.objects.all().delete()
    page.fill("#id_note", "Длинный итог встречи")
    dialog = page.locator("#signin")
    expect(dialog).to_be_visible()
    expect(dialog.locator("[name=username]")).to_have_value("admin")
    dialog.locator("[name=password]").fill("admin")
    dialog.locator("button").click()
    expect(dialog).to_be_hidden()
    expect(page.locator("[data-draft-state]")).to_contain_text("сохранено на сервере")
    assert page.input_value("#id_note") == "Длинный итог встречи"


def test_a_plain_form_waits_for_the_password_too(cast: Cast, page_of: Opener) -> None:
    """Faults A10: «Save» on a page of its own loses nothing."""
    page = page_of(cast.admin)
    page.goto(GALLERY)
    page.fill("#id_name", "Ромашка")
    page.wait_for_selector("[data-draft-state][data-state=saved]")
    Session.objects.all().delete()
    page.click("form[data-draft] .btn--primary")
    page.fill("#signin [name=password]", "admin")
    page.press("#signin [name=password]", "Enter")
    expect(page.locator("#toasts")).to_contain_text("Сохранено")


def test_a_token_changed_in_another_tab_does_not_matter(cast: Cast, page_of: Opener) -> None:
    """Faults A11: signing in elsewhere rotates the CSRF token."""
    page = page_of(cast.admin)
    page.goto(GALLERY)
    other = page.context.new_page()
    other.goto("/login/?inline=1")
    other.fill("#id_username", "admin")
    other.fill("#id_password", "admin")
    other.click("button")
    page.click(".page-actions .btn--primary")
    expect(page.locator("#toasts")).to_contain_text("Сохранено")


def test_the_panel_opens_by_key_and_closes_by_escape(cast: Cast, page_of: Opener) -> None:
    page = page_of(cast.admin)
    page.goto(GALLERY)
    page.keyboard.press("m")
    expect(page.locator("#panel-title")).to_be_focused()
    page.keyboard.press("Escape")
    expect(page.locator("#panel")).to_be_hidden()
    expect(page.locator("[data-panel]")).to_be_focused()


def test_keys_walk_the_table_and_the_places(cast: Cast, page_of: Opener) -> None:
    """§6: j, k, Enter, /, ? and g-keys; letters by their place, so that the Russian layout works."""
    page = page_of(cast.admin)
    page.goto(GALLERY)
    for key in ("j", "j", "k"):
        page.keyboard.press(key)
    expect(page.locator("tr.is-here")).to_contain_text("Северсталь")
    page.keyboard.press("Enter")
    page.wait_for_url("**#1")
    page.keyboard.press("/")
    expect(page.locator("#global-search")).to_be_focused()
    page.keyboard.press("Escape")
    page.keyboard.press("?")
    expect(page.locator("#hotkeys")).to_be_visible()
    page.keyboard.press("Escape")
    expect(page.locator("#hotkeys")).to_be_hidden()
    page.keyboard.press("g")
    page.keyboard.press("j")
    page.wait_for_url("**/jobs/")


def test_five_clicks_start_one_run(cast: Cast, page_of: Opener) -> None:
    """Faults A3."""
    page = page_of(cast.belova)
    page.goto("/jobs/")
    button = page.locator(".job-start button").last
    button.evaluate("node => { for (let i = 0; i < 5; i++) node.click(); }")
    expect(page.locator("#jobs")).to_contain_text("в очереди")
    assert JobRun.objects.count() == 1


def test_search_finds_while_one_types(cast: Cast, page_of: Opener) -> None:
    """§6: global search by «/», arrows and Enter."""
    company = make_company("ООО «Тёплый дом»", kam=cast.vetrov)
    page = page_of(cast.vetrov)
    page.goto("/companies/")
    page.keyboard.press("/")
    page.keyboard.type("теплый", delay=20)
    expect(page.locator("#search-results")).to_contain_text("Тёплый дом")
    page.keyboard.press("ArrowDown")
    page.keyboard.press("Enter")
    page.wait_for_url(f"**/{company.public_id}/**")


def test_language_and_theme_change_from_the_menu(cast: Cast, page_of: Opener) -> None:
    """R100."""
    page = page_of(cast.belova)
    page.goto("/jobs/")
    page.click(".user-menu > summary")
    page.click("button[value=dark]")
    expect(page.locator("html")).to_have_attribute("data-theme", "dark")
    page.click(".user-menu > summary")
    page.click(".user-menu button[value=en]")
    expect(page.locator("h1")).to_have_text("Jobs")


@pytest.mark.parametrize("address", [GALLERY, "/jobs/", "/search/?q=дом", "/password/", "/nowhere/"])
@pytest.mark.parametrize("width", [360, 768, 1440, 3840])
def test_no_page_scrolls_sideways(address: str, width: int, cast: Cast, page_of: Opener) -> None:
    """From a phone of 360 px to 4K."""
    page = page_of(cast.admin, size=(width, 900))
    page.goto(address)
    assert page.evaluate("document.documentElement.scrollWidth") <= width


def test_targets_on_a_phone_are_large_enough(cast: Cast, page_of: Opener) -> None:
    """§6.1: 44 px for a finger."""
    page = page_of(cast.belova, size=PHONE)
    page.goto("/jobs/")
    sizes = page.eval_on_selector_all(
        "main .btn, .sidebar-item, .topbar input, .user-menu > summary",
        "nodes => nodes.filter(n => n.checkVisibility()).map(n => n.getBoundingClientRect().height)",
    )
    assert sizes and min(sizes) >= 44
    assert not AuditEvent.objects.exists()
