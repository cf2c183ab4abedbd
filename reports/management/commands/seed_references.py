"""`manage.py seed_references`: products, procurement procedures, working days, weights, checklists, templates of plans, where missing."""

from typing import Any

from django.core.management.base import BaseCommand
from django.db import transaction

from reports.references import seed_references


class Command(BaseCommand):
    help = "Add missing reference data: products, procurement types, working days, weights, checklists, templates of plans. No row changes."

    @transaction.atomic
    def handle(self, *args: Any, **options: Any) -> None:
        added = ", ".join(f"{what} {number}" for what, number in seed_references().items())
        self.stdout.write(f"{added} added")
