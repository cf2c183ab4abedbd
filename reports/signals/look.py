"""What the rules look at: some companies on one day, their shared facts read once, and what a rule finds."""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from functools import cached_property
from typing import Any

from django.db.models import Max, Q
from django.utils import timezone

from accounts.enums import ContactState, DecisionRole
from accounts.models import ContactRole, ContactStrength, Interaction, UsageSnapshot
from accounts.queries import seats_on
from trainings.enums import TOOK_PLACE
from trainings.models import Trainee
from upsell_crm.core import clock

YEAR = timedelta(days=365)  # as long a training counts, as in the ranking (domain.md §4.3)

Cell = tuple[int, str]  # company id, product code
Evidence = dict[str, Any]


@dataclass(frozen=True, slots=True)
class Finding:
    """One reason to call one client; `evidence` holds JSON values only, dates as ISO text."""

    company_id: int
    subject: str
    evidence: Evidence
    severity: int = 0


@dataclass(frozen=True, slots=True)
class Trained:
    """One person who attended trainings on a product; `has_begun` is None while nobody has told."""

    last_on: date
    has_begun: bool | None


@dataclass(frozen=True, slots=True)
class Maker:
    """A role ЛПР, present or past, with what is known of the person."""

    contact_id: int
    is_key: bool
    is_working: bool
    left_on: date | None
    valid_from: date | None
    valid_to: date | None


@dataclass(frozen=True)
class Look:
    """Companies on a day. What several rules read is a property here, asked of the database at most once."""

    company_ids: Sequence[int]
    as_of: date
    valid_days: Mapping[str, int]
    products: Mapping[int, str]  # licensable ones, id → code

    @cached_property
    def seats(self) -> dict[Cell, int]:
        """Paid seats that count on the day, each once and at its end user (§4.10.14)."""
        found = seats_on(self.company_ids, self.as_of)
        return {
            (company_id, self.products[product_id]): number
            for company_id, products in found.items()
            for product_id, number in products.items()
            if product_id in self.products
        }

    @cached_property
    def usage(self) -> dict[Cell, tuple[date, int]]:
        """The last snapshot of active users that is still fresh: its day and number. An old one says nothing."""
        fresh_after = self.as_of - timedelta(days=self.valid_days["users"])
        rows = UsageSnapshot.objects.filter(
            company__in=self.company_ids, as_of__gt=fresh_after, as_of__lte=self.as_of
        ).order_by("as_of", "pk")
        return {
            (company_id, self.products[product_id]): (day, active)
            for company_id, product_id, day, active in rows.values_list(
                "company_id", "product_id", "as_of", "active_users_30d"
            )
            if product_id in self.products
        }

    @cached_property
    def trained(self) -> dict[Cell, list[Trained]]:
        """Who attended trainings of the last year by product, each person once; who has left does not count."""
        people: dict[Cell, dict[Any, Trained]] = defaultdict(dict)
        for company_id, product_id, contact_id, name, at, has_begun in self._trainees():
            cell = people[company_id, self.products[product_id]]
            known = cell.get(contact_id or name)
            begun = has_begun if known is None else _either(known.has_begun, has_begun)
            cell[contact_id or name] = Trained(_day(at), begun)
        return {cell: list(found.values()) for cell, found in people.items()}

    def _trainees(self) -> Any:
        began, ended = clock.bounds(self.as_of - YEAR)[0], clock.day_end(self.as_of)
        rows = Trainee.objects.filter(
            Q(contact=None) | ~Q(contact__state=ContactState.LEFT), attended=True,
            training__company__in=self.company_ids, training__product__in=self.products,
            training__state__in=TOOK_PLACE, training__starts_at__range=(began, ended),
        )  # fmt: skip
        return rows.order_by("training__starts_at", "pk").values_list(
            "training__company_id", "training__product_id", "contact_id", "name", "training__starts_at",
            "activated_30d",
        )  # fmt: skip

    @cached_property
    def makers(self) -> dict[int, list[Maker]]:
        """All roles ЛПР by company, past ones too."""
        found: dict[int, list[Maker]] = defaultdict(list)
        rows = ContactRole.objects.filter(company__in=self.company_ids, role=DecisionRole.DM)
        for company_id, contact_id, is_key, state, left_on, gone_at, *valid in rows.order_by("pk").values_list(
            "company_id", "contact_id", "is_key", "contact__state", "contact__left_on", "contact__anonymised_at",
            "valid_from", "valid_to",
        ):  # fmt: skip
            is_working = state != ContactState.LEFT and gone_at is None
            found[company_id].append(Maker(contact_id, is_key, is_working, left_on, *valid))
        return found

    @cached_property
    def last_talks(self) -> dict[int, date]:
        """The last two-way contact of each ЛПР with any of us, by logged talks and by what colleagues entered."""
        ids = {maker.contact_id for makers in self.makers.values() for maker in makers}
        found: dict[int, date] = {}
        entered = ContactStrength.objects.filter(contact__in=ids, last_two_way_on__lte=self.as_of).order_by()
        for contact_id, last_on in entered.values_list("contact_id").annotate(last=Max("last_two_way_on")):
            found[contact_id] = last_on
        talks = Interaction.objects.two_way().filter(
            client_people__contact__in=ids,
            client_people__attended=True,
            starts_at__lt=clock.day_end(self.as_of),
        )
        logged = talks.order_by().values_list("client_people__contact").annotate(last=Max("starts_at"))
        for contact_id, at in logged:
            day = _day(at)
            found[contact_id] = max(found.get(contact_id, day), day)
        return found


def _day(moment: datetime) -> date:
    return timezone.localtime(moment).date()


def _either(known: bool | None, more: bool | None) -> bool | None:
    """Begun once is begun; «not yet» stands over «not known»."""
    if known or more:
        return True
    return known if more is None else more
