"""The gallery of components: documentation for whoever makes a page, and a target of the browser tests."""

from dataclasses import dataclass, field
from datetime import timedelta
from decimal import Decimal
from typing import Any

from django import forms
from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext_lazy as _

from upsell_crm.core import clock
from upsell_crm.core.access import require
from upsell_crm.core.drafts import draft_data
from upsell_crm.core.errors import DomainError
from upsell_crm.core.http import PageRequest
from upsell_crm.core.icons import ICONS
from upsell_crm.core.paging import Page
from upsell_crm.core.roles import Action

DRAFT = "styleguide"


class SampleForm(forms.Form):
    """One field of each kind, with the ways it can be wrong."""

    name = forms.CharField(label=_("Company"), help_text=_("As in the charter, without quotation marks."))
    amount = forms.DecimalField(label=_("Amount, ₽"), required=False)
    until = forms.DateField(
        label=_("Until"), required=False, widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d")
    )
    regime = forms.ChoiceField(
        label=_("Procedure"), choices=[("", "—"), ("44", "44-ФЗ"), ("223", "223-ФЗ")], required=False
    )
    note = forms.CharField(label=_("Outcome"), widget=forms.Textarea(attrs={"rows": 3}), required=False)
    is_key = forms.BooleanField(label=_("Key client"), required=False)


@dataclass(frozen=True)
class SampleRow:
    """A line of the ranked table."""

    name: str
    amount: Decimal
    slack: int
    contributions: dict[str, str] = field(default_factory=dict)

    @property
    def score(self) -> Decimal:
        return sum((Decimal(points) for points in self.contributions.values()), Decimal(0))


ROWS = (
    SampleRow(
        "АО «Северсталь-Сервис»", Decimal("1250000"), -4,
        {"renewal": "35.0", "potential": "14.2", "users": "10.1", "training": "7.8", "feature": "8.0",
         "procurement": "2.5", "approval": "3.1", "relation": "4.0"},
    ),
    SampleRow(
        "ООО «Ромашка»", Decimal("480000.50"), 12,
        {"renewal": "28.4", "potential": "6.0", "users": "3.6", "approval": "5.0", "relation": "1.4", "damp": "-22.2"},
    ),
    SampleRow("ИП Ёлкин П. С.", Decimal("96000"), 57, {"renewal": "9.1", "users": "12.0", "procurement": "5.0"}),
)  # fmt: skip


def styleguide(request: PageRequest) -> HttpResponse:
    """Every component in every state, on one page."""
    require(request.user, Action.MANAGE_SYSTEM)
    if request.method == "POST":
        messages.success(request, _("Saved."))
    bad = SampleForm({"name": "", "amount": "много", "note": "Договорились вернуться после отпуска."})
    context: dict[str, Any] = {
        "rows": ROWS,
        "form": SampleForm(initial=draft_data(request.user, DRAFT)),
        "bad_form": bad,
        "draft_key": DRAFT,
        "icons": sorted(ICONS),
        "problem": DomainError(
            "sample", _("The contract ends before it starts."), {"end_date": [_("Set a later end.")]}
        ),
        "page": Page(
            list(ROWS), after="next", before="previous", note=_("The list has changed: here is its start.")
        ),
        "moments": [clock.today() - timedelta(days=days) for days in (0, 1, 12, 500, -1, -9)],
        "trend": (3, 4, 4, 6, 5, 8, 9),
        "tones": ("good", "warn", "bad", "info", "accent"),
    }
    return render(request, "core/styleguide.html", context)


def styleguide_panel(request: PageRequest) -> HttpResponse:
    """What a slide-over looks like."""
    require(request.user, Action.MANAGE_SYSTEM)
    form = SampleForm(draft_data(request.user, DRAFT))
    return render(request, "core/styleguide_panel.html", {"form": form, "draft_key": DRAFT})
