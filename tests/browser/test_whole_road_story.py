"""R1, the whole road in the browser: ranking → deal → roadmap of two teams → presentation → documents → won."""

import re
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Page, expect

from accounts.models import Contract
from deals.enums import DealStage
from deals.models import Deal, Document
from reports.services.ranking import run_ranking
from roadmaps.enums import PlanState, PresentationState
from roadmaps.models import Plan, PlanTask, Presentation
from tests.browser.demo import client, who
from tests.browser.test_demo_deals import move
from tests.factories import T
from upsell_crm.core.roles import Role
from upsell_crm.demo.story import tell_story

pytestmark = pytest.mark.browser
Opener = Callable[..., Page]
Shot = Callable[[Page, str], None]
NO = 39  # АО «Энергомаш-Комплект»: no deal yet, direct procedure, team К2


@pytest.fixture(autouse=True)
def told(transactional_db: None, settings: Any, tmp_path: Path) -> None:
    """The demo of 24 November 2026 with its ranking."""
    settings.IS_DEMO, settings.MEDIA_ROOT = True, tmp_path / "files"
    tell_story(as_of=T, seed=42)
    run_ranking(by=None)


def panel_of(page: Page) -> Any:
    return page.locator("#panel")


def save(page: Page) -> None:
    """The main button of the panel; it closes when the save was accepted."""
    panel_of(page).locator(".form-actions .btn--primary").first.click()
    expect(panel_of(page)).to_be_hidden()


def open_deal_from_the_ranking(page: Page) -> Deal:
    """«Мой день» → the row of the client → «Создать сделку» with everything proposed."""
    page.goto("/my-day/")
    row = page.locator("tr, li, article", has_text="Энергомаш").filter(
        has=page.get_by_role("link", name="Создать сделку")
    )
    row.last.get_by_role("link", name="Создать сделку").click()
    panel_of(page).get_by_role("button", name="Создать сделку").click()
    expect(page.locator(".deal-status")).to_be_visible()
    return Deal.objects.open().get(company=client(NO))


def invite(page: Page, login: str, role: Role) -> None:
    """A colleague joins the working group from the page of the deal."""
    page.get_by_role("link", name="Добавить коллегу").click()
    panel_of(page).locator("[name=user]").fill(login)
    panel_of(page).locator("[name=role]").select_option(role.value)
    save(page)


def begin_roadmap(page: Page) -> Plan:
    """Two teams: a roadmap is suggested; it begins with the facts."""
    page.locator("#deal-plan").get_by_role("link", name="Стратегия").click()
    panel = panel_of(page)
    expect(panel.locator("[name=type][value=roadmap]")).to_be_checked()
    panel.locator(".form-actions .btn--primary").click()
    expect(page).to_have_url(re.compile("/plans/"))
    return Plan.objects.open().get(deal__company=client(NO))


def confirm_facts(page: Page, plan: Plan) -> None:
    """Each fact by one click: confirmed, or «неизвестно» where nobody knows; then stage 1 closes."""
    page.goto(f"{plan.get_absolute_url()}facts/")
    rows = page.locator("tr[id^=fact-]")
    for key in [rows.nth(n).get_attribute("id") for n in range(rows.count())]:
        row = page.locator(f"#{key}")
        if row.locator(".text-good").count():
            continue
        confirm = row.get_by_role("button", name="Подтвердить")
        (confirm if confirm.count() else row.get_by_role("button", name="Неизвестно")).click()
        expect(row.locator(".text-good, .text-warn:text('неизвестно')").first).to_be_visible()
    page.get_by_role("link", name="Далее: планирование").click()
    panel_of(page).locator(".form-actions .btn--primary").click()
    expect(page.locator(".stage-strip [aria-current=step]")).to_have_text("Планирование")


def add_task(page: Page, plan: Plan, login: str, title: str, due: str, phase: str) -> None:
    """What · who · by when · with which result."""
    page.goto(plan.get_absolute_url())
    page.get_by_role("link", name="Добавить задачу").first.click()
    panel = panel_of(page)
    panel.locator("[name=title]").fill(title)
    choice = panel.locator("[name=assignee]")
    label = choice.locator("option", has_text=who(login).last_name).first.get_attribute("value")
    choice.select_option(label)
    panel.locator("[name=due_on]").fill(due)
    panel.locator("[name=expected_result]").fill(f"Готово: {title.lower()}")
    panel.locator("[name=phase]").select_option(phase)
    save(page)


def finish_own_task(page: Page, title: str, result: str) -> None:
    """«Мои задачи» of a colleague: done with a result."""
    page.goto("/tasks/")
    row = page.locator("li.task", has_text=title)
    row.locator("[name=text]").fill(result)
    row.locator(".task-done button").click()
    expect(page.locator("li.task", has_text=title)).to_have_count(0)


