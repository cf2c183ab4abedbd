"""Responsible people to choose from: whom a right reaches, and who of many is meant by a few letters."""

from collections.abc import Iterable

from django.db.models import Exists, OuterRef, QuerySet
from django.utils.translation import gettext as _

from upsell_crm.core.models import RoleAssignment, User
from upsell_crm.core.roles import Action, Role, Scope
from upsell_crm.core.text import normalise, search_terms

SUGGESTED = 12  # people in one list of suggestions


def kams_within(by: User | None, right: Action) -> QuerySet[User]:
    """KAMs and leads whose clients this right of a person can reach, None = a machine.

    A right over the team stops at the team; one that follows holdings or single clients crosses teams (§3).
    """
    holders = RoleAssignment.objects.filter(user=OuterRef("pk"), role__in=[Role.KAM, Role.LEAD])
    people = User.objects.filter(Exists(holders)).order_by("pk")
    scopes = by.scopes(right) if by is not None else frozenset([Scope.ALL])
    if Scope.TEAM in scopes and scopes.isdisjoint((Scope.ALL, Scope.HOLDING)):
        people = people.filter(team__members=by)
    return people


def by_name(people: Iterable[User]) -> list[User]:
    """In the order of a list, those who left last; in Python, alike in both databases and without sorting a page's SQL."""
    return sorted(
        people, key=lambda one: (not one.is_active, normalise(f"{one.last_name} {one.first_name}"), one.pk)
    )


def named(people: Iterable[User], typed: str) -> list[User]:
    """Those whose names or login have every typed word, by name, at most a list of suggestions.

    In Python, because SQLite knows no lower case of Cyrillic; a department has some thousand people at most.
    """
    terms, found = search_terms(typed), []
    for person in by_name(people):
        if all(term in normalise(f"{person} {person.patronymic} {person.username}") for term in terms):
            found.append(person)
            if len(found) == SUGGESTED:
                break
    return found


def label_of(person: User) -> str:
    """The name as a list shows it: who has left keeps his clients until they are handed over."""
    return str(person) if person.is_active else _("%(name)s (left)") % {"name": person}
