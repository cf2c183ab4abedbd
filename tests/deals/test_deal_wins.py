"""A deal is won by a fact of BackOffice (domain.md §2.9, §8.2 story 11)."""

from datetime import date, timedelta
from decimal import Decimal
from typing import Any

import pytest
from django.urls import reverse

from accounts.enums import ContractForm, ContractStatus, RenewalKind
from accounts.models import Contract
from accounts.services.contract_day import run_contract_day
from accounts.services.contracts import create_contract, move_contract, record_payment
from accounts.services.licences import Licence
from deals.enums import DealStage
from deals.models import Deal
from deals.services.deal_moves import hold_deal, lose_deal, move_deal, say_win_reasons, win_deal
from deals.services.deal_wins import link_contract
from tests.factories import Cast, T, make_company, make_contract, make_deal, make_product
from upsell_crm.core.errors import DomainError, NotAllowed
from upsell_crm.core.models import AuditEvent

S = DealStage


@pytest.fixture
def deal(cast: Cast) -> Deal:
    """Лисина renews a contract that ends on 31.01.2027."""
    company = make_company(kam=cast.lisina)
    return make_deal(company, ("casebook", 3, 5), renews=make_contract(company, ("casebook", 3)))


def make_draft(deal: Deal, **values: object) -> Contract:
    """The contract that the deal makes, as BackOffice keeps it."""
    terms = {"status": ContractStatus.SIGNING, "signed_on": None, "amount": Decimal(180_000), **values}
    return make_contract(deal.company, ("casebook", 5), start_date=date(2026, 11, 1), **terms)


def test_the_deal_is_won_when_its_contract_comes_into_force(cast: Cast, deal: Deal) -> None:
    """Story 11: BackOffice signs, the deal becomes «Выиграна», whatever its stage; R92 keeps the lead."""
    contract = make_draft(deal)
    link_contract(deal, by=cast.lisina, contract=contract)
    with pytest.raises(DomainError, match="by hand|вручную"):
        win_deal(deal, by=cast.lisina)
    hold_deal(deal, by=cast.lisina, until=T + timedelta(days=5), reason="ждём подпись")
    move_contract(contract, to=ContractStatus.ACTIVE, by=cast.titova, signed_on=T)
    deal.refresh_from_db()
    assert (deal.stage, deal.main_reason, deal.lead_at_close) == (S.WON, "timing_renewal", cast.belova)
    assert (deal.hold_until, deal.return_stage) == (None, S.RESEARCH)
    line = AuditEvent.objects.filter(event="move_deal", object_id=deal.pk).latest("id")
    assert line.changes["stage"] == ["hold", "won"] and contract.number in line.reason


def test_a_paid_invoice_offer_wins_too(cast: Cast, deal: Deal) -> None:
    """§2.9: the last rouble accepts the offer and wins the deal, even one whose loss was proposed."""
    offer = make_draft(deal, status=ContractStatus.ISSUED, form=ContractForm.INVOICE_OFFER, valid_until=T)
    link_contract(deal, by=cast.lisina, contract=offer)
    Deal.objects.filter(pk=deal.pk).update(amount=600_000)
    deal.refresh_from_db()
    lose_deal(deal, by=cast.lisina, main_reason="price")
    record_payment(offer, amount=Decimal(180_000), paid_on=T, external_id="п-1", by=cast.titova)
    deal.refresh_from_db()
    assert (deal.stage, deal.main_reason, deal.loss_proposed_by) == (S.WON, "timing_renewal", None)


def test_a_successor_entered_by_a_person_belongs_to_the_deal_without_a_word(cast: Cast, deal: Deal) -> None:
    """BackOffice enters the renewal: the deal that renews its predecessor is won by it."""
    contract = create_contract(
        company=deal.company, by=cast.titova, number="Д-77", start_date=date(2027, 2, 1), end_date=date(2028, 1, 31),
        lines=[Licence(product=make_product(), seats=5)], renews=deal.renewals.get().contract, amount=Decimal(180_000),
    )  # fmt: skip
    for step in (ContractStatus.APPROVAL, ContractStatus.SIGNING, ContractStatus.ACTIVE):
        move_contract(contract, to=step, by=cast.titova, signed_on=T)
    deal.refresh_from_db()
    assert (deal.stage, deal.made_contracts.get().contract) == (S.WON, contract)


