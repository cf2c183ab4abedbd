"""The tab «История»: every change as a sentence, newest first (R15)."""

from typing import Any

from django import forms
from django.http import HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext_lazy as _

from accounts.history_lines import history_line, known_events
from accounts.views.company_card import card_context, visible_company
from upsell_crm.core.http import PageRequest
from upsell_crm.core.models import AuditEvent
from upsell_crm.core.paging import paginate


class HistoryFilter(forms.Form):
    """By what was done."""

    event = forms.ChoiceField(
        label=_("What was done"),
        required=False,
        choices=lambda: [("", _("everything")), *known_events().items()],
    )


def company_history(request: PageRequest, public_id: Any) -> HttpResponse:
    """Twenty-five events; no foreign key is followed, so deleted and renamed things stay readable."""
    company = visible_company(request, public_id)
    context = card_context(request, company, "accounts:company_history")
    events = AuditEvent.objects.filter(company_id=company.pk)
    chosen = HistoryFilter(request.GET)
    if chosen.is_valid() and chosen.cleaned_data["event"]:
        events = events.filter(event=chosen.cleaned_data["event"])
    page = paginate(events, request.GET, order=("-pk",))
    may_see_money = context["rights"]["see_money"]
    context |= {
        "page": page,
        "filter": chosen,
        "lines": [history_line(event, may_see_money=may_see_money) for event in page.rows],
    }
    return render(request, "accounts/company_history.html", context)
