from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _

from roadmaps.history_words import WORDS


class RoadmapsConfig(AppConfig):
    name = "roadmaps"
    verbose_name = _("Roadmaps")
    history_words = WORDS  # read by accounts/history_lines.py
    timeline_sources = "roadmaps.timeline_sources.SOURCES"  # read by accounts/timeline.py
    task_notes = "roadmaps.task_notes.notes_of"  # read by accounts/task_notes.py
    deal_words = "roadmaps.deal_words.strategy_words"  # read by deals/deal_words.py
