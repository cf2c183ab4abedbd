"""Several saves of one form at the same moment make one record (faults A3, A6); real threads, both engines.

It lives beside the browser stories because it needs their database file: SQLite in memory is one connection.
"""

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from threading import Barrier
from uuid import UUID, uuid4

import pytest
from django.db import connections

from accounts.models import Company, Contact, FactCheck, Interaction, Task
from accounts.services.interactions import log_interaction
from accounts.services.outcome import AgreementSaid, Outcome
from tests.factories import Cast, T, make_company, make_contact, moment
from upsell_crm.core.models import User

pytestmark = pytest.mark.browser
THREADS, ROUNDS = 8, 5


@pytest.fixture
def story(cast: Cast) -> tuple[User, Company, Contact]:
    company = make_company(kam=cast.lisina)
    return cast.lisina, company, make_contact(company)


def together(save: Callable[[], Interaction]) -> list[int]:
    """Run the same save in several threads that start at once; the ids they got."""
    gate = Barrier(THREADS)

    def one(_number: int) -> int:
        gate.wait()
        try:
            return save().pk
        finally:
            connections.close_all()

    with ThreadPoolExecutor(THREADS) as pool:
        return list(pool.map(one, range(THREADS)))


def test_one_form_saved_by_many_threads_is_one_record(story: tuple[User, Company, Contact]) -> None:
    kam, company, contact = story
    outcome = Outcome(
        kind="meeting", starts_at=moment(T, 0), summary="Показали", attendees=[contact], next_step="Позвонить",
        next_step_on=T + timedelta(days=1), agreements=[AgreementSaid("Прислать", due_on=T)],
    )  # fmt: skip

    def save(key: UUID) -> Callable[[], Interaction]:
        return lambda: log_interaction(by=kam, company=company, outcome=outcome, client_id=key)

    for done in range(1, ROUNDS + 1):
        assert len(set(together(save(uuid4())))) == 1
        assert (Interaction.objects.count(), Task.objects.count()) == (done, done)
        assert FactCheck.objects.count() == done
