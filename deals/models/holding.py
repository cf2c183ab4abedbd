"""A programme over a holding: value for the head's key ЛПР, consent, who does what in each ДЗО (R66–R75)."""

from datetime import date
from typing import ClassVar

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from deals.access import deals_within_reach
from deals.enums import OPEN_STAGES, Function, ProgramState, ValueState
from upsell_crm.core.models import RecordedModel, RecordedQuerySet, Team, User
from upsell_crm.core.roles import Action


class OfDealQuerySet(RecordedQuerySet):
    def visible_to(self, user: User) -> "OfDealQuerySet":
        """Of the deals that this person may open."""
        return self.filter(deals_within_reach(user, Action.SEE_DEAL, "deal__"))


class HoldingProgramQuerySet(OfDealQuerySet):
    """Programmes of holdings."""

    def open(self) -> "HoldingProgramQuerySet":
        """Not finished, of a deal that is neither won nor lost: only these hold their gates shut."""
        return self.filter(deal__stage__in=OPEN_STAGES).exclude(state=ProgramState.DONE)


class HoldingProgram(RecordedModel):
    """The road of a holding project; its gates open in order, or by a lead's recorded override."""

    HISTORY: ClassVar = frozenset({"state", "value_override_reason", "consent_override_reason"})

    deal = models.OneToOneField("deals.Deal", models.CASCADE, related_name="program")
    state = models.CharField(
        _("state"), max_length=13, choices=ProgramState.choices, default=ProgramState.VALUE
    )
    value_override_reason = models.CharField(_("why not every key ЛПР"), max_length=300, blank=True)
    consent_override_reason = models.CharField(_("why without consent"), max_length=300, blank=True)

    objects = HoldingProgramQuerySet.as_manager()

    class Meta:
        ordering = ["id"]
        verbose_name = _("holding programme")
        verbose_name_plural = _("holding programmes")
        constraints = [
            models.CheckConstraint(
                condition=Q(state__in=ProgramState.values), name="holding_program_state_known"
            )
        ]

    def __str__(self) -> str:
        return f"{self.deal_id} {self.state}"

    @property
    def company_id(self) -> int:
        """The head organisation, under which the history of the programme is shown."""
        return self.deal.company_id


class OfProgramQuerySet(RecordedQuerySet):
    def visible_to(self, user: User) -> "OfProgramQuerySet":
        """Of the programmes whose deal this person may open."""
        return self.filter(deals_within_reach(user, Action.SEE_DEAL, "program__deal__"))


class DzoConsentQuerySet(OfProgramQuerySet):
    """Consents, given or drafted."""

    def standing(self) -> "DzoConsentQuerySet":
        """Drafts and given ones that nobody has revoked."""
        return self.filter(revoked_on=None)

    def in_force_on(self, day: date) -> "DzoConsentQuerySet":
        """Given by the day; on the day of its revocation a consent holds no more."""
        return self.filter(Q(revoked_on=None) | Q(revoked_on__gt=day), given_on__lte=day)


class KeyDmValue(RecordedModel):
    """What one key ЛПР of the head thinks of the project (R67)."""

    HISTORY: ClassVar = frozenset({"state"})

    program = models.ForeignKey(HoldingProgram, models.CASCADE, related_name="key_values")
    contact_role = models.ForeignKey("accounts.ContactRole", models.PROTECT, related_name="+")
    state = models.CharField(_("value"), max_length=9, choices=ValueState.choices, default=ValueState.TODO)
    interaction = models.ForeignKey(
        "accounts.Interaction",
        models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("meeting"),
    )
    comment = models.CharField(_("in his words"), max_length=300, blank=True)

    objects = OfProgramQuerySet.as_manager()

    class Meta:
        ordering = ["id"]
        constraints = [
            models.UniqueConstraint(fields=["program", "contact_role"], name="key_dm_value_once"),
            models.CheckConstraint(condition=Q(state__in=ValueState.values), name="key_dm_value_known"),
        ]

    def __str__(self) -> str:
        return f"{self.program_id} {self.contact_role_id} {self.state}"

    @property
    def company_id(self) -> int:
        """The head organisation."""
        return self.program.deal.company_id


class DzoConsent(RecordedModel):
    """The client's approval to gather needs in these ДЗО: when, by whom, on what evidence (R68)."""

    HISTORY: ClassVar = frozenset({"given_on", "approved_by", "revoked_on"})

    program = models.ForeignKey(HoldingProgram, models.CASCADE, related_name="consents")
    approved_by = models.ForeignKey(
        "accounts.Contact",
        models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("approved by"),
    )
    given_on = models.DateField(_("given on"), null=True, blank=True)  # empty = a draft
    evidence = models.CharField(_("evidence"), max_length=300, blank=True)
    interaction = models.ForeignKey(
        "accounts.Interaction",
        models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("meeting"),
    )
    companies = models.ManyToManyField("accounts.Company", related_name="+", verbose_name=_("covers"))
    revoked_on = models.DateField(_("revoked on"), null=True, blank=True)

    objects = DzoConsentQuerySet.as_manager()

    class Meta:
        ordering = ["id"]
        constraints = [
            models.CheckConstraint(
                condition=Q(given_on=None)
                | Q(approved_by__isnull=False) & (~Q(evidence="") | Q(interaction__isnull=False)),
                name="dzo_consent_has_person_and_evidence",
                violation_error_message=_("Say who of the client approved it, and on what evidence."),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.program_id} {self.given_on}"

    @property
    def company_id(self) -> int:
        """The head organisation."""
        return self.program.deal.company_id

    @property
    def is_draft(self) -> bool:
        """Not given yet; only then its words may change."""
        return self.given_on is None and self.revoked_on is None


class Mechanics(RecordedModel):
    """Who does one function in one ДЗО (R69–R73); documents of a ДЗО go through exactly one Closer."""

    HISTORY: ClassVar = frozenset({"user", "team"})

    program = models.ForeignKey(HoldingProgram, models.CASCADE, related_name="mechanics")
    company = models.ForeignKey(
        "accounts.Company", models.PROTECT, related_name="+", verbose_name=_("company")
    )
    function = models.CharField(_("function"), max_length=14, choices=Function.choices)
    function_text = models.CharField(_("in words"), max_length=100, blank=True)  # of another function
    team = models.ForeignKey(Team, models.PROTECT, related_name="+", verbose_name=_("team"))
    user = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, related_name="mechanics", verbose_name=_("person")
    )

    objects = OfProgramQuerySet.as_manager()

    class Meta:
        ordering = ["company_id", "function", "id"]
        verbose_name = _("line of the mechanics")
        verbose_name_plural = _("mechanics")
        constraints = [
            models.CheckConstraint(condition=Q(function__in=Function.values), name="mechanics_function_known"),
            models.CheckConstraint(
                condition=Q(function=Function.OTHER) & ~Q(function_text="")
                | ~Q(function=Function.OTHER) & Q(function_text=""),
                name="mechanics_other_function_named",
                violation_error_message=_("Name the other function."),
            ),
            models.UniqueConstraint(
                fields=["program", "company"], condition=Q(function=Function.APPROVE_DOCS),
                name="mechanics_one_closer",
                violation_error_message=_("Another Closer works there already: documents go through one person."),
            ),
            models.UniqueConstraint(
                fields=["program", "company", "function", "function_text", "user"], name="mechanics_once",
                violation_error_message=_("This colleague has this function there already."),
            ),
        ]  # fmt: skip

    def __str__(self) -> str:
        return f"{self.company_id} {self.function} {self.user_id}"
