"""Communications with the client and what came of them (R28–R34)."""

import uuid
from typing import ClassVar

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from accounts.access import within_reach
from accounts.enums import (
    TWO_WAY_KINDS,
    AgreementSide,
    InteractionKind,
    InteractionState,
    InterestLevel,
    ObjectionCategory,
    ObjectionState,
    OutcomeResult,
    Purpose,
)
from upsell_crm.core.models import PublicModel, RecordedModel, RecordedQuerySet, User
from upsell_crm.core.roles import Action, Role

# The client took part: a talk, or an e-mail that was answered (domain.md §2.6).
TWO_WAY = Q(kind__in=TWO_WAY_KINDS) | Q(kind=InteractionKind.EMAIL, replied=True)


class InteractionQuerySet(RecordedQuerySet):
    def visible_to(self, user: User) -> "InteractionQuerySet":
        """Communications of the companies whose card this person may open."""
        return self.filter(within_reach(user, Action.SEE_COMPANY, "company__"))

    def standing(self) -> "InteractionQuerySet":
        """Not taken back by their author within the time of undo."""
        return self.filter(retracted_at=None)

    def held(self) -> "InteractionQuerySet":
        """Took place and stand."""
        return self.standing().filter(state=InteractionState.HELD)

    def two_way(self) -> "InteractionQuerySet":
        """Held ones in which the client took part."""
        return self.held().filter(TWO_WAY)

    def for_timeline(self) -> "InteractionQuerySet":
        """With all that `_timeline_item.html` shows, in a constant number of statements."""
        return self.select_related("company", "author").prefetch_related(
            models.Prefetch("client_people", InteractionContact.objects.select_related("contact")),
            models.Prefetch("our_people", InteractionUser.objects.select_related("user")),
            "feedback__product",
            "objections",
            "agreements__task",
            "attachments",
        )


class Interaction(RecordedModel):
    """One meeting, call, e-mail or event: a past one is a log, a future one a plan; one form for both."""

    HISTORY: ClassVar = frozenset(
        {"state", "starts_at", "summary", "next_step", "next_step_on", "retracted_at"}
    )

    company = models.ForeignKey(
        "accounts.Company", models.PROTECT, related_name="interactions", verbose_name=_("company")
    )
    client_id = models.UUIDField(default=uuid.uuid4, unique=True)  # idempotency: one form, one record
    kind = models.CharField(
        _("kind"), max_length=8, choices=InteractionKind.choices, default=InteractionKind.MEETING
    )
    state = models.CharField(
        _("state"), max_length=9, choices=InteractionState.choices, default=InteractionState.HELD
    )
    starts_at = models.DateTimeField(_("when"))
    duration_min = models.PositiveSmallIntegerField(_("minutes"), default=60)
    purpose = models.CharField(_("purpose"), max_length=11, choices=Purpose.choices, blank=True)
    summary = models.TextField(_("outcome"), max_length=20_000, blank=True)
    next_step = models.CharField(_("next step"), max_length=300, blank=True)
    next_step_on = models.DateField(_("next step on"), null=True, blank=True)
    no_next_step_because = models.CharField(_("no next step, because"), max_length=300, blank=True)
    result = models.CharField(_("result"), max_length=5, choices=OutcomeResult.choices, blank=True)
    replied = models.BooleanField(_("the client replied"), default=False)
    competitor = models.CharField(_("competitor"), max_length=150, blank=True)
    budget = models.DecimalField(_("budget, ₽"), max_digits=14, decimal_places=2, null=True, blank=True)
    tags = models.JSONField(_("tags"), default=list, blank=True)
    custom = models.JSONField(_("own fields"), default=dict, blank=True)
    author = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, related_name="interactions", verbose_name=_("author")
    )
    retracted_at = models.DateTimeField(null=True, blank=True, editable=False)

    objects = InteractionQuerySet.as_manager()

    class Meta:
        ordering = ["-starts_at", "-id"]
        verbose_name = _("interaction")
        verbose_name_plural = _("interactions")
        constraints = [
            models.CheckConstraint(
                condition=Q(state__in=InteractionState.values), name="interaction_state_known"
            ),
            models.CheckConstraint(
                condition=Q(kind__in=InteractionKind.values), name="interaction_kind_known"
            ),
        ]
        indexes = [
            models.Index(fields=["company", "-starts_at", "-id"], name="interaction_timeline"),
            models.Index(fields=["author", "-starts_at"], name="interaction_by_author"),
            models.Index(fields=["starts_at"], condition=Q(state="planned"), name="interaction_planned"),
        ]

    def __str__(self) -> str:
        return f"{self.get_kind_display()} {self.starts_at:%d.%m.%Y}"


