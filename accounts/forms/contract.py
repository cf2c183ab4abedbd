"""The form of a draft contract with its licence lines, and of a move of its state."""

from typing import Any

from django import forms
from django.utils.translation import gettext as _t
from django.utils.translation import gettext_lazy as _

from accounts.contract_machine import S
from accounts.enums import ContractForm, ContractStatus
from accounts.forms.base import DATE, VersionedForm
from accounts.models import Company, Contract, Product


class ContractDraftForm(forms.ModelForm):
    """The terms of a new contract."""

    class Meta:
        model = Contract
        fields = ["number", "form", "start_date", "end_date", "parent_contract", "renews", "procurement_type",
                  "renewal_kind", "auto_renew_notice_days", "vat", "valid_until"]  # fmt: skip
        widgets = {"start_date": DATE, "end_date": DATE, "valid_until": DATE}

    def __init__(self, *args: Any, company: Company, **options: Any) -> None:
        super().__init__(*args, **options)
        self.instance.company = company
        own = Contract.objects.filter(company=company).exclude(status=ContractStatus.VOID)
        self.fields["parent_contract"].queryset = own.filter(parent_contract=None)
        self.fields["renews"].queryset = own.filter(status__in=[S.ACTIVE, S.EXPIRED])

    def _post_clean(self) -> None:
        """The rules over the whole record are the service's."""


class LicenceLineForm(forms.Form):
    """Seats of one product; an empty line is not a line."""

    product = forms.ModelChoiceField(Product.objects.licensable(), label=_("product"), required=False)
    seats = forms.IntegerField(label=_("seats"), min_value=1, required=False)
    price = forms.DecimalField(
        label=_("price per unit, ₽"), min_value=0, max_digits=14, decimal_places=2, required=False,
        help_text=_("empty = list price"),
    )  # fmt: skip

    def clean(self) -> dict[str, Any]:
        """A product needs its seats and the other way round."""
        data = super().clean() or self.cleaned_data
        if bool(data.get("product")) != bool(data.get("seats")) and not self.errors:
            self.add_error(
                "seats" if data.get("product") else "product", _t("Fill in both, or leave both empty.")
            )
        return data


LicenceLineFormSet = forms.formset_factory(LicenceLineForm, extra=3, max_num=30, validate_max=True)


class MoveContractForm(VersionedForm):
    """What a person states with a move of the contract's state."""

    reason = forms.CharField(
        label=_("Why"), required=False, max_length=500, widget=forms.Textarea(attrs={"rows": 2})
    )
    signed_on = forms.DateField(label=_("signed on"), required=False, widget=DATE)
    terminated_on = forms.DateField(label=_("terminated on"), required=False, widget=DATE)

    def __init__(self, *args: Any, to: str, contract: Contract, **options: Any) -> None:
        super().__init__(*args, **options)
        is_offer = contract.form == ContractForm.INVOICE_OFFER
        if to != S.ACTIVE or is_offer:
            del self.fields["signed_on"]
        if to != S.TERMINATED:
            del self.fields["terminated_on"]
        if to not in (S.DRAFT, S.VOID, S.TERMINATED):
            del self.fields["reason"]
