"""Contracts from outside (domain.md §7): stable codes, public identifiers, money as text."""

from typing import Any

from drf_spectacular.utils import extend_schema_field, extend_schema_serializer
from rest_framework import serializers

from accounts.enums import ContractForm, ContractStatus, LineKind, RenewalKind, Vat
from accounts.models import Contract
from reports.api import examples
from reports.api.labels import labels
from reports.api.serializers.deals import DealPartSerializer, DocumentPartSerializer
from reports.api.serializers.shared import (
    LabelSerializer,
    PayerSerializer,
    PersonSerializer,
    ReferenceSerializer,
    Rouble,
)
from reports.contract_deals import newest_open_deal
from upsell_crm.core.models import AuditEvent


class LicenceSerializer(serializers.Serializer):
    """Seats of one product in a contract."""

    id = serializers.UUIDField(read_only=True, source="public_id")
    product_code = serializers.CharField(read_only=True, source="product.code")
    product_name = serializers.CharField(read_only=True, source="product.name_ru")
    seats = serializers.IntegerField(read_only=True)
    price_per_unit = serializers.DecimalField(14, 2, read_only=True)
    amount = serializers.DecimalField(14, 2, read_only=True)
    start_date = serializers.DateField(read_only=True)
    end_date = serializers.DateField(read_only=True)
    end_user_company = ReferenceSerializer(
        read_only=True, allow_null=True, help_text="null: the payer itself."
    )
    kind = serializers.ChoiceField(LineKind.choices, read_only=True)


@extend_schema_serializer(examples=[examples.STATUS])
class StatusSerializer(serializers.Serializer):
    """The state of a contract; `version` is also the ETag."""

    id = serializers.UUIDField(read_only=True, source="public_id")
    status = serializers.ChoiceField(ContractStatus.choices, read_only=True)
    status_label = serializers.SerializerMethodField()
    status_changed_at = serializers.DateTimeField(read_only=True, allow_null=True)
    version = serializers.IntegerField(read_only=True, help_text="Grows with every change of the contract.")

    @extend_schema_field(LabelSerializer)
    def get_status_label(self, contract: Contract) -> dict[str, str]:
        return labels(ContractStatus)[contract.status]


@extend_schema_serializer(examples=[examples.CONTRACT])
class ContractSerializer(StatusSerializer):
    """A contract. The view tells `today` and `expiring_until`."""

    number = serializers.CharField(read_only=True)
    external_id = serializers.CharField(
        read_only=True, help_text="Identifier in the accounting system, or empty."
    )
    form = serializers.ChoiceField(ContractForm.choices, read_only=True)
    company = PayerSerializer(read_only=True)
    holding_head = ReferenceSerializer(read_only=True, allow_null=True, source="company.head")
    start_date = serializers.DateField(read_only=True)
    end_date = serializers.DateField(read_only=True, help_text="The last covered day.")
    renewal_kind = serializers.ChoiceField(RenewalKind.choices, read_only=True)
    notice_deadline = serializers.DateField(
        read_only=True, allow_null=True, help_text="The last day to refuse an automatic prolongation."
    )
    amount = serializers.DecimalField(14, 2, read_only=True)
    currency = Rouble()
    vat = serializers.ChoiceField(Vat.choices, read_only=True)
    procurement_type = serializers.CharField(
        read_only=True, allow_null=True, source="procurement_type.code", default=None
    )
    renews = serializers.UUIDField(read_only=True, allow_null=True, source="renews.public_id", default=None)
    renewed_by = serializers.UUIDField(
        read_only=True, allow_null=True, help_text="The signed contract that continues this one."
    )
    signed_at = serializers.DateField(read_only=True, allow_null=True, source="signed_on")
    paid_at = serializers.DateField(read_only=True, allow_null=True, source="paid_on")
    documents = DocumentPartSerializer(
        many=True, read_only=True, help_text="Only for tokens with `documents:read`."
    )
    licences = LicenceSerializer(many=True, read_only=True, source="lines")
    deal = serializers.SerializerMethodField(
        help_text="The newest open deal that renews it or has brought it about."
    )
    act_by = serializers.DateField(
        read_only=True, allow_null=True, help_text="The last good day to begin the renewal."
    )
    days_left = serializers.SerializerMethodField(
        help_text="Calendar days until end_date; negative after it."
    )
    is_expiring = serializers.SerializerMethodField(
        help_text="In force, and act_by is at most 20 working days away."
    )
    archived = serializers.SerializerMethodField(help_text="The company is archived.")
    created_at = serializers.DateTimeField(read_only=True)
    updated_at = serializers.DateTimeField(read_only=True)

    @extend_schema_field(DealPartSerializer(allow_null=True))
    def get_deal(self, contract: Contract) -> Any:
        deal = newest_open_deal(contract)
        return None if deal is None else DealPartSerializer(deal).data

    def get_days_left(self, contract: Contract) -> int:
        return (contract.end_date - self.context["view"].today).days

    def get_is_expiring(self, contract: Contract) -> bool:
        is_active = contract.status == ContractStatus.ACTIVE
        return bool(is_active and contract.act_by and contract.act_by <= self.context["view"].expiring_until)

    def get_archived(self, contract: Contract) -> bool:
        return contract.company.archived_at is not None


@extend_schema_serializer(examples=[examples.RENEWAL])
class RenewalSerializer(ContractSerializer):
    """A contract due for renewal, with who is responsible for the client."""

    responsible_kam = PersonSerializer(read_only=True, allow_null=True, source="company.owner_kam")
    team = serializers.CharField(read_only=True, allow_null=True, source="company.team.code", default=None)


@extend_schema_serializer(examples=[examples.HISTORY])
class StatusChangeSerializer(serializers.Serializer):
    """One change of the state of a contract."""

    changed_at = serializers.DateTimeField(read_only=True, source="at")
    previous_status = serializers.SerializerMethodField(help_text="null: the contract was created.")
    status = serializers.SerializerMethodField()
    changed_by = serializers.CharField(
        read_only=True, source="actor_name", help_text="Our colleague; empty: a job."
    )

    @extend_schema_field(serializers.ChoiceField(ContractStatus.choices, allow_null=True))
    def get_previous_status(self, event: AuditEvent) -> str | None:
        return event.changes["status"][0]

    @extend_schema_field(serializers.ChoiceField(ContractStatus.choices))
    def get_status(self, event: AuditEvent) -> str:
        return event.changes["status"][1]
