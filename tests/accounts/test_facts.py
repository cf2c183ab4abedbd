"""All facts on one screen (§6.1) and their age (§2.1 FactCheck)."""

from datetime import timedelta

import pytest

from accounts.enums import Fact
from accounts.fact_states import by_fact, fact_states
from accounts.models import FactCheck
from tests.factories import Cast, T, make_company, make_contact, moment

VALID = {"dm": 90, "procurement": 180, "requisites": 180, "users": 45, "departments": 180, "court_load": 180,
         "revenue": 400, "licences": 30}  # fmt: skip


@pytest.mark.parametrize("fact", [fact for fact in Fact.values if fact != Fact.DM])
def test_a_fact_is_fresh_to_its_last_day(cast: Cast, fact: str) -> None:
    """§2.1: validity days by fact; the day itself still counts."""
    company = make_company(kam=cast.vetrov)
    for days, is_fresh in ((VALID[fact] + 1, False), (VALID[fact], True)):
        FactCheck.objects.create(
            company=company, fact=fact, result="confirmed", checked_by=cast.vetrov,
            checked_at=moment(T - timedelta(days=days)),
        )  # fmt: skip
        assert by_fact(fact_states(company.pk, T))[fact].is_fresh is is_fresh


def test_each_decision_maker_grows_old_alone(cast: Cast) -> None:
    """R47: 90 days; for the card the oldest speaks."""
    company = make_company(kam=cast.vetrov)
    one, two = make_contact(company, "Аров Иван"), make_contact(company, "Бров Пётр")
    for person, days in ((one, 90), (two, 91)):
        FactCheck.objects.create(
            company=company, fact="dm", contact=person, result="confirmed", checked_by=cast.vetrov,
            checked_at=moment(T - timedelta(days=days)),
        )  # fmt: skip
    states = [state for state in fact_states(company.pk, T) if state.fact == Fact.DM]
    assert [(state.contact, state.is_fresh) for state in states] == [(one, True), (two, False)]
    assert by_fact(states)["dm"].contact == two


def test_unknown_is_no_confirmation(cast: Cast) -> None:
    company = make_company(kam=cast.vetrov)
    FactCheck.objects.create(
        company=company, fact="users", result="unknown", checked_by=cast.vetrov, checked_at=moment()
    )
    assert by_fact(fact_states(company.pk, T))["users"].tone == "bad"


def test_one_click_confirms_one_fact(cast: Cast, client_of) -> None:
    company = make_company(kam=cast.vetrov)
    url = f"{company.get_absolute_url()}facts/confirm/"
    headers = {"HX-Request": "true", "HX-Target": "facts"}
    answer = client_of(cast.vetrov).post(url, {"fact": "revenue"}, headers=headers)
    assert answer.status_code == 200 and answer["HX-Trigger"] == "company:changed"
    assert by_fact(fact_states(company.pk, T))["revenue"].is_fresh


def test_one_click_confirms_everything(cast: Cast, client_of) -> None:
    """§6.1: all stale facts, one screen; a decision-maker who is not known cannot be confirmed."""
    company = make_company(kam=cast.vetrov)
    client, url = client_of(cast.vetrov), f"{company.get_absolute_url()}facts/confirm/"
    client.post(url, {"fact": "all"})
    stale = [state.fact for state in fact_states(company.pk, T) if not state.is_fresh]
    assert stale == [Fact.DM]
    make_contact(company)
    client.post(url, {"fact": "all"})
    assert all(state.is_fresh for state in fact_states(company.pk, T))
    assert FactCheck.objects.count() == 8


def test_nonsense_is_refused_in_words(cast: Cast, client_of) -> None:
    company = make_company(kam=cast.vetrov)
    url = f"{company.get_absolute_url()}facts/confirm/"
    for data in ({"fact": "weather"}, {"fact": "revenue", "result": "maybe"}, {"fact": "dm"}, {}):
        assert client_of(cast.vetrov).post(url, data).status_code == 422
    assert not FactCheck.objects.exists()


def test_the_screen_asks_only_those_who_may_answer(cast: Cast, client_of) -> None:
    company = make_company(kam=cast.vetrov)
    page = f"{company.get_absolute_url()}facts/"
    assert "facts/confirm/" in client_of(cast.vetrov).get(page).content.decode()
    assert "facts/confirm/" not in client_of(cast.kim).get(page).content.decode()
