"""A handover killed at any of its writes leaves everything with the old KAM."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import timedelta
from typing import Any

import pytest
from django.apps import apps
from django.db import connection

from accounts.models import Agreement, Interaction
from deals.models import Handover
from deals.services.handover_intro import complete_handover
from deals.services.handovers import accept_handover
from tests.deals.handover_cast import Scene
from tests.factories import Cast, T, moment

WRITES = ("INSERT", "UPDATE", "DELETE")


class Killed(Exception):
    """The process dies here."""


@contextmanager
def killed_at(number: int) -> Iterator[list[str]]:
    """Raise instead of the write with this number (0 = never); yields the writes that were tried."""
    tried: list[str] = []

    def count(execute: Callable[..., Any], sql: str, params: Any, many: bool, context: Any) -> Any:
        if sql.lstrip().upper().startswith(WRITES):
            tried.append(sql)
            if len(tried) == number:
                raise Killed(sql)
        return execute(sql, params, many, context)

    with connection.execute_wrapper(count):
        yield tried


def everything() -> dict[str, list[Any]]:
    """Every row of every table of the product."""
    models = [model for model in apps.get_models() if model._meta.app_label in ("accounts", "deals", "core")]
    return {model._meta.label: list(model._base_manager.order_by("pk").values()) for model in models}


@pytest.fixture
def full_scene(cast: Cast) -> Scene:
    """With two deals, two tasks, a promise and a planned meeting, so that each kind of write happens."""
    scene = Scene(cast)
    scene.make_task("Второе дело")
    meeting = Interaction.objects.create(
        company=scene.company, author=scene.old, state="planned", starts_at=moment(T + timedelta(days=3))
    )
    Agreement.objects.create(
        interaction=meeting, company=scene.company, text="Прислать", owner_user=scene.old
    )
    return scene


@pytest.mark.slow
@pytest.mark.parametrize("of_deal", [False, True])
def test_killed_at_any_write_it_leaves_everything_with_the_old_kam(full_scene: Scene, of_deal: bool) -> None:
    """Bar of the issue and faults A24: a failpoint at each k; all or nothing."""
    scene = full_scene
    handover = scene.ready(deal=scene.deal if of_deal else None)
    before = everything()
    kills = 0
    while True:
        fresh = Handover.objects.get(pk=handover.pk)
        try:
            with killed_at(kills + 1) as tried:
                complete_handover(fresh, by=scene.new)
        except Killed:
            assert everything() == before, tried[-1]
            kills += 1
            continue
        break
    assert kills == len(tried) >= (8 if of_deal else 15)
    scene.deal.refresh_from_db()
    assert scene.deal.responsible_kam == scene.new


@pytest.mark.slow
def test_an_acceptance_killed_at_any_write_gives_no_rights(full_scene: Scene) -> None:
    """The same bar for the step before: no half of a dual ownership."""
    scene = full_scene
    handover = scene.started()
    Handover.objects.filter(pk=handover.pk).update(state="proposed")
    before = everything()
    for number in range(1, 100):
        fresh = Handover.objects.get(pk=handover.pk)
        try:
            with killed_at(number):
                accept_handover(fresh, by=scene.new)
        except Killed:
            assert everything() == before
        else:
            break
    assert number > 5
