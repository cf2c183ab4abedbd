"""Every URL × role × relation against the rights of domain.md §3 (how to add a row: tests/doors/__init__.py).

The fast suite knocks at each URL as every sixth role, the role, the relation and the method turning from URL to URL;
`./crm test --slow` walks the whole product, every role in every relation by every method (docs/decisions/0048).
"""

import re
from collections.abc import Iterator
from itertools import product
from typing import Any

import pytest
from django.db import transaction
from django.http import HttpResponse
from django.test import Client, override_settings
from django.urls import URLPattern, URLResolver, get_resolver, reverse

from tests.doors import Door, accounts, api, core, deals, reports, roadmaps, trainings
from tests.doors.matrices import RELATIONS, ROLES, has, reaches
from tests.doors.subjects import World
from tests.factories import T

PAGES: dict[str, list[Door]] = {
    name: doors if isinstance(doors, list) else [doors]
    for name, doors in {
        **core.DOORS,
        **accounts.DOORS,
        **deals.DOORS,
        **trainings.DOORS,
        **roadmaps.DOORS,
        **reports.DOORS,
    }.items()
}
pytestmark = pytest.mark.django_db
SHARE = 6  # one of so many roles knocks at each URL in the fast suite
VARIABLE = re.compile(rb"[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}|[A-Za-z0-9]{64}|\b1099511627776\b")


def all_url_names() -> set[str]:
    """Names of every address in the resolver; the admin site is one door of its own (test_admin below)."""
    return set(_names(get_resolver().url_patterns, ""))


def _names(patterns: list[URLPattern | URLResolver], prefix: str) -> Iterator[str]:
    for pattern in patterns:
        if isinstance(pattern, URLPattern):
            yield f"{prefix}{pattern.name or pattern.pattern}"
        elif pattern.namespace != "admin":
            inner = f"{prefix}{pattern.namespace}:" if pattern.namespace else prefix
            yield from _names(pattern.url_patterns, inner)


@pytest.fixture(scope="module")
def world(django_db_setup: None, django_db_blocker: Any) -> Iterator[World]:
    """Built once; each knock is rolled back to it."""
    with django_db_blocker.unblock(), override_settings(CRM_TODAY=T), transaction.atomic():
        yield World()
        transaction.set_rollback(True)


@pytest.fixture(autouse=True)
def forgetful(world: World) -> Iterator[None]:
    """What a test made on its way is rolled back with it, so the world must not remember it."""
    yield
    world.forget()


def test_every_address_has_a_row_and_every_row_an_address() -> None:
    known = set(PAGES) | set(api.API_DOORS)
    assert not (missing := all_url_names() - known), f"add rows to tests/doors/: {sorted(missing)}"
    assert not (gone := known - all_url_names()), f"rows without an address: {sorted(gone)}"


@pytest.mark.parametrize("name", sorted(PAGES))
def test_each_role_finds_the_door_as_its_rights_say(name: str, world: World) -> None:
    """domain.md §3: stranger → 404, reader without the right → 403, else the page."""
    turn = sum(name.encode())
    relations, doors = list(RELATIONS), PAGES[name]
    for number, role in enumerate(ROLES):
        if (number + turn) % SHARE == 0:
            relation = relations[(number + turn // SHARE) % len(relations)]
            _check(world, name, doors[(number // SHARE + turn) % len(doors)], role, relation)
    for door in doors:
        _check_anonymous(world, name, door)


@pytest.mark.slow
@pytest.mark.parametrize("name", sorted(PAGES))
def test_each_role_in_each_relation(name: str, world: World) -> None:
    """The whole product of roles and relations."""
    for door, role in product(PAGES[name], ROLES):
        for relation in RELATIONS if door.of else ("own",):
            _check(world, name, door, role, relation)


@pytest.mark.parametrize("every", [False, pytest.param(True, marks=pytest.mark.slow)])
def test_a_stranger_learns_nothing_from_the_answer(world: World, every: bool) -> None:
    """404 of a record that exists is the same page, byte for byte, as 404 of one that never did."""
    absent = {}  # the same answer for every address of a kind, whatever the id
    for name, doors in PAGES.items():
        turn = sum(name.encode())
        for door in doors if every else doors[turn % len(doors) :][: turn % 2]:
            if door.of and not reaches(door.see, "performer", "other"):
                hidden = _knock(world.clients["performer"], world, name, door, "performer", "other")
                kind = door.method, door.htmx
                if kind not in absent:
                    never = _knock(world.clients["performer"], world, name, door, "performer", "random")
                    absent[kind] = _same(never)
                assert _same(hidden) == absent[kind], name


@pytest.mark.parametrize("role", ROLES)
def test_only_the_administrator_enters_the_admin_site(role: str, world: World) -> None:
    """§3, the last row: users, teams, references and API keys belong to the administrator."""
    answer = world.clients[role].get(reverse("admin:index"))
    assert answer.status_code == (200 if role == "admin" else 302), role


def _check(world: World, name: str, door: Door, role: str, relation: str) -> None:
    answer = _knock(world.clients[role], world, name, door, role, relation)
    expected = _expected(door, role, relation)
    assert answer.status_code in expected, (
        f"{door.method.upper()} {name} as {role}, relation {relation if door.of else '–'}: "
        f"{answer.status_code}, expected {sorted(expected)}"
    )


def _expected(door: Door, role: str, relation: str) -> frozenset[int]:
    if not door.of:
        return door.expected if has(door.see, role) and has(door.do, role) else frozenset({403})
    if not reaches(door.see, role, relation):
        return frozenset({404})
    if not reaches(door.do, role, relation):
        return frozenset({403})
    refused = {409, 422} if relation == "archived" and door.method != "get" else set()
    return door.expected | refused


def _check_anonymous(world: World, name: str, door: Door) -> None:
    answer = _knock(world.anonymous, world, name, door, "kam", "own")
    if door.public:
        assert answer.status_code in door.expected, f"{name} is public, answered {answer.status_code}"
    else:
        is_sent_to_login = answer.status_code == 302 and answer["Location"].startswith(reverse("core:login"))
        assert is_sent_to_login or answer.status_code == 401, f"{name} let an anonymous in"


def _knock(client: Client, world: World, name: str, door: Door, role: str, relation: str) -> HttpResponse:
    arguments = dict(door.extra)
    if door.of:
        arguments[door.arg] = world.argument(door.of, door.arg, role, relation)
    headers = {"HX-Request": "true"} if door.htmx else {}
    cookies = client.cookies.copy()  # the door of signing out must not sign the visitor out of the others
    with transaction.atomic():
        answer = getattr(client, door.method)(reverse(name, kwargs=arguments), door.data, headers=headers)
        transaction.set_rollback(True)
    client.cookies = cookies
    return answer


def _same(answer: HttpResponse) -> tuple[int, bytes]:
    return answer.status_code, VARIABLE.sub(b"?", answer.content)
