"""Answers to htmx: close the panel, tell what happened, offer to undo it."""

import json
from typing import Any

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect

from upsell_crm.core.http import PageRequest


def done(
    request: PageRequest,
    text: str,
    *,
    back: str,
    event: str = "",
    undo: str = "",
    lines: list[str] | None = None,
) -> HttpResponse:
    """A finished command: htmx closes the panel, refreshes what listens to `event` and shows the toast.

    Without htmx it is a message on the page `back`; a form on a page of its own leads there too, so that nobody
    saves it twice. `undo` is an address to post to.
    """
    if not request.htmx:
        messages.success(request, text)
        return redirect(back)
    if request.htmx.current_url_abs_path == request.get_full_path():
        messages.success(request, text)
        return HttpResponse(status=204, headers={"HX-Redirect": back})
    toast: dict[str, Any] = {"text": text}
    if undo:
        toast["undo"] = undo
    if lines:
        toast["lines"] = lines
    events: dict[str, Any] = {"toast": toast}
    if event:
        events[event] = {}
    events["panel:close"] = {}  # last: the form that receives the events leaves the page with the panel
    return HttpResponse(status=204, headers={"HX-Trigger": json.dumps(events)})


def is_fetched(request: PageRequest) -> bool:
    """Asked by «Отменить» of a toast (js/toast.js), which shows nothing of the answer but its status."""
    return request.headers.get("X-Requested-With") == "fetch"


def undone(request: PageRequest, text: str, *, back: str, event: str) -> HttpResponse:
    """A command that was taken back: by the toast, or by a button of the page."""
    if is_fetched(request):
        return HttpResponse(status=204)
    return done(request, text, back=back, event=event)
