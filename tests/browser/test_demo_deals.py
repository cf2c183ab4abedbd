"""Stories 5, 6, 7 and 12 of domain.md §8.2 over the demo story, in Chromium; details have stories of their own."""

from collections.abc import Callable
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Page, expect

from accounts.enums import InteractionKind
from accounts.models import Company, Contact, Interaction, Task
from accounts.services.interactions import hold_planned, log_interaction
from accounts.services.outcome import Outcome
from deals.enums import Approval, HandoverState, IntroMode
from deals.models import Document, Handover
from deals.program_facts import ProgramFacts
from deals.services.handover_intro import plan_introduction
from deals.services.handover_items import accept_item, fill_item
from deals.services.handovers import accept_handover, propose_handover
from deals.services.mechanics import assign_function
from tests.browser.demo import client, open_deal, who
from tests.factories import T, moment
from upsell_crm.demo.story import tell_story

pytestmark = pytest.mark.browser
Opener = Callable[..., Page]
Shot = Callable[[Page, str], None]


@pytest.fixture(autouse=True)
def told(transactional_db: None, settings: Any, tmp_path: Path) -> None:
    """The demo of 24 November 2026."""
    settings.IS_DEMO, settings.MEDIA_ROOT = True, tmp_path / "files"
    tell_story(as_of=T, seed=42)


def gather_needs(page: Page, company: Company) -> None:
    """A held meeting about needs, typed in the outcome form; after a refusal the draft has it all already."""
    page.goto(f"/companies/{company.public_id}/outcome/")
    page.locator("[name=attendees]").first.check()
    page.fill("#id_summary", "Собрали потребности юристов")
    if not page.locator("[name=purpose]").is_visible():
        page.locator("details:has([name=purpose]) > summary").click()
    page.select_option("[name=purpose]", "needs")
    page.fill("#id_next_step", "Прислать сводку")
    page.fill("#id_next_step_on", str(T + timedelta(days=3)))
    page.keyboard.press("Control+Enter")


def test_story_5_gates_of_a_holding(page_of: Opener, shot: Shot) -> None:
    """R67–R69: № 2 waits for the fourth key ЛПР and the consent, № 4 is not covered, each function needs an owner."""
    deal, koltsova = open_deal(1), Contact.objects.get(last_name="Кольцова", company=client(1))
    page = page_of(who("sotnikova"))
    gather_needs(page, client(2))
    expect(page.locator("main")).to_contain_text("Ждём: Кольцова")

    log_interaction(
        by=who("sotnikova"), company=client(1),
        outcome=Outcome(
            kind=InteractionKind.MEETING, starts_at=moment(T - timedelta(days=1)), summary="Показали расчёт",
            attendees=[koltsova], no_next_step_because="решение принято",
        ),
    )  # fmt: skip
    page.goto(f"/deals/{deal.public_id}/program/")
    person = page.locator(".program-people li", has_text="Кольцова")
    person.locator("button[value=confirmed]").click()
    expect(person.locator("button[value=confirmed]")).to_have_attribute("aria-pressed", "true")
    page.locator(".program-consent").get_by_role("link", name="Изменить").click()
    panel = page.locator("#panel")
    panel.locator("[name=approved_by]").select_option(label=str(koltsova))
    panel.locator("[name=evidence]").fill("Письмо от 24.11.2026")
    panel.get_by_role("button", name="Сохранить").click()
    expect(page.locator(".program-consent")).to_contain_text("Письмо от 24.11.2026")
    page.locator(".program-consent").get_by_role("link", name="Согласие дано").click()
    panel.get_by_role("button", name="Согласие дано").click()
    rows = page.locator("table.mechanics tbody tr")
    expect(rows.filter(has_text=str(client(2)))).to_contain_text("открыто")
    expect(rows.filter(has_text=str(client(4)))).to_contain_text("согласие не покрывает")
    shot(page, "story-5")

    gather_needs(page, client(2))
    page.wait_for_url("**/interactions/**")
    gather_needs(page, client(4))
    expect(page.locator("main")).to_contain_text("Согласие клиента не покрывает")

    program = deal.program
    for company, function in ProgramFacts(program, T).gaps:
        page.goto(f"/deals/{deal.public_id}/program/")
        expect(page.locator(".mechanics .is-missing").first).to_be_visible()
        assign_function(
            by=who("sotnikova"), program=program, company=company, function=function, user=who("aliev")
        )
    page.reload()
    expect(page.locator(".mechanics .is-missing")).to_have_count(0)

    other = page_of(who("lisina"))  # К1 owns № 5
    assert other.goto(f"/deals/{deal.public_id}/program/").status == 200
    other.goto(f"/companies/{client(3).public_id}/contacts/")
    expect(other.locator("main")).to_contain_text(Contact.objects.filter(company=client(3)).first().last_name)
    expect(other.locator("main :is([href^='tel:'], [href^='mailto:'])")).to_have_count(0)


