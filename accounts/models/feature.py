"""Features that clients wait for (R23)."""

from typing import ClassVar

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from accounts.enums import FeatureStatus, Response
from upsell_crm.core.models import RecordedModel


class FeatureRequest(RecordedModel):
    """A feature of a product that somebody waits for."""

    HISTORY: ClassVar = frozenset({"status", "planned_release", "released_on"})

    title = models.CharField(_("title"), max_length=200)
    product = models.ForeignKey(
        "accounts.Product", models.PROTECT, related_name="features", verbose_name=_("product")
    )
    status = models.CharField(
        _("status"), max_length=9, choices=FeatureStatus.choices, default=FeatureStatus.NEW
    )
    planned_release = models.DateField(_("planned release"), null=True, blank=True)
    released_on = models.DateField(_("released on"), null=True, blank=True)
    tracker_ref = models.CharField(_("tracker reference"), max_length=100, blank=True)

    class Meta:
        ordering = ["title", "id"]
        verbose_name = _("awaited feature")
        verbose_name_plural = _("awaited features")
        constraints = [
            models.UniqueConstraint(fields=["product", "title"], name="feature_title_once_per_product"),
            models.CheckConstraint(
                condition=~Q(status__in=[FeatureStatus.RELEASED, FeatureStatus.CLOSED])
                | Q(released_on__isnull=False),
                name="feature_released_has_date",
            ),
        ]

    def __str__(self) -> str:
        return self.title


class FeatureWait(models.Model):
    """A client who waits for a feature: who said it, in which words, and what came of it."""

    feature = models.ForeignKey(FeatureRequest, models.PROTECT, related_name="waits")
    company = models.ForeignKey("accounts.Company", models.CASCADE, related_name="feature_waits")
    contact = models.ForeignKey("accounts.Contact", models.SET_NULL, null=True, blank=True, related_name="+")
    importance = models.PositiveSmallIntegerField(_("importance, 1–3"), default=2)
    promised = models.BooleanField(_("promised"), default=False)
    quote = models.TextField(_("in the client's words"), blank=True)
    asked_on = models.DateField(_("asked on"), null=True, blank=True)
    presented_on = models.DateField(_("presented on"), null=True, blank=True)
    response = models.CharField(_("response"), max_length=8, choices=Response.choices, blank=True)
    interaction = models.ForeignKey(
        "accounts.Interaction", models.SET_NULL, null=True, blank=True, related_name="+"
    )

    class Meta:
        ordering = ["-importance", "id"]
        verbose_name = _("client waiting for a feature")
        verbose_name_plural = _("clients waiting for features")
        constraints = [
            models.UniqueConstraint(fields=["feature", "company"], name="feature_wait_once"),
            models.CheckConstraint(
                condition=Q(importance__gte=1, importance__lte=3), name="feature_wait_importance_1_3"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.company_id} waits for {self.feature_id}"
