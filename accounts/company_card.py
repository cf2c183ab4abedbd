"""What the company card shows, read by few statements whatever the size of the client (R5, R6, R14)."""

from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any

from django.db.models import Exists, OuterRef, Q, QuerySet, Subquery, Sum
from django.db.models.functions import Coalesce
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from accounts.act_by import slack
from accounts.calendar import load_calendar
from accounts.company_rows import running_contracts
from accounts.enums import DecisionRole, OfferPolicy, Regime
from accounts.models import (
    Company,
    CompanyYear,
    ContactRole,
    Contract,
    CourtLoad,
    Department,
    LicenceLine,
    Product,
    UsageSnapshot,
)
from upsell_crm.core.models import User


def with_card_facts(companies: QuerySet[Company]) -> QuerySet[Company]:
    """Adds to each company the numbers of its header and profile, in the same statement."""
    own = OuterRef("pk")
    years = CompanyYear.objects.filter(company=own).order_by("-year")
    courts = CourtLoad.objects.filter(company=own).order_by("-as_of")
    departments = Department.objects.filter(company=own)
    makers = ContactRole.objects.filter(company=own, role=DecisionRole.DM, valid_to=None)
    return companies.select_related(
        "owner_kam", "team", "procurement__default_type", "parent__parent__parent__parent"
    ).annotate(
        revenue=Subquery(years.values("revenue")[:1]),
        revenue_year=Subquery(years.values("year")[:1]),
        cases_12m=Subquery(courts.values("cases_12m")[:1]),
        cases_on=Subquery(courts.values("as_of")[:1]),
        claims_amount=Subquery(courts.values("claims_amount")[:1]),
        has_departments=Exists(departments),
        lawyers=Subquery(
            departments.filter(kind="legal")
            .order_by()
            .values("company")
            .annotate(n=Sum("headcount"))
            .values("n")
        ),
        has_decision_maker=Exists(makers),
        has_usage=Exists(UsageSnapshot.objects.filter(company=own)),
    )


@dataclass(frozen=True, slots=True)
class Gap:
    """A field of the profile that nobody has filled in, and the URL name of its form."""

    label: str | Promise
    url_name: str
    action: str


GAPS: tuple[tuple[str | Promise, str, str, Any], ...] = (  # label, form, right, is filled in
    (_("INN"), "accounts:edit_company", "edit_requisites", lambda c: c.inn),
    (_("KPP"), "accounts:edit_company", "edit_requisites", lambda c: c.kpp or len(c.inn) == 12),
    (_("regime"), "accounts:edit_company", "edit_company", lambda c: c.regime != Regime.UNKNOWN),
    (_("region"), "accounts:edit_company", "edit_company", lambda c: c.region or c.city),
    (_("employees"), "accounts:edit_company", "edit_company", lambda c: c.headcount is not None),
    (_("responsible KAM"), "accounts:assign_kam", "assign_kam", lambda c: c.owner_kam_id),
    (_("Revenue"), "accounts:save_revenue", "edit_company", lambda c: c.revenue is not None),
    (_("Court load"), "accounts:save_court_load", "edit_company", lambda c: c.cases_12m is not None),
    (_("Departments"), "accounts:save_department", "edit_company", lambda c: c.has_departments),
    (
        _("people of the legal department"),
        "accounts:save_department",
        "edit_company",
        lambda c: c.lawyers is not None,
    ),
    (_("Decision-maker"), "accounts:add_contact", "edit_contacts", lambda c: c.has_decision_maker),
    (
        _("usual procedure"),
        "accounts:edit_procurement",
        "edit_procurement",
        lambda c: _procurement(c, "default_type_id"),
    ),
    (
        _("payment by invoice-offer"),
        "accounts:edit_procurement",
        "edit_procurement",
        lambda c: _policy_known(c),
    ),
    (
        _("month of budgeting"),
        "accounts:edit_procurement",
        "edit_procurement",
        lambda c: _procurement(c, "budget_month"),
    ),
)


