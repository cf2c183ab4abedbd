"""The handover of story 7 in steps that the tests take one by one."""

from datetime import date, timedelta
from typing import Any

from accounts.models import Company, Contact, ContactStrength, Interaction, Task
from accounts.services.interactions import hold_planned
from accounts.services.outcome import Outcome
from deals.models import Deal, Handover
from deals.references import seed_checklists
from deals.services.handover_intro import complete_handover, plan_introduction
from deals.services.handover_items import accept_item, fill_item
from deals.services.handovers import accept_handover, propose_handover, start_handover
from tests.factories import Cast, T, make_company, make_contact, make_deal, moment
from upsell_crm.core.models import User


class Scene:
    """Лисина gives АО «Меридиан» with a deal and a task to Ветров; she knows the ЛПР well."""

    def __init__(self, cast: Cast) -> None:
        seed_checklists()
        self.cast = cast
        self.old, self.new = cast.lisina, cast.vetrov
        self.company: Company = make_company(
            "АО «Меридиан»", kam=cast.lisina, owner_since_on=date(2026, 1, 12)
        )
        self.contact: Contact = make_contact(self.company)
        ContactStrength.objects.create(contact=self.contact, user=self.old, level=4, as_of=T)
        self.deal: Deal = make_deal(
            self.company, ("casebook", 50, 60), title="Пролонгация Casebook", lead_communicator=self.old
        )
        self.task = self.make_task("Прислать расчёт")

    def make_task(self, title: str, **values: Any) -> Task:
        """An open task of the old KAM on the client."""
        values.setdefault("assignee", self.old)
        return Task.objects.create(company=self.company, title=title, due_on=T, receiver=self.old, **values)

    def started(self, **values: Any) -> Handover:
        """A draft."""
        values.setdefault("by", self.old)
        return start_handover(
            company=self.company, to_user=values.pop("to_user", self.new), reason="rotation", **values
        )

    def accepted(self, **values: Any) -> Handover:
        """Proposed by the old KAM and accepted by the new one."""
        handover = propose_handover(self.started(**values), by=values.get("by", self.old))
        return accept_handover(handover, by=handover.to_user)

    def checked(self, handover: Handover) -> Handover:
        """Every line of the checklist filled and accepted."""
        filler = handover.from_user if handover.from_user.is_active else self.cast.belova
        for item in handover.items.all():
            if item.filled_at is None:
                fill_item(item, text="нет", by=filler)
            accept_item(item, by=handover.to_user)
        return handover

    def introduced(self, handover: Handover, *, people: list[User] | None = None) -> Interaction:
        """The introduction was planned for yesterday's tomorrow and is held with these people of ours."""
        meeting = plan_introduction(
            handover, by=self.new, starts_at=moment(T + timedelta(days=1)), contacts=[self.contact]
        )
        return hold_planned(
            by=self.new, interaction=meeting,
            outcome=Outcome(
                kind=meeting.kind, starts_at=moment(T, 0), purpose=meeting.purpose, summary="Познакомились",
                attendees=[self.contact], our_people=people or [self.old, self.new],
                no_next_step_because="передача",
            ),
        )  # fmt: skip

    def ready(self, **values: Any) -> Handover:
        """Only the completion is left."""
        handover = self.checked(self.accepted(**values))
        self.introduced(handover)
        return Handover.objects.get(pk=handover.pk)

    def completed(self, **values: Any) -> Handover:
        """All of it."""
        return complete_handover(self.ready(), by=self.new, **values)
