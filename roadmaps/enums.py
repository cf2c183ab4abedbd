"""The words of strategies, their tasks, reviews and presentations: English code, label in the reader's language."""

from django.db import models
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy


class PlanType(models.TextChoices):
    ACTION_PLAN = "action_plan", _("Action plan")
    ROADMAP = "roadmap", _("Roadmap")


class PlanState(models.TextChoices):
    """States of §2.9; an action plan knows neither the stages of a roadmap nor its presentation."""

    DRAFT = "draft", pgettext_lazy("plan", "Draft")
    INFO = "info", _("Gathering and checking data")
    PLANNING = "planning", pgettext_lazy("plan", "Planning")
    REVIEW = "review", _("In review")
    RETURNED = "returned", pgettext_lazy("plan", "Returned")
    ACTIVE = "active", pgettext_lazy("plan", "In work")
    PRESENTATION = "presentation", _("Preparing the presentation")
    COMPLETED = "completed", pgettext_lazy("plan", "Completed")
    CANCELLED = "cancelled", pgettext_lazy("plan", "Cancelled")


ENDED_STATES = (PlanState.COMPLETED, PlanState.CANCELLED)
WORKING_STATES = (PlanState.ACTIVE, PlanState.PRESENTATION)  # tasks are done, and each change is a revision
REWORK_STATES = (
    PlanState.DRAFT,
    PlanState.PLANNING,
    PlanState.RETURNED,
)  # being written; nothing is numbered
OPEN_PLAN_STATES = tuple(state for state in PlanState if state not in ENDED_STATES)


class Metric(models.TextChoices):
    """What the success criterion measures (R45, §10.1); the value of «signed by» is the deadline itself."""

    AMOUNT = "amount", _("amount of the contract, ₽")
    EXPANSION = "expansion", _("growth over the present contract, ₽")
    SEATS = "seats", _("seats")
    SIGNED_BY = "signed_by", _("signed by the deadline")
    DZO_COUNT = "dzo_count", _("subsidiaries with a contract")


class Phase(models.TextChoices):
    """What a task is for."""

    INFO = "info", pgettext_lazy("phase", "Information")
    NEEDS = "needs", pgettext_lazy("phase", "Needs")
    PRESENTATION = "presentation", pgettext_lazy("phase", "Presentation")
    DOCS = "docs", pgettext_lazy("phase", "Documents")
    OTHER = "other", pgettext_lazy("phase", "Other")


class Verdict(models.TextChoices):
    """How a review of the lead ended; empty while it waits."""

    APPROVED = "approved", pgettext_lazy("verdict", "approved")
    RETURNED = "returned", pgettext_lazy("verdict", "returned")
    WITHDRAWN = "withdrawn", pgettext_lazy("verdict", "withdrawn")


class BlockKind(models.TextChoices):
    """Blocks of a presentation, in the order in which a new one has them (R53–R58)."""

    NEEDS = "needs", _("Identified needs")
    QUOTES = "quotes", _("What users say")
    USAGE = "usage", _("How the services are used")
    COURT_LOAD = "court_load", _("Court load")
    TRAININGS = "trainings", pgettext_lazy("block", "Trainings")
    FEATURES = "features", _("What has been released for you")
    OFFER = "offer", _("New contract")
    SCHEDULE = "schedule", _("Schedule")
    JUSTIFICATION = "justification", _("Purchase justification")
    FREE = "free", _("Free text")


class PresentationState(models.TextChoices):
    DRAFT = "draft", pgettext_lazy("presentation", "Draft")
    REVIEW = "review", pgettext_lazy("presentation", "In review")
    READY = "ready", pgettext_lazy("presentation", "Ready")
    SHOWN = "shown", pgettext_lazy("presentation", "Shown to the client")


PRESENTED = (
    PresentationState.READY,
    PresentationState.SHOWN,
)  # its numbers are frozen, and a roadmap may be completed

# What a comment of the lead speaks of, beside a field of the head: followed by the id of a task, the code of a remark.
TASK_ITEM, FLAG_ITEM = "task:", "flag:"
