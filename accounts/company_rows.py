"""The lines of the company list: what a page of companies shows, read for all of them at once."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from django.db.models import Exists, OuterRef, QuerySet, Subquery, Value
from django.db.models.functions import Coalesce

from accounts.act_by import slack
from accounts.calendar import load_calendar
from accounts.enums import ContractStatus
from accounts.models import Company, Contract, Product
from accounts.queries import seats_on


@dataclass(frozen=True, slots=True)
class CompanyRow:
    """One company with its seats by product and its nearest contract; `slack` in working days."""

    company: Company
    seats: list[tuple[Product, int]]
    contract: Contract | None
    slack: int | None
    silent_days: int | None


def company_rows(companies: Sequence[Company], today: date) -> list[CompanyRow]:
    """Rows of the list in the given order; a constant number of statements."""
    ids = [company.pk for company in companies]
    seats, nearest = seats_on(ids, today), nearest_contracts(ids)
    products = list(Product.objects.all()) if seats else []
    calendar = load_calendar() if nearest else None
    rows = []
    for company in companies:
        contract = nearest.get(company.pk)
        act_by = contract.act_by if contract else None
        own = seats.get(company.pk, {})
        rows.append(
            CompanyRow(
                company=company,
                seats=[(product, own[product.pk]) for product in products if product.pk in own],
                contract=contract,
                slack=slack(act_by, today, calendar) if act_by and calendar else None,
                silent_days=(today - company.last_contact_at.date()).days
                if company.last_contact_at
                else None,
            )
        )
    return rows


def nearest_contracts(company_ids: Sequence[int]) -> dict[int, Contract]:
    """The active contract that ends first and that no active contract continues, by company. One statement."""
    contracts = running_contracts().filter(company_id__in=company_ids).order_by("end_date", "pk")
    nearest: dict[int, Contract] = {}
    for contract in contracts:
        nearest.setdefault(contract.company_id, contract)
    return nearest


def running_contracts() -> QuerySet[Contract]:
    """Active contracts with paid licences that are still to be renewed."""
    successors = Contract.objects.filter(renews=OuterRef("pk"), status=ContractStatus.ACTIVE)
    return Contract.objects.filter(~Exists(successors), status=ContractStatus.ACTIVE).with_paid_lines()


def with_act_by(companies: QuerySet[Company]) -> QuerySet[Company]:
    """With the act-by of the very contract that the row shows; none = null, which stands last."""
    # By an expression: a plain end_date tempts the planner to walk all contracts by its index for every company.
    soonest = Coalesce("end_date", Value(date.max))
    nearest = running_contracts().filter(company=OuterRef("pk")).order_by(soonest, "pk")
    return companies.annotate(act_by=Subquery(nearest.values("act_by")[:1]))


def with_row_relations(companies: QuerySet[Company]) -> QuerySet[Company]:
    """What a row shows of other tables: KAM, head, whether there are subsidiaries."""
    children = Company.objects.filter(parent=OuterRef("pk"), archived_at=None)
    return companies.select_related("owner_kam", "team", "head").annotate(has_children=Exists(children))
