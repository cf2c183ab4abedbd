"""Deals and documents of the API for reading (domain.md §7)."""

from typing import Any, ClassVar

from django.db.models import QuerySet
from drf_spectacular.utils import extend_schema
from rest_framework.request import Request
from rest_framework.response import Response

from deals.models import Deal, Document
from reports.api.deal_filters import DOCUMENTS, DocumentFilters
from reports.api.serializers.deals import DealSerializer, DocumentSerializer
from upsell_crm.core.api.scopes import ApiScope
from upsell_crm.core.api.views import ApiCard, ApiList, ApiView


class DealCard(ApiCard):
    """One deal: stage, responsible, lines; no notes."""

    serializer_class = DealSerializer
    required_scopes = frozenset({ApiScope.DEALS_READ})
    schema_tag = "deals"

    def get_queryset(self) -> QuerySet[Deal]:
        deals = Deal.objects.select_related("company", "team", "responsible_kam", "procurement_type")
        return deals.prefetch_related(
            "lines__product", "lines__end_user_company", "renewals__contract", "made_contracts__contract"
        )

    @extend_schema(operation_id="deals_card")
    def get(self, request: Request, *args: Any, **kwargs: Any) -> Response:
        return super().get(request, *args, **kwargs)


class _Documents(ApiView):
    """What the list and the card of documents read: two statements."""

    serializer_class = DocumentSerializer
    required_scopes = DOCUMENTS
    schema_tag = "documents"

    def get_queryset(self) -> QuerySet[Document]:
        return Document.objects.select_related("deal__company", "contract")


class DocumentList(_Documents, ApiList):
    """Documents of deals by filters."""

    filterset_class = DocumentFilters
    orderings: ClassVar = {"": [], "updated_at": ["updated_at"], "-updated_at": ["-updated_at"]}

    @extend_schema(operation_id="documents_list", responses=DocumentSerializer(many=True))
    def get(self, request: Request, *args: Any, **kwargs: Any) -> Response:
        return super().get(request, *args, **kwargs)


class DocumentCard(_Documents, ApiCard):
    """One document."""

    @extend_schema(operation_id="documents_card")
    def get(self, request: Request, *args: Any, **kwargs: Any) -> Response:
        return super().get(request, *args, **kwargs)
