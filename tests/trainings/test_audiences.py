"""The audience of an activity: taken by one statement, cleared, finished; consent is the database's business (R88, R89)."""

from datetime import timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from hypothesis import given
from hypothesis import strategies as st

from accounts.enums import Consent, ContactState
from accounts.models import Contact
from accounts.services.anonymisation import anonymise_contact
from tests.factories import Cast, T, make_company, moment
from tests.trainings.marketing_makers import make_activity, make_person
from trainings.enums import ActivityKind, TouchState
from trainings.models import MarketingActivity, MarketingTouch
from trainings.segments import MAY_BE_INVITED
from trainings.services.activities import (
    cancel_activity,
    change_activity,
    create_activity,
    finish_activity,
)
from trainings.services.audiences import clear_audience, take_segment
from upsell_crm.core.errors import DomainError, IllegalTransition, NotAllowed, Stale
from upsell_crm.core.models import AuditEvent


def reload(activity: MarketingActivity) -> MarketingActivity:
    return MarketingActivity.objects.get(pk=activity.pk)


def test_a_segment_becomes_touches_with_the_company_of_today(cast: Cast) -> None:
    """R89: a mailing is recorded as a touch of each person; the excluded stay counted with the activity."""
    bank = make_company("Банк", kam=cast.vetrov)
    willing = make_person(bank)
    make_person(bank, "Отказов Иван", consent_mailing=Consent.NO)
    activity = make_activity(cast.sokolova)
    taken = take_segment(activity, by=cast.sokolova, query="")
    touch = activity.touches.get()
    assert (touch.contact, touch.company, touch.state) == (willing, bank, TouchState.INVITED)
    assert (taken.added, reload(activity).excluded) == (1, {"refused": 1})
    assert AuditEvent.objects.filter(event="take_segment", object_id=activity.pk).exists()


def test_taking_again_adds_only_who_is_new(cast: Cast) -> None:
    """A segment taken twice invites nobody twice."""
    bank = make_company("Банк", kam=cast.vetrov)
    make_person(bank)
    activity = make_activity(cast.sokolova)
    take_segment(activity, by=cast.sokolova, query="")
    make_person(bank, "Новый Иван")
    make_person(bank, "Отказов Иван", consent_mailing=Consent.NO)
    assert take_segment(activity, by=cast.sokolova, query="").added == 1
    assert activity.touches.count() == 2
    take_segment(activity, by=cast.sokolova, query=f"q={bank.inn}")
    assert reload(activity).excluded == {"refused": 1}  # each person once, however many segments he stands in


@pytest.mark.slow
def test_a_segment_of_any_size_costs_the_same_statements(cast: Cast) -> None:
    """Three statements on data: count, insert, the activity; the rest is its history and the savepoints."""

    def cost(people: int) -> tuple[int, int]:
        company = make_company(kam=cast.vetrov)
        Contact.objects.bulk_create(
            Contact(company=company, last_name=f"Л{n}", email="a@b.example", consent_mailing="yes")
            for n in range(people)
        )
        activity = make_activity(cast.sokolova)
        with CaptureQueriesContext(connection) as captured:
            take_segment(activity, by=cast.sokolova, query=f"q={company.inn}")
        assert activity.touches.count() == people
        writes = [query["sql"] for query in captured if "trainings_marketing" in query["sql"]]
        return len(captured), len(writes)

    cost(1)  # the rights of the person are read once
    few = cost(3)
    assert few == cost(600)
    assert few[1] <= 3


def test_the_undo_of_a_segment_takes_out_what_it_brought(cast: Cast) -> None:
    """Those who stood there before stay."""
    bank, shop = make_company("Банк", kam=cast.vetrov), make_company("Магазин", kam=cast.demin)
    make_person(bank)
    make_person(shop)
    activity = make_activity(cast.sokolova)
    take_segment(activity, by=cast.sokolova, query=f"q={bank.inn}")
    MarketingTouch.objects.update(changed_at=moment(T, 9))
    taken = take_segment(activity, by=cast.sokolova, query=f"q={shop.inn}")
    assert clear_audience(activity, by=cast.sokolova, since=taken.at) == 1
    assert activity.touches.get().company == bank
    assert clear_audience(activity, by=cast.sokolova) == 1


