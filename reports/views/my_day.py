"""«Мой день»: whom to call first, today's meetings, what was promised, what is new (R17, §6.1)."""

from django.db.models import QuerySet
from django.http import HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_GET

from accounts.models import Company
from reports.models import RankRow
from reports.presenters import shown_rows
from reports.queries import latest_run, meetings_on, promises_of, ranked_for
from roadmaps.reviews import returned_to
from upsell_crm.core import clock
from upsell_crm.core.http import PageRequest
from upsell_crm.core.roles import Action

LANE = 7  # rows of a lane before «ещё»
FIRST = 10  # accounts of the morning


@require_GET
def my_day(request: PageRequest) -> HttpResponse:
    """One screen for one person; everything on it is his own."""
    today = clock.today()
    mine = Company.objects.filter(owner_kam=request.user).order_by().values("pk")  # few, so they lead the way
    own = ranked_for(request.user).filter(company__in=mine)
    rows = list(own.ranked_of_few()[: FIRST + 1]) if request.user.scopes(Action.SEE_RANKING) else []
    context = {
        "rows": shown_rows(rows[:FIRST], request.user),
        "has_more": len(rows) > FIRST,
        "to_confirm": to_confirm(own)[:LANE] if rows else [],
        "meetings": meetings_on(request.user, today)[:LANE],
        "promises": promises_of(request.user, today)[:LANE],
        "returned_plans": returned_to(request.user)[:LANE],
        "has_companies": bool(rows) or Company.objects.present().filter(owner_kam=request.user).exists(),
        "run": latest_run(),
        "may_run": bool(request.user.scopes(Action.RUN_RANKING)),
    }
    template = "reports/_my_day.html" if request.htmx else "reports/my_day.html"
    return render(request, template, context)


def to_confirm(own: QuerySet[RankRow]) -> QuerySet[RankRow]:
    """Own accounts whose data is missing or stale, the worst first; what is not ranked has no confidence."""
    return own.filter(confidence__lt=80).order_by("confidence", "-score", "pk")
