"""The addresses of the API for reading (domain.md §7). BackOffice sees all clients, so does its system."""

from datetime import date
from functools import cached_property
from typing import Any, ClassVar

from django.db import connection
from django.db.models import Prefetch, QuerySet
from django.shortcuts import get_object_or_404
from django.utils.translation import override
from drf_spectacular.utils import extend_schema
from drf_spectacular.views import SpectacularAPIView, SpectacularSwaggerSplitView
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response

from accounts.calendar import expiring_until
from accounts.enums import ContactState
from accounts.models import Company, Contact, Contract, LicenceLine
from deals.models import Document
from reports.api import examples
from reports.api.filters import CompanyFilters, ContractFilters, ExistingClientFilters, RenewalFilters
from reports.api.serializers.companies import CompanySerializer
from reports.api.serializers.contracts import (
    ContractSerializer,
    RenewalSerializer,
    StatusChangeSerializer,
    StatusSerializer,
)
from reports.api.serializers.existing_clients import ExistingClientSerializer
from reports.client_feed import feed_page
from reports.contract_deals import with_open_deals
from reports.models import ClientRow, ClientSeats
from upsell_crm.core import clock
from upsell_crm.core.api.scopes import ApiScope
from upsell_crm.core.api.views import ApiCard, ApiList, ApiView
from upsell_crm.core.models import AuditEvent

CONTRACTS = frozenset({ApiScope.CONTRACTS_READ})
COMPANIES = frozenset({ApiScope.COMPANIES_READ})
CONTACTS = frozenset({ApiScope.CONTACTS_READ})
DOCUMENTS = frozenset({ApiScope.DOCUMENTS_READ})
_BY_DATES = {
    "": [], "updated_at": ["updated_at"], "-updated_at": ["-updated_at"], "end_date": ["end_date"],
    "-end_date": ["-end_date"], "act_by": ["act_by"], "-act_by": ["-act_by"],
}  # fmt: skip


class _Contracts(ApiView):
    """What lists and cards of contracts read: three statements, and one more for each nested part."""

    serializer_class = ContractSerializer
    required_scopes = CONTRACTS
    expandable: ClassVar = {"licences": frozenset(), "documents": DOCUMENTS}
    schema_tag = "contracts"

    def get_queryset(self) -> QuerySet[Contract]:
        known = Contract.objects.with_renewed_by().select_related(
            "company__head", "procurement_type", "renews"
        )
        contracts = with_open_deals(known)
        if "licences" in self.expanded:
            lines = LicenceLine.objects.select_related("product", "end_user_company").order_by("pk")
            contracts = contracts.prefetch_related(Prefetch("lines", lines))
        if "documents" in self.expanded:
            documents = Document.objects.order_by("pk")
            contracts = contracts.prefetch_related(Prefetch("documents", documents))
        return contracts

    @cached_property
    def today(self) -> date:
        """The business date that the records are told on."""
        return clock.today()

    @cached_property
    def expiring_until(self) -> date:
        """Contracts to be begun until this day are expiring; one statement."""
        return expiring_until(self.today)


class ContractList(_Contracts, ApiList):
    """Contracts by filters, all of which may be combined. Lines and documents come by `expand`."""

    filterset_class = ContractFilters
    orderings = _BY_DATES

    @extend_schema(operation_id="contracts_list", responses=ContractSerializer(many=True))
    def get(self, request: Request, *args: Any, **kwargs: Any) -> Response:
        return super().get(request, *args, **kwargs)


class ContractCard(_Contracts, ApiCard):
    """One contract, with its licences, and its documents for a token with `documents:read`."""

    @cached_property
    def expanded(self) -> frozenset[str]:
        """A card is as whole as the token allows, unless it was asked for by fields."""
        asked = super().expanded
        client: Any = self.request.auth
        allowed = {part for part, scopes in self.expandable.items() if scopes <= set(client.scopes)}
        return asked if "fields" in self.request.query_params else asked | allowed

    @extend_schema(operation_id="contracts_card")
    def get(self, request: Request, *args: Any, **kwargs: Any) -> Response:
        return super().get(request, *args, **kwargs)


class ContractStatusCard(ApiCard):
    """The state and the version of one contract, for frequent polling: the ETag is the version."""

    serializer_class = StatusSerializer
    required_scopes = CONTRACTS
    is_selectable = False
    schema_tag = "contracts"

    def get_queryset(self) -> QuerySet[Contract]:
        return Contract.objects.only("public_id", "status", "status_changed_at", "version")

    @extend_schema(operation_id="contracts_status")
    def get(self, request: Request, *args: Any, **kwargs: Any) -> Response:
        contract = self.get_object()
        return Response(self.get_serializer(contract).data, headers={"ETag": f'"{contract.version}"'})


