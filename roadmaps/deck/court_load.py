"""Block «Court load»: cases of the last twelve months by role and claims, and how they have grown (R57)."""

from datetime import timedelta

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from accounts.enums import Fact
from accounts.models import CourtLoad
from roadmaps.deck.parts import Facts, Subject
from upsell_crm.core.exact import ratio
from upsell_crm.core.templatetags.crm import day

PERIODS = 6
KEPT = timedelta(days=3 * 366)


def build(subject: Subject) -> Facts:
    """The last periods, oldest first. One statement."""
    known = CourtLoad.objects.filter(
        company=subject.company, as_of__lte=subject.today, as_of__gte=subject.today - KEPT
    )
    periods = list(known.order_by("-as_of")[:PERIODS])[::-1]
    if not periods:
        return Facts(why_empty=gettext_lazy("The court load is not known."))
    last = periods[-1]
    data = {
        "periods": [
            {
                "as_of": one.as_of.isoformat(), "cases": one.cases_12m, "plaintiff": one.as_plaintiff,
                "defendant": one.as_defendant, "other": one.as_other, "claims": f"{one.claims_amount:.2f}",
            }
            for one in periods
        ],
        "growth_pct": _growth(periods),
    }  # fmt: skip
    sources = [_("Court cases of 12 months as of %s") % day(last.as_of), *subject.checked(Fact.COURT_LOAD)]
    problems = [
        *subject.stale(Fact.COURT_LOAD),
        *subject.old(Fact.COURT_LOAD.label, Fact.COURT_LOAD, last.as_of),
    ]
    return Facts(data, sources, problems)


def _growth(periods: list[CourtLoad]) -> int | None:
    """Per cent against the period nearest to a year before; None when there is nothing to compare with."""
    last = periods[-1]
    year_ago = last.as_of - timedelta(days=365)
    earlier = [one for one in periods[:-1] if one.cases_12m]
    if not earlier:
        return None
    base = min(earlier, key=lambda one: abs((one.as_of - year_ago).days))
    return round(ratio(last.cases_12m, base.cases_12m) * 100) - 100
