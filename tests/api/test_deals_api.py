"""Deals and documents from outside (domain.md §7)."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest

from accounts.models import Contract
from deals.enums import Approval, DealStage, DocumentType, Edo
from deals.models import Deal, DealContract
from tests.factories import Cast, T, make_company, make_contract, make_deal, make_document, moment

pytestmark = pytest.mark.django_db
With = Callable[..., Any]


@pytest.fixture
def renewal(cast: Cast) -> tuple[Contract, Deal]:
    """A contract of Lisina's client in an open deal at the approval of documents."""
    company = make_company("Меридиан", kam=cast.lisina)
    contract = make_contract(company, ("casebook", 10), number="Д-1")
    deal = make_deal(
        company,
        ("casebook", 10, 15),
        renews=contract,
        stage=DealStage.APPROVAL,
        next_step="Позвонить Орехову",
    )
    return contract, deal


def test_a_contract_tells_its_open_deal(machine: Any, cast: Cast, renewal: tuple[Contract, Deal]) -> None:
    """§7 Contract: `deal{id, stage, responsible_kam{id, name}}`, in lists, cards and renewals; a closed one is null."""
    contract, deal = renewal
    expected = {
        "id": str(deal.public_id),
        "stage": "approval",
        "responsible_kam": {"id": str(cast.lisina.public_id), "name": cast.lisina.short_name},
    }
    assert machine.read(f"contracts/{contract.public_id}/")["deal"] == expected
    assert [row["deal"] for row in machine.walk("contracts/")] == [expected]
    assert [row["deal"] for row in machine.walk("renewals/")] == [expected]
    Deal.objects.filter(pk=deal.pk).update(
        stage=DealStage.LOST, return_stage=DealStage.APPROVAL, closed_at=moment(), main_reason="price"
    )
    assert machine.read(f"contracts/{contract.public_id}/")["deal"] is None


def test_a_draft_tells_the_deal_that_makes_it(machine: Any, renewal: tuple[Contract, Deal]) -> None:
    _contract, deal = renewal
    draft = make_contract(deal.company, ("casebook", 15), number="Д-2", status="draft", signed_on=None)
    DealContract.objects.create(deal=deal, contract=draft)
    assert machine.read(f"contracts/{draft.public_id}/")["deal"]["id"] == str(deal.public_id)
    assert {row["number"] for row in machine.walk("contracts/", has_open_deal="true")} == {"Д-1", "Д-2"}


def test_of_two_deals_the_newest_is_told(machine: Any, renewal: tuple[Contract, Deal]) -> None:
    """§4.10.18, as in the ranking."""
    contract, deal = renewal
    newer = make_deal(deal.company, renews=contract, opened_on=T - timedelta(1))
    assert machine.read(f"contracts/{contract.public_id}/")["deal"]["id"] == str(newer.public_id)


def test_documents_come_only_with_their_scope(
    machine: Any, machine_with: With, renewal: tuple[Contract, Deal]
) -> None:
    """§7: a token without `documents:read` sees no document and cannot ask by one."""
    contract, deal = renewal
    document = make_document(deal, Approval.CLIENT_REVIEW, contract=contract)
    path = f"contracts/{contract.public_id}/"
    assert "documents" not in machine.read(path)
    for asked in ({"expand": "documents"}, {"fields": "documents"}):
        assert machine.get(path, **asked).status_code == 403
    for asked in ({"approval": "client_review"}, {"edo": "signed"}):
        assert machine.get("contracts/", **asked).json()["code"] == "insufficient_scope"
        assert machine.get("renewals/", **asked).status_code == 403
    reader = machine_with("contracts:read", "documents:read")
    part = {"id": str(document.public_id), "type": "contract", "approval": "client_review", "edo": None}
    assert reader.read(path)["documents"] == [part]
    assert reader.walk("renewals/", expand="documents")[0]["documents"] == [part]


