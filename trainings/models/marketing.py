"""Webinars, events and mailings: who was invited, who came, who does not want letters (R88, R89)."""

from typing import Any, ClassVar

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from accounts.access import within_reach
from trainings.enums import ActivityKind, ActivityState, TouchState
from upsell_crm.core import clock
from upsell_crm.core.models import RecordedModel, RecordedQuerySet, User
from upsell_crm.core.roles import Action
from upsell_crm.core.text import normalise, search_terms


class ActivityQuerySet(RecordedQuerySet):
    def visible_to(self, user: User) -> "ActivityQuerySet":
        """Every activity for whoever keeps marketing; others meet them in the timelines of their clients."""
        return self.all() if user.scopes(Action.SEE_MARKETING) else self.none()

    def matching(self, query: str) -> "ActivityQuerySet":
        """Search by title: all words in any order."""
        found = self
        for term in search_terms(query):
            found = found.filter(search_text__contains=term)
        return found


class MarketingActivity(RecordedModel):
    """One webinar, event or mailing. `audience` keeps the filters of the segments that were taken, `excluded` counts
    who was left out of them, each person once, by reason (enums.LeftOut, §6.7).
    """

    HISTORY: ClassVar = frozenset({"state", "title", "starts_at", "audience"})

    kind = models.CharField(_("kind"), max_length=7, choices=ActivityKind.choices)
    title = models.CharField(_("title"), max_length=200)
    product = models.ForeignKey(
        "accounts.Product", models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("product")
    )
    feature = models.ForeignKey(
        "accounts.FeatureRequest", models.SET_NULL, null=True, blank=True, related_name="activities",
        verbose_name=_("released feature it tells of"),
    )  # fmt: skip
    starts_at = models.DateTimeField(_("when"))
    state = models.CharField(
        _("state"), max_length=9, choices=ActivityState.choices, default=ActivityState.PLANNED
    )
    text = models.TextField(_("what it is about"), blank=True)
    audience = models.JSONField(_("filters of the segment"), default=dict, blank=True)
    excluded = models.JSONField(_("left out, by reason"), default=dict, blank=True, editable=False)
    owner = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, related_name="activities", verbose_name=_("owner")
    )
    search_text = models.CharField(max_length=200, editable=False, default="")

    objects = ActivityQuerySet.as_manager()

    class Meta:
        ordering = ["-starts_at", "-id"]
        verbose_name = _("marketing activity")
        verbose_name_plural = _("marketing activities")
        constraints = [
            models.CheckConstraint(condition=Q(kind__in=ActivityKind.values), name="activity_kind_known"),
            models.CheckConstraint(condition=Q(state__in=ActivityState.values), name="activity_state_known"),
        ]
        indexes = [models.Index(fields=["-starts_at", "-id"], name="activity_by_date")]

    def __str__(self) -> str:
        return self.title

    def get_absolute_url(self) -> str:
        return f"/marketing/{self.public_id}/"

    def save(self, **options: Any) -> None:
        """Keeps the search column in step."""
        self.search_text = normalise(self.title)[:200]
        super().save(**options)

    @property
    def is_planned(self) -> bool:
        """Its audience may still change."""
        return self.state == ActivityState.PLANNED


class TouchQuerySet(models.QuerySet["MarketingTouch"]):
    def visible_to(self, user: User) -> "TouchQuerySet":
        """Touches of the companies whose card this person may open."""
        return self.filter(within_reach(user, Action.SEE_COMPANY, "company__"))


class MarketingTouch(models.Model):
    """One contact in one activity; `company` is where he worked then, for the timeline of that client.

    Rows come by one INSERT … SELECT for an audience of any size (services/audiences.py), so the database alone fills them.
    """

    activity = models.ForeignKey(MarketingActivity, models.CASCADE, related_name="touches")
    contact = models.ForeignKey("accounts.Contact", models.PROTECT, related_name="touches")
    company = models.ForeignKey("accounts.Company", models.PROTECT, related_name="touches")
    state = models.CharField(
        _("state"), max_length=12, choices=TouchState.choices, default=TouchState.INVITED
    )
    changed_at = models.DateTimeField(_("since"), default=clock.now)

    objects = TouchQuerySet.as_manager()

    class Meta:
        ordering = ["id"]
        verbose_name = _("marketing touch")
        verbose_name_plural = _("marketing touches")
        constraints = [
            models.UniqueConstraint(fields=["activity", "contact"], name="touch_once"),
            models.CheckConstraint(condition=Q(state__in=TouchState.values), name="touch_state_known"),
        ]
        indexes = [models.Index(fields=["company", "activity"], name="touch_of_company")]

    def __str__(self) -> str:
        return f"{self.activity_id} {self.contact_id}"
