"""What every page's frame needs."""

from typing import Any

from django.conf import settings

from upsell_crm.core import clock
from upsell_crm.core.http import PageRequest
from upsell_crm.core.navigation import more_places_for, sidebar


def shell(request: PageRequest) -> dict[str, Any]:
    """Demo banner, today's date and the sidebar; one query at most, for the roles.

    A fragment for htmx has no frame, so nothing is computed for it.
    """
    context: dict[str, Any] = {
        "is_demo": settings.IS_DEMO,
        "today": clock.today(),
        "places": [],
        "more_places": [],
    }
    user = getattr(request, "user", None)
    if user is not None and user.is_authenticated and not getattr(request, "htmx", False):
        context["places"], context["more_places"] = sidebar(request), more_places_for(user)
    return context
