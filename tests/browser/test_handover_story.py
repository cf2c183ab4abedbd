"""Story 7: a client goes from Лисина to Ветров by a three-way meeting; what moves, moves at the completion (R59–R61)."""

from collections.abc import Callable
from datetime import timedelta

import pytest
from playwright.sync_api import Page, expect

from accounts.models import Company, Task
from deals.models import Deal, Handover
from tests.browser.conftest import PHONE
from tests.deals.handover_cast import Scene
from tests.factories import Cast, T, make_contact, make_contract, make_deal

pytestmark = pytest.mark.browser


@pytest.fixture
def scene(cast: Cast) -> Scene:
    made = Scene(cast)
    make_contract(made.company, ("casebook", 50), ("caselook", 5))
    make_contact(made.company, "Громова Инна Львовна", role="influencer")
    return made


def sees_no_sideways(page: Page) -> None:
    assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")


def test_a_three_way_handover(
    scene: Scene, page_of: Callable[..., Page], shot: Callable[[Page, str], None]
) -> None:
    """Story 7, second half (№ 13): proposal, acceptance, checklist, meeting, completion; before it nothing moves."""
    old, new = page_of(scene.old), page_of(scene.new)
    old.goto(scene.company.get_absolute_url())
    old.get_by_role("link", name="Передать").click()
    panel = old.locator("#panel")
    expect(panel).to_contain_text("трёхсторонняя встреча")
    shot(old, "handover_start")
    panel.get_by_label("Новый КАМ").select_option(label=str(scene.new))
    panel.get_by_role("button", name="Собрать досье").click()
    old.wait_for_url("**/handovers/*/")
    for code in ("risks", "manners", "files"):
        old.locator(f"#item-{code}").get_by_role("link", name="Заполнить").click()
        old.locator("#panel textarea[name=filled]").fill("Не звонить до 11:00")
        old.locator("#panel").get_by_role("button", name="Сохранить").click()
        expect(old.locator(f"#item-{code}")).to_contain_text("Не звонить")
    old.get_by_role("button", name="Предложить").click()
    expect(old.locator(".handover-strip .is-here")).to_have_text("Предложена")

    new.goto("/my-day/")
    expect(new.locator("#day-handovers")).to_be_visible()
    shot(new, "handover_my_day")
    new.get_by_role("link", name="АО «Меридиан»").first.click()
    new.get_by_role("button", name="Принять передачу").click()
    expect(new.locator(".handover-strip .is-here")).to_have_text("Принята")
    total = Handover.objects.get().items.count()
    for number in range(total):
        new.locator(".handover-item").get_by_role("button", name="Принять").first.click()
        expect(new.locator("#handover-body")).to_contain_text(f"принято {number + 1} из {total}")
    new.get_by_role("link", name="Запланировать знакомство").click()
    panel = new.locator("#panel")
    panel.locator("[name=starts_at]").fill(f"{T + timedelta(days=1)}T11:00")
    panel.get_by_label("Орехов").check()
    panel.get_by_role("button", name="Запланировать знакомство").click()
    expect(new.locator(".handover-strip .is-here")).to_have_text("Знакомство")
    assert Company.objects.get(pk=scene.company.pk).owner_kam == scene.old

    handover = Handover.objects.get()
    meeting = handover.introduction
    meeting.state = "held"  # the outcome form has its own stories
    meeting.save()
    meeting.our_people.update(attended=True)
    meeting.client_people.update(attended=True)
    new.reload()
    new.get_by_role("link", name="Завершить передачу").click()
    expect(new.locator("#panel")).to_contain_text("1 открытая сделка")
    shot(new, "handover_complete")
    new.locator("#panel").get_by_role("button", name="Завершить передачу").click()
    expect(new.locator(".handover-strip .is-here")).to_have_text("Завершена")
    assert Company.objects.get(pk=scene.company.pk).owner_kam == scene.new
    assert Deal.objects.get(pk=scene.deal.pk).responsible_kam == scene.new
    assert Task.objects.get(pk=scene.task.pk).assignee == scene.new


def test_the_lead_finishes_for_one_who_has_left(scene: Scene, page_of: Callable[..., Page]) -> None:
    """Story 7, first half (№ 29): three-way is proposed, not possible; the lead chooses the letter with a reason."""
    scene.old.is_active = False
    scene.old.save()
    Company.objects.filter(pk=scene.company.pk).update(owner_kam=scene.cast.belova)
    page = page_of(scene.cast.belova)
    page.goto(scene.company.get_absolute_url())
    page.get_by_role("link", name="Передать").click()
    panel = page.locator("#panel")
    panel.get_by_label("КАМ, который ушёл").select_option(label=str(scene.old))
    panel.get_by_label("Новый КАМ").select_option(label=str(scene.new))
    panel.get_by_role("button", name="Собрать досье").click()
    expect(panel).to_contain_text("здесь больше не работает")
    panel.get_by_label("Способ", exact=False).or_(panel.locator("[name=mode]")).first.select_option("letter")
    panel.locator("[name=mode_reason]").fill("Седов ушёл")
    panel.get_by_role("button", name="Собрать досье").click()
    page.wait_for_url("**/handovers/*/")
    expect(page.locator("#handover-body")).to_contain_text("Седов ушёл")


@pytest.mark.parametrize(("size", "name"), [((1440, 900), "1440"), (PHONE, "390")])
@pytest.mark.parametrize("language", ["ru", "en"])
@pytest.mark.parametrize("theme", ["light", "dark"])
def test_the_pages_fit_every_screen(
    scene: Scene, page_of: Callable[..., Page], shot: Callable[[Page, str], None],
    size: tuple[int, int], name: str, language: str, theme: str,
) -> None:  # fmt: skip
    """Nothing scrolls sideways at 360 px; both themes, both languages."""
    make_deal(scene.company, responsible_kam=scene.cast.belova, needs_kam=True)
    handover = scene.accepted()
    for person in (scene.cast.belova, scene.new):
        person.language = language
        person.save()
    page = page_of(scene.new, size=size, theme=theme, language=language)
    for address, what in (
        (handover.get_absolute_url(), "detail"),
        ("/handovers/", "list"),
        ("/my-day/", "day"),
    ):
        page.goto(address)
        page.wait_for_load_state("networkidle")
        sees_no_sideways(page)
        shot(page, f"handover_{what}_{name}_{language}_{theme}")
    lead = page_of(scene.cast.belova, size=size, theme=theme, language=language)
    for address, what in (("/priorities/", "priorities"), (scene.company.get_absolute_url(), "card")):
        lead.goto(address)
        lead.wait_for_load_state("networkidle")
        sees_no_sideways(lead)
        shot(lead, f"handover_{what}_{name}_{language}_{theme}")
