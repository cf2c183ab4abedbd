"""Our people on a client."""

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from accounts.enums import ContactReach, MemberVia
from accounts.models.company import Company
from upsell_crm.core.roles import Role


class AccountMember(models.Model):
    """A colleague who works with a client beside its KAM (domain.md §3).

    Entered by hand he has the scope «own». Rows that come `via` deals are written by them (docs/decisions/0031):
    a deal gives «own», a holding project gives «Hd», a training «own» to its tutor and CSM; `contacts` says whose
    phones he sees; `trainees` are the people whom the tutor and the CSM teach (docs/decisions/0041).
    """

    company = models.ForeignKey(Company, models.CASCADE, related_name="members")
    user = models.ForeignKey(settings.AUTH_USER_MODEL, models.CASCADE, related_name="account_memberships")
    role = models.CharField(_("role"), max_length=12, choices=Role.choices)
    via = models.CharField(_("through"), max_length=8, choices=MemberVia.choices, default=MemberVia.ACCOUNT)
    contacts = models.CharField(
        _("sees phones of"), max_length=8, choices=ContactReach.choices, default=ContactReach.ALL
    )
    trainees = models.ManyToManyField("accounts.Contact", blank=True, related_name="+")
    since_on = models.DateField(_("since"))
    until_on = models.DateField(_("until"), null=True, blank=True)

    class Meta:
        ordering = ["company_id", "role", "user_id"]
        verbose_name = _("account member")
        verbose_name_plural = _("account members")
        constraints = [
            models.UniqueConstraint(
                fields=["company", "user", "role", "via"],
                condition=Q(until_on=None),
                name="account_member_once",
            ),
            models.UniqueConstraint(
                fields=["company", "user", "role"],
                condition=Q(via=MemberVia.TRAINING),
                name="account_member_once_by_training",
            ),
            models.CheckConstraint(
                condition=Q(until_on=None) | Q(until_on__gte=F("since_on")),
                name="account_member_dates_in_order",
            ),
        ]
        indexes = [models.Index(fields=["user", "company"], name="account_member_by_user")]

    def __str__(self) -> str:
        return f"{self.user_id} @ {self.company_id}"
