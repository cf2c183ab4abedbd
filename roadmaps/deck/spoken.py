"""Who of the client took part in a communication: the source of what was said there."""

from collections.abc import Collection, Mapping

from accounts.models import Contact, Interaction, InteractionContact
from roadmaps.deck.parts import is_here

People = Mapping[int, list[Contact]]


def people_of(interactions: Collection[int]) -> People:
    """Interaction → people of the client who were there and still work at the client. One statement."""
    rows = InteractionContact.objects.filter(interaction__in=interactions, attended=True)
    found: dict[int, list[Contact]] = {}
    for row in rows.select_related("contact").order_by("pk"):
        if is_here(row.contact):
            found.setdefault(row.interaction_id, []).append(row.contact)
    return found


def speaker(
    people: People, interaction: Interaction | None, department_id: int | None = None
) -> Contact | None:
    """Whoever of the department was there, else the first one; nobody where no communication is named."""
    there = people.get(interaction.pk, []) if interaction else []
    own = [contact for contact in there if department_id and contact.department_id == department_id]
    return next(iter(own or there), None)
