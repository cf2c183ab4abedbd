"""`./crm manage print_permissions`: docs/permissions.md from the table of rights (domain.md §3)."""

from argparse import ArgumentParser
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError
from django.utils import translation

from upsell_crm.core.roles import TABLE, Action, Role, Scope

PAGE = settings.BASE_DIR / "docs" / "permissions.md"
HEAD = """# Who may do what

Made by `./crm manage print_permissions` from `upsell_crm/core/roles.py`; do not edit. `tests/doors/matrices.py` says the
same a second time, by hand, and `tests/test_doors.py` knocks at every address with it.

**O** own: responsible KAM or account member today · **T** own team's clients · **Hd** holding of own deals ·
**A** all · – no right. The right of a person is the union over the roles held. A record out of reach answers 404,
one that may be seen but not changed 403.
"""


class Command(BaseCommand):
    help = "Write docs/permissions.md from the table of rights; --check only compares."
    requires_system_checks: list[str] = []

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--check", action="store_true", help="fail when the page differs")

    def handle(self, *args: Any, **options: Any) -> None:
        with translation.override("en"):
            page = permissions_page()
        if not options["check"]:
            PAGE.write_text(page)
        elif not PAGE.exists() or PAGE.read_text() != page:
            raise CommandError("docs/permissions.md is old: run ./crm manage print_permissions")


def permissions_page() -> str:
    """The table in Markdown: actions down, roles across."""
    head = f"| Action | {' | '.join(str(role.label) for role in Role)} |\n|---|{'---|' * len(Role)}"
    rows = (f"| {action.label} | {' | '.join(_cell(action, role) for role in Role)} |" for action in Action)
    return "\n".join([HEAD, head, *rows]) + "\n"


def _cell(action: Action, role: Role) -> str:
    scopes = TABLE[action].get(role, frozenset())
    return " ".join(scope.value for scope in Scope if scope in scopes) or "–"
