"""A request goes to the lawyers or BackOffice with what they need, and comes back with a file (R90, §6.3)."""

from datetime import date, timedelta
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile

from accounts.models import Company
from deals.document_needs import needs_of
from deals.enums import Approval, DocumentType, Package, Queue, RequestState
from deals.models import Document, DocumentRequest
from deals.services.document_requests import answer_request, request_document, return_request, take_request
from deals.services.documents import move_document
from deals.services.packages import create_package
from tests.factories import Cast, T, make_calendar, make_company, make_deal, make_document, make_member
from upsell_crm.core.errors import DomainError, IllegalTransition, NotAllowed
from upsell_crm.core.roles import Role

S = Approval


def pdf() -> SimpleUploadedFile:
    return SimpleUploadedFile("договор.pdf", b"%PDF-1.7 text")


def ask(cast: Cast, type: str = DocumentType.CONTRACT, **values: Any) -> DocumentRequest:
    """Лисина asks for a document of her deal."""
    deal = values.pop("deal", None) or make_deal(make_company(kam=cast.lisina), ("casebook", 10, 15))
    return request_document(by=cast.lisina, deal=deal, type=type, **values)


def refused(code: str) -> Any:
    """The rule of this code refuses."""
    return pytest.raises(DomainError, check=lambda problem: problem.code == code)


def test_a_request_for_a_contract_goes_to_the_lawyers_and_comes_back_with_a_file(cast: Cast) -> None:
    """R90: queue with a deadline; they see the data, return a file and a state."""
    make_calendar()
    request = ask(cast, comment="по форме заказчика")
    assert (request.queue, request.state, request.due_on) == (
        Queue.LEGAL,
        RequestState.OPEN,
        date(2026, 11, 27),
    )
    assert request.document.approval == S.INTERNAL
    assert not Company.objects.visible_to(cast.panov).exists()
    take_request(by=cast.panov, request=request)
    assert Company.objects.visible_to(cast.panov).get() == request.deal.company  # decision 0031
    assert request.document.prepared_by == cast.panov
    answer_request(by=cast.panov, request=request, file=pdf())
    document = Document.objects.get(pk=request.document_id)
    assert (request.state, document.approval, document.files.count()) == (RequestState.DONE, S.READY, 1)


def test_what_is_missing_sends_the_request_back_and_again(cast: Cast) -> None:
    """«Не хватает …»: the document is reworked; sent again, it returns to the same lawyer."""
    request = take_request(by=cast.panov, request=ask(cast))
    with refused("no_comment"):
        return_request(by=cast.panov, request=request, missing=" ")
    return_request(by=cast.panov, request=request, missing="не хватает ОГРН")
    assert (request.state, request.answer) == (RequestState.RETURNED, "не хватает ОГРН")
    document = Document.objects.get(pk=request.document_id)
    assert document.approval == S.REWORK
    move_document(document, to=S.INTERNAL, by=cast.lisina, comment="ОГРН внесён")
    request.refresh_from_db()
    assert (request.state, request.assignee) == (RequestState.TAKEN, cast.panov)


def test_invoices_are_the_work_of_backoffice(cast: Cast) -> None:
    """§2.10: B issues; a lawyer does not take its requests, BackOffice does not take the lawyers' ones."""
    invoice, contract = ask(cast, DocumentType.INVOICE), ask(cast)
    assert invoice.queue == Queue.BACKOFFICE
    with pytest.raises(NotAllowed):
        take_request(by=cast.panov, request=invoice)
    with pytest.raises(NotAllowed):
        take_request(by=cast.titova, request=contract)
    answer_request(by=cast.titova, request=invoice, file=pdf())
    assert invoice.assignee == cast.titova


def test_a_colleagues_request_is_taken_over_on_purpose(cast: Cast) -> None:
    """Two lawyers who press «Взять» at once do not both work on it."""
    request, other = ask(cast), cast.gromov
    other.roles.create(role=Role.LAWYER)
    take_request(by=cast.panov, request=request)
    with refused("taken"):
        take_request(by=other, request=request)
    assert take_request(by=other, request=request, from_colleague=True).assignee == other
    answer_request(by=other, request=request, file=pdf())
    with pytest.raises(IllegalTransition):
        take_request(by=cast.panov, request=request)