class ContractHistory(ApiList):
    """Changes of the state of one contract, the latest first."""

    serializer_class = StatusChangeSerializer
    required_scopes = CONTRACTS
    filter_backends = []
    orderings: ClassVar = {"": ["-id"]}
    schema_tag = "contracts"

    def get_queryset(self) -> QuerySet[AuditEvent]:
        contract = get_object_or_404(Contract.objects.only("pk"), public_id=self.kwargs["id"])
        events = AuditEvent.objects.filter(object_type=Contract._meta.label_lower, object_id=contract.pk)
        return events.filter(changes__has_key="status")

    @extend_schema(operation_id="contracts_history", responses=StatusChangeSerializer(many=True))
    def get(self, request: Request, *args: Any, **kwargs: Any) -> Response:
        return super().get(request, *args, **kwargs)


class RenewalList(_Contracts, ApiList):
    """Contracts due for renewal in a period: they sell something, end in it and nothing in force renews them."""

    serializer_class = RenewalSerializer
    filterset_class = RenewalFilters
    orderings = {"": ["end_date"], **_BY_DATES}
    schema_tag = "renewals"

    def get_queryset(self) -> QuerySet[Contract]:
        return super().get_queryset().select_related(
            "company__head", "company__owner_kam", "company__team", "procurement_type", "renews"
        )  # fmt: skip

    @extend_schema(operation_id="renewals_list", responses=RenewalSerializer(many=True))
    def get(self, request: Request, *args: Any, **kwargs: Any) -> Response:
        return super().get(request, *args, **kwargs)


class _Companies(ApiView):
    """What lists and cards of companies read: three statements, and one more for people."""

    serializer_class = CompanySerializer
    required_scopes = COMPANIES
    expandable: ClassVar = {"contacts": CONTACTS}
    schema_tag = "companies"

    def get_queryset(self) -> QuerySet[Company]:
        seats = Prefetch("seats", ClientSeats.objects.select_related("product").order_by("pk"))
        rows = ClientRow.objects.current().select_related("run").prefetch_related(seats)
        companies = (
            Company.objects.with_status_on(clock.today())
            .select_related("head", "owner_kam", "team")
            .prefetch_related(Prefetch("client_rows", rows, to_attr="current_rows"))
        )
        if "contacts" not in self.expanded:
            return companies
        people = Contact.objects.filter(anonymised_at=None).exclude(state=ContactState.LEFT)
        people = people.order_by("last_name", "first_name", "pk")
        return companies.prefetch_related(Prefetch("contacts", people, to_attr="present_contacts"))


class CompanyList(_Companies, ApiList):
    """Client companies by filters."""

    filterset_class = CompanyFilters
    orderings: ClassVar = {"": [], "updated_at": ["updated_at"], "-updated_at": ["-updated_at"]}

    @extend_schema(operation_id="companies_list", responses=CompanySerializer(many=True))
    def get(self, request: Request, *args: Any, **kwargs: Any) -> Response:
        return super().get(request, *args, **kwargs)


class CompanyCard(_Companies, ApiCard):
    """One client company."""

    @extend_schema(operation_id="companies_card")
    def get(self, request: Request, *args: Any, **kwargs: Any) -> Response:
        return super().get(request, *args, **kwargs)


class ExistingClientList(ApiList):
    """The lines of the current report on existing clients, by name."""

    serializer_class = ExistingClientSerializer
    filterset_class = ExistingClientFilters
    required_scopes = CONTRACTS | COMPANIES
    orderings: ClassVar = {
        "": ["sort_name"], "end_date": ["end_date"], "-end_date": ["-end_date"], "act_by": ["act_by"],
        "-act_by": ["-act_by"],
    }  # fmt: skip
    schema_tag = "reports"

    def get_queryset(self) -> QuerySet[ClientRow]:
        seats = Prefetch("seats", ClientSeats.objects.select_related("product").order_by("product_id"))
        rows = ClientRow.objects.current().prefetch_related(seats)
        return rows.select_related("company__owner_kam", "company__team", "head")

    def shown(self, rows: list[ClientRow]) -> list[dict[str, Any]]:
        return feed_page(rows)

    @extend_schema(operation_id="existing_clients_list", responses=ExistingClientSerializer(many=True))
    def get(self, request: Request, *args: Any, **kwargs: Any) -> Response:
        return super().get(request, *args, **kwargs)


class HealthSerializer(serializers.Serializer):
    """Whether we answer."""

    status = serializers.CharField()


class Health(ApiView):
    """Whether the service and its database answer; needs no token."""

    serializer_class = HealthSerializer
    authentication_classes = []
    permission_classes = []
    throttle_classes = []
    is_selectable = False

    @extend_schema(operation_id="health", examples=[examples.HEALTH])
    def get(self, request: Request) -> Response:
        with connection.cursor() as cursor:
            cursor.execute("SELECT 1")
        return Response({"status": "ok"})


class Schema(SpectacularAPIView):
    """The OpenAPI document: the same words for everybody, public, since it says nothing of our data."""

    http_method_names = ["get", "head"]
    throttle_classes = []

    @extend_schema(exclude=True)
    def get(self, request: Request, *args: Any, **kwargs: Any) -> Response:
        with override("en"):
            return super().get(request, *args, **kwargs)


class SchemaPage(SpectacularSwaggerSplitView):
    """The document as a page to read and try; its script is a file, as the strict CSP wants."""

    url_name = "api:schema"
    template_name = "api/schema_page.html"
    http_method_names = ["get", "head"]
    throttle_classes = []
