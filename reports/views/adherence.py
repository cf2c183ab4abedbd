"""«Как команда работает по планам»: a line per KAM with the ways to what stands behind it (R76, R94)."""

from django.http import HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_GET

from deals.views.lead_pages import teams_of
from reports.adherence import adherence, kams_to_ask, totals
from upsell_crm.core import clock
from upsell_crm.core.access import require
from upsell_crm.core.http import PageRequest
from upsell_crm.core.parameters import parameter
from upsell_crm.core.roles import Action


@require_GET
def team_adherence(request: PageRequest) -> HttpResponse:
    """The lead's team, a team of the head's choice, or one's own line."""
    require(request.user, Action.SEE_WORKLOAD)
    teams, team = teams_of(request)
    people = list(kams_to_ask(request.user, team))
    lines = adherence(people, clock.today())
    leads = bool(request.user.scopes(Action.VALIDATE_PLAN))
    context = {
        "lines": lines, "totals": totals(lines), "teams": teams, "team": team, "leads": leads,
        "days": parameter("no_contact_days"),
    }  # fmt: skip
    return render(request, "reports/team_adherence.html", context)
