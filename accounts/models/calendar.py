"""The Russian working-day calendar as data that an administrator can edit."""

from typing import Any

from django.db import models
from django.db.models.functions import Now
from django.utils.translation import gettext_lazy as _


class WorkDayQuerySet(models.QuerySet["WorkDay"]):
    """Days, of which a change by one statement is noticed too."""

    def update(self, **values: Any) -> int:
        """Stamps `updated_at`: the calendar that a process keeps is known by it (accounts/calendar.py)."""
        return super().update(**{"updated_at": Now(), **values})


class WorkDay(models.Model):
    """One day; seeded from the `holidays` library, `provisional` while no decree has fixed the year."""

    date = models.DateField(_("date"), primary_key=True)
    is_working = models.BooleanField(_("working"))
    is_short = models.BooleanField(_("shortened"), default=False)
    note = models.CharField(_("note"), max_length=200, blank=True)
    source = models.CharField(_("source"), max_length=40, default="holidays")
    provisional = models.BooleanField(_("provisional"), default=False)
    updated_at = models.DateTimeField(auto_now=True)

    objects = WorkDayQuerySet.as_manager()

    class Meta:
        ordering = ["date"]
        verbose_name = _("calendar day")
        verbose_name_plural = _("working-day calendar")

    def __str__(self) -> str:
        return self.date.isoformat()
