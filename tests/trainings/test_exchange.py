"""Exchanges of experience and thanks (R80, R94)."""

from collections.abc import Callable
from datetime import timedelta

import pytest
from django.test import Client
from django.urls import reverse

from tests.factories import Cast, T, make_company, make_deal, make_member, make_user, moment
from tests.trainings.experience_makers import make_note, make_session
from trainings.models import ExchangeSession, Thanks
from trainings.services.sessions import cancel_session, change_session, hold_session, plan_session
from trainings.services.thanks import take_thanks_back, thank_for_deal, thank_for_note
from upsell_crm.core.errors import DomainError, IllegalTransition, NotAllowed
from upsell_crm.core.models import AuditEvent, User
from upsell_crm.core.roles import Role

ClientOf = Callable[[User], Client]
HTMX = {"HX-Request": "true"}


def text_of(answer) -> str:  # type: ignore[no-untyped-def]
    return " ".join(answer.content.decode().replace("\xa0", " ").split())


def test_a_lead_plans_a_series_for_his_people(cast: Cast) -> None:
    """R80: the process of exchange is his; a KAM plans none."""
    values = {"topic": "Возражения", "starts_at": moment(T + timedelta(days=1)), "members": [cast.vetrov]}
    session = plan_session(by=cast.belova, repeat_weeks=2, **values)
    assert set(session.members.values_list("user__username", flat=True)) == {"belova", "vetrov"}
    with pytest.raises(NotAllowed):
        plan_session(by=cast.vetrov, **values)


def test_a_held_exchange_has_a_protocol_and_makes_the_next_one(cast: Cast) -> None:
    """R80: the same people, two weeks later; without a protocol it is not held."""
    session = make_session(cast.belova, cast.vetrov, cast.lisina)
    with pytest.raises(DomainError):
        hold_session(session, by=cast.belova, protocol=" ", attended=[])
    following = hold_session(session, by=cast.belova, protocol="Пробуем расчёт.", attended=[cast.vetrov])
    assert following.starts_at == session.starts_at + timedelta(weeks=2)
    assert following.members.count() == 3
    assert list(session.members.filter(attended=True).values_list("user__username", flat=True)) == ["vetrov"]
    with pytest.raises(IllegalTransition):
        hold_session(session, by=cast.belova, protocol="Ещё раз", attended=[])


def test_a_series_goes_on_after_a_cancelled_exchange_and_skips_the_past(cast: Cast) -> None:
    """A series that was forgotten for months goes on ahead of today."""
    session = make_session(cast.belova, starts_at=moment(T - timedelta(weeks=9)))
    following = cancel_session(session, by=cast.belova)
    assert following.starts_at == moment(T + timedelta(weeks=1))
    once = make_session(cast.belova, repeat_weeks=0)
    assert cancel_session(once, by=cast.andreeva) is None


def test_only_its_leader_changes_an_exchange_and_strangers_do_not_see_it(cast: Cast) -> None:
    """The head may too; another team sees nothing."""
    session = make_session(cast.belova, cast.vetrov)
    with pytest.raises(NotAllowed):
        change_session(session, {"topic": "Другое"}, by=cast.vetrov, members=[])
    change_session(session, {"topic": "Бюджет"}, by=cast.belova, members=[cast.lisina])
    assert set(session.members.values_list("user__username", flat=True)) == {"belova", "lisina"}
    assert ExchangeSession.objects.visible_to(cast.kim).exists()
    assert not ExchangeSession.objects.visible_to(cast.demin).exists()


def test_thanks_for_a_note_and_for_work_in_a_deal(cast: Cast) -> None:
    """R94: once for a thing, never oneself, only somebody of the group; the client's history has it."""
    note = make_note(cast.vetrov)
    thank_for_note(note, by=cast.demin, text="Сработало у меня")
    deal = make_deal(make_company(kam=cast.vetrov), ("casebook", 1, 2))
    make_member(deal, cast.kim, "closer")
    thank_for_deal(deal, by=cast.vetrov, to_user=cast.kim)
    for refused in (
        lambda: thank_for_note(note, by=cast.demin),
        lambda: thank_for_note(note, by=cast.vetrov),
        lambda: thank_for_deal(deal, by=cast.vetrov, to_user=cast.demin),
    ):
        with pytest.raises(DomainError):
            refused()
    assert AuditEvent.objects.filter(event="give_thanks", company_id=deal.company_id).exists()


def test_the_team_sees_the_thanks_and_a_stranger_does_not(cast: Cast, client_of: ClientOf) -> None:
    """R94: seen by the team; the deal is named only to who may open it."""
    deal = make_deal(make_company(kam=cast.vetrov), ("casebook", 1, 2), title="Тайная сделка")
    make_member(deal, cast.gai, "tutor")
    thank_for_deal(deal, by=cast.vetrov, to_user=cast.gai, text="Провёл встречу")
    levin = make_user(
        "levin", "Левин Артём", Role.TUTOR, team=cast.care
    )  # tutors see only deals of their own
    url = reverse("trainings:thanks_list")
    assert "Тайная сделка" in text_of(client_of(cast.lisina).get(url))
    other_team = text_of(client_of(levin).get(url))
    assert "Провёл встречу" in other_team and "Тайная сделка" not in other_team
    assert "Провёл встречу" not in text_of(client_of(cast.demin).get(url))