def completeness(company: Any) -> tuple[int, list[Gap]]:
    """Per cent of the profile that is filled in, rounded down, and what is missing (R6)."""
    missing = [
        Gap(label, url_name, action) for label, url_name, action, is_known in GAPS if not is_known(company)
    ]
    return 100 * (len(GAPS) - len(missing)) // len(GAPS), missing


def _procurement(company: Company, name: str) -> Any:
    profile = getattr(company, "procurement", None)
    return getattr(profile, name, None)


def _policy_known(company: Company) -> bool:
    return _procurement(company, "invoice_offer_policy") not in (None, OfferPolicy.UNKNOWN)


@dataclass(frozen=True, slots=True)
class ProductUse:
    """Seats bought and people active in 30 days; `percent` over 100 = more users than licences (R20)."""

    product: Product
    seats: int
    active: int | None
    as_of: date | None

    @property
    def percent(self) -> int | None:
        if self.active is None or not self.seats:
            return None
        return int(Decimal(self.active) * 100 / self.seats)

    @property
    def is_over(self) -> bool:
        return self.active is not None and self.active > self.seats


def product_use(company: Company, today: date) -> list[ProductUse]:
    """Products that the client owns or uses, with seats counted as everywhere (R9, R39). One statement."""
    usage = UsageSnapshot.objects.filter(company=company, product=OuterRef("pk"), as_of__lte=today).order_by(
        "-as_of"
    )
    counted = LicenceLine.objects.counted_on(today)
    products = Product.objects.annotate(
        # As in `seats_on`: two halves, each found by an index.
        seats=_seats_of_product(counted.used_expressly_by([company.pk]))
        + _seats_of_product(counted.filter(end_user_company=None, contract__company=company)),
        active_users=Subquery(usage.values("active_users_30d")[:1]),
        used_on=Subquery(usage.values("as_of")[:1]),
    ).filter(Q(seats__gt=0) | Q(active_users__gt=0))
    return [ProductUse(product, product.seats, product.active_users, product.used_on) for product in products]


def _seats_of_product(lines: QuerySet[LicenceLine]) -> Coalesce:
    of_product = lines.filter(product=OuterRef("pk")).order_by()
    return Coalesce(Subquery(of_product.values("product").annotate(n=Sum("seats")).values("n")), 0)


@dataclass(frozen=True, slots=True)
class Nearest:
    """The contract to renew next, its act-by and the slack in working days."""

    contract: Contract
    slack: int | None


def nearest_contract(company: Company, today: date) -> Nearest | None:
    """The running contract that ends first; None when nothing runs. Two statements."""
    contract = running_contracts().filter(company=company).order_by("end_date", "pk").first()
    if contract is None:
        return None
    return Nearest(contract, slack(contract.act_by, today, load_calendar()) if contract.act_by else None)


@dataclass(frozen=True, slots=True)
class Family:
    """The holding around a company as this person may see it; hidden members are only counted."""

    above: list[Company | None]
    below: list[Company]
    hidden_below: int


def family(company: Company, user: User) -> Family:
    """Heads from the top down (None = another team's) and direct subsidiaries. One statement."""
    chain: list[Company] = []
    parent = company.parent
    while parent is not None and len(chain) < 5:
        chain.append(parent)
        parent = parent.parent
    around = Company.objects.filter(
        Q(pk__in=[head.pk for head in chain]) | Q(parent=company, archived_at=None)
    ).annotate(is_open=Exists(Company.objects.visible_to(user).filter(pk=OuterRef("pk"))))
    known = list(around.order_by("sort_name", "pk")[:200])
    is_open = {member.pk for member in known if member.is_open}
    below = [member for member in known if member.parent_id == company.pk]
    return Family(
        above=[head if head.pk in is_open else None for head in reversed(chain)],
        below=[member for member in below if member.pk in is_open],
        hidden_below=sum(member.pk not in is_open for member in below),
    )