def test_an_automatic_prolongation_wins_nothing(cast: Cast) -> None:
    """The client gets the same lines without the deal, which goes on."""
    company = make_company(kam=cast.lisina)
    old = make_contract(
        company, ("casebook", 3), end_date=T, renewal_kind=RenewalKind.AUTO, auto_renew_notice_days=30
    )
    deal = make_deal(company, renews=old)
    assert run_contract_day(T).prolonged == 1
    deal.refresh_from_db()
    assert deal.stage == S.RESEARCH


def test_a_lost_deal_stays_lost(cast: Cast, deal: Deal) -> None:
    """The fact comes too late: the lead may reopen the deal, nothing does it by itself."""
    contract = make_draft(deal)
    link_contract(deal, by=cast.lisina, contract=contract)
    lose_deal(deal, by=cast.lisina, main_reason="price")
    move_contract(contract, to=ContractStatus.ACTIVE, by=cast.titova, signed_on=T)
    deal.refresh_from_db()
    assert deal.stage == S.LOST


def test_contracts_of_others_are_not_linked(cast: Cast, deal: Deal) -> None:
    """A contract belongs to one deal, of its own client, and is not the one under renewal."""
    foreign = make_contract(make_company(kam=cast.lisina), ("casebook", 1))
    for contract in (foreign, deal.renewals.get().contract):
        with pytest.raises(DomainError):
            link_contract(deal, by=cast.lisina, contract=contract)
    with pytest.raises(NotAllowed):
        link_contract(deal, by=cast.demin, contract=make_draft(deal))


def test_reasons_of_a_win_are_asked_afterwards(cast: Cast, deal: Deal) -> None:
    """§2.7: one to three of the reasons of a win; by the KAM or the lead."""
    link_contract(deal, by=cast.lisina, contract=make_draft(deal, status=ContractStatus.ACTIVE, signed_on=T))
    assert deal.stage == S.WON
    for reasons in ({"main_reason": "competitor"}, {"main_reason": "price", "other_reasons": ["no_need"]}):
        with pytest.raises(DomainError):
            say_win_reasons(deal, by=cast.lisina, **reasons)
    with pytest.raises(NotAllowed):
        say_win_reasons(deal, by=cast.vetrov, main_reason="price")
    say_win_reasons(deal, by=cast.lisina, main_reason="new_need", other_reasons=["price", "relationship"])
    assert (deal.main_reason, deal.other_reasons) == ("new_need", ["price", "relationship"])
    with pytest.raises(DomainError):
        move_deal(deal, to=S.SIGNING, by=cast.belova, reason="назад", ticked=())


def test_a_contract_is_linked_from_the_page_of_the_deal(cast: Cast, deal: Deal, client_of: Any) -> None:
    """R82, §2.9: the form offers what the deal may have brought about, and nothing that it renews."""
    draft, other = make_draft(deal), make_contract(make_company(kam=cast.lisina), ("casebook", 1))
    browser, url = client_of(cast.lisina), reverse("deals:link_contract", args=[deal.public_id])
    slot = browser.get(reverse("deals:deal_documents", args=[deal.public_id])).content.decode()
    assert "Связать с договором" in slot
    page = browser.get(url).content.decode()
    assert str(draft.public_id) in page and str(other.public_id) not in page
    assert str(deal.renewals.get().contract.public_id) not in page
    assert browser.post(url, {"contract": str(other.public_id)}).status_code == 422
    assert browser.post(url, {"contract": str(draft.public_id)}).status_code == 302
    assert deal.made_contracts.get().contract == draft
    slot = browser.get(reverse("deals:deal_documents", args=[deal.public_id])).content.decode()
    assert "Связать с договором" not in slot and draft.number in slot
