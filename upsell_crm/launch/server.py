"""`./crm demo` and `./crm serve`: prepare the data, then keep one web server and one Celery worker with beat."""

import argparse
import json
import os
import shutil
import time
import urllib.error
import urllib.request
from collections.abc import Callable
from datetime import date
from pathlib import Path
from typing import Any

from upsell_crm.launch import Refusal
from upsell_crm.launch.place import HOME, address, data_dir, hold, python
from upsell_crm.launch.supervisor import Child, Supervisor


def demo(arguments: list[str]) -> int:
    """The demo story on this machine only; a second start keeps its data and its date."""
    parser = argparse.ArgumentParser(prog="./crm demo", description=demo.__doc__)
    parser.add_argument("--fresh", action="store_true", help="forget the old demo and seed anew")
    parser.add_argument(
        "--as-of", type=date.fromisoformat, metavar="YYYY-MM-DD", help="freeze the demo's today"
    )
    parser.add_argument("--seed", type=int, default=42, help="of the invented details (default 42)")
    wish = parser.parse_args(arguments)
    if (os.environ.get("HOST") or "127.0.0.1") not in ("127.0.0.1", "localhost", "::1"):
        raise Refusal("the demo has known passwords, so it answers on this machine only; unset HOST.")
    folder = data_dir()
    today = _demo_date(folder, wish.as_of, wish.fresh)
    env = {"CRM_DEMO": "1", **({"CRM_TODAY": today} if today else {})}
    options = ["demo", "--seed", str(wish.seed), *(["--fresh"] if wish.fresh else [])]
    return _run(folder, env, options, _demo_banner)


def serve(arguments: list[str]) -> int:
    """The product with your own data; the first start prints a one-time link for the first administrator."""
    argparse.ArgumentParser(prog="./crm serve", description=serve.__doc__).parse_args(arguments)
    return _run(data_dir(), {}, ["serve"], _serve_banner)


def _demo_date(folder: Path, as_of: date | None, is_fresh: bool) -> str:
    """The frozen date: of this command, else the one that the kept demo was made with, else none."""
    note = folder / "demo_date"
    if as_of or is_fresh:
        note.write_text(as_of.isoformat() if as_of else "")
    return note.read_text().strip() if note.exists() else ""


def _run(folder: Path, extra: dict[str, str], options: list[str], banner: Callable[..., None]) -> int:
    started = time.monotonic()
    with hold(folder):
        host, port = address()
        env = {
            **os.environ,
            "CRM_DATA_DIR": str(folder),
            "DJANGO_SETTINGS_MODULE": "upsell_crm.settings",
            **extra,
        }
        answer = folder / "prepared.json"
        supervisor = Supervisor()
        supervisor.once(
            _child("preparation", ["manage.py", "prepare_start", *options, "--answer", str(answer)], env)
        )
        facts = json.loads(answer.read_text())
        answer.unlink()
        site = f"http://{f'[{host}]' if ':' in host else host}:{port}"
        try:
            supervisor.keep(
                _servers(folder, host, port, env),
                is_well=lambda: _answers(f"{site}/"),
                when_well=lambda: banner(site, facts, time.monotonic() - started),
            )
        finally:
            shutil.rmtree(folder / "run", ignore_errors=True)
    return 0


def _servers(folder: Path, host: str, port: int, env: dict[str, str]) -> list[Child]:
    """The web server (settings: upsell_crm/launch/web.py) and the worker with its beat inside."""
    scratch = folder / "run"  # we hold the folder's lock, so whatever lies here is of the dead
    shutil.rmtree(scratch, ignore_errors=True)
    scratch.mkdir()
    web = [
        "-m", "gunicorn", "-c", "python:upsell_crm.launch.web", "upsell_crm.wsgi:application",
        "--bind", f"{f'[{host}]' if ':' in host else host}:{port}",
    ]  # fmt: skip
    worker = [
        "-W", "ignore::UserWarning:celery.platforms",  # root is usual in a container; said in docs/operations.md
        "-m", "celery", "--quiet", "-A", "upsell_crm", "worker", "--beat", "--concurrency", "1", "-O", "fair",
        "--schedule", str(folder / "beat-schedule"), "--pidfile", str(scratch / "worker.pid"),
        "--without-gossip", "--without-mingle", "--loglevel", "WARNING",
    ]  # fmt: skip
    return [_child("the web server", web, env), _child("the background worker", worker, env)]


def _child(name: str, arguments: list[str], env: dict[str, str]) -> Child:
    return Child(name, python(*arguments), env, HOME)


def _answers(url: str) -> bool:
    try:
        with urllib.request.urlopen(url, timeout=2) as page:
            return page.status == 200
    except urllib.error.HTTPError as problem:
        return problem.code < 500
    except OSError:
        return False


def _demo_banner(site: str, facts: dict[str, Any], seconds: float) -> None:
    width = max((len(person["login"]) for person in facts["people"]), default=0)
    people = "\n".join(
        f"  {person['login']:<{width}}  {person['name']}, {person['role']}" for person in facts["people"]
    )
    print(
        f"\nUpsell CRM, демонстрация · demo — {site}/\n"
        f"(готово за {seconds:.0f} с · ready in {seconds:.0f} s; Ctrl-C — остановить · to stop)\n\n"
        f"Логины, пароль у всех один · Logins, one password for all: {facts['password']}\n{people}\n",
        flush=True,
    )  # fmt: skip


def _serve_banner(site: str, facts: dict[str, Any], _seconds: float) -> None:
    print(f"\nUpsell CRM — {site}/   (Ctrl-C — остановить · to stop)", flush=True)
    if link := facts["first_admin_link"]:
        print(
            f"\nСсылка для первого администратора, работает один раз · One-time link for the first administrator:\n"
            f"  {link if '://' in link else site + link}\n",
            flush=True,
        )
