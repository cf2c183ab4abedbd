"""Changes by machines: If-Match names the version that the caller saw (domain.md §7, faults B1)."""

import re

from django.utils.translation import gettext_lazy as _
from rest_framework.request import Request

from upsell_crm.core.api.problems import Refused

_VERSION = re.compile(r'(?:W/)?"(\d{1,9})(?:-(?:gzip|br|zstd|deflate))?"|(\d{1,9})')


def seen_version(request: Request) -> int:
    """The version in If-Match. Raises 428 without the header, 412 when it names no version."""
    said = request.headers.get("If-Match", "").strip()
    if not said:
        text = _("Send If-Match with the version that you have read, as in ETag.")
        raise Refused(428, "precondition_required", text)
    found = _VERSION.fullmatch(said)
    if found is None:
        raise Refused(412, "version_mismatch", _("If-Match names no version: read the record again."))
    return int(found[1] or found[2])
