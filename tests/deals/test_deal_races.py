"""Two people move one deal at the same moment: exactly one succeeds (§2.8.4, faults B1); real threads, PostgreSQL."""

from concurrent.futures import ThreadPoolExecutor
from threading import Barrier

import pytest
from django.db import connections

from deals.enums import DealStage
from deals.models import Deal, StageCheck
from deals.references import seed_checklists
from deals.services.deal_moves import move_deal
from tests.factories import Cast, make_company, make_deal
from upsell_crm.core.errors import DomainError
from upsell_crm.core.models import AuditEvent, User

pytestmark = pytest.mark.servers
THREADS, ROUNDS = 6, 10


def test_of_many_moves_at_once_one_succeeds(transactional_db: None, cast: Cast) -> None:
    seed_checklists()
    for _round in range(ROUNDS):
        deal = make_deal(make_company(kam=cast.lisina))
        assert sorted(together(deal, [cast.lisina, cast.belova])) == [False] * (THREADS - 1) + [True]
        assert AuditEvent.objects.filter(event="move_deal", object_id=deal.pk).count() == 1
        assert StageCheck.objects.filter(deal=deal).count() == 7
        assert Deal.objects.get(pk=deal.pk).version == 2


def together(deal: Deal, people: list[User]) -> list[bool]:
    """Everybody has read the same version and saves at once; who got through."""
    gate = Barrier(THREADS)

    def one(number: int) -> bool:
        seen = Deal.objects.select_related("company", "team").get(pk=deal.pk)
        gate.wait()
        try:
            move_deal(seen, to=DealStage.STRATEGY, by=people[number % len(people)], version=1)
        except DomainError:
            return False
        finally:
            connections.close_all()
        return True

    with ThreadPoolExecutor(THREADS) as pool:
        return list(pool.map(one, range(THREADS)))
