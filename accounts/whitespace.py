"""What a client owns, could use, wants and refuses of each product, and who else sells it there (R12, R13, §0.8).

The cells of every matrix of the product come from here: departments of a company, companies of a portfolio, ДЗО of a
holding. Reads only, a fixed number of statements whatever the number of companies.
"""

from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date
from decimal import Decimal

from django.db.models import Exists, OuterRef, Q
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from accounts.enums import InterestLevel, ObjectionCategory, ObjectionState
from accounts.models import DepartmentInterest, Interaction, Objection, PotentialEstimate, Product
from accounts.queries import seats_on

SOMEBODY: Promise = _("a competitor")  # an objection tells of one without a name


@dataclass(frozen=True, slots=True)
class Whitespace:
    """One product at one client. `target` None = nobody has estimated; `level` None = no department has said.

    `level` is the strongest last word of its departments, so 0 means: all that were asked have refused.
    """

    seats: int = 0
    target: int | None = None
    level: int | None = None
    competitor: str = ""

    @property
    def room(self) -> int:
        """Seats that could be sold on top of the owned ones (§4.3: max(0, target − seats))."""
        return max(0, (self.target or 0) - self.seats)

    @property
    def is_full(self) -> bool:
        """All that the client could use is owned."""
        return self.target is not None and self.seats > 0 and not self.room

    @property
    def is_wanted(self) -> bool:
        """Some department said that it is interested; a weak interest is worth a mark, not a call."""
        return (self.level or 0) >= InterestLevel.PRESENT

    @property
    def is_refused(self) -> bool:
        """The last words of the departments are refusals."""
        return self.level == InterestLevel.REFUSED

    @property
    def interest(self) -> str:
        """The level in words."""
        return "" if self.level is None else str(InterestLevel(self.level).label)

    def amount(self, product: Product) -> Decimal:
        """₽ a year of the room at the list price."""
        return self.room * product.list_price_year


NOTHING_KNOWN = Whitespace()


@dataclass(frozen=True, slots=True)
class Map:
    """(company, product) → what is known; names of competitors by company, whatever product they were named for."""

    cells: dict[tuple[int, int], Whitespace] = field(default_factory=dict)
    competitors: dict[int, list[str]] = field(default_factory=dict)

    def at(self, company_id: int, product: Product) -> Whitespace:
        """The cell; a product that cannot be licensed is no whitespace (§0.8)."""
        return (
            self.cells.get((company_id, product.pk), NOTHING_KNOWN)
            if product.is_licensable
            else NOTHING_KNOWN
        )


def read_whitespace(
    company_ids: Iterable[int], today: date, owned: Mapping[int, Mapping[int, int]] | None = None
) -> Map:
    """Seats of the day, estimates, last words of departments, competitors; four statements, three with `owned` at hand."""
    ids = list(company_ids)
    cells: dict[tuple[int, int], Whitespace] = defaultdict(Whitespace)
    for company_id, seats in (seats_on(ids, today) if owned is None else owned).items():
        for product_id, number in seats.items():
            cells[company_id, product_id] = Whitespace(seats=number)
    targets = PotentialEstimate.objects.filter(company__in=ids).order_by()
    for company_id, product_id, target in targets.values_list("company", "product", "target_seats"):
        cells[company_id, product_id] = replace(cells[company_id, product_id], target=target)
    for place, level in strongest_words(ids).items():
        cells[place] = replace(cells[place], level=level)
    competitors, named = _competitors(ids)
    for place, name in named.items():
        cells[place] = replace(cells[place], competitor=name)
    return Map(dict(cells), competitors)


def strongest_words(company_ids: Collection[int]) -> dict[tuple[int, int], int]:
    """(company, product) → the strongest of the last words of its departments. One statement."""
    said = DepartmentInterest.objects.filter(department__company__in=company_ids).order_by("as_of", "pk")
    last: dict[tuple[int, int, int], int] = {}
    for company_id, department_id, product_id, level in said.values_list(
        "department__company", "department", "product", "level"
    ):
        last[company_id, department_id, product_id] = level
    strongest: dict[tuple[int, int], int] = {}
    for (company_id, _department_id, product_id), level in last.items():
        strongest[company_id, product_id] = max(level, strongest.get((company_id, product_id), level))
    return strongest


def about_product(company_ids: Collection[int], product: Product) -> Q:
    """The communications behind a cell: feedback on the product, or a department's word about it (R13)."""
    said = DepartmentInterest.objects.filter(department__company__in=company_ids, product=product)
    shown = Interaction.objects.filter(feedback__product=product, company__in=company_ids)
    return Q(pk__in=said.values("interaction")) | Q(pk__in=shown.order_by().values("pk"))


def _competitors(ids: Sequence[int]) -> tuple[dict[int, list[str]], dict[tuple[int, int], str]]:
    """Who was named at each client, and the last name for each product that the talk was about."""
    objected = Objection.objects.filter(
        interaction=OuterRef("pk"), category=ObjectionCategory.COMPETITOR, state=ObjectionState.OPEN
    )
    talks = (
        Interaction.objects.standing()
        .filter(~Q(competitor="") | Exists(objected), company__in=ids)
        .order_by("starts_at", "pk")
        .values_list("company_id", "competitor", "feedback__product")
    )
    by_company: dict[int, dict[str, None]] = defaultdict(dict)
    by_product: dict[tuple[int, int], str] = {}
    for company_id, name, product_id in talks:
        by_company[company_id][name or str(SOMEBODY)] = None
        if product_id is not None:
            by_product[company_id, product_id] = name or str(SOMEBODY)
    return {company_id: list(names) for company_id, names in by_company.items()}, by_product
