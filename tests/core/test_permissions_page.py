"""docs/permissions.md is the table of rights, not a copy that grows old (architecture.md §4.3)."""

from django.core.management import call_command
from django.utils import translation

from upsell_crm.core.management.commands.print_permissions import PAGE, permissions_page


def test_the_page_is_equal_to_the_table_in_any_language() -> None:
    with translation.override("ru"):
        call_command("print_permissions", check=True)


def test_rights_stand_in_their_cells() -> None:
    with translation.override("en"):
        line = next(line for line in permissions_page().splitlines() if line.startswith("| Run ranking "))
    assert line == "| Run ranking | – | – | – | – | – | – | – | – | – | T | A | A |"
    assert PAGE.name == "permissions.md"
