"""The product's addresses and one bare view: the yardstick of every page."""

from django.http import HttpRequest, HttpResponse
from django.urls import path

from upsell_crm.urls import urlpatterns as product


def bare(request: HttpRequest) -> HttpResponse:
    """As little as a signed-in Django page can do: the middleware, the session and the user."""
    return HttpResponse(str(request.user))


urlpatterns = [path("bench/bare/", bare), *product]
