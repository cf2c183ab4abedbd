"""Trainings of the client's people, and what came of them (R35, R36, domain.md §2.4)."""

from typing import ClassVar

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from accounts.access import within_reach
from accounts.enums import OPEN_TASK_STATES
from trainings.enums import TOOK_PLACE, TrainingFormat, TrainingState
from upsell_crm.core.models import PublicModel, RecordedModel, RecordedQuerySet, User
from upsell_crm.core.roles import Action


class TrainingQuerySet(RecordedQuerySet):
    def visible_to(self, user: User) -> "TrainingQuerySet":
        """One's own as tutor or CSM, and those of the companies whose card this person may open."""
        own = Q(tutor=user) | Q(csm=user)
        return self.filter(own | within_reach(user, Action.SEE_COMPANY, "company__"))

    def took_place(self) -> "TrainingQuerySet":
        """Held, with or without results yet."""
        return self.filter(state__in=TOOK_PLACE)


class Training(RecordedModel):
    """One training of a company on one product."""

    HISTORY: ClassVar = frozenset({"state", "starts_at", "tutor", "product", "topic"})

    company = models.ForeignKey(
        "accounts.Company", models.PROTECT, related_name="trainings", verbose_name=_("company")
    )
    product = models.ForeignKey(
        "accounts.Product", models.PROTECT, related_name="trainings", verbose_name=_("product")
    )
    topic = models.CharField(_("topic"), max_length=200)
    format = models.CharField(
        _("format"), max_length=7, choices=TrainingFormat.choices, default=TrainingFormat.ONLINE
    )
    starts_at = models.DateTimeField(_("when"))
    duration_min = models.PositiveSmallIntegerField(_("minutes"), default=90)
    tutor = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, related_name="trainings_held", verbose_name=_("tutor")
    )
    csm = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="trainings_supported",
        verbose_name=_("CSM"),
    )  # fmt: skip
    deal = models.ForeignKey(
        "deals.Deal", models.SET_NULL, null=True, blank=True, related_name="trainings", verbose_name=_("deal")
    )
    state = models.CharField(
        _("state"), max_length=9, choices=TrainingState.choices, default=TrainingState.PLANNED
    )
    state_reason = models.CharField(_("why it is in this state"), max_length=300, blank=True)
    notes = models.TextField(_("questions and notes of the tutor"), blank=True)
    results_at = models.DateTimeField(_("results entered"), null=True, blank=True, editable=False)

    objects = TrainingQuerySet.as_manager()

    class Meta:
        ordering = ["-starts_at", "-id"]
        verbose_name = _("training")
        verbose_name_plural = _("trainings")
        constraints = [
            models.CheckConstraint(condition=Q(state__in=TrainingState.values), name="training_state_known"),
            models.CheckConstraint(condition=Q(duration_min__gt=0), name="training_lasts"),
            models.UniqueConstraint(
                fields=["company", "product", "tutor", "starts_at"], condition=Q(state=TrainingState.PLANNED),
                name="training_planned_once",
                violation_error_message=_("This training is planned already."),
            ),
        ]  # fmt: skip
        indexes = [
            models.Index(fields=["company", "-starts_at"], name="training_of_company"),
            models.Index(fields=["tutor", "starts_at"], name="training_of_tutor"),
            models.Index(fields=["starts_at", "id"], name="training_calendar"),
        ]

    def __str__(self) -> str:
        return self.topic

    def get_absolute_url(self) -> str:
        return f"/trainings/{self.public_id}/"

    @property
    def took_place(self) -> bool:
        """Held, with or without results yet."""
        return self.state in TOOK_PLACE


class TraineeQuerySet(models.QuerySet["Trainee"]):
    def of_people(self, user: User) -> "TraineeQuerySet":
        """Trainees of the trainings that this person may open."""
        return self.filter(training__in=Training.objects.visible_to(user).order_by().values("pk"))

    def candidates(self) -> "TraineeQuerySet":
        """Who came and is not a contact of the client yet (R36)."""
        return self.filter(contact=None)

    def quotable(self) -> "TraineeQuerySet":
        """Words that may be shown to others: the block «testimonials» of a presentation (R55)."""
        return self.filter(can_quote=True).exclude(comment="")


