"""`manage.py seed_references`: products, procurement procedures, working days and weights, where missing."""

from typing import Any

from django.core.management.base import BaseCommand
from django.db import transaction

from accounts.references import seed_calendar, seed_procedures, seed_products
from reports.references import seed_weights


class Command(BaseCommand):
    help = (
        "Add missing reference data: products, procurement types, working days, weights. Never changes a row."
    )

    @transaction.atomic
    def handle(self, *args: Any, **options: Any) -> None:
        self.stdout.write(
            f"products {seed_products()}, procurement types {seed_procedures()}, "
            f"days {seed_calendar()}, weights {seed_weights()} added"
        )
