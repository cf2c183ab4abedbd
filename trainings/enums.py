"""The words of trainings, marketing and experience: English code, label in the reader's language."""

from django.db import models
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy


class TrainingFormat(models.TextChoices):
    ONLINE = "online", _("online")
    ONSITE = "onsite", _("at the client's")
    WEBINAR = "webinar", _("webinar")
    SELF = "self", _("on their own")


class TrainingState(models.TextChoices):
    """§2.9: planned → held → results; planned → cancelled or no_show."""

    PLANNED = "planned", pgettext_lazy("training", "Planned")
    HELD = "held", pgettext_lazy("training", "Held")
    RESULTS = "results", _("Results entered")
    CANCELLED = "cancelled", pgettext_lazy("training", "Cancelled")
    NO_SHOW = "no_show", _("Nobody came")


TOOK_PLACE = (TrainingState.HELD, TrainingState.RESULTS)


class ActivityKind(models.TextChoices):
    WEBINAR = "webinar", _("webinar")
    EVENT = "event", _("event")
    MAILING = "mailing", _("mailing")


class ActivityState(models.TextChoices):
    PLANNED = "planned", pgettext_lazy("activity", "Planned")
    DONE = "done", pgettext_lazy("activity", "Done")
    CANCELLED = "cancelled", pgettext_lazy("activity", "Cancelled")


class TouchState(models.TextChoices):
    """What became of an invitation or a letter (R88, R89)."""

    INVITED = "invited", pgettext_lazy("touch", "invited")
    ATTENDED = "attended", pgettext_lazy("touch", "attended")
    OPENED = "opened", pgettext_lazy("touch", "opened")
    UNSUBSCRIBED = "unsubscribed", pgettext_lazy("touch", "unsubscribed")


class NoteKind(models.TextChoices):
    """R80: a case, an answer to an objection, a template."""

    CASE = "case", _("case")
    ANSWER = "answer", _("answer to an objection")
    TEMPLATE = "template", _("template")


class SessionState(models.TextChoices):
    PLANNED = "planned", pgettext_lazy("session", "Planned")
    HELD = "held", pgettext_lazy("session", "Held")
    CANCELLED = "cancelled", pgettext_lazy("session", "Cancelled")


class LeftOut(models.TextChoices):
    """Why a person of a segment gets nothing (§6.7); the first reason that fits is the one that counts."""

    ANONYMISED = "anonymised", _("anonymised")
    LEFT = "left", _("has left the client")
    REFUSED = "refused", _("refused mailings")
    UNKNOWN = "unknown", _("consent is not known")
    NO_ADDRESS = "no_address", _("no e-mail")