class Trainee(PublicModel):
    """One person of the list: a contact of the client, or a name until somebody confirms him (R36).

    `activated_30d` is the first real use within 30 calendar days; None = not known, left out of the index.
    """

    training = models.ForeignKey(Training, models.CASCADE, related_name="trainees")
    contact = models.ForeignKey(
        "accounts.Contact", models.PROTECT, null=True, blank=True, related_name="trainings"
    )
    name = models.CharField(_("name"), max_length=200, blank=True)
    position = models.CharField(_("position"), max_length=200, blank=True)
    email = models.EmailField(_("e-mail"), blank=True)
    invited = models.BooleanField(_("invited"), default=True)
    attended = models.BooleanField(_("attended"), default=False)
    minutes = models.PositiveSmallIntegerField(_("minutes"), null=True, blank=True)
    pre_test = models.DecimalField(_("test before"), max_digits=5, decimal_places=2, null=True, blank=True)
    test = models.DecimalField(_("test"), max_digits=5, decimal_places=2, null=True, blank=True)
    reaction = models.DecimalField(_("reaction, 1–5"), max_digits=3, decimal_places=2, null=True, blank=True)
    activated_30d = models.BooleanField(_("used it within 30 days"), null=True, blank=True)
    comment = models.TextField(_("comment"), blank=True)
    can_quote = models.BooleanField(_("may be quoted"), default=False)

    objects = TraineeQuerySet.as_manager()

    class Meta:
        ordering = ["id"]
        verbose_name = _("trainee")
        verbose_name_plural = _("trainees")
        constraints = [
            models.UniqueConstraint(
                fields=["training", "contact"], condition=Q(contact__isnull=False), name="trainee_contact_once"
            ),
            models.UniqueConstraint(
                fields=["training", "name"], condition=Q(contact=None), name="trainee_name_once",
                violation_error_message=_("This name stands in the list twice."),
            ),
            models.CheckConstraint(
                condition=Q(contact__isnull=False) | ~Q(name=""), name="trainee_is_somebody"
            ),
            models.CheckConstraint(
                condition=Q(attended=True) | Q(minutes=None, test=None, reaction=None, activated_30d=None),
                name="trainee_results_need_attendance",
                violation_error_message=_("Only who came has a test, a reaction or an activation."),
            ),
            models.CheckConstraint(
                condition=Q(pre_test=None) | Q(pre_test__gte=0, pre_test__lte=100), name="trainee_pre_test_0_100"
            ),
            models.CheckConstraint(
                condition=Q(test=None) | Q(test__gte=0, test__lte=100), name="trainee_test_0_100"
            ),
            models.CheckConstraint(
                condition=Q(reaction=None) | Q(reaction__gte=1, reaction__lte=5), name="trainee_reaction_1_5"
            ),
        ]  # fmt: skip

    def __str__(self) -> str:
        return self.name or str(self.contact_id)

    @property
    def shown_name(self) -> str:
        """The contact's own name, or what stands in the list until he is one."""
        return self.contact.full_name if self.contact else self.name


class ProposalQuerySet(models.QuerySet["TrainingProposal"]):
    def running(self) -> "ProposalQuerySet":
        """Offers whose task nobody has finished yet."""
        return self.filter(task__state__in=OPEN_TASK_STATES)


class TrainingProposal(models.Model):
    """Somebody offered the client a training, so that nobody offers it a second time (§6.6)."""

    company = models.ForeignKey("accounts.Company", models.CASCADE, related_name="training_proposals")
    product = models.ForeignKey("accounts.Product", models.PROTECT, related_name="+")
    task = models.OneToOneField("accounts.Task", models.CASCADE, related_name="training_proposal")
    index_then = models.PositiveSmallIntegerField(_("index at the time, of 100"), null=True, blank=True)
    proposed_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    proposed_at = models.DateTimeField(auto_now_add=True)

    objects = ProposalQuerySet.as_manager()

    class Meta:
        ordering = ["-id"]

    def __str__(self) -> str:
        return f"{self.company_id} {self.product_id}"
