"""Contacts of the client whom an unknown trainee may be (R36); one statement for a whole list."""

from collections.abc import Sequence
from dataclasses import dataclass

from accounts.models import Contact
from trainings.models import Trainee
from trainings.results_paste import is_same_person
from upsell_crm.core.text import normalise

MOST_ALIKE = 3


@dataclass(frozen=True, slots=True)
class Candidate:
    """An unknown trainee and the contacts that he may be, the likeliest first."""

    trainee: Trainee
    alike: list[Contact]


def similar_people(company_id: int, trainees: Sequence[Trainee]) -> list[Candidate]:
    """By e-mail, by surname with a fitting name, then by the surname alone."""
    if not trainees:
        return []
    people = list(Contact.objects.filter(company=company_id, anonymised_at=None).order_by("pk"))
    return [Candidate(trainee, _alike(trainee, people)) for trainee in trainees]


def _alike(trainee: Trainee, people: Sequence[Contact]) -> list[Contact]:
    words = normalise(trainee.name).split()

    def rank(person: Contact) -> int:
        known = normalise(person.full_name).split()
        if trainee.email and person.email.lower() == trainee.email.lower():
            return 0
        if is_same_person(known, words):
            return 1
        return 2 if words and known[:1] == words[:1] else 9

    ranked = [(rank(person), place, person) for place, person in enumerate(people)]
    return [person for level, _place, person in sorted(ranked, key=lambda one: one[:2]) if level < 9][
        :MOST_ALIKE
    ]
