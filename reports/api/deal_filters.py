"""Filters by deals and documents (domain.md §7); those by documents need the scope of documents."""

from typing import Any

from django.db.models import Exists, OuterRef, QuerySet
from django_filters import rest_framework as filters

from deals.enums import Approval, DocumentType, Edo
from deals.models import Deal, Document
from reports.api.company_filters import OfCompany
from upsell_crm.core.api.filters import MomentFilter, YesNoFilter
from upsell_crm.core.api.permissions import require_scopes
from upsell_crm.core.api.scopes import ApiScope

DOCUMENTS = frozenset({ApiScope.DOCUMENTS_READ})
ON_PAPER = "paper"
_EDO = [*Edo.choices, (ON_PAPER, "not exchanged electronically")]
_NEEDS = "Needs the scope `documents:read`."


class OfDeals(filters.FilterSet):
    """What narrows contracts by their deal and their documents."""

    has_open_deal = YesNoFilter(
        method="by_open_deal", help_text="An open deal renews the contract or has brought it about."
    )
    approval = filters.MultipleChoiceFilter(
        choices=Approval.choices, method="by_document",
        help_text=f"It has a document in this state of approval; may be repeated. {_NEEDS}",
    )  # fmt: skip
    edo = filters.MultipleChoiceFilter(
        choices=_EDO, method="by_document",
        help_text=f"It has a document in this state of the exchange, `paper` = on paper; may be repeated. {_NEEDS}",
    )  # fmt: skip

    def by_open_deal(self, rows: QuerySet, name: str, is_wanted: bool) -> QuerySet:
        about = Exists(Deal.objects.about(OuterRef("pk")))
        return rows.filter(about if is_wanted else ~about)

    def by_document(self, rows: QuerySet, name: str, values: list[str]) -> QuerySet:
        require_scopes(self.request, DOCUMENTS)
        documents = Document.objects.filter(contract=OuterRef("pk"))
        return rows.filter(Exists(narrowed(documents, name, values)))


class DocumentFilters(OfCompany):
    """Filters of /documents/; all of them may be combined."""

    PATH = "deal__company__"

    type = filters.MultipleChoiceFilter(choices=DocumentType.choices, help_text="Type; may be repeated.")
    approval = filters.MultipleChoiceFilter(
        choices=Approval.choices, help_text="State of approval; may be repeated."
    )
    edo = filters.MultipleChoiceFilter(
        choices=_EDO, method="by_edo", help_text="State of the exchange, `paper` = on paper; may be repeated."
    )
    deal = filters.UUIDFilter(field_name="deal__public_id", help_text="Identifier of the deal.")
    contract = filters.UUIDFilter(field_name="contract__public_id", help_text="Identifier of the contract.")
    number = filters.CharFilter(help_text="Number of the document, exactly.")
    updated_since = MomentFilter(
        field_name="updated_at",
        lookup_expr="gte",
        help_text="On or after this moment, RFC 3339 with an offset. Rows come in the order of change, with a `watermark`.",
    )

    class Meta:
        model = Document
        fields: list[str] = []

    def by_edo(self, rows: QuerySet, name: str, values: list[str]) -> QuerySet:
        return narrowed(rows, name, values)


def narrowed(documents: QuerySet[Any], name: str, values: list[str]) -> QuerySet[Any]:
    """Documents in one of these states; `paper` is the empty state of the exchange."""
    known = documents.filter(**{f"{name}__in": [word for word in values if word != ON_PAPER]})
    return known | documents.filter(edo=None) if ON_PAPER in values else known
