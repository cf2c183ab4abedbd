"""Segments of marketing: people of the companies under filters, and why some of them are left out (R89, §6.7)."""

from dataclasses import dataclass
from functools import cached_property
from typing import Any

from django.db.models import Case, CharField, Count, Exists, OuterRef, Q, QuerySet, Value, When
from django.http import QueryDict
from django.utils.translation import gettext as _

from accounts.enums import Consent, ContactState
from accounts.models import Company, Contact, ContactRole
from trainings.enums import LeftOut
from trainings.segment_filters import SegmentFilter
from upsell_crm.core.errors import DomainError
from upsell_crm.core.models import User

# The one rule of consent (docs/decisions/0045): a «yes» that was given, a person who works there, an address.
MAY_BE_INVITED = (
    Q(anonymised_at=None, consent_mailing=Consent.YES) & ~Q(state=ContactState.LEFT) & ~Q(email="")
)
REASON = Case(
    When(anonymised_at__isnull=False, then=Value(LeftOut.ANONYMISED)),
    When(state=ContactState.LEFT, then=Value(LeftOut.LEFT)),
    When(consent_mailing=Consent.NO, then=Value(LeftOut.REFUSED)),
    When(~Q(consent_mailing=Consent.YES), then=Value(LeftOut.UNKNOWN)),
    When(email="", then=Value(LeftOut.NO_ADDRESS)),
    default=Value(""),
    output_field=CharField(),
)


@dataclass(frozen=True, slots=True)
class Counts:
    """How many people a segment reaches, in how many companies, and who is left out by reason."""

    people: int
    companies: int
    excluded: dict[str, int]

    @property
    def left_out(self) -> int:
        return sum(self.excluded.values())

    @property
    def lines(self) -> list[tuple[str, int]]:
        """Reason in words, number; only those that occur."""
        return reasons_in_words(self.excluded)


class Segment:
    """The people behind an address of the segment page, as one person may reach them."""

    def __init__(self, by: User, asked: QueryDict) -> None:
        self.by = by
        companies = Company.objects.visible_to(by)
        self.filter = SegmentFilter(asked, companies, by=by)

    def check(self) -> None:
        """A filter that was typed wrong narrows nothing on a page; it must not send letters to everybody."""
        if not self.filter.form.is_valid():
            raise DomainError("bad_filter", _("A filter is typed wrong: correct it first."))

    @cached_property
    def contacts(self) -> QuerySet[Contact]:
        """Everybody in it, whatever he thinks of letters."""
        people = Contact.objects.filter(company__in=self.filter.qs.order_by().values("pk"))
        if role := self.filter.in_use.get("role"):
            roles = ContactRole.objects.filter(contact=OuterRef("pk"), role=role, valid_to=None)
            people = people.filter(Exists(roles))
        return people

    @property
    def reachable(self) -> QuerySet[Contact]:
        """Who may be written to."""
        return self.contacts.filter(MAY_BE_INVITED)

    def counts(self) -> Counts:
        """One statement, whatever the size."""
        return counts_of(self.contacts)


def counts_of(contacts: QuerySet[Contact]) -> Counts:
    """People by reason of being left out; none of these reasons = reached."""
    rows = (
        contacts.order_by().annotate(reason=REASON).values("reason")
        .annotate(people=Count("pk"), companies=Count("company", distinct=True))
    )  # fmt: skip
    found: dict[str, Any] = {row["reason"]: row for row in rows}
    reached = found.pop("", {"people": 0, "companies": 0})
    excluded = {reason: found[reason]["people"] for reason in LeftOut.values if reason in found}
    return Counts(reached["people"], reached["companies"], excluded)


def reasons_in_words(excluded: dict[str, int]) -> list[tuple[str, int]]:
    """«refused mailings», 12."""
    labels = dict(LeftOut.choices)
    return [(str(labels[reason]), number) for reason, number in excluded.items() if number]
