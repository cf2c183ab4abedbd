"""Stories 2, 10 and 15 of domain.md §8.2 over the demo story, in Chromium, as people do them."""

import re
from collections.abc import Callable
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect
from python_calamine import CalamineWorkbook

from accounts.models import Company, Contact, Task
from deals.models import Deal
from reports.services.existing_clients import build_existing_clients
from reports.services.ranking import run_ranking
from tests.browser.conftest import PHONE
from tests.browser.demo import client, open_deal, who
from tests.factories import T
from upsell_crm.core.models import ExportLog
from upsell_crm.demo.story import tell_story

pytestmark = pytest.mark.browser
Opener = Callable[..., Page]


@pytest.fixture
def story(transactional_db: None, settings: object) -> None:
    """The demo of 24 November 2026, ranked and reported."""
    settings.IS_DEMO = True
    tell_story(as_of=T, seed=42)
    run_ranking(by=None)
    build_existing_clients(as_of=T, by=None)


@pytest.mark.parametrize("size", [(1440, 900), PHONE])
def test_story_2_a_lead_reads_the_priorities_and_asks(
    story: None, page_of: Opener, size: tuple[int, int], shot: Callable[[Page, str], None]
) -> None:
    """K2 only, sorted; № 3 is late by 19; № 16 has eight lines and says what is missing; Алиев gets a task."""
    page = page_of(who("gromov"), size=size)
    page.goto("/priorities/")
    names = page.locator("table.ranking tr.ranking-row a.strong").all_inner_texts()
    own = {str(company) for company in Company.objects.filter(team=who("gromov").team)}
    assert set(names) <= own
    scores = [
        float(text.replace(",", ".")) for text in page.locator("tr.ranking-row .score").all_inner_texts()
    ]
    assert scores == sorted(scores, reverse=True)
    late = page.locator("tr.ranking-row", has_text=str(client(3)))
    expect(late).to_contain_text("опоздание 19 раб. дн.")

    company = client(16)
    page.locator("tr.ranking-row", has_text=str(company)).locator("[data-fold]").click()
    why = page.locator("tr.ranking-why:not([hidden]) .why")
    expect(why.locator(".why-lines tbody tr")).to_have_count(8)
    expect(why).to_contain_text("Нет данных: пользователи, обучения")
    expect(why.locator("tfoot")).to_contain_text("69,2")
    shot(page, f"story-2-{size[0]}")
    why.get_by_text("Спросить").click()
    expect(page.locator("#panel textarea")).to_be_focused()
    page.keyboard.type("Что с пользователями?")
    with page.expect_response(lambda answer: answer.request.method == "POST" and answer.status == 204):
        page.keyboard.press("Control+Enter")
    expect(page.locator("#panel")).to_be_hidden()
    task = Task.objects.get(company=company, title__contains="Что с пользователями?")
    assert task.assignee == who("aliev")


def test_story_10_backoffice_reads_who_can_pay_by_invoice_offer(
    story: None, page_of: Opener, tmp_path: Path, shot: Callable[[Page, str], None]
) -> None:
    """№№ 25, 38, 22, 17, 27 with their reasons; the XLSX has numbers, and the same totals as the page."""
    page = page_of(who("titova"))
    page.goto("/reports/existing-clients/")
    for number, words in (
        (25, "300\xa0000"),
        (38, "адолженность"),
        (22, "нет данных"),
        (17, "450\xa0000"),
        (27, "латил"),
    ):
        page.goto(f"/reports/existing-clients/?q={client(number).inn}")
        row = page.locator("#clients tbody tr", has_text=str(client(number)))
        expect(row).to_contain_text(words)
    shot(page, "story-10")
    page.goto("/reports/existing-clients/")
    with page.expect_download() as download:
        page.get_by_role("button", name="XLSX").click()
    path = tmp_path / "report.xlsx"
    download.value.save_as(path)
    rows = CalamineWorkbook.from_path(str(path)).get_sheet_by_index(0).to_python()
    header = next(row for row in rows if "Компания" in row)
    seats = header.index("Casebook, лиц.")
    body = [row for row in rows[rows.index(header) + 1 :] if row[header.index("Компания")]]
    assert all(isinstance(row[seats], int | float) or row[seats] == "" for row in body)
    assert len(body) >= 30
    assert ExportLog.objects.filter(user=who("titova")).exists()


