"""Forms of a deal: its terms, its lines, a new one."""

from collections.abc import Iterable
from decimal import Decimal
from typing import Any

from django import forms
from django.utils.translation import gettext as _t
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from accounts.enums import Vat
from accounts.forms.base import DATE, RecordForm
from accounts.models import Company, Contract, Product
from accounts.models.procurement import ProcurementType
from deals.enums import DealKind
from deals.models import Deal, DealLine
from deals.proposals import Proposal
from deals.services.deals import LineSaid

KINDS = [pair for pair in DealKind.choices if pair[0] != DealKind.HOLDING]


class DealForm(RecordForm):
    """Title, dates, next step, forecast, procurement type."""

    class Meta:
        model = Deal
        fields = ["title", "next_step", "next_step_on", "target_date", "forecast", "procurement_type"]
        widgets = {"next_step_on": DATE, "target_date": DATE}

    def _post_clean(self) -> None:
        """The rules over the whole record are the service's; here the copy takes what was typed."""
        for name, value in self.cleaned_data.items():
            if name != "version":
                setattr(self.instance, name, value)


class NewDealForm(forms.Form):
    """A new deal as it was proposed; everything can be changed before the save."""

    title = forms.CharField(label=_("title"), max_length=200)
    kind = forms.ChoiceField(label=_("kind"), choices=DealKind.choices)
    target_date = forms.DateField(label=_("to be signed by"), widget=DATE)
    next_step = forms.CharField(label=_("next step"), max_length=300)
    next_step_on = forms.DateField(label=_("next step on"), widget=DATE)
    procurement_type = forms.ModelChoiceField(
        ProcurementType.objects.all(), label=_("procurement type"), required=False
    )
    renews = forms.ModelMultipleChoiceField(
        Contract.objects.none(), label=_("renews"), required=False, to_field_name="public_id",
        widget=forms.CheckboxSelectMultiple,
    )  # fmt: skip
    with_tasks = forms.BooleanField(
        label=_("set tasks by the renewal cadence, counted back from «act by»"), required=False
    )

    def __init__(self, *args: Any, company: Company, proposal: Proposal, **options: Any) -> None:
        first = proposal.next_step
        start = {
            "title": proposal.title, "kind": proposal.kind, "target_date": proposal.target_date,
            "next_step": first.title, "next_step_on": first.due_on, "procurement_type": proposal.procurement_type,
            "renews": [contract.public_id for contract in proposal.contracts], "with_tasks": True,
        }  # fmt: skip
        super().__init__(*args, **{**options, "initial": start})
        has_holding = company.head_id is None and company.children.exists()
        self.fields["kind"].choices = DealKind.choices if has_holding else KINDS  # type: ignore[attr-defined]
        offered = Contract.objects.filter(pk__in=[c.pk for c in (*proposal.contracts, *proposal.mergeable)])
        self.fields["renews"].queryset = offered  # type: ignore[attr-defined]
        if not offered:
            del self.fields["renews"]


class LineForm(forms.Form):
    """One line of a deal; a line without a product is no line."""

    product = forms.ModelChoiceField(
        Product.objects.licensable(),
        label=_("product"),
        required=False,
        to_field_name="code",
        empty_label="—",
    )
    seats_current = forms.IntegerField(label=_("seats now"), min_value=0, required=False)
    seats_new = forms.IntegerField(label=_("seats in the new contract"), min_value=0, required=False)
    price = forms.DecimalField(
        label=_("price per seat a year, ₽"), min_value=0, max_digits=14, decimal_places=2, required=False,
        help_text=_("empty = list price"),
    )  # fmt: skip
    discount_pct = forms.DecimalField(
        label=pgettext_lazy("deal line", "discount, %"), min_value=0, max_value=100, max_digits=5, decimal_places=2,
        required=False,
    )  # fmt: skip
    vat = forms.ChoiceField(label=_("VAT"), choices=Vat.choices, required=False)
    current_amount = forms.DecimalField(widget=forms.HiddenInput, min_value=0, required=False)
    end_user = forms.ModelChoiceField(
        Company.objects.none(), widget=forms.HiddenInput, required=False, to_field_name="public_id"
    )

    def __init__(self, *args: Any, company: Company, **options: Any) -> None:
        super().__init__(*args, **options)
        self.fields["end_user"].queryset = Company.objects.below(company)  # type: ignore[attr-defined]

    def clean(self) -> dict[str, Any]:
        """A product needs its seats."""
        data = super().clean() or self.cleaned_data
        if (
            data.get("product")
            and not (data.get("seats_new") or data.get("seats_current"))
            and not self.errors
        ):
            self.add_error("seats_new", _t("Enter seats now or in the new contract."))
        return data


LineFormSet = forms.formset_factory(LineForm, extra=1, max_num=30, validate_max=True)


def lines_said(lines: Any) -> list[LineSaid]:
    """The filled lines as the service takes them; an empty price is the list price."""
    return [_said(line) for line in lines.cleaned_data if line.get("product")]


def _said(line: dict[str, Any]) -> LineSaid:
    product, price = line["product"], line.get("price")
    return LineSaid(
        product=product, seats_current=line.get("seats_current") or 0, seats_new=line.get("seats_new") or 0,
        price=(product.list_price_year or Decimal(0)) if price is None else price,
        discount_pct=line.get("discount_pct") or Decimal(0), vat=line.get("vat") or Vat.NONE,
        current_amount=line.get("current_amount") or Decimal(0), end_user_company=line.get("end_user"),
    )  # fmt: skip


def lines_of_proposal(proposal: Proposal) -> list[dict[str, Any]]:
    """The lines of the panel as they are proposed."""
    return [
        {"product": line.product.code, "seats_current": line.seats_current, "seats_new": line.seats_new,
         "price": line.price, "current_amount": line.current_amount, "vat": line.product.vat,
         "end_user": line.end_user_company and line.end_user_company.public_id}
        for line in proposal.lines
    ]  # fmt: skip


def lines_of_deal(lines: Iterable[DealLine]) -> list[dict[str, Any]]:
    """The stored lines for the form that replaces them."""
    return [
        {"product": line.product.code, "seats_current": line.seats_current, "seats_new": line.seats_new,
         "price": line.price, "discount_pct": line.discount_pct, "vat": line.vat, "current_amount": line.current_amount,
         "end_user": line.end_user_company and line.end_user_company.public_id}
        for line in lines
    ]  # fmt: skip
