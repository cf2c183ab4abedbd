"""The relationship map: the layout as a law, people with stance and owner, gaps with actions (R34, domain.md §2.11)."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from django.test import Client
from hypothesis import given
from hypothesis import strategies as st

from accounts.enums import DecisionRole, Fact, FactResult, LinkKind
from accounts.map_gaps import GapKind, gaps_of
from accounts.map_people import read_map
from accounts.models import (
    Company,
    Contact,
    ContactLink,
    ContactRole,
    ContactStrength,
    Department,
    DepartmentInterest,
    FactCheck,
    Interaction,
    InteractionContact,
)
from accounts.relationship_map import BOX_HEIGHT, Node, Relation, draw, rows_of
from tests.factories import Cast, T, make_company, make_contact, make_product, moment
from upsell_crm.core.models import AuditEvent, User

ClientOf = Callable[[User], Client]

PEOPLE = st.lists(
    st.builds(Node, st.integers(1, 200), st.integers(0, 5)), max_size=60, unique_by=lambda n: n.pk
)
LINKS = st.lists(
    st.tuples(st.integers(0, 59), st.integers(0, 59), st.sampled_from(LinkKind.values)), max_size=90
)


@given(people=PEOPLE, links=LINKS)
def test_every_person_stands_once_and_boxes_never_overlap(people: list[Node], links: list[tuple]) -> None:
    """product.md §4.3, a law for up to 60 people: also when they report to each other in a circle."""
    relations = [
        Relation(number, people[start % len(people)].pk, people[end % len(people)].pk, kind)
        for number, (start, end, kind) in enumerate(links)
        if people
    ]
    drawing = draw(people, relations)
    assert sorted(box.pk for box in drawing.boxes) == sorted(node.pk for node in people)
    for number, one in enumerate(drawing.boxes):
        assert one.x >= 0 and one.x + one.width <= drawing.width and one.bottom <= drawing.height
        for other in drawing.boxes[number + 1 :]:
            apart_x = one.x + one.width <= other.x or other.x + other.width <= one.x
            apart_y = one.y + BOX_HEIGHT <= other.y or other.y + BOX_HEIGHT <= one.y
            assert apart_x or apart_y
    assert drawing == draw(people, relations)
    assert len(drawing.lines) == len(relations)


def test_superiors_stand_above_their_people() -> None:
    """R34: layers by «подчиняется», those of one superior side by side; who has no lines stands last."""
    people = [Node(pk) for pk in (1, 2, 3, 4, 5, 6)]
    assert rows_of(people, {3: 2, 4: 1, 5: 2, 2: 1}) == [[1], [2, 4], [3, 5], [6]]
    assert rows_of(people[:3], {1: 2, 2: 3, 3: 1}) == [
        [3],
        [2],
        [1],
    ]  # the link that closes the circle is left out
    assert rows_of([Node(1), Node(2), Node(3, is_decider=True)], {1: 2}) == [
        [2, 3],
        [1],
    ]  # a ЛПР is never last
    assert rows_of([], {}) == []


def knows(user: User, contact: Contact, level: int, days: int = 5) -> None:
    """How well, and the days since they spoke."""
    on = T - timedelta(days=days)
    ContactStrength.objects.create(contact=contact, user=user, level=level, as_of=T, last_two_way_on=on)


def plays(contact: Contact, role: str, **values: Any) -> None:
    """One more role."""
    ContactRole.objects.create(contact=contact, company=contact.company, role=role, **values)


def confirmed(contact: Contact, days: int = 3) -> None:
    """The role was confirmed so many days ago."""
    FactCheck.objects.create(
        company=contact.company, contact=contact, fact=Fact.DM, result=FactResult.CONFIRMED,
        checked_at=moment(T - timedelta(days=days)), checked_by=contact.company.owner_kam,
    )  # fmt: skip


def gaps(company: Company) -> list[str]:
    """The kinds of gaps that are found."""
    return [gap.kind for gap in gaps_of(company, read_map(company, T))]


@pytest.fixture
def calm(cast: Cast) -> Company:
    """A client with a confirmed key ЛПР whom Ветров knows well, and a champion: nothing is missing."""
    company = make_company(kam=cast.vetrov)
    decider = make_contact(company)
    ContactRole.objects.filter(contact=decider).update(attitude=2)
    confirmed(decider)
    knows(cast.vetrov, decider, 4)
    return company


def test_nothing_is_missing(calm: Company) -> None:
    """§2.11."""
    assert gaps(calm) == []


def test_no_decider(cast: Cast) -> None:
    """§2.11: no ЛПР at all; a blocked role or one that has ended is none."""
    company = make_company(kam=cast.vetrov)
    champion = make_contact(company, "Верный Иван", role=DecisionRole.CHAMPION)
    assert gaps(company) == [GapKind.NO_DECIDER]
    plays(champion, DecisionRole.DM, valid_to=T - timedelta(days=1))
    assert gaps(company) == [GapKind.NO_DECIDER]
    plays(champion, DecisionRole.DM)
    assert GapKind.NO_DECIDER not in gaps(company)


def test_a_key_decider_needs_an_owner(cast: Cast, calm: Company) -> None:
    """§2.11: strength 3 is an owner, 2 is none; whoever has left us owns nobody."""
    strength = ContactStrength.objects.filter(contact__company=calm)
    strength.update(level=3)
    assert gaps(calm) == []
    strength.update(level=2)
    assert gaps(calm) == [GapKind.NO_OWNER]
    strength.update(level=5)
    User.objects.filter(pk=cast.vetrov.pk).update(is_active=False)
    assert gaps(calm) == [GapKind.NO_OWNER]


@pytest.mark.parametrize(("days", "is_gap"), [(90, False), (91, True)])
def test_ninety_days_of_silence(calm: Company, days: int, is_gap: bool) -> None:
    """§2.11: ЛПР without contact > 90 days."""
    ContactStrength.objects.update(last_two_way_on=T - timedelta(days=days))
    assert (GapKind.SILENCE in gaps(calm)) is is_gap


def spoke(company: Company, contact: Contact, author: User, days: int = 10) -> None:
    """A held meeting in which the person took part."""
    talk = Interaction.objects.create(
        company=company, author=author, starts_at=moment(T - timedelta(days=days))
    )
    InteractionContact.objects.create(interaction=talk, contact=contact)


def test_a_single_thread(cast: Cast, calm: Company) -> None:
    """§2.11: only one person of the client spoke with us in 180 days; a second one, or nobody, is no thread."""
    decider, other = calm.contacts.get(), make_contact(calm, "Второй Пётр", role="")
    assert GapKind.SINGLE_THREAD not in gaps(calm)
    spoke(calm, decider, cast.vetrov)
    spoke(calm, other, cast.vetrov, days=181)
    assert gaps(calm) == [GapKind.SINGLE_THREAD]
    spoke(calm, other, cast.vetrov, days=179)
    assert gaps(calm) == []


def test_a_blocker_needs_a_counterweight(calm: Company) -> None:
    """product.md §4.3: somebody who is for us over the blocker, beside him, or with influence on him."""
    decider, blocker = calm.contacts.get(), make_contact(calm, "Упрямов Лев", role=DecisionRole.BLOCKER)
    assert gaps(calm) == [GapKind.BLOCKER]
    ContactLink.objects.create(from_contact=blocker, to_contact=decider, kind=LinkKind.CONFLICT)
    assert gaps(calm) == [GapKind.BLOCKER]
    ContactLink.objects.create(from_contact=blocker, to_contact=decider, kind=LinkKind.REPORTS_TO)
    assert gaps(calm) == []


def test_a_department_that_wants_and_is_unknown(calm: Company) -> None:
    """R12: interest, and nobody known there; a person of the department, or a refusal, closes it."""
    department = Department.objects.create(company=calm, name="Безопасность")
    said = DepartmentInterest.objects.create(department=department, product=make_product(), level=2, as_of=T)
    assert gaps(calm) == [GapKind.STRANGE_DEPARTMENT]
    guard = make_contact(calm, "Охранин Яков", role="", department=department)
    assert gaps(calm) == []
    Contact.objects.filter(pk=guard.pk).update(department=None)
    DepartmentInterest.objects.filter(pk=said.pk).update(level=0)
    assert gaps(calm) == []


def test_nobody_is_our_champion(calm: Company) -> None:
    """product.md §4.3: a champion, or somebody who is strongly for us; the nearest one is proposed by name."""
    ContactRole.objects.filter(company=calm).update(attitude=1)
    (gap,) = gaps_of(calm, read_map(calm, T))
    assert gap.kind == GapKind.NO_CHAMPION and "Орехов" in gap.text and "role=champion" in gap.url
    plays(make_contact(calm, "Верный Иван", role=""), DecisionRole.CHAMPION)
    assert gaps(calm) == []


def test_the_map_shows_stance_owner_and_age(cast: Cast, calm: Company, client_of: ClientOf) -> None:
    """R34: sign and word, the closest of us, a mark for what is stale; the same as a table, each a link."""
    decider = calm.contacts.get()
    browser, url = client_of(cast.vetrov), f"{calm.get_absolute_url()}contacts/map/"
    page = browser.get(url).content.decode()
    assert (
        page.count(f"/contacts/{decider.public_id}/edit/") == 4
    )  # box and row, each with and without a script
    for words in ("++", "за нас", "4/5", "Ветров", "владелец с нашей стороны"):
        assert words in page
    assert "давно не подтверждён" not in page
    FactCheck.objects.update(checked_at=moment(T - timedelta(days=91)))
    assert "давно не подтверждён" in browser.get(url).content.decode()
    reader = (
        client_of(cast.kim).get(url).content.decode()
    )  # a closer of the team edits contacts of own accounts only
    assert "<select" not in reader and f"contact={decider.public_id}" in reader
    whole = browser.get(f"{url}page/")
    assert whole.status_code == 200 and url in whole.content.decode()


def test_a_superior_is_set_by_one_choice_and_taken_back(
    cast: Cast, calm: Company, client_of: ClientOf
) -> None:
    """product.md §4.3: «подчиняется …»; the toast offers to undo; a circle is refused in words."""
    decider, lawyer = calm.contacts.get(), make_contact(calm, "Юристов Марк", role=DecisionRole.INFLUENCER)
    browser = client_of(cast.vetrov)
    address = f"/contacts/{lawyer.public_id}/superior/"
    answer = browser.post(address, {"superior": decider.pk}, headers={"HX-Request": "true"})
    assert answer.status_code == 204 and f"{address}?superior=" in answer["HX-Trigger"]
    link = ContactLink.objects.get()
    assert (link.from_contact, link.to_contact, link.kind) == (lawyer, decider, LinkKind.REPORTS_TO)
    circle = browser.post(
        f"/contacts/{decider.public_id}/superior/", {"superior": lawyer.pk}, headers={"HX-Request": "true"}
    )
    assert circle.status_code == 422
    assert browser.post(f"{address}?superior=", headers={"HX-Request": "true"}).status_code == 204
    assert not ContactLink.objects.exists()
    events = AuditEvent.objects.filter(company_id=calm.pk).values_list("event", flat=True)
    assert {"link_contacts", "unlink_contacts"} <= set(events)
    stranger = make_contact(make_company(kam=cast.vetrov), "Чужой Пётр")
    refused = browser.post(address, {"superior": stranger.pk}, headers={"HX-Request": "true"})
    assert refused.status_code == 422 and not ContactLink.objects.exists()


@pytest.mark.slow
def test_the_map_costs_the_same_for_many(
    cast: Cast, calm: Company, client_of: ClientOf, query_budget: Callable[..., int]
) -> None:
    """At most twelve queries for three people and for sixty."""

    def add(number: int) -> None:
        for _one in range(number):
            person = make_contact(calm, f"Человек{calm.contacts.count()} Имя")
            knows(cast.vetrov, person, 2, days=100)
            ContactLink.objects.create(
                from_contact=person, to_contact=calm.contacts.first(), kind=LinkKind.REPORTS_TO
            )
            department = Department.objects.create(company=calm, name=f"Отдел {calm.departments.count()}")
            DepartmentInterest.objects.create(department=department, product=make_product(), level=3, as_of=T)

    browser = client_of(cast.vetrov)
    query_budget(add, lambda: browser.get(f"{calm.get_absolute_url()}contacts/map/"), many=60)


def test_mere_users_do_not_crowd_the_map(calm: Company) -> None:
    """R34: people of trainings stand in the list of contacts, and on the map once somebody draws a line to them."""
    user = make_contact(calm, "Учеников Егор", role=DecisionRole.USER)
    assert user not in [person.contact for person in read_map(calm, T).people]
    ContactLink.objects.create(
        from_contact=user, to_contact=calm.contacts.exclude(pk=user.pk).get(), kind=LinkKind.ALLY
    )
    assert user in [person.contact for person in read_map(calm, T).people]
