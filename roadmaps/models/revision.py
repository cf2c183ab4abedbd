"""What a plan was: numbered revisions that replay to the present one, and the lead's reviews (R52, R79)."""

from typing import ClassVar

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from roadmaps.access import OfPlanQuerySet
from roadmaps.enums import Verdict
from upsell_crm.core.models import PublicModel, RecordedModel


class PlanRevision(PublicModel):
    """One numbered change of a plan in work. All `changes` in order, replayed from nothing, give the plan as it stands.

    Number 1 is the first start. `changes` are operations of `plan_content`; `by` is empty when a rule changed the plan.
    """

    plan = models.ForeignKey("roadmaps.Plan", models.CASCADE, related_name="revisions")
    number = models.PositiveSmallIntegerField(_("number"))
    reason = models.CharField(_("reason"), max_length=300, blank=True)
    changes = models.JSONField(_("changes"), default=list)
    by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="+")
    at = models.DateTimeField(_("when"))

    objects = OfPlanQuerySet.as_manager()

    class Meta:
        ordering = ["plan_id", "number"]
        verbose_name = _("revision of a plan")
        verbose_name_plural = _("revisions of a plan")
        constraints = [
            models.UniqueConstraint(fields=["plan", "number"], name="plan_revision_number_once"),
            models.CheckConstraint(condition=Q(number__gte=1), name="plan_revision_from_one"),
        ]

    def __str__(self) -> str:
        return f"{self.plan_id} №{self.number}"

    @property
    def company_id(self) -> int:
        return self.plan.company_id


class PlanReview(RecordedModel):
    """One submission to the lead with the plan as it was then; open while there is no verdict."""

    HISTORY: ClassVar = frozenset({"verdict"})

    plan = models.ForeignKey("roadmaps.Plan", models.CASCADE, related_name="reviews")
    content = models.JSONField(default=dict)  # what was submitted
    submitted_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    submitted_at = models.DateTimeField(_("submitted"))
    reviewer = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="+"
    )
    verdict = models.CharField(_("verdict"), max_length=9, choices=Verdict.choices, blank=True)
    comment = models.TextField(_("comment"), max_length=2000, blank=True)
    decided_at = models.DateTimeField(_("decided"), null=True, blank=True)

    objects = OfPlanQuerySet.as_manager()

    class Meta:
        ordering = ["-id"]
        verbose_name = _("review of a plan")
        verbose_name_plural = _("reviews of a plan")
        constraints = [
            models.UniqueConstraint(fields=["plan"], condition=Q(verdict=""), name="plan_review_one_open"),
            models.CheckConstraint(
                condition=Q(verdict="") & Q(decided_at=None) | ~Q(verdict="") & Q(decided_at__isnull=False),
                name="plan_review_decided_has_moment",
            ),
            models.CheckConstraint(
                condition=~Q(verdict=Verdict.RETURNED) | ~Q(comment=""), name="plan_review_return_has_comment",
                violation_error_message=_("Say what to change."),
            ),
        ]  # fmt: skip

    def __str__(self) -> str:
        return f"{self.plan_id} {self.verdict or '…'}"

    @property
    def company_id(self) -> int:
        return self.plan.company_id


class ReviewCommentQuerySet(OfPlanQuerySet):
    def open(self) -> "ReviewCommentQuerySet":
        """Nobody has settled it yet."""
        return self.filter(resolved_at=None)


class ReviewComment(RecordedModel):
    """The lead's words on one item of a plan: a field of its head, a task, or a flag of the linter.

    `item` is «goal», «deadline» …, «task:<public id>» or «flag:<code>»; the words stay when the item is gone.
    """

    HISTORY: ClassVar = frozenset({"resolved_at"})

    plan = models.ForeignKey("roadmaps.Plan", models.CASCADE, related_name="comments")
    item = models.CharField(_("about"), max_length=60)
    text = models.TextField(_("comment"), max_length=2000)
    author = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    answer = models.CharField(_("what was done about it"), max_length=300, blank=True)
    resolved_at = models.DateTimeField(_("settled"), null=True, blank=True)
    resolved_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="+"
    )

    objects = ReviewCommentQuerySet.as_manager()

    class Meta:
        ordering = ["plan_id", "id"]
        verbose_name = _("comment on a plan")
        verbose_name_plural = _("comments on a plan")
        constraints = [
            models.CheckConstraint(condition=~Q(text=""), name="review_comment_says_something"),
        ]

    def __str__(self) -> str:
        return f"{self.item}: {self.text[:60]}"

    @property
    def company_id(self) -> int:
        return self.plan.company_id
