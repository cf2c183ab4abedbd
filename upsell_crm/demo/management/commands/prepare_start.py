"""Brings database and static files up to date before `./crm demo` and `./crm serve` start their servers."""

import hashlib
import json
import shutil
import time
from argparse import ArgumentParser
from collections.abc import Iterator
from io import StringIO
from pathlib import Path
from typing import Any

from django.conf import settings
from django.contrib.staticfiles.finders import get_finders
from django.core.management import call_command, get_commands
from django.core.management.base import BaseCommand, CommandError
from django.db import OperationalError, connection

from reports.models import ClientRow, RankRow
from upsell_crm.core.models import User
from upsell_crm.core.roles import Role
from upsell_crm.demo import PASSWORD

UNUSED_STATIC = [  # files of packages that no page of ours loads
    "django_htmx/ext/*",  # extensions; they need a build step anyway
    "drf_spectacular_sidecar/redoc/*",
    "rest_framework/*",
]
DEMO_MAIL = "@demo.example"  # every demo login has such an address (domain.md §8.1)


class Command(BaseCommand):
    help = "Used by ./crm demo and ./crm serve: migrate, references, demo story, first ranking, static files."
    requires_system_checks: list[str] = []
    requires_migrations_checks = False

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("purpose", choices=["demo", "serve"])
        parser.add_argument("--fresh", action="store_true", help="forget the old demo first")
        parser.add_argument("--seed", type=int, default=42, help="of the demo's invented details")
        parser.add_argument("--answer", type=Path, help="write here what the launcher prints, as JSON")

    def handle(self, *args: Any, **options: Any) -> None:
        try:
            self._prepare(**options)
        except OperationalError as problem:
            reason = str(problem).strip().splitlines()[0]
            raise CommandError(
                f"the database does not answer: {reason} (see DATABASE_URL, CRM_DATA_DIR)"
            ) from problem
        facts = {"people": demo_people(), "password": PASSWORD} if options["purpose"] == "demo" else {}
        if options["purpose"] == "serve":
            facts["first_admin_link"] = (
                self._quietly("first_admin_link") if "first_admin_link" in get_commands() else ""
            )
        if options["answer"]:
            options["answer"].write_text(json.dumps(facts, ensure_ascii=False))

    def _prepare(self, *, purpose: str, fresh: bool, seed: int, **_others: Any) -> None:
        refuse_mixing(purpose)
        if fresh:
            forget_demo()
        self._step("migrate", interactive=False)
        self._step("seed_references")
        if purpose == "demo" and not User.objects.filter(email__endswith=DEMO_MAIL).exists():
            self._step("seed_demo", seed=seed, as_of=settings.CRM_TODAY)
        if purpose == "demo" and not RankRow.objects.exists():
            self._step("rank_accounts")
        if purpose == "demo" and not ClientRow.objects.exists():
            self._step("build_report", "existing_clients")
        if (print_now := static_fingerprint()) != read(fingerprint_file()):
            self._step("collectstatic", interactive=False, ignore_patterns=UNUSED_STATIC)
            fingerprint_file().write_text(print_now)

    def _step(self, command: str, *arguments: str, **options: Any) -> None:
        """Runs a command silently and says how long it took."""
        if command not in get_commands():
            self.stderr.write(f"crm: {command} does not exist yet")
            return
        started = time.monotonic()
        self._quietly(command, *arguments, **options)
        self.stderr.write(f"crm: {command} {time.monotonic() - started:.1f} s")

    def _quietly(self, command: str, *arguments: str, **options: Any) -> str:
        said = StringIO()
        call_command(command, *arguments, verbosity=0, stdout=said, **options)
        return said.getvalue().strip()


def refuse_mixing(purpose: str) -> None:
    """Demo logins have a known password: they never stand beside real data, and real data is never seeded over."""
    if "core_user" not in connection.introspection.table_names():
        return
    with connection.cursor() as cursor:  # by hand: an old schema may not fit the models of today
        cursor.execute("SELECT COUNT(*) FROM core_user")
        people = cursor.fetchone()[0]
        cursor.execute("SELECT COUNT(*) FROM core_user WHERE email LIKE %s", [f"%{DEMO_MAIL}"])
        demo_people = cursor.fetchone()[0]
    if purpose == "demo" and people and not demo_people:
        raise CommandError(
            "this database holds real data, the demo is not put over it; set another CRM_DATA_DIR."
        )
    if purpose == "serve" and demo_people:
        raise CommandError(
            "this database is a demo with a known password; set another CRM_DATA_DIR for real data."
        )


def forget_demo() -> None:
    """Empties the database, the queue and the files; `refuse_mixing` has made sure that it is a demo."""
    if settings.IS_SQLITE:
        connection.close()
        for suffix in ("", "-wal", "-shm"):
            Path(f"{settings.DATABASES['default']['NAME']}{suffix}").unlink(missing_ok=True)
    elif "core_user" in connection.introspection.table_names():
        call_command("flush", interactive=False, verbosity=0)
    for folder in (settings.DATA_DIR / "queue", settings.MEDIA_ROOT):
        for entry in folder.glob("*"):
            shutil.rmtree(entry) if entry.is_dir() else entry.unlink()


def demo_people() -> list[dict[str, str]]:
    """Who may sign in, for the terminal."""
    people = User.objects.filter(is_active=True, email__endswith=DEMO_MAIL).prefetch_related("roles")
    return [
        {
            "login": person.username,
            "name": str(person),
            "role": ", ".join(str(Role(assignment.role).label) for assignment in person.roles.all()),
        }
        for person in people.order_by("team", "id")
    ]


def static_files() -> Iterator[str]:
    """Name, size and age of each file that the pages use."""
    for finder in get_finders():
        for path, storage in finder.list([]):
            yield f"{path} {storage.size(path)} {storage.get_modified_time(path)}"


def static_fingerprint() -> str:
    """Changes when any static file does."""
    return hashlib.sha256("\n".join(sorted(static_files())).encode()).hexdigest()


def fingerprint_file() -> Path:
    return Path(settings.STATIC_ROOT) / "collected.sha256"


def read(path: Path) -> str:
    """The text of a file, or nothing when it is absent."""
    return path.read_text() if path.exists() else ""
