"""«Не сейчас»: a reason to call is put aside with a cause and a date, and taken back."""

from collections.abc import Callable
from datetime import date, timedelta
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from accounts.access import may
from reports.models import Signal
from upsell_crm.core import audit, clock
from upsell_crm.core.errors import DomainError, NotAllowed, Stale
from upsell_crm.core.models import User
from upsell_crm.core.roles import Action

LONGEST = timedelta(days=180)


def check_may_snooze(by: User, signal: Signal) -> None:
    """Who works with the client decides when he is called; raises NotAllowed, DomainError."""
    if not may(by, Action.LOG_INTERACTION, signal.company):
        raise NotAllowed("not_allowed", _("Only who works with the client puts a reason to call aside."))
    if signal.closed_on is not None:
        raise DomainError("closed", _("This reason is not there any more: the facts have changed."))


def snooze_signal(
    signal: Signal, *, until: date, reason: str, by: User, seen_until: date | None = None
) -> Signal:
    """Put a signal aside until a day, at most half a year ahead; `seen_until` is the snooze that the person saw.

    It comes back earlier when its facts grow worse (see `refresh_signals`). Raises NotAllowed, Stale, DomainError.
    """
    check_may_snooze(by, signal)
    errors = _errors(until, reason.strip())
    if errors:
        raise DomainError("invalid", _("Please correct the marked fields."), errors)
    values = {
        "snoozed_until": until, "snooze_reason": reason.strip(), "snoozed_by": by,
        "snoozed_severity": signal.severity,
    }  # fmt: skip
    _write(signal, values, by=by, event="snooze_signal", seen_until=seen_until, reason=reason.strip())
    return signal


def wake_signal(signal: Signal, *, by: User) -> Signal:
    """Take a snooze back: the reason stands in the lists at once. One that is awake stays as it is."""
    check_may_snooze(by, signal)
    if signal.snoozed_until is not None:
        values: dict[str, Any] = {"snoozed_until": None, "snoozed_severity": None}
        _write(signal, values, by=by, event="wake_signal", seen_until=signal.snoozed_until)
    return signal


def scrub_snoozes(*, company_id: int, scrub: Callable[[str], str], **_others: object) -> None:
    """Take a person's name out of the causes that people wrote (event `contact_anonymised`, R102)."""
    for signal in Signal.objects.filter(company=company_id).exclude(snooze_reason="").order_by("pk"):
        clean = scrub(signal.snooze_reason)
        if clean != signal.snooze_reason:
            Signal.objects.filter(pk=signal.pk).update(snooze_reason=clean)


def _errors(until: date, reason: str) -> dict[str, list[str]]:
    today, errors = clock.today(), {}
    if not reason:
        errors["reason"] = [_("Write why it is put aside.")]
    if not today < until <= today + LONGEST:
        errors["until"] = [_("Choose a day after today, at most half a year ahead.")]
    return errors


def _write(
    signal: Signal, values: dict[str, Any], *, by: User, event: str, seen_until: date | None, reason: str = ""
) -> None:
    """By compare-and-swap on the snooze that was seen; one line of history."""
    changes = {"snoozed_until": [signal.snoozed_until, values["snoozed_until"]]}
    with transaction.atomic():
        seen = Signal.objects.open().filter(pk=signal.pk, snoozed_until=seen_until)
        if not seen.update(**values, updated_at=clock.now()):
            raise Stale("version_mismatch", _("Somebody else has put this reason aside or back meanwhile."))
        audit.record(event, signal, by=by, changes=changes, reason=reason)
    for name, value in values.items():
        setattr(signal, name, value)
