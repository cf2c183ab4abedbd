"""The frame of pages: sidebar by role, one content policy, pages for what went wrong."""

from collections.abc import Callable

import pytest
from django.test import Client, RequestFactory
from django.urls import reverse

from tests.factories import Cast
from upsell_crm.core.models import User
from upsell_crm.core.navigation import MAX_ITEMS, PLACES, more_places_for, places_for
from upsell_crm.core.views.errors import server_error

ClientOf = Callable[[User], Client]
INLINE = (" style=", "<style", "onclick=", "javascript:")


def test_nobody_has_more_than_six_places(cast: Cast) -> None:
    """§6: sidebar ≤ 6 items a role, and each leads somewhere."""
    for person in User.objects.all():
        places = places_for(person)
        assert 1 <= len(places) <= MAX_ITEMS, person
        assert all(reverse(place.url_name) for place in places)


def test_the_sidebar_follows_rights(cast: Cast) -> None:
    names = {
        login: [place.url_name for place in places_for(getattr(cast, login))]
        for login in ("vetrov", "belova", "andreeva", "panov", "admin")
    }
    assert names["vetrov"] == [
        "reports:my_day", "reports:signal_list", "accounts:company_list", "deals:deal_list", "accounts:task_list",
        "reports:existing_clients",
    ]  # fmt: skip
    assert names["belova"][0] == "reports:team_priorities" and "accounts:task_list" in names["andreeva"]
    assert names["panov"] == ["deals:document_list", "accounts:company_list", "deals:deal_list"]
    assert "admin:index" in names["admin"] and "reports:existing_clients" not in names["admin"]


def test_what_does_not_fit_waits_in_the_menu(cast: Cast, client_of: ClientOf) -> None:
    """A place beyond the six is not lost: the head opens jobs from his menu."""
    assert [place.url_name for place in more_places_for(cast.andreeva)][-1] == "core:job_list"
    assert 'class="menu-item" href="/jobs/"' in client_of(cast.andreeva).get("/companies/").content.decode()


def test_keys_of_places_are_their_own() -> None:
    keys = [place.hotkey for place in PLACES if place.hotkey]
    assert len(keys) == len(set(keys))


def test_the_present_place_is_marked(cast: Cast, client_of: ClientOf) -> None:
    page = client_of(cast.admin).get("/jobs/").content.decode()
    assert 'href="/jobs/" aria-current="page"' in page and page.count('aria-current="page"') == 1


@pytest.mark.parametrize(
    "address", ["/styleguide/", "/jobs/", "/password/", "/search/?q=дом", "/login/?inline=1"]
)
def test_nothing_is_inline_and_the_policy_is_strict(address: str, cast: Cast, client_of: ClientOf) -> None:
    """Faults E1, E2: a script of a stranger has no way to run."""
    answer = client_of(cast.admin).get(address)
    page, policy = answer.content.decode(), answer["Content-Security-Policy"]
    assert not [mark for mark in INLINE if mark in page]
    assert page.count("<script") == page.count("<script src=") + page.count('<script type="module" src=')
    assert "unsafe" not in policy and "script-src 'self'" in policy
    assert answer["Cache-Control"] == "no-store" or "no-cache" in answer["Cache-Control"]


def test_a_stored_payload_is_text(cast: Cast, client_of: ClientOf) -> None:
    """Faults E1."""
    User.objects.filter(pk=cast.belova.pk).update(last_name='"><script>alert(1)</script>')
    assert "<script>alert" not in client_of(cast.belova).get("/jobs/").content.decode()


@pytest.mark.parametrize(
    ("language", "words"), [("ru", "Такой страницы нет"), ("en", "There is no such page")]
)
def test_a_missing_page_says_what_to_do_and_its_number(
    language: str, words: str, cast: Cast, client_of: ClientOf
) -> None:
    client = client_of(cast.belova)
    answer = client.get("/nowhere/", headers={"Accept-Language": language})
    assert answer.status_code == 404
    assert words in answer.content.decode() and answer["X-Request-Id"] in answer.content.decode()


def test_a_refusal_is_a_page_and_a_fragment(cast: Cast, client_of: ClientOf) -> None:
    """403 in words; htmx gets the same without the frame."""
    client = client_of(cast.vetrov)
    page = client.get("/jobs/")
    assert (
        page.status_code == 403 and "нет прав" in page.content.decode() and "<html" in page.content.decode()
    )
    fragment = client.get("/jobs/", headers={"HX-Request": "true"})
    assert fragment.status_code == 403 and "<html" not in fragment.content.decode()


def test_a_page_with_an_old_token_is_explained(cast: Cast) -> None:
    """Faults A11."""
    client = Client(enforce_csrf_checks=True)
    client.force_login(cast.belova)
    answer = client.post("/preferences/", {"theme": "dark"})
    assert answer.status_code == 403 and "Страница устарела" in answer.content.decode()


def test_a_failure_shows_its_number_without_the_database(rf: RequestFactory) -> None:
    """A broken database still gets a page: this test has none."""
    request = rf.get("/priorities/")
    request.id = "0192-номер"
    answer = server_error(request)
    assert answer.status_code == 500 and "0192-номер" in answer.content.decode()
