"""`./crm manage first_admin_link`: the one-time address at which the first administrator comes in."""

from typing import Any

from django.core.management.base import BaseCommand
from django.urls import reverse

from upsell_crm.core.people import make_welcome_token


class Command(BaseCommand):
    help = "Print a one-time address that makes the first administrator; nothing when somebody can sign in."

    def handle(self, *args: Any, **options: Any) -> None:
        if token := make_welcome_token():
            self.stdout.write(reverse("core:welcome", args=[token]))
