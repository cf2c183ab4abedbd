"""«Дорого» in the outcome form: the team's best answer is one tap away and counts when the outcome is saved (R80)."""

from collections.abc import Callable

import pytest
from playwright.sync_api import Page, expect

from accounts.models import Objection
from tests.browser.conftest import PHONE
from tests.factories import Cast, make_company, make_contact
from tests.trainings.experience_makers import make_note, make_objection
from trainings.models import NoteUse

pytestmark = pytest.mark.browser
Opener = Callable[..., Page]


@pytest.mark.parametrize("size", [(1440, 900), PHONE])
def test_a_kam_takes_the_answer_of_a_colleague(cast: Cast, page_of: Opener, size: tuple[int, int]) -> None:
    """Tick the objection, tap «использую», be refused for what is missing, save: nothing was lost, the note is used."""
    shop = make_company("ООО «Фармсклад Регион»", kam=cast.vetrov)
    make_contact(shop)
    note = make_note(cast.demin)
    make_objection(make_company(kam=cast.demin), cast.demin, state="handled", handled_how="Дали рассрочку")
    page = page_of(cast.vetrov, size=size)
    page.goto(f"/companies/{shop.public_id}/outcome/")
    page.locator("#outcome-objections label", has_text="цена").click()
    expect(page.locator(".answers")).to_contain_text(note.title)
    expect(page.locator(".answers")).to_contain_text("помогло ещё у 1 клиента")
    page.locator(".answer label", has_text="использую").click()
    page.locator("#outcome-objections label", has_text="сроки").click()
    expect(page.locator(".answer input:checked")).to_have_count(1)
    page.fill("#id_summary", "Дорого, просят скидку")
    page.keyboard.press("Control+Enter")
    expect(page.locator(".field--bad, .notice--bad, .field-error").first).to_be_visible()
    expect(page.locator(".answer input:checked")).to_have_count(1)
    if not page.locator("[name=attendees]").first.is_checked():
        page.locator("label:has([name=attendees])").first.click()
    page.fill("#id_next_step", "Прислать расчёт")
    page.locator("#id_next_step_on").fill("2026-11-30")
    page.keyboard.press("Control+Enter")
    page.wait_for_url("**/interactions/**")
    use = NoteUse.objects.get()
    assert (use.note, use.objection.category) == (note, "price")
    assert Objection.objects.filter(company=shop).count() == 2
