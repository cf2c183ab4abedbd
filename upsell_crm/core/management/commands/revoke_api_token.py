"""Takes a token of the REST API away: its next request is refused."""

from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand, CommandError
from django.utils import timezone

from upsell_crm.core.api.clients import revoke_api_token
from upsell_crm.core.errors import DomainError


class Command(BaseCommand):
    help = "Revoke the token of an API client."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("name", help="name given to create_api_token")

    def handle(self, *args: Any, **options: Any) -> None:
        try:
            client = revoke_api_token(by=None, name=options["name"])
        except DomainError as problem:
            raise CommandError(str(problem.message)) from problem
        self.stdout.write(f"{client.name}: revoked at {timezone.localtime(client.revoked_at):%Y-%m-%d %H:%M}")
