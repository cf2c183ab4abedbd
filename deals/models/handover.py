"""A client or a deal goes from one KAM to another, with the introduction that the client deserves (R59–R61)."""

from typing import ClassVar

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

from accounts.access import within_reach
from deals.enums import OPEN_HANDOVERS, HandoverReason, HandoverState, IntroMode
from upsell_crm.core.models import RecordedModel, RecordedQuerySet, User
from upsell_crm.core.roles import Action


class HandoverQuerySet(RecordedQuerySet):
    def visible_to(self, user: User) -> "HandoverQuerySet":
        """One's own, and those of the clients whose deals this person may see."""
        own = Q(from_user=user) | Q(to_user=user)
        reach = within_reach(user, Action.SEE_DEAL, "company__")
        return self.filter(own | reach)

    def open(self) -> "HandoverQuerySet":
        """Not completed, declined or cancelled."""
        return self.filter(state__in=OPEN_HANDOVERS)


class Handover(RecordedModel):
    """Of the whole company, or of one deal when `deal` is set; one open handover of each at a time."""

    HISTORY: ClassVar = frozenset({"state", "mode", "to_user", "mode_reason"})

    company = models.ForeignKey(
        "accounts.Company", models.PROTECT, related_name="handovers", verbose_name=_("company")
    )
    deal = models.ForeignKey(
        "deals.Deal", models.PROTECT, null=True, blank=True, related_name="handovers", verbose_name=_("deal")
    )
    from_user = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, related_name="handovers_given", verbose_name=_("from")
    )
    to_user = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, related_name="handovers_taken", verbose_name=_("to")
    )
    reason = models.CharField(_("reason"), max_length=8, choices=HandoverReason.choices)
    comment = models.TextField(_("comment"), blank=True)
    mode = models.CharField(_("introduction"), max_length=9, choices=IntroMode.choices)
    suggested_mode = models.CharField(max_length=9, choices=IntroMode.choices, editable=False)
    suggested_facts = models.JSONField(default=dict, editable=False)  # what the rule saw (handover_mode.py)
    mode_reason = models.CharField(_("why another way"), max_length=300, blank=True)
    state = models.CharField(
        _("state"), max_length=9, choices=HandoverState.choices, default=HandoverState.DRAFT
    )
    decline_reason = models.CharField(_("why not"), max_length=300, blank=True)
    dossier = models.JSONField(default=dict, editable=False)  # as it stood when the handover was proposed
    introduction = models.ForeignKey(
        "accounts.Interaction", models.PROTECT, null=True, blank=True, related_name="introduces",
        verbose_name=_("introduction meeting"),
    )  # fmt: skip
    introduced_how = models.CharField(_("how the client was told"), max_length=300, blank=True)
    granted = models.JSONField(default=list, editable=False)  # memberships of deals that the acceptance gave
    completed_at = models.DateTimeField(null=True, blank=True, editable=False)

    objects = HandoverQuerySet.as_manager()

    class Meta:
        ordering = ["-id"]
        verbose_name = _("handover")
        verbose_name_plural = _("handovers")
        constraints = [
            models.CheckConstraint(condition=~Q(from_user=F("to_user")), name="handover_to_somebody_else",
                                   violation_error_message=_("Choose another person to hand over to.")),
            models.CheckConstraint(condition=Q(state__in=HandoverState.values), name="handover_state_known"),
            models.CheckConstraint(condition=Q(mode__in=IntroMode.values), name="handover_mode_known"),
            models.CheckConstraint(
                condition=Q(mode=F("suggested_mode")) | ~Q(mode_reason=""), name="handover_other_mode_has_reason",
                violation_error_message=_("Write why the introduction goes another way."),
            ),
            models.CheckConstraint(
                condition=Q(state=HandoverState.COMPLETED, completed_at__isnull=False)
                | ~Q(state=HandoverState.COMPLETED) & Q(completed_at=None),
                name="handover_completed_has_moment",
            ),
            models.UniqueConstraint(
                fields=["company"], condition=Q(state__in=OPEN_HANDOVERS, deal=None), name="handover_one_open_of_company",
                violation_error_message=_("This client is being handed over already."),
            ),
            models.UniqueConstraint(
                fields=["deal"], condition=Q(state__in=OPEN_HANDOVERS, deal__isnull=False),
                name="handover_one_open_of_deal",
                violation_error_message=_("This deal is being handed over already."),
            ),
        ]  # fmt: skip
        indexes = [
            models.Index(fields=["to_user", "state"], name="handover_for_me"),
            models.Index(fields=["state", "id"], name="handover_by_state"),
        ]

    def __str__(self) -> str:
        return f"{self.company_id}: {self.from_user_id} → {self.to_user_id}"

    def get_absolute_url(self) -> str:
        return f"/handovers/{self.public_id}/"

    @property
    def is_open(self) -> bool:
        """Still on its way."""
        return self.state in OPEN_HANDOVERS


class HandoverItem(models.Model):
    """One line of the checklist (§2.11): filled by the old KAM, accepted by the new one."""

    handover = models.ForeignKey(Handover, models.CASCADE, related_name="items")
    code = models.SlugField(max_length=40)
    text_ru = models.CharField(max_length=200)
    text_en = models.CharField(max_length=200)
    filled = models.TextField(_("what to know"), blank=True)
    filled_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="+"
    )
    filled_at = models.DateTimeField(null=True, blank=True)
    revision = models.PositiveIntegerField(
        default=0, editable=False
    )  # of the text: what was read is accepted
    accepted_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering = ["id"]
        constraints = [
            models.UniqueConstraint(fields=["handover", "code"], name="handover_item_once"),
            models.CheckConstraint(
                condition=Q(accepted_at=None) | Q(filled_at__isnull=False), name="handover_item_filled_first"
            ),
        ]

    def __str__(self) -> str:
        return self.text

    @property
    def text(self) -> str:
        """The item in the reader's language."""
        return self.text_en if (get_language() or "ru").startswith("en") else self.text_ru
