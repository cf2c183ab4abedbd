"""A pasted or uploaded list of people, matched with those we know: by e-mail, else by name and company (R88)."""

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, field

from django.db.models.functions import Lower
from django.utils.translation import gettext as _

from accounts.models import Company, Contact
from trainings.models import MarketingActivity
from upsell_crm.core.errors import DomainError
from upsell_crm.core.models import User
from upsell_crm.core.text import normalise

MOST_LINES = 2_000


@dataclass(slots=True)
class Matched:
    """Who was found, and the lines that mean nobody or several people."""

    people: list[Contact] = field(default_factory=list)
    unknown: list[str] = field(default_factory=list)
    ambiguous: list[str] = field(default_factory=list)


def match_people(text: str, activity: MarketingActivity, *, by: User) -> Matched:
    """Each line is a person: «ФИО», an e-mail, a row of a table. Whoever is invited is meant before a namesake.

    Two statements, whatever the length. Raises DomainError when there are too many lines.
    """
    lines = [" ".join(line.replace(";", " ").split()) for line in text.splitlines()]
    lines = list(dict.fromkeys(line for line in lines if line))
    if len(lines) > MOST_LINES:
        raise DomainError("too_long", _("A list may have up to %d lines.") % MOST_LINES)
    known = _candidates(lines, by)
    invited = set(activity.touches.values_list("contact_id", flat=True))
    result, seen = Matched(), set[int]()
    for line in lines:
        found = _meant(line, known, invited)
        if len(found) == 1:
            if found[0].pk not in seen:
                seen.add(found[0].pk)
                result.people.append(found[0])
        else:
            (result.ambiguous if found else result.unknown).append(line)
    return result


def _candidates(lines: Iterable[str], by: User) -> dict[str, list[Contact]]:
    """E-mail and normalised last name → people of the clients within reach."""
    mails = {word.strip("<>,").lower() for line in lines for word in line.split() if "@" in word}
    names = {word.strip(",").capitalize() for line in lines for word in line.split() if "@" not in word}
    reach = Contact.objects.working().filter(
        company__in=Company.objects.visible_to(by).order_by().values("pk")
    )
    people = reach.annotate(mail=Lower("email")).select_related("company").order_by("pk")
    known: dict[str, list[Contact]] = defaultdict(list)
    for person in [*people.filter(mail__in=mails)] if mails else []:
        known[person.mail].append(person)
    for person in people.filter(last_name__in=names):
        known[normalise(person.last_name)].append(person)
    return known


def _meant(line: str, known: dict[str, list[Contact]], invited: set[int]) -> list[Contact]:
    by_mail = [
        person for word in line.split() if "@" in word for person in known.get(word.strip("<>,").lower(), ())
    ]
    found = by_mail or _by_name(set(normalise(line).split()), known)
    found = list({person.pk: person for person in found}.values())
    if len(found) > 1:
        found = [person for person in found if person.pk in invited] or found
    if len(found) > 1:
        words = set(normalise(line).split())
        found = [person for person in found if set(person.company.sort_name.split()) & words] or found
    return found


def _by_name(words: set[str], known: dict[str, list[Contact]]) -> list[Contact]:
    """Last and first name both stand in the line; a last name alone when the person has no first name."""
    return [
        person
        for word in words
        for person in known.get(word, ())
        if not person.first_name or normalise(person.first_name) in words
    ]
