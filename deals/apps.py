from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _

from deals.history_words import WORDS


class DealsConfig(AppConfig):
    name = "deals"
    verbose_name = _("Deals")
    history_words = WORDS  # read by accounts/history_lines.py
    timeline_sources = "deals.timeline_sources.SOURCES"  # read by accounts/timeline.py
