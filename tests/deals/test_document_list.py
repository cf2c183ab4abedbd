"""«Документы»: the queue by deadline with what is missing, and the board with days against the norm (R90, §6.3, §6.5)."""

from collections.abc import Callable
from datetime import date, timedelta
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client

from accounts.references import seed_procedures
from deals.document_queries import COLUMN_MOST
from deals.enums import Approval, DocumentType, RequestState
from deals.models import Document, DocumentRequest
from deals.services.document_requests import request_document, return_request
from tests.factories import (
    Cast,
    T,
    make_calendar,
    make_company,
    make_deal,
    make_document,
    make_member,
    moment,
)
from upsell_crm.core.models import User
from upsell_crm.core.roles import Role

S = Approval
ClientOf = Callable[[User], Client]


def ask(cast: Cast, name: str = "", due_on: date | None = None, **values: Any) -> DocumentRequest:
    company = make_company(name, kam=cast.lisina)
    deal = make_deal(company, ("casebook", 10, 15))
    values.setdefault("type", DocumentType.CONTRACT)
    return request_document(by=cast.lisina, deal=deal, due_on=due_on, amount=deal.amount, **values)


def test_the_queue_goes_by_deadline_with_what_is_missing(cast: Cast, client_of: ClientOf) -> None:
    """§6.3: type, company, requester, sum, what is missing; the lawyer sees his queue only."""
    ask(cast, "АО «Позже»", T + timedelta(days=2))
    ask(cast, "АО «Раньше»", T)
    ask(cast, "АО «Счёт»", type=DocumentType.INVOICE)
    page = client_of(cast.panov).get("/documents/").content.decode()
    assert page.index("АО «Раньше»") < page.index("АО «Позже»")
    assert "АО «Счёт»" not in page
    assert "ОГРН" in page and "540\xa0000" in page and "Лисина" in page
    assert "АО «Счёт»" in client_of(cast.titova).get("/documents/").content.decode()
    assert "АО «Счёт»" in client_of(cast.lisina).get("/documents/").content.decode()


@pytest.mark.slow
def test_the_three_answers_of_the_preview(cast: Cast, client_of: ClientOf) -> None:
    """R90: take, return with words, answer with a file; each is one request of the browser."""
    lawyer = client_of(cast.panov)
    asked = ask(cast)
    url = f"/document-requests/{asked.public_id}/"
    assert "Взять" in lawyer.get(url, headers={"HX-Request": "true"}).content.decode()
    assert lawyer.post(f"{url}take/", headers={"HX-Request": "true"}).status_code == 204
    refused = lawyer.post(f"{url}answer/", headers={"HX-Request": "true"})
    assert refused.status_code == 422 and "Приложите готовый документ" in refused.content.decode()
    file = SimpleUploadedFile("договор.pdf", b"%PDF-1.7")
    assert lawyer.post(f"{url}answer/", {"file": file}, headers={"HX-Request": "true"}).status_code == 204
    asked.refresh_from_db()
    assert (asked.state, asked.document.approval) == (RequestState.DONE, S.READY)
    other = ask(cast)
    url = f"/document-requests/{other.public_id}/"
    assert lawyer.post(f"{url}return/", {"missing": ""}).status_code == 422
    lawyer.post(f"{url}return/", {"missing": "Не хватает: ОГРН."})
    assert "Не хватает: ОГРН." in client_of(cast.lisina).get("/documents/?tab=returned").content.decode()


def test_an_empty_queue_names_what_waits_for_the_client(cast: Cast, client_of: ClientOf) -> None:
    """§6.3: «Новых запросов нет. Проверить подписание: 1 документ ждёт клиента > 5 дн.»."""
    make_calendar()
    deal = make_deal(make_company(kam=cast.lisina))
    make_document(deal, S.SIGNING, approval_since=moment(date(2026, 11, 10)))
    page = client_of(cast.titova).get("/documents/").content.decode()
    assert "Новых запросов нет" in page and "1 документ ждёт клиента дольше 5 раб. дн." in page


