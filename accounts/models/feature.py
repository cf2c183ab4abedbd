"""Features that clients wait for (R23)."""

from typing import ClassVar

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from accounts.access import within_reach
from accounts.enums import RELEASED_STATUSES, FeatureStatus, Response
from upsell_crm.core.models import RecordedModel, RecordedQuerySet, User
from upsell_crm.core.roles import Action


class FeatureQuerySet(RecordedQuerySet):
    def visible_to(self, user: User) -> "FeatureQuerySet":
        """The board is one for everybody who may see it; whose clients wait is counted by each reader's rights."""
        return self.all() if user.scopes(Action.SEE_FEATURES) else self.none()

    def released(self) -> "FeatureQuerySet":
        """Shipped; closed counts as released (§4.10.10)."""
        return self.filter(status__in=RELEASED_STATUSES)


class FeatureRequest(RecordedModel):
    """A feature of a product that somebody waits for."""

    HISTORY: ClassVar = frozenset({"status", "planned_release", "released_on", "status_reason"})

    title = models.CharField(_("title"), max_length=200)
    description = models.TextField(_("what it does"), blank=True)
    product = models.ForeignKey(
        "accounts.Product", models.PROTECT, related_name="features", verbose_name=_("product")
    )
    status = models.CharField(
        _("status"), max_length=9, choices=FeatureStatus.choices, default=FeatureStatus.NEW
    )
    planned_release = models.DateField(_("planned release"), null=True, blank=True)
    released_on = models.DateField(_("released on"), null=True, blank=True)
    tracker_ref = models.CharField(_("tracker reference"), max_length=100, blank=True)
    status_reason = models.CharField(_("why declined"), max_length=300, blank=True)

    objects = FeatureQuerySet.as_manager()

    class Meta:
        ordering = ["title", "id"]
        verbose_name = _("awaited feature")
        verbose_name_plural = _("awaited features")
        constraints = [
            models.UniqueConstraint(fields=["product", "title"], name="feature_title_once_per_product"),
            models.CheckConstraint(
                condition=~Q(status__in=RELEASED_STATUSES) | Q(released_on__isnull=False),
                name="feature_released_has_date",
            ),
            models.CheckConstraint(condition=Q(status__in=FeatureStatus.values), name="feature_status_known"),
        ]

    def __str__(self) -> str:
        return self.title

    def get_absolute_url(self) -> str:
        return f"/features/{self.public_id}/"

    @property
    def is_released(self) -> bool:
        """Shipped, answered by everybody or not."""
        return self.status in RELEASED_STATUSES


class WaitQuerySet(RecordedQuerySet):
    def visible_to(self, user: User) -> "WaitQuerySet":
        """Waits of the companies whose card this person may open."""
        return self.filter(within_reach(user, Action.SEE_COMPANY, "company__"))

    def to_present(self) -> "WaitQuerySet":
        """The feature is out and the client has not seen it (R24)."""
        return self.filter(feature__status__in=RELEASED_STATUSES, presented_on=None)

    def to_answer(self) -> "WaitQuerySet":
        """The feature is out and the client has not said yet what he thinks, shown to him or not (R25)."""
        return self.filter(feature__status__in=RELEASED_STATUSES, response="")

    def to_tell(self) -> "WaitQuerySet":
        """The feature will not come and the client does not know it yet."""
        return self.filter(feature__status=FeatureStatus.DECLINED, told_on=None)

    def answered(self) -> "WaitQuerySet":
        """The client has said what he thinks (R25)."""
        return self.exclude(response="")


class FeatureWait(RecordedModel):
    """A client who waits for a feature: who said it, in which words, and what came of it."""

    HISTORY: ClassVar = frozenset(
        {"importance", "promised", "quote", "presented_on", "response", "answered_on", "told_on"}
    )

    feature = models.ForeignKey(FeatureRequest, models.PROTECT, related_name="waits")
    company = models.ForeignKey("accounts.Company", models.CASCADE, related_name="feature_waits")
    contact = models.ForeignKey("accounts.Contact", models.SET_NULL, null=True, blank=True, related_name="+")
    importance = models.PositiveSmallIntegerField(_("importance, 1–3"), default=2)
    promised = models.BooleanField(_("promised"), default=False)
    quote = models.TextField(_("in the client's words"), blank=True)
    asked_on = models.DateField(_("asked on"), null=True, blank=True)
    presented_on = models.DateField(_("presented on"), null=True, blank=True)
    response = models.CharField(_("response"), max_length=8, choices=Response.choices, blank=True)
    answered_on = models.DateField(_("answered on"), null=True, blank=True)
    told_on = models.DateField(_("told that it is declined"), null=True, blank=True)
    interaction = models.ForeignKey(
        "accounts.Interaction", models.SET_NULL, null=True, blank=True, related_name="waits"
    )  # in which the client asked for it
    presentation = models.ForeignKey(
        "accounts.Interaction", models.SET_NULL, null=True, blank=True, related_name="presented_waits"
    )  # in which it was shown

    objects = WaitQuerySet.as_manager()

    class Meta:
        ordering = ["-importance", "id"]
        verbose_name = _("client waiting for a feature")
        verbose_name_plural = _("clients waiting for features")
        constraints = [
            models.UniqueConstraint(fields=["feature", "company"], name="feature_wait_once"),
            models.CheckConstraint(
                condition=Q(importance__gte=1, importance__lte=3), name="feature_wait_importance_1_3"
            ),
            models.CheckConstraint(
                condition=Q(response="") | Q(presented_on__isnull=False),
                name="feature_wait_presented_first",
                violation_error_message=_("Say when the feature was shown before the response."),
            ),
        ]

    def __str__(self) -> str:
        return str(self.feature)

    @property
    def is_to_present(self) -> bool:
        """Out, and not shown to this client yet."""
        return self.feature.is_released and self.presented_on is None

    @property
    def is_to_tell(self) -> bool:
        """Will not come, and this client does not know it yet."""
        return self.feature.status == FeatureStatus.DECLINED and self.told_on is None
