"""The door."""

import pytest
from django.test import Client
from django.urls import reverse

from tests.factories import Cast
from upsell_crm.core.models import User

LOGIN = reverse("core:login")
WRONG = "Логин или пароль не подходит"


def try_in(client: Client, login: str, password: str, **more: str) -> int:
    return client.post(LOGIN, {"username": login, "password": password}, **more).status_code


def test_everybody_begins_at_his_own_place(cast: Cast, client: Client) -> None:
    """§6: KAM → his day, leads → priorities, BackOffice → the report, lawyers → documents, others → companies."""
    for person, page in (
        (cast.vetrov, "reports:my_day"), (cast.belova, "reports:team_priorities"), (cast.andreeva, "reports:team_priorities"),
        (cast.titova, "reports:existing_clients"), (cast.panov, "deals:document_list"),
        (cast.rogov, "accounts:company_list"), (cast.admin, "accounts:company_list"),
    ):  # fmt: skip
        client.force_login(person)
        assert client.get("/").url == reverse(page), person


def test_login_and_password_open_the_door(cast: Cast, client: Client) -> None:
    assert try_in(client, "vetrov", "vetrov") == 302
    assert client.get("/session/").status_code == 204


@pytest.mark.parametrize("login", ["vetrov", "nobody", "sedov"])
def test_wrong_unknown_and_blocked_sound_the_same(login: str, cast: Cast, client: Client) -> None:
    """Faults F4: the words do not tell who works here."""
    User.objects.create_user("sedov", "", "right", is_active=False)
    page = client.post(LOGIN, {"username": login, "password": "right"}).content.decode()
    assert WRONG in page


def test_the_eleventh_try_waits(cast: Cast, client: Client) -> None:
    """Faults F1: ten tries an account in fifteen minutes, the right password is not even looked at."""
    assert [try_in(client, "vetrov", "wrong") for _ in range(10)] == [200] * 10
    answer = client.post(LOGIN, {"username": "Vetrov ", "password": "vetrov"})
    assert answer.status_code == 429 and "Слишком много попыток" in answer.content.decode()
    assert try_in(client, "lisina", "lisina") == 302


def test_a_stranger_does_not_lock_a_colleague_out(cast: Cast, client: Client) -> None:
    """Faults F2: a device on which he has signed in before keeps its own count."""
    assert try_in(client, "vetrov", "vetrov") == 302
    client.post(reverse("core:logout"))
    stranger = Client()
    for _ in range(11):
        try_in(stranger, "vetrov", "guess")
    assert try_in(stranger, "vetrov", "vetrov") == 429
    assert try_in(client, "vetrov", "vetrov") == 302


def test_a_forged_address_gains_no_tries(cast: Cast, client: Client) -> None:
    """Faults F1: X-Forwarded-For is not believed without our own proxy."""
    for number in range(10):
        try_in(client, "vetrov", "wrong", headers={"X-Forwarded-For": f"10.0.0.{number}"})
    assert try_in(client, "vetrov", "vetrov", headers={"X-Forwarded-For": "10.9.9.9"}) == 429


def test_the_dialog_over_a_page_answers_shortly(cast: Cast, client: Client) -> None:
    """Faults A10: the session ended while somebody typed."""
    page = client.get(f"{LOGIN}?inline=1").content.decode()
    assert "Сеанс закончился" in page and "<html" not in page
    inline = f"{LOGIN}?inline=1"
    assert client.post(inline, {"username": "vetrov", "password": "no"}).status_code == 200
    assert client.post(inline, {"username": "vetrov", "password": "vetrov"}).status_code == 204


@pytest.mark.parametrize("target", ["https://evil.example/", "//evil.example", "javascript:alert(1)"])
def test_no_way_leads_outside(target: str, cast: Cast, client: Client) -> None:
    """Faults E18: `next` stays in the house."""
    answer = client.post(LOGIN, {"username": "vetrov", "password": "vetrov", "next": target})
    assert answer.url == "/"


def test_the_demo_names_its_people(cast: Cast, client: Client, settings: object) -> None:
    assert b"data-fill" not in client.get(LOGIN).content
    settings.IS_DEMO = True
    page = client.get(LOGIN).content.decode()
    assert 'data-value="belova"' in page and "Руководитель команды" in page


def test_signing_out_ends_the_session(cast: Cast, client: Client) -> None:
    client.force_login(cast.vetrov)
    client.post(reverse("core:logout"))
    assert client.get("/session/").status_code == 401


def test_a_new_password_ends_other_sessions(cast: Cast, client: Client) -> None:
    """Faults F5."""
    other = Client()
    for device in (client, other):
        device.force_login(cast.vetrov)
    answer = client.post(
        reverse("core:password_change"),
        {"old_password": "vetrov", "new_password1": "синий-кит-2026", "new_password2": "синий-кит-2026"},
    )
    assert answer.status_code == 302
    assert client.get("/session/").status_code == 204
    assert other.get("/session/").status_code == 401


def test_somebody_blocked_is_out_at_once(cast: Cast, client: Client) -> None:
    """Faults D7."""
    client.force_login(cast.vetrov)
    User.objects.filter(pk=cast.vetrov.pk).update(is_active=False)
    assert client.get("/session/").status_code == 401