@pytest.mark.slow
def test_the_board_says_days_against_the_norm(cast: Cast, client_of: ClientOf) -> None:
    """Story 12, §6.5: the closer sees «12 дней у клиента» in red words; nobody else's cards without asking."""
    make_calendar()
    seed_procedures()
    deal = make_deal(make_company("АО «Гранит»", kam=cast.lisina))
    make_member(deal, cast.kim, Role.CLOSER)
    make_document(deal, S.SIGNING, closer=cast.kim, approval_since=moment(date(2026, 11, 6)))
    other = make_deal(make_company("АО «Чужая»", kam=cast.demin))
    make_document(other, S.DRAFT)
    page = client_of(cast.kim).get("/documents/board/").content.decode()
    assert "12 рабочих дней при норме 5" in page and "text-bad" in page and "1 стоит дольше нормы" in page
    assert "АО «Чужая»" not in client_of(cast.kim).get("/documents/board/?who=all").content.decode()
    assert "АО «Гранит»" not in client_of(cast.kim).get("/documents/board/?q=нет+такой").content.decode()


def test_a_long_column_says_how_many_more(cast: Cast, client_of: ClientOf) -> None:
    """§6.5: the board shows the longest waiting of each state and the number of all."""
    make_calendar()
    deal = make_deal(make_company("АО «Гранит»", kam=cast.lisina))
    for days in range(COLUMN_MOST + 2):
        make_document(deal, S.DRAFT, number=f"N{days:02}", approval_since=moment(T - timedelta(days=days)))
    make_document(deal, S.SIGNING, number="alone", approval_since=moment(T))
    page = client_of(cast.lisina).get("/documents/board/?who=all").content.decode()
    assert (
        page.count("data-paper ") == COLUMN_MOST + 1
        and "и ещё 2" in page
        and f"{COLUMN_MOST + 3} документов" in page
    )
    assert f"N{COLUMN_MOST + 1}" in page and "№ N00" not in page and "alone" in page


@pytest.mark.slow
def test_a_quick_move_is_one_request_and_a_serious_one_asks_for_words(
    cast: Cast, client_of: ClientOf
) -> None:
    """§6.5: drag or key ≤ 10 s; disagreement requires a file or text; of two people the second is told."""
    deal = make_deal(make_company(kam=cast.lisina))
    make_member(deal, cast.kim, Role.CLOSER)
    document = make_document(deal, S.SENT, closer=cast.kim)
    closer, url = client_of(cast.kim), document.get_absolute_url()
    sent = closer.post(f"{url}move/client_review/", {"version": 1}, headers={"HX-Request": "true"})
    assert sent.status_code == 204 and "document:changed" in sent["HX-Trigger"]
    late = closer.post(f"{url}move/agreed/", {"version": 1}, headers={"HX-Request": "true"})
    assert late.status_code == 422 and Document.objects.get().approval == S.CLIENT_REVIEW
    empty = closer.post(f"{url}move/disagreement/", {"version": 2}, headers={"HX-Request": "true"})
    assert empty.status_code == 422 and "Приложите протокол разногласий" in empty.content.decode()
    closer.post(f"{url}move/disagreement/", {"version": 2, "comment": "п. 4.2: неустойка"})
    assert Document.objects.get().approval == S.DISAGREEMENT
    assert closer.get(f"{url}move/signed/").status_code == 409


@pytest.mark.slow
@pytest.mark.parametrize("page", ["/documents/?tab=waiting", "/documents/board/?who=all"])
def test_pages_cost_the_same_for_many_rows(
    cast: Cast, client_of: ClientOf, query_budget: Any, page: str
) -> None:
    """The bar of every page: at most fifteen statements, 3 rows or 30."""
    make_calendar()
    seed_procedures()
    client = client_of(cast.lisina)

    def add(count: int) -> None:
        for number in range(count):
            asked = ask(cast)
            if page.startswith("/documents/board"):
                state = (S.CLIENT_REVIEW, S.SIGNING, S.DRAFT)[number % 3]
                Document.objects.filter(pk=asked.document_id).update(approval=state)

    query_budget(add, lambda: client.get(page), at_most=15)


def test_returned_requests_leave_the_queue(cast: Cast, client_of: ClientOf) -> None:
    asked = ask(cast)
    return_request(by=cast.panov, request=asked, missing="нет цен")
    assert str(asked.public_id) not in client_of(cast.panov).get("/documents/").content.decode()
