"""Keeps the child processes of `./crm demo` and `./crm serve`: restarts who dies, stops all at the end."""

import contextlib
import ctypes
import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path

from upsell_crm.launch import Refusal

PR_SET_PDEATHSIG = 1
PATIENCE = 15  # seconds that a child has to finish its work after SIGTERM
STABLE = 30  # a child that lived so many seconds starts its backoff anew
HOPELESS = 5  # that many quick deaths of a child that has never been well end the start

_libc = ctypes.CDLL(None)


def _die_with_parent() -> None:
    """Linux sends SIGTERM to the child when the launcher dies in any way, SIGKILL too."""
    _libc.prctl(PR_SET_PDEATHSIG, signal.SIGTERM)


@dataclass
class Child:
    """One process in a group of its own, so that Ctrl-C of the terminal reaches the launcher alone."""

    name: str
    command: list[str]
    env: dict[str, str]
    home: Path
    deaths: int = 0
    started: float = 0.0
    again_at: float = 0.0
    process: subprocess.Popen[bytes] | None = field(default=None, repr=False)

    def start(self) -> None:
        """Starts or restarts the process."""
        self.started = time.monotonic()
        self.process = subprocess.Popen(
            self.command, env=self.env, cwd=self.home, stdin=subprocess.DEVNULL, start_new_session=True,
            preexec_fn=_die_with_parent if hasattr(_libc, "prctl") else None,
        )  # fmt: skip

    def watch(self) -> None:
        """Restarts the process when it has died: after 1, 2, 4 … 30 seconds."""
        now = time.monotonic()
        if self.process and self.process.poll() is not None:
            self.deaths = 1 if now - self.started > STABLE else self.deaths + 1
            pause = min(30, 2 ** (self.deaths - 1))
            self.again_at = now + pause
            say(f"{self.name} ended with code {self.process.returncode}; starting it again in {pause} s.")
            self._sweep()
            self.process = None
        if self.process is None and now >= self.again_at:
            self.start()

    def ask_to_stop(self) -> None:
        """SIGTERM to the head of the group: gunicorn and celery stop their own workers in good order."""
        if self.process and self.is_alive:
            self.process.terminate()

    @property
    def is_alive(self) -> bool:
        """Whether the head of the group runs."""
        return self.process is not None and self.process.poll() is None

    def finish(self) -> None:
        """Leaves nobody of the group alive."""
        if self.process:
            if self.is_alive:
                say(f"{self.name} does not stop; ending it.")
            self._sweep()
            self.process.wait()

    def _sweep(self) -> None:
        with contextlib.suppress(ProcessLookupError):
            os.killpg(self.process.pid, signal.SIGKILL)  # type: ignore[union-attr]


class Supervisor:
    """Runs the children until a signal comes."""

    def __init__(self) -> None:
        self.children: list[Child] = []
        self.is_stopping = False
        self.deadline = float("inf")
        for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
            signal.signal(number, self._stop)

    def _stop(self, _number: int, _frame: object) -> None:
        """The first signal asks the children to finish their work, the second one does not wait for it."""
        if self.is_stopping:
            self.deadline = 0.0
        self.is_stopping = True

    def once(self, child: Child) -> None:
        """Runs a child to its end; a signal stops it, a bad exit code is a Refusal (it has said why)."""
        self.children = [child]
        child.start()
        while child.is_alive and not self.is_stopping:
            time.sleep(0.05)
        if self.is_stopping:
            self.stop()
            raise KeyboardInterrupt
        self.children = []
        if child.process.returncode:  # type: ignore[union-attr]
            raise Refusal(f"{child.name} did not finish; nothing was started.")

    def keep(self, children: list[Child], is_well: Callable[[], bool], when_well: Callable[[], None]) -> None:
        """Starts the children, calls `when_well` once the first page answers, watches until a signal."""
        self.children = children
        told = False
        try:
            while not self.is_stopping:
                for child in self.children:
                    child.watch()
                if not told and is_well():
                    told = True
                    when_well()
                if not told and any(child.deaths >= HOPELESS for child in self.children):
                    raise Refusal("the server does not start; its own words are above.")
                time.sleep(0.2)
        finally:
            self.stop()

    def stop(self) -> None:
        """Asks all, waits for all, leaves nobody."""
        say("stopping; the work in hand is finished first (again to stop at once) …")
        for child in self.children:
            child.ask_to_stop()
        self.deadline = min(self.deadline, time.monotonic() + PATIENCE)
        while time.monotonic() < self.deadline and any(child.is_alive for child in self.children):
            time.sleep(0.1)
        for child in self.children:
            child.finish()


def say(text: str) -> None:
    """A line of the launcher itself; a terminal that is gone does not stop it."""
    with contextlib.suppress(OSError):
        print(f"crm: {text}", file=sys.stderr, flush=True)
