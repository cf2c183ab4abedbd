"""`./crm demo` and `./crm serve` with real processes: start, stop, restart, refusals (issue 2, «Start»)."""

import fcntl
import os
import re
import signal
import socket
import sqlite3
import subprocess
import sys
import time
import urllib.request
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from upsell_crm.launch.place import HOME

START_LIMIT = 90  # seconds; about 10 on a quiet machine


class Launch:
    """One `./crm …` in a data folder of its own."""

    def __init__(self, folder: Path, port: int, *command: str) -> None:
        self.folder, self.port = folder, port
        self.log = folder.parent / f"{folder.name}-{time.monotonic_ns()}.log"
        foreign = ("DATABASE_URL", "REDIS_URL", "HOST", "CRM_DEMO", "CRM_TODAY")
        env = {key: value for key, value in os.environ.items() if key not in foreign}
        with self.log.open("w") as log:
            self.process = subprocess.Popen(
                [sys.executable, "-m", "upsell_crm.launch", *command],
                env={**env, "CRM_DATA_DIR": str(folder), "PORT": str(port), "PYTHONPATH": str(HOME)},
                stdout=log, stderr=subprocess.STDOUT, start_new_session=True,
            )  # fmt: skip

    @property
    def text(self) -> str:
        return self.log.read_text()

    def wait_ready(self) -> None:
        wait_until(lambda: "Ctrl-C" in self.text or self.process.poll() is not None, START_LIMIT)
        assert "Ctrl-C" in self.text, self.text

    def stop(self, number: int = signal.SIGINT) -> int:
        """As Ctrl-C does; returns the exit code."""
        self.process.send_signal(number)
        return self.process.wait(30)

    def relatives(self) -> list[int]:
        """Every living process that has our data folder in its environment."""
        mark = f"CRM_DATA_DIR={self.folder}".encode()
        found = []
        for path in Path("/proc").glob("[0-9]*/environ"):
            try:
                if mark in path.read_bytes().split(b"\0"):
                    found.append(int(path.parent.name))
            except OSError:
                continue  # it ended meanwhile, or belongs to somebody else
        return found


def wait_until(happened: Callable[[], bool], limit: float) -> None:
    deadline = time.monotonic() + limit
    while not happened() and time.monotonic() < deadline:
        time.sleep(0.1)


@pytest.fixture
def port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


@pytest.fixture
def launch(tmp_path: Path, port: int) -> Iterator[Callable[..., Launch]]:
    """Starts `./crm` commands; whatever a failing test leaves is ended."""
    started: list[Launch] = []

    def start(*command: str) -> Launch:
        started.append(Launch(tmp_path / "data", port, *command))
        return started[-1]

    yield start
    for one in started:
        for process in one.relatives():
            os.kill(process, signal.SIGKILL)
        one.process.wait(10)


@pytest.mark.slow
def test_a_taken_port_gets_one_clear_sentence(launch: Callable[..., Launch], port: int) -> None:
    with socket.socket() as other:
        other.bind(("127.0.0.1", port))
        other.listen()
        demo = launch("demo")
        assert demo.process.wait(30) == 1
    assert (
        demo.text == f"crm: port {port} of 127.0.0.1 is taken; choose another one: PORT={port + 1} ./crm …\n"
    )


@pytest.mark.slow
def test_a_second_server_over_the_same_data_is_refused(launch: Callable[..., Launch], tmp_path: Path) -> None:
    (tmp_path / "data").mkdir()
    with (tmp_path / "data" / "running.lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        lock.write("4321")
        lock.flush()
        demo = launch("demo")
        assert demo.process.wait(30) == 1
    assert re.fullmatch(r"crm: another \./crm \(process 4321\) is already running over .*\n", demo.text)


@pytest.mark.slow
def test_an_unknown_command_shows_the_list(launch: Callable[..., Launch]) -> None:
    answer = launch("dmeo")
    assert answer.process.wait(30) == 2
    assert "there is no command “dmeo”" in answer.text and "./crm COMMAND" in answer.text


@pytest.mark.slow
def test_demo_starts_restarts_its_dead_keeps_data_and_leaves_nobody(
    launch: Callable[..., Launch], port: int
) -> None:
    """R101: one command; PORT and CRM_DATA_DIR are obeyed; Ctrl-C leaves no process; a second start keeps the data and the date."""
    demo = launch("demo", "--as-of", "2026-11-24")
    demo.wait_ready()
    with urllib.request.urlopen(f"http://127.0.0.1:{port}/", timeout=10) as page:
        assert page.status == 200
    assert demo.folder.joinpath("crm.sqlite3").exists() and "vetrov" in demo.text

    web = next(pid for pid in demo.relatives() if b"gunicorn" in Path(f"/proc/{pid}/cmdline").read_bytes())
    os.kill(web, signal.SIGKILL)
    wait_until(lambda: "starting it again" in demo.text, 10)
    assert "the web server ended with code -9; starting it again in 1 s." in demo.text

    assert demo.stop() == 0
    assert demo.relatives() == []
    _rename_a_company(demo.folder)

    again = launch("demo")
    again.wait_ready()
    assert "seed_demo" not in again.text and (demo.folder / "demo_date").read_text() == "2026-11-24"
    assert again.stop(signal.SIGTERM) == 0
    assert _company_names(demo.folder).count("Переименованный клиент") == 1
    assert again.relatives() == []

    refused = launch("serve")
    assert refused.process.wait(60) == 1
    assert "this database is a demo with a known password" in refused.text


@pytest.mark.slow
def test_a_killed_launcher_takes_its_children_along(launch: Callable[..., Launch]) -> None:
    serve = launch("serve")
    serve.wait_ready()
    assert len(serve.relatives()) >= 4
    serve.stop(signal.SIGKILL)
    wait_until(lambda: not serve.relatives(), 30)
    assert serve.relatives() == []
    assert "http" in serve.text.split("first administrator:")[1]


def _rename_a_company(folder: Path) -> None:
    with sqlite3.connect(folder / "crm.sqlite3") as database:
        database.execute("UPDATE accounts_company SET name = 'Переименованный клиент' WHERE id = 1")
    database.close()


def _company_names(folder: Path) -> list[str]:
    with sqlite3.connect(folder / "crm.sqlite3") as database:
        names = [name for (name,) in database.execute("SELECT name FROM accounts_company")]
    database.close()
    return names
