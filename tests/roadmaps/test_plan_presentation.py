"""The page of the presentation: empty state, blocks, problems beside them, versions, rights (R53–R58)."""

from collections.abc import Callable
from datetime import date

import pytest
from django.test import Client
from django.urls import reverse

from accounts.enums import Fact
from accounts.models import DepartmentInterest, FactCheck
from deals.models import Deal
from roadmaps.enums import BlockKind, PresentationState
from roadmaps.models import Plan, Presentation
from roadmaps.services.presentation_moves import move_presentation
from tests.factories import Cast, T, make_company, make_deal, make_deal_line, make_product, moment
from tests.roadmaps.deck_makers import make_known_client, make_presentation
from tests.roadmaps.makers import confirm_everything, make_plan
from upsell_crm.core.models import JobRun, User

pytestmark = pytest.mark.django_db
Browser = Callable[[User], Client]


@pytest.fixture
def deal(cast: Cast) -> Deal:
    company = make_company("ПАО «Парус»", kam=cast.aliev, team=cast.k2)
    confirm_everything(company, cast.aliev)
    return make_deal(company, ("casebook", 14, 18))


@pytest.fixture
def plan(deal: Deal) -> Plan:
    return make_plan(deal)


def page(plan: Plan) -> str:
    return reverse("roadmaps:plan_presentation", args=[plan.public_id])


def test_one_click_builds_the_presentation(plan: Plan, cast: Cast, client_of: Browser) -> None:
    """R53: the empty page has one button; after it the blocks with something to say are on."""
    browser = client_of(cast.aliev)
    assert "Собрать презентацию" in browser.get(page(plan)).text
    answer = browser.post(reverse("roadmaps:presentation_new", args=[plan.public_id]), follow=True)
    draft = Presentation.objects.get(plan=plan)
    assert answer.status_code == 200 and draft.title in answer.text
    on = {block["kind"] for block in draft.blocks if block["is_on"]}
    assert on == {"offer", "schedule", "justification"}


def test_a_problem_stands_beside_its_block_with_the_way_out(
    plan: Plan, cast: Cast, client_of: Browser
) -> None:
    """R46, R57: the fact, the link to confirm it; off, the block does not trouble anybody."""
    FactCheck.objects.filter(fact=Fact.PROCUREMENT).delete()
    draft = make_presentation(plan, BlockKind.SCHEDULE, BlockKind.OFFER)
    browser = client_of(cast.aliev)
    text = browser.get(draft.get_absolute_url()).text
    assert "Пока её нельзя сделать готовой" in text and "ещё никто не подтвердил" in text
    assert reverse("accounts:facts", args=[plan.deal.company.public_id]) in text
    url = reverse("roadmaps:block_switch", args=[draft.public_id, "schedule"])
    text = browser.post(url, {"on": "0", "version": draft.version}, follow=True).text
    assert "Пока её нельзя сделать готовой" not in text


def test_blocks_move_by_buttons_and_a_late_click_is_refused(
    plan: Plan, cast: Cast, client_of: Browser
) -> None:
    """R57: each button says the new place; on an old version nothing moves."""
    draft = make_presentation(plan)
    url = reverse("roadmaps:block_move", args=[draft.public_id, "offer"])
    browser = client_of(cast.aliev)
    browser.post(url, {"to": "0", "version": draft.version})
    draft.refresh_from_db()
    assert draft.blocks[0]["kind"] == "offer"
    browser.post(url, {"to": "5", "version": draft.version - 1})
    draft.refresh_from_db()
    assert draft.blocks[0]["kind"] == "offer"