class InteractionContact(models.Model):
    """A person of the client at an interaction."""

    interaction = models.ForeignKey(Interaction, models.CASCADE, related_name="client_people")
    contact = models.ForeignKey("accounts.Contact", models.PROTECT, related_name="interactions")
    attended = models.BooleanField(_("attended"), default=True)

    class Meta:
        ordering = ["id"]
        constraints = [
            models.UniqueConstraint(fields=["interaction", "contact"], name="interaction_contact_once")
        ]

    def __str__(self) -> str:
        return f"{self.interaction_id} {self.contact_id}"


class InteractionUser(models.Model):
    """A colleague at an interaction."""

    interaction = models.ForeignKey(Interaction, models.CASCADE, related_name="our_people")
    user = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="attended_interactions")
    role = models.CharField(_("role"), max_length=12, choices=Role.choices, blank=True)
    attended = models.BooleanField(_("attended"), default=True)

    class Meta:
        ordering = ["id"]
        constraints = [models.UniqueConstraint(fields=["interaction", "user"], name="interaction_user_once")]

    def __str__(self) -> str:
        return f"{self.interaction_id} {self.user_id}"


class InteractionDepartment(models.Model):
    """A department that was spoken of, with its interest 0–3 (R12)."""

    interaction = models.ForeignKey(Interaction, models.CASCADE, related_name="departments")
    department = models.ForeignKey("accounts.Department", models.CASCADE, related_name="interactions")
    level = models.PositiveSmallIntegerField(_("interest"), choices=InterestLevel.choices)

    class Meta:
        ordering = ["id"]
        constraints = [
            models.UniqueConstraint(fields=["interaction", "department"], name="interaction_department_once"),
            models.CheckConstraint(condition=Q(level__lte=3), name="interaction_department_level_0_3"),
        ]

    def __str__(self) -> str:
        return f"{self.interaction_id} {self.department_id}"


