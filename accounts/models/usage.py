"""How much is used, and how much more could be."""

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

from accounts.enums import EstimateBasis


class UsageSnapshot(models.Model):
    """Active users of a product at a client in the 30 days before a day (R20)."""

    company = models.ForeignKey("accounts.Company", models.CASCADE, related_name="usage")
    product = models.ForeignKey(
        "accounts.Product", models.PROTECT, related_name="+", verbose_name=_("product")
    )
    as_of = models.DateField(_("as of"))
    active_users_30d = models.PositiveIntegerField(_("active users in 30 days"))
    logins_30d = models.PositiveIntegerField(_("logins in 30 days"), default=0)

    class Meta:
        ordering = ["-as_of", "product_id"]
        verbose_name = _("usage snapshot")
        verbose_name_plural = _("usage snapshots")
        constraints = [
            models.UniqueConstraint(fields=["company", "product", "as_of"], name="usage_once_a_day")
        ]

    def __str__(self) -> str:
        return f"{self.company_id} {self.product_id} {self.as_of}"


class PotentialEstimate(models.Model):
    """How many seats of a product the client could use in all; replaces the calculated target."""

    company = models.ForeignKey("accounts.Company", models.CASCADE, related_name="estimates")
    product = models.ForeignKey(
        "accounts.Product", models.PROTECT, related_name="+", verbose_name=_("product")
    )
    target_seats = models.PositiveIntegerField(_("target seats"))
    basis = models.CharField(
        _("basis"), max_length=9, choices=EstimateBasis.choices, default=EstimateBasis.INTERVIEW
    )
    verified_at = models.DateTimeField(_("confirmed at"), null=True, blank=True)
    verified_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.SET_NULL, null=True, blank=True, related_name="+"
    )

    class Meta:
        ordering = ["product_id"]
        verbose_name = _("potential estimate")
        verbose_name_plural = _("potential estimates")
        constraints = [
            models.UniqueConstraint(fields=["company", "product"], name="estimate_once_per_product")
        ]

    def __str__(self) -> str:
        return f"{self.company_id} {self.product_id} {self.target_seats}"
