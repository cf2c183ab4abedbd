"""How the client buys, its act-by, and confirmations: services/procurement.py and services/facts.py."""

import pytest

from accounts.enums import DecisionRole, Fact, FactResult
from accounts.models import FactCheck, ProcurementProfile, ProcurementType
from accounts.references import seed_procedures
from accounts.services.act_by import refresh_act_by
from accounts.services.facts import confirm_fact
from accounts.services.procurement import update_procurement
from tests.factories import Cast, make_calendar, make_company, make_contact, make_contract
from upsell_crm.core.errors import DomainError, NotAllowed, Stale


@pytest.fixture
def procedures(db: None) -> dict[str, ProcurementType]:
    """The reference of §4.4 and the Russian calendar around the golden date."""
    seed_procedures()
    make_calendar()
    return ProcurementType.objects.in_bulk(field_name="code")


def test_another_procedure_moves_the_act_by_in_the_same_request(cast: Cast, procedures: dict) -> None:
    """R22: from an invoice-offer to an auction."""
    company = make_company(kam=cast.vetrov)
    contract = make_contract(company, ("casebook", 10))
    update_procurement(company, {"default_type": procedures["invoice_offer"]}, by=cast.vetrov)
    contract.refresh_from_db()
    easy = contract.act_by
    update_procurement(company, {"default_type": procedures["auction_44"]}, by=cast.vetrov)
    contract.refresh_from_db()
    assert easy is not None and contract.act_by < easy


def test_another_procedure_clears_both_own_terms(cast: Cast, procedures: dict) -> None:
    """R22, §4.2: unless new ones come with it."""
    company = make_company(kam=cast.vetrov)
    first = {"default_type": procedures["direct"], "approval_bd_override": 30, "lead_bd_override": 12}
    update_procurement(company, first, by=cast.vetrov)
    update_procurement(
        company, {**first, "default_type": procedures["single_internal"]}, by=cast.vetrov, version=1
    )
    profile = ProcurementProfile.objects.get()
    assert (profile.approval_bd_override, profile.lead_bd_override) == (None, None)
    update_procurement(
        company, {"default_type": procedures["direct"], "lead_bd_override": 7}, by=cast.vetrov, version=2
    )
    profile.refresh_from_db()
    assert (profile.approval_bd_override, profile.lead_bd_override) == (None, 7)


def test_ten_days_more_of_approval_begin_ten_days_earlier(cast: Cast, procedures: dict) -> None:
    """R21: exactly ten working days."""
    company = make_company(kam=cast.vetrov)
    contract = make_contract(company, ("casebook", 10))
    values = {"default_type": procedures["direct"], "approval_bd_override": 15, "lead_bd_override": 25}
    update_procurement(company, values, by=cast.vetrov)
    contract.refresh_from_db()
    assert contract.act_by.isoformat() == "2026-11-18"  # the golden 45 working days before 31.01.2027 (§0.7)
    update_procurement(company, {"approval_bd_override": 25}, by=cast.vetrov)
    contract.refresh_from_db()
    assert contract.act_by.isoformat() == "2026-11-03"


def test_saving_is_a_confirmation_by_a_person(cast: Cast, procedures: dict) -> None:
    """R10: author and validation date."""
    company = make_company(kam=cast.vetrov)
    update_procurement(company, {"etp": "Сбербанк-АСТ"}, by=cast.rogov)
    update_procurement(company, {"etp": "Сбербанк-АСТ"}, by=cast.vetrov)
    checks = list(FactCheck.objects.order_by("pk").values_list("result", "checked_by__username"))
    assert checks == [("changed", "rogov"), ("confirmed", "vetrov")]


def test_the_profile_has_its_editors(cast: Cast, procedures: dict) -> None:
    company = make_company(kam=cast.vetrov)
    for stranger in (cast.moroz, cast.titova, cast.aliev):
        with pytest.raises(NotAllowed):
            update_procurement(company, {"notes": "!"}, by=stranger)


def test_terms_are_within_250_working_days_and_versions_agree(cast: Cast, procedures: dict) -> None:
    company = make_company(kam=cast.vetrov)
    with pytest.raises(DomainError):
        update_procurement(company, {"lead_bd_override": 251}, by=cast.vetrov)
    update_procurement(company, {"lead_bd_override": 5}, by=cast.vetrov)
    update_procurement(company, {"lead_bd_override": 6}, by=cast.vetrov, version=1)
    with pytest.raises(Stale):
        update_procurement(company, {"lead_bd_override": 7}, by=cast.rogov, version=1)


def test_a_stale_term_counts_again_once_confirmed(cast: Cast, procedures: dict) -> None:
    """§4.10.1: an estimate that nobody confirmed is not used."""
    company = make_company(kam=cast.vetrov)
    contract = make_contract(company, ("casebook", 10))
    ProcurementProfile.objects.create(
        company=company, default_type=procedures["direct"], approval_bd_override=60
    )
    refresh_act_by(company_ids=[company.pk])
    contract.refresh_from_db()
    before = contract.act_by
    confirm_fact(company, Fact.PROCUREMENT, by=cast.vetrov)
    contract.refresh_from_db()
    assert contract.act_by < before


def test_decision_makers_are_confirmed_one_by_one(cast: Cast) -> None:
    """R47: who has left is not confirmed."""
    company = make_company(kam=cast.vetrov)
    one, two = make_contact(company), make_contact(company, "Иванова Мария")
    make_contact(company, "Бывший Илья", state="left")
    make_contact(company, "Юрист Вера", role=DecisionRole.LAWYER)
    assert len(confirm_fact(company, Fact.DM, by=cast.vetrov)) == 2
    confirm_fact(company, Fact.DM, by=cast.vetrov, contact=one)
    assert (
        FactCheck.objects.filter(contact=one).count() == 2
        and FactCheck.objects.filter(contact=two).count() == 1
    )


def test_without_a_decision_maker_there_is_nothing_to_confirm(cast: Cast) -> None:
    with pytest.raises(DomainError) as refusal:
        confirm_fact(make_company(kam=cast.vetrov), Fact.DM, by=cast.vetrov)
    assert refusal.value.code == "no_decision_maker"


def test_backoffice_confirms_requisites_only(cast: Cast) -> None:
    """§3: «requisites»."""
    company = make_company(kam=cast.vetrov)
    confirm_fact(company, Fact.REQUISITES, by=cast.titova)
    with pytest.raises(NotAllowed):
        confirm_fact(company, Fact.USERS, by=cast.titova, result=FactResult.CONFIRMED)
