"""Who came, who opened, who wants no letters: by ticks and by a pasted list (R88, R89)."""

import pytest

from accounts.enums import Consent
from accounts.models import Contact
from tests.factories import Cast, T, make_company, moment
from tests.trainings.marketing_makers import make_activity, make_person
from trainings.enums import ActivityKind, TouchState
from trainings.models import MarketingActivity
from trainings.services.attendance import mark_list, mark_people
from trainings.services.audiences import take_segment
from upsell_crm.core.errors import DomainError, NotAllowed
from upsell_crm.core.models import AuditEvent

WEBINAR = ActivityKind.WEBINAR


@pytest.fixture
def webinar(cast: Cast) -> MarketingActivity:
    """Three people of two clients are invited; Иванов works in both."""
    bank, shop = make_company("Банк Север", kam=cast.vetrov), make_company("Магазин Юг", kam=cast.demin)
    make_person(bank, "Иванов Пётр Сергеевич", email="ivanov@bank.example")
    make_person(bank, "Орехова Анна", email="orehova@bank.example")
    make_person(shop, "Иванов Пётр Ильич", email="ivanov@shop.example")
    activity = make_activity(cast.sokolova, WEBINAR)
    take_segment(activity, by=cast.sokolova, query="")
    return activity


def states(activity: MarketingActivity) -> dict[str, str]:
    return dict(activity.touches.values_list("contact__email", "state"))


def test_a_pasted_list_marks_people_by_mail_name_and_company(cast: Cast, webinar: MarketingActivity) -> None:
    """R88: rows of a table or names alone; who is not known and who fits twice is reported, never guessed."""
    text = "1\tОрехова\tАнна\nПётр Иванов; Банк Север\nIVANOV@shop.example\nПетров Сидор\nИванов Пётр\n\nОрехова Анна"
    result = mark_list(webinar, text, state=TouchState.ATTENDED, by=cast.sokolova)
    assert set(states(webinar).values()) == {"attended"}
    assert (result.marked, result.walk_ins) == (3, 0)
    assert (result.unknown, result.ambiguous) == (["Петров Сидор"], ["Иванов Пётр"])


def test_who_came_uninvited_is_added_and_counted(cast: Cast, webinar: MarketingActivity) -> None:
    """R88: coming is a fact, no letter: consent is not asked; who has left is nobody we know there."""
    company = make_company("Завод", kam=cast.aliev)
    make_person(company, "Гостев Олег", consent_mailing=Consent.UNKNOWN, email="")
    make_person(company, "Ушедший Олег", state="left", left_on=T)
    result = mark_list(webinar, "Гостев Олег\nУшедший Олег", state="attended", by=cast.sokolova)
    assert (result.marked, result.walk_ins, result.unknown) == (1, 1, ["Ушедший Олег"])
    assert webinar.touches.get(contact__last_name="Гостев").company == company


def test_nobody_comes_into_a_mailing_by_a_list(cast: Cast) -> None:
    """Whoever got no letter did not open it."""
    company = make_company("Банк", kam=cast.vetrov)
    make_person(company, "Первый Пётр")
    mailing = make_activity(cast.sokolova)
    take_segment(mailing, by=cast.sokolova, query="")
    make_person(company, "Второй Иван", email="two@bank.example")
    result = mark_list(mailing, "Первый Пётр\ntwo@bank.example", state="opened", by=cast.sokolova)
    assert (result.marked, result.unknown) == (1, ["Второй Иван"])
    assert mailing.touches.count() == 1


def test_who_unsubscribes_gets_no_letters_any_more(cast: Cast, webinar: MarketingActivity) -> None:
    """R89: unsubscribed → consent «no», in the history of his client."""
    person = Contact.objects.get(email="orehova@bank.example")
    assert mark_people(webinar, [person.pk], state=TouchState.UNSUBSCRIBED, by=cast.sokolova) == 1
    person.refresh_from_db()
    assert (person.consent_mailing, person.version) == (Consent.NO, 2)
    line = AuditEvent.objects.get(event="withdraw_consent")
    assert (line.company_id, line.changes) == (person.company_id, {"consent_mailing": ["yes", "no"]})
    fresh = make_activity(cast.sokolova)
    assert take_segment(fresh, by=cast.sokolova, query="").counts.excluded == {"refused": 1}


def test_a_list_of_any_length_costs_the_same(cast: Cast, webinar: MarketingActivity, query_budget) -> None:  # type: ignore[no-untyped-def]
    """Set-based: no statement per line."""
    lines = ["Орехова Анна"]

    def add(n: int) -> None:
        for _one in range(n):
            person = make_person(make_company(kam=cast.vetrov), f"Слон{len(lines)} Иван", email="")
            lines.append(str(person))

    def mark() -> None:
        mark_list(webinar, "\n".join(lines), state="invited", by=cast.sokolova)
        mark_list(webinar, "\n".join(lines), state="attended", by=cast.sokolova)

    query_budget(add, mark, at_most=40)


@pytest.mark.parametrize(
    ("kind", "state", "code"),
    [("mailing", "attended", "unknown_mark"), ("webinar", "opened", "unknown_mark"), ("event", "", "unknown_mark")],
)  # fmt: skip
def test_each_kind_has_its_own_marks(cast: Cast, kind: str, state: str, code: str) -> None:
    """Nobody attends a letter."""
    with pytest.raises(DomainError) as refused:
        mark_people(make_activity(cast.sokolova, kind), [], state=state, by=cast.sokolova)
    assert refused.value.code == code


def test_nobody_came_to_what_was_cancelled_or_lies_ahead(cast: Cast) -> None:
    """And only marketing marks."""
    ahead = make_activity(cast.sokolova, WEBINAR, starts_at=moment(T, 23))
    off = make_activity(cast.sokolova, WEBINAR, state="cancelled")
    for activity in (ahead, off):
        with pytest.raises(DomainError):
            mark_people(activity, [], state="attended", by=cast.sokolova)
    with pytest.raises(NotAllowed):
        mark_people(ahead, [], state="attended", by=cast.belova)
