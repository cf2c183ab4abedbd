"""Answers that have not changed are not sent again: ETag and If-None-Match (RFC 9110, faults B5)."""

import re
from hashlib import sha256

from django.http import HttpResponse, HttpResponseNotModified
from rest_framework.response import Response

_TAG = re.compile(r'(?:W/)?"([^"]*)"')
_PROXY_SUFFIX = re.compile(r"[-;](?:gzip|br|zstd|deflate)$")
_KEPT = ("ETag", "Cache-Control", "Vary", "RateLimit-Limit", "RateLimit-Remaining", "RateLimit-Reset")


def make_conditional(response: Response, if_none_match: str) -> None:
    """Give a successful answer an ETag of its body, unless it has one, and answer 304 when the caller has it."""

    def finish(rendered: Response) -> HttpResponse | None:
        if not rendered.has_header("ETag"):
            rendered["ETag"] = f'"{sha256(rendered.content).hexdigest()[:32]}"'
        rendered["Cache-Control"] = "private, no-cache"  # may be kept, must be asked about
        return not_modified(rendered) if is_known(if_none_match, rendered["ETag"]) else None

    response.add_post_render_callback(finish)


def is_known(if_none_match: str, etag: str) -> bool:
    """Weak comparison; a compressing proxy makes `W/"7"` or `"7-gzip"` of `"7"`."""
    if if_none_match.strip() == "*":
        return True
    own = etag.strip('"')
    return any(own in (tag, _PROXY_SUFFIX.sub("", tag)) for tag in _TAG.findall(if_none_match))


def not_modified(response: HttpResponse) -> HttpResponseNotModified:
    """304 with the headers that RFC 9110 §15.4.5 wants repeated."""
    answer = HttpResponseNotModified()
    for name in _KEPT:
        if response.has_header(name):
            answer[name] = response[name]
    return answer
