"""Laws of the machine of deals: whatever people and jobs try, §2.9 and §2.8.4 hold."""

from collections import Counter
from collections.abc import Callable
from datetime import timedelta
from random import Random
from typing import Any

import pytest
from django.db import transaction

from accounts.enums import ContractStatus
from accounts.models import ProcurementType
from accounts.references import seed_procedures
from deals.checklists import items_of, key_of
from deals.deal_machine import MOVES
from deals.enums import CLOSED_STAGES, LOST_REASONS, ROAD, DealStage
from deals.models import Deal, DealContract
from deals.references import seed_checklists
from deals.services.deal_moves import (
    hold_deal,
    lose_deal,
    move_deal,
    refuse_loss,
    reopen_deal,
    resume_deal,
    win_deal,
)
from tests.factories import Cast, T, make_company, make_contract, make_deal, make_member
from upsell_crm.core.errors import DomainError
from upsell_crm.core.models import AuditEvent
from upsell_crm.core.roles import Role

TABLE = {(str(move.source), str(move.target)) for move in MOVES}
Attempt = Callable[[Deal, Any], Any]


def make_deals(cast: Cast) -> list[Deal]:
    """Thirty deals: with and without a procedure, of key clients, large ones, some with a contract in force."""
    seed_checklists()
    seed_procedures()
    kinds = [None, *ProcurementType.objects.filter(code__in=["direct", "auction_44"])]
    deals = []
    for number in range(30):
        company = make_company(kam=cast.lisina, is_key=number % 7 == 0)
        deal = make_deal(
            company, ("casebook", 1, 1 + number), stage=ROAD[number % 7], procurement_type=kinds[number % 3]
        )
        make_member(deal, cast.vetrov, Role.KAM)
        make_member(deal, cast.kim, Role.CLOSER)
        if number % 5 == 0:
            contract = make_contract(company, ("casebook", 5), status=ContractStatus.ACTIVE)
            DealContract.objects.create(deal=deal, contract=contract)
        deals.append(deal)
    return deals


def attempts(dice: Random, every: set[str]) -> list[Attempt]:
    """The steps of the services with facts that are right, wrong or missing."""
    reason = dice.choice(["", "решение клиента"])
    main = dice.choice(["", *LOST_REASONS])
    return [
        lambda deal, by: move_deal(
            deal, to=dice.choice(DealStage.values), by=by, reason=reason, ticked=dice.choice([every, set()])
        ),
        lambda deal, by: hold_deal(
            deal, by=by, until=T + timedelta(days=dice.choice([-1, 1, 30, 181])), reason=reason
        ),
        lambda deal, by: resume_deal(deal, by=dice.choice([by, None])),
        lambda deal, by: lose_deal(deal, by=by, main_reason=main, comment=reason),
        lambda deal, by: refuse_loss(deal, by=by, reason=reason),
        lambda deal, by: win_deal(deal, by=dice.choice([by, None])),
        lambda deal, by: reopen_deal(deal, by=by, reason=reason),
    ]


def kind_of(before: str, after: str) -> str:
    """Which of the seven kinds of moves of §2.9 this is."""
    if after in (DealStage.HOLD, DealStage.WON, DealStage.LOST):
        return after
    if before == DealStage.HOLD:
        return "resume"
    if before in CLOSED_STAGES:
        return "reopen"
    return "forward" if ROAD.index(DealStage(after)) > ROAD.index(DealStage(before)) else "back"


def live_through(cast: Cast, moves: int, seed: int) -> Counter[str]:
    """So many attempts by everybody; returns how many changed the stage, by kind."""
    dice, deals = Random(seed), make_deals(cast)
    people = [
        cast.lisina,
        cast.vetrov,
        cast.belova,
        cast.kim,
        cast.andreeva,
        cast.demin,
        cast.titova,
        cast.panov,
    ]
    moved: Counter[str] = Counter()
    every = {key_of(item) for item in items_of(ROAD)}
    for _attempt in range(moves):
        deal, step = dice.choice(deals), dice.choice(attempts(dice, every))
        before = deal.stage
        try:
            with transaction.atomic():
                step(deal, dice.choice(people))
        except DomainError:
            deal.refresh_from_db()
            assert deal.stage == before
            continue
        if deal.stage != before:
            moved[kind_of(before, deal.stage)] += 1
            assert (before, deal.stage) in TABLE
            assert AuditEvent.objects.filter(event="move_deal", object_id=deal.pk).latest("id").changes[
                "stage"
            ] == [before, deal.stage]
    check_laws(deals, moved.total())
    return moved


def check_laws(deals: list[Deal], moved: int) -> None:
    """No move without a history row, no closed deal without reason, moment and lead, no pause without its date."""
    assert AuditEvent.objects.filter(event="move_deal").count() == moved
    for deal in Deal.objects.filter(pk__in=[one.pk for one in deals]):
        is_closed = deal.stage in CLOSED_STAGES
        assert is_closed == (deal.closed_at is not None) == bool(deal.lead_at_close_id)
        assert not is_closed or deal.main_reason
        assert (deal.stage == DealStage.HOLD) == (deal.hold_until is not None)
        assert (deal.stage in ROAD) == (deal.return_stage == "")
        if deal.stage == DealStage.WON:
            assert deal.made_contracts.filter(contract__status=ContractStatus.ACTIVE).exists()
        changes = AuditEvent.objects.filter(object_type="deals.deal", object_id=deal.pk).count()
        assert deal.version == 1 + changes


@pytest.mark.slow
def test_three_hundred_random_moves(cast: Cast) -> None:
    """§2.8.4 in short."""
    assert live_through(cast, moves=300, seed=7).total() > 15


@pytest.mark.slow
def test_ten_thousand_random_moves(cast: Cast) -> None:
    """§2.8.4 in full.

    Most attempts are illegal on purpose (eight people, seven steps, wrong facts), so the number of moves says little;
    what counts is that each kind was made again and again, else its part of the laws was not tried.
    """
    moved = live_through(cast, moves=10_000, seed=42)
    assert set(moved) == {"forward", "back", "hold", "resume", "won", "lost", "reopen"}
    assert min(moved.values()) >= 10, moved
