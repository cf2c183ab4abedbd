"""docker-compose.yml and Dockerfile: parsed by a real compose parser, and every command in them exists."""

import re
import shlex
import shutil
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
import yaml
from django.core.management import get_commands

from upsell_crm.launch.place import HOME

COMPOSE = HOME / "docker-compose.yml"
BIN = Path(sys.executable).parent


@pytest.fixture
def env_file(tmp_path: Path) -> Path:
    """.env as .env.example asks for it, filled in."""
    text = (HOME / ".env.example").read_text()
    file = tmp_path / ".env"
    file.write_text(re.sub(r"^(\w+)=$", r"\1=secret", text, flags=re.M))
    return file


def parse(env_file: Path) -> subprocess.CompletedProcess[str]:
    """podman-compose reads, interpolates and merges the file as `docker compose config` does."""
    return subprocess.run(
        [BIN / "podman-compose", "--dry-run", "--env-file", env_file, "-f", COMPOSE, "config"],
        capture_output=True, text=True, env={"PATH": str(BIN)}, cwd=HOME,
    )  # fmt: skip


def services(env_file: Path) -> dict[str, Any]:
    answer = parse(env_file)
    assert answer.returncode == 0, answer.stderr
    return yaml.safe_load(answer.stdout)["services"]


@pytest.mark.slow
def test_the_file_follows_the_official_schema() -> None:
    answer = subprocess.run(
        [BIN / "check-jsonschema", "--builtin-schema", "vendor.compose-spec", COMPOSE],
        capture_output=True,
        text=True,
    )
    assert answer.returncode == 0, answer.stdout


@pytest.mark.slow
def test_five_servers_and_a_setup_step_with_their_addresses(env_file: Path) -> None:
    parsed = services(env_file)
    assert set(parsed) == {"postgres", "redis", "setup", "web", "worker", "beat"}
    for name in ("setup", "web", "worker", "beat"):
        assert parsed[name]["environment"]["DATABASE_URL"] == "postgres://crm:secret@postgres:5432/crm"
        assert parsed[name]["environment"]["REDIS_URL"] == "redis://:secret@redis:6379/0"
    for name in ("web", "worker", "beat"):
        assert parsed[name]["depends_on"]["setup"]["condition"] == "service_completed_successfully"
    assert all("healthcheck" in parsed[name] for name in parsed if name != "setup")


@pytest.mark.slow
def test_redis_keeps_the_queue_and_asks_a_password(env_file: Path) -> None:
    """architecture.md §1: without AOF 200 of 200 tasks were lost."""
    command = " ".join(services(env_file)["redis"]["command"])
    assert "--appendonly yes" in command and "noeviction" in command and "--requirepass" in command


@pytest.mark.slow
@pytest.mark.parametrize("name", ["SECRET_KEY", "POSTGRES_PASSWORD", "REDIS_PASSWORD"])
def test_a_missing_secret_is_refused_by_name(env_file: Path, name: str) -> None:
    env_file.write_text(env_file.read_text().replace(f"{name}=secret", f"{name}="))
    answer = parse(env_file)
    assert answer.returncode != 0 and name in answer.stderr


def test_the_example_names_every_variable() -> None:
    wanted = set(re.findall(r"(?<!\$)\$\{(\w+)", COMPOSE.read_text()))
    assert wanted == set(re.findall(r"^(\w+)=", (HOME / ".env.example").read_text(), re.M))


@pytest.mark.slow
def test_every_command_of_the_file_exists(env_file: Path) -> None:
    parsed = services(env_file)
    for name in ("web", "worker", "beat"):
        assert shutil.which(parsed[name]["command"][0], path=str(BIN)), name
    assert parsed["setup"]["command"][:3] == ["python", "manage.py", "prepare_start"]
    assert "prepare_start" in get_commands()
    health = shlex.join(parsed["web"]["healthcheck"]["test"])
    assert "upsell_crm.launch.health" in health and (HOME / "upsell_crm/launch/health.py").exists()


@pytest.mark.slow
def test_the_image_runs_the_same_server_and_not_as_root(env_file: Path) -> None:
    dockerfile = (HOME / "Dockerfile").read_text()
    start = re.search(r"^CMD (\[.*\])$", dockerfile, re.M)
    assert start and yaml.safe_load(start[1]) == services(env_file)["web"]["command"]
    assert dockerfile.index("USER crm") > dockerfile.index("RUN pip install")
    for source in re.findall(r"^COPY (\S+) ", dockerfile, re.M):
        assert (HOME / source).exists()
