"""Drafts: what is being typed lives on the server, for its author alone."""

import pytest
from django.test import Client
from django.urls import reverse

from tests.factories import Cast
from upsell_crm.core import drafts
from upsell_crm.core.models import Draft

ADDRESS = reverse("core:draft", args=["log_interaction:42"])


@pytest.fixture
def vetrov(cast: Cast, client: Client) -> Client:
    client.force_login(cast.vetrov)
    return client


def test_a_draft_survives_a_reload(vetrov: Client) -> None:
    """R97: the text comes back, with every value of a repeated field."""
    answer = vetrov.post(
        ADDRESS, {"summary": "Ждут скидку", "product": ["1", "2"], "csrfmiddlewaretoken": "x"}
    )
    assert answer.status_code == 200 and len(answer.json()["saved_at"]) == 5
    kept = vetrov.get(ADDRESS).json()
    assert kept["data"] == {"summary": ["Ждут скидку"], "product": ["1", "2"]}


def test_the_last_words_win_and_the_key_of_the_save_stays(vetrov: Client, cast: Cast) -> None:
    """Faults A3: client_id is the idempotency key of the save, so it must not change while one types."""
    first = vetrov.post(ADDRESS, {"summary": "а"}).json()["client_id"]
    assert vetrov.post(ADDRESS, {"summary": "аб"}).json()["client_id"] == first
    assert drafts.draft_data(cast.vetrov, "log_interaction:42").get("summary") == "аб"


def test_another_person_never_sees_it(vetrov: Client, cast: Cast) -> None:
    """Faults A13, D1."""
    vetrov.post(ADDRESS, {"summary": "тайное"})
    vetrov.force_login(cast.lisina)
    assert vetrov.get(ADDRESS).status_code == 404
    vetrov.delete(ADDRESS)
    assert Draft.objects.filter(user=cast.vetrov).exists()


def test_a_dropped_draft_is_gone(vetrov: Client) -> None:
    vetrov.post(ADDRESS, {"summary": "лишнее"})
    assert vetrov.delete(ADDRESS).status_code == 200
    assert vetrov.get(ADDRESS).status_code == 404


def test_too_long_a_text_is_refused_and_the_old_draft_stays(vetrov: Client) -> None:
    vetrov.post(ADDRESS, {"summary": "коротко"})
    answer = vetrov.post(ADDRESS, {"summary": "ы" * 40_000})
    assert answer.status_code == 413 and answer.json()["limit"] == 65536
    assert vetrov.get(ADDRESS).json()["data"] == {"summary": ["коротко"]}


def test_a_session_that_has_ended_is_told_by_401(client: Client, db: None) -> None:
    """Faults A10: a script gets no sign-in page, so that it can ask for the password in place."""
    assert client.post(ADDRESS, {"a": "b"}, headers={"X-Requested-With": "fetch"}).status_code == 401
    assert client.get("/jobs/", headers={"HX-Request": "true"}).status_code == 401
    assert client.get("/jobs/").status_code == 302
