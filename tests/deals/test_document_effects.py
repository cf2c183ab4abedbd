"""What follows from documents: measured lead times, the contract that waits, the draft by the deal's lines (§2.9, §4.2)."""

from datetime import date, timedelta
from decimal import Decimal

import pytest

from accounts.enums import ContractForm, ContractStatus
from accounts.models import Contract, LeadTime, ProcurementType
from accounts.models.procurement import ProcurementProfile
from accounts.references import seed_procedures
from accounts.services.act_by import refresh_act_by
from accounts.services.contracts import move_contract
from deals.document_terms import overdue, stays
from deals.enums import Approval, DealStage, DocumentType
from deals.models import Deal, DealContract, Document
from deals.services.deal_contracts import draft_contract
from deals.services.documents import move_document
from deals.services.measurements import measure_procurement
from tests.factories import (
    Cast,
    T,
    make_calendar,
    make_company,
    make_contract,
    make_deal,
    make_document,
    make_member,
    moment,
)
from upsell_crm.core.errors import DomainError
from upsell_crm.core.roles import Role

S = Approval


@pytest.fixture
def direct(db: None) -> ProcurementType:
    """The calendar and the procedures; approval of a direct contract takes 15 working days by default."""
    make_calendar()
    seed_procedures()
    return ProcurementType.objects.get(code="direct")


def make_client_deal(cast: Cast, procedure: ProcurementType) -> tuple[Deal, Contract]:
    company = make_company(kam=cast.lisina)
    ProcurementProfile.objects.create(company=company, default_type=procedure)
    contract = make_contract(company, ("casebook", 10))
    refresh_act_by(company_ids=[company.pk])
    deal = make_deal(company, ("casebook", 10, 15), renews=contract)
    make_member(deal, cast.kim, Role.CLOSER)
    return deal, contract


def agree(cast: Cast, deal: Deal, sent_on: date) -> Document:
    """A contract text sent on that day and agreed today."""
    document = make_document(
        deal, S.CLIENT_REVIEW, first_sent_at=moment(sent_on, 9), approval_since=moment(sent_on, 9)
    )
    return move_document(document, to=S.AGREED, by=cast.kim)


def test_measured_approvals_move_the_act_by(cast: Cast, direct: ProcurementType) -> None:
    """R21, §4.2 level 2: two measurements and no confirmed estimate → their median replaces the default of 15."""
    deal, contract = make_client_deal(cast, direct)
    contract.refresh_from_db()
    before = contract.act_by
    agree(cast, deal, date(2026, 11, 9))  # 11 working days before the 24th
    contract.refresh_from_db()
    assert contract.act_by == before and LeadTime.objects.get().working_days == 11
    agree(cast, deal, date(2026, 10, 20))
    contract.refresh_from_db()
    assert sorted(LeadTime.objects.values_list("working_days", flat=True)) == [11, 24]
    assert contract.act_by < before  # median 18, three working days earlier


def test_only_texts_of_contracts_are_measured_and_only_once(cast: Cast, direct: ProcurementType) -> None:
    """An invoice that the client nods at says nothing about its lawyers."""
    deal, _contract = make_client_deal(cast, direct)
    invoice = make_document(deal, S.CLIENT_REVIEW, type=DocumentType.INVOICE)
    move_document(invoice, to=S.AGREED, by=cast.kim)
    assert not LeadTime.objects.exists()


@pytest.mark.parametrize(
    ("new", "measured"), [("signing", [12]), ("won", [12]), ("lost", []), ("hold", []), ("approval", [])]
)
def test_a_finished_procedure_is_measured(
    cast: Cast, direct: ProcurementType, new: str, measured: list[int]
) -> None:
    """§4.2: procurement lead when the deal leaves the stage forward."""
    deal, _contract = make_client_deal(cast, direct)
    measure_procurement(deal, DealStage.PROCUREMENT, new, since=moment(date(2026, 11, 6)))
    assert (
        list(LeadTime.objects.filter(kind="procurement").values_list("working_days", flat=True)) == measured
    )


