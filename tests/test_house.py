"""The rules of the house that a machine can hold (CONTRIBUTING.md); a finding names the file and the line."""

import ast
import re
import tomllib
from collections.abc import Iterator
from functools import cache
from pathlib import Path

import pytest
from django.apps import apps
from django.conf import settings
from django.core.management import get_commands
from django.urls import URLPattern, URLResolver, get_resolver

from accounts.history_lines import known_events
from upsell_crm.launch import catalogue

HOME = settings.BASE_DIR
ROOMS = ("upsell_crm", "accounts", "deals", "trainings", "roadmaps", "reports")
TREES = (*ROOMS, "tests", "benchmarks")
CODE = sorted(
    path for tree in TREES for path in (HOME / tree).rglob("*.py") if "migrations" not in path.parts
)
TEMPLATES = sorted((HOME / "templates").rglob("*.html"))
SCRIPTS = sorted((HOME / "upsell_crm/static").rglob("*.js"))
STYLES = sorted((HOME / "upsell_crm/static").rglob("*.css"))
# Issues 2, 3 and 4; a number stays here for good.
PROVEN = {*range(1, 83), 84, *range(86, 99), *range(100, 104)}
OUR_APPS = ("core", "accounts", "deals", "trainings", "roadmaps", "reports", "demo")
LONGEST = {True: 450, False: 350}  # lines of a test file, of any other
MACHINE_TIME = (  # they compare with moments that the database or another process stamped by the real clock
    "upsell_crm/core/api/pagination.py",
    "upsell_crm/core/views/jobs.py",
)
INTERFACE = (HOME / "docs/interface.md").read_text()


@cache
def tree_of(path: Path) -> ast.Module:
    """The syntax tree of a file of ours."""
    return ast.parse(path.read_text())


def lines_with(paths: list[Path], pattern: str) -> list[str]:
    """«file:line text» of each line that matches."""
    wanted = re.compile(pattern)
    return [
        f"{path.relative_to(HOME)}:{number} {line.strip()}"
        for path in paths
        for number, line in enumerate(path.read_text().splitlines(), 1)
        if wanted.search(line)
    ]


def test_no_drawer_for_odds_and_ends() -> None:
    """A name says what is inside; signals hide who reacts."""
    assert [
        str(path) for path in CODE if path.stem in ("utils", "helpers", "signals", "misc", "common")
    ] == []


def test_a_part_that_refreshes_itself_keeps_its_swap_to_itself() -> None:
    """htmx hands hx-swap and hx-select down: without hx-disinherit a link inside replaces the whole panel."""
    refreshed = lines_with(TEMPLATES, r'hx-trigger="[^"]*from:body[^"]*"[^>]*hx-swap="outerHTML"')
    assert refreshed
    assert [line for line in refreshed if "hx-disinherit" not in line] == []


def test_files_fit_in_a_head() -> None:
    lengths = {path.relative_to(HOME): len(path.read_text().splitlines()) for path in CODE}
    assert {str(path): n for path, n in lengths.items() if n > LONGEST[path.parts[0] == "tests"]} == {}


@pytest.mark.slow
def test_imports_stand_at_the_top() -> None:
    """Also inside functions of tests; ruff (PLC0415) says the same, this one cannot be switched off by a comment."""
    found = [
        f"{path.relative_to(HOME)}:{inner.lineno}"
        for path in CODE
        for node in ast.walk(tree_of(path))
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef)
        for inner in ast.walk(node)
        if isinstance(inner, ast.Import | ast.ImportFrom)
    ]
    assert found == []


def test_every_module_says_what_it_is() -> None:
    silent = [
        str(path.relative_to(HOME))
        for path in CODE
        if path.read_text() and not ast.get_docstring(tree_of(path))
    ]
    assert [path for path in silent if not path.endswith(("apps.py", "formats.py"))] == []


def test_every_requirement_done_so_far_is_named_by_a_test() -> None:
    """domain.md §1: whoever removes the last test of a requirement takes its number out of `PROVEN`, and is asked why."""
    stories = [
        ast.get_docstring(node) or ""
        for path in CODE
        if path.parts[len(HOME.parts)] == "tests"
        for node in ast.walk(tree_of(path))
        if isinstance(node, ast.FunctionDef) and node.name.startswith("test_")
    ]
    named = {int(number) for text in stories for number in re.findall(r"\bR(\d+)\b", text)}
    assert {f"R{number}" for number in PROVEN - named} == set()


def test_the_five_rooms_are_apps_of_their_own() -> None:
    """R95: each room is an app in the declared line, which import-linter holds; a room with tables has its migrations."""
    line = tomllib.loads((HOME / "pyproject.toml").read_text())["tool"]["importlinter"]["contracts"][0]
    assert line["type"] == "layers" and line["layers"][1:-1] == [
        "reports",
        "roadmaps",
        "trainings",
        "deals",
        "accounts",
    ]
    for room in ROOMS[1:]:
        has_tables = bool(list(apps.get_app_config(room).get_models()))
        assert (HOME / room / "migrations" / "0001_initial.py").exists() == has_tables, room


def test_time_comes_from_the_clock() -> None:
    """core/clock.py alone reads the clock, so that a frozen date is frozen everywhere (faults C1)."""
    rooms = [path for path in CODE if path.parts[len(HOME.parts)] in ROOMS and path.name != "clock.py"]
    found = lines_with(rooms, r"\b(date\.today|datetime\.now|timezone\.now|timezone\.localdate|utcnow)\(")
    assert [line for line in found if not line.startswith(MACHINE_TIME)] == []


