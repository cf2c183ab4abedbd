"""`manage.py seed_demo`: the demo story, once; a second call changes nothing."""

import json
from argparse import ArgumentParser
from datetime import date
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from upsell_crm.core import clock
from upsell_crm.core.errors import DomainError
from upsell_crm.demo import PASSWORD
from upsell_crm.demo.story import API_TOKEN, counts, tell_story, told_on


class Command(BaseCommand):
    help = "Fill an empty demo database with the story: 26 logins, 40 companies, two years of work."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument(
            "--as-of", type=date.fromisoformat, help="the date of the story, today by default"
        )
        parser.add_argument("--seed", type=int, default=42, help="of the invented details")
        parser.add_argument("--json", action="store_true", help="print the summary as JSON")

    def handle(self, *args: Any, **options: Any) -> None:
        try:
            is_new = tell_story(as_of=options["as_of"] or clock.today(), seed=options["seed"])
        except DomainError as problem:
            raise CommandError(str(problem.message)) from problem
        summary = {**(told_on() or {}), "created": is_new, "counts": counts()}
        if options["json"]:
            self.stdout.write(
                json.dumps({**summary, "password": PASSWORD, "api_token": API_TOKEN}, ensure_ascii=False)
            )
            return
        self.stdout.write(
            "The story is told." if is_new else "The story is here already, nothing was changed."
        )
        self.stdout.write(", ".join(f"{number} {name}" for name, number in summary["counts"].items()))
        self.stdout.write(f"Password of every demo login: {PASSWORD}; API token of erp-demo: {API_TOKEN}")
