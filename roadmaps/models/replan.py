"""A fact has changed under a plan: what was built on it needs a second look (R46–R48)."""

from typing import ClassVar

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from accounts.enums import Fact
from roadmaps.access import OfPlanQuerySet
from upsell_crm.core.models import RecordedModel


class ReplanItemQuerySet(OfPlanQuerySet):
    def open(self) -> "ReplanItemQuerySet":
        """Nobody has looked at it yet."""
        return self.filter(resolved_at=None)

    def with_touched(self) -> "ReplanItemQuerySet":
        """Annotates `touched`: how many tasks were built on the old fact; with the person who changed it."""
        return self.annotate(touched=models.Count("tasks")).select_related("created_by")


class ReplanItem(RecordedModel):
    """One change of one fact, with the open tasks that were built on the old one; the next sync talks about it."""

    HISTORY: ClassVar = frozenset({"resolved_at", "resolution"})

    plan = models.ForeignKey("roadmaps.Plan", models.CASCADE, related_name="replan_items")
    fact = models.CharField(_("fact"), max_length=11, choices=Fact.choices)
    what = models.CharField(_("what has changed"), max_length=300)
    old = models.CharField(_("it was"), max_length=300, blank=True)
    new = models.CharField(_("it is"), max_length=300, blank=True)
    tasks = models.ManyToManyField("roadmaps.PlanTask", related_name="replan_items", blank=True)
    resolved_at = models.DateTimeField(_("looked at"), null=True, blank=True)
    resolved_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="+"
    )
    resolution = models.CharField(_("what follows for the plan"), max_length=300, blank=True)

    objects = ReplanItemQuerySet.as_manager()

    class Meta:
        ordering = ["-id"]
        verbose_name = _("changed fact of a plan")
        verbose_name_plural = _("changed facts of a plan")
        constraints = [
            models.CheckConstraint(condition=Q(fact__in=Fact.values), name="replan_fact_known"),
        ]

    def __str__(self) -> str:
        return f"{self.fact}: {self.what}"

    @property
    def company_id(self) -> int:
        return self.plan.company_id
