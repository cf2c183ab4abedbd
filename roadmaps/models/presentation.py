"""The presentation for the client: blocks chosen by the KAM, numbers frozen on a day (R53–R58)."""

from typing import ClassVar

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from roadmaps.access import OfPlanQuerySet
from roadmaps.enums import PRESENTED, PresentationState
from upsell_crm.core.models import RecordedModel


class Presentation(RecordedModel):
    """One version of the presentation of a plan.

    `blocks` is the ordered choice: {"kind", "is_on", "title", "text"} each. `snapshot` holds the facts and numbers of
    the slides as they were frozen, with the source of each: what was sent never changes. `file` is the PPTX made of it.
    """

    HISTORY: ClassVar = frozenset({"state", "number", "frozen_at"})

    plan = models.ForeignKey("roadmaps.Plan", models.CASCADE, related_name="presentations")
    number = models.PositiveSmallIntegerField(_("version"))
    title = models.CharField(_("title"), max_length=200)
    language = models.CharField(_("language of the slides"), max_length=2, default="ru")
    blocks = models.JSONField(_("blocks"), default=list, blank=True)
    state = models.CharField(
        _("state"), max_length=6, choices=PresentationState.choices, default=PresentationState.DRAFT
    )
    snapshot = models.JSONField(default=dict, blank=True, editable=False)
    frozen_at = models.DateTimeField(_("numbers of"), null=True, blank=True, editable=False)
    frozen_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="+", editable=False
    )
    file = models.FileField(_("file"), upload_to="presentations/", blank=True)
    shown_at = models.DateTimeField(_("shown"), null=True, blank=True)
    interaction = models.ForeignKey(
        "accounts.Interaction", models.SET_NULL, null=True, blank=True, related_name="presentations"
    )

    objects = OfPlanQuerySet.as_manager()

    class Meta:
        ordering = ["plan_id", "-number"]
        verbose_name = _("presentation")
        verbose_name_plural = _("presentations")
        constraints = [
            models.UniqueConstraint(fields=["plan", "number"], name="presentation_number_once"),
            models.CheckConstraint(
                condition=Q(state__in=PresentationState.values), name="presentation_state_known"
            ),
            models.CheckConstraint(
                condition=~Q(state__in=[PresentationState.READY, PresentationState.SHOWN]) | Q(frozen_at__isnull=False),
                name="presentation_ready_is_frozen",
                violation_error_message=_("Build the presentation first: its numbers have to be frozen."),
            ),
            models.CheckConstraint(
                condition=~Q(state=PresentationState.SHOWN) | Q(shown_at__isnull=False),
                name="presentation_shown_has_moment",
            ),
        ]  # fmt: skip

    def __str__(self) -> str:
        return f"{self.title} №{self.number}"

    def get_absolute_url(self) -> str:
        return f"/presentations/{self.public_id}/"

    @property
    def company_id(self) -> int:
        return self.plan.company_id

    @property
    def is_frozen(self) -> bool:
        """What goes to the client is not edited any more; a new version is made instead."""
        return self.state in PRESENTED


class Logo(RecordedModel):
    """The picture on the slides: a client's, or ours where there is no company."""

    company = models.OneToOneField(
        "accounts.Company",
        models.CASCADE,
        null=True,
        blank=True,
        related_name="logo",
        verbose_name=_("company"),
    )
    is_ours = models.BooleanField(_("our own"), default=False)
    file = models.FileField(_("picture"), upload_to="logos/")

    class Meta:
        ordering = ["id"]
        verbose_name = _("logo")
        verbose_name_plural = _("logos")
        constraints = [
            models.UniqueConstraint(fields=["is_ours"], condition=Q(is_ours=True), name="logo_ours_once"),
            models.CheckConstraint(
                condition=Q(is_ours=True, company=None) | Q(is_ours=False, company__isnull=False),
                name="logo_of_one",
            ),
        ]

    def __str__(self) -> str:
        return str(self.company or _("our logo"))