def test_story_6_the_best_contact_leads(page_of: Opener, shot: Shot) -> None:
    """R63: Лисина 4,2 against Ветров 2,0; he stays responsible; to choose him takes a reason, and history has both."""
    deal = open_deal(21)
    page = page_of(who("vetrov"))
    page.goto(deal.get_absolute_url())
    team = page.locator("#deal-team")
    expect(team).to_contain_text("Анна Лисина")
    expect(team.locator(".notice")).to_contain_text("4,2 из 5")
    expect(team.locator(".notice")).to_contain_text("Следом Игорь Ветров — 2,0")
    shot(page, "story-6")
    team.get_by_role("link", name="Выбрать другого").click()
    panel = page.locator("#panel")
    panel.locator("[name=user]").select_option(label=str(who("vetrov")))
    panel.get_by_role("button", name="Сохранить").click()
    expect(panel).to_contain_text("Напишите, почему не лучший контакт")
    panel.locator("[name=reason]").fill("Лисина в отпуске до конца года")
    panel.get_by_role("button", name="Сохранить").click()
    expect(team).to_contain_text("Лисина в отпуске до конца года")
    deal.refresh_from_db()
    assert (deal.lead_communicator, deal.responsible_kam) == (who("vetrov"), who("vetrov"))
    page.goto(f"/deals/{deal.public_id}/history/")
    expect(page.locator("body")).to_contain_text("Анна Лисина (4,2)")
    expect(page.locator("body")).to_contain_text("Игорь Ветров (2,0)")


def test_story_7_one_who_has_left_is_introduced_by_a_letter(page_of: Opener, shot: Shot) -> None:
    """№ 29: three-way is proposed, Седов is gone, so the lead chooses a letter with a reason; Ветров accepts."""
    handover = Handover.objects.get()
    lead = page_of(who("belova"))
    lead.goto(handover.get_absolute_url())
    lead.get_by_role("link", name="изменить", exact=True).click()
    panel = lead.locator("#panel")
    expect(panel.locator("[name=mode] option[value=three_way]")).to_have_count(0)
    panel.locator("[name=mode]").select_option("letter")
    panel.locator("button.btn--primary").click()
    expect(panel).to_contain_text("Напишите")
    panel.locator("[name=mode_reason]").fill("Седов уволился, письмо от имени руководителя")
    panel.locator("button.btn--primary").click()
    expect(lead.locator("#handover-body")).to_contain_text("письмо от имени руководителя")
    shot(lead, "story-7")
    handover.refresh_from_db()
    assert (handover.mode, handover.suggested_mode) == (IntroMode.LETTER, IntroMode.THREE_WAY)
    assert client(29).owner_kam == who("belova")


