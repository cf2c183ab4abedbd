"""«Команда»: the workload of people (R74) and who is expert in what (R64)."""

from typing import Any

from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.views.decorators.http import require_GET, require_POST

from accounts.models import Company, Expertise, Product
from accounts.outcome_defaults import colleagues_by_id
from accounts.services.expertise import may_set_expertise, set_expertise
from deals.expertise import coverage, member_ids
from deals.models import Deal
from deals.workload import people_to_plan, totals, week_starts
from deals.workload import workload as read_workload
from upsell_crm.core import clock
from upsell_crm.core.access import require
from upsell_crm.core.http import PageRequest
from upsell_crm.core.models import Team
from upsell_crm.core.paging import paginate
from upsell_crm.core.roles import Action, Scope

DEMO = "demo"


@require_GET
def workload(request: PageRequest) -> HttpResponse:
    """People × weeks; the head chooses a team."""
    require(request.user, Action.SEE_WORKLOAD)
    today = clock.today()
    teams, team = teams_of(request)
    people = people_to_plan(request.user, team, today)
    page = paginate(people, request.GET, order=("last_name", "first_name", "pk"))
    loads = read_workload(request.user, page.rows, today)
    context = {
        "page": page, "loads": loads, "weeks": week_starts(today), "totals": totals(loads), "teams": teams, "team": team,
        "most": max((week.total for load in loads for week in load.weeks), default=0) or 1,
    }  # fmt: skip
    return render(request, "deals/workload.html", context)


@require_GET
def expertise(request: PageRequest) -> HttpResponse:
    """People × products of one team; its lead marks by a click."""
    require(request.user, Action.SEE_WORKLOAD)
    teams, team = teams_of(request)
    people = (
        list(team.members.filter(is_active=True).order_by("last_name", "first_name", "pk")) if team else []
    )
    products = list(Product.objects.licensable())
    known = set(Expertise.objects.filter(user__in=people).order_by().values_list("user_id", "product_id"))
    rows = [
        (
            person,
            may_set_expertise(request.user, person),
            [(each, (person.pk, each.pk) in known) for each in products],
        )
        for person in people
    ]
    context = {"teams": teams, "team": team, "products": products, "rows": rows}
    return render(request, "deals/expertise.html", context)


@require_POST
def mark_expert(request: PageRequest) -> HttpResponse:
    """One cell: `person`, `product`, and whether he is expert."""
    require(request.user, Action.ASK_KAM)
    people = colleagues_by_id([request.POST.get("person", "")])
    if not people:
        raise Http404
    product = get_object_or_404(Product, code=request.POST.get("product", ""))
    is_expert = request.POST.get("value") == "1"
    set_expertise(by=request.user, person=people[0], product=product, is_expert=is_expert)
    context = {"person": people[0], "product": product, "is_expert": is_expert, "may_mark": True}
    return render(request, "deals/_expert_cell.html", context)


@require_GET
def expertise_gaps(request: PageRequest, public_id: Any) -> HttpResponse:
    """The slot of a meeting that is being planned: what interests the client and nobody invited knows (R64)."""
    company = get_object_or_404(Company.objects.visible_to(request.user), public_id=public_id)
    today = clock.today()
    ours = colleagues_by_id(request.GET.getlist("our_people"))
    invited = colleagues_by_id(request.GET.getlist("invited"))
    present = {user.pk for user in (*ours, *invited)} or {request.user.pk}
    deals = list(Deal.objects.open().filter(company=company).values_list("pk", flat=True))
    found = coverage(company, present, today, members=member_ids(deals, today))
    context = {"coverage": found, "invited": invited, "is_presentation": request.GET.get("purpose") == DEMO}
    return render(request, "deals/_expertise_gaps.html", context)


def teams_of(request: PageRequest) -> tuple[list[Team], Team | None]:
    """The teams that may be chosen (all of them for the head) and the one that is."""
    if Scope.ALL not in request.user.scopes(Action.SEE_WORKLOAD):
        return [], request.user.team
    teams = list(Team.objects.order_by("name", "pk"))
    named = request.GET.get("team", "")
    chosen = next((team for team in teams if team.code == named), None)
    if named and chosen is None:
        raise Http404
    return teams, chosen or request.user.team or next(iter(teams), None)
