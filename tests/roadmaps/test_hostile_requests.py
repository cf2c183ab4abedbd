"""Whatever is sent to an address of a strategy, it is never a failure of ours (faults C4, E3, E15, E16)."""

from typing import Any

import pytest
from django.db import transaction
from django.test import Client
from django.urls import reverse

from tests.doors.roadmaps import DOORS
from tests.doors.subjects import SUBJECTS
from tests.factories import Cast, make_calendar, make_company
from tests.roadmaps.hostile import NAMES, VALUES, addresses, fields_of

pytestmark = [pytest.mark.django_db, pytest.mark.slow]
PEOPLE = ("lisina", "belova", "aliev")  # who writes the plan, who leads the team, a stranger


class Site:
    """A client of Лисина with a record of every kind, and three people who knock."""

    def __init__(self, cast: Cast, client_of: Any) -> None:
        make_calendar()
        self.company = make_company(kam=cast.lisina, team=cast.k1)
        self.owner = cast.lisina
        self.clients: dict[str, Client] = {name: client_of(getattr(cast, name)) for name in PEOPLE}
        self._made: dict[str, Any] = {}

    def argument(self, kind: str, attribute: str) -> Any:
        """Of the record of this kind; each stands on a company of its own, so that its deal is open."""
        if kind not in self._made:
            company = make_company(kam=self.owner, team=self.company.team)
            self._made[kind] = SUBJECTS[kind](company, self.owner)
        return getattr(self._made[kind], attribute)


@pytest.fixture
def site(cast: Cast, client_of: Any) -> Site:
    return Site(cast, client_of)


def knock(client: Client, method: str, url: str, data: Any, said: str, **more: Any) -> None:
    """One request that leaves nothing behind."""
    with transaction.atomic():
        answer = getattr(client, method)(url, data, **more)
        transaction.set_rollback(True)
    assert answer.status_code < 500, f"{method.upper()} {url} with {said}: {answer.status_code}"


@pytest.mark.parametrize("name", sorted(DOORS))
def test_no_value_breaks_an_address(name: str, site: Site) -> None:
    """Each value in every field and parameter at once, doubled, and in each field of a form that is right otherwise."""
    for url in addresses(name, DOORS[name], site.argument):
        honest = fields_of(site.clients["lisina"], url)
        for said, value in VALUES.items():
            everywhere = dict.fromkeys((*NAMES, *honest), value)
            for person, client in site.clients.items():
                knock(client, "post", url, everywhere, f"{said} by {person}")
            asked = everywhere if len(value) < 200 else {"q": value}
            knock(site.clients["lisina"], "get", url, asked, said)
            twice = {field: [value, value] for field in everywhere}
            knock(site.clients["lisina"], "post", url, twice, f"{said} twice", headers={"HX-Request": "true"})
            for field in honest:
                knock(site.clients["lisina"], "post", url, honest | {field: value}, f"{said} in {field}")


@pytest.mark.parametrize(
    ("name", "words"),
    [
        ("revision_detail", {"number": 10**30}),
        ("move_plan", {"to": "nowhere"}),
        ("presentation_move", {"to": "nowhere"}),
        ("block_edit", {"kind": "nothing"}),
        ("block_switch", {"kind": "nothing"}),
        ("block_move", {"kind": "nothing"}),
        ("presentation_file", {"kind": "exe"}),
        ("presentation_request", {"kind": "exe"}),
        ("logo_edit", {"whose": "nobody"}),
        ("logo_remove", {"whose": "nobody"}),
        ("take_back_plan_fact", {"checks": "9" * 5_000}),
        ("take_back_plan_fact", {"checks": f"{10**30}-²-x"}),
    ],
)
def test_no_word_of_an_address_breaks_it(name: str, words: dict[str, Any], site: Site) -> None:
    doors = DOORS[f"roadmaps:{name}"]
    door = doors[0] if isinstance(doors, list) else doors
    url = reverse(f"roadmaps:{name}", kwargs={door.arg: site.argument(door.of, door.arg), **words})
    for client in site.clients.values():
        knock(client, "post", url, {"version": "1"}, str(words)[:80])
        knock(client, "get", url, {}, str(words)[:80])
