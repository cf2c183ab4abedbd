"""What a procurement profile does to the act-by of a contract: saved, or only typed so far (R21, R22)."""

from dataclasses import dataclass, replace
from datetime import date

from accounts.act_by import ActBy, LeadTimes, ProcurementEstimate, act_by, lead_times, slack
from accounts.company_rows import running_contracts
from accounts.enums import ContractStatus
from accounts.models import Company, Contract, ProcurementType
from accounts.services.act_by import Timing, contract_terms, lead_facts


@dataclass(frozen=True, slots=True)
class Effect:
    """Terms found for the nearest contract with their levels of §4.2, the act-by and its slack, working days."""

    contract: Contract
    type: ProcurementType | None
    lead: LeadTimes
    act_by: ActBy
    slack: int
    buffer_bd: int


def procurement_effect(
    company: Company, today: date, typed: ProcurementEstimate | None = None
) -> Effect | None:
    """For the contract that ends first; None without one. `typed` stands in for the stored profile."""
    contract = (
        running_contracts()
        .filter(company=company)
        .select_related("procurement_type")
        .order_by("end_date", "pk")
        .first()
    )
    if contract is None:
        return None
    timing = Timing.on(today)
    facts = lead_facts([company.pk], timing)[company.pk]
    if typed is not None:
        facts = replace(facts, profile=replace(typed, verified_on=today, valid_days=timing.valid_days))
    terms = contract_terms(contract)
    found = lead_times(facts, terms, None, timing.rules, today)
    is_active = contract.status == ContractStatus.ACTIVE
    result = act_by(terms, found, today, timing.calendar, timing.buffer_bd, can_prolong=is_active)
    kind = ProcurementType.objects.filter(code=found.type_code).first()
    return Effect(
        contract, kind, found, result, slack(result.act_by, today, timing.calendar), timing.buffer_bd
    )
