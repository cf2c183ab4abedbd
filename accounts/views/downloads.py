"""Giving out stored files: always as a download, never shown inside our pages (faults E7, E8)."""

from django.db.models.fields.files import FieldFile
from django.http import Http404, HttpResponse
from django.utils.http import content_disposition_header
from django.utils.translation import gettext as _


def as_download(stored: FieldFile, name: str) -> HttpResponse:
    """The whole file (at most 10 MB, see services/attachments.py) under the name that people gave it."""
    try:
        with stored.open("rb") as stream:
            answer = HttpResponse(stream.read(), content_type="application/octet-stream")
    except FileNotFoundError as problem:
        raise Http404(_("The file is no longer on the server.")) from problem
    answer["Content-Disposition"] = content_disposition_header(True, name)
    answer["Content-Security-Policy"] = "sandbox; default-src 'none'"
    answer["X-Content-Type-Options"] = "nosniff"
    answer["Cache-Control"] = "no-store"
    return answer
