"""Two people at one document in the same moment: one of them moves it, the other is told (§2.8.4); real threads.

It lives beside the browser stories because it needs their database file; on PostgreSQL it runs against the server.
"""

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from threading import Barrier
from typing import Any

import pytest
from django.db import OperationalError, connections

from deals.enums import Approval
from deals.models import Document, DocumentRequest
from deals.services.document_requests import request_document, take_request
from deals.services.documents import move_document
from tests.factories import Cast, make_company, make_deal, make_document, make_member
from upsell_crm.core.errors import DomainError
from upsell_crm.core.models import AuditEvent
from upsell_crm.core.roles import Role

pytestmark = pytest.mark.browser
THREADS, ROUNDS = 6, 4


def together(acts: list[Callable[[], Any]]) -> int:
    """Run the acts in threads that start at once; how many of them succeeded."""
    gate = Barrier(len(acts))

    def one(act: Callable[[], Any]) -> bool:
        gate.wait()
        try:
            act()
        except (DomainError, OperationalError):  # refused by a rule, or by a database that is busy
            return False
        finally:
            connections.close_all()
        return True

    with ThreadPoolExecutor(len(acts)) as pool:
        return sum(pool.map(one, acts))


def test_two_moves_of_one_document_never_both_succeed(cast: Cast) -> None:
    """agreed, disagreement and refused at once: one state, one step, one line of history."""
    deal = make_deal(make_company(kam=cast.lisina))
    make_member(deal, cast.kim, Role.CLOSER)
    for _round in range(ROUNDS):
        document = make_document(deal, Approval.CLIENT_REVIEW)
        seen = [Document.objects.select_related("deal__company").get(pk=document.pk) for _ in range(THREADS)]
        targets = [Approval.AGREED, Approval.DISAGREEMENT, Approval.REFUSED] * (THREADS // 3)
        acts = [
            lambda one=one, to=to: move_document(one, to=to, by=cast.kim, comment="п. 4.2", version=1)
            for one, to in zip(seen, targets, strict=True)
        ]
        assert together(acts) == 1
        document.refresh_from_db()
        assert document.version == 2 and document.steps.count() == 2
        assert document.steps.get(left_at=None).approval == document.approval
        assert AuditEvent.objects.filter(event="move_document", object_id=document.pk).count() == 1


def test_two_lawyers_never_both_take_a_request(cast: Cast) -> None:
    """The second reads that it is taken, or that somebody has changed it."""
    cast.gromov.roles.create(role=Role.LAWYER)
    deal = make_deal(make_company(kam=cast.lisina), ("casebook", 1, 2))
    asked = request_document(by=cast.lisina, deal=deal, type="contract")
    known = DocumentRequest.objects.select_related("deal__company", "document__deal__company")
    seen = [known.get(pk=asked.pk) for _ in range(THREADS)]
    lawyers = [cast.panov, cast.gromov] * (THREADS // 2)
    together(
        [
            lambda one=one, by=by: take_request(by=by, request=one)
            for one, by in zip(seen, lawyers, strict=True)
        ]
    )
    asked.refresh_from_db()
    assert asked.version == 2 and asked.assignee in (cast.panov, cast.gromov)
    assert deal.members.filter(role=Role.LAWYER).count() == 1
