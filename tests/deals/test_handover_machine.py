"""Handovers move only along the table of §2.9, each move by who may, with a line of history (§2.8.4)."""

from random import Random

import pytest
from django.db import transaction

from accounts.enums import InteractionState
from accounts.models import Company, Contact, Interaction, InteractionContact, InteractionUser
from deals.enums import HandoverState, IntroMode
from deals.handover_machine import MOVES
from deals.models import Handover
from deals.services.handover_intro import complete_handover, plan_introduction
from deals.services.handover_items import accept_item, fill_item
from deals.services.handovers import (
    accept_handover,
    cancel_handover,
    change_mode,
    decline_handover,
    propose_handover,
)
from tests.factories import Cast, T, make_company, make_contact, make_handover, moment
from upsell_crm.core.errors import DomainError
from upsell_crm.core.models import AuditEvent, User

S = HandoverState
TABLE = {(move.source, move.target) for move in MOVES}


class Player:
    """Tries anything, mostly what is forbidden."""

    def __init__(self, cast: Cast, seed: int) -> None:
        self.dice = Random(seed)
        self.people = [
            cast.lisina,
            cast.vetrov,
            cast.belova,
            cast.andreeva,
            cast.demin,
            cast.kim,
            cast.gromov,
        ]
        self.cast = cast
        self.made: list[tuple[int, Company, Contact]] = []
        for _number in range(12):
            self.start()

    def start(self) -> None:
        """One more handover, of a KAM who is here or who has left."""
        company = make_company(kam=self.cast.lisina)
        contact = make_contact(company)
        handover = make_handover(company, self.cast.lisina, self.cast.vetrov)
        self.made.append((handover.pk, company, contact))

    def turn(self) -> tuple[Handover, str]:
        """One attempt at one handover; the state before it. Raises DomainError when it is refused."""
        pk, _company, contact = self.dice.choice(self.made)
        handover = Handover.objects.get(pk=pk)
        before = handover.state
        by = self.dice.choice(self.people)
        reason = self.dice.choice(["", "решение"])
        attempt = self.dice.randrange(8)
        if attempt == 0:
            propose_handover(handover, by=by)
        elif attempt == 1:
            accept_handover(handover, by=by)
        elif attempt == 2 and self.dice.random() < 0.2:
            decline_handover(handover, reason=reason, by=by)
        elif attempt == 3 and self.dice.random() < 0.2:
            cancel_handover(handover, reason=reason, by=by)
        elif attempt == 4:
            when = moment(T.replace(day=self.dice.choice([20, 28])))
            plan_introduction(handover, by=by, starts_at=when, contacts=[contact][: self.dice.randint(0, 1)])
        elif attempt == 5:
            self.hold(handover)
            complete_handover(handover, by=by, introduced_how=reason)
        elif attempt == 6:
            self.check(handover, by)
        elif attempt == 7:
            mode = self.dice.choice(IntroMode.values)
            change_mode(handover, mode=mode, mode_reason=reason, by=by)
        return handover, before

    def hold(self, handover: Handover) -> None:
        """The planned introduction is held now and then, by some of those who were asked to come."""
        if handover.introduction and self.dice.random() < 0.7:
            Interaction.objects.filter(pk=handover.introduction_id).update(state=InteractionState.HELD)
            InteractionContact.objects.filter(interaction=handover.introduction_id).update(attended=True)
            InteractionUser.objects.filter(interaction=handover.introduction_id).update(attended=True)
            handover.introduction.refresh_from_db()

    def check(self, handover: Handover, by: User) -> None:
        """A line of the checklist is written or accepted."""
        item = handover.items.get()
        if self.dice.random() < 0.3:
            fill_item(item, text=self.dice.choice(["", "нет"]), by=by)
        else:
            accept_item(item, by=by)


def play(cast: Cast, turns: int, seed: int) -> set[str]:
    """Any number of turns leaves only states of the table, each with its line of history; gives the reached ones."""
    player, moved = Player(cast, seed), 0
    reached: set[str] = set()
    for _turn in range(turns):
        try:
            with transaction.atomic():
                handover, before = player.turn()
        except DomainError:
            continue
        stored = Handover.objects.get(pk=handover.pk)
        assert stored.state == handover.state
        if stored.state != before:
            moved += 1
            assert (before, stored.state) in TABLE
            reached.add(stored.state)
            kam = cast.vetrov if stored.state == S.COMPLETED else cast.lisina
            assert Company.objects.get(pk=stored.company_id).owner_kam == kam
            if stored.state == S.COMPLETED:
                assert not stored.items.filter(accepted_at=None).exists()
            if not stored.is_open:
                player.start()
    history = AuditEvent.objects.filter(event="move_handover")
    assert history.count() == moved
    assert {tuple(line.changes["state"]) for line in history} <= {(str(a), str(b)) for a, b in TABLE}
    return reached


@pytest.mark.slow
def test_random_moves_stay_on_the_table(cast: Cast) -> None:
    """The short form of the bar."""
    assert play(cast, 400, seed=42) >= {S.PROPOSED, S.ACCEPTED, S.CANCELLED}


@pytest.mark.slow
def test_ten_thousand_random_moves_stay_on_the_table(cast: Cast) -> None:
    """Bar of the issue: 10,000 random legal and illegal moves."""
    reached = play(cast, 10_000, seed=7)
    assert reached >= {S.PROPOSED, S.ACCEPTED, S.DECLINED, S.CANCELLED, S.INTRO, S.COMPLETED}
