"""Forms of marketing: an activity, a list of who came, the filters of the list of activities."""

from typing import Any

import django_filters as filters
from django import forms
from django.db.models import QuerySet
from django.utils.translation import gettext_lazy as _

from accounts.forms.base import RecordForm
from accounts.models import FeatureRequest, Product
from trainings.enums import ActivityKind, ActivityState, TouchState
from trainings.models import MarketingActivity
from trainings.models.marketing import ActivityQuerySet
from trainings.services.attendance import MARKS
from upsell_crm.core.errors import DomainError
from upsell_crm.core.filters import PageFilter
from upsell_crm.core.spreadsheets import MAX_BYTES, read_sheet

MOMENT = forms.DateTimeInput(attrs={"type": "datetime-local"}, format="%Y-%m-%dT%H:%M")


class ActivityFilter(PageFilter):
    """By words, kind, state and product."""

    q = filters.CharFilter(method="by_words", label=_("Title"), max_length=100)
    kind = filters.ChoiceFilter(choices=ActivityKind.choices, label=_("Kind"), empty_label=_("all"))
    state = filters.ChoiceFilter(choices=ActivityState.choices, label=_("State"), empty_label=_("all"))
    product = filters.ModelChoiceFilter(
        to_field_name="code", label=_("Product"), empty_label=_("all"),
        queryset=lambda request: Product.objects.licensable(),
    )  # fmt: skip

    class Meta:
        model = MarketingActivity
        fields: list[str] = []

    MAIN = ("kind", "state", "product")

    def by_words(self, activities: ActivityQuerySet, _name: str, text: str) -> QuerySet[MarketingActivity]:
        return activities.matching(text)


class ActivityForm(RecordForm):
    """What, when, about which product; `segment` carries the filters of the audience into a new one."""

    segment = forms.CharField(widget=forms.HiddenInput, required=False, max_length=2000)

    class Meta:
        model = MarketingActivity
        fields = ["kind", "title", "starts_at", "product", "feature", "text"]
        widgets = {"starts_at": MOMENT, "text": forms.Textarea(attrs={"rows": 4})}

    def __init__(self, data: Any = None, **options: Any) -> None:
        super().__init__(data, **options)
        self.fields["product"].queryset = Product.objects.licensable()  # type: ignore[attr-defined]
        self.fields["feature"].queryset = FeatureRequest.objects.released()  # type: ignore[attr-defined]


class ListForm(forms.Form):
    """A pasted or uploaded list of people and what became of them."""

    state = forms.ChoiceField(label=_("Mark as"))
    text = forms.CharField(
        label=_("Names or e-mails, one a line"), required=False, strip=False, max_length=400_000,
        widget=forms.Textarea(attrs={"rows": 8, "autofocus": True}),
        help_text=_("Copy the column or the whole table from Excel: other cells do no harm."),
    )  # fmt: skip
    file = forms.FileField(
        label=_("Or a file: CSV, XLSX"), required=False, widget=forms.FileInput(attrs={"accept": ".csv,.xlsx"})
    )  # fmt: skip

    def __init__(self, *args: Any, activity: MarketingActivity, **options: Any) -> None:
        super().__init__(*args, **options)
        marks = [mark for mark in MARKS[ActivityKind(activity.kind)] if mark != TouchState.INVITED]
        self.fields["state"].choices = [(mark.value, mark.label) for mark in marks]  # type: ignore[attr-defined]

    def clean(self) -> dict[str, Any]:
        """The lines of the text and of the file together."""
        data = super().clean() or {}
        lines = [data.get("text", "")]
        if upload := data.get("file"):
            lines += _lines_of(upload)
        data["lines"] = "\n".join(lines)
        if not data["lines"].strip():
            raise forms.ValidationError(_("Paste the list or choose a file."))
        return data


def _lines_of(upload: Any) -> list[str]:
    """The heading may be a person too: a file of names alone has none."""
    try:
        sheet = read_sheet(upload.read(MAX_BYTES + 1))
    except DomainError as problem:
        raise forms.ValidationError({"file": str(problem.message)}) from problem
    return [" ".join(cells) for cells in [sheet.headers, *(cells for _number, cells in sheet.rows)]]
