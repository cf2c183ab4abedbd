"""`manage.py seed_load`: a base of any size for measurements."""

import time
from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from upsell_crm.core.errors import DomainError
from upsell_crm.demo.load import seed_load


class Command(BaseCommand):
    help = "Fill an empty database with N companies, 2.4 contracts and 40 communications each."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--companies", type=int, default=5000)
        parser.add_argument("--seed", type=int, default=1)

    def handle(self, *args: Any, **options: Any) -> None:
        total, started = options["companies"], time.monotonic()
        if total < 1:
            raise CommandError("--companies must be at least 1")

        def progress(done: int) -> None:
            if options["verbosity"]:
                self.stdout.write(f"{done:,} of {total:,} companies, {time.monotonic() - started:.0f} s")

        try:
            seed_load(companies=total, seed=options["seed"], progress=progress)
        except DomainError as problem:
            raise CommandError(str(problem.message)) from problem
        self.stdout.write(f"done in {time.monotonic() - started:.0f} s")
