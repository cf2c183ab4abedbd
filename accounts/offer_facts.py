"""The facts of the invoice-offer rule, read for many companies by a constant number of statements (§5.3)."""

from collections import defaultdict
from collections.abc import Collection
from datetime import date
from decimal import Decimal
from typing import Any

from django.core.exceptions import ValidationError
from django.db.models import OuterRef, Subquery

from accounts.act_by import add_months
from accounts.enums import SIGNED_STATUSES, ContractForm, Fact, FactResult
from accounts.invoice_offer import HISTORY_MONTHS, OfferFacts, PaidOffer, VendorTerms
from accounts.models import Company, Contract, Debt, FactCheck, ProcurementType
from accounts.models.company import validate_inn, validate_kpp
from upsell_crm.core.clock import day_end, local_date
from upsell_crm.core.parameters import parameters

_PERSON_INN = 12  # digits; an entrepreneur has no KPP
_FIELDS = (
    "pk", "name", "inn", "kpp", "regime", "procurement__invoice_offer_policy", "procurement__invoice_offer_limit",
    "procurement__small_purchase_limit", "procurement__annual_small_left", "procurement__needs_tz",
    "procurement__own_contract_form", "overdue", "checked_at",
)  # fmt: skip


def vendor_terms() -> VendorTerms:
    """The administrator's limits; that of one 44-FZ purchase stands in the reference of procedures."""
    stored = parameters("offer_max", "valid_days")
    small = ProcurementType.objects.filter(code="small_44").values_list("max_amount", flat=True).first()
    return VendorTerms(
        offer_max=Decimal(str(stored["offer_max"])),
        fz44_max=VendorTerms().fz44_max if small is None else small,
        valid_days=stored["valid_days"]["procurement"],
    )


def read_offer_facts(company_ids: Collection[int], as_of: date) -> dict[int, OfferFacts]:
    """What the rule knows about each company on a day; the products in question are the caller's. Two statements."""
    paid = _paid_offers(company_ids, as_of)
    return {row["pk"]: _facts(row, paid.get(row["pk"], [])) for row in _companies(company_ids, as_of)}


def missing_requisites(name: str, inn: str, kpp: str) -> tuple[str, ...]:
    """What is empty or not valid of name, ИНН and КПП; twelve digits of ИНН need no КПП (§5.3)."""
    missing = [] if name.strip() else ["name"]
    if not _is_valid(validate_inn, inn):
        missing.append("inn")
    if len(inn) != _PERSON_INN and not _is_valid(validate_kpp, kpp):
        missing.append("kpp")
    return tuple(missing)


def _companies(company_ids: Collection[int], as_of: date) -> Any:
    own = OuterRef("pk")
    debts = Debt.objects.filter(company=own, as_of__lte=as_of).order_by("-as_of", "-id")
    checks = FactCheck.objects.filter(company=own, fact=Fact.PROCUREMENT, checked_at__lte=day_end(as_of))
    checks = checks.exclude(result=FactResult.UNKNOWN).order_by("-checked_at")
    return (
        Company.objects.filter(pk__in=company_ids)
        .order_by("pk")
        .annotate(
            overdue=Subquery(debts.values("amount")[:1]), checked_at=Subquery(checks.values("checked_at")[:1])
        )
        .values(*_FIELDS)
    )


def _paid_offers(company_ids: Collection[int], as_of: date) -> dict[int, list[PaidOffer]]:
    """Invoice-offers that were paid in the window of row 13."""
    rows = Contract.objects.filter(
        company__in=company_ids, form=ContractForm.INVOICE_OFFER, status__in=SIGNED_STATUSES,
        paid_on__gte=add_months(as_of, -HISTORY_MONTHS), paid_on__lte=as_of,
    ).order_by("pk")  # fmt: skip
    paid: dict[int, list[PaidOffer]] = defaultdict(list)
    for company_id, paid_on, amount in rows.values_list("company_id", "paid_on", "amount"):
        if paid_on is not None:  # the filter says so already; types do not know
            paid[company_id].append(PaidOffer(paid_on, amount))
    return paid


def _facts(row: dict[str, Any], paid: list[PaidOffer]) -> OfferFacts:
    """A company without a procurement profile has an unknown policy."""
    return OfferFacts(
        regime=row["regime"],
        policy=row["procurement__invoice_offer_policy"] or "unknown",
        policy_limit=row["procurement__invoice_offer_limit"],
        small_purchase_limit=row["procurement__small_purchase_limit"],
        annual_small_left=row["procurement__annual_small_left"],
        needs_tz=bool(row["procurement__needs_tz"]),
        own_contract_form=bool(row["procurement__own_contract_form"]),
        overdue_debt=row["overdue"] or Decimal(0),
        missing_requisites=missing_requisites(row["name"], row["inn"], row["kpp"]),
        verified_on=local_date(row["checked_at"]),
        paid_offers=paid,
    )


def _is_valid(validator: Any, value: str) -> bool:
    try:
        validator(value)
    except ValidationError:
        return False
    return bool(value)
