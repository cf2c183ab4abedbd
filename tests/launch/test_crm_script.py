"""`./crm` itself: what it says when the machine lacks something (issue 2, «Start»)."""

import os
import stat
import subprocess
from pathlib import Path

import pytest

from upsell_crm.launch.place import HOME

PYTHON = """#!/bin/sh
case "$2" in
  *version_info*) exit {old} ;;
  *ensurepip*) exit {bare} ;;
esac
echo "Python 3.9.2"
"""


@pytest.fixture
def project(tmp_path: Path) -> Path:
    """The script and the lock in an empty folder, and a PATH that the test fills."""
    for name in ("crm", "requirements.lock"):
        (tmp_path / name).write_bytes((HOME / name).read_bytes())
    (tmp_path / "crm").chmod(0o755)
    (tmp_path / "bin").mkdir()
    for tool in ("sh", "dirname", "cksum", "cat", "cut"):
        (tmp_path / "bin" / tool).symlink_to(f"/usr/bin/{tool}")
    return tmp_path


def _start(project: Path) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [str(project / "crm"), "demo"],
        env={"PATH": str(project / "bin")},
        capture_output=True,
        text=True,
        timeout=30,
    )


def _put_python(project: Path, *, old: int = 0, bare: int = 0) -> None:
    file = project / "bin" / "python3"
    file.write_text(PYTHON.format(old=old, bare=bare))
    file.chmod(file.stat().st_mode | stat.S_IEXEC)


def test_no_python_gets_one_clear_sentence(project: Path) -> None:
    answer = _start(project)
    assert answer.returncode == 1
    assert answer.stderr.startswith("crm: python3 is not installed") and answer.stderr.count("\n") == 1


def test_an_old_python_is_named_with_its_version(project: Path) -> None:
    _put_python(project, old=1)
    answer = _start(project)
    assert answer.returncode == 1
    assert answer.stderr == "crm: python3 is 3.9.2, and 3.11 or newer is needed.\n"


def test_missing_venv_says_what_to_install(project: Path) -> None:
    _put_python(project, bare=1)
    answer = _start(project)
    assert answer.returncode == 1
    assert answer.stderr == "crm: python3 cannot make environments here; run: apt install python3-venv\n"


def test_the_script_stays_a_dozen_lines_of_plain_shell() -> None:
    """architecture.md §1: a POSIX shell script that a reader takes in at once."""
    script = HOME / "crm"
    assert os.access(script, os.X_OK)
    assert subprocess.run(["sh", "-n", str(script)]).returncode == 0
    assert len(script.read_text().splitlines()) <= 30
