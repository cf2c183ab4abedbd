"""The facts of the ranking, read for a span of companies by a constant number of set-based statements.

Nothing here writes.
"""

from collections import defaultdict
from collections.abc import Iterable, Iterator
from datetime import date
from typing import Any

from django.db.models import Exists, OuterRef, Q, QuerySet, Subquery, Sum

from accounts.act_by import ContractTerms, LeadFacts, LeadMeasure, ProcurementEstimate
from accounts.enums import SIGNED_STATUSES, DecisionRole, DepartmentKind, Fact, FactResult, RenewalKind
from accounts.models import (
    Company,
    CompanyYear,
    ContactRole,
    ContactStrength,
    Contract,
    CourtLoad,
    Debt,
    Department,
    FactCheck,
    FeatureWait,
    LeadTime,
    LicenceLine,
    PotentialEstimate,
    UsageSnapshot,
)
from reports.deal_facts import read_deals, read_late, read_rejected
from reports.facts import (
    CompanyFacts,
    ContractFacts,
    DecisionMakerFacts,
    EstimateFacts,
    FeatureFacts,
    LineFacts,
    StrengthFacts,
    UsageFacts,
)
from reports.spans import Span
from trainings.index import TrainingFacts
from trainings.models import Training
from trainings.queries import counting_on, read_held
from upsell_crm.core.clock import day_end, local_date


def read_facts(span: Span, as_of: date, valid_days: dict[str, int]) -> Iterator[CompanyFacts]:
    """The facts of every company of the span that is not archived, in order of id."""
    contracts = _contracts(span)
    estimates, usage, measures = _estimates(span), _usage(span, as_of), _measures(span)
    makers, waits, trainings = _decision_makers(span, as_of), _waits(span), _trainings(span, as_of)
    deals, rejected, late = read_deals(span, as_of), read_rejected(span), read_late(span, as_of)
    for row in _companies(span, as_of):
        pk = row["pk"]
        yield CompanyFacts(
            company_id=pk,
            contracts=contracts.get(pk, ()),
            deals=deals.get(pk, ()),
            lead=_lead(row, measures.get(pk, ()), valid_days),
            estimates=estimates.get(pk, ()),
            usage=usage.get(pk, ()),
            cases_12m=row["cases"],
            legal_headcount=row["lawyers"],
            revenue=row["revenue"],
            features=waits.get(pk, ()),
            trainings=trainings.get(pk, ()),
            decision_makers=makers.get(pk, ()),
            is_key=row["is_key"],
            legal_state=row["legal_state"],
            ceased_on=row["ceased_on"],
            has_rejected_documents=pk in rejected,
            has_late_documents=pk in late,
            has_overdue_debt=bool(row["debt"]),
            budget_month=row["procurement__budget_month"],
        )


def _companies(span: Span, as_of: date) -> Iterable[dict[str, Any]]:
    own = OuterRef("pk")
    checks = FactCheck.objects.filter(company=own, fact=Fact.PROCUREMENT, checked_at__lte=day_end(as_of))
    lawyers = Department.objects.filter(company=own, kind=DepartmentKind.LEGAL, headcount__isnull=False)
    return (
        Company.objects.present()
        .filter(span.of("pk"))
        .order_by("pk")
        .annotate(
            revenue=_latest(CompanyYear.objects.filter(company=own, as_of__lte=as_of), "-year", "revenue"),
            cases=_latest(CourtLoad.objects.filter(company=own, as_of__lte=as_of), "-as_of", "cases_12m"),
            debt=_latest(Debt.objects.filter(company=own, as_of__lte=as_of), "-as_of", "amount"),
            lawyers=Subquery(lawyers.order_by().values("company").annotate(n=Sum("headcount")).values("n")),
            checked_at=_latest(checks.exclude(result=FactResult.UNKNOWN), "-checked_at", "checked_at"),
        )
        .values(
            "pk", "regime", "segment", "is_key", "legal_state", "ceased_on", "revenue", "cases", "debt",
            "lawyers", "checked_at", "procurement__id", "procurement__default_type__code",
            "procurement__approval_bd_override", "procurement__lead_bd_override", "procurement__budget_month",
        )
    )  # fmt: skip