def test_templates_hold_no_script_and_no_style() -> None:
    """The strict Content-Security-Policy would refuse them in the browser."""
    assert lines_with(TEMPLATES, r"<style\b|\sstyle=|\son[a-z]+=[\"']|javascript:") == []
    assert [line for line in lines_with(TEMPLATES, r"<script\b") if " src=" not in line] == []
    assert lines_with(TEMPLATES, r"(src|href)=\"(https?:)?//") == []


OWN_FILES = {".css", ".js", ".svg", ".png", ".webmanifest"}


def test_nothing_of_others_is_committed() -> None:
    """htmx comes from the django-htmx wheel, fonts from the system, charts from our own tags."""
    minified = [str(path) for path in (*SCRIPTS, *STYLES) if ".min." in path.name]
    assert [
        path.name for path in (HOME / "upsell_crm/static").rglob("*.*") if path.suffix not in OWN_FILES
    ] == []
    longest = {
        path.name: max(map(len, path.read_text().splitlines()), default=0) for path in (*SCRIPTS, *STYLES)
    }
    assert minified == [] and {name: n for name, n in longest.items() if n > 600} == {}


def test_every_event_of_the_history_has_its_words() -> None:
    """R15, R100: the history of a client tells what a person did, in his reader's language; no code word stands there."""
    rooms = [path for path in CODE if path.relative_to(HOME).parts[0] in ROOMS[1:]]
    said = r'(?:event=|event: str = |audit\.record\(\s*)"([a-z_0-9]+)"'
    events = {event for path in rooms for event in re.findall(said, path.read_text())}
    assert len(events) > 100
    assert events - set(known_events()) == set()


def test_every_template_is_used() -> None:
    text = "\n".join(path.read_text() for path in (*CODE, *TEMPLATES))
    names = [str(path.relative_to(HOME / "templates")) for path in TEMPLATES]
    assert [name for name in names if name not in text and not name.endswith(_django_finds(name))] == []


def _django_finds(name: str) -> tuple[str, ...]:
    """Templates that Django looks up by itself."""
    if name.startswith("admin/"):
        return (name,)
    return ("404.html", "500.html", "403.html", "403_csrf.html", "400.html") if "/" not in name else ("\0",)


def test_locks_name_no_host_and_pin_every_file() -> None:
    """The same lock serves any package index."""
    for name in ("requirements.lock", "requirements-dev.lock"):
        text = (HOME / name).read_text()
        assert not re.search(r"https?://|--(extra-)?index-url|--find-links", text), name
        packages = re.findall(r"^[a-z0-9][^ ]*==", text, re.M)
        assert len(packages) > 20 and text.count("--hash=sha256:") >= len(packages)


def test_locks_hold_every_dependency() -> None:
    project = tomllib.loads((HOME / "pyproject.toml").read_text())["project"]
    for name, wanted in (
        ("requirements.lock", project["dependencies"]),
        ("requirements-dev.lock", [*project["dependencies"], *project["optional-dependencies"]["dev"]]),
    ):
        locked = set(re.findall(r"^([a-z0-9-]+)(?:\[.*\])?==", (HOME / name).read_text(), re.M))
        assert {re.split(r"[\[<>=~]", one)[0].lower() for one in wanted} - locked == set(), name


def test_every_dependency_says_what_for() -> None:
    text = (HOME / "pyproject.toml").read_text()
    lines = re.findall(r"^    \"[a-z].*$", text[: text.index("[tool.pytest")], re.M)
    assert len(lines) > 20 and [line for line in lines if "#" not in line] == []


@pytest.mark.slow
def test_every_string_has_its_russian() -> None:
    """`./crm messages` lists the gaps: missing, unused, fuzzy, other placeholders (R100)."""
    assert catalogue.faults() == []


@pytest.mark.parametrize("kind", ["addresses", "commands", "variables"])
def test_the_interface_page_lists_everything(kind: str) -> None:
    """docs/interface.md is the promise: every page, API address, command and variable stands there."""
    known = {"addresses": set(_addresses()), "commands": _commands(), "variables": _variables()}[kind]
    assert {one for one in known if f"`{one}" not in INTERFACE} == set()


def _addresses() -> Iterator[str]:
    """Paths as people write them: /companies/<id>/."""
    for path in _paths(get_resolver().url_patterns, "/"):
        yield re.sub(
            r"<(?:\w+:)?(\w+)>", lambda match: "<id>" if match[1].endswith("id") else f"<{match[1]}>", path
        )


def _paths(patterns: list[URLPattern | URLResolver], prefix: str) -> Iterator[str]:
    for pattern in patterns:
        here = f"{prefix}{pattern.pattern}"
        if isinstance(pattern, URLPattern) or pattern.namespace == "admin":
            yield here
        else:
            yield from _paths(pattern.url_patterns, here)


def _commands() -> set[str]:
    ours = tuple(apps.get_app_config(label).name for label in OUR_APPS)
    return {name for name, owner in get_commands().items() if owner in ours}


def _variables() -> set[str]:
    """What our code reads from the environment."""
    reads = re.compile(r"environ(?:\.get\(|\[)\"([A-Z_]+)\"")
    rooms = [path for path in CODE if path.parts[len(HOME.parts)] in ROOMS]
    return {name for path in rooms for name in reads.findall(path.read_text())} - {"DJANGO_SETTINGS_MODULE"}
