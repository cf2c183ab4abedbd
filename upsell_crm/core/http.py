"""The request as our middleware hands it to a page: somebody has surely signed in (SignInRequiredMiddleware)."""

from django.http import HttpRequest
from django_htmx.middleware import HtmxDetails

from upsell_crm.core.models import User


class PageRequest(HttpRequest):
    """For annotations alone; public pages take a plain HttpRequest."""

    user: User
    htmx: HtmxDetails
    id: str  # of the request: in logs, history and on error pages
