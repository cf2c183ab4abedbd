"""The page of a document, its files, the slot of the deal and the tab of the client (R90, §6.3, faults E7, E8)."""

from collections.abc import Callable
from datetime import date
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client

from accounts.enums import ContractStatus
from accounts.models import Contract
from accounts.references import seed_procedures
from deals.enums import Approval, DocumentType, Edo
from deals.models import Deal, Document, DocumentRequest
from deals.services.document_files import add_file
from deals.services.documents import move_document, set_edo
from tests.factories import (
    Cast,
    T,
    make_calendar,
    make_company,
    make_contract,
    make_deal,
    make_document,
    make_member,
)
from upsell_crm.core.models import User
from upsell_crm.core.roles import Role

S = Approval
ClientOf = Callable[[User], Client]


@pytest.fixture
def deal(cast: Cast) -> Deal:
    """Лисина's deal over a contract, with Ким as its closer."""
    make_calendar()
    seed_procedures()
    company = make_company("АО «Гранит»", kam=cast.lisina)
    deal = make_deal(company, ("casebook", 10, 15), renews=make_contract(company, ("casebook", 10)))
    make_member(deal, cast.kim, Role.CLOSER)
    return deal


def html(answer: Any) -> str:
    assert answer.status_code == 200
    return answer.content.decode()


def test_the_page_tells_the_whole_way(cast: Cast, client_of: ClientOf, deal: Deal) -> None:
    """§6.3: states with days, versions, what the exchange says, comments, history."""
    document = make_document(deal, S.CLIENT_REVIEW, closer=cast.kim)
    move_document(
        document, to=S.DISAGREEMENT, by=cast.kim, comment="п. 4.2: неустойка",
        file=SimpleUploadedFile("протокол.pdf", b"%PDF-1.7"),
    )  # fmt: skip
    set_edo(document, edo=Edo.SIGNED, by=cast.titova)
    page = html(client_of(cast.kim).get(document.get_absolute_url()))
    for words in (
        "п. 4.2: неустойка",
        "протокол.pdf",
        "2 рабочих дня",
        "Протокол разногласий",
        "ЭДО сообщает",
    ):
        assert words in page, words
    assert "На внутреннюю проверку" in page  # a move that the closer has
    assert "/edo/" not in page and "/edo/" in html(client_of(cast.titova).get(document.get_absolute_url()))


@pytest.mark.parametrize("name", ["договор.pdf", "отчёт\u202efdp.exe.pdf", 'a";x=".pdf', "../../etc/x.pdf"])
def test_a_file_is_only_a_download_for_those_who_may(
    cast: Cast, client_of: ClientOf, deal: Deal, name: str
) -> None:
    """faults E7, E8: attachment, nosniff, sandbox, no-store, a name of ours on the disk; another team → 404."""
    document = make_document(deal, closer=cast.kim)
    polyglot = SimpleUploadedFile(name, b"%PDF-1.7 <script>alert(1)</script>")
    version = add_file(by=cast.lisina, document=document, file=polyglot)
    assert "\u202e" not in version.name and "/" not in version.name
    assert version.file.name.rsplit("/", 1)[-1] not in (name, version.name)
    answer = client_of(cast.kim).get(f"/document-files/{version.public_id}/")
    assert answer["Content-Type"] == "application/octet-stream" and answer["Cache-Control"] == "no-store"
    assert (
        answer["Content-Disposition"].startswith("attachment")
        and answer["X-Content-Type-Options"] == "nosniff"
    )
    assert "sandbox" in answer["Content-Security-Policy"] and "\n" not in answer["Content-Disposition"]
    for stranger in (cast.demin, cast.panov, cast.sokolova):
        assert client_of(stranger).get(f"/document-files/{version.public_id}/").status_code == 404
    deal.members.filter(user=cast.kim).update(ended_on=T)
    cast.kim.team = cast.k3
    cast.kim.save(update_fields=["team"])
    assert client_of(cast.kim).get(f"/document-files/{version.public_id}/").status_code == 404


