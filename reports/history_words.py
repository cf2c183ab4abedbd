"""How the history of a client tells what happened in this room: event → what the person did (R15)."""

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

WORDS: dict[str, Promise] = {
    "build_existing_clients": _("built the report on existing clients"),
    "run_ranking": _("ran the ranking"),
    "snooze_signal": _("put a reason to call aside"),
    "wake_signal": _("took a reason to call up again"),
}
