"""Dates of a plan are moved on its timeline by keyboard and by the mouse; a refusal puts the bars back (R44, R45, R52)."""

from collections.abc import Callable
from datetime import date

import pytest
from playwright.sync_api import Locator, Page, expect

from accounts.references import seed_calendar
from roadmaps.models import Plan, PlanTask
from roadmaps.services.plan_tasks import change_task
from tests.factories import Cast, make_company, make_deal
from tests.roadmaps.makers import make_plan, make_plan_task

pytestmark = pytest.mark.browser
PageOf = Callable[..., Page]
Shot = Callable[[Page, str], None]


@pytest.fixture
def plan(cast: Cast) -> Plan:
    """In work, two tasks of two people, the second after the first."""
    seed_calendar()
    plan = make_plan(make_deal(make_company(kam=cast.aliev), ("casebook", 14, 18)), state="active")
    first = make_plan_task(plan, cast.aliev, "Собрать потребности")
    make_plan_task(
        plan,
        cast.naumov,
        "Показать расчёт",
        after=[first],
        starts_on=date(2026, 12, 2),
        due_on=date(2026, 12, 4),
    )
    return plan


def bar(page: Page, title: str) -> Locator:
    return page.locator(f'[data-title="{title}"]')


def dates(title: str) -> tuple[date, date]:
    link = PlanTask.objects.select_related("task").get(task__title=title)
    return link.starts_on, link.task.due_on


def drag(page: Page, shape: Locator, days: int, grip: float) -> None:
    """By the point at `grip` of the width of the bar, so many days of the picture."""
    box, plot = shape.bounding_box(), page.locator(".gantt-plot").first.bounding_box()
    assert box and plot
    day = plot["width"] / int(page.locator("[data-gantt]").get_attribute("data-days") or 1)
    x, y = box["x"] + box["width"] * grip, box["y"] + box["height"] / 2
    page.mouse.move(x, y)
    page.mouse.down()
    page.mouse.move(x + day * days / 2, y)
    page.mouse.move(x + day * days, y)
    page.mouse.up()


def test_moves_by_keyboard_and_mouse_are_one_revision(
    plan: Plan, cast: Cast, page_of: PageOf, shot: Shot
) -> None:
    """→ a working day over the weekend, Shift+→ the due day, a drag; one reason, one number; the toast undoes it."""
    before = dates("Собрать потребности"), dates("Показать расчёт")
    page = page_of(cast.aliev)
    page.goto(f"/plans/{plan.public_id}/timeline/")
    first = bar(page, "Собрать потребности")
    first.focus()
    page.keyboard.press("ArrowRight")
    page.keyboard.press("Shift+ArrowRight")
    expect(page.get_by_role("button", name="Сохранить 1 изменение")).to_be_visible()
    page.keyboard.press("Escape")
    expect(page.locator("[data-gantt-moves]")).to_be_hidden()
    page.keyboard.press("ArrowRight")
    drag(page, bar(page, "Показать расчёт").locator(".gantt-shape"), 7, 0.3)
    shot(page, "timeline_moved")
    page.get_by_role("button", name="Сохранить 2 изменения").click()
    page.locator("#panel").get_by_label("Почему меняется план").fill("Клиент в отпуске")
    page.locator("#panel").get_by_role("button", name="Перенести").click()
    expect(page.locator(".toast")).to_contain_text("Перенесены 2 задачи")
    expect(first).to_have_attribute("data-due", "2026-12-02")
    assert dates("Собрать потребности") == (date(2026, 11, 26), date(2026, 12, 2))
    assert dates("Показать расчёт") == (date(2026, 12, 9), date(2026, 12, 11))
    plan.refresh_from_db()
    assert plan.revision == plan.revisions.count()
    assert plan.revisions.order_by("number").last().reason == "Клиент в отпуске"  # type: ignore[union-attr]
    page.locator(".toast").get_by_role("button", name="Отменить").click()
    expect(first).to_have_attribute("data-due", "2026-12-01")
    assert (dates("Собрать потребности"), dates("Показать расчёт")) == before


def test_a_refusal_puts_the_bars_back(plan: Plan, cast: Cast, page_of: PageOf) -> None:
    """A colleague was faster: the words stand in the panel, the bar where it was."""
    page = page_of(cast.aliev)
    page.goto(f"/plans/{plan.public_id}/timeline/")
    first = bar(page, "Собрать потребности")
    stood = first.locator(".gantt-box").get_attribute("x")
    drag(page, first.locator(".gantt-shape"), 5, 0.3)
    expect(page.get_by_role("button", name="Сохранить 1 изменение")).to_be_visible()
    other = PlanTask.objects.get(task__title="Показать расчёт")
    change_task(other, {"title": "Показать новый расчёт"}, by=cast.aliev, reason="Уточнили")
    page.get_by_role("button", name="Сохранить 1 изменение").click()
    page.locator("#panel").get_by_label("Почему меняется план").fill("Клиент в отпуске")
    page.locator("#panel").get_by_role("button", name="Перенести").click()
    expect(page.locator("#panel")).to_contain_text("другой")
    expect(first.locator(".gantt-box")).to_have_attribute("x", stood or "")
    assert dates("Собрать потребности")[1] == date(2026, 12, 1)


def test_the_timeline_fits_a_phone_and_enter_opens_the_form(plan: Plan, cast: Cast, page_of: PageOf) -> None:
    """360 px: the picture scrolls in its own box, the page does not; a moved bar brings its days into the form."""
    page = page_of(cast.aliev, size=(360, 740), theme="dark")
    page.goto(f"/plans/{plan.public_id}/timeline/?zoom=weeks")
    assert page.evaluate("document.documentElement.scrollWidth") <= 360
    bar(page, "Собрать потребности").focus()
    page.keyboard.press("ArrowRight")
    page.keyboard.press("Enter")
    expect(page.locator("#panel [name=due_on]")).to_have_value("2026-12-02")