def test_whoever_takes_consent_back_drops_out_when_the_mailing_goes(cast: Cast) -> None:
    """§2.8.10: consent may be withdrawn between the segment and the letter."""
    bank = make_company("Банк", kam=cast.vetrov)
    stays, leaves = make_person(bank), make_person(bank, "Передумал Иван")
    activity = make_activity(cast.sokolova)
    take_segment(activity, by=cast.sokolova, query="")
    Contact.objects.filter(pk=leaves.pk).update(consent_mailing=Consent.NO)
    assert finish_activity(activity, by=cast.sokolova) == 1
    assert [touch.contact for touch in activity.touches.all()] == [stays]
    assert (reload(activity).state, reload(activity).excluded) == ("done", {"refused": 1})


def test_an_activity_that_is_over_stays_as_it_was(cast: Cast) -> None:
    """No segment, no other words, no second end."""
    make_person(make_company("Банк", kam=cast.vetrov))
    activity = make_activity(cast.sokolova)
    take_segment(activity, by=cast.sokolova, query="")
    finish_activity(activity, by=cast.sokolova)
    for refused in (
        lambda: take_segment(activity, by=cast.sokolova, query=""),
        lambda: clear_audience(activity, by=cast.sokolova),
        lambda: change_activity(activity, {"title": "Другое"}, by=cast.sokolova),
    ):
        with pytest.raises(DomainError):
            refused()
    with pytest.raises(IllegalTransition):
        cancel_activity(activity, by=cast.sokolova)


def test_a_mailing_to_nobody_and_one_of_tomorrow_are_not_done(cast: Cast) -> None:
    """What has not happened is not recorded as done."""
    with pytest.raises(DomainError) as empty:
        finish_activity(make_activity(cast.sokolova), by=cast.sokolova)
    tomorrow = make_activity(cast.sokolova, starts_at=moment(T + timedelta(days=1)))
    with pytest.raises(DomainError) as early:
        finish_activity(tomorrow, by=cast.sokolova)
    assert (empty.value.code, early.value.code) == ("nobody", "not_yet")


def test_only_marketing_runs_it_and_two_people_do_not_overwrite_each_other(cast: Cast) -> None:
    """§3: a lead looks; a changed version is refused."""
    values = {"kind": "event", "title": "Завтрак", "starts_at": moment(T, 9)}
    with pytest.raises(NotAllowed):
        create_activity(by=cast.belova, **values)
    activity = create_activity(by=cast.sokolova, **values)
    for call in (lambda: take_segment(activity, by=cast.belova, query=""), lambda: finish_activity(activity, by=cast.vetrov)):  # fmt: skip
        with pytest.raises(NotAllowed):
            call()
    change_activity(activity, {"title": "Ужин"}, by=cast.sokolova, version=1)
    with pytest.raises(Stale):
        change_activity(reload(activity), {"title": "Обед"}, by=cast.sokolova, version=1)


MOVES = st.lists(
    st.tuples(
        st.sampled_from(["yes", "no", "unknown", "left", "anonymised", "segment", "finish"]),
        st.integers(0, 3),
    ),
    max_size=25,
)


@pytest.mark.slow
@given(moves=MOVES)
def test_law_no_letter_goes_to_who_may_not_get_one(cast: Cast, moves: list[tuple[str, int]]) -> None:
    """§2.8.10, R102: whatever people change in between, each new touch and each finished mailing holds willing people only."""
    company = make_company(kam=cast.vetrov)
    people = [make_person(company, f"Иванов{n} Пётр", consent_mailing=Consent.UNKNOWN) for n in range(4)]
    activity = make_activity(cast.sokolova, ActivityKind.MAILING)
    for move, number in moves:
        person = Contact.objects.filter(pk=people[number].pk)
        if move in Consent.values:
            person.filter(anonymised_at=None).update(consent_mailing=move)
        elif move == "left":
            person.update(state=ContactState.LEFT)
        elif move == "anonymised" and not person.get().anonymised_at:
            anonymise_contact(person.get(), by=cast.andreeva, reason="письмо")
        elif move == "segment" and reload(activity).is_planned:
            before = set(activity.touches.values_list("contact_id", flat=True))
            try:
                take_segment(reload(activity), by=cast.sokolova, query=f"q={company.inn}")
            except DomainError as nobody:
                assert nobody.code == "nobody"
            new = activity.touches.exclude(contact__in=before)
            assert not new.exclude(contact__in=Contact.objects.filter(MAY_BE_INVITED).values("pk")).exists()
        elif move == "finish" and reload(activity).is_planned:
            try:
                finish_activity(reload(activity), by=cast.sokolova)
            except DomainError as nobody:
                assert nobody.code == "nobody"
            else:
                reached = Contact.objects.filter(touches__activity=activity)
                assert not reached.exclude(MAY_BE_INVITED).exists()
