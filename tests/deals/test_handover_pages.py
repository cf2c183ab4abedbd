"""Pages of handovers: the list, one handover with its checklist, the slots, the KAM's day (R59–R61, §6)."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from accounts.models import Company
from deals.models import Handover
from deals.services.handovers import propose_handover
from tests.deals.handover_cast import Scene
from tests.factories import Cast, T, make_company, make_handover
from upsell_crm.core.models import User

ClientOf = Callable[[User], Client]


@pytest.fixture
def scene(cast: Cast) -> Scene:
    return Scene(cast)


def step(
    client: Client, name: str, handover: Handover, data: dict[str, Any] | None = None, **extra: str
) -> Any:
    url = reverse(f"deals:{name}", kwargs={"public_id": handover.public_id, **extra})
    return client.post(url, data or {}, headers={"HX-Request": "true"})


@pytest.mark.slow
def test_a_handover_is_begun_on_the_card_and_carried_through(scene: Scene, client_of: ClientOf) -> None:
    """Story 7 by requests: start, propose, fill, accept, decide lines, plan, hold, complete."""
    old, new = client_of(scene.old), client_of(scene.new)
    slot = old.get(reverse("deals:company_handover", args=[scene.company.public_id])).content.decode()
    assert "Передать" in slot
    url = reverse("deals:start_company_handover", args=[scene.company.public_id])
    assert "трёхсторонняя" in old.get(url).content.decode().lower()
    answer = old.post(url, {"to_user": scene.new.pk, "reason": "rotation"}, headers={"HX-Request": "true"})
    handover = Handover.objects.get()
    assert answer["HX-Redirect"] == handover.get_absolute_url()
    assert step(old, "propose_handover", handover).status_code == 204
    assert step(new, "accept_handover", handover).status_code == 204
    for code in ("risks", "manners", "files"):
        assert step(old, "fill_handover_item", handover, {"filled": "нет"}, code=code).status_code == 204
    for item in handover.items.all():
        answer = step(new, "accept_handover_item", handover, {"revision": item.revision}, code=item.code)
        assert answer.status_code == 204
    assert step(new, "complete_handover", handover).status_code == 409
    when = {"starts_at": f"{T + timedelta(days=1)}T11:00", "kind": "meeting", "contacts": [scene.contact.pk]}
    assert step(new, "plan_introduction", handover, when).status_code == 204
    assert step(new, "complete_handover", handover).status_code == 422  # planned, not held
    handover.refresh_from_db()
    handover.introduction.state = "held"
    handover.introduction.save()
    handover.introduction.our_people.update(attended=True)
    handover.introduction.client_people.update(attended=True)
    assert step(new, "complete_handover", handover, {"keep": [scene.task.pk]}).status_code == 204
    assert Company.objects.get(pk=scene.company.pk).owner_kam == scene.new
    scene.task.refresh_from_db()
    assert scene.task.assignee == scene.old
    assert "Завершена" in new.get(handover.get_absolute_url()).content.decode()


def test_a_refusal_is_shown_in_the_form_and_loses_nothing(scene: Scene, client_of: ClientOf) -> None:
    """R60: another mode without a reason is refused beside its field."""
    url = reverse("deals:start_company_handover", args=[scene.company.public_id])
    data = {"to_user": scene.new.pk, "reason": "load", "mode": "letter", "comment": "Срочно"}
    page = client_of(scene.old).post(url, data)
    assert page.status_code == 422
    assert "Напишите, почему знакомство пойдёт иначе." in page.content.decode()
    assert "Срочно" in page.content.decode()


def test_the_receiver_sees_it_in_his_day(scene: Scene, client_of: ClientOf) -> None:
    """§6.1 «Мой день»: handovers for me; a draft is not shown yet, also to a KAM without clients."""
    handover, client = scene.started(), client_of(scene.new)
    assert "Передачи мне" not in client.get(reverse("deals:my_handovers")).content.decode()
    propose_handover(handover, by=scene.old)
    page = client.get(reverse("deals:my_handovers")).content.decode()
    assert "Передачи мне" in page
    assert handover.get_absolute_url() in page


def test_the_lead_sees_what_nobody_answers_for(scene: Scene, client_of: ClientOf) -> None:
    """§2.8.2: «Без ответственного» and open handovers on the lead's priorities."""
    make_company(kam=scene.cast.belova)
    scene.started()
    summary = client_of(scene.cast.belova).get(reverse("deals:handover_summary")).content.decode()
    assert "1 клиент" in summary
    assert "1 открытая передача" in summary


@pytest.mark.slow
def test_each_tab_shows_its_own(scene: Scene, client_of: ClientOf) -> None:
    """Mine to accept, mine to give, all open, finished."""
    propose_handover(scene.started(), by=scene.old)
    shown = {
        (person.username, tab): "Меридиан"
        in client_of(person).get(reverse("deals:handover_list"), {"show": tab}).content.decode()
        for person in (scene.old, scene.new)
        for tab in ("to_me", "from_me", "done")
    }
    assert [key for key, is_there in shown.items() if is_there] == [
        ("lisina", "from_me"),
        ("vetrov", "to_me"),
    ]


def test_amounts_and_names_are_for_whom_they_are_meant(scene: Scene, client_of: ClientOf) -> None:
    """§3: BackOffice sees amounts and no people; the two KAMs see both."""
    handover = propose_handover(scene.started(), by=scene.old)
    page = client_of(scene.cast.titova).get(handover.get_absolute_url()).content.decode()
    assert "Карта ЛПР" not in page.split("dossier-title")[1]
    assert "Карта ЛПР" in client_of(scene.new).get(handover.get_absolute_url()).content.decode()


def test_the_list_costs_the_same_for_many(scene: Scene, client_of: ClientOf, query_budget: Any) -> None:
    """R101: ≤ 15 statements, flat."""
    client = client_of(scene.cast.belova)

    def add(number: int) -> None:
        for _each in range(number):
            make_handover(make_company(kam=scene.old), scene.old, scene.new)

    query_budget(add, lambda: client.get(reverse("deals:handover_list"), {"show": "team"}), at_most=15)


def test_one_handover_costs_the_same_for_many_tasks(
    scene: Scene, client_of: ClientOf, query_budget: Any
) -> None:
    """R101: ≤ 15 statements, flat in tasks."""
    handover, client = scene.started(), client_of(scene.cast.belova)

    def add(number: int) -> None:
        for each in range(number):
            scene.make_task(f"Дело {each}")

    query_budget(add, lambda: client.get(handover.get_absolute_url()), at_most=15)
