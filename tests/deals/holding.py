"""A holding of two teams with its project, for the stories of the programme."""

from dataclasses import dataclass
from datetime import date
from typing import Any

from accounts.enums import InteractionKind, Purpose
from accounts.models import Company, Contact, ContactRole, Interaction, InteractionContact
from accounts.services.outcome import Outcome
from deals.enums import DZO_FUNCTIONS, DealKind, ProgramState
from deals.models import Deal, DzoConsent, HoldingProgram
from deals.services.consents import draft_consent, give_consent
from deals.services.deals import create_deal
from deals.services.mechanics import assign_function
from deals.services.programs import set_value
from tests.factories import Cast, T, make_company, make_contact, moment


@dataclass
class Holding:
    """АО «Голова» with four ДЗО: № 2–4 of team К2, № 5 of team К1; Алиев keeps the project."""

    cast: Cast
    head: Company
    second: Company
    third: Company
    fourth: Company
    fifth: Company
    people: list[Contact]
    deal: Deal

    @property
    def program(self) -> HoldingProgram:
        """As it stands in the database now."""
        return HoldingProgram.objects.select_related("deal__company").get(deal=self.deal)

    def role(self, person: Contact) -> ContactRole:
        return person.roles.get()


def make_holding(cast: Cast, *, people: int = 2) -> Holding:
    """The holding and its project, opened by the service."""
    head = make_company("АО «Голова»", kam=cast.aliev)
    below = [
        make_company(f"ООО «ДЗО {n}»", kam=kam, parent=head, head=head)
        for n, kam in ((2, cast.aliev), (3, cast.aliev), (4, cast.aliev), (5, cast.lisina))
    ]
    makers = [make_contact(head, f"Орехов{n} Павел Сергеевич") for n in range(people)]
    deal = create_deal(
        by=cast.aliev, company=head, kind=DealKind.HOLDING, title="Проект холдинга", target_date=date(2027, 6, 30),
        next_step="Встреча с ЛПР", next_step_on=date(2026, 11, 27),
    )  # fmt: skip
    return Holding(cast, head, *below, makers, deal)


def meet(company: Company, person: Contact | None, author: Any, day: date = T, **values: Any) -> Interaction:
    """A held meeting in which the person took part, as it lies in the database."""
    meeting = Interaction.objects.create(
        company=company, author=author, starts_at=moment(day, 10), summary="Итог", **values
    )
    if person:
        InteractionContact.objects.create(interaction=meeting, contact=person)
    return meeting


def needs(person: Contact | None = None, *, purpose: str = Purpose.NEEDS, day: date = T) -> Outcome:
    """What the outcome form says about a meeting."""
    return Outcome(
        kind=InteractionKind.MEETING, starts_at=moment(day, 10), purpose=purpose, summary="Собрали потребности",
        next_step="Прислать расчёт", next_step_on=date(2026, 12, 1), attendees=[person] if person else [],
    )  # fmt: skip


def confirm_all(holding: Holding) -> None:
    """Every key ЛПР confirms the value at a meeting."""
    for person in holding.people:
        meet(holding.head, person, holding.cast.aliev)
        set_value(
            by=holding.cast.aliev, program=holding.program, role=holding.role(person), state="confirmed"
        )


def draft(holding: Holding, *companies: Company) -> DzoConsent:
    """A draft with a person and words of evidence."""
    return draft_consent(
        by=holding.cast.aliev, program=holding.program, companies=companies, approved_by=holding.people[0],
        evidence="Письмо № 14",
    )  # fmt: skip


def consent_to(holding: Holding, *companies: Company) -> DzoConsent:
    """The client has approved these ДЗО."""
    return give_consent(by=holding.cast.aliev, consent=draft(holding, *companies), given_on=T)


def share_out(holding: Holding, *companies: Company) -> None:
    """Наумов has every function in these ДЗО."""
    for company in companies:
        for function in DZO_FUNCTIONS:
            assign_function(
                by=holding.cast.aliev, program=holding.program, company=company, function=function,
                user=holding.cast.naumov,
            )  # fmt: skip


def stand_at(holding: Holding, state: str) -> HoldingProgram:
    """The programme in a state, without the road to it."""
    HoldingProgram.objects.filter(deal=holding.deal).update(state=ProgramState(state))
    return holding.program
