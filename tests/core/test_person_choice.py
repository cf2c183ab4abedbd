"""One KAM of a thousand: a select of a few, suggestions among many; the login stands in the URL (§6.2)."""

from collections.abc import Callable

import pytest
from django.test import Client

from tests.factories import Cast, make_company, make_user
from upsell_crm.core.models import User
from upsell_crm.core.person_choice import FEW
from upsell_crm.core.roles import Role

LIST = "/companies/"
SUGGESTIONS = "/kams/see_company/"
ClientOf = Callable[[User], Client]


@pytest.fixture
def many(cast: Cast) -> Cast:
    """More KAMs than a select holds, all in the team of Belova."""
    for number in range(FEW):
        make_user(f"many{number:02}", f"Многов{number:02} Пётр", Role.KAM, team=cast.k1)
    return cast


def shown(client: Client, **asked: str) -> str:
    return client.get(LIST, asked).content.decode()


def logins(client: Client, url: str = SUGGESTIONS, **asked: str) -> list[str]:
    return [one["value"] for one in client.get(url, asked).json()["options"]]


def test_a_few_people_stand_in_a_select(cast: Cast, client_of: ClientOf) -> None:
    page = shown(client_of(cast.andreeva))
    assert '<option value="lisina">Анна Лисина</option>' in page and "data-person" not in page


def test_among_many_the_server_suggests(many: Cast, client_of: ClientOf) -> None:
    """R98: the page does not grow with the department."""
    page = shown(client_of(many.andreeva))
    assert 'data-person="/kams/see_company/"' in page and "Анна Лисина" not in page
    assert logins(client_of(many.andreeva), q="лис ан") == ["lisina"]
    assert len(logins(client_of(many.andreeva))) == 12


def test_the_chosen_person_stands_in_the_url_and_is_shown(many: Cast, client_of: ClientOf) -> None:
    make_company("Лиса", kam=many.lisina)
    make_company("Ветер", kam=many.vetrov)
    page = shown(client_of(many.andreeva), kam="lisina")
    assert "Лиса" in page and "Ветер" not in page
    assert 'value="lisina"' in page and 'value="Анна Лисина"' in page


@pytest.mark.parametrize("typed", ["лисина анна", "Анна Лисина", "ЛИСИНА", "lisina"])
def test_without_scripts_a_typed_name_is_enough(many: Cast, client_of: ClientOf, typed: str) -> None:
    """The text wins over the login that stood in the form before."""
    make_company("Лиса", kam=many.lisina)
    make_company("Ветер", kam=many.vetrov)
    page = shown(client_of(many.andreeva), kam="vetrov", kam_name=typed)
    assert "Лиса" in page and "Ветер" not in page


@pytest.mark.parametrize(("typed", "said"), [("многов", "введите логин"), ("кощей", "такого имени нет")])
def test_a_name_of_several_or_of_nobody_is_said(
    many: Cast, client_of: ClientOf, typed: str, said: str
) -> None:
    make_company("Лиса", kam=many.lisina)
    page = shown(client_of(many.andreeva), kam_name=typed)
    assert said in page and "Лиса" in page and f'value="{typed}"' in page


def test_who_has_left_comes_last_and_says_so(cast: Cast, client_of: ClientOf) -> None:
    """His clients wait to be handed over, so that he can still be asked for."""
    User.objects.filter(pk=cast.aliev.pk).update(is_active=False)
    options = client_of(cast.andreeva).get(SUGGESTIONS).json()["options"]
    assert options[-1]["label"] == "Тимур Алиев (не работает)"


@pytest.mark.parametrize("right", ["see_ranking", "see_report"])
def test_a_right_over_the_team_suggests_the_team(cast: Cast, client_of: ClientOf, right: str) -> None:
    """§3: a lead reaches his team, the head everybody."""
    url = f"/kams/{right}/"
    assert set(logins(client_of(cast.belova), url)) == {"belova", "vetrov", "lisina"}
    assert "aliev" in logins(client_of(cast.andreeva), url)


def test_other_rights_are_no_address(cast: Cast, client_of: ClientOf) -> None:
    assert client_of(cast.andreeva).get("/kams/manage_jobs/").status_code == 404


@pytest.mark.slow
def test_the_choice_costs_the_same_with_few_and_many(
    cast: Cast, client_of: ClientOf, query_budget: Callable[..., int]
) -> None:
    client = client_of(cast.andreeva)

    def hire(number: int) -> None:
        start = User.objects.count()
        for one in range(start, start + number):
            make_user(f"kam{one}", f"Кам{one} Пётр", Role.KAM, team=cast.k1)

    query_budget(hire, lambda: client.get(LIST, {"kam": ""}))
