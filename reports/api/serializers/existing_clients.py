"""The lines of the report on existing clients; `client_feed` makes them, this describes them."""

from drf_spectacular.utils import extend_schema_serializer
from rest_framework import serializers

from accounts.enums import Industry, Regime
from deals.enums import DealStage
from reports.api import examples
from reports.api.serializers.companies import ReasonSerializer
from reports.api.serializers.shared import Rouble
from reports.models import ClientRow, OfferAnswer


class HeadSerializer(serializers.Serializer):
    """The head organisation of a holding."""

    id = serializers.UUIDField(read_only=True)
    name = serializers.CharField(read_only=True)


@extend_schema_serializer(examples=[examples.EXISTING_CLIENT])
class ExistingClientSerializer(serializers.Serializer):
    """One client of the current report (domain.md §5.2). Codes are stable, texts follow Accept-Language."""

    id = serializers.UUIDField(read_only=True, help_text="Identifier of the company.")
    name = serializers.CharField(read_only=True)
    inn = serializers.CharField(read_only=True)
    kpp = serializers.CharField(read_only=True)
    holding_head = HeadSerializer(read_only=True, allow_null=True)
    segment = serializers.CharField(read_only=True, help_text="S, M, L or XL by revenue; empty without data.")
    industry = serializers.ChoiceField(Industry.choices, read_only=True)
    regime = serializers.ChoiceField(Regime.choices, read_only=True)
    kam = serializers.CharField(read_only=True, allow_null=True, help_text="Name of the responsible KAM.")
    team = serializers.CharField(read_only=True, allow_null=True, help_text="Code of the team.")
    is_key = serializers.BooleanField(read_only=True)
    standing = serializers.ChoiceField(ClientRow.Standing.choices, read_only=True)
    seats = serializers.DictField(
        child=serializers.IntegerField(), read_only=True, help_text="Product code → seats."
    )
    seats_total = serializers.IntegerField(read_only=True)
    active_users = serializers.IntegerField(
        read_only=True, allow_null=True, help_text="In 30 days; null without data."
    )
    invoice_offer = serializers.ChoiceField(OfferAnswer.choices, read_only=True)
    invoice_offer_text = serializers.CharField(read_only=True)
    invoice_offer_limit = serializers.DecimalField(14, 2, read_only=True, allow_null=True)
    invoice_offer_amount = serializers.DecimalField(
        14, 2, read_only=True, help_text="The sum that was checked."
    )
    invoice_offer_reasons = ReasonSerializer(many=True, read_only=True)
    contract = serializers.CharField(read_only=True, help_text="Number of the nearest contract.")
    end_date = serializers.DateField(read_only=True, allow_null=True)
    act_by = serializers.DateField(read_only=True, allow_null=True)
    slack = serializers.IntegerField(read_only=True, allow_null=True, help_text="Working days until act_by.")
    annual_amount = serializers.DecimalField(16, 2, read_only=True)
    potential = serializers.DecimalField(16, 2, read_only=True, allow_null=True)
    currency = Rouble()
    score = serializers.DecimalField(5, 1, read_only=True, allow_null=True)
    band = serializers.CharField(read_only=True, help_text="A, B, C or D; empty without a score.")
    confidence = serializers.IntegerField(read_only=True, allow_null=True, help_text="Per cent.")
    deal_stage = serializers.ChoiceField(
        DealStage.choices,
        read_only=True,
        allow_null=True,
        help_text="Stage of the open deal; null: there is none.",
    )
