"""Forms of a client company: base data, KAM, size, court load, departments, estimates."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from accounts.enums import EstimateBasis
from accounts.forms.base import DATE, RecordForm, VersionedForm
from accounts.forms.company_choice import CompanyChoiceField
from accounts.models import Company, CompanyYear, CourtLoad, Department, Product
from upsell_crm.core import clock
from upsell_crm.core.models import User
from upsell_crm.core.roles import Role


class CompanyForm(RecordForm):
    """Base data and requisites of a client."""

    parent = CompanyChoiceField(
        required=False, label=_("head organisation"), help_text=_("INN or the full name; empty = none")
    )

    class Meta:
        model = Company
        fields = ["name", "short_name", "inn", "kpp", "ogrn", "parent", "regime", "industry", "region", "city",
                  "headcount", "legal_state", "ceased_on"]  # fmt: skip
        widgets = {"ceased_on": DATE}

    def __init__(self, *args: Any, user: User, only: frozenset[str] | None = None, **options: Any) -> None:
        super().__init__(*args, **options)
        self.fields["parent"].user = user
        for name in set(self.Meta.fields) - (only or set(self.Meta.fields)):
            del self.fields[name]


class AssignKamForm(VersionedForm):
    """Who becomes responsible, and why."""

    kam = forms.ModelChoiceField(User.objects.none(), label=_("New responsible KAM"))
    reason = forms.CharField(label=_("Why"), max_length=500, widget=forms.Textarea(attrs={"rows": 3}))

    def __init__(self, *args: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        self.fields["kam"].queryset = User.objects.filter(is_active=True, roles__role=Role.KAM).distinct()


class ReasonForm(VersionedForm):
    """A reason that stays in history."""

    reason = forms.CharField(label=_("Why"), max_length=500, widget=forms.Textarea(attrs={"rows": 3}))


class RevenueForm(forms.ModelForm):
    """Revenue of one year."""

    class Meta:
        model = CompanyYear
        fields = ["year", "revenue", "source", "as_of", "note"]
        widgets = {"as_of": DATE}

    def __init__(self, *args: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        self.fields["year"].initial = clock.today().year - 1
        self.fields["as_of"].initial = clock.today()


class CourtLoadForm(forms.ModelForm):
    """Court cases of twelve months as of a day."""

    class Meta:
        model = CourtLoad
        fields = ["as_of", "cases_12m", "as_plaintiff", "as_defendant", "as_other", "claims_amount"]
        widgets = {"as_of": DATE}

    def __init__(self, *args: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        self.fields["as_of"].initial = clock.today()


class DepartmentForm(forms.ModelForm):
    """A department of the client."""

    class Meta:
        model = Department
        fields = ["name", "kind", "headcount"]


class EstimateForm(forms.Form):
    """How many seats the client could use in all."""

    product = forms.ModelChoiceField(Product.objects.none(), label=_("product"))
    target_seats = forms.IntegerField(label=_("target seats"), min_value=0, max_value=1_000_000)
    basis = forms.ChoiceField(label=_("basis"), choices=EstimateBasis.choices)

    def __init__(self, *args: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        self.fields["product"].queryset = Product.objects.licensable()
