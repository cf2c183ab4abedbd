from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _

from trainings.history_words import WORDS


class TrainingsConfig(AppConfig):
    name = "trainings"
    verbose_name = _("Trainings")
    history_words = WORDS  # read by accounts/history_lines.py
    timeline_sources = "trainings.timeline_sources.SOURCES"  # read by accounts/timeline.py
