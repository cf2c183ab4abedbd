"""Machines that call us, and how often anybody may."""

from django.db import models
from django.utils.translation import gettext_lazy as _

from upsell_crm.core.ids import uuid7


class ApiClient(models.Model):
    """A system with a token: only its SHA-256 is kept, it is shown once (domain.md §7)."""

    public_id = models.UUIDField(default=uuid7, unique=True, editable=False)
    name = models.CharField(_("name"), max_length=60, unique=True)
    token_prefix = models.CharField(max_length=12, unique=True)
    token_hash = models.CharField(max_length=64)
    scopes = models.JSONField(default=list)
    allowed_ips = models.JSONField(default=list, blank=True)
    created_at = models.DateTimeField(auto_now_add=True)
    expires_at = models.DateTimeField()
    revoked_at = models.DateTimeField(null=True, blank=True)
    last_used_at = models.DateTimeField(null=True, blank=True)

    is_authenticated = True  # it stands where pages have a signed-in person

    class Meta:
        ordering = ["name"]
        verbose_name = _("API client")
        verbose_name_plural = _("API clients")

    def __str__(self) -> str:
        return self.name


class RateCounter(models.Model):
    """Tries within one window; counted by one atomic statement, so parallel tries are all seen (faults F8)."""

    key = models.CharField(max_length=160)
    window = models.BigIntegerField()
    count = models.PositiveIntegerField(default=0)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["key", "window"], name="core_rate_key_window")]

    def __str__(self) -> str:
        return f"{self.key} {self.count}"
