"""The month in which the client plans his budget is near: what is not in it waits for a year."""

from collections.abc import Iterator
from datetime import date, timedelta

from django.utils.dates import MONTHS
from django.utils.translation import get_language, ngettext
from django.utils.translation import gettext as _

from accounts.models import ProcurementProfile
from reports.signals.look import Evidence, Finding, Look
from reports.signals.rule import Voice, day_of


def budget_month(look: Look, days: int) -> Iterator[Finding]:
    """The month of the budget begins within `days`, or has begun and is not over."""
    profiles = ProcurementProfile.objects.filter(company__in=look.company_ids, budget_month__isnull=False)
    for company_id, month in profiles.order_by("pk").values_list("company_id", "budget_month"):
        begins = _next_first(month or 1, look.as_of)  # never null here, which the types cannot know
        if begins <= look.as_of + timedelta(days=days):
            yield Finding(company_id, "", {"month": month, "begins": begins.isoformat()})


def _next_first(month: int, day: date) -> date:
    """The first day of the month that is going on or comes next."""
    return date(day.year + (month < day.month), month, 1)


def budget_month_words(evidence: Evidence, voice: Voice) -> str:
    """«Бюджет планируют в декабре: осталось 7 дней»."""
    month = str(MONTHS[evidence["month"]])
    month = month if (get_language() or "ru").startswith("en") else month.lower()
    days = (day_of(evidence, "begins") - voice.today).days
    if days <= 0:
        return _("The client plans his budget this month: %(month)s") % {"month": month}
    left = ngettext("%(n)s day is left", "%(n)s days are left", days) % {"n": days}
    return _("Month of the budget: %(month)s, %(left)s") % {"month": month, "left": left}
