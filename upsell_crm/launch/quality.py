"""`./crm test`, `check`, `messages`, `bench`, `shots`: what a developer and CI run."""

import os
import socket
import subprocess
import tempfile
import time
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from urllib.parse import urlsplit

from upsell_crm.launch import Refusal
from upsell_crm.launch.place import HOME, python, run

POSTGRES = "postgres://postgres@127.0.0.1:5432/upsell_crm"
REDIS = "redis://127.0.0.1:6379/9"
PARALLEL = ["-n", "2", "--dist", "worksteal"]  # neighbours stay together: what a file makes once is made once
NOT_OURS = ("CRM_TODAY", "CRM_DEMO", "DEBUG", "PYTHONDONTWRITEBYTECODE")  # pytest keeps its rewritten files
SUITES = {  # option → what pytest selects
    "": [*PARALLEL, "--nomigrations", "-m", "not slow and not browser and not servers"],
    "--postgres": [*PARALLEL, "-m", "not slow and not browser"],
    "--browser": ["-m", "browser"],
    "--slow": [*PARALLEL, "-m", "slow"],
    "--all": ["-m", "not servers"],
}


def test(arguments: list[str]) -> int:
    """The fast suite in parallel on SQLite, or the suite named by the first option; the rest goes to pytest."""
    chosen, rest = (
        ("", arguments) if not arguments or arguments[0] not in SUITES else (arguments[0], arguments[1:])
    )
    with tempfile.TemporaryDirectory(prefix="crm-test-") as folder:
        env = {key: value for key, value in os.environ.items() if key not in NOT_OURS}
        env["CRM_DATA_DIR"] = folder
        servers = {
            name: env.pop(name, default)
            for name, default in (("DATABASE_URL", POSTGRES), ("REDIS_URL", REDIS))
        }
        if chosen == "--postgres":
            for url in servers.values():
                _need_server(url)
            env |= servers
        return run("-m", "pytest", *SUITES[chosen], *rest, env=env)


def _need_server(url: str) -> None:
    """A clear sentence instead of a thousand failed tests."""
    parts = urlsplit(url)
    place = (parts.hostname or "127.0.0.1", parts.port or {"redis": 6379}.get(parts.scheme, 5432))
    try:
        socket.create_connection(place, timeout=3).close()
    except OSError as problem:
        raise Refusal(
            f"nobody answers at {place[0]}:{place[1]}; start the server or set DATABASE_URL and REDIS_URL."
        ) from problem


@dataclass(frozen=True)
class Check:
    """One question about the code, answered by a child process: exit code 0 = yes."""

    name: str
    command: list[str]
    env: dict[str, str] = field(default_factory=dict)


PRODUCTION = {  # stands for a real server, so that `check --deploy` judges what we would run
    "BEHIND_TLS": "1",
    "ALLOWED_HOSTS": "crm.example",
    "SECRET_KEY": "a-long-key-that-only-stands-for-the-real-one-in-this-check-0123456789",
}
MANAGE = ["manage.py"]
TOOL = [
    "-c",
    "import os, sys; os.execv(os.path.join(os.path.dirname(sys.executable), sys.argv[1]), sys.argv[1:])",
]
CHECKS = [
    Check("types", ["-m", "mypy"]),
    Check("format", ["-m", "ruff", "format", "--check", "."]),
    Check("lint", ["-m", "ruff", "check", "."]),
    Check("rooms", ["-c", "from importlinter.cli import lint_imports; raise SystemExit(lint_imports())"]),
    Check(
        "templates",
        [*TOOL, "djade", "--check", "--target-version", "5.2", *map(str, HOME.glob("templates/**/*.html"))],
    ),
    Check("migrations", [*MANAGE, "makemigrations", "--check", "--dry-run"]),
    Check("catalogues", ["-m", "upsell_crm.launch.catalogue", "--check"]),
    Check("permissions", [*MANAGE, "print_permissions", "--check"]),
    Check("api", ["-m", "upsell_crm.launch.openapi", "--check"]),
    Check("deployment", [*MANAGE, "check", "--deploy", "--fail-level", "WARNING"], PRODUCTION),
]


def check(arguments: list[str]) -> int:
    """Asks everything, two at a time; names of checks may be given. Prints what failed and why."""
    chosen = [one for one in CHECKS if not arguments or one.name in arguments]
    if unknown := set(arguments) - {one.name for one in CHECKS}:
        raise Refusal(
            f"there is no check {', '.join(sorted(unknown))}; there are {', '.join(c.name for c in CHECKS)}."
        )
    with tempfile.TemporaryDirectory(prefix="crm-check-") as folder, ThreadPoolExecutor(2) as pool:
        return 0 if all(list(pool.map(lambda one: _is_good(one, folder), chosen))) else 1


def _is_good(one: Check, folder: str) -> bool:
    started = time.monotonic()
    env = {**os.environ, **one.env, "CRM_DATA_DIR": folder, "PYTHONPATH": str(HOME)}
    answer = subprocess.run(python(*one.command), cwd=HOME, env=env, capture_output=True, text=True)
    mark = "failed" if answer.returncode else "ok"
    print(f"{one.name:<12} {mark:<7} {time.monotonic() - started:5.1f} s", flush=True)
    if answer.returncode:
        print((answer.stdout + answer.stderr).strip(), flush=True)
    return answer.returncode == 0


def messages(arguments: list[str]) -> int:
    """See upsell_crm/launch/catalogue.py."""
    return run("-m", "upsell_crm.launch.catalogue", *arguments)


def bench(arguments: list[str]) -> int:
    """The table of ratios."""
    return run("-m", "benchmarks", *arguments)


def shots(arguments: list[str]) -> int:
    """Every main page as a picture, see tests/browser/shots.py."""
    return run("-m", "tests.browser.shots", *arguments)
