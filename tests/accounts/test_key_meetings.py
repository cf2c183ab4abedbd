"""The lead joins the meetings of key clients (R78)."""

from collections.abc import Callable
from datetime import timedelta

import pytest
from django.test import Client

from accounts.models import Company, Interaction
from accounts.services.attendance import join_meeting, leave_meeting
from tests.factories import Cast, T, make_company, moment
from upsell_crm.core.errors import DomainError, NotAllowed
from upsell_crm.core.models import AuditEvent, User

ClientOf = Callable[[User], Client]


@pytest.fixture
def meeting(cast: Cast) -> Interaction:
    return plan(make_company("АО «Ключевой»", kam=cast.vetrov, is_key=True), cast.vetrov)


def plan(company: Company, author: User, days: int = 3, **values: str) -> Interaction:
    return Interaction.objects.create(
        company=company,
        author=author,
        starts_at=moment(T + timedelta(days=days)),
        **{"state": "planned", **values},
    )


def test_a_planned_meeting_of_a_key_client_stands_on_the_leads_page(
    cast: Cast, meeting: Interaction, client_of: ClientOf
) -> None:
    """R78: the lead is told, and offered to join; ordinary clients and other teams are not there."""
    plan(make_company("ООО «Обычный»", kam=cast.vetrov), cast.vetrov)
    plan(make_company("АО «Чужой»", kam=cast.aliev, is_key=True), cast.aliev)
    plan(meeting.company, cast.vetrov, -2)
    plan(meeting.company, cast.vetrov, 4, state="cancelled")
    page = client_of(cast.belova).get("/priorities/")
    assert list(page.context["meetings"]) == [meeting]
    assert f"/interactions/{meeting.public_id}/join/" in page.content.decode()
    assert "/join/" not in client_of(cast.vetrov).get("/priorities/").content.decode()


def test_one_click_joins_and_the_toast_takes_it_back(
    cast: Cast, meeting: Interaction, client_of: ClientOf
) -> None:
    """R78: the lead is among the people of the meeting."""
    client, url = client_of(cast.belova), f"/interactions/{meeting.public_id}/"
    for _click in range(2):
        answer = client.post(f"{url}join/", headers={"HX-Request": "true"})
    assert f"{url}leave/" in answer["HX-Trigger"]
    assert meeting.our_people.get().user == cast.belova
    assert "вы будете" in client.get("/meetings/key/").content.decode()
    assert client.post(f"{url}leave/", headers={"X-Requested-With": "fetch"}).status_code == 204
    assert not meeting.our_people.exists()
    assert list(AuditEvent.objects.order_by("pk").values_list("event", flat=True)) == [
        "join_meeting",
        "leave_meeting",
    ]


def test_only_the_lead_joins_and_only_what_is_ahead(cast: Cast, meeting: Interaction) -> None:
    with pytest.raises(NotAllowed):
        join_meeting(by=cast.lisina, interaction=meeting)
    past = plan(meeting.company, cast.vetrov, -1)
    with pytest.raises(DomainError):
        join_meeting(by=cast.belova, interaction=past)
    leave_meeting(by=cast.belova, interaction=meeting)  # he was not there: nothing happens
    assert not AuditEvent.objects.exists()
