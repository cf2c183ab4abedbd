"""Where things are: the project, its data folder, the port; and how its Python is called."""

import fcntl
import os
import socket
import subprocess
import sys
from pathlib import Path
from typing import IO

from upsell_crm.launch import Refusal

HOME = Path(__file__).resolve().parent.parent.parent


def data_dir() -> Path:
    """CRM_DATA_DIR, else var/ of the project; made when absent."""
    folder = Path(os.environ.get("CRM_DATA_DIR") or HOME / "var").resolve()
    try:
        folder.mkdir(parents=True, exist_ok=True)
    except OSError as problem:
        raise Refusal(
            f"the data folder {folder} cannot be made ({problem.strerror}); set CRM_DATA_DIR."
        ) from problem
    return folder


def hold(folder: Path) -> IO[str]:
    """Locks the data folder for this process; a second server over the same data is refused."""
    lock = (folder / "running.lock").open("a+")
    try:
        fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except OSError as problem:
        lock.seek(0)
        owner = lock.read().strip() or "unknown"
        raise Refusal(
            f"another ./crm (process {owner}) is already running over {folder}; stop it, or set another CRM_DATA_DIR."
        ) from problem
    lock.truncate(0)
    lock.write(str(os.getpid()))
    lock.flush()
    return lock


def address() -> tuple[str, int]:
    """HOST and PORT, with a check that nobody listens there."""
    host, text = os.environ.get("HOST") or "127.0.0.1", os.environ.get("PORT") or "8000"
    if not text.isdigit() or not 0 < int(text) < 65536:
        raise Refusal(f"PORT must be a number from 1 to 65535, not “{text}”.")
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    with socket.socket(family) as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((host, int(text)))
        except PermissionError as problem:
            raise Refusal(
                f"port {text} needs more rights; choose another one: PORT=8080 ./crm …"
            ) from problem
        except OSError as problem:
            raise Refusal(
                f"port {text} of {host} is taken; choose another one: PORT={int(text) % 65535 + 1} ./crm …"
            ) from problem
    return host, int(text)


def python(*arguments: str) -> list[str]:
    """The command line of this very Python."""
    return [sys.executable, *arguments]


def run(*arguments: str, stay: bool = False, env: dict[str, str] | None = None) -> int:
    """Runs a Python command in the project's folder (`stay`: in the caller's); Ctrl-C is the child's to answer."""
    child = subprocess.Popen(python(*arguments), cwd=None if stay else HOME, env=env)
    while True:
        try:
            return child.wait()
        except KeyboardInterrupt:
            continue


def run_django(script: str, *arguments: str, stay: bool = False) -> int:
    """`manage.py` of the project, with paths of files as the caller wrote them."""
    return run(str(HOME / script), *arguments, stay=stay)