def test_days_are_counted_against_the_norm(cast: Cast, direct: ProcurementType) -> None:
    """§2.9: internal 3, client_review = expected approval, signing 5 working days; overdue is a flag only."""
    deal, _contract = make_client_deal(cast, direct)
    since = {"approval_since": moment(date(2026, 11, 18))}  # four working days before the 24th
    documents = {
        state: make_document(deal, state, **since)
        for state in (S.DRAFT, S.INTERNAL, S.CLIENT_REVIEW, S.SIGNING)
    }
    found = stays(list(documents.values()), T)
    stay = {state: found[document.pk] for state, document in documents.items()}
    assert [(stay[s].days, stay[s].norm) for s in documents] == [(4, None), (4, 3), (4, 15), (4, 5)]
    assert [stay[s].tone for s in documents] == ["", "bad", "good", "warn"]
    assert overdue(documents.values(), T) == [documents[S.INTERNAL]]
    assert Document.objects.get(pk=documents[S.INTERNAL].pk).approval == S.INTERNAL


def test_what_the_client_has_promised_is_the_norm(cast: Cast, direct: ProcurementType) -> None:
    """Story 12: with the client since the 6th, promised for the 18th → eight working days, and twelve have passed."""
    deal, _contract = make_client_deal(cast, direct)
    document = make_document(
        deal, S.CLIENT_REVIEW, approval_since=moment(date(2026, 11, 6)), promised_on=date(2026, 11, 18)
    )
    stay = stays([document], T)[document.pk]
    assert (stay.days, stay.norm, stay.words) == (12, 8, "12 рабочих дней при норме 8") and stay.is_overdue


def test_a_contract_is_signed_only_when_its_text_is_agreed(cast: Cast, direct: ProcurementType) -> None:
    """§2.9 Contract approval → signing: guard «linked document approval = agreed»."""
    deal, _renewed = make_client_deal(cast, direct)
    contract = make_contract(deal.company, ("casebook", 15), status=ContractStatus.APPROVAL, signed_on=None)
    text = make_document(deal, S.CLIENT_REVIEW, contract=contract)
    make_document(deal, S.DRAFT, contract=contract, type=DocumentType.ACT)  # not a text of the contract
    with pytest.raises(DomainError) as refusal:
        move_contract(contract, to=ContractStatus.SIGNING, by=cast.titova)
    assert refusal.value.code == "document_not_agreed"
    assert Contract.objects.get(pk=contract.pk).status == ContractStatus.APPROVAL
    move_document(text, to=S.AGREED, by=cast.kim)
    contract.refresh_from_db()
    move_contract(contract, to=ContractStatus.SIGNING, by=cast.titova)
    move_contract(contract, to=ContractStatus.ACTIVE, by=cast.titova, signed_on=T)


def test_a_refused_text_holds_its_contract_and_a_cancelled_one_does_not(
    cast: Cast, direct: ProcurementType
) -> None:
    deal, _renewed = make_client_deal(cast, direct)
    contract = make_contract(deal.company, ("casebook", 15), status=ContractStatus.APPROVAL, signed_on=None)
    text = make_document(deal, S.REFUSED, contract=contract)
    with pytest.raises(DomainError):
        move_contract(contract, to=ContractStatus.SIGNING, by=cast.titova)
    Document.objects.filter(pk=text.pk).update(approval=S.CANCELLED)
    contract.refresh_from_db()
    assert move_contract(contract, to=ContractStatus.SIGNING, by=cast.titova).status == ContractStatus.SIGNING


def test_the_contract_of_a_deal_is_drafted_from_its_lines(cast: Cast, direct: ProcurementType) -> None:
    """§2.2: a KAM enters a draft with the seats of the deal, which renews what the deal renews."""
    deal, renewed = make_client_deal(cast, direct)
    text = make_document(deal, S.DRAFT)
    contract = draft_contract(
        by=cast.lisina, deal=deal, number="ЛД-9", form=ContractForm.CONTRACT, start_date=date(2027, 2, 1),
        end_date=date(2028, 1, 31),
    )  # fmt: skip
    line = contract.lines.get()
    assert (line.seats, line.price_per_unit, contract.amount) == (15, Decimal(36000), deal.amount)
    assert (contract.status, contract.renews) == (ContractStatus.DRAFT, renewed)
    assert DealContract.objects.get().contract == contract
    text.refresh_from_db()
    assert text.contract == contract
    with pytest.raises(DomainError, check=lambda problem: problem.code == "has_contract"):
        draft_contract(
            by=cast.lisina, deal=deal, number="ЛД-10", form=ContractForm.CONTRACT,
            start_date=T + timedelta(days=70), end_date=T + timedelta(days=400),
        )  # fmt: skip
