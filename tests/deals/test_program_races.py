"""Two moves of one programme never both succeed; a consent and a refusal at the same moment (§2.8.4, §2.8.7); real threads."""

from functools import partial

import pytest

from accounts.models import ContactRole
from deals.models import DealMember, DzoConsent, HoldingProgram, Mechanics
from deals.program_facts import ProgramFacts
from deals.services.consents import give_consent
from deals.services.mechanics import assign_function
from deals.services.members import add_member
from deals.services.programs import move_program, set_value
from tests.deals.holding import Holding, confirm_all, draft, make_holding
from tests.deals.racing import together
from tests.factories import Cast, T
from upsell_crm.core.models import AuditEvent
from upsell_crm.core.roles import Role

pytestmark = pytest.mark.servers
ROUNDS = 5


@pytest.fixture
def cast(transactional_db: None) -> Cast:
    """Committed, so that other connections see them."""
    return Cast()


@pytest.fixture
def holding(cast: Cast) -> Holding:
    """Every key ЛПР has confirmed."""
    holding = make_holding(cast)
    confirm_all(holding)
    return holding


def test_of_two_moves_one_wins(holding: Holding) -> None:
    """§2.8.4: one line of history per change of state."""
    for _round in range(ROUNDS):
        HoldingProgram.objects.update(state="value")
        first, second = holding.program, holding.program
        won = together(
            partial(move_program, first, to="consent", by=holding.cast.aliev),
            partial(move_program, second, to="consent", by=holding.cast.gromov),
        )
        assert sorted(won) == [False, True]
    assert AuditEvent.objects.filter(event="move_program").count() == ROUNDS


def test_a_consent_is_never_given_over_a_refusal(holding: Holding) -> None:
    """§2.8.7: whichever comes first, a consent dated now stands only beside the confirmations it was checked with."""
    role = ContactRole.objects.get(contact=holding.people[0])
    for _round in range(ROUNDS):
        set_value(by=holding.cast.aliev, program=holding.program, role=role, state="confirmed")
        paper = DzoConsent.objects.select_related("program__deal__company").get(
            pk=draft(holding, holding.second).pk
        )
        program = holding.program
        given, refused = together(
            partial(give_consent, by=holding.cast.aliev, consent=paper, given_on=T),
            partial(set_value, by=holding.cast.gromov, program=program, role=role, state="refused"),
        )
        assert refused
        events = AuditEvent.objects.filter(event__in=["give_consent", "set_value"]).order_by("-pk")
        if given:
            assert [event.event for event in events[:2]] == ["set_value", "give_consent"]
        assert not ProgramFacts(holding.program, T).is_value_confirmed


def test_of_two_closers_one_stays(holding: Holding) -> None:
    """R72 holds in the database too."""
    first, second = holding.program, holding.program
    words = {"by": holding.cast.aliev, "company": holding.second, "function": "approve_docs"}
    won = together(
        lambda: assign_function(program=first, user=holding.cast.kim, **words),
        lambda: assign_function(program=second, user=holding.cast.aliev, **words),
    )
    assert sorted(won) == [False, True]
    assert Mechanics.objects.filter(function="approve_docs").count() == 1


def test_of_two_closers_added_at_once_one_stands(holding: Holding) -> None:
    """R72: two leads add a Closer for one ДЗО at the same moment."""
    cast = holding.cast
    for _round in range(ROUNDS):
        DealMember.objects.filter(role=Role.CLOSER).delete()
        won = together(
            partial(add_member, by=cast.aliev, deal=holding.deal, user=cast.kim, role=Role.CLOSER,
                    scope_company=holding.second),
            partial(add_member, by=cast.gromov, deal=holding.deal, user=cast.naumov, role=Role.CLOSER,
                    scope_company=holding.second),
        )  # fmt: skip
        assert sorted(won) == [False, True]
        assert DealMember.objects.filter(role=Role.CLOSER, ended_on=None).count() == 1
