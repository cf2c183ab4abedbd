"""Every address of the API × tokens (tests/doors/api.py): no token and a wrong one → 401, no scope → 403."""

from collections.abc import Callable
from typing import Any
from uuid import uuid4

import pytest
from django.test import Client
from django.urls import reverse

from deals.models import Deal
from tests.doors import ApiDoor
from tests.doors.api import API_DOORS
from tests.factories import make_company, make_contract, make_deal, make_document
from tests.roadmaps.makers import make_plan, make_plan_task
from upsell_crm.core.api.scopes import ApiScope
from upsell_crm.core.models import User

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("cast")]


def address(name: str, door: ApiDoor, *, is_known: bool = True) -> str:
    if not door.of:
        return reverse(name)
    company = make_company(kam=User.objects.get(username="lisina"))
    record: Any = company
    if door.of == "contract":
        record = make_contract(company, ("casebook", 1))
    elif door.of != "company":
        deal = make_deal(company)
        record = deal if door.of == "deal" else _upon(deal, door.of)
    return reverse(name, kwargs={"id": record.public_id if is_known else uuid4()})


def _upon(deal: Deal, kind: str) -> Any:
    """What hangs on a deal; a task of a plan is addressed by the task itself."""
    if kind == "document":
        return make_document(deal)
    plan = make_plan(deal)
    return deal if kind == "deal_with_plan" else make_plan_task(plan, deal.responsible_kam).task


@pytest.mark.slow
@pytest.mark.parametrize("name", sorted(API_DOORS))
def test_each_door_opens_to_the_right_token_only(name: str, machine_with: Callable[..., Any]) -> None:
    door = API_DOORS[name]
    here, nowhere = address(name, door), address(name, door, is_known=False)
    stranger: Any = Client()
    stranger.get, read = getattr(stranger, door.method), stranger.get
    if not door.scope:
        assert stranger.get(here).status_code == 200
        return
    assert stranger.get(here).status_code == 401
    assert stranger.get(here, headers={"Authorization": "Bearer crm_00000000_x"}).status_code == 401
    needed = door.scope.split()
    for scope in needed:
        others = machine_with(*({str(one) for one in ApiScope} - {scope}))
        answer = stranger.get(here, headers={"Authorization": f"Bearer {others.token}"})
        assert (answer.status_code, answer.json()["code"]) == (403, "insufficient_scope")
        assert scope in answer.json()["detail"]
    right = machine_with(*needed)
    headers = {"Authorization": f"Bearer {right.token}"}
    assert stranger.get(here, headers=headers).status_code == door.answer
    assert stranger.get(nowhere, headers=headers).status_code == (404 if door.of else 200)
    if door.method == "get":
        assert read(here, headers=headers).status_code == stranger.head(here, headers=headers).status_code


@pytest.mark.parametrize("name", sorted(API_DOORS))
@pytest.mark.parametrize("method", ["post", "put", "patch", "delete", "options", "trace"])
def test_what_is_not_served_is_refused(name: str, method: str, machine_with: Callable[..., Any]) -> None:
    """faults D10, D13: other methods are 405 with a problem, whatever the token may."""
    door = API_DOORS[name]
    if method == door.method:
        pytest.skip("this one is served")
    token = machine_with(*(str(one) for one in ApiScope)).token
    answer = getattr(Client(), method)(address(name, door), headers={"Authorization": f"Bearer {token}"})
    assert answer.status_code == 405
    assert answer["Content-Type"] == "application/problem+json"
    assert answer.json()["code"] == "method_not_allowed"
    assert door.method.upper() in answer["Allow"]
