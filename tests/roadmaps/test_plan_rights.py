"""Who may what in a strategy, and what one sees who may little (§3, faults D1, D2, D7)."""

from datetime import date
from typing import Any

import pytest
from django.test import Client

from accounts.enums import ContactReach, MemberVia
from accounts.models import AccountMember
from deals.models import DealMember
from roadmaps.enums import PlanState
from roadmaps.models import Plan, Presentation
from tests.factories import Cast, T, make_calendar, make_company, make_contact, make_deal
from tests.roadmaps.deck_makers import make_presentation
from tests.roadmaps.makers import make_plan_task, make_submitted, make_sync, make_working_plan
from upsell_crm.core.models import User

pytestmark = pytest.mark.django_db
PHONE, MAIL = "+79160001122", "orehov@parus.example"


class Scene:
    """A plan of Лисина's team with a decision-maker whose phone is known."""

    def __init__(self, cast: Cast) -> None:
        make_calendar()
        self.company = make_company(kam=cast.lisina, team=cast.k1)
        self.contact = make_contact(self.company, phone=PHONE, email=MAIL)
        self.deal = make_deal(self.company)
        self.plan = make_working_plan(self.deal)
        self.presentation: Presentation = make_presentation(self.plan)
        self.sync = make_sync(self.plan)

    def join(self, user: User, role: str) -> DealMember:
        """A colleague of another team with a limited card: no phones."""
        AccountMember.objects.create(
            company=self.company,
            user=user,
            role=role,
            via=MemberVia.DEAL,
            contacts=ContactReach.NONE,
            since_on=T,
        )
        return DealMember.objects.create(deal=self.deal, user=user, role=role, since_on=date(2026, 1, 1))

    def pages(self) -> list[str]:
        plan, deck = f"/plans/{self.plan.public_id}/", f"/presentations/{self.presentation.public_id}/"
        tabs = (
            "",
            "facts/",
            "timeline/",
            "syncs/",
            "revisions/",
            "review/",
            "flags/",
            "load/",
            "history/",
            "presentation/",
        )
        link = self.plan.tasks.order_by("pk")[0]
        return [
            *(plan + tab for tab in tabs), deck, f"{deck}print/?notes=1", f"{deck}files/",
            f"/syncs/{self.sync.public_id}/", f"/plan-tasks/{link.public_id}/edit/", f"{plan}edit/",
            f"/companies/{self.company.public_id}/brief/", f"/deals/{self.deal.public_id}/plan/",
        ]  # fmt: skip


@pytest.fixture
def scene(cast: Cast) -> Scene:
    return Scene(cast)


def states(client: Client, urls: list[str]) -> set[int]:
    return {client.get(url).status_code for url in urls}


@pytest.mark.slow
def test_a_limited_card_shows_no_phone_anywhere_in_the_room(scene: Scene, cast: Cast, client_of: Any) -> None:
    scene.join(cast.gai, "tutor")
    make_plan_task(scene.plan, cast.gai, "Провести вебинар")
    seen = 0
    for url in [*scene.pages(), "/plans/", "/plan-tasks/mine/"]:
        answer = client_of(cast.gai).get(url)
        text = answer.content.decode()
        assert answer.status_code in (200, 403), url
        assert PHONE not in text and PHONE[2:5] + " " + PHONE[5:8] not in text and MAIL not in text, url
        seen += answer.status_code == 200
    assert seen > 8


@pytest.mark.slow
def test_a_kam_of_another_team_finds_nothing(scene: Scene, cast: Cast, client_of: Any) -> None:
    assert states(client_of(cast.aliev), scene.pages()) == {404}
    assert states(client_of(cast.gromov), scene.pages()) == {404}


def test_backoffice_reads_and_changes_nothing(scene: Scene, cast: Cast, client_of: Any) -> None:
    """Story 15: Титова cannot edit plans."""
    scene.join(cast.titova, "backoffice")
    client = client_of(cast.titova)
    plan = f"/plans/{scene.plan.public_id}/"
    assert client.get(plan).status_code == 200
    link = scene.plan.tasks.order_by("pk")[0]
    before = Plan.objects.get(pk=scene.plan.pk).version
    for url in (
        "edit/",
        "tasks/new/",
        "tasks/fill/",
        "move/cancelled/",
        "upgrade/",
        "syncs/new/",
        "dates/",
        "presentation/new/",
    ):
        assert client.post(f"{plan}{url}", {"version": 1, "reason": "Хочу"}).status_code == 403, url
    for url in ("edit/", "remove/", "dates/"):
        assert client.post(f"/plan-tasks/{link.public_id}/{url}", {"reason": "Хочу"}).status_code == 403, url
    assert Plan.objects.get(pk=scene.plan.pk).version == before


def test_who_leaves_the_group_or_is_blocked_loses_access_at_once(
    scene: Scene, cast: Cast, client_of: Any
) -> None:
    member = scene.join(cast.gai, "tutor")
    client, url = client_of(cast.gai), f"/plans/{scene.plan.public_id}/"
    assert client.get(url).status_code == 200
    DealMember.objects.filter(pk=member.pk).update(ended_on=date(2026, 11, 23))
    assert client.get(url).status_code == 404
    DealMember.objects.filter(pk=member.pk).update(ended_on=None)
    User.objects.filter(pk=cast.gai.pk).update(is_active=False)
    assert client.get(url).status_code == 302


def test_a_lead_judges_only_the_plans_of_his_team(cast: Cast, client_of: Any) -> None:
    """R79: not by the address either, also when he is in the working group of the deal."""
    deal = make_deal(make_company(kam=cast.lisina, team=cast.k1))
    plan = make_submitted(deal, "action_plan", tasks=[(cast.lisina, "Позвонить")])
    said = {"comment": "Да", "overrides": "on", "version": plan.version}
    assert client_of(cast.gromov).post(f"/plans/{plan.public_id}/approve/", said).status_code == 404
    DealMember.objects.create(deal=deal, user=cast.gromov, role="performer", since_on=date(2026, 1, 1))
    for step in ("approve/", "return/", "comment/?item=goal"):
        assert client_of(cast.gromov).post(f"/plans/{plan.public_id}/{step}", said).status_code == 403, step
    assert client_of(cast.lisina).post(f"/plans/{plan.public_id}/approve/", said).status_code == 403
    assert Plan.objects.get(pk=plan.pk).state == PlanState.REVIEW