def test_story_7_a_three_way_handover_moves_all_at_once(page_of: Opener) -> None:
    """№ 13 Лисина → Ветров: nothing moves before the completion, then the client and his open tasks do."""
    company, old, new = client(13), who("lisina"), who("vetrov")
    owed = list(Task.objects.open().filter(company=company, assignee=old))
    giver = page_of(old)
    giver.goto(company.get_absolute_url())
    giver.get_by_role("link", name="Передать").click()
    panel = giver.locator("#panel")
    expect(panel).to_contain_text("трёхсторонняя встреча")
    panel.get_by_label("Новый КАМ").select_option(label=str(new))
    panel.get_by_role("button", name="Собрать досье").click()
    giver.wait_for_url("**/handovers/*/")

    handover = Handover.objects.get(company=company)
    for item in handover.items.filter(filled=""):
        fill_item(item, text="нет", by=old)
    accept_handover(propose_handover(handover, by=old), by=new)
    for item in handover.items.all():
        accept_item(item, by=new)
    people = list(Contact.objects.filter(company=company, roles__role="dm"))
    tomorrow = moment(T + timedelta(days=1))
    handover.refresh_from_db()
    meeting = plan_introduction(handover, by=new, starts_at=tomorrow, contacts=people)
    taker = page_of(new)
    taker.goto(handover.get_absolute_url())
    taker.get_by_role("link", name="Завершить передачу").click()
    taker.locator("#panel").get_by_role("button", name="Завершить передачу").click()
    expect(taker.locator("#panel")).to_contain_text("ещё не состоялась")
    assert client(13).owner_kam == old
    hold_planned(
        by=new, interaction=Interaction.objects.get(pk=meeting.pk),
        outcome=Outcome(
            kind=meeting.kind, starts_at=moment(T, 0), purpose=meeting.purpose, summary="Познакомились",
            attendees=people, our_people=[old, new], no_next_step_because="передача",
        ),
    )  # fmt: skip
    taker.reload()
    taker.get_by_role("link", name="Завершить передачу").click()
    taker.locator("#panel").get_by_role("button", name="Завершить передачу").click()
    expect(taker.locator(".handover-strip .is-here")).to_have_text("Завершена")
    handover.refresh_from_db()
    assert (handover.state, client(13).owner_kam) == (HandoverState.COMPLETED, new)
    assert owed
    assert {task.assignee for task in Task.objects.filter(pk__in=[task.pk for task in owed])} == {new}


def test_story_12_a_contract_stands_with_the_client(page_of: Opener, tmp_path: Path, shot: Shot) -> None:
    """№ 28: twelve days in red words, the protocol of disagreements, a new version, and a measured approval."""
    document = Document.objects.get(deal=open_deal(28), type="contract")
    protocol = tmp_path / "протокол.txt"
    protocol.write_text("п. 4.2: неустойка", encoding="utf-8")
    version = tmp_path / "договор-2.txt"
    version.write_text("Договор, вторая редакция", encoding="utf-8")
    closer = page_of(who("kotova"))
    closer.goto("/documents/board/")
    card = closer.locator("#column-client_review [data-paper]", has_text=str(client(28)))
    expect(card.locator(".text-bad.strong")).to_contain_text("12 рабочих дней")
    shot(closer, "story-12")
    card.locator("summary").click()
    card.locator("[data-move=disagreement]").click()
    panel = closer.locator("#panel")
    panel.locator("input[type=file]").set_input_files(protocol)
    panel.get_by_role("button", name="Протокол разногласий").click()
    expect(closer.locator("#column-disagreement")).to_contain_text(str(client(28)))

    lawyer = page_of(who("panov"))
    lawyer.goto(document.get_absolute_url())
    assert press(lawyer, "internal") == 2
    lawyer.locator("#panel input[type=file]").set_input_files(version)
    lawyer.locator("#panel button.btn--primary").click()
    expect(lawyer.locator("#document-body")).to_contain_text("договор-2.txt")
    move(lawyer, "ready")

    closer.goto(document.get_absolute_url())
    for state in ("sent", "client_review", "agreed"):
        assert move(closer, state) <= 2
    document.refresh_from_db()
    assert document.approval == Approval.AGREED
    steps = list(document.steps.order_by("entered_at", "pk").values_list("approval", flat=True))
    assert steps[-6:] == ["disagreement", "internal", "ready", "sent", "client_review", "agreed"]
    assert document.files.count() == 3


def press(page: Page, state: str) -> int:
    """The menu of the document, then the move: the number of actions."""
    page.locator("#document-head .document-moves summary").click()
    page.locator(f"#document-head [data-move={state}]").click()
    return 2


def move(page: Page, state: str) -> int:
    """A move that needs no words; the page has the new state afterwards."""
    actions = press(page, state)
    expect(page.locator(f"#document-head [data-move={state}]")).to_have_count(0)
    return actions
