"""How often one client may call: counted by one atomic statement, so the limit is exact (faults F8)."""

from typing import Any

from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.throttling import BaseThrottle

from upsell_crm.core.limits import count_try, seconds_left

REQUESTS_PER_MINUTE = 120
_WINDOW = 60  # seconds


class ClientRateThrottle(BaseThrottle):
    """120 requests a minute for each client; above it 429 with Retry-After."""

    def allow_request(self, request: Any, view: object) -> bool:
        if not hasattr(request, "tries"):  # asked twice: before the scopes by ApiView, after them by DRF
            request.tries = count_try(f"api:{request.auth.pk}", seconds=_WINDOW)
        return request.tries <= REQUESTS_PER_MINUTE

    def wait(self) -> float:
        return seconds_left(_WINDOW)


def add_rate_headers(request: Request, response: Response) -> None:
    """RateLimit-* on every counted answer, so that a client can slow down by itself."""
    tries = getattr(request, "tries", None)
    if tries is None:
        return
    response["RateLimit-Limit"] = str(REQUESTS_PER_MINUTE)
    response["RateLimit-Remaining"] = str(max(0, REQUESTS_PER_MINUTE - tries))
    response["RateLimit-Reset"] = str(seconds_left(_WINDOW))
