"""`./crm manage refresh_signals`: the command twin of the nightly job that finds reasons to call."""

import json
import time
from argparse import ArgumentParser
from collections.abc import Iterator
from dataclasses import asdict
from datetime import date
from typing import Any

from django.core.management.base import BaseCommand

from accounts.models import Company
from reports.models import Signal
from reports.services.signal_refresh import all_spans, find_signals, refresh_signals
from upsell_crm.core import clock


class Command(BaseCommand):
    help = (
        "Find reasons to call for every client: open new ones, update and close the others. With another date than "
        "today nothing is written: it prints what the rules would find then. --json prints a list."
    )

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--as-of", type=date.fromisoformat, help="the date, YYYY-MM-DD; today by default")
        parser.add_argument("--json", action="store_true", help="print the signals, one a line")

    def handle(self, *args: Any, **options: Any) -> None:
        day, began = options["as_of"] or clock.today(), time.monotonic()
        is_preview = day != clock.today()
        if not is_preview:
            tally = asdict(refresh_signals())
        if options["json"]:
            self._print(found_on(day) if is_preview else standing())
        elif is_preview:
            self.stdout.write(
                f"{sum(1 for _one in found_on(day))} signals would be found on {day}; nothing is written"
            )
        else:
            words = ", ".join(f"{name} {number}" for name, number in tally.items())
            self.stdout.write(f"{words} in {int((time.monotonic() - began) * 1000)} ms")

    def _print(self, rows: Iterator[dict[str, Any]]) -> None:
        """Streams, as `rank_accounts` does."""
        self.stdout.write("[", ending="")
        for number, row in enumerate(rows):
            self.stdout.write(("," if number else "") + "\n" + json.dumps(row, ensure_ascii=False), ending="")
        self.stdout.write("\n]")


def standing() -> Iterator[dict[str, Any]]:
    """The open signals as the public JSON has them."""
    rows = Signal.objects.open().select_related("company").order_by("company_id", "rule", "subject")
    for signal in rows.iterator(chunk_size=2000):
        yield {
            "inn": signal.company.inn, "name": signal.company.name, "rule": signal.rule, "subject": signal.subject,
            "evidence": signal.evidence, "opened_on": signal.opened_on.isoformat(),
            "snoozed_until": signal.snoozed_until.isoformat() if signal.snoozed_until else None,
        }  # fmt: skip


def found_on(day: date) -> Iterator[dict[str, Any]]:
    """What the rules would find on another day, in the same shape."""
    for span in all_spans():
        companies = Company.objects.in_bulk(span)
        for (company_id, rule, subject), finding in sorted(find_signals(span, day).items()):
            company = companies[company_id]
            yield {
                "inn": company.inn, "name": company.name, "rule": rule, "subject": subject,
                "evidence": finding.evidence, "opened_on": day.isoformat(), "snoozed_until": None,
            }  # fmt: skip
