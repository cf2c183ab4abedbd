from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _

from reports.history_words import WORDS


class ReportsConfig(AppConfig):
    name = "reports"
    verbose_name = _("Reports")
    history_words = WORDS  # read by accounts/history_lines.py
