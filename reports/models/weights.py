"""Versions of the factor weights (§4.7)."""

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _


class Weights(models.Model):
    """A version of factor weights and parameters; exactly one is active, so that scores compare (§4.7)."""

    version = models.PositiveIntegerField(_("version"), unique=True)
    weights = models.JSONField(_("weights"))
    params = models.JSONField(_("parameters"), default=dict)
    active = models.BooleanField(_("active"), default=False)
    comment = models.CharField(_("comment"), max_length=300, blank=True)
    author = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.SET_NULL, null=True, blank=True, related_name="+"
    )
    created_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        ordering = ["-version"]
        verbose_name = _("weights")
        verbose_name_plural = _("weights")
        constraints = [
            models.UniqueConstraint(fields=["active"], condition=Q(active=True), name="weights_one_active")
        ]

    def __str__(self) -> str:
        return f"v{self.version}"
