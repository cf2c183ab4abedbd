"""Story 9 of domain.md §8.2 in Chromium: a tutor pastes twelve people from Excel, the ranking hears of it."""

from collections.abc import Callable

import pytest
from django.test import override_settings
from playwright.sync_api import Page, expect

from accounts.models import Contact
from reports.models import RankRow
from reports.services.ranking import run_ranking
from tests.browser.conftest import DESKTOP, PHONE
from tests.browser.demo import client, who
from tests.factories import T
from trainings.models import Training
from upsell_crm.core import outbox
from upsell_crm.demo.story import tell_story

pytestmark = pytest.mark.browser
Opener = Callable[..., Page]
HEADER = "ФИО\tБыл\tМинут\tТест\tОценка\tНачал пользоваться"
PASTE = """([node, text]) => {
  const data = new DataTransfer();
  data.setData("text/plain", text);
  node.dispatchEvent(new ClipboardEvent("paste", { clipboardData: data, bubbles: true, cancelable: true }));
}"""


@pytest.fixture
def story(transactional_db: None, settings: object) -> None:
    """The demo of 24 November 2026, ranked."""
    settings.IS_DEMO = True
    tell_story(as_of=T, seed=42)
    run_ranking(by=None)


def copied(training: Training) -> str:
    """Twelve people as Excel copies them: the ten of the list by surname and initials or in full, and two strangers."""
    names = [one.shown_name for one in training.trainees.select_related("contact")]
    names = [name if place % 2 else _initials(name) for place, name in enumerate(names)]
    lines = [
        f"{name}\t{'да' if place < 9 else 'нет'}\t{'90' if place < 9 else ''}\t{f'8{place},5' if place < 9 else ''}\t"
        f"{'4,5' if place < 9 else ''}\t{'+' if place < 6 else ''}"
        for place, name in enumerate(names)
    ]  # fmt: skip
    strangers = ["Волошина Кира Андреевна\tда\t80\t90\t5\tда", "Тарасов Олег Львович\t1\t60\t75\t4\tнет"]
    return "\n".join([HEADER, *lines, *strangers])


def _initials(name: str) -> str:
    last, *others = name.split()
    return " ".join([last, *(f"{part[0]}." for part in others)])


@override_settings(CRM_TODAY=T)
def test_story_9_a_tutor_pastes_twelve_people_and_the_ranking_hears_of_it(
    story: None, page_of: Opener, shot: Callable[[Page, str], None]
) -> None:
    """R35, R36, R19: № 16 opens for Гай; 12 pasted lines, the index at once; «обучения» is known, confidence 78 → 88."""
    company = client(16)
    before = RankRow.objects.current().get(company=company)
    assert (before.missing, before.confidence) == (["users", "training"], 78)
    training = Training.objects.get(company=company)
    page = page_of(who("gai"), size=DESKTOP)
    page.goto("/trainings/?view=list&state=held")
    page.get_by_role("link", name="Введение в Casebook").click()
    page.get_by_role("link", name="Внести результаты").click()
    expect(page.locator("[data-index]")).to_contain_text("—")
    name = page.locator("input[name=name]").first
    name.focus()
    name.evaluate("(node, text) => (" + PASTE + ")([node, text])", copied(training))
    expect(page.locator(".notice--good")).to_contain_text("12 строк")
    expect(page.locator("[data-index]")).to_contain_text("8")
    expect(page.locator("input[name=who][value]:not([value=''])")).to_have_count(10)
    shot(page, "story-9-grid")
    expect(page.locator("[data-draft-state]")).to_have_attribute("data-state", "saved")
    page.reload()  # nothing is lost
    expect(page.locator("[data-index]")).to_contain_text("8")
    page.keyboard.press("Escape")
    page.locator("input[name=test]").first.fill("сто")
    expect(page.locator("[data-problems]")).to_contain_text("Строка 1, «Тест»")
    page.locator("input[name=test]").first.fill("85")
    expect(page.locator("[data-problems]")).to_have_count(0)
    page.get_by_role("button", name="Сохранить", exact=True).click()
    expect(page.locator("#training")).to_contain_text("Результаты внесены")
    expect(page.locator("#training [data-index]")).to_contain_text("из 100")
    shot(page, "story-9-saved")
    people = Contact.objects.filter(company=company).count()
    page.get_by_role("button", name="Подтвердить всех").click()
    expect(page.locator(".candidates")).to_have_count(0)
    assert Contact.objects.filter(company=company).count() > people
    outbox.drain()
    after = RankRow.objects.current().get(company=company)
    assert (after.missing, after.confidence) == (["users"], 88)
    assert after.evidence["training"]["topic"] == "Введение в Casebook"


@pytest.mark.parametrize("size", [DESKTOP, PHONE])
def test_the_grid_is_walked_by_keys(story: None, page_of: Opener, size: tuple[int, int]) -> None:
    """R35: Tab and arrows as in a spreadsheet; a line is added below the last one; fits a phone."""
    training = Training.objects.get(company=client(16))
    page = page_of(who("gai"), size=size)
    page.goto(f"{training.get_absolute_url()}results/")
    first = page.locator("[data-lines] tr").first.locator("input[name=minutes]")
    first.click()
    page.keyboard.press("ArrowDown")
    expect(page.locator("[data-lines] tr").nth(1).locator("input[name=minutes]")).to_be_focused()
    page.keyboard.press("Tab")
    expect(page.locator("[data-lines] tr").nth(1).locator("input[name=pre_test]")).to_be_focused()
    page.keyboard.press("Enter")
    expect(page.locator("[data-lines] tr").nth(2).locator("input[name=pre_test]")).to_be_focused()
    lines = page.locator("[data-lines] tr").count()
    page.locator("[data-lines] tr").last.locator("input[name=name]").fill("Новиков Пётр")
    expect(page.locator("[data-lines] tr")).to_have_count(lines + 1)
    assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")
