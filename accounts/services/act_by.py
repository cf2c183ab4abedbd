"""Keeping `Contract.act_by` in step with contracts, procurement profiles and the calendar (domain.md §4.2)."""

from collections import defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.db.models import OuterRef, QuerySet, Subquery

from accounts.act_by import (
    ContractTerms,
    LeadFacts,
    LeadMeasure,
    ProcurementEstimate,
    ProcurementRules,
    act_by,
    lead_times,
)
from accounts.calendar import load_calendar
from accounts.enums import ContractStatus, Fact, FactResult, RenewalKind
from accounts.lead_times import procurement_rules
from accounts.models import Company, Contract, FactCheck, LeadTime
from accounts.services.lead_medians import count_lead_medians
from accounts.working_days import WorkCalendar
from upsell_crm.core import clock
from upsell_crm.core.parameters import parameters

TIMED_STATUSES = (ContractStatus.ACTIVE, ContractStatus.EXPIRED)  # others have no date to begin by
CHUNK = 2_000  # companies read at once


@dataclass(frozen=True, slots=True)
class Timing:
    """What all companies share on one day."""

    today: date
    calendar: WorkCalendar
    rules: ProcurementRules
    buffer_bd: int
    valid_days: int

    @classmethod
    def on(cls, today: date) -> "Timing":
        """Reads the calendar, the procedures and the settings."""
        settings = parameters("buffer_bd", "valid_days")
        valid_days = int(settings["valid_days"]["procurement"])
        return cls(today, load_calendar(), procurement_rules(today), int(settings["buffer_bd"]), valid_days)

    def act_by(self, contract: Contract, lead: LeadFacts) -> date | None:
        """The stored value of one contract; None when its status has no act-by."""
        if contract.status not in TIMED_STATUSES:
            return None
        terms = contract_terms(contract)
        found = lead_times(lead, terms, None, self.rules, self.today)
        is_active = contract.status == ContractStatus.ACTIVE
        return act_by(terms, found, self.today, self.calendar, self.buffer_bd, can_prolong=is_active).act_by


def refresh_act_by(*, company_ids: Iterable[int] | None = None, today: date | None = None) -> int:
    """Recompute the act-by of some companies' contracts, or of all; returns how many have moved.

    Called in the transaction of the change that moves the date, and for everybody each night.
    """
    day = today or clock.today()
    if company_ids is None:
        count_lead_medians(today=day)
    timing = Timing.on(day)
    wanted = (
        Company.objects.all() if company_ids is None else Company.objects.filter(pk__in=list(company_ids))
    )
    return sum(_refresh(ids, timing) for ids in _chunks(wanted))


def contract_terms(contract: Contract) -> ContractTerms:
    """The part of a stored contract that the arithmetic needs."""
    code = contract.procurement_type.code if contract.procurement_type else ""
    return ContractTerms(
        start_on=contract.start_date,
        end_on=contract.end_date,
        amount=contract.amount,
        procurement_type=code,
        is_auto_renewed=contract.renewal_kind == RenewalKind.AUTO,
        notice_days=contract.auto_renew_notice_days,
        refused_on=contract.renewal_refused_on,
    )


def _chunks(companies: QuerySet[Company]) -> Iterator[list[int]]:
    ids, last = companies.order_by("pk").values_list("pk", flat=True), 0
    while chunk := list(ids.filter(pk__gt=last)[:CHUNK]):
        yield chunk
        last = chunk[-1]


def _refresh(ids: list[int], timing: Timing) -> int:
    leads = lead_facts(ids, timing)
    moved: dict[date | None, list[int]] = defaultdict(list)
    contracts = Contract.objects.filter(company_id__in=ids).select_related("procurement_type").order_by("pk")
    for contract in contracts:
        found = timing.act_by(contract, leads[contract.company_id])
        if found != contract.act_by:
            moved[found].append(contract.pk)
    for found, pks in moved.items():  # a date is shared by many contracts, so this is few statements
        Contract.objects.filter(pk__in=pks).update(act_by=found)
    return sum(map(len, moved.values()))


def lead_facts(ids: list[int], timing: Timing) -> dict[int, LeadFacts]:
    """What each company tells about its terms, as of the day of `timing`; two statements."""
    measures: dict[int, list[LeadMeasure]] = defaultdict(list)
    rows = LeadTime.objects.filter(company_id__in=ids).values_list(
        "company_id", "type__code", "kind", "finished_on", "working_days"
    )
    for company_id, code, kind, finished_on, days in rows:
        measures[company_id].append(LeadMeasure(code, kind, finished_on, days))
    return {
        row["pk"]: LeadFacts(
            row["regime"], row["segment"], _estimate(row, timing), measures.get(row["pk"], ())
        )
        for row in _profiles(ids, timing.today)
    }


def _profiles(ids: list[int], today: date) -> Iterable[Any]:
    checks = (
        FactCheck.objects.filter(
            company=OuterRef("pk"), fact=Fact.PROCUREMENT, checked_at__lte=clock.day_end(today)
        )
        .exclude(result=FactResult.UNKNOWN)
        .order_by("-checked_at")
    )
    return (
        Company.objects.filter(pk__in=ids)
        .order_by("pk")
        .annotate(checked_at=Subquery(checks.values("checked_at")[:1]))
        .values(
            "pk", "regime", "segment", "checked_at", "procurement__id", "procurement__default_type__code",
            "procurement__approval_bd_override", "procurement__lead_bd_override",
        )
    )  # fmt: skip


def _estimate(row: dict[str, Any], timing: Timing) -> ProcurementEstimate | None:
    if row["procurement__id"] is None:
        return None
    return ProcurementEstimate(
        default_type=row["procurement__default_type__code"] or "",
        approval_bd=row["procurement__approval_bd_override"],
        lead_bd=row["procurement__lead_bd_override"],
        verified_on=clock.local_date(row["checked_at"]),
        valid_days=timing.valid_days,
    )
