"""«Пролонгация + допродажа»: what a new deal with a client starts from (R18, domain.md §2.11, §4.1). Reads only."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal

from django.db.models import QuerySet
from django.utils.translation import gettext as _

from accounts.calendar import load_calendar
from accounts.company_rows import running_contracts
from accounts.enums import LineKind
from accounts.models import Company, Contract, LicenceLine, Product
from accounts.models.procurement import ProcurementType
from accounts.models.usage import PotentialEstimate
from deals.enums import DealKind
from deals.models import Deal

TOGETHER_DAYS = 30  # contracts that end so close are renewed by one deal (§4.9)
WITHOUT_CONTRACT_DAYS = 90  # the target date when there is nothing to renew
TARGET = "target-"  # «?target-casebook=45»: what the page of the ranking proposes

# Renewal cadence of §2.11: working days before act-by, and what is done by then.
CADENCE = (
    (40, lambda: _("Gather and confirm the facts about the client")),
    (20, lambda: _("Agree on the strategy, meet about the needs")),
    (10, lambda: _("Present the proposal to the decision-makers")),
    (0, lambda: _("Start the documents")),
)


@dataclass(frozen=True, slots=True)
class ProposedLine:
    """Seats of a product now and as proposed; price per seat a year and the amount now, ₽."""

    product: Product
    seats_current: int
    seats_new: int
    price: Decimal
    current_amount: Decimal
    end_user_company: Company | None = None


@dataclass(frozen=True, slots=True)
class Step:
    """One step of the cadence: what, and by which day."""

    title: str
    due_on: date


@dataclass(frozen=True, slots=True)
class Proposal:
    """Everything that the panel of a new deal is filled with."""

    kind: str
    title: str
    target_date: date
    contracts: list[Contract]
    mergeable: list[Contract]
    lines: list[ProposedLine]
    steps: list[Step]
    procurement_type: ProcurementType | None

    @property
    def next_step(self) -> Step:
        """The first step of the cadence that is still ahead."""
        return self.steps[0]


def propose_renewal(
    company: Company, today: date, *, targets: Mapping[str, int] | None = None, merge: bool = False
) -> Proposal:
    """Current lines of the nearest contract, with potential seats on top; dates counted back from its act-by.

    `targets` are seats by product code; without them what the client's estimates say. `merge` takes contracts that
    end at most 30 days apart into the same deal. Contracts of another open deal are left to it.
    """
    open_ones = list(renewable_contracts(company))
    nearest = open_ones[0] if open_ones else None
    others = [
        c for c in open_ones[1:] if nearest and abs((c.end_date - nearest.end_date).days) <= TOGETHER_DAYS
    ]
    taken = [contract for contract in (nearest, *(others if merge else ())) if contract]
    lines = proposed_lines(taken, _targets(company) if targets is None else targets)
    kind = _kind(taken, lines)
    target_date = min((c.end_date for c in taken), default=today + timedelta(days=WITHOUT_CONTRACT_DAYS))
    act_by = min((c.act_by for c in taken if c.act_by), default=target_date)
    return Proposal(
        kind=kind, title=f"{DealKind(kind).label}: {company.short_name or company.name}"[:200], target_date=max(target_date, today),
        contracts=taken, mergeable=[] if merge else others, lines=lines, steps=cadence(act_by, today),
        procurement_type=nearest.procurement_type if nearest else None,
    )  # fmt: skip


def renewable_contracts(company: Company) -> QuerySet[Contract]:
    """Running contracts that no open deal renews yet, by act-by."""
    busy = Deal.objects.open().filter(renewals__contract__company=company)
    free = running_contracts().filter(company=company).exclude(deal_renewals__deal__in=busy)
    return free.select_related("company", "procurement_type").order_by("act_by", "-amount", "pk")


def proposed_lines(contracts: Iterable[Contract], targets: Mapping[str, int]) -> list[ProposedLine]:
    """Paid lines by product and end user; what the targets add comes on top of the payer's own seats."""
    sold = LicenceLine.objects.filter(contract__in=list(contracts), kind=LineKind.PAID)
    found: dict[tuple[int, int | None], list[LicenceLine]] = {}
    for line in sold.select_related("product", "end_user_company").order_by("product__position", "pk"):
        found.setdefault((line.product_id, line.end_user_company_id), []).append(line)
    lines = [_line(rows, targets) for rows in found.values()]
    owned = {line.product.code for line in lines}
    wanted = [code for code, seats in targets.items() if seats > 0 and code not in owned]
    for product in Product.objects.filter(code__in=wanted, is_licensable=True, active=True):
        lines.append(
            ProposedLine(product, 0, targets[product.code], product.list_price_year or Decimal(0), Decimal(0))
        )
    return lines


def cadence(act_by: date, today: date) -> list[Step]:
    """Steps dated back from act-by; of those whose day has passed the first is due today, and late documents too."""
    calendar = load_calendar()
    steps = [Step(words(), calendar.subtract(act_by, days)) for days, words in CADENCE]
    late = [step for step in steps if step.due_on < today]
    ahead = [step for step in steps if step.due_on >= today]
    first_day = calendar.add(today, 0)
    due_now = [late[0], *([] if ahead else late[-1:])] if late else []
    return [*(Step(step.title, first_day) for step in due_now), *ahead]


def targets_said(asked: Mapping[str, str]) -> dict[str, int] | None:
    """Seats by product as another page proposes them in the address; None when it says nothing."""
    said = {
        name.removeprefix(TARGET): int(value)
        for name, value in asked.items()
        if name.startswith(TARGET) and value.isdecimal() and len(value) < 7
    }
    return said or None


def _targets(company: Company) -> dict[str, int]:
    rows = PotentialEstimate.objects.filter(company=company).values_list("product__code", "target_seats")
    return dict(rows)


def _line(rows: list[LicenceLine], targets: Mapping[str, int]) -> ProposedLine:
    first, seats = rows[0], sum(row.seats for row in rows)
    target = targets.get(first.product.code, 0) if first.end_user_company_id is None else 0
    price = first.price_per_unit or first.product.list_price_year or Decimal(0)
    amount = sum((row.amount for row in rows), Decimal(0))
    return ProposedLine(first.product, seats, max(seats, target), price, amount, first.end_user_company)


def _kind(contracts: list[Contract], lines: list[ProposedLine]) -> str:
    grows = any(line.seats_new > line.seats_current for line in lines)
    if not contracts:
        return str(DealKind.CROSS_SELL)
    return str(DealKind.RENEWAL_UPSELL if grows else DealKind.RENEWAL)
