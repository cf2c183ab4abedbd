"""Story 8 of domain.md §8.2 over the demo story, in Chromium: a released feature finds the KAM by itself (R23–R25)."""

from collections.abc import Callable
from decimal import Decimal

import pytest
from playwright.sync_api import Page, expect

from accounts.models import FeatureRequest, FeatureWait, Task
from accounts.services.feature_release import fan_out
from reports.models import RankRow
from reports.services.ranking import run_ranking
from tests.browser.conftest import PHONE
from tests.browser.demo import client, who
from tests.factories import T
from upsell_crm.core import jobs, outbox
from upsell_crm.demo.story import tell_story

pytestmark = pytest.mark.browser
Opener = Callable[..., Page]


@pytest.fixture
def story(transactional_db: None, settings: object) -> None:
    """The demo of 24 November 2026, ranked."""
    settings.IS_DEMO = True
    tell_story(as_of=T, seed=42)
    run_ranking(by=None)


def tasks() -> list[Task]:
    feature = FeatureRequest.objects.get(title="API мониторинга")
    return list(Task.objects.filter(company=client(12), dedupe_key__startswith=f"feature:{feature.pk}:"))


@pytest.mark.parametrize("size", [(1440, 900), PHONE])
def test_story_8_a_released_feature(
    story: None, page_of: Opener, size: tuple[int, int], shot: Callable[[Page, str], None]
) -> None:
    """Released → one task of Ветров for № 12, twice still one; a positive response → factor 0.8 and «1 positive»."""
    admin = page_of(who("admin"))
    admin.goto("/features/")
    admin.get_by_role("link", name="API мониторинга").click()
    admin.get_by_role("link", name="Выпущена…").click()
    expect(admin.locator("#panel")).to_contain_text("Клиентов: 3")
    shot(admin, "feature_release")
    admin.locator("#panel").get_by_role("button", name="Выпущена").click()
    expect(admin.locator(".feature-road .is-here")).to_have_text("Выпущена")
    jobs.execute(jobs.request_run(code="feature_release", by=who("admin")).pk)
    outbox.drain()
    fan_out()
    [task] = tasks()
    assert task.assignee == who("vetrov") and "систему рисков" in task.expected_result

    page = page_of(who("vetrov"), size=size)
    page.goto("/my-day/")
    news = page.locator("section", has=page.locator("#day-news"))
    of_client = news.locator("ul.day-list > li", has_text=str(client(12)))
    of_client.locator(".signal", has_text="API мониторинга").get_by_role(
        "link", name="Записать показ"
    ).click()
    panel = page.locator("#panel")
    panel.locator(".shown").get_by_text("положительный").click()
    if not panel.locator("[name=attendees]:checked").count():
        panel.locator("[name=attendees]").first.check()
    panel.get_by_label("Итог", exact=True).fill("Показали API, забирают в пилот")
    panel.get_by_label("Следующий шаг", exact=True).fill("Отправить описание")
    shot(page, f"feature_outcome_{size[0]}")
    panel.get_by_role("button", name="Сохранить", exact=True).click()
    expect(page.locator("#toasts")).to_contain_text("Записано")
    wait = FeatureWait.objects.get(company=client(12))
    assert (wait.response, wait.presented_on, wait.presentation.author) == ("positive", T, who("vetrov"))
    assert tasks()[0].state == "done"
    outbox.drain()
    factor = RankRow.objects.current().get(company=client(12)).factors["feature"]
    assert Decimal(factor) == Decimal("0.8")

    page.goto(wait.feature.get_absolute_url())
    answers = page.locator(".feature-answers")
    expect(answers.locator("div", has_text="положительный").locator("dd")).to_have_text("1")
    assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")
    shot(page, f"feature_page_{size[0]}")
