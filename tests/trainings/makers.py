"""Makers of trainings for the suite: held on a day, with a list of people given by counts."""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta
from decimal import Decimal
from itertools import count
from typing import Any

import pytest

from accounts.models import Company
from tests.factories import T, make_product, moment
from trainings.enums import TrainingState
from trainings.models import Trainee, Training
from upsell_crm.core.errors import DomainError
from upsell_crm.core.models import User

_numbers = count(1)


def make_training(company: Company, tutor: User, *, ago: int = 30, **values: Any) -> Training:
    """A training so many days before T (after it when negative); planned unless a state is given."""
    values.setdefault("product", make_product())
    values.setdefault("topic", "Поиск дел")
    values.setdefault("starts_at", moment(T - timedelta(ago), hour=10))
    return Training.objects.create(company=company, tutor=tutor, **values)


def make_results(
    company: Company, tutor: User, *, invited: int = 20, attended: int = 18, reaction: str | None = "4.2",
    test: int | None = 80, activated: int | None = 12, **values: Any,
) -> Training:  # fmt: skip
    """A held training of the golden index of §4.3, 0.78; whoever came has every result, `None` = nobody has it."""
    values.setdefault("state", TrainingState.RESULTS)
    training = make_training(company, tutor, **values)
    Trainee.objects.bulk_create(
        Trainee(
            training=training, name=f"Слушатель {next(_numbers)}", attended=place < attended,
            reaction=Decimal(reaction) if reaction and place < attended else None,
            test=test if place < attended else None,
            activated_30d=place < activated if activated is not None and place < attended else None,
        )
        for place in range(invited)
    )  # fmt: skip
    return training


@contextmanager
def refused(code: str) -> Iterator[None]:
    """The service says no, for this reason."""
    with pytest.raises(DomainError) as refusal:
        yield
    assert refusal.value.code == code