class ProductFeedback(models.Model):
    """The reaction to a product that was shown: −2…+2 and words (R29)."""

    interaction = models.ForeignKey(Interaction, models.CASCADE, related_name="feedback")
    product = models.ForeignKey("accounts.Product", models.PROTECT, related_name="feedback")
    reaction = models.SmallIntegerField(_("reaction"))
    text = models.TextField(_("words"), blank=True)
    quote_ok = models.BooleanField(_("may be quoted"), default=False)

    class Meta:
        ordering = ["id"]
        constraints = [
            models.UniqueConstraint(fields=["interaction", "product"], name="feedback_once_per_product"),
            models.CheckConstraint(
                condition=Q(reaction__gte=-2, reaction__lte=2), name="feedback_reaction_2"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.product_id} {self.reaction:+d}"


class OfCompanyQuerySet(RecordedQuerySet):
    """Records that hang on an interaction and belong to its company."""

    def visible_to(self, user: User) -> "OfCompanyQuerySet":
        """Those of the companies whose card this person may open."""
        return self.filter(within_reach(user, Action.SEE_COMPANY, "company__"))


class Objection(RecordedModel):
    """What the client objects to, and whether it is answered (R31)."""

    HISTORY: ClassVar = frozenset({"state", "handled_how"})

    interaction = models.ForeignKey(Interaction, models.CASCADE, related_name="objections")
    company = models.ForeignKey("accounts.Company", models.PROTECT, related_name="objections")
    category = models.CharField(_("category"), max_length=13, choices=ObjectionCategory.choices)
    text = models.TextField(_("in the client's words"), blank=True)
    state = models.CharField(
        _("state"), max_length=8, choices=ObjectionState.choices, default=ObjectionState.OPEN
    )
    handled_how = models.TextField(_("how it was handled"), blank=True)

    objects = OfCompanyQuerySet.as_manager()

    class Meta:
        ordering = ["-id"]
        verbose_name = _("objection")
        verbose_name_plural = _("objections")
        indexes = [models.Index(fields=["company", "state"], name="objection_of_company")]

    def __str__(self) -> str:
        return self.get_category_display()


class Agreement(models.Model):
    """Who does what by when; with a date and on our side it becomes a task in the same save (R30)."""

    interaction = models.ForeignKey(Interaction, models.CASCADE, related_name="agreements")
    company = models.ForeignKey("accounts.Company", models.PROTECT, related_name="agreements")
    side = models.CharField(_("whose"), max_length=6, choices=AgreementSide.choices, default=AgreementSide.US)
    text = models.CharField(_("what"), max_length=300)
    due_on = models.DateField(_("by"), null=True, blank=True)
    owner_user = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="agreements"
    )
    owner_contact = models.ForeignKey(
        "accounts.Contact", models.SET_NULL, null=True, blank=True, related_name="+"
    )
    task = models.OneToOneField(
        "accounts.Task", models.SET_NULL, null=True, blank=True, related_name="agreement"
    )
    done_at = models.DateTimeField(null=True, blank=True)

    objects = OfCompanyQuerySet.as_manager()

    class Meta:
        ordering = ["due_on", "id"]
        verbose_name = _("agreement")
        verbose_name_plural = _("agreements")
        indexes = [models.Index(fields=["company", "done_at"], name="agreement_of_company")]

    def __str__(self) -> str:
        return self.text


class AttachmentQuerySet(models.QuerySet["Attachment"]):
    def visible_to(self, user: User) -> "AttachmentQuerySet":
        """Files of standing communications of the companies whose card this person may open."""
        reach = within_reach(user, Action.SEE_COMPANY, "interaction__company__")
        return self.filter(reach, interaction__retracted_at=None)


class Attachment(PublicModel):
    """A file of an interaction; stored under a generated name, given out only as a download."""

    interaction = models.ForeignKey(Interaction, models.CASCADE, related_name="attachments")
    file = models.FileField(upload_to="attachments/%Y/%m/")
    name = models.CharField(max_length=200)
    size = models.PositiveIntegerField()
    uploaded_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")

    objects = AttachmentQuerySet.as_manager()

    class Meta:
        ordering = ["id"]

    def __str__(self) -> str:
        return self.name


class CustomField(models.Model):
    """A field that the administrator adds to the outcome form without a migration (R33)."""

    class Kind(models.TextChoices):
        TEXT = "text", _("text")
        NUMBER = "number", _("number")
        DATE = "date", _("date")
        CHOICE = "choice", _("choice")
        BOOL = "bool", _("yes or no")

    code = models.SlugField(_("code"), max_length=40, unique=True)
    label_ru = models.CharField(_("label in Russian"), max_length=80)
    label_en = models.CharField(_("label in English"), max_length=80)
    kind = models.CharField(_("kind"), max_length=6, choices=Kind.choices, default=Kind.TEXT)
    options = models.JSONField(_("options of a choice"), default=list, blank=True)
    position = models.PositiveSmallIntegerField(_("position"), default=100)
    active = models.BooleanField(_("shown"), default=True)

    class Meta:
        ordering = ["position", "id"]
        verbose_name = _("own field of the outcome form")
        verbose_name_plural = _("own fields of the outcome form")

    def __str__(self) -> str:
        return self.label_ru
