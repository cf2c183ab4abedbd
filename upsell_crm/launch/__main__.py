"""The table of commands behind `./crm`."""

import sys
from collections.abc import Callable

from upsell_crm.launch import Refusal, quality, server
from upsell_crm.launch.place import run_django

HELP = """Usage: ./crm COMMAND [arguments]

  demo [--fresh] [--as-of YYYY-MM-DD] [--seed N]
                 the product with the demo story, on http://127.0.0.1:8000/  (PORT, CRM_DATA_DIR)
  serve          the product with your own data; the first start prints a link for the first administrator
  manage …       any management command, e.g. ./crm manage import_file companies clients.csv --dry-run

  test [--postgres | --browser | --all] [pytest arguments]
  check          format, lint, types, rooms, templates, migrations, catalogues, API description, settings
  messages       writes new UI strings into the catalogues; --check only reports
  bench          the table of ratios
  shots          makes the screenshots of docs/pictures anew

Settings are environment variables, all listed in docs/interface.md."""


def show_help(_arguments: list[str]) -> int:
    """Prints the commands."""
    print(HELP)
    return 0


COMMANDS: dict[str, Callable[[list[str]], int]] = {
    "demo": server.demo,
    "serve": server.serve,
    "manage": lambda arguments: run_django("manage.py", *arguments, stay=True),
    "test": quality.test,
    "check": quality.check,
    "messages": quality.messages,
    "bench": quality.bench,
    "shots": quality.shots,
    "help": show_help,
    "--help": show_help,
    "-h": show_help,
}


def main(arguments: list[str]) -> int:
    """Runs one command; its refusal is one sentence and exit code 1."""
    name, *rest = arguments or ["help"]
    if name not in COMMANDS:
        print(f"crm: there is no command “{name}”.\n\n{HELP}", file=sys.stderr)
        return 2
    try:
        return COMMANDS[name](rest)
    except Refusal as refusal:
        print(f"crm: {refusal}", file=sys.stderr)
        return 1
    except KeyboardInterrupt:
        return 130


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
