"""Syncs: the working group exchanges results and corrects the plan (R51, R52)."""

from typing import ClassVar

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from accounts.enums import InteractionState
from roadmaps.access import OfPlanQuerySet
from upsell_crm.core.models import RecordedModel


class Sync(RecordedModel):
    """One sync of a plan: an internal communication with an agenda; when it was held, its protocol.

    `agenda` is frozen at holding: what stood on it then. `revision` = the changes that the sync decided.
    """

    HISTORY: ClassVar = frozenset({"notes", "revision"})

    plan = models.ForeignKey("roadmaps.Plan", models.CASCADE, related_name="syncs")
    number = models.PositiveSmallIntegerField(_("number"))
    interaction = models.OneToOneField("accounts.Interaction", models.PROTECT, related_name="sync")
    agenda = models.JSONField(_("agenda"), default=dict, blank=True)
    notes = models.TextField(_("protocol"), max_length=20_000, blank=True)
    revision = models.ForeignKey(
        "roadmaps.PlanRevision", models.PROTECT, null=True, blank=True, related_name="syncs"
    )

    objects = OfPlanQuerySet.as_manager()

    class Meta:
        ordering = ["plan_id", "-number"]
        verbose_name = _("sync")
        verbose_name_plural = _("syncs")
        constraints = [
            models.UniqueConstraint(fields=["plan", "number"], name="sync_number_once"),
            models.CheckConstraint(condition=Q(number__gte=1), name="sync_from_one"),
        ]

    def __str__(self) -> str:
        return f"{self.plan_id} №{self.number}"

    def get_absolute_url(self) -> str:
        return f"/syncs/{self.public_id}/"

    @property
    def is_held(self) -> bool:
        """The agenda is frozen; there is a protocol."""
        return self.interaction.state == InteractionState.HELD

    @property
    def is_planned(self) -> bool:
        """Still to be held."""
        return self.interaction.state == InteractionState.PLANNED and self.interaction.retracted_at is None

    @property
    def company_id(self) -> int:
        return self.plan.company_id


class SyncDecision(models.Model):
    """What the sync decided, in words; about one task, or the plan as a whole."""

    sync = models.ForeignKey(Sync, models.CASCADE, related_name="decisions")
    task = models.ForeignKey(
        "roadmaps.PlanTask", models.SET_NULL, null=True, blank=True, related_name="decisions"
    )
    text = models.CharField(_("decision"), max_length=500)

    class Meta:
        ordering = ["id"]
        verbose_name = _("decision of a sync")
        verbose_name_plural = _("decisions of a sync")

    def __str__(self) -> str:
        return self.text
