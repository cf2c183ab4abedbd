"""«Без ответственного»: what a lead holds for a KAM for the time being, and what a leaver would leave (§2.8.2)."""

from typing import Any

from django.core.exceptions import ValidationError
from django.db.models import QuerySet
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.views.decorators.http import require_GET

from deals.leaving import companies_without_kam, deals_without_kam, work_of
from upsell_crm.core import clock
from upsell_crm.core.access import require
from upsell_crm.core.http import PageRequest
from upsell_crm.core.models import User
from upsell_crm.core.roles import Action

SHOWN = 200  # more rows than a lead hands over in a day


@require_GET
def without_kam(request: PageRequest) -> HttpResponse:
    """Deals and clients of one's own reach without a responsible KAM; `?person=` shows the work of a colleague."""
    require(request.user, Action.HAND_OVER, Action.MANAGE_SYSTEM)
    person = _person(request)
    context: dict[str, Any] = {"person": person, "shown": SHOWN}
    if person is None:
        deals, companies = deals_without_kam(request.user), companies_without_kam(request.user)
    else:
        work = work_of(person, clock.today())
        deals = work.deals.visible_to(request.user).select_related("company", "responsible_kam", "team")
        companies = work.companies.visible_to(request.user).select_related("owner_kam", "team")
        context["tasks"] = work.tasks.visible_to(request.user).select_related("company")[:SHOWN]
        context["memberships"] = work.memberships.visible_to(request.user).select_related("deal__company")[
            :SHOWN
        ]
    context |= {"deals": deals[:SHOWN], "companies": companies[:SHOWN]}
    context["may_assign"] = bool(request.user.scopes(Action.ASSIGN_KAM))
    return render(request, "deals/without_kam.html", context)


def _person(request: PageRequest) -> User | None:
    """A colleague of whom this visitor may know everything that he owes: of his team, or anybody (R94)."""
    named = request.GET.get("person")
    if not named:
        return None
    try:
        return get_object_or_404(people_to_hand_over(request.user), public_id=named)
    except ValidationError as problem:  # not a UUID at all
        raise Http404 from problem


def people_to_hand_over(user: User) -> QuerySet[User]:
    """Whose whole work this person may look through: his team for a lead, everybody for head and administrator."""
    if user.scopes(Action.MANAGE_SYSTEM) or "A" in user.scopes(Action.HAND_OVER):
        return User.objects.all()
    if "T" in user.scopes(Action.HAND_OVER) and user.team_id:
        return User.objects.filter(team=user.team_id)
    return User.objects.filter(pk=user.pk)
