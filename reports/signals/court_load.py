"""More cases in court than a quarter ago (product.md §1.17)."""

from collections.abc import Iterator
from datetime import date, timedelta

from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from accounts.models import CourtLoad
from reports.signals.look import Evidence, Finding, Look
from reports.signals.rule import Voice, day_of

TWO_QUARTERS = timedelta(days=184)
STEP = 10  # per cent


def cases_up(look: Look, percent: int) -> Iterator[Finding]:
    """Cases of 12 months are up by `percent` against the last count of the quarter before.

    No count in that quarter says nothing: a missing quarter is no zero. A known zero is one case for the division.
    An own count that is not fresh any more says nothing either.
    """
    fresh_after = look.as_of - timedelta(days=look.valid_days["court_load"])
    loads = CourtLoad.objects.filter(
        company__in=look.company_ids, as_of__gt=fresh_after - TWO_QUARTERS, as_of__lte=look.as_of
    ).order_by("as_of", "pk")
    by_company: dict[int, dict[int, tuple[date, int]]] = {}
    for company_id, day, cases in loads.values_list("company_id", "as_of", "cases_12m"):
        by_company.setdefault(company_id, {})[_quarter(day)] = (day, cases)
    for company_id, quarters in by_company.items():
        last = max(quarters)
        day, now = quarters[last]
        if day <= fresh_after or last - 1 not in quarters:
            continue
        before_on, before = quarters[last - 1]
        growth = (now - before) * 100 // max(before, 1)
        if growth >= percent:
            evidence = {
                "now": now,
                "before": before,
                "as_of": day.isoformat(),
                "before_on": before_on.isoformat(),
            }
            yield Finding(company_id, "", evidence, severity=growth // STEP)


def _quarter(day: date) -> int:
    """Quarters counted through the years, so that the one before is one less."""
    return day.year * 4 + (day.month - 1) // 3


def cases_up_words(evidence: Evidence, voice: Voice) -> str:
    """«Судебная нагрузка выросла на 35 %: 120 → 162 дела за 12 месяцев (на 04.11.2026)»."""
    before, now = evidence["before"], evidence["now"]
    cases = ngettext("%(n)s case in 12 months", "%(n)s cases in 12 months", now) % {"n": now}
    values = {
        "before": before, "cases": cases, "percent": (now - before) * 100 // max(before, 1),
        "day": date_format(day_of(evidence, "as_of"), "SHORT_DATE_FORMAT"),
    }  # fmt: skip
    if not before:
        return _("The court load has appeared: %(cases)s (on %(day)s), none a quarter ago") % values
    return _("The court load is up by %(percent)s %%: %(before)s → %(cases)s (on %(day)s)") % values
