"""What a holding programme knows when it is asked: key people, consents, who does what (R67–R69)."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from functools import cached_property
from typing import Any

from accounts.enums import DecisionRole, InteractionState
from accounts.models import Company, Contact, ContactRole
from deals.enums import DZO_FUNCTIONS, Function, ValueState
from deals.models import DzoConsent, HoldingProgram, KeyDmValue, Mechanics

Place = tuple[int, str]  # company, function


@dataclass(frozen=True, slots=True)
class KeyPerson:
    """A key ЛПР of the head and what he thinks; who has left is shown, and counts no more."""

    role: ContactRole
    value: KeyDmValue | None
    is_counted: bool

    @property
    def state(self) -> ValueState:
        """Nobody has spoken with him while there is no line about him."""
        return ValueState(self.value.state) if self.value else ValueState.TODO

    @property
    def is_confirmed(self) -> bool:
        """Confirmed at a meeting that stands; one that was taken back proves nothing."""
        meeting = self.value.interaction if self.value else None
        is_held = bool(meeting and meeting.state == InteractionState.HELD and meeting.retracted_at is None)
        return self.state == ValueState.CONFIRMED and is_held


def key_roles(head_id: int) -> list[ContactRole]:
    """The key ЛПР of a head organisation who work there now, each person once."""
    roles = ContactRole.objects.filter(
        company=head_id,
        role=DecisionRole.DM,
        is_key=True,
        valid_to=None,
        contact__in=Contact.objects.working(),
    ).select_related("contact")
    first: dict[int, ContactRole] = {}
    for role in roles.order_by("-influence", "pk"):
        first.setdefault(role.contact_id, role)
    return list(first.values())


def key_people(program: HoldingProgram) -> list[KeyPerson]:
    """Everybody who counts for gate 1, then those who dropped out with what they had said. Two statements."""
    rows = program.key_values.select_related("contact_role__contact", "interaction").order_by("pk")
    values = {row.contact_role_id: row for row in rows}
    people = [
        KeyPerson(role, values.pop(role.pk, None), is_counted=True)
        for role in key_roles(program.deal.company_id)
    ]
    return people + [KeyPerson(row.contact_role, row, is_counted=False) for row in values.values()]


def subsidiaries(program: HoldingProgram) -> list[Company]:
    """Every ДЗО of the holding that is not archived, by name."""
    below = Company.objects.below(program.deal.company).present()
    return list(below.select_related("owner_kam", "team").order_by("sort_name", "pk"))


def covered_ids(program: HoldingProgram, day: date) -> set[int]:
    """The ДЗО that consents in force on the day name (R68)."""
    return _named_by(program.consents.in_force_on(day))


def _named_by(consents: Any) -> set[int]:
    return set(
        DzoConsent.companies.through.objects.filter(dzoconsent__in=consents).values_list("company", flat=True)
    )


@dataclass
class ProgramFacts:
    """One reading of a programme for its page and its guards; each part costs its statements once."""

    program: HoldingProgram
    day: date

    @cached_property
    def people(self) -> list[KeyPerson]:
        return key_people(self.program)

    @cached_property
    def companies(self) -> list[Company]:
        return subsidiaries(self.program)

    @cached_property
    def covered(self) -> set[int]:
        return covered_ids(self.program, self.day)

    @cached_property
    def named(self) -> set[int]:
        """ДЗО of consents that stand, drafts among them."""
        return _named_by(self.program.consents.standing())

    @cached_property
    def lines(self) -> list[Mechanics]:
        return list(self.program.mechanics.select_related("user", "team", "company"))

    @property
    def unconfirmed(self) -> list[KeyPerson]:
        """Key ЛПР who stand in the way of gate 1."""
        return [person for person in self.people if person.is_counted and not person.is_confirmed]

    @property
    def is_value_confirmed(self) -> bool:
        """Gate 1: every key ЛПР of the head has confirmed, or the lead has overruled it; nobody = not yet (R67)."""
        counted = [person for person in self.people if person.is_counted]
        return bool(self.program.value_override_reason) or bool(counted and not self.unconfirmed)

    @property
    def is_consent_given(self) -> bool:
        """Gate 2: a consent is in force, or the lead has overruled it (R68)."""
        return bool(self.program.consent_override_reason or self.covered)

    def is_open_for(self, company_id: int) -> bool:
        """Whether work of the programme may begin in this ДЗО (§2.8.7)."""
        return bool(self.program.consent_override_reason) or company_id in self.covered

    @property
    def taking_part(self) -> list[Company]:
        """The ДЗО that consents name, drafts among them; all of them while nobody has named any."""
        return [company for company in self.companies if not self.named or company.pk in self.named]

    def owners(self) -> dict[Place, list[Mechanics]]:
        """Company and function → who does it."""
        found: dict[Place, list[Mechanics]] = {}
        for line in self.lines:
            found.setdefault((line.company_id, line.function), []).append(line)
        return found

    @property
    def gaps(self) -> list[tuple[Company, Function]]:
        """Functions without an owner in the ДЗО that take part (R69)."""
        return unowned(self.taking_part, self.owners())

    @property
    def completeness(self) -> int:
        """Percent of functions that have an owner, over the ДЗО that take part; rounded down, 0 when there are none."""
        wanted = len(self.taking_part) * len(DZO_FUNCTIONS)
        return (wanted - len(self.gaps)) * 100 // wanted if wanted else 0


def unowned(
    companies: Iterable[Company], owners: dict[Place, list[Mechanics]]
) -> list[tuple[Company, Function]]:
    """Which of the four functions of a ДЗО nobody has."""
    return [
        (company, function)
        for company in companies
        for function in DZO_FUNCTIONS
        if not owners.get((company.pk, function))
    ]
