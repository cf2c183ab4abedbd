"""Company × product for a KAM's portfolio, a team or a holding: rows, order and totals over one filter (product.md §4.6).

A cell's state follows from six kinds of facts, so that rows are filtered, sorted and added up in Python, from the same
cells that the page shows; the number of statements does not depend on the number of companies (decision 0044).
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any

from django.db.models import QuerySet

from accounts.models import Company, Product
from accounts.whitespace import read_whitespace
from deals.product_cells import Cell, CellState, open_deals
from upsell_crm.core.models import User

SHOWN = (  # what a line shows of its client: five thousand of them are read at once
    "public_id", "name", "short_name", "sort_name", "inn", "is_key", "industry", "team__name", "team__code",
    "owner_kam__last_name", "owner_kam__first_name", "owner_kam__username", "owner_kam__is_active",
)  # fmt: skip
ORDERS = ("potential", "seats", "name")  # the first is the default of who may see amounts


@dataclass(frozen=True, slots=True)
class Line:
    """One client across the shown products."""

    company: Company
    cells: list[Cell]
    competitors: list[str]

    @property
    def room(self) -> int:
        """Seats that could be sold on top, over the shown products."""
        return sum(cell.known.room for cell in self.cells)

    @property
    def amount(self) -> Decimal:
        """₽ a year of them at list prices."""
        return sum((cell.known.amount(cell.product) for cell in self.cells), Decimal(0))


@dataclass(frozen=True, slots=True)
class Total:
    """One product over all lines of a filter; amounts in ₽ a year at the list price."""

    product: Product
    owners: int
    seats: int
    target: int
    room: int
    amount: Decimal
    states: dict[CellState, int]

    @property
    def percent(self) -> int | None:
        """Seats of the potential, rounded down; None while nothing is estimated."""
        return 100 * self.seats // self.target if self.target else None


def lines_of(
    companies: QuerySet[Company], products: Sequence[Product], user: User, today: date, state: str = ""
) -> list[Line]:
    """A line per company, those with a cell in `state` when one is asked for; six statements."""
    found = list(companies.select_related("owner_kam", "team").only(*SHOWN).order_by("sort_name", "pk"))
    ids = [company.pk for company in found]
    known, deals = read_whitespace(ids, today), open_deals(ids, user)
    lines = [
        Line(
            company,
            [
                Cell(company, product, known.at(company.pk, product), deals.get((company.pk, product.pk)))
                for product in products
            ],
            known.competitors.get(company.pk, []),
        )
        for company in found
    ]
    return [line for line in lines if not state or any(cell.state == state for cell in line.cells)]


def key_of(order: str) -> Any:
    """The place of a line in an order: unique, without nulls, fit for a cursor."""
    return {
        "potential": lambda line: (-line.amount, line.company.sort_name, line.company.pk),
        "seats": lambda line: (-line.room, line.company.sort_name, line.company.pk),
        "name": lambda line: (line.company.sort_name, line.company.pk),
    }[order]


def totals_of(lines: Iterable[Line], products: Sequence[Product]) -> list[Total]:
    """Each product over all lines: what the page adds up is what its cells show."""
    columns: list[list[Cell]] = [[] for _product in products]
    for line in lines:
        for column, cell in zip(columns, line.cells, strict=True):
            column.append(cell)
    return [_total(product, cells) for product, cells in zip(products, columns, strict=True)]


def _total(product: Product, cells: Sequence[Cell]) -> Total:
    states = [cell.state for cell in cells]
    return Total(
        product,
        owners=sum(cell.seats > 0 for cell in cells),
        seats=sum(cell.seats for cell in cells),
        target=sum(cell.seats + cell.known.room for cell in cells),
        room=sum(cell.known.room for cell in cells),
        amount=sum((cell.known.amount(product) for cell in cells), Decimal(0)),
        states={state: states.count(state) for state in CellState if state in states},
    )
