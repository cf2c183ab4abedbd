"""`./crm manage rank_accounts`: the command twin of the ranking job (R27, R96)."""

import json
from argparse import ArgumentParser
from collections.abc import Iterator
from datetime import date
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from reports.models import RankRow, RankRun
from reports.services.ranking import run_ranking
from upsell_crm.core.errors import DomainError


class Command(BaseCommand):
    help = (
        "Rank every company. A run for another date than today is stored, but pages keep showing today's. "
        "--json prints a list in rank order."
    )

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--as-of", type=date.fromisoformat, help="the date, YYYY-MM-DD; today by default")
        parser.add_argument("--json", action="store_true", help="print the rows in rank order")
        parser.add_argument("--limit", type=int, help="only the first so many rows")

    def handle(self, *args: Any, **options: Any) -> None:
        try:
            run = run_ranking(as_of=options["as_of"], by=None)
        except DomainError as problem:
            raise CommandError(str(problem.message)) from problem
        if options["json"]:
            self._print_rows(run, options["limit"])
        else:
            self.stdout.write(
                f"{run.ranked} of {run.companies} companies ranked as of {run.as_of} in {run.duration_ms} ms "
                f"(weights v{run.weights.version})"
            )

    def _print_rows(self, run: RankRun, limit: int | None) -> None:
        """Streams, so that a million rows do not stand in memory."""
        self.stdout.write("[", ending="")
        for number, row in enumerate(ranked_rows(run, limit)):
            self.stdout.write(("," if number else "") + "\n" + json.dumps(row, ensure_ascii=False), ending="")
        self.stdout.write("\n]")


def ranked_rows(run: RankRun, limit: int | None = None) -> Iterator[dict[str, Any]]:
    """The rows of a run in rank order, as the public JSON has them; decimals are strings."""
    rows = RankRow.objects.filter(run=run).ranked().select_related("company")
    for row in rows[:limit].iterator(chunk_size=2000):
        yield {
            "inn": row.company.inn,
            "name": row.company.name,
            "score": str(row.score),
            "band": row.band,
            "act_by": row.act_by.isoformat() if row.act_by else None,
            "slack": row.slack,
            "confidence": row.confidence,
            "contributions": row.contributions,
            "missing": row.missing,
            "flags": row.flags,
        }
