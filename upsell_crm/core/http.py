"""The request as our middleware hands it to a page: somebody has surely signed in (SignInRequiredMiddleware)."""

from django.http import HttpRequest, QueryDict
from django_htmx.middleware import HtmxDetails

from upsell_crm.core.models import User


class PageRequest(HttpRequest):
    """For annotations alone; public pages take a plain HttpRequest."""

    user: User
    htmx: HtmxDetails
    id: str  # of the request: in logs, history and on error pages


def number_sent(values: QueryDict, name: str) -> int | None:
    """A whole number that a page sends along (a version, a place); None when it is missing or no such number."""
    text = values.get(name, "")
    return int(text) if text.isascii() and text.isdecimal() and len(text) < 10 else None
