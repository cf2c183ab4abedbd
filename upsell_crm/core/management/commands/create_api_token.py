"""Gives a machine a token for the REST API; the token is printed now and never again (domain.md §7)."""

import json
from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from upsell_crm.core.api.clients import create_api_token
from upsell_crm.core.api.scopes import ApiScope
from upsell_crm.core.errors import DomainError


class Command(BaseCommand):
    help = "Create an API client and print its token once."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("name", help="name of the calling system, for example erp")
        parser.add_argument("--scopes", required=True, help=f"by commas, of: {', '.join(ApiScope)}")
        parser.add_argument("--days", type=int, default=365, help="term of the token in days (365)")
        parser.add_argument(
            "--ip", action="append", default=[], help="allowed address or network; may be repeated"
        )
        parser.add_argument("--json", action="store_true", help="print JSON instead of words")

    def handle(self, *args: Any, **options: Any) -> None:
        try:
            client, token = create_api_token(
                by=None, name=options["name"], scopes=options["scopes"].split(","), days=options["days"],
                allowed_ips=options["ip"],
            )  # fmt: skip
        except DomainError as problem:
            raise CommandError(_all_texts(problem)) from problem
        facts = {
            "name": client.name,
            "token": token,
            "scopes": client.scopes,
            "allowed_ips": client.allowed_ips,
            "expires_at": client.expires_at.isoformat(),
        }
        if options["json"]:
            self.stdout.write(json.dumps(facts, ensure_ascii=False))
            return
        self.stdout.write(token)
        self.stderr.write(
            f"Shown once: keep it now. Valid until {client.expires_at:%Y-%m-%d}, scopes: {', '.join(client.scopes)}"
        )


def _all_texts(problem: DomainError) -> str:
    return " ".join(
        [str(problem.message), *(str(text) for texts in problem.errors.values() for text in texts)]
    )
