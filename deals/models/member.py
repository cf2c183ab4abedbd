"""The working group of a deal: who does what, since when, for which part of the holding (R62, R86)."""

from datetime import date
from typing import ClassVar

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from deals.access import deals_within_reach
from deals.enums import DEAL_ROLES
from upsell_crm.core.models import RecordedModel, RecordedQuerySet, User
from upsell_crm.core.roles import Action, Role


class DealMemberQuerySet(RecordedQuerySet):
    def visible_to(self, user: User) -> "DealMemberQuerySet":
        """Members of the deals that this person may open."""
        return self.filter(deals_within_reach(user, Action.SEE_DEAL, "deal__"))

    def active_on(self, day: date) -> "DealMemberQuerySet":
        """Whose membership holds on the day; on the day it ended it holds no more."""
        return self.filter(Q(ended_on=None) | Q(ended_on__gt=day), since_on__lte=day)


class DealMember(RecordedModel):
    """One role of a colleague in a deal; `scope_company` narrows it to one ДЗО, null = the whole deal."""

    HISTORY: ClassVar = frozenset({"role", "ended_on"})

    deal = models.ForeignKey("deals.Deal", models.CASCADE, related_name="members")
    user = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, related_name="deal_memberships", verbose_name=_("colleague")
    )
    role = models.CharField(
        _("role in the deal"), max_length=12, choices=[(role.value, role.label) for role in DEAL_ROLES]
    )
    scope_company = models.ForeignKey(
        "accounts.Company",
        models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("only for"),
    )
    since_on = models.DateField(_("since"))
    ended_on = models.DateField(_("ended on"), null=True, blank=True)  # from this day on no rights

    objects = DealMemberQuerySet.as_manager()

    class Meta:
        ordering = ["deal_id", "id"]
        verbose_name = _("member of a deal")
        verbose_name_plural = _("members of a deal")
        constraints = [
            models.CheckConstraint(condition=Q(role__in=list(DEAL_ROLES)), name="deal_member_role_known"),
            models.CheckConstraint(
                condition=Q(ended_on=None) | Q(ended_on__gte=F("since_on")), name="deal_member_dates_in_order"
            ),
            models.UniqueConstraint(
                fields=["deal", "user", "role"], condition=Q(ended_on=None, scope_company=None),
                name="deal_member_once",
                violation_error_message=_("This colleague has this role in the deal already."),
            ),
            models.UniqueConstraint(
                fields=["deal", "user", "role", "scope_company"],
                condition=Q(ended_on=None, scope_company__isnull=False), name="deal_member_once_per_company",
                violation_error_message=_("This colleague has this role there already."),
            ),
            models.UniqueConstraint(  # R72, also of two leads who add one at the same moment
                fields=["deal", "scope_company"],
                condition=Q(ended_on=None, scope_company__isnull=False, role=Role.CLOSER),
                name="deal_member_one_closer_of_dzo",
                violation_error_message=_("Another Closer works there already: documents go through one person."),
            ),
        ]  # fmt: skip
        indexes = [models.Index(fields=["user", "deal"], name="deal_member_by_user")]

    def __str__(self) -> str:
        return f"{self.user_id} {self.role} @ {self.deal_id}"

    @property
    def company_id(self) -> int:
        """Whose card shows the history of the membership."""
        return self.deal.company_id

    @property
    def role_label(self) -> str:
        """The role in the reader's language."""
        return str(Role(self.role).label)
