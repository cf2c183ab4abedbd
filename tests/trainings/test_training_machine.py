"""Laws of the machine of trainings: whatever people try, §2.9 holds (R35)."""

from collections.abc import Callable
from datetime import timedelta
from decimal import Decimal
from random import Random
from typing import Any

import pytest

from tests.factories import Cast, T, make_company, moment
from tests.trainings.makers import make_training
from trainings.models import Trainee, Training
from trainings.results_rows import ResultRow
from trainings.services.results import enter_results
from trainings.services.trainings import end_training, hold_training, replan_training, update_training
from trainings.training_machine import MACHINE, MOVES, StepFacts
from upsell_crm.core.errors import DomainError
from upsell_crm.core.models import AuditEvent

TABLE = {(str(move.source), str(move.target)) for move in MOVES}


def test_the_table_is_the_one_of_the_domain() -> None:
    """§2.9: planned → held → results, planned → cancelled or nobody came; and the steps back of decision 0041."""
    assert {
        ("planned", "held"), ("held", "results"), ("planned", "cancelled"), ("planned", "no_show"),
        ("results", "held"), ("held", "planned"), ("cancelled", "planned"), ("no_show", "planned"),
    } == TABLE  # fmt: skip


@pytest.mark.parametrize(
    ("attended", "rated", "missing"), [(1, 0, 1), (2, 1, 0), (3, 1, 1), (3, 2, 0), (0, 0, 0)]
)
def test_half_is_rounded_up(attended: int, rated: int, missing: int) -> None:
    """§2.9: of three people two are half."""
    assert StepFacts(moment(), attended=attended, rated=rated).missing == missing


def test_buttons_are_those_that_the_service_takes(cast: Cast) -> None:
    """The KAM may only cancel, the tutor everything, a stranger nothing."""
    training = make_training(make_company(kam=cast.lisina), cast.gai)
    assert {move.target for move in MACHINE.open_to(cast.lisina, training)} == {"cancelled"}
    assert {move.target for move in MACHINE.open_to(cast.gai, training)} == {"held", "cancelled", "no_show"}
    assert MACHINE.open_to(cast.demin, training) == MACHINE.open_to(cast.titova, training) == []


@pytest.mark.slow
def test_random_steps_stay_on_the_table(cast: Cast) -> None:
    """Hundreds of steps by right and wrong people: only moves of the table, guards always true, history of each."""
    dice, company = Random(7), make_company(kam=cast.lisina)
    trainings = [make_training(company, cast.gai, ago=dice.randint(-3, 20), topic=f"№ {n}") for n in range(8)]
    for training in trainings:
        Trainee.objects.create(training=training, name="Лапина Ирина")
    met: set[str] = set()
    people = (cast.gai, cast.lisina, cast.belova, cast.demin, cast.andreeva)
    for _step in range(200):
        training = Training.objects.get(pk=dice.choice(trainings).pk)
        before = training.state
        try:
            dice.choice(attempts(dice))(training, dice.choice(people))
        except DomainError:
            assert Training.objects.get(pk=training.pk).state == before
            continue
        after = Training.objects.get(pk=training.pk)
        walked = (
            before == after.state
            or (before, after.state) in TABLE
            or (before, after.state) == ("planned", "results")
        )
        assert walked, (before, after.state)
        met.add(after.state)
        check(after)
    assert met == {"planned", "held", "results", "cancelled", "no_show"}
    assert AuditEvent.objects.filter(object_type="trainings.training").exists()


def attempts(dice: Random) -> list[Callable[[Training, Any], Any]]:
    """The services with facts that are right, wrong or missing."""
    reason = dice.choice(["", "Клиент перенёс"])
    rows = [
        ResultRow(who="", name=f"Человек {n}", attended=dice.random() < 0.7, test=None) for n in range(dice.randint(0, 4))
    ]  # fmt: skip
    rated = [
        ResultRow(who="", name=row.name, attended=row.attended, test=Decimal(70) if row.attended else None)
        for row in rows
    ]
    return [
        lambda training, by: hold_training(
            training, came=list(training.trainees.all())[: dice.randint(0, 2)], by=by
        ),
        lambda training, by: end_training(
            training, to=dice.choice(["cancelled", "no_show"]), reason=reason, by=by
        ),
        lambda training, by: replan_training(training, by=by),
        lambda training, by: enter_results(training, dice.choice([rows, rated]), by=by),
        lambda training, by: update_training(training, {"topic": f"Тема {dice.random()}"}, by=by),
    ]


def check(training: Training) -> None:
    """What every state promises."""
    came = training.trainees.filter(attended=True)
    if training.state in ("held", "results"):
        assert came.exists() and training.starts_at <= moment(T + timedelta(1))
    if training.state == "results":
        rated = came.exclude(test=None, reaction=None).count()
        assert 2 * rated >= came.count()
    if training.state in ("planned", "cancelled", "no_show"):
        assert not came.exists()
    if training.state in ("cancelled", "no_show"):
        assert training.state_reason