def _latest(rows: QuerySet[Any], order: str, field: str) -> Subquery:
    return Subquery(rows.order_by(order).values(field)[:1])


def _lead(row: dict[str, Any], measures: Iterable[LeadMeasure], valid_days: dict[str, int]) -> LeadFacts:
    profile = None
    if row["procurement__id"] is not None:
        profile = ProcurementEstimate(
            default_type=row["procurement__default_type__code"] or "",
            approval_bd=row["procurement__approval_bd_override"],
            lead_bd=row["procurement__lead_bd_override"],
            verified_on=local_date(row["checked_at"]),
            valid_days=valid_days["procurement"],
        )
    return LeadFacts(row["regime"], row["segment"], profile, tuple(measures))


def _contracts(span: Span) -> dict[int, list[ContractFacts]]:
    """Contracts by company: those it pays, those of other payers with lines for it, and their successors."""
    rows = list(_contract_rows(span))
    lines = _lines(span, {pk for pk, payer_id, *_rest in rows if not span.first <= payer_id <= span.last})
    built = [_contract(row, lines.get(row[0], ())) for row in rows]
    successors: dict[int, list[ContractFacts]] = defaultdict(list)
    by_company: dict[int, list[ContractFacts]] = defaultdict(list)
    for contract in built:
        if contract.renews_id is not None:
            successors[contract.renews_id].append(contract)
        by_company[contract.payer_id].append(contract)
        users = {line.end_user_id for line in contract.lines if line.end_user_id}
        for company_id in users - {contract.payer_id}:
            by_company[company_id].append(contract)
    if successors:
        for contracts in by_company.values():
            known = {contract.id for contract in contracts}
            contracts += [
                follower
                for c in contracts
                for follower in successors.get(c.id, ())
                if follower.id not in known
            ]
    return by_company


def _contract_rows(span: Span) -> Iterable[tuple[Any, ...]]:
    fields = (
        "pk", "company_id", "number", "status", "start_date", "end_date", "amount", "procurement_type__code",
        "renewal_kind", "auto_renew_notice_days", "renewal_refused_on", "signed_on", "terminated_on", "renews_id",
    )  # fmt: skip
    seen: set[int] = set()
    for condition in (span.of("company_id"), Q(pk__in=_used_elsewhere(span)), span.of("renews__company_id")):
        for row in Contract.objects.filter(condition).order_by().values_list(*fields):
            # Asked here, not in SQL: by a filter on the status a planner prefers the index of the status.
            if row[3] in SIGNED_STATUSES and row[0] not in seen:
                seen.add(row[0])
                yield row


def _used_elsewhere(span: Span) -> QuerySet[Any]:
    """Contracts of any payer with lines for end users of the span."""
    return LicenceLine.objects.filter(span.of("end_user_company_id")).order_by().values("contract_id")


def _lines(span: Span, elsewhere: set[int]) -> dict[int, list[LineFacts]]:
    found: dict[int, list[LineFacts]] = defaultdict(list)
    fields = (
        "contract_id",
        "product__code",
        "seats",
        "kind",
        "start_date",
        "end_date",
        "end_user_company_id",
    )
    conditions = [span.of("contract__company_id")]
    if elsewhere:
        conditions.append(Q(contract_id__in=elsewhere))
    for condition in conditions:
        for contract_id, *line in LicenceLine.objects.filter(condition).order_by("pk").values_list(*fields):
            found[contract_id].append(LineFacts(*line))
    return found