def test_the_deal_shows_its_chain_and_makes_a_package(cast: Cast, client_of: ClientOf, deal: Deal) -> None:
    """§2.10: a renewal proposes the addendum; one click makes the drafts, the row of steps shows who prepares what."""
    client, url = client_of(cast.lisina), f"/deals/{deal.public_id}/documents/"
    page = html(client.get(url))
    assert '<option value="addendum" selected>' in page and "Завести договор по сделке" in page
    assert (
        client.post(f"{url}package/", {"package": "addendum"}, headers={"HX-Request": "true"}).status_code
        == 204
    )
    page = html(client.get(url))
    assert 'class="chain"' in page and "готовит юрист" in page and "оплата" in page
    assert list(Document.objects.order_by("pk").values_list("type", flat=True)) == [
        "kp",
        "addendum",
        "invoice",
        "upd",
    ]


def test_a_draft_is_requested_from_its_page(cast: Cast, client_of: ClientOf, deal: Deal) -> None:
    """R90: the request of a draft names who gets it and a working day."""
    document, client = make_document(deal), client_of(cast.lisina)
    url = f"/deals/{deal.public_id}/documents/request/?document={document.public_id}"
    assert "27" in html(client.get(url))  # three working days from the 24th
    client.post(url, {"due_on": "2026-11-30", "comment": "по форме заказчика"})
    request = DocumentRequest.objects.get()
    assert (request.document, request.due_on, request.document.approval) == (
        document,
        date(2026, 11, 30),
        S.INTERNAL,
    )


def test_forms_make_documents_and_contracts(cast: Cast, client_of: ClientOf, deal: Deal) -> None:
    """A document by hand, its number, a contract from the deal's lines with the dates of the renewal."""
    client = client_of(cast.lisina)
    client.post(f"/deals/{deal.public_id}/documents/new/", {"type": DocumentType.CONTRACT, "number": "ЛД-7"})
    document = Document.objects.get()
    client.post(f"{document.get_absolute_url()}edit/", {"number": "ЛД-8", "vat": "none", "version": 1})
    assert Document.objects.get().number == "ЛД-8"
    form = client.get(f"/deals/{deal.public_id}/contract/").context["form"]
    assert (form.initial["start_date"], form.initial["end_date"]) == (date(2027, 2, 1), date(2028, 1, 31))
    client.post(f"/deals/{deal.public_id}/contract/", {**form.initial, "number": "ЛД-8"})
    assert Contract.objects.get(number="ЛД-8").documents.get() == document


def test_backoffice_puts_the_contract_of_a_signed_document_into_force(
    cast: Cast, client_of: ClientOf, deal: Deal
) -> None:
    """A signed text leads to its contract."""
    contract = make_contract(deal.company, ("casebook", 15), status=ContractStatus.SIGNING, signed_on=None)
    document = make_document(deal, S.SIGNED, contract=contract)
    assert "/move/active/" in html(client_of(cast.titova).get(document.get_absolute_url()))
    assert "/move/active/" not in html(client_of(cast.kim).get(document.get_absolute_url()))


def test_the_card_of_the_client_has_the_tab(cast: Cast, client_of: ClientOf, deal: Deal) -> None:
    make_document(deal, S.SENT)
    page = html(client_of(cast.lisina).get(f"/companies/{deal.company.public_id}/documents/"))
    assert "Отправлен клиенту" in page and str(deal) in page


@pytest.mark.slow
@pytest.mark.parametrize("place", ["deal", "company", "document"])
def test_pages_cost_the_same_for_many_rows(
    cast: Cast, client_of: ClientOf, query_budget: Any, deal: Deal, place: str
) -> None:
    """The bar of every page: at most fifteen statements, 3 rows or 30."""
    document = make_document(deal, closer=cast.kim)
    url = {
        "deal": f"/deals/{deal.public_id}/documents/", "company": f"/companies/{deal.company.public_id}/documents/",
        "document": document.get_absolute_url(),
    }[place]  # fmt: skip
    client = client_of(cast.lisina)

    def add(count: int) -> None:
        for number in range(count):
            make_document(deal, (S.CLIENT_REVIEW, S.INTERNAL, S.DRAFT)[number % 3])
            add_file(by=cast.lisina, document=document, file=SimpleUploadedFile("a.pdf", b"%PDF-1.7"))

    query_budget(add, lambda: client.get(url), at_most=15)
