"""What every page's frame needs."""

from typing import Any

from django.conf import settings
from django.http import HttpRequest

from upsell_crm.core import clock


def shell(request: HttpRequest) -> dict[str, Any]:
    """Demo banner, today's date, and whether the visitor is signed in; no query."""
    return {"is_demo": settings.IS_DEMO, "today": clock.today()}
