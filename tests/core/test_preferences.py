"""Language and theme."""

from django.test import Client
from django.urls import reverse

from tests.factories import Cast

ADDRESS = reverse("core:preferences")


def test_the_chosen_language_wins_over_the_browser(cast: Cast, client: Client) -> None:
    """R100."""
    client.force_login(cast.belova)
    answer = client.post(ADDRESS, {"language": "en", "next": "/jobs/"})
    assert answer.url == "/jobs/"
    page = client.get("/jobs/", headers={"Accept-Language": "ru"}).content.decode()
    assert '<html lang="en"' in page and "Latest runs" in page or "No job has run yet" in page


def test_the_theme_is_on_the_page(cast: Cast, client: Client) -> None:
    client.force_login(cast.belova)
    client.post(ADDRESS, {"theme": "dark"})
    assert 'data-theme="dark"' in client.get("/jobs/").content.decode()
    client.post(ADDRESS, {"theme": "system"})
    assert "data-theme" not in client.get("/jobs/").content.decode()


def test_a_visitor_may_choose_the_language_before_signing_in(client: Client, db: None) -> None:
    client.post(ADDRESS, {"language": "en"})
    assert "Sign in" in client.get(reverse("core:login")).content.decode()


def test_nonsense_changes_nothing_and_leads_home(cast: Cast, client: Client) -> None:
    client.force_login(cast.belova)
    answer = client.post(ADDRESS, {"language": "xx", "theme": "pink", "next": "https://evil.example/"})
    assert answer.status_code == 302 and answer.url == "/"
    cast.belova.refresh_from_db()
    assert (cast.belova.language, cast.belova.theme) == ("", "")