def test_the_words_of_a_block_are_typed_in_the_panel(plan: Plan, cast: Cast, client_of: Browser) -> None:
    """R57: heading and text; a conflict shows both texts; the draft of the text has its key."""
    draft = make_presentation(plan)
    url = reverse("roadmaps:block_edit", args=[draft.public_id, "offer"])
    browser = client_of(cast.aliev)
    assert f'data-draft="deck:{draft.public_id}:offer"' in browser.get(url).text
    said = {"title": "Условия", "text": "До конца года", "version": draft.version}
    assert browser.post(url, said).status_code == 302
    late = browser.post(url, {**said, "text": "Мой текст"})
    assert late.status_code == 422 and "Мой текст" in late.text and "До конца года" in late.text
    page = browser.get(draft.get_absolute_url()).text
    assert "Условия" in page and "До конца года" in page


def test_who_only_looks_has_no_buttons(plan: Plan, cast: Cast, client_of: Browser) -> None:
    """§3: whoever sees the deal and its amounts reads the slides; editing is of those who lead the deal."""
    draft = make_presentation(plan, BlockKind.OFFER)
    answer = client_of(cast.titova).get(draft.get_absolute_url())
    assert answer.status_code == 200
    assert "Сделать готовой" not in answer.text and "/switch/" not in answer.text
    assert client_of(cast.sokolova).get(draft.get_absolute_url()).status_code == 404


def test_the_print_view_has_the_slides_alone(plan: Plan, cast: Cast, client_of: Browser) -> None:
    """R58: with sources when asked for; the amount of the deal stands on a slide."""
    draft = make_presentation(plan, BlockKind.OFFER)
    url = reverse("roadmaps:presentation_print", args=[draft.public_id])
    text = client_of(cast.aliev).get(url).text
    assert "648" in text and "sidebar" not in text
    assert "Строки сделки" in client_of(cast.aliev).get(f"{url}?notes=1").text


def test_a_ready_version_says_when_nobody_works_on_its_file(
    plan: Plan, cast: Cast, client_of: Browser
) -> None:
    """R58: the request is kept while the worker is down, and the page says so."""
    draft = make_presentation(plan, BlockKind.OFFER)
    move_presentation(draft, to=PresentationState.READY, by=cast.aliev)
    browser = client_of(cast.aliev)
    url = reverse("roadmaps:presentation_files", args=[draft.public_id])
    assert "Файл PPTX готовится" in browser.get(url).text
    JobRun.objects.update(created_at=moment(date(2026, 1, 1)))
    assert "Запрос сохранён" in browser.get(url).text
    JobRun.objects.update(state=JobRun.State.FAILED, error="кончилось место")
    text = browser.get(url).text
    assert "Файл PPTX не записан" in text and "Записать PPTX" in text
    assert "кончилось место" not in text  # what went wrong inside is for the page of jobs


def test_the_panel_of_a_refused_step_names_each_block(plan: Plan, cast: Cast, client_of: Browser) -> None:
    """R46, R58: the same words as on the page."""
    FactCheck.objects.filter(fact=Fact.LICENCES).delete()
    draft = make_presentation(plan, BlockKind.OFFER)
    url = reverse("roadmaps:presentation_move", args=[draft.public_id, "ready"])
    answer = client_of(cast.aliev).post(url, {"version": draft.version})
    assert answer.status_code == 422 and "Блок «Новый договор»: Лицензии" in answer.text


@pytest.mark.slow
def test_one_product_for_a_client_who_wants_several_gives_a_hint(cast: Cast, client_of: Browser) -> None:
    """R65: what else the client has named; with two products in the offer there is no hint."""
    plan = make_known_client(cast)
    draft = make_presentation(plan)
    browser = client_of(cast.aliev)
    assert "клиенту интересны ещё" not in browser.get(draft.get_absolute_url()).text
    legal = plan.deal.company.departments.get()
    DepartmentInterest.objects.create(department=legal, product=make_product("caselook"), level=2, as_of=T)
    assert "клиенту интересны ещё Caselook" in browser.get(draft.get_absolute_url()).text
    make_deal_line(plan.deal, "caselook", 0, 5)
    assert "клиенту интересны ещё" not in browser.get(draft.get_absolute_url()).text