def _contract(row: tuple[Any, ...], lines: Iterable[LineFacts]) -> ContractFacts:
    (
        pk, payer_id, number, status, start, end, amount, procurement_type, renewal, notice_days, refused_on,
        signed_on, terminated_on, renews_id,
    ) = row  # fmt: skip
    terms = ContractTerms(
        start, end, amount, procurement_type or "", renewal == RenewalKind.AUTO, notice_days, refused_on
    )
    return ContractFacts(
        pk, payer_id, number, status, terms, tuple(lines), signed_on, terminated_on, renews_id
    )


def _grouped(rows: Iterable[tuple[Any, ...]], build: Any) -> dict[int, list[Any]]:
    """Rows whose first value is a company id, built and gathered by it."""
    found: dict[int, list[Any]] = defaultdict(list)
    for company_id, *values in rows:
        found[company_id].append(build(*values))
    return found


def _estimates(span: Span) -> dict[int, list[EstimateFacts]]:
    rows = PotentialEstimate.objects.filter(span.of("company_id")).values_list(
        "company_id", "product__code", "target_seats", "basis", "verified_at"
    )
    return _grouped(
        rows, lambda product, seats, basis, at: EstimateFacts(product, seats, basis, local_date(at))
    )


def _usage(span: Span, as_of: date) -> dict[int, list[UsageFacts]]:
    later = UsageSnapshot.objects.filter(
        company=OuterRef("company"),
        product=OuterRef("product"),
        as_of__gt=OuterRef("as_of"),
        as_of__lte=as_of,
    )
    rows = UsageSnapshot.objects.filter(span.of("company_id"), ~Exists(later), as_of__lte=as_of)
    return _grouped(rows.values_list("company_id", "product__code", "as_of", "active_users_30d"), UsageFacts)


def _measures(span: Span) -> dict[int, list[LeadMeasure]]:
    rows = LeadTime.objects.filter(span.of("company_id"))
    return _grouped(
        rows.values_list("company_id", "type__code", "kind", "finished_on", "working_days"), LeadMeasure
    )


def _waits(span: Span) -> dict[int, list[FeatureFacts]]:
    rows = FeatureWait.objects.filter(span.of("company_id")).values_list(
        "company_id", "feature__title", "feature__status", "feature__planned_release", "feature__released_on",
        "presented_on", "response",
    )  # fmt: skip
    return _grouped(rows, FeatureFacts)


def _trainings(span: Span, as_of: date) -> dict[int, list[TrainingFacts]]:
    """Trainings of the year before the day, with or without results (4.10.9)."""
    held = counting_on(as_of, Training.objects.filter(span.of("company_id")))
    found: dict[int, list[TrainingFacts]] = defaultdict(list)
    for one in read_held(held):
        found[one.company_id].append(one.facts)
    return found


def _decision_makers(span: Span, as_of: date) -> dict[int, list[DecisionMakerFacts]]:
    of_dm = Q(contact__roles__role=DecisionRole.DM) & span.of("contact__roles__company_id")
    strengths = _grouped(
        ContactStrength.objects.filter(of_dm)
        .order_by("pk")
        .distinct()
        .values_list("contact_id", "user_id", "level", "last_two_way_on"),
        StrengthFacts,
    )
    checks = FactCheck.objects.filter(
        contact=OuterRef("contact"), fact=Fact.DM, checked_at__lte=day_end(as_of)
    ).exclude(result=FactResult.UNKNOWN)
    rows = (
        ContactRole.objects.filter(span.of("company_id"), role=DecisionRole.DM)
        .annotate(checked_at=_latest(checks, "-checked_at", "checked_at"))
        .values_list(
            "company_id", "contact_id", "contact__state", "is_key", "attitude", "checked_at", "valid_from",
            "valid_to",
        )
    )  # fmt: skip

    def build(
        contact_id: int, state: str, is_key: bool, attitude: int, at: Any, *valid: Any
    ) -> DecisionMakerFacts:
        known = strengths.get(contact_id, ())
        return DecisionMakerFacts(contact_id, state, is_key, attitude, local_date(at), *valid, known)  # type: ignore[call-arg]

    return _grouped(rows, build)