def test_story_15_a_stranger_finds_nothing(story: None, page_of: Opener) -> None:
    """Дёмин (К3) opens № 13 of К1, its deal and document → 404, finds no one of it; Титова reads № 31 and edits nothing."""
    company, deal = client(13), Deal.objects.get(company=client(13))
    person = Contact.objects.filter(company=company).order_by("pk").first()
    page = page_of(who("demin"))
    answer = page.goto(f"/companies/{company.public_id}/")
    assert answer.status == 404
    for address in (deal.get_absolute_url(), deal.documents.first().get_absolute_url()):
        assert page.goto(address).status == 404
    page.goto(f"/search/?q={person.last_name}")
    expect(page.locator("main")).not_to_contain_text(company.name)
    page.goto(f"/search/?q={company.inn}")
    expect(page.locator("main")).not_to_contain_text(str(company))
    office = page_of(who("titova"))
    assert office.goto(f"/companies/{company.public_id}/").status == 200
    expect(office.locator("main")).not_to_contain_text(person.phone or "+7000")
    assert office.goto("/priorities/").status == 403
    theirs = open_deal(31).get_absolute_url()  # she is in its working group
    assert office.goto(theirs).status == 200
    expect(office.locator("#deal-team")).to_be_visible()
    expect(office.get_by_role("link", name="Добавить коллегу")).to_have_count(0)
    for what in ("edit/", "lines/", "team/add/"):
        assert office.goto(f"{theirs}{what}").status == 403


def test_story_15_a_segment_leaves_without_those_who_did_not_agree(
    story: None, page_of: Opener, tmp_path: Path
) -> None:
    """Соколова builds a segment and exports it in four actions: who did not agree is absent and counted, the file is logged."""
    page = page_of(who("sokolova"))
    page.goto("/marketing/")
    page.get_by_role("link", name="Сегмент").click()
    page.select_option("[name=product]", "casebook")
    page.wait_for_url("**product=casebook**")
    expect(page.locator("#segment")).to_contain_text(re.compile("Не вош"))
    people = int(page.locator(".segment-number strong").inner_text())
    left_out = sum(int(chip.split(":")[1]) for chip in page.locator(".segment-out .chip").all_inner_texts())
    with page.expect_download() as download:
        page.locator("#segment").get_by_role("button", name="CSV").click()
    path = tmp_path / "segment.csv"
    download.value.save_as(path)
    mails = [line.split(";")[3] for line in path.read_text(encoding="utf-8-sig").splitlines()[1:]]
    agreed = Contact.objects.filter(email__in=mails, consent_mailing="yes")
    assert len(mails) == people == agreed.count()
    assert "+7" not in path.read_text(encoding="utf-8-sig")
    log = ExportLog.objects.get(user=who("sokolova"))
    assert (log.kind, log.rows, sum(log.parameters["excluded"].values())) == ("segment", people, left_out)
    page.get_by_role("link", name="Новое мероприятие для них").click()
    panel = page.locator("#panel")
    panel.locator("[name=title]").fill("Новости Casebook")
    panel.locator("[name=kind]").select_option("mailing")
    panel.locator("[name=starts_at]").fill(f"{T}T09:00")
    panel.get_by_role("button", name="Сохранить").click()
    page.wait_for_url("**/marketing/*-*/")
    expect(page.locator(".tile-value").first).to_have_text(str(people))
    page.get_by_role("button", name="Отправлена").click()
    expect(page.locator("#activity")).to_contain_text("Проведено")