def test_a_request_is_asked_once_by_who_may_with_a_working_day(cast: Cast) -> None:
    """§3 «Request documents»: own deals; due on a working day that has not passed."""
    make_calendar()
    deal = make_deal(make_company(kam=cast.lisina), ("casebook", 10, 15))
    for day in (T - timedelta(days=1), date(2026, 11, 28)):  # yesterday, a Saturday
        with refused("due"):
            ask(cast, deal=deal, due_on=day)
    with pytest.raises(NotAllowed):
        request_document(by=cast.vetrov, deal=deal, type=DocumentType.TZ)
    request = request_document(by=cast.belova, deal=deal, type=DocumentType.TZ)  # the lead asks too
    with refused("asked"):
        request_document(by=cast.lisina, deal=deal, document=request.document)


def test_an_answer_has_a_file(cast: Cast) -> None:
    with refused("no_file"):
        answer_request(by=cast.panov, request=ask(cast), file=None)


def test_a_protocol_is_answered_by_a_new_version(cast: Cast) -> None:
    """Story 12: Панов makes a new version of what the client objects to; it is ready to send again."""
    deal = make_deal(make_company(kam=cast.lisina), ("casebook", 10, 15))
    document = make_document(deal, S.DISAGREEMENT)
    request = request_document(by=cast.lisina, deal=deal, document=document, comment="ответ на протокол")
    with refused("no_file"):
        answer_request(by=cast.panov, request=request, file=None)
    answer_request(by=cast.panov, request=request, file=pdf())
    assert [step.approval for step in document.steps.order_by("id")] == [S.DISAGREEMENT, S.INTERNAL, S.READY]
    assert request.state == RequestState.DONE


@pytest.mark.parametrize(
    ("name", "content"),
    [("договор.html", b"<html>"), ("схема.svg", b"<svg onload=alert(1)>"), ("договор.pdf", b"<script>"),
     ("пусто.pdf", b""), ("fdp.exe", b"MZ"), ("договор.pdf\r\n.html", b"%PDF-")],
)  # fmt: skip
def test_active_content_is_not_accepted(cast: Cast, name: str, content: bytes) -> None:
    """faults E7: html, svg, a page under another name, an empty file, a program."""
    request = ask(cast)
    with refused("file"):
        answer_request(by=cast.panov, request=request, file=SimpleUploadedFile(name, content))
    assert request.document.approval == S.INTERNAL and not request.document.files.exists()


def test_what_is_missing_is_computed(cast: Cast) -> None:
    """§2.2 fields of a request: requisites, products, seats, prices, procedure."""
    company = make_company(kam=cast.lisina, inn="", kpp="")
    empty = ask(cast, deal=make_deal(company))
    assert needs_of(empty.document).missing == ["ИНН", "КПП", "ОГРН", "продукты и места", "вид процедуры"]
    free = ask(cast, DocumentType.LETTER, deal=make_deal(company))
    assert needs_of(free.document).missing == ["ИНН", "КПП", "ОГРН", "вид процедуры"]


@pytest.mark.parametrize(
    ("package", "types"),
    [
        (Package.CONTRACT, ["kp", "contract", "invoice", "act"]),
        (Package.ADDENDUM, ["kp", "addendum", "invoice", "upd"]),
        (Package.INVOICE_OFFER, ["invoice_offer", "upd"]),
        (Package.FRAMEWORK, ["contract", "addendum", "invoice", "upd"]),
        (Package.TENDER, ["justification", "letter", "contract", "invoice", "upd"]),
        (Package.STATE, ["justification", "letter", "contract", "invoice", "act"]),
    ],
)
def test_one_click_makes_the_package_of_its_form(cast: Cast, package: str, types: list[str]) -> None:
    """§2.10: drafts in order; a second click adds nothing."""
    deal = make_deal(make_company(kam=cast.lisina), ("casebook", 10, 15))
    make_member(deal, cast.kim, Role.CLOSER)
    made = create_package(by=cast.kim, deal=deal, package=package)
    assert [document.type for document in made] == types
    assert {document.approval for document in made} == {S.DRAFT}
    assert create_package(by=cast.kim, deal=deal, package=package) == []
    with pytest.raises(NotAllowed):
        create_package(by=cast.vetrov, deal=deal, package=package)
