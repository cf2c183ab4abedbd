"""Gaps of expertise before a meeting, and the matrix of experts (R64, R65)."""

from collections.abc import Callable
from datetime import date, timedelta
from typing import Any

import pytest
from django.test import Client

from accounts.models import (
    Company,
    Department,
    DepartmentInterest,
    Expertise,
    Interaction,
    PotentialEstimate,
    ProductFeedback,
)
from accounts.services.expertise import set_expertise
from deals.expertise import coverage
from tests.factories import Cast, T, make_company, make_contact, make_deal, make_product, moment
from upsell_crm.core.errors import NotAllowed
from upsell_crm.core.models import AuditEvent, User

ClientOf = Callable[[User], Client]


@pytest.fixture
def company(cast: Cast) -> Company:
    """A client of Ветров who is interested in four products, each for its own reason; Игры interest nobody."""
    company = make_company(kam=cast.vetrov)
    make_deal(company, ("casebook", 10, 15))
    legal = Department.objects.create(company=company, name="Юристы", kind="legal")
    DepartmentInterest.objects.create(department=legal, product=make_product("caselook"), level=2, as_of=T)
    say(company, cast.vetrov, "doczilla", 1)
    PotentialEstimate.objects.create(company=company, product=make_product("caseone"), target_seats=5)
    make_product("games")
    for user, code in ((cast.vetrov, "casebook"), (cast.lisina, "caselook"), (cast.aliev, "caselook")):
        Expertise.objects.create(user=user, product=make_product(code))
    return company


def say(company: Company, author: User, code: str, reaction: int, day: date = T) -> None:
    talk = Interaction.objects.create(company=company, author=author, starts_at=moment(day))
    ProductFeedback.objects.create(interaction=talk, product=make_product(code), reaction=reaction)


def codes(products: list[Any]) -> set[str]:
    return {product.code for product in products}


def test_what_interests_the_client(cast: Cast, company: Company) -> None:
    """R64: lines of open deals, interest of departments, good reactions, potential; nothing else."""
    found = coverage(company, {cast.vetrov.pk}, T)
    assert codes(found.products) == {"casebook", "caselook", "doczilla", "caseone"}
    assert [row.product.code for row in found.covered] == ["casebook"]


def test_the_last_word_counts(cast: Cast, company: Company) -> None:
    """A later refusal takes the interest away."""
    say(company, cast.vetrov, "doczilla", -1, T + timedelta(days=1))
    legal = Department.objects.get()
    tomorrow = T + timedelta(days=1)
    DepartmentInterest.objects.create(
        department=legal, product=make_product("caselook"), level=0, as_of=tomorrow
    )
    assert codes(coverage(company, set(), T).products) == {"casebook", "caseone"}


def test_members_are_proposed_first_then_the_team_then_others(cast: Cast, company: Company) -> None:
    """R64."""
    gap = next(gap for gap in coverage(company, {cast.vetrov.pk}, T).gaps if gap.product.code == "caselook")
    assert gap.people == [cast.lisina, cast.aliev]
    found = coverage(company, {cast.vetrov.pk}, T, members={cast.aliev.pk})
    assert next(gap for gap in found.gaps if gap.product.code == "caselook").people == [
        cast.aliev,
        cast.lisina,
    ]


def test_one_product_for_a_client_who_wants_several_is_noticed(cast: Cast, company: Company) -> None:
    """R65: show the services together."""
    assert codes(coverage(company, set(), T).not_shown) == {"caselook", "doczilla", "caseone"}
    make_deal(company, ("caselook", 0, 3))
    assert coverage(company, set(), T).not_shown == []


def test_the_form_of_a_plan_shows_gaps_and_invites_by_one_click(
    cast: Cast, company: Company, client_of: ClientOf
) -> None:
    """R64: the slot inside the outcome form; a ticked expert goes to the meeting though he is of another team."""
    client = client_of(cast.vetrov)
    assert (
        f"{company.get_absolute_url()}expertise/"
        in client.get(f"{company.get_absolute_url()}outcome/").content.decode()
    )
    slot = client.get(f"{company.get_absolute_url()}expertise/", {"our_people": cast.vetrov.public_id})
    assert f'name="invited" value="{cast.aliev.public_id}"' in slot.content.decode()
    asked = {"our_people": cast.vetrov.public_id, "invited": cast.aliev.public_id}
    again = client.get(f"{company.get_absolute_url()}expertise/", asked)
    assert "caselook" not in codes([gap.product for gap in again.context["coverage"].gaps])
    assert f'value="{cast.aliev.public_id}" checked' in again.content.decode()


@pytest.mark.slow
def test_an_invited_expert_is_among_the_people_of_the_meeting(
    cast: Cast, company: Company, client_of: ClientOf
) -> None:
    """R64: what the slot has added is saved with the plan."""
    client, url = client_of(cast.vetrov), f"{company.get_absolute_url()}outcome/?fresh=1"
    contact = make_contact(company)
    form = client.get(url).context["form"]
    fields = {
        "client_id": str(form["client_id"].value()), "author": str(cast.vetrov.public_id), "kind": "meeting",
        "starts_at": "2026-12-01T11:00", "duration_min": "60", "attendees": str(contact.public_id),
        "our_people": str(cast.vetrov.public_id), "invited": [str(cast.aliev.public_id), "не номер"],
        "agreements-TOTAL_FORMS": "0", "agreements-INITIAL_FORMS": "0", "people-TOTAL_FORMS": "0",
        "people-INITIAL_FORMS": "0",
    }  # fmt: skip
    assert client.post(url, fields).status_code == 422
    fields["invited"] = [str(cast.aliev.public_id)]
    answer = client.post(url, fields)
    assert answer.status_code == 302, answer.content.decode()
    meeting = Interaction.objects.get(state="planned")
    assert set(meeting.our_people.values_list("user__username", flat=True)) == {"vetrov", "aliev"}


def test_the_lead_marks_the_experts_of_his_team(cast: Cast, client_of: ClientOf) -> None:
    """R64, §6.2: the matrix; a KAM looks, the lead of another team does not write."""
    product = make_product("casebook")
    fields = {"person": cast.lisina.public_id, "product": product.code, "value": "1"}
    assert client_of(cast.belova).post("/team/expertise/mark/", fields).status_code == 200
    assert Expertise.objects.filter(user=cast.lisina, product=product).exists()
    assert AuditEvent.objects.filter(event="set_expertise").count() == 1
    assert client_of(cast.gromov).post("/team/expertise/mark/", {**fields, "value": "0"}).status_code == 403
    page = client_of(cast.vetrov).get("/team/expertise/").content.decode()
    assert str(cast.lisina) in page and "/team/expertise/mark/" not in page
    with pytest.raises(NotAllowed):
        set_expertise(by=cast.vetrov, person=cast.lisina, product=product, is_expert=False)


def test_marking_twice_is_marking_once(cast: Cast) -> None:
    product = make_product("casebook")
    for _time in range(2):
        set_expertise(by=cast.belova, person=cast.lisina, product=product, is_expert=True)
    set_expertise(by=cast.belova, person=cast.lisina, product=product, is_expert=False)
    assert not Expertise.objects.exists() and AuditEvent.objects.filter(event="set_expertise").count() == 2
