"""`manage.py seed_references`: products, procurement procedures, working days, weights, checklists, templates of plans, where missing."""

from typing import Any

from django.core.management.base import BaseCommand
from django.db import transaction

from accounts.references import seed_calendar, seed_procedures, seed_products
from deals.references import seed_checklists
from reports.references import seed_weights
from roadmaps.references import seed_plan_templates


class Command(BaseCommand):
    help = "Add missing reference data: products, procurement types, working days, weights, checklists, templates of plans. No row changes."

    @transaction.atomic
    def handle(self, *args: Any, **options: Any) -> None:
        self.stdout.write(
            f"products {seed_products()}, procurement types {seed_procedures()}, "
            f"days {seed_calendar()}, weights {seed_weights()}, checklist items {seed_checklists()}, "
            f"templates of plans {seed_plan_templates()} added"
        )
