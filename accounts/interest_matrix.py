"""Department × product: what is owned, wanted, refused or unknown, built from communications (R12, R13)."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from django.db.models import F, Window
from django.db.models.functions import RowNumber

from accounts.enums import InterestLevel
from accounts.models import Company, Department, DepartmentInterest, Product
from accounts.whitespace import Whitespace, read_whitespace


@dataclass(frozen=True, slots=True)
class Cell:
    """The last word of a department about a product; `level` None = nobody has asked."""

    product: Product
    level: InterestLevel | None
    as_of: date | None

    @property
    def tone(self) -> str:
        return {None: "", 0: "bad", 1: "", 2: "good", 3: "good"}[self.level]


@dataclass(frozen=True, slots=True)
class MatrixRow:
    """One department across all products."""

    department: Department
    cells: list[Cell]


@dataclass(frozen=True, slots=True)
class Heading:
    """One product over all departments of the client."""

    product: Product
    known: Whitespace

    @property
    def amount(self) -> Decimal:
        """₽ a year of what could be sold on top."""
        return self.known.amount(self.product)


def headings(company: Company, products: Sequence[Product], today: date) -> tuple[list[Heading], list[str]]:
    """What is known of each product at the client, and the competitors that were named there."""
    known = read_whitespace([company.pk], today)
    return (
        [Heading(product, known.at(company.pk, product)) for product in products],
        known.competitors.get(company.pk, []),
    )


def interest_matrix(company: Company, products: Sequence[Product]) -> list[MatrixRow]:
    """One row per department; two statements."""
    last = last_words(company)
    return [
        MatrixRow(department, [_cell(product, last.get((department.pk, product.pk))) for product in products])
        for department in company.departments.all()
    ]


def last_words(company: Company) -> dict[tuple[int, int], DepartmentInterest]:
    """(department, product) → what the department said last. One statement."""
    newest = Window(
        RowNumber(),
        partition_by=[F("department"), F("product")],
        order_by=[F("as_of").desc(), F("pk").desc()],
    )
    said = (
        DepartmentInterest.objects.filter(department__company=company).annotate(place=newest).filter(place=1)
    )
    return {(row.department_id, row.product_id): row for row in said.order_by("pk")}


def _cell(product: Product, said: DepartmentInterest | None) -> Cell:
    if said is None:
        return Cell(product, None, None)
    return Cell(product, InterestLevel(said.level), said.as_of)
