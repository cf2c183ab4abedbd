"""Suggestions for fields in which a responsible person is chosen."""

from django.http import Http404, HttpResponse, JsonResponse
from django.views.decorators.http import require_GET

from upsell_crm.core.access import require
from upsell_crm.core.http import PageRequest
from upsell_crm.core.kams import kams_within, label_of, named
from upsell_crm.core.roles import Action

RIGHTS = (
    Action.SEE_COMPANY,
    Action.SEE_RANKING,
    Action.SEE_REPORT,
)  # of the lists that are narrowed by a KAM


@require_GET
def kam_options(request: PageRequest, right: str) -> HttpResponse:
    """The first KAMs within reach of the right whose names have the typed words."""
    if right not in RIGHTS:
        raise Http404
    action = Action(right)
    require(request.user, action)
    found = named(kams_within(request.user, action).select_related("team"), request.GET.get("q", ""))
    return JsonResponse({"options": [
        {"value": one.username, "label": label_of(one), "note": one.team.name if one.team else ""} for one in found
    ]})  # fmt: skip
