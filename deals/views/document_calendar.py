"""«Календарь» of a Closer, and the documents in trouble on the lead's page (§6.2, §6.5)."""

from datetime import date, timedelta
from itertools import groupby
from typing import Any

from django.http import HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_GET

from deals.document_calendar import events
from deals.document_queries import troubles
from upsell_crm.core import clock
from upsell_crm.core.access import require
from upsell_crm.core.http import PageRequest
from upsell_crm.core.roles import Action

NAMED = 3  # documents of each kind on the lead's page


@require_GET
def document_calendar(request: PageRequest) -> HttpResponse:
    """One month as an agenda, day by day."""
    require(request.user, Action.SEE_DOCUMENT)
    today = clock.today()
    first = _month(request.GET.get("month", ""), today)
    after = (first + timedelta(days=32)).replace(day=1)
    is_mine = request.GET.get("who", "mine") == "mine"
    found = events(request.user, first, after - timedelta(days=1), today, is_mine=is_mine)
    context: dict[str, Any] = {
        "days": [(day, list(of_day)) for day, of_day in groupby(found, key=lambda event: event.day)],
        "first": first, "before": (first - timedelta(days=1)).replace(day=1), "after": after,
        "today": today, "is_mine": is_mine,
    }  # fmt: skip
    return render(request, "deals/document_calendar.html", context)


@require_GET
def document_troubles(request: PageRequest) -> HttpResponse:
    """The slot of the lead's page; empty when nothing stands."""
    require(request.user, Action.SEE_DOCUMENT)
    refused, late = troubles(request.user, clock.today())
    context = {
        "refused": refused[:NAMED], "refused_count": len(refused), "late": late[:NAMED], "late_count": len(late),
    }  # fmt: skip
    return render(request, "deals/_document_troubles.html", context)


def _month(text: str, today: date) -> date:
    """The first day of the month asked for; of this month when the address is strange."""
    try:
        found = date.fromisoformat(f"{text}-01")
    except ValueError:
        return today.replace(day=1)
    return found if abs(found.year - today.year) <= 10 else today.replace(day=1)
