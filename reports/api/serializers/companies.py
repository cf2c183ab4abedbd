"""Companies from outside: requisites, holding, people on both sides and the answer about invoice-offers."""

from typing import Any

from drf_spectacular.utils import extend_schema_field, extend_schema_serializer
from rest_framework import serializers

from accounts.enums import CompanyStatus, Industry, LegalState, Regime
from accounts.models import Company
from accounts.offer_texts import answer_text, reason_texts
from reports.api import examples
from reports.api.labels import labels
from reports.api.serializers.shared import LabelSerializer, PersonSerializer, ReferenceSerializer, Rouble
from reports.models import ClientRow, OfferAnswer


class ReasonSerializer(serializers.Serializer):
    """One reason of the invoice-offer rule."""

    code = serializers.CharField(read_only=True)
    answer = serializers.CharField(
        read_only=True, help_text="The answer to which it leads; empty for a note."
    )
    text = serializers.CharField(read_only=True, help_text="In the language of Accept-Language.")


class InvoiceOfferSerializer(serializers.Serializer):
    """Whether the client can pay by invoice-offer, as the current report says."""

    answer = serializers.ChoiceField(OfferAnswer.choices, read_only=True, source="offer")
    answer_label = serializers.SerializerMethodField()
    text = serializers.SerializerMethodField(
        help_text="The answer with its limit, in the language of Accept-Language."
    )
    limit = serializers.DecimalField(14, 2, read_only=True, allow_null=True, source="offer_limit")
    amount = serializers.DecimalField(
        14, 2, read_only=True, source="offer_amount", help_text="The sum that was checked."
    )
    currency = Rouble()
    is_stale = serializers.SerializerMethodField(help_text="Facts of procurement are old: to be checked.")
    as_of = serializers.DateField(read_only=True, source="run.as_of")
    reasons = serializers.SerializerMethodField()

    @extend_schema_field(LabelSerializer)
    def get_answer_label(self, row: ClientRow) -> dict[str, str]:
        return labels(OfferAnswer)[row.offer]

    def get_attribute(self, company: Any) -> ClientRow | None:
        """The company's row of the current report, prefetched by the view."""
        return company.current_rows[0] if company.current_rows else None

    def get_text(self, row: ClientRow) -> str:
        return answer_text(row.offer, row.offer_limit, is_stale=row.data["offer_is_stale"])

    def get_is_stale(self, row: ClientRow) -> bool:
        return row.data["offer_is_stale"]

    @extend_schema_field(ReasonSerializer(many=True))
    def get_reasons(self, row: ClientRow) -> list[dict[str, str]]:
        names = {one.product.code: one.product.name for one in row.seats.all()}
        reasons = reason_texts(row.data["reasons"], names)
        return [{"code": one.code, "answer": one.answer, "text": one.text} for one in reasons]


class ContactSerializer(serializers.Serializer):
    """A person of the client; only for tokens with `contacts:read`."""

    id = serializers.UUIDField(read_only=True, source="public_id")
    full_name = serializers.CharField(read_only=True)
    position = serializers.CharField(read_only=True)
    email = serializers.CharField(read_only=True)
    phone = serializers.CharField(read_only=True)


@extend_schema_serializer(examples=[examples.COMPANY])
class CompanySerializer(serializers.Serializer):
    """A client with its requisites and the answer about invoice-offers."""

    id = serializers.UUIDField(read_only=True, source="public_id")
    name = serializers.CharField(read_only=True)
    short_name = serializers.CharField(read_only=True)
    inn = serializers.CharField(read_only=True)
    kpp = serializers.CharField(read_only=True)
    ogrn = serializers.CharField(read_only=True)
    external_id = serializers.CharField(read_only=True)
    legal_state = serializers.ChoiceField(LegalState.choices, read_only=True)
    status = serializers.ChoiceField(CompanyStatus.choices, read_only=True)
    status_label = serializers.SerializerMethodField()
    regime = serializers.ChoiceField(Regime.choices, read_only=True)
    industry = serializers.ChoiceField(Industry.choices, read_only=True)
    segment = serializers.CharField(read_only=True, help_text="S, M, L or XL by revenue; empty without data.")
    region = serializers.CharField(read_only=True)
    city = serializers.CharField(read_only=True)
    is_key = serializers.BooleanField(read_only=True)
    holding_head = ReferenceSerializer(read_only=True, allow_null=True, source="head")
    responsible_kam = PersonSerializer(read_only=True, allow_null=True, source="owner_kam")
    team = serializers.CharField(read_only=True, allow_null=True, source="team.code", default=None)
    invoice_offer = InvoiceOfferSerializer(
        read_only=True, allow_null=True, help_text="null: not a client in the current report."
    )
    contacts = ContactSerializer(many=True, read_only=True, source="present_contacts")
    version = serializers.IntegerField(read_only=True)
    archived = serializers.SerializerMethodField()
    created_at = serializers.DateTimeField(read_only=True)
    updated_at = serializers.DateTimeField(read_only=True)

    @extend_schema_field(LabelSerializer)
    def get_status_label(self, company: Any) -> dict[str, str]:
        return labels(CompanyStatus)[company.status]

    def get_archived(self, company: Company) -> bool:
        return company.archived_at is not None
