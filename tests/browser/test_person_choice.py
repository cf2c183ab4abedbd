"""A KAM of many is chosen by a few letters, with the keyboard and with a finger (§6.2)."""

from collections.abc import Callable

import pytest
from playwright.sync_api import Page, expect

from tests.browser.conftest import PHONE
from tests.factories import Cast, make_company, make_user
from upsell_crm.core.person_choice import FEW
from upsell_crm.core.roles import Role

pytestmark = pytest.mark.browser
Opener = Callable[..., Page]


@pytest.fixture
def many(cast: Cast) -> Cast:
    """A department that no select holds."""
    for number in range(FEW):
        make_user(f"many{number:02}", f"Многов{number:02} Пётр", Role.KAM, team=cast.k2)
    make_company("ООО «Лиса»", kam=cast.lisina)
    make_company("ООО «Ветер»", kam=cast.vetrov)
    return cast


def test_letters_arrows_and_enter(many: Cast, page_of: Opener, shot: Callable[[Page, str], None]) -> None:
    page = page_of(many.andreeva)
    page.goto("/companies/")
    field = page.get_by_role("combobox", name="КАМ")
    field.click()
    expect(page.locator("#id_kam_options [role=option]")).to_have_count(12)
    shot(page, "person-choice")
    field.press_sequentially("лис")
    expect(page.locator("#id_kam_options [role=option]")).to_have_count(1)
    field.press("ArrowDown")
    field.press("Enter")
    expect(field).to_have_value("Анна Лисина")
    page.wait_for_url("**kam=lisina**")
    assert "kam_name" not in page.url
    expect(page.locator("#companies")).not_to_contain_text("Ветер")
    page.reload()
    expect(page.get_by_role("combobox", name="КАМ")).to_have_value("Анна Лисина")


def test_what_is_not_taken_is_not_kept_and_emptied_is_everybody(many: Cast, page_of: Opener) -> None:
    page = page_of(many.andreeva)
    page.goto("/companies/?kam=lisina")
    field = page.get_by_role("combobox", name="КАМ")
    field.fill("ветр")
    expect(page.locator("#id_kam_options [role=option]")).to_have_count(1)
    field.press("Escape")
    expect(field).to_have_value("Анна Лисина")
    field.fill("")
    expect(page.locator("#companies")).to_contain_text("Ветер")
    page.wait_for_url("**kam=&**")


def test_a_finger_takes_a_name_on_a_phone(
    many: Cast, page_of: Opener, shot: Callable[[Page, str], None]
) -> None:
    page = page_of(many.andreeva, size=PHONE, theme="dark", language="en")
    page.goto("/companies/")
    page.locator("#id_kam").tap()
    expect(page.locator("#id_kam_options")).to_contain_text("Алиев")
    shot(page, "person-choice-phone")
    page.locator("#id_kam_options [role=option]").filter(has_text="Алиев").tap()
    page.wait_for_url("**kam=aliev**")
    assert page.evaluate("document.documentElement.scrollWidth") <= PHONE[0]
