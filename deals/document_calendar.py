"""The Closer's calendar: until when each deal has to begin, to be procured, to be signed (§6.5). Reads only."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta

from django.db.models import Q, QuerySet
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from accounts.act_by import DealTerms, lead_times
from accounts.services.act_by import Timing, contract_terms, lead_facts
from deals.models import Deal, DealMember, DealRenewal, Document
from upsell_crm.core.models import User

LONGEST = timedelta(
    days=400
)  # between act-by and the last day to begin the procedure: 250 working days at most
MOST = 300  # rows of each kind: the calendar of a closer, not of a base


@dataclass(frozen=True, slots=True)
class Event:
    """One date of one deal; `document` when it is a document's own."""

    day: date
    label: str | Promise
    deal: Deal
    document: Document | None = None
    tone: str = ""


def events(user: User, first: date, last: date, today: date, *, is_mine: bool) -> list[Event]:
    """What falls into a span of days, in order; a constant number of statements."""
    deals = Deal.objects.visible_to(user).filter(closed_at=None)
    documents = Document.objects.visible_to(user).open()
    if is_mine:
        places = DealMember.objects.active_on(today).filter(user=user).values("deal")
        deals = deals.filter(Q(pk__in=places) | Q(responsible_kam=user))
        documents = documents.filter(Q(closer=user) | Q(deal__in=places))
    found = [
        *_renewals(deals, last, today),
        *_targets(deals, first, last),
        *_documents(documents, first, last),
    ]
    within = [event for event in found if first <= event.day <= last]
    return sorted(within, key=lambda event: (event.day, event.deal.pk, str(event.label)))


def _renewals(deals: QuerySet[Deal], last: date, today: date) -> Iterator[Event]:
    """Act-by of the contracts that the deals renew, and when their procedure has to begin (§4.2)."""
    rows = DealRenewal.objects.filter(
        deal__in=deals, contract__act_by__lte=last, contract__act_by__gte=last - LONGEST
    ).select_related("deal__company", "deal__procurement_type", "contract__procurement_type")  # fmt: skip
    renewals = list(rows.order_by("contract__act_by", "pk")[:MOST])
    if not renewals:
        return
    timing = Timing.on(today)
    facts = lead_facts(sorted({row.contract.company_id for row in renewals}), timing)
    for row in renewals:
        begins = row.contract.act_by
        assert begins is not None  # by the filter
        yield Event(begins, _("begin the approval"), row.deal, tone="warn")
        code = row.deal.procurement_type.code if row.deal.procurement_type else ""
        terms = contract_terms(row.contract)
        lead = lead_times(
            facts[row.contract.company_id],
            terms,
            DealTerms(code, row.deal.amount or None),
            timing.rules,
            today,
        )
        if lead.procurement_bd:
            yield Event(
                timing.calendar.add(begins, lead.approval_bd),
                _("begin the procurement"),
                row.deal,
                tone="warn",
            )


def _targets(deals: QuerySet[Deal], first: date, last: date) -> Iterator[Event]:
    for deal in (
        deals.filter(target_date__range=(first, last))
        .select_related("company")
        .order_by("target_date", "pk")[:MOST]
    ):
        yield Event(deal.target_date, _("to be signed"), deal, tone="bad")


def _documents(documents: QuerySet[Document], first: date, last: date) -> Iterator[Event]:
    wanted = Q(due_on__range=(first, last)) | Q(promised_on__range=(first, last))
    for document in documents.filter(wanted).select_related("deal__company").order_by("pk")[:MOST]:
        if document.promised_on:
            yield Event(document.promised_on, _("promised by the client"), document.deal, document)
        if document.due_on:
            yield Event(document.due_on, _("document is due"), document.deal, document)
