"""`./crm manage build_report existing_clients`: the command twin of the report's job (R37)."""

import json
from argparse import ArgumentParser
from datetime import date
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from reports.client_feed import feed_rows
from reports.models import ReportRun
from reports.services.existing_clients import build_existing_clients
from upsell_crm.core.errors import DomainError


class Command(BaseCommand):
    help = (
        "Build a report. A report for another date than today is stored, but pages keep showing today's. "
        "--json prints its rows by name."
    )

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("report", choices=ReportRun.Kind.values)
        parser.add_argument("--as-of", type=date.fromisoformat, help="the date, YYYY-MM-DD; today by default")
        parser.add_argument("--json", action="store_true", help="print the rows by name")

    def handle(self, *args: Any, **options: Any) -> None:
        try:
            run = build_existing_clients(as_of=options["as_of"], by=None)
        except DomainError as problem:
            raise CommandError(str(problem.message)) from problem
        if options["json"]:
            self._print_rows(run)
        else:
            self.stdout.write(
                f"{run.rows_count} clients in the report as of {run.as_of}, built in {run.duration_ms} ms"
            )

    def _print_rows(self, run: ReportRun) -> None:
        """Streams, so that a million rows do not stand in memory."""
        self.stdout.write("[", ending="")
        for number, row in enumerate(feed_rows(run.rows.order_by("sort_name", "pk"))):
            self.stdout.write(("," if number else "") + "\n" + json.dumps(row, ensure_ascii=False), ending="")
        self.stdout.write("\n]")
