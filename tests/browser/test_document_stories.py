"""Documents in the browser: the lawyer's two actions, the Closer's board by mouse and by keys (§6.3, §6.5, story 12)."""

import re
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Page, expect

from deals.enums import Approval, DocumentType, RequestState
from deals.models import Document, DocumentRequest
from deals.services.document_requests import request_document
from tests.browser.conftest import PHONE
from tests.factories import Cast, make_company, make_deal, make_document, make_member
from upsell_crm.core.models import User
from upsell_crm.core.roles import Role

pytestmark = pytest.mark.browser
S = Approval


@pytest.fixture(autouse=True)
def files_go_to_a_folder_of_the_test(settings: Any, tmp_path: Path) -> None:
    settings.MEDIA_ROOT = tmp_path


def test_a_lawyer_takes_and_answers_by_two_actions_each(
    cast: Cast, page_of: Callable[..., Page], tmp_path: Path, shot: Callable[[Page, str], None]
) -> None:
    """§6.3: the first request is open beside the list; take (1); drop the file (1), «Готов к отправке» (2)."""
    deal = make_deal(make_company("АО «Гранит»", kam=cast.lisina, ogrn="1027700132195"), ("casebook", 10, 15))
    request_document(by=cast.lisina, deal=deal, type=DocumentType.CONTRACT)
    file = tmp_path / "договор.pdf"
    file.write_bytes(b"%PDF-1.7 text")
    page = page_of(cast.panov)
    page.goto("/documents/")
    page.get_by_role("button", name="Взять в работу").click()  # 1
    expect(page.locator("#queue-rows")).to_contain_text("В работе")
    expect(page.locator(".request .btn--primary")).to_contain_text("Готов к отправке")
    page.set_input_files(".request input[type=file]", file)  # 1
    shot(page, "documents-queue")
    page.get_by_role("button", name="Готов к отправке").click()  # 2
    expect(page.locator("#queue-rows")).to_contain_text("Новых запросов нет")
    request = DocumentRequest.objects.get()
    assert (request.state, request.document.approval) == (RequestState.DONE, S.READY)


def board_document(cast: Cast, approval: str) -> tuple[User, Document]:
    deal = make_deal(make_company("АО «Гранит»", kam=cast.lisina))
    make_member(deal, cast.kim, Role.CLOSER)
    return cast.kim, make_document(deal, approval, closer=cast.kim)


def test_a_card_is_dragged_and_a_disagreement_asks_for_words(
    cast: Cast, page_of: Callable[..., Page], shot: Callable[[Page, str], None]
) -> None:
    """Story 12: one drag for a plain move; a protocol of disagreements opens its form and is refused without words."""
    closer, document = board_document(cast, S.SENT)
    page = page_of(closer)
    page.goto("/documents/board/")
    page.locator("[data-paper]").drag_to(page.locator("#column-client_review"))
    expect(page.locator("#column-client_review [data-paper]")).to_have_count(1)
    assert Document.objects.get(pk=document.pk).approval == S.CLIENT_REVIEW
    page.locator("[data-paper]").drag_to(page.locator("#column-disagreement"))
    panel = page.locator("#panel")
    expect(panel).to_contain_text("Протокол разногласий")
    shot(page, "documents-board-panel")
    panel.get_by_role("button", name="Протокол разногласий").click()
    expect(panel).to_contain_text("Приложите протокол разногласий")
    panel.locator("textarea").fill("п. 4.2: неустойка")
    panel.get_by_role("button", name="Протокол разногласий").click()
    expect(page.locator("#column-disagreement [data-paper]")).to_have_count(1)
    assert Document.objects.get(pk=document.pk).steps.get(left_at=None).comment == "п. 4.2: неустойка"


def test_a_card_moves_by_keys_alone(cast: Cast, page_of: Callable[..., Page]) -> None:
    """§6.5 «drag or key»: Enter opens the moves of the card, Enter makes the first of them."""
    closer, document = board_document(cast, S.READY)
    page = page_of(closer)
    page.goto("/documents/board/")
    page.locator("[data-paper]").focus()
    page.keyboard.press("Enter")
    page.keyboard.press("Enter")
    expect(page.locator("#column-sent [data-paper]")).to_have_count(1)
    assert Document.objects.get(pk=document.pk).approval == S.SENT


def test_a_phone_changes_the_state(cast: Cast, page_of: Callable[..., Page]) -> None:
    """§6.5 «Mobile: change state»: a list by states, the arrow of the card opens its moves; nothing runs off the side."""
    closer, document = board_document(cast, S.CLIENT_REVIEW)
    page = page_of(closer, size=PHONE)
    page.goto("/documents/board/")
    page.locator("[data-paper] summary").click()
    page.get_by_role("button", name=re.compile("Клиент согласовал")).click()
    expect(page.locator("#column-agreed [data-paper]")).to_have_count(1)
    assert Document.objects.get(pk=document.pk).approval == S.AGREED
    assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")
