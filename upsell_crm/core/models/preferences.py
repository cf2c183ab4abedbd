"""What people and the administrator set for themselves."""

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _


class Parameter(models.Model):
    """A number of the business that an administrator may change; declared with its default in core/parameters.py."""

    code = models.CharField(_("code"), max_length=60, unique=True)
    value = models.JSONField(_("value"))

    class Meta:
        ordering = ["code"]
        verbose_name = _("parameter")
        verbose_name_plural = _("parameters")

    def __str__(self) -> str:
        return self.code


class SavedView(models.Model):
    """A named set of filters of one list page."""

    user = models.ForeignKey(settings.AUTH_USER_MODEL, models.CASCADE, related_name="saved_views")
    page = models.CharField(max_length=60)
    name = models.CharField(_("name"), max_length=60)
    query = models.CharField(max_length=1000)

    class Meta:
        ordering = ["name"]
        constraints = [models.UniqueConstraint(fields=["user", "page", "name"], name="core_view_name_once")]

    def __str__(self) -> str:
        return self.name
