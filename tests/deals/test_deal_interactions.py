"""What is logged while a deal is open belongs to the deal (domain.md §2.2, R77)."""

from datetime import date, timedelta
from typing import Any

import pytest

from accounts.models import Company, Interaction
from accounts.services.interactions import (
    correct_interaction,
    hold_planned,
    log_interaction,
    retract_interaction,
)
from accounts.services.outcome import Outcome
from deals.enums import DealStage
from deals.models import Deal, DealInteraction
from deals.services.deal_moves import lose_deal
from tests.factories import Cast, T, make_company, make_contact, make_deal, moment
from upsell_crm.core.errors import DomainError


@pytest.fixture
def company(cast: Cast) -> Company:
    """A client of Лисина with one decision-maker."""
    company = make_company(kam=cast.lisina)
    make_contact(company)
    return company


def log(
    cast: Cast, company: Company, hour: int = 10, day: date = T, step: str = "Прислать КП", **context: str
) -> Any:
    """Лисина logs a call of this hour; the context is what slots of the form said."""
    outcome = Outcome(
        kind="call", starts_at=moment(day, hour), summary="Поговорили", attendees=[company.contacts.get()],
        next_step=step, next_step_on=T + timedelta(days=3),
    )  # fmt: skip
    return log_interaction(by=cast.lisina, company=company, outcome=outcome, context=context)


def test_the_only_open_deal_gets_the_record_and_its_next_step(cast: Cast, company: Company) -> None:
    """R77: next step and last contact of the deal are those of its last communication."""
    deal = make_deal(company)
    interaction = log(cast, company, hour=0)
    deal.refresh_from_db()
    assert (deal.next_step, deal.next_step_on) == ("Прислать КП", T + timedelta(days=3))
    assert deal.last_contact_at == interaction.starts_at
    assert DealInteraction.objects.get().interaction == interaction


def test_of_several_deals_the_person_chooses(cast: Cast, company: Company) -> None:
    """Unsaid, none of two is taken; said, that one; a deal of another client is refused and nothing is saved."""
    first, second = make_deal(company), make_deal(company)
    log(cast, company, hour=0)
    assert not DealInteraction.objects.exists()
    log(cast, company, hour=0, deal=str(second.public_id))
    assert DealInteraction.objects.get().deal == second
    foreign = make_deal(make_company(kam=cast.lisina))
    with pytest.raises(DomainError):
        log(cast, company, hour=0, deal=str(foreign.public_id))
    assert (Interaction.objects.count(), first.interaction_links.count()) == (2, 0)


def test_the_person_may_say_that_it_was_about_none(cast: Cast, company: Company) -> None:
    """An empty choice is a choice."""
    make_deal(company)
    log(cast, company, hour=0, deal="")
    assert not DealInteraction.objects.exists()


def test_a_closed_deal_gets_nothing(cast: Cast, company: Company) -> None:
    """Only open deals are looked for."""
    deal = make_deal(company)
    lose_deal(deal, by=cast.lisina, main_reason="price")
    log(cast, company, hour=0)
    assert not DealInteraction.objects.exists()


def test_an_older_talk_entered_later_does_not_overrule_the_newer(cast: Cast, company: Company) -> None:
    """The next step is that of the newest communication."""
    deal = make_deal(company)
    log(cast, company, hour=0, step="Новый шаг")
    log(cast, company, day=T - timedelta(days=4), step="Старый шаг")
    deal.refresh_from_db()
    assert (deal.next_step, deal.last_contact_at) == ("Новый шаг", moment(T, 0))


def test_a_record_taken_back_returns_the_former_step(cast: Cast, company: Company) -> None:
    """«Отменить»: the deal says again what it said before."""
    deal = make_deal(company)
    before = deal.next_step, deal.next_step_on
    interaction = log(cast, company, hour=0)
    retract_interaction(by=cast.lisina, interaction=interaction)
    deal.refresh_from_db()
    assert ((deal.next_step, deal.next_step_on), deal.last_contact_at) == (before, None)


def test_a_correction_goes_on_to_the_deal(cast: Cast, company: Company) -> None:
    """The step of the deal follows the corrected record."""
    deal = make_deal(company)
    interaction = log(cast, company, hour=0)
    values = {"next_step": "Согласовать бюджет", "next_step_on": T + timedelta(days=5)}
    correct_interaction(by=cast.lisina, interaction=interaction, values=values, version=interaction.version)
    deal.refresh_from_db()
    assert deal.next_step == "Согласовать бюджет"


def test_a_planned_meeting_keeps_its_deal_when_it_is_held(cast: Cast, company: Company) -> None:
    """The plan is linked at once, moves neither last contact nor next step; held, it does both."""
    deal, other = make_deal(company), make_deal(company, stage=DealStage.NEEDS)
    ahead = Outcome(
        kind="meeting", starts_at=moment(T + timedelta(days=1)), attendees=[company.contacts.get()]
    )
    plan = log_interaction(
        by=cast.lisina, company=company, outcome=ahead, context={"deal": str(other.public_id)}
    )
    other.refresh_from_db()
    assert (other.last_contact_at, other.next_step) == (None, "Позвонить ЛПР")
    held = Outcome(
        kind="meeting", starts_at=moment(T, 0), summary="Показали", attendees=[company.contacts.get()],
        next_step="Прислать КП", next_step_on=T + timedelta(days=2),
    )  # fmt: skip
    hold_planned(by=cast.lisina, interaction=plan, outcome=held)
    other.refresh_from_db()
    deal.refresh_from_db()
    assert (other.next_step, deal.next_step) == ("Прислать КП", "Позвонить ЛПР")
    assert Deal.objects.exclude(last_contact_at=None).get() == other
