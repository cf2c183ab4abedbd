"""Story 4 of §8.2 in the browser: the roadmap of a key client is validated (R79, §6.2.2)."""

from collections.abc import Callable
from datetime import date

import pytest
from django.urls import reverse
from playwright.sync_api import Locator, Page, expect

from accounts.models import Company
from roadmaps.enums import PlanState
from roadmaps.models import Plan
from roadmaps.services.plan_moves import move_plan
from roadmaps.services.plans import update_plan
from tests.browser.conftest import PHONE
from tests.factories import Cast, make_calendar, make_company, make_contact, make_deal, make_member, make_user
from tests.roadmaps.makers import confirm_everything, make_plan, make_plan_task
from upsell_crm.core.models import User
from upsell_crm.core.roles import Role

pytestmark = pytest.mark.browser
MODES = (
    ("light", "ru", (1440, 900)), ("dark", "en", (1440, 900)), ("dark", "ru", PHONE), ("light", "en", PHONE),
)  # fmt: skip


@pytest.fixture
def sotnikova(cast: Cast) -> User:
    return make_user("sotnikova", "Сотникова Вера", Role.KAM, team=cast.k2)


@pytest.fixture
def plan(cast: Cast, sotnikova: User) -> Plan:
    """№ 20, a key client: criterion, deadline and a task for each of five members, handed in by its KAM."""
    make_calendar()
    port: Company = make_company("АО «Приозёрский Порт»", kam=sotnikova, team=cast.k2, is_key=True)
    make_contact(port)
    confirm_everything(port, sotnikova)
    deal = make_deal(port, ("casebook", 14, 18), ("caselook", 6, 8), responsible_kam=sotnikova)
    group = (
        (cast.naumov, Role.PERFORMER),
        (cast.kim, Role.CLOSER),
        (cast.moroz, Role.CSM),
        (cast.gai, Role.TUTOR),
    )
    for user, role in group:
        make_member(deal, user, role)
    plan = make_plan(deal, goal="Продлить и добавить безопасность и финансы")
    for user in (sotnikova, *(user for user, _role in group)):
        make_plan_task(plan, user, f"Задача: {user.last_name}", phase="needs")
    return move_plan(plan, to=PlanState.REVIEW, by=sotnikova)


def address(plan: Plan, name: str = "plan_review") -> str:
    return reverse(f"roadmaps:{name}", args=[plan.public_id])


def again(plan: Plan) -> Plan:
    return Plan.objects.select_related("deal__company").get(pk=plan.pk)


def panel(page: Page) -> Locator:
    return page.locator("#panel")


