"""Who confirmed which fact, and when; facts grow old (R46–R48 build on it)."""

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from accounts.enums import Fact, FactResult


class FactCheck(models.Model):
    """One confirmation by a person; the only record of «verified»: a job never confirms (§2.8.15)."""

    company = models.ForeignKey("accounts.Company", models.CASCADE, related_name="fact_checks")
    fact = models.CharField(_("fact"), max_length=11, choices=Fact.choices)
    contact = models.ForeignKey(
        "accounts.Contact", models.CASCADE, null=True, blank=True, related_name="fact_checks"
    )
    result = models.CharField(_("result"), max_length=9, choices=FactResult.choices)
    checked_at = models.DateTimeField(_("checked at"))
    checked_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", verbose_name=_("by")
    )
    interaction = models.ForeignKey(
        "accounts.Interaction", models.SET_NULL, null=True, blank=True, related_name="fact_checks"
    )
    note = models.CharField(_("note"), max_length=300, blank=True)

    class Meta:
        ordering = ["-checked_at", "-id"]
        verbose_name = _("fact check")
        verbose_name_plural = _("fact checks")
        constraints = [
            models.CheckConstraint(
                condition=Q(contact=None) | Q(fact=Fact.DM), name="fact_check_contact_only_for_dm"
            ),
        ]
        indexes = [models.Index(fields=["company", "fact", "-checked_at"], name="fact_check_latest")]

    def __str__(self) -> str:
        return f"{self.company_id} {self.fact} {self.result}"
