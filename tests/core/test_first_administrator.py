"""How the very first administrator comes in."""

from datetime import timedelta
from io import StringIO

import pytest
from django.core.management import call_command
from django.test import Client

from tests.factories import Cast
from upsell_crm.core import clock
from upsell_crm.core.models import AuditEvent, Parameter, User
from upsell_crm.core.roles import Role

pytestmark = pytest.mark.django_db
FORM = {
    "username": "chief", "last_name": "Иванова", "first_name": "Мария",
    "password": "тихий-омут-2026", "repeated": "тихий-омут-2026",
}  # fmt: skip


def make_link() -> str:
    out = StringIO()
    call_command("first_admin_link", stdout=out)
    return out.getvalue().strip()


def test_the_link_makes_the_administrator_and_signs_him_in(client: Client) -> None:
    """«./crm serve» prints a one-time link."""
    link = make_link()
    assert client.get(link).status_code == 200
    assert client.post(link, FORM).status_code == 302
    chief = User.objects.get()
    assert chief.has_role(Role.ADMIN) and chief.check_password(FORM["password"])
    assert client.get("/session/").status_code == 204
    assert AuditEvent.objects.get().event == "create_first_administrator"


def test_it_works_once(client: Client) -> None:
    link = make_link()
    client.post(link, FORM)
    client.logout()
    assert client.get(link).status_code == 404
    assert client.post(link, {**FORM, "username": "second"}).status_code == 404
    assert User.objects.count() == 1


def test_a_new_link_ends_the_old_one(client: Client) -> None:
    old, new = make_link(), make_link()
    assert client.get(old).status_code == 404
    assert client.get(new).status_code == 200


def test_it_ends_after_a_day(client: Client, monkeypatch: pytest.MonkeyPatch) -> None:
    link = make_link()
    tomorrow = clock.now() + timedelta(hours=25)
    monkeypatch.setattr(clock, "now", lambda: tomorrow)
    assert client.get(link).status_code == 404


def test_nobody_gets_it_where_people_work_already(cast: Cast, client: Client) -> None:
    assert make_link() == ""
    assert client.get("/welcome/anything/").status_code == 404


def test_the_token_itself_is_not_kept() -> None:
    token = make_link().split("/")[2]
    assert token not in str(Parameter.objects.get().value)


def test_a_weak_password_is_explained_and_nothing_is_made(client: Client) -> None:
    link = make_link()
    answer = client.post(link, {**FORM, "password": "short", "repeated": "short"})
    assert answer.status_code == 422 and "12" in answer.content.decode()
    assert not User.objects.exists()
    assert client.get(link).status_code == 200
