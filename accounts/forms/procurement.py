"""The form of how a client buys."""

from typing import Any

from django import forms
from django.utils.dates import MONTHS
from django.utils.translation import gettext_lazy as _

from accounts.enums import Regime
from accounts.forms.base import RecordForm
from accounts.models import ProcurementProfile, ProcurementType


class ProcurementForm(RecordForm):
    """The procurement profile; only procedures of the client's law are offered, and the chosen one."""

    budget_month = forms.TypedChoiceField(
        label=_("month of budgeting"), required=False, coerce=int, empty_value=None,
        choices=[("", "—"), *MONTHS.items()],
    )  # fmt: skip

    class Meta:
        model = ProcurementProfile
        fields = ["default_type", "approval_bd_override", "lead_bd_override", "invoice_offer_policy",
                  "invoice_offer_limit", "small_purchase_limit", "annual_small_left", "etp", "edo_operator",
                  "budget_month", "needs_tz", "own_contract_form", "notes"]  # fmt: skip
        widgets = {"notes": forms.Textarea(attrs={"rows": 3})}

    def __init__(self, *args: Any, regime: str, may_see_money: bool, **options: Any) -> None:
        super().__init__(*args, **options)
        types = ProcurementType.objects.all()
        if regime != Regime.UNKNOWN:
            types = types.filter(regime__in=[regime, ""]) | types.filter(pk=self.instance.default_type_id)
        self.fields["default_type"].queryset = types
        if regime != Regime.FZ223:
            del self.fields["small_purchase_limit"]
        if regime != Regime.FZ44:
            del self.fields["annual_small_left"]
        if not may_see_money:
            for name in {
                "invoice_offer_limit",
                "small_purchase_limit",
                "annual_small_left",
            } & self.fields.keys():
                del self.fields[name]