@pytest.mark.parametrize(
    ("asked", "found"),
    [
        ({"has_open_deal": "true"}, {"Д-1"}),
        ({"has_open_deal": "false"}, {"Д-9"}),
        ({"approval": "client_review"}, {"Д-1"}),
        ({"approval": ["signed", "client_review"]}, {"Д-1", "Д-9"}),
        ({"edo": "signed"}, {"Д-9"}),
        ({"edo": "paper"}, {"Д-1"}),
        ({"edo": ["paper", "signed"]}, {"Д-1", "Д-9"}),
        ({"edo": "signed", "approval": "client_review"}, set()),
    ],
)
@pytest.mark.parametrize("path", ["contracts/", "renewals/"])
def test_contracts_are_found_by_deal_and_document(
    machine_with: With,
    cast: Cast,
    renewal: tuple[Contract, Deal],
    path: str,
    asked: dict[str, Any],
    found: set[str],
) -> None:
    """§7 Filters: `has_open_deal`, `edo`, `approval`, also together."""
    contract, deal = renewal
    make_document(deal, Approval.CLIENT_REVIEW, contract=contract)
    other = make_company("Другой", kam=cast.lisina)
    signed = make_contract(other, ("casebook", 1), number="Д-9")
    make_document(make_deal(other), Approval.SIGNED, contract=signed, edo=Edo.SIGNED)
    machine = machine_with("contracts:read", "documents:read")
    assert {row["number"] for row in machine.walk(path, **asked)} == found


def test_a_deal_tells_stage_responsible_and_lines_but_no_notes(
    machine_with: With, cast: Cast, renewal: tuple[Contract, Deal]
) -> None:
    """§7 `GET /deals/{id}/`: what was written about people stays inside."""
    contract, deal = renewal
    body = machine_with("deals:read").read(f"deals/{deal.public_id}/")
    assert (body["stage"], body["stage_label"]["ru"]) == ("approval", "Согласование документов")
    assert body["responsible_kam"]["id"] == str(cast.lisina.public_id)
    assert (body["amount"], body["current_amount"]) == ("540000.00", "360000.00")
    assert [(line["product_code"], line["seats_current"], line["seats_new"]) for line in body["lines"]] == [
        ("casebook", 10, 15)
    ]
    assert (body["renews"], body["makes"]) == ([str(contract.public_id)], [])
    assert "Орехову" not in str(body)


def test_documents_are_listed_and_read(machine_with: With, renewal: tuple[Contract, Deal]) -> None:
    """§7 `GET /documents/`, `/documents/{id}/`: approval and exchange apart, both languages; strict parameters."""
    contract, deal = renewal
    paper = make_document(deal, Approval.SENT, contract=contract, number="7")
    offer = make_document(deal, Approval.SIGNING, type=DocumentType.INVOICE, edo=Edo.SENT_WAIT)
    machine = machine_with("documents:read")
    assert [row["id"] for row in machine.walk("documents/")] == [str(paper.public_id), str(offer.public_id)]
    for asked, found in (
        ({"approval": "sent"}, paper), ({"edo": "sent_wait"}, offer), ({"edo": "paper"}, paper),
        ({"type": "invoice"}, offer), ({"contract": str(contract.public_id)}, paper), ({"number": "7"}, paper),
    ):  # fmt: skip
        assert [row["id"] for row in machine.walk("documents/", **asked)] == [str(found.public_id)], asked
    assert len(machine.walk("documents/", deal=str(deal.public_id), inn=deal.company.inn)) == 2
    body = machine.read(f"documents/{paper.public_id}/")
    assert (body["contract"], body["deal"]) == (str(contract.public_id), str(deal.public_id))
    assert (body["approval"], body["edo"], body["edo_label"]) == ("sent", None, None)
    assert machine.get("documents/", approvall="sent").status_code == 400


def test_documents_are_pulled_by_their_change(machine_with: With, renewal: tuple[Contract, Deal]) -> None:
    """§7 Pagination: `updated_since` gives the order of change and a watermark."""
    _contract, deal = renewal
    make_document(deal)
    page = machine_with("documents:read").read("documents/", updated_since="2020-01-01T00:00:00+03:00")
    assert len(page["results"]) == 1
    assert page["watermark"]