def test_thanks_are_taken_back_by_who_said_them(cast: Cast) -> None:
    """Within ten minutes."""
    thanks = thank_for_note(make_note(cast.vetrov), by=cast.demin)
    with pytest.raises(NotAllowed):
        take_thanks_back(thanks, by=cast.vetrov)
    take_thanks_back(thanks, by=cast.demin)
    assert not Thanks.objects.exists()


def test_my_day_tells_only_what_is_new(cast: Cast, client_of: ClientOf) -> None:
    """R94: thanks of this week and the exchange that comes; else nothing at all."""
    url, client = reverse("trainings:my_experience"), client_of(cast.vetrov)
    assert text_of(client.get(url)) == ""
    thank_for_note(make_note(cast.vetrov), by=cast.demin, text="Помогло")
    make_session(cast.belova, cast.vetrov, starts_at=moment(T + timedelta(days=2)), topic="Про цену")
    page = text_of(client.get(url))
    assert "Помогло" in page and "Про цену" in page
    Thanks.objects.update(created_at=moment(T - timedelta(days=8)))
    ExchangeSession.objects.update(starts_at=moment(T + timedelta(days=9)))
    assert text_of(client.get(url)) == ""
    assert (
        url in text_of(client.get(reverse("reports:my_day")))
        or not client.get(reverse("reports:my_day")).context["has_companies"]
    )


def test_pages_of_exchanges_and_notes_by_requests(cast: Cast, client_of: ClientOf) -> None:
    """Plan, hold, read; write a note with a warning, keep the text, publish; vote, thank, choose."""
    lead, kam = client_of(cast.belova), client_of(cast.vetrov)
    data = {"topic": "Цена", "starts_at": "2026-11-24T09:00", "repeat_weeks": 1, "members": [cast.vetrov.pk]}
    assert lead.post(reverse("trainings:create_session"), data, headers=HTMX).status_code == 204
    session = ExchangeSession.objects.get()
    hold = reverse("trainings:hold_session", args=[session.public_id])
    assert (
        lead.post(hold, {"protocol": "Решили", "attended": [cast.vetrov.pk]}, headers=HTMX).status_code == 204
    )
    assert "Решили" in text_of(kam.get(session.get_absolute_url()))
    assert ExchangeSession.objects.count() == 2
    make_company("ПАО «Северодар Банк»", kam=cast.vetrov)
    note = {"title": "Пилот", "body": "В Северодар Банке помог пилот.", "kind": "case", "tags": "пилот, банк"}
    new = reverse("trainings:create_note")
    warned = kam.post(new, note, headers=HTMX)
    assert (
        warned.status_code == 422
        and "В тексте назван клиент" in text_of(warned)
        and 'type="checkbox"' in text_of(warned)
    )
    saved = kam.post(new, {**note, "may_name": "on"}, headers=HTMX)
    url = saved["HX-Redirect"]
    assert "пилот" in text_of(kam.get(url))
    reader = client_of(cast.lisina)
    for step in ("vote", "thank"):
        assert reader.post(f"{url}{step}/", {"text": "Спасибо!"}, headers=HTMX).status_code == 204
    assert lead.post(f"{url}pick/", headers=HTMX).status_code == 204
    page = text_of(reader.get(url))
    assert "Полезно мне" in page and "Спасибо!" in page and "выбор руководителя" in page


@pytest.mark.slow
@pytest.mark.parametrize("name", ["note_list", "thanks_list", "session_list"])
def test_lists_cost_the_same_for_any_number_of_rows(
    cast: Cast, client_of: ClientOf, query_budget: Callable[..., int], name: str
) -> None:
    """§6: constant queries."""
    client = client_of(cast.andreeva)

    def add(n: int) -> None:
        for _number in range(n):
            note = make_note(cast.vetrov, company=make_company(kam=cast.vetrov))
            thank_for_note(note, by=cast.demin)
            make_session(cast.belova)

    query_budget(add, lambda: client.get(reverse(f"trainings:{name}")))


def test_the_list_of_notes_is_filtered_and_searched(cast: Cast, client_of: ClientOf) -> None:
    """R80: objection, words, author, picks; hidden ones on request."""
    make_note(cast.vetrov, title="Про цену")
    make_note(
        cast.demin,
        title="Про сроки",
        objection_category="timing",
        body="Тёплый старт",
        is_pick=True,
        picked_by=cast.andreeva,
    )
    make_note(cast.vetrov, title="Скрытая", hidden_at=moment())
    client, url = client_of(cast.vetrov), reverse("trainings:note_list")

    def titles(**asked: str) -> set[str]:
        return {shown.title for shown in client.get(url, asked).context["rows"]}

    assert titles() == {"Про цену", "Про сроки"}
    assert titles(objection="timing") == titles(author="demin") == titles(which="picks") == {"Про сроки"}
    assert titles(q="теплый") == {"Про сроки"}
    assert titles(which="hidden") == {"Скрытая"}
