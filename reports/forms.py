"""Forms of the reports."""

from django import forms
from django.utils.translation import gettext_lazy as _


class AmountForm(forms.Form):
    """The sum for which the invoice-offer rule is asked, ₽."""

    amount = forms.DecimalField(
        label=_("Amount, ₽"), min_value=0, max_digits=14, decimal_places=2, localize=True,
        widget=forms.TextInput(attrs={"inputmode": "decimal", "autocomplete": "off"}),
    )  # fmt: skip