def test_an_existing_client_goes_the_whole_road(page_of: Opener, shot: Shot) -> None:
    """R1, R42, R66: members of two teams, without leaving the application; R53, R56, R91, §2.9 on the way."""
    kam = page_of(who("sotnikova"))
    deal = open_deal_from_the_ranking(kam)
    assert deal.stage == DealStage.RESEARCH
    for login, role in (("lisina", Role.KAM), ("orlov", Role.CLOSER)):
        invite(kam, login, role)
    plan = begin_roadmap(kam)
    confirm_facts(kam, plan)
    for login, title, due, phase in (
        ("sotnikova", "Собрать потребности цехов", "2026-12-01", "needs"),
        ("lisina", "Показать Caselook юристам", "2026-12-03", "needs"),
        ("orlov", "Согласовать договор", "2026-12-10", "docs"),
    ):
        add_task(kam, plan, login, title, due, phase)
    kam.goto(plan.get_absolute_url())
    shot(kam, "r1_plan")
    kam.locator("#plan-head .btn--primary").click()
    save(kam)
    plan.refresh_from_db()
    assert plan.state == PlanState.ACTIVE
    teams = set(PlanTask.objects.filter(plan=plan).values_list("task__assignee__team__code", flat=True))
    assert {"K1", "K2"} <= teams

    finish_own_task(page_of(who("lisina")), "Показать Caselook юристам", "Юристы просят пять мест")
    finish_own_task(kam, "Собрать потребности цехов", "Потребность двух департаментов")
    step_of_plan(kam, plan, PlanState.PRESENTATION)
    deck = build_presentation(kam, plan)
    shot(kam, "r1_presentation")
    assert deck.snapshot["blocks"] and deck.state == PresentationState.READY

    contract = agree_documents(kam, page_of, deal)
    sign(page_of(who("titova")), contract)
    deal.refresh_from_db()
    assert deal.stage == DealStage.WON
    step_of_plan(kam, plan, PlanState.COMPLETED)
    assert plan.success_fact is not None
    kam.goto(deal.get_absolute_url())
    expect(kam.locator("main")).to_contain_text("Выиграна")
    shot(kam, "r1_won")


def step_of_plan(page: Page, plan: Plan, to: str) -> None:
    """The next step of the plan by its main button."""
    page.goto(plan.get_absolute_url())
    page.locator("#plan-head .btn--primary").click()
    save(page)
    plan.refresh_from_db()
    assert plan.state == to


def build_presentation(page: Page, plan: Plan) -> Presentation:
    """One click; blocks whose facts nobody can vouch for are switched off; then its numbers are frozen."""
    page.goto(f"{plan.get_absolute_url()}presentation/")
    page.get_by_role("button", name="Собрать презентацию").click()
    expect(page.locator("#deck-title")).to_be_visible()
    page.get_by_role("link", name="Сделать готовой").click()
    save(page)
    return Presentation.objects.get(plan=plan)


def agree_documents(kam: Page, page_of: Opener, deal: Deal) -> Contract:
    """The KAM drafts contract and paper, the lawyer checks, the Closer sends and has it agreed."""
    kam.goto(deal.get_absolute_url())
    kam.get_by_role("link", name="Завести договор по сделке").click()
    panel_of(kam).locator("[name=number]").fill("ЭК-2027")
    save(kam)
    contract = Contract.objects.get(made_by_deal__deal=deal)
    kam.locator("#deal-documents").get_by_role("link", name="Документ", exact=True).click()
    panel_of(kam).locator("[name=type]").select_option("contract")
    if panel_of(kam).locator("[name=contract]").count():
        panel_of(kam).locator("[name=contract]").select_option(str(contract.pk))
    save(kam)
    paper = Document.objects.get(deal=deal, type="contract")
    kam.goto(paper.get_absolute_url())
    kam.locator("#document-head .document-moves summary").click()
    kam.locator("#document-head [data-move=internal]").click()
    kam.wait_for_load_state("networkidle")
    lawyer, closer = page_of(who("panov")), page_of(who("orlov"))
    lawyer.goto(paper.get_absolute_url())
    move(lawyer, "ready")
    closer.goto(paper.get_absolute_url())
    for state in ("sent", "client_review", "agreed"):
        move(closer, state)
    move_contract(closer, contract, "approval")
    return contract


def sign(page: Page, contract: Contract) -> None:
    """BackOffice passes it on to be signed and books the signature; the deal is won by it (§2.9)."""
    move_contract(page, contract, "signing")
    move_contract(page, contract, "active", signed_on=T.isoformat())


def move_contract(page: Page, contract: Contract, to: str, **stated: str) -> None:
    """One step of the contract from its card."""
    page.goto(f"/contracts/{contract.public_id}/move/{to}/")
    for name, value in stated.items():
        page.locator(f"[name={name}]").fill(value)
    page.locator(".form-actions .btn--primary").click()
    expect(page).to_have_url(re.compile("/companies/.*/contracts/"))
