"""Deals and documents from outside (domain.md §7): where they stand and whose they are, no notes."""

from typing import Any

from drf_spectacular.utils import extend_schema_field, extend_schema_serializer
from rest_framework import serializers

from accounts.enums import Vat
from deals.enums import Approval, DealKind, DealStage, DocumentType, Edo
from deals.models import Deal, Document
from reports.api import examples
from reports.api.labels import labels
from reports.api.serializers.shared import (
    LabelSerializer,
    PayerSerializer,
    PersonSerializer,
    ReferenceSerializer,
    Rouble,
)


class DealPartSerializer(serializers.Serializer):
    """The open deal about a contract."""

    id = serializers.UUIDField(read_only=True, source="public_id")
    stage = serializers.ChoiceField(DealStage.choices, read_only=True)
    responsible_kam = PersonSerializer(read_only=True)


class DocumentPartSerializer(serializers.Serializer):
    """A document of a contract."""

    id = serializers.UUIDField(read_only=True, source="public_id")
    type = serializers.ChoiceField(DocumentType.choices, read_only=True)
    approval = serializers.ChoiceField(Approval.choices, read_only=True)
    edo = serializers.ChoiceField(Edo.choices, read_only=True, allow_null=True, help_text="null: on paper.")


class DealLineSerializer(serializers.Serializer):
    """Seats of one product now and in the new contract."""

    product_code = serializers.CharField(read_only=True, source="product.code")
    product_name = serializers.CharField(read_only=True, source="product.name_ru")
    seats_current = serializers.IntegerField(read_only=True)
    seats_new = serializers.IntegerField(read_only=True)
    price_per_unit = serializers.DecimalField(14, 2, read_only=True, source="price")
    discount_percent = serializers.DecimalField(5, 2, read_only=True, source="discount_pct")
    vat = serializers.ChoiceField(Vat.choices, read_only=True)
    amount = serializers.DecimalField(14, 2, read_only=True)
    end_user_company = ReferenceSerializer(
        read_only=True, allow_null=True, help_text="null: the client of the deal itself."
    )


@extend_schema_serializer(examples=[examples.DEAL])
class DealSerializer(DealPartSerializer):
    """One deal: its stage, who answers for it, what is sold and which contracts it is about."""

    stage_label = serializers.SerializerMethodField()
    kind = serializers.ChoiceField(DealKind.choices, read_only=True)
    company = PayerSerializer(read_only=True)
    team = serializers.CharField(read_only=True, source="team.code")
    is_open = serializers.BooleanField(read_only=True)
    opened_on = serializers.DateField(read_only=True)
    target_date = serializers.DateField(read_only=True, help_text="To be signed by.")
    closed_at = serializers.DateTimeField(read_only=True, allow_null=True)
    amount = serializers.DecimalField(14, 2, read_only=True, help_text="Sum of the lines.")
    current_amount = serializers.DecimalField(14, 2, read_only=True, help_text="What is being renewed.")
    currency = Rouble()
    procurement_type = serializers.CharField(
        read_only=True, allow_null=True, source="procurement_type.code", default=None
    )
    lines = DealLineSerializer(many=True, read_only=True)
    renews = serializers.SerializerMethodField(help_text="Contracts that it renews.")
    makes = serializers.SerializerMethodField(help_text="Contracts that it brings about.")
    version = serializers.IntegerField(read_only=True)
    created_at = serializers.DateTimeField(read_only=True)
    updated_at = serializers.DateTimeField(read_only=True)

    @extend_schema_field(LabelSerializer)
    def get_stage_label(self, deal: Deal) -> dict[str, str]:
        return labels(DealStage)[deal.stage]

    @extend_schema_field(serializers.ListField(child=serializers.UUIDField()))
    def get_renews(self, deal: Deal) -> list[str]:
        return [str(link.contract.public_id) for link in deal.renewals.all()]

    @extend_schema_field(serializers.ListField(child=serializers.UUIDField()))
    def get_makes(self, deal: Deal) -> list[str]:
        return [str(link.contract.public_id) for link in deal.made_contracts.all()]


@extend_schema_serializer(examples=[examples.DOCUMENT])
class DocumentSerializer(DocumentPartSerializer):
    """One document: `approval` is our road, `edo` the operator's state; files and comments stay inside."""

    type_label = serializers.SerializerMethodField()
    approval_label = serializers.SerializerMethodField()
    edo_label = serializers.SerializerMethodField()
    number = serializers.CharField(read_only=True)
    date = serializers.DateField(read_only=True, allow_null=True, source="dated_on")
    company = PayerSerializer(read_only=True, source="deal.company")
    deal = serializers.UUIDField(read_only=True, source="deal.public_id")
    contract = serializers.UUIDField(
        read_only=True, allow_null=True, source="contract.public_id", default=None
    )
    amount = serializers.DecimalField(14, 2, read_only=True, allow_null=True)
    currency = Rouble()
    vat = serializers.ChoiceField(Vat.choices, read_only=True)
    approval_since = serializers.DateTimeField(read_only=True)
    due_on = serializers.DateField(read_only=True, allow_null=True)
    signed_at = serializers.DateField(read_only=True, allow_null=True, source="signed_on")
    paid_at = serializers.DateField(read_only=True, allow_null=True, source="paid_on")
    version = serializers.IntegerField(read_only=True)
    archived = serializers.SerializerMethodField(help_text="The company is archived.")
    created_at = serializers.DateTimeField(read_only=True)
    updated_at = serializers.DateTimeField(read_only=True)

    @extend_schema_field(LabelSerializer)
    def get_type_label(self, document: Document) -> dict[str, str]:
        return labels(DocumentType)[document.type]

    @extend_schema_field(LabelSerializer)
    def get_approval_label(self, document: Document) -> dict[str, str]:
        return labels(Approval)[document.approval]

    @extend_schema_field(LabelSerializer(allow_null=True))
    def get_edo_label(self, document: Document) -> Any:
        return labels(Edo)[document.edo] if document.edo else None

    def get_archived(self, document: Document) -> bool:
        return document.deal.company.archived_at is not None