def test_the_roadmap_of_a_key_client_is_validated(
    cast: Cast, sotnikova: User, plan: Plan, page_of: Callable[..., Page], shot: Callable[[Page, str], None]
) -> None:
    """Story 4: she cannot start it; he returns it with comments; she corrects; he approves; a later deadline asks anew."""
    hers = page_of(sotnikova)
    hers.goto(address(plan))
    expect(hers.get_by_text("План у руководителя")).to_be_visible()
    expect(hers.get_by_role("button", name="Утвердить")).to_have_count(0)
    expect(hers.get_by_role("link", name="Запустить план")).to_have_count(0)

    his = page_of(cast.gromov)
    his.goto(reverse("roadmaps:review_queue"))
    his.keyboard.press("j")
    his.keyboard.press("Enter")
    expect(his).to_have_url(f"{his.url.split('/plans')[0]}{address(plan)}")
    expect(his.locator(".plan-flags")).to_contain_text("Итоговая презентация не назначена")
    shot(his, "plan-review")
    his.locator(".review-item", has_text="Срок").get_by_role("link", name="Замечание").click()
    panel(his).get_by_label("Комментарий").fill("Комиссия только в феврале")
    panel(his).get_by_role("button", name="Сохранить").click()
    expect(his.locator(".review-comment")).to_contain_text("Комиссия только в феврале")
    his.keyboard.press("r")
    panel(his).get_by_label("Комментарий").fill("Назначьте презентацию и поправьте срок")
    panel(his).get_by_role("button", name="Вернуть").click()
    expect(his.locator("#plan")).to_contain_text("Назначьте презентацию и поправьте срок")
    assert again(plan).state == PlanState.RETURNED

    hers.reload()
    expect(hers.locator("#plan")).to_contain_text("1 замечание руководителя открыто")
    hers.locator(".review-comment").get_by_role("link", name="Закрыть").click()
    panel(hers).get_by_label("Что сделано").fill("Перенесла на февраль")
    panel(hers).get_by_role("button", name="Закрыть", exact=True).last.click()
    expect(hers.locator(".review-comment.is-settled")).to_contain_text("Перенесла на февраль")
    correct(hers, plan)

    his.goto(address(plan))
    expect(his.locator(".change-lines")).to_contain_text("15.01.2027 → 19.02.2027")
    his.keyboard.press("a")
    expect(his.locator(".toast")).to_contain_text("План утверждён")
    expect(his.locator(".stage-strip .is-here")).to_contain_text("В работе")
    assert (again(plan).state, again(plan).revision, again(plan).validated_by) == (
        PlanState.ACTIVE,
        1,
        cast.gromov,
    )

    update_plan(again(plan), {"deadline": date(2027, 2, 26)}, by=sotnikova, reason="Комиссию перенесли")
    assert (again(plan).state, again(plan).revision) == (PlanState.REVIEW, 2)
    his.goto(reverse("roadmaps:review_queue"))
    expect(his.locator("tbody tr")).to_contain_text("повторно")


def correct(page: Page, plan: Plan) -> None:
    """She sets the deadline and the day of the presentation and hands the plan in again; «Запустить» is not offered."""
    page.goto(plan.get_absolute_url())
    page.get_by_role("link", name="Доработать").click()
    panel(page).get_by_role("button", name="Открыть планирование").click()
    expect(page.locator(".stage-strip .is-here")).to_contain_text("Планирование")
    expect(page.get_by_role("link", name="Запустить план")).to_have_count(0)
    page.get_by_role("link", name="Цель и сроки").click()
    panel(page).locator("[name=deadline]").fill("2027-02-19")
    panel(page).locator("[name=presentation_on]").fill("2027-02-17")
    panel(page).get_by_role("button", name="Сохранить").click()
    expect(page.locator("#plan")).to_contain_text("19.02.2027")
    page.get_by_role("link", name="Отдать на проверку").click()
    panel(page).get_by_role("button", name="Отдать на проверку").click()
    expect(page.locator(".stage-strip .is-here")).to_contain_text("На проверке")


def test_an_approval_is_taken_back_by_the_toast(cast: Cast, plan: Plan, page_of: Callable[..., Page]) -> None:
    """«Отменить» within ten minutes: the plan waits again."""
    page = page_of(cast.gromov)
    page.goto(address(plan))
    page.get_by_role("button", name="Утвердить", exact=True).click()
    page.locator(".toast").get_by_role("button", name="Отменить").click()
    page.reload()
    expect(page.get_by_role("button", name="Утвердить", exact=True)).to_be_visible()
    assert again(plan).state == PlanState.REVIEW


@pytest.mark.parametrize(("theme", "language", "size"), MODES)
def test_review_and_queue_fit_every_screen(
    cast: Cast, plan: Plan, page_of: Callable[..., Page], theme: str, language: str, size: tuple[int, int]
) -> None:
    """§6.2: the queue works on a phone; nothing is wider than the screen."""
    page = page_of(cast.gromov, theme=theme, language=language, size=size)
    for url in (reverse("roadmaps:review_queue"), address(plan), reverse("reports:team_adherence")):
        page.goto(url)
        assert page.evaluate("document.documentElement.scrollWidth") <= size[0]
