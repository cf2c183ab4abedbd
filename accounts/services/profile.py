"""The size of a client: revenue by year, court load, departments and the estimate of its need (R7, R8, R12)."""

from datetime import date
from decimal import Decimal
from typing import Any

from django.db import models, transaction
from django.utils.translation import gettext as _

from accounts.access import may
from accounts.enums import EstimateBasis, Fact, FactResult, Segment
from accounts.models import Company, CompanyYear, CourtLoad, Department, PotentialEstimate, Product
from accounts.services.act_by import refresh_act_by
from accounts.services.facts import announce_change, note_fact
from upsell_crm.core import audit, clock
from upsell_crm.core.commands import change, validate
from upsell_crm.core.errors import DomainError, NotAllowed
from upsell_crm.core.models import User
from upsell_crm.core.reactions import announce
from upsell_crm.core.roles import Action

BILLION = Decimal(1_000_000_000)
SEGMENTS = (  # upper bound in billions of ₽; the bound itself belongs to the next segment (§2.1)
    (Decimal("0.5"), Segment.S),
    (Decimal(5), Segment.M),
)


def segment_of(revenue: Decimal | None) -> str:
    """S below 0.5 billion ₽, M below 5, L up to 50 inclusive, XL above; unknown without a revenue."""
    if revenue is None:
        return Segment.UNKNOWN
    billions = revenue / BILLION
    for bound, segment in SEGMENTS:
        if billions < bound:
            return segment
    return Segment.L if billions <= 50 else Segment.XL


def save_revenue(
    company: Company, *, year: int, revenue: Decimal, source: str, as_of: date, by: User, note: str = ""
) -> CompanyYear:
    """Revenue of one year in ₽; other years stay, and the segment follows the last known one (R7)."""
    _check_right(company, by)
    if not 1990 <= year <= clock.today().year:
        raise _wrong("year", _("The year is between 1990 and this year."))
    _check_day(as_of)
    row = CompanyYear.objects.filter(company=company, year=year).first() or CompanyYear(
        company=company, year=year
    )
    with transaction.atomic():
        values = {"revenue": revenue, "source": source, "as_of": as_of, "note": note}
        is_other = _keep(row, values, company, "save_revenue", by)
        last = (
            CompanyYear.objects.filter(company=company)
            .order_by("-year")
            .values_list("revenue", flat=True)
            .first()
        )
        if change(company, {"segment": segment_of(last)}, by=by, event="save_revenue", check=False):
            refresh_act_by(company_ids=[company.pk])
        _changed(company, Fact.REVENUE, by, is_other=is_other)
    return row


def save_court_load(
    company: Company, *, as_of: date, cases_12m: int, by: User, as_plaintiff: int = 0, as_defendant: int = 0,
    as_other: int = 0, claims_amount: Decimal = Decimal(0),
) -> CourtLoad:  # fmt: skip
    """Court cases of the last 12 months as of a day; a case has one role, so parts fit the total (R8)."""
    _check_right(company, by)
    _check_day(as_of)
    row = CourtLoad.objects.filter(company=company, as_of=as_of).first() or CourtLoad(
        company=company, as_of=as_of
    )
    values = {
        "cases_12m": cases_12m, "as_plaintiff": as_plaintiff, "as_defendant": as_defendant,
        "as_other": as_other, "claims_amount": claims_amount,
    }  # fmt: skip
    with transaction.atomic():
        is_other = _keep(row, values, company, "save_court_load", by)
        _changed(company, Fact.COURT_LOAD, by, is_other=is_other)
    return row


def save_department(
    company: Company, *, name: str, kind: str, by: User, headcount: int | None = None,
    department: Department | None = None,
) -> Department:  # fmt: skip
    """Add a department of the client, or change one (R12)."""
    _check_right(company, by)
    row = department or Department(company=company)
    with transaction.atomic():
        values = {"name": name, "kind": kind, "headcount": headcount}
        is_other = _keep(row, values, company, "save_department", by)
        _changed(company, Fact.DEPARTMENTS, by, is_other=is_other)
    return row


def save_estimate(
    company: Company, product: Product, *, target_seats: int, by: User, basis: str = EstimateBasis.INTERVIEW
) -> PotentialEstimate:
    """How many seats of a product the client could use in all; replaces the calculated target (§4.10.6)."""
    _check_right(company, by)
    if not product.is_licensable:
        raise _wrong("product", _("This product is a public service and is not licensed."))
    row = PotentialEstimate.objects.filter(company=company, product=product).first()
    row = row or PotentialEstimate(company=company, product=product)
    row.verified_at, row.verified_by = clock.now(), by
    with transaction.atomic():
        _keep(row, {"target_seats": target_seats, "basis": basis}, company, "save_estimate", by)
        announce("facts_changed", company_id=company.pk)
    return row


def _keep(row: models.Model, values: dict[str, Any], company: Company, event: str, by: User) -> bool:
    """Set, check, save and record one of the rows without a version of its own; whether anything is other now."""
    is_new = row.pk is None
    changes = {name: [None if is_new else getattr(row, name), value] for name, value in values.items()}
    changes = {name: pair for name, pair in changes.items() if pair[0] != pair[1]}
    for name, value in values.items():
        setattr(row, name, value)
    validate(row)
    row.save()
    if changes:
        audit.record(event, row, by=by, company_id=company.pk, changes=changes)
    return bool(changes)


def _changed(company: Company, fact: str, by: User, *, is_other: bool) -> None:
    note_fact(company, fact, by=by, result=FactResult.CHANGED)
    if is_other:  # without the numbers: not everybody who sees a plan sees money
        announce_change(company, fact, by=by, what=_("There is new data"))
    announce("facts_changed", company_id=company.pk)


def _check_right(company: Company, by: User) -> None:
    if not may(by, Action.EDIT_COMPANY, company):
        raise NotAllowed("not_allowed", _("You may not change the data of this company."))


def _check_day(day: date) -> None:
    if day > clock.today():
        raise _wrong("as_of", _("The date is in the future."))


def _wrong(field: str, text: str) -> DomainError:
    return DomainError("invalid", text, {field: [text]})
