"""What the client waited for is out, and nobody has shown it to him (R24)."""

from collections.abc import Iterator

from django.utils.formats import date_format
from django.utils.translation import gettext as _

from accounts.models import FeatureWait
from reports.signals.look import Evidence, Finding, Look
from reports.signals.rule import Voice, day_of


def feature_shipped(look: Look, _is_on: int) -> Iterator[Finding]:
    """A released feature that the client waits for and has not seen."""
    waits = FeatureWait.objects.to_present().filter(
        company__in=look.company_ids, feature__released_on__lte=look.as_of
    )
    rows = waits.order_by("pk").values_list(
        "company_id",
        "feature_id",
        "feature__title",
        "feature__released_on",
        "public_id",
        "contact_id",
        "promised",
    )
    for company_id, feature_id, title, day, public_id, contact_id, promised in rows:
        evidence = {
            "feature": title, "released_on": day.isoformat(), "wait": str(public_id), "contact": contact_id,
            "promised": promised,
        }  # fmt: skip
        yield Finding(company_id, str(feature_id), evidence, severity=int(promised))


def feature_shipped_words(evidence: Evidence, voice: Voice) -> str:
    """«Вышла «Выгрузка дел в СЭД» (09.11.2026), просил Орехов П. С.: «…»»."""
    person, quote = voice.person(evidence), voice.quotes.get(evidence["wait"], "")
    values = {
        "feature": evidence["feature"], "person": person, "quote": quote,
        "day": date_format(day_of(evidence, "released_on"), "SHORT_DATE_FORMAT"),
    }  # fmt: skip
    if person and quote:
        return _("“%(feature)s” is out (%(day)s). %(person)s asked for it: “%(quote)s”") % values
    if quote:
        return _("“%(feature)s” is out (%(day)s). The client asked for it: “%(quote)s”") % values
    return _("“%(feature)s” is out (%(day)s), and the client waits for it") % values
