"""Reasons to call, found anew: opened, kept up to date, closed by themselves (issue 4, product.md §1.12)."""

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.db import transaction
from django.db.models import F

from accounts.enums import LegalState
from accounts.models import Company, Product
from reports.models import Signal
from reports.signals.look import Finding, Look
from reports.signals.table import RULES
from upsell_crm.core import clock, outbox
from upsell_crm.core.ids import uuid7
from upsell_crm.core.parameters import parameters

SPAN = 500  # companies looked at together: a constant number of statements for so many
TOPIC = "refresh_signals"

Key = tuple[int, str, str]  # company, rule, subject: one open signal of each


@dataclass(slots=True)
class Tally:
    """What a refresh did."""

    companies: int = 0
    found: int = 0
    opened: int = 0
    updated: int = 0
    closed: int = 0


def refresh_signals(
    *, as_of: date | None = None, company_ids: Iterable[int] | None = None,
    progress: Callable[[int], None] | None = None,
) -> Tally:  # fmt: skip
    """Bring the signals of all companies, or of some, in step with the facts of a day; run twice it changes nothing.

    What a rule finds no more is closed on that day. A snooze stays until its date, even if the finding went away and
    came back meanwhile; it ends earlier when the severity rises above the one at which the signal was put aside: ten
    per cent more use or cases, one more person trained or idle, a promise, a person who became key. Days that pass
    make nothing worse.

    Each span is one short transaction. Two refreshes at a time do no harm: an open signal is unique.
    """
    day, tally = as_of or clock.today(), Tally()
    ids = sorted(set(company_ids)) if company_ids is not None else None
    total = max(1, len(ids) if ids is not None else Company.objects.count())
    for span in _spans(ids):
        found = find_signals(span, day)
        with transaction.atomic():
            _store(span, found, day, tally)
        if progress:
            progress(min(99, tally.companies * 100 // total))
    return tally


def find_signals(company_ids: Sequence[int], as_of: date) -> dict[Key, Finding]:
    """What the rules find for these companies on a day; reads only, a constant number of statements.

    Archived clients and those that have ceased give no reason to call.
    """
    alive = Company.objects.present().filter(pk__in=company_ids).exclude(legal_state=LegalState.CEASED)
    settings = parameters("signal_thresholds", "valid_days")
    products = Product.objects.licensable().order_by("pk").values_list("pk", "code")
    look = Look(
        list(alive.order_by("pk").values_list("pk", flat=True)), as_of, settings["valid_days"], dict(products)
    )
    return {
        (finding.company_id, rule.code.value, finding.subject): finding
        for rule in RULES
        if (threshold := settings["signal_thresholds"].get(rule.code.value, 0))
        for finding in rule.find(look, threshold)
    }


def all_spans() -> Iterator[list[int]]:
    """The ids of all companies, archived ones too: their signals have to be closed."""
    ids, last = Company.objects.order_by("pk").values_list("pk", flat=True), 0
    while span := list(ids.filter(pk__gt=last)[:SPAN]):
        yield span
        last = span[-1]


def refresh_soon(*, company_id: int | None = None, company_ids: Iterable[int] = ()) -> None:
    """Owe a refresh of the companies whose facts have changed (event `facts_changed`)."""
    if company_id is not None:
        outbox.owe(TOPIC, str(company_id), company_ids=[company_id])
    many = sorted(set(company_ids))
    for start in range(0, len(many), SPAN):
        outbox.owe(TOPIC, str(uuid7()), company_ids=many[start : start + SPAN])


def _spans(ids: list[int] | None) -> Iterator[list[int]]:
    if ids is None:
        return all_spans()
    return (ids[start : start + SPAN] for start in range(0, len(ids), SPAN))


def _store(span: list[int], found: dict[Key, Finding], day: date, tally: Tally) -> None:
    standing = {
        _key(signal): signal for signal in Signal.objects.open().filter(company__in=span).order_by("pk")
    }
    gone = [signal.pk for key, signal in standing.items() if key not in found]
    changed = [one for key, one in standing.items() if key in found and _follow(one, found[key])]
    snoozes = _snoozes_of_closed(span, day)
    fresh = [_opened(key, one, day, snoozes.get(key)) for key, one in found.items() if key not in standing]
    Signal.objects.filter(pk__in=gone).update(closed_on=day, updated_at=clock.now())
    Signal.objects.bulk_update(changed, ["evidence", "severity"], batch_size=200)
    # Said to the database and not taken from what was read: somebody may be putting a signal aside just now.
    worse = Signal.objects.open().filter(company__in=span, snoozed_severity__lt=F("severity"))
    worse.update(snoozed_until=None, snoozed_severity=None)
    Signal.objects.bulk_create(fresh, batch_size=500, ignore_conflicts=True)
    tally.companies += len(span)
    tally.found += len(found)
    tally.opened += len(fresh)
    tally.updated += len(changed)
    tally.closed += len(gone)


def _key(signal: Signal) -> Key:
    return signal.company_id, signal.rule, signal.subject


def _follow(signal: Signal, finding: Finding) -> bool:
    """Take the finding over; whether anything is to be written."""
    if (signal.evidence, signal.severity) == (finding.evidence, finding.severity):
        return False
    signal.evidence, signal.severity = finding.evidence, finding.severity
    return True


def _snoozes_of_closed(span: list[int], day: date) -> dict[Key, dict[str, Any]]:
    """Snoozes that outlive a finding which went away for a while; the latest of each."""
    fields = ("snoozed_until", "snoozed_severity", "snooze_reason", "snoozed_by_id")
    closed = Signal.objects.filter(company__in=span, closed_on__isnull=False, snoozed_until__gt=day)
    return {
        _key(signal): {name: getattr(signal, name) for name in fields} for signal in closed.order_by("pk")
    }


def _opened(key: Key, finding: Finding, day: date, snooze: dict[str, Any] | None) -> Signal:
    company_id, rule, subject = key
    kept = snooze if snooze and finding.severity <= (snooze["snoozed_severity"] or 0) else {}
    return Signal(
        company_id=company_id, rule=rule, subject=subject, evidence=finding.evidence, severity=finding.severity,
        opened_on=day, **kept,
    )  # fmt: skip
