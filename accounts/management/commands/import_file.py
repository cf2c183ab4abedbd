"""`manage.py import_file KIND FILE`: the same import as on the pages, in one go."""

import json
from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError
from django.utils.translation import gettext as _

from accounts.imports.kinds import KINDS
from accounts.models import ImportRun
from accounts.services.imports import import_now
from upsell_crm.core.errors import DomainError
from upsell_crm.core.models import User


class Command(BaseCommand):
    """Exit code 0 when the import is done (or checked), 1 when it is refused."""

    help = "Import a CSV or XLSX file of clients, contracts, licences and so on (docs/how-to/import.md)."

    def add_arguments(self, parser: ArgumentParser) -> None:
        """KIND FILE and the decisions that a page would ask for."""
        parser.add_argument("kind", choices=list(KINDS), metavar="KIND", help=", ".join(KINDS))
        parser.add_argument("file", metavar="FILE")
        parser.add_argument("--dry-run", action="store_true", help="check every row, write nothing")
        parser.add_argument("--json", action="store_true", help="print the result as JSON")
        parser.add_argument(
            "--mapping",
            nargs="+",
            action="extend",
            default=[],
            metavar="FIELD=Header",
            help="name the column of a field; «FIELD=» takes no column",
        )
        parser.add_argument(
            "--option",
            nargs="+",
            action="extend",
            default=[],
            metavar="NAME=VALUE",
            help="e.g. multiplier=1000000 year=2025",
        )
        parser.add_argument("--source", default="", help="the system that external ids belong to")
        parser.add_argument(
            "--mode",
            choices=ImportRun.Mode.values,
            default=ImportRun.Mode.VALID,
            help="whole file or nothing, or valid rows only",
        )
        parser.add_argument(
            "--as", dest="login", default="", metavar="LOGIN", help="import with this person's rights"
        )

    def handle(self, *args: Any, **options: Any) -> None:
        """Import, print, and say by the exit code whether it went in."""
        columns, settings = _pairs(options["mapping"]), _pairs(options["option"])
        try:
            content = Path(options["file"]).read_bytes()
        except OSError as problem:
            raise CommandError(f"{options['file']}: {problem.strerror}") from problem
        try:
            run = import_now(
                by=_person(options["login"]), kind=options["kind"], name=Path(options["file"]).name, content=content,
                mode=options["mode"], columns=columns, options=settings, source=options["source"], dry_run=options["dry_run"],
            )  # fmt: skip
        except DomainError as problem:
            self._refuse(options, str(problem.message))
        self._print(run, options)
        if run.state == ImportRun.State.FAILED:
            raise SystemExit(1)

    def _refuse(self, options: dict[str, Any], message: str) -> None:
        if not options["json"]:
            raise CommandError(message)
        counts = dict.fromkeys(("rows", "created", "updated", "unchanged", "rejected"), 0)
        answer = {"kind": options["kind"], "file": Path(options["file"]).name, "encoding": "", "delimiter": "", **counts,
                  "errors": [{"row": 0, "column": "", "value": "", "message": message}], "warnings": [],
                  "run": None, "dry_run": options["dry_run"], "refused": message}  # fmt: skip
        self.stdout.write(json.dumps(answer, ensure_ascii=False, indent=2))
        raise SystemExit(1)

    def _print(self, run: ImportRun, options: dict[str, Any]) -> None:
        result = result_of(run, dry_run=options["dry_run"])
        if options["json"]:
            self.stdout.write(json.dumps(result, ensure_ascii=False, indent=2))
            return
        self.stdout.write(
            _(
                "%(rows)s rows: %(created)s created, %(updated)s updated, %(unchanged)s unchanged, %(rejected)s rejected"
            )
            % result
        )
        for issue in result["errors"]:
            self.stdout.write(_("row %(row)s, %(column)s: %(message)s (%(value)s)") % issue)
        if run.error:
            self.stderr.write(run.error)


def result_of(run: ImportRun, *, dry_run: bool) -> dict[str, Any]:
    """What the command prints; a stable format of docs/interface.md."""
    issues = [
        (issue.is_warning, {name: getattr(issue, name) for name in ("row", "column", "value", "message")})
        for issue in run.issues.all()
    ]
    written = run.state != ImportRun.State.FAILED
    return {
        "kind": run.kind, "file": run.file_name, "encoding": run.encoding, "delimiter": run.delimiter, "rows": run.rows,
        "created": run.created * written, "updated": run.updated * written,
        "unchanged": run.unchanged, "rejected": run.rejected,
        "errors": [issue for odd, issue in issues if not odd], "warnings": [issue for odd, issue in issues if odd],
        "run": str(run.public_id), "dry_run": dry_run, "refused": run.error or None,
    }  # fmt: skip


def _pairs(texts: list[str]) -> dict[str, str]:
    pairs = {}
    for text in texts:
        name, sign, value = text.partition("=")
        if not sign:
            raise CommandError(_("“%(text)s” must look like NAME=VALUE.") % {"text": text})
        pairs[name.strip()] = value.strip()
    return pairs


def _person(login: str) -> User | None:
    if not login:
        return None
    person = User.objects.filter(username=login, is_active=True).first()
    if person is None:
        raise CommandError(_("There is no working user “%(login)s”.") % {"login": login})
    return person
