"""Deals as the ranking sees them: which of them cover the companies of a span, and how they go (domain.md 4.5, 4.9).

A deal covers the contracts that it renews, whoever pays for them; a holding deal covers its company and all below it.
"""

from collections import defaultdict
from collections.abc import Collection
from datetime import date
from typing import Any

from django.db.models import Exists, OuterRef, QuerySet, Subquery

from accounts.act_by import DealTerms
from accounts.models import Interaction, Task
from accounts.models.company import MAX_DEPTH
from deals.document_terms import overdue
from deals.enums import CLOSED_STAGES, DealKind, DealStage
from deals.models import Deal, DealRenewal, Document
from reports.facts import DealFacts
from reports.spans import Span
from upsell_crm.core.clock import bounds, local_date

Covered = dict[int, dict[int, list[int]]]
"""company id → deal id → contracts of the company that this deal renews; none by a holding deal."""


def read_deals(span: Span, as_of: date) -> dict[int, list[DealFacts]]:
    """The open deals over each company of the span, by three statements."""
    covered: Covered = defaultdict(dict)
    for company_id, contract_id, deal_id in _renewals(span):
        covered[company_id].setdefault(deal_id, []).append(contract_id)
    for company_id, deal_id in _holding_deals(span):
        covered[company_id].setdefault(deal_id, [])
    if not covered:
        return {}
    states = _states({deal_id for deals in covered.values() for deal_id in deals}, as_of)
    return {
        company_id: [
            DealFacts(deal_id, contract_ids=contract_ids, **states[deal_id])
            for deal_id, contract_ids in deals.items()
            if deal_id in states
        ]
        for company_id, deals in covered.items()
    }


def read_rejected(span: Span) -> set[int]:
    """Companies of the span with a rejected document in an open deal: of the deal itself, or of their contract."""
    rejected = Document.objects.rejected().order_by()
    by_deal = rejected.filter(span.of("deal__company_id")).values_list("deal__company_id", "deal__stage")
    by_contract = rejected.filter(span.of("contract__company_id"))
    both = by_deal.union(by_contract.values_list("contract__company_id", "deal__stage"), all=True)
    return {company_id for company_id, stage in both if stage not in CLOSED_STAGES}


def read_late(span: Span, as_of: date) -> set[int]:
    """Companies of the span with a document of an open deal that stands longer than the norm on the day (§6.2)."""
    documents = Document.objects.filter(span.of("deal__company_id")).select_related(
        "deal__company", "deal__procurement_type"
    )
    standing = [document for document in documents.timed().order_by("pk") if document.deal.is_open]
    return {document.deal.company_id for document in overdue(standing, as_of)} if standing else set()


# Below the stage is asked here, not in SQL: by a filter on it a planner prefers the index of the stages.


def _renewals(span: Span) -> list[tuple[int, int, int]]:
    rows = DealRenewal.objects.filter(span.of("contract__company_id")).order_by("pk")
    fields = ("contract__company_id", "contract_id", "deal_id", "deal__stage")
    return [tuple(row) for *row, stage in rows.values_list(*fields) if stage not in CLOSED_STAGES]


def _holding_deals(span: Span) -> set[tuple[int, int]]:
    """(company, deal) for the company of the deal and each level below it, in one statement."""
    levels = [
        _holding_deals_of("company__" + "children__" * depth + "pk", span) for depth in range(MAX_DEPTH)
    ]
    rows = levels[0].union(*levels[1:], all=True)
    return {(company_id, deal_id) for company_id, deal_id, stage in rows if stage not in CLOSED_STAGES}


def _holding_deals_of(path: str, span: Span) -> QuerySet[Deal, tuple[Any, ...]]:
    deals = Deal.objects.filter(span.of(path), kind=DealKind.HOLDING).order_by()
    return deals.values_list(path, "pk", "stage")


def _states(deal_ids: Collection[int], as_of: date) -> dict[int, dict[str, Any]]:
    """What the formula asks about each deal that was open by the day."""
    own = OuterRef("pk")
    overdue = Task.objects.overdue_on(as_of).filter(deal_link__deal=own)
    talks = Interaction.objects.held().filter(deal_links__deal=own, starts_at__lte=bounds(as_of)[1])
    last = talks.order_by("-starts_at").values("starts_at")[:1]
    rows = (
        Deal.objects.filter(pk__in=deal_ids, opened_on__lte=as_of)
        .order_by("pk")
        .annotate(is_overdue=Exists(overdue), talked_at=Subquery(last))
        .values_list(
            "pk", "title", "stage", "kind", "opened_on", "next_step_on", "procurement_type__code", "amount",
            "is_overdue", "talked_at",
        )
    )  # fmt: skip
    return {deal_id: _state(*row) for deal_id, *row in rows}


def _state(
    title: str, stage: str, kind: str, opened_on: date, next_step_on: date | None, procurement_type: str | None,
    amount: Any, is_overdue: bool, talked_at: Any,
) -> dict[str, Any]:  # fmt: skip
    return {
        "title": title,
        "opened_on": opened_on,
        # Nobody works on a paused deal: what was planned before the pause is no next step (decision 0040).
        "next_step_on": None if stage == DealStage.HOLD else next_step_on,
        "terms": DealTerms(procurement_type or "", amount or None),  # a deal without lines has no amount yet
        "has_overdue_task": is_overdue,
        "last_interaction_on": local_date(talked_at),
        "is_holding": kind == DealKind.HOLDING,
    }
