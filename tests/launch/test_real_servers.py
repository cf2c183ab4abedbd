"""The processes of docker-compose.yml, started by hand against real PostgreSQL and Redis (issue 2, «Start»)."""

import os
import re
import shlex
import socket
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from urllib.parse import urlsplit, urlunsplit

import psycopg2
import pytest
import yaml

from upsell_crm.launch.place import HOME

DATABASE_URL = os.environ.get("DATABASE_URL", "")
REDIS_URL = os.environ.get("REDIS_URL", "")
pytestmark = pytest.mark.servers


@pytest.fixture
def database_url() -> Iterator[str]:
    """A database of its own on the server of DATABASE_URL."""
    parts, name = urlsplit(DATABASE_URL), f"crm_compose_{os.getpid()}"
    server = urlunsplit(parts._replace(path="/postgres"))
    _execute(server, f"CREATE DATABASE {name}")
    yield urlunsplit(parts._replace(path=f"/{name}"))
    _execute(server, f"DROP DATABASE {name} WITH (FORCE)")


def _execute(url: str, statement: str) -> None:
    connection = psycopg2.connect(url)
    connection.autocommit = True
    with connection.cursor() as cursor:
        cursor.execute(statement)
    connection.close()


def _ask(url: str, question: str) -> str | None:
    connection = psycopg2.connect(url)
    with connection.cursor() as cursor:
        cursor.execute(question)
        row = cursor.fetchone()
    connection.close()
    return row[0] if row else None


class Machine:
    """Runs the commands of the compose file as its containers would, in one data folder."""

    def __init__(self, folder: Path, database_url: str) -> None:
        with socket.socket() as probe:
            probe.bind(("127.0.0.1", 0))
            self.port = probe.getsockname()[1]
        self.folder = folder
        self.services = yaml.safe_load((HOME / "docker-compose.yml").read_text())["services"]
        self.env = {
            **os.environ, "PATH": f"{Path(sys.executable).parent}:{os.environ['PATH']}", "CRM_DATA_DIR": str(folder),
            "DATABASE_URL": database_url, "REDIS_URL": REDIS_URL, "BEHIND_TLS": "1", "ALLOWED_HOSTS": "crm.example",
            "SECRET_KEY": "only-for-this-test-0123456789-0123456789-0123456789", "PORT": str(self.port),
        }  # fmt: skip
        self.started: list[subprocess.Popen[bytes]] = []

    def command(self, name: str) -> list[str]:
        """With the places of the container changed for ours."""
        here = str(self.folder)
        places = {"0.0.0.0:8000": f"127.0.0.1:{self.port}", "/data": here, "/tmp": here}
        inside = re.compile("^(" + "|".join(map(re.escape, places)) + ")")
        return [inside.sub(lambda match: places[match[1]], word) for word in self.services[name]["command"]]

    def run(self, *words: str) -> subprocess.CompletedProcess[str]:
        return subprocess.run(words, env=self.env, cwd=HOME, capture_output=True, text=True, timeout=120)

    def start(self, name: str) -> None:
        with (self.folder / f"{name}.log").open("w") as log:
            process = subprocess.Popen(self.command(name), env=self.env, cwd=HOME, stdout=log, stderr=log)
        self.started.append(process)

    def stop(self) -> None:
        for process in self.started:
            process.terminate()
        for process in self.started:
            process.wait(30)


@pytest.fixture
def machine(tmp_path: Path, database_url: str) -> Iterator[Machine]:
    machine = Machine(tmp_path, database_url)
    yield machine
    machine.stop()


def wait_until(happened: Callable[[], bool], seconds: float) -> bool:
    deadline = time.monotonic() + seconds
    while time.monotonic() < deadline:
        if happened():
            return True
        time.sleep(0.5)
    return happened()


def test_setup_web_worker_and_beat_work_together(machine: Machine, database_url: str) -> None:
    """setup prepares, web answers behind TLS, beat rings, the worker does the job that a person asked for."""
    prepared = machine.run(*machine.command("setup"))
    assert prepared.returncode == 0, prepared.stderr
    for name in ("web", "worker", "beat"):
        machine.start(name)

    health = shlex.join(machine.services["web"]["healthcheck"]["test"][1:])
    assert wait_until(lambda: machine.run("sh", "-c", health).returncode == 0, 60), _logs(machine)

    link = machine.run("python", "manage.py", "first_admin_link").stdout
    assert "/welcome/" in link

    request = "from upsell_crm.core.jobs import request_run; request_run(code='ranking', by=None)"
    asked = machine.run("python", "manage.py", "shell", "-c", request)
    assert asked.returncode == 0, asked.stderr
    done = "SELECT state FROM core_jobrun WHERE job = 'ranking' ORDER BY id DESC LIMIT 1"
    assert wait_until(lambda: _ask(database_url, done) == "done", 60), _logs(machine)
    assert wait_until(lambda: any(machine.folder.glob("beat-schedule*")), 20), _logs(machine)


def _logs(machine: Machine) -> str:
    return "\n".join(f"{path.name}:\n{path.read_text()[-3000:]}" for path in machine.folder.glob("*.log"))
