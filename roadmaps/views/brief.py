"""The sheet before a meeting (domain.md §6.1.5); made for paper and for a phone in the lift."""

from typing import Any

from django.core.exceptions import ValidationError
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.views.decorators.http import require_GET

from accounts.access import rights_on
from accounts.models import Company, Interaction
from accounts.views.company_edit import the_company
from roadmaps.brief import next_meeting, read_brief
from upsell_crm.core import clock
from upsell_crm.core.http import PageRequest


@require_GET
def company_brief(request: PageRequest, public_id: Any) -> HttpResponse:
    """For the next planned meeting of the client; `?meeting=` names another one."""
    company = the_company(request, public_id)
    rights = rights_on(request.user, company)
    brief = read_brief(
        company, request.user, clock.today(), meeting=_meeting(request, company),
        may_see_money=rights["see_money"],
    )  # fmt: skip
    return render(
        request,
        "roadmaps/company_brief.html",
        {"brief": brief, "company": company, "rights": rights, "today": clock.today()},
    )


def _meeting(request: PageRequest, company: Company) -> Interaction | None:
    named = request.GET.get("meeting", "")
    if not named:
        return next_meeting(company, clock.now())
    meetings = Interaction.objects.visible_to(request.user).standing().filter(company=company)
    try:
        return get_object_or_404(meetings.select_related("author"), public_id=named)
    except ValidationError as problem:  # not a UUID at all
        raise Http404 from problem
