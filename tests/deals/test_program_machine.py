"""A programme moves only along §2.9, each move by who may, with its line of history (§2.8.4)."""

from random import Random

import pytest
from django.db import transaction

from deals.enums import ProgramState
from deals.models import HoldingProgram
from deals.program_facts import ProgramFacts
from deals.program_machine import MACHINE, MOVES, obstacle
from deals.services.consents import revoke_consent
from deals.services.deals import create_deal
from deals.services.programs import move_program, override_gate, set_value
from tests.deals.holding import Holding, confirm_all, consent_to, make_holding, meet, share_out, stand_at
from tests.factories import Cast, T, make_contact
from upsell_crm.core.errors import DomainError, IllegalTransition, NotAllowed, Stale
from upsell_crm.core.models import AuditEvent

ROAD = [str(state) for state in ProgramState]


def test_the_table_is_the_road_of_the_source() -> None:
    """§2.9: six states in a line, no step back, no jump."""
    assert [(str(move.source), str(move.target)) for move in MOVES] == list(zip(ROAD, ROAD[1:], strict=False))


@pytest.mark.slow
def test_the_whole_road(cast: Cast) -> None:
    """R67–R69, R75: each step is refused until what it needs is there, and says what is missing."""
    holding = make_holding(cast)
    assert "Орехов0" in obstacle(holding.program, ProgramFacts(holding.program, T))
    confirm_all(holding)
    move_program(holding.program, to="consent", by=cast.aliev)
    with pytest.raises(DomainError, match="одобр|approved"):
        move_program(holding.program, to="mechanics", by=cast.aliev)
    consent_to(holding, holding.second)
    move_program(holding.program, to="mechanics", by=cast.aliev)
    share_out(holding, holding.second)
    move_program(holding.program, to="gathering", by=cast.aliev)
    with pytest.raises(DomainError, match="ДЗО 2"):
        move_program(holding.program, to="consolidation", by=cast.aliev)
    meet(holding.second, make_contact(holding.second), cast.aliev, purpose="needs")
    move_program(holding.program, to="consolidation", by=cast.aliev)
    move_program(holding.program, to="done", by=cast.gromov)
    assert MACHINE.open_to(cast.gromov, holding.program) == []
    assert AuditEvent.objects.filter(event="move_program").count() == 5


def test_a_reason_lets_the_proposal_go_without_a_subsidiary(cast: Cast) -> None:
    """R75: a ДЗО that refused to talk does not stop the holding."""
    holding = make_holding(cast)
    consent_of_two(holding)
    stand_at(holding, "gathering")
    move_program(holding.program, to="consolidation", by=cast.aliev, reason="ДЗО 3 ликвидируют")
    assert AuditEvent.objects.get(event="move_program").reason == "ДЗО 3 ликвидируют"


def consent_of_two(holding: Holding) -> None:
    """Two ДЗО are covered."""
    confirm_all(holding)
    consent_to(holding, holding.second, holding.third)


def test_who_may_not_and_who_is_late(cast: Cast) -> None:
    """§2.8.4: a stranger is refused, a jump is no move, of two the second is told."""
    holding = make_holding(cast)
    confirm_all(holding)
    with pytest.raises(NotAllowed):
        move_program(holding.program, to="consent", by=cast.demin)
    with pytest.raises(IllegalTransition) as refusal:
        move_program(holding.program, to="gathering", by=cast.aliev)
    assert refusal.value.allowed == ["consent"]
    seen = holding.program
    move_program(holding.program, to="consent", by=cast.aliev, version=seen.version)
    with pytest.raises(Stale):
        move_program(seen, to="consent", by=cast.gromov, version=seen.version)


@pytest.mark.slow
@pytest.mark.parametrize("steps", [60, pytest.param(10_000, marks=pytest.mark.slow)])
def test_random_moves_leave_no_state_outside_the_table(cast: Cast, steps: int) -> None:
    """§2.8.4 as a law: each change of state is a row of the table with its line of history."""
    dice, table = Random(42), set(zip(ROAD, ROAD[1:], strict=False))
    holding = make_holding(cast, people=1)
    programs = [holding.program, *(another(holding, n) for n in range(min(steps // 40, 20)))]
    moved = 0
    for _step in range(steps):
        program = HoldingProgram.objects.select_related("deal__company").get(pk=dice.choice(programs).pk)
        before = program.state
        try:
            with transaction.atomic():
                stir(holding, program, dice)
            with transaction.atomic():
                move_program(
                    program, to=dice.choice([dice.choice(ROAD), after(program.state)]), by=dice.choice([cast.aliev, cast.gromov, cast.demin, None]),
                    reason=dice.choice(["", "решение"]),
                )  # fmt: skip
        except DomainError:
            program.refresh_from_db()
            assert program.state == before
            continue
        moved += 1
        assert (before, program.state) in table
    history = AuditEvent.objects.filter(event="move_program")
    assert history.count() == moved > min(steps // 12, 10)
    assert {tuple(line.changes["state"]) for line in history} <= table


def after(state: str) -> str:
    """The next state of the road."""
    return ROAD[min(ROAD.index(state) + 1, len(ROAD) - 1)]


def another(holding: Holding, number: int) -> HoldingProgram:
    """One more project over the same head."""
    deal = create_deal(
        by=holding.cast.aliev, company=holding.head, kind="holding", title=f"Проект {number}", next_step="Звонок",
        target_date=holding.deal.target_date, next_step_on=T,
    )  # fmt: skip
    return HoldingProgram.objects.select_related("deal__company").get(deal=deal)


def stir(holding: Holding, program: HoldingProgram, dice: Random) -> None:
    """Something of what guards ask about changes now and then, both ways."""
    cast, what = holding.cast, dice.randrange(12)
    holding.deal = program.deal
    if what == 0:
        state = dice.choice(["refused", "confirmed", "presented"])
        meet(holding.head, holding.people[0], cast.aliev)
        role = holding.role(holding.people[0])
        set_value(by=cast.aliev, program=program, role=role, state=state)
    elif what == 1:
        gate = dice.choice(["consent", "mechanics"])
        override_gate(by=cast.gromov, program=program, opens=gate, reason="решение")
        program.refresh_from_db()
    elif what == 2:
        consent_to(holding, holding.second)
    elif what == 3 and (paper := program.consents.standing().first()):
        revoke_consent(by=cast.aliev, consent=paper, reason="передумали")
    elif what == 4 and not program.mechanics.exists():
        share_out(holding, holding.second, holding.third, holding.fourth, holding.fifth)
