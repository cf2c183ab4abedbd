"""How the new KAM is introduced: by rule, with the facts that the rule saw (R59, R60)."""

from dataclasses import dataclass
from datetime import date
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from accounts.models import Company, ContactStrength, Interaction
from deals.enums import IntroMode
from deals.handover_machine import decision_makers
from deals.models import Deal
from upsell_crm.core import clock
from upsell_crm.core.models import User
from upsell_crm.core.parameters import parameters


@dataclass(frozen=True, slots=True)
class Suggestion:
    """The mode of the rule and its facts as plain values, kept with the handover."""

    mode: str
    facts: dict[str, Any]


def suggest_mode(company: Company, deal: Deal | None, giver: User, today: date) -> Suggestion:
    """Long with the client, or well known to a ЛПР → a three-way meeting with those ЛПР; else he introduces himself.

    Both bounds are parameters (180 calendar days, strength 3). Four statements.
    """
    bounds = parameters("handover_long_days", "handover_strength")
    days = days_with(company, deal, giver, today)
    makers = decision_makers(company, today).order_by("last_name", "pk")
    known = ContactStrength.objects.filter(user=giver, level__gte=bounds["handover_strength"])
    close = list(makers.filter(pk__in=known.order_by().values("contact")))
    is_long = days >= bounds["handover_long_days"]
    people = close or (list(makers) if is_long else [])
    facts = {
        "days": days if is_long else 0,
        "is_close": bool(close),
        "people": [{"id": contact.pk, "name": contact.short_name} for contact in people],
        "is_gone": not giver.is_active,
    }
    return Suggestion(IntroMode.THREE_WAY if is_long or close else IntroMode.SELF, facts)


def days_with(company: Company, deal: Deal | None, giver: User, today: date) -> int:
    """Calendar days of this person with the client: as its KAM, as a member of the deal, or since his first talk."""
    if company.owner_kam_id == giver.pk and company.owner_since_on:
        return (today - company.owner_since_on).days
    places = deal.members.filter(user=giver).order_by("since_on") if deal else None
    since = places.values_list("since_on", flat=True).first() if places is not None else None
    if since is None:
        talks = Interaction.objects.held().filter(company=company, our_people__user=giver)
        since = clock.local_date(talks.order_by("starts_at").values_list("starts_at", flat=True).first())
    return (today - since).days if since else 0


def suggestion_words(mode: str, facts: dict[str, Any], giver: User) -> str:
    """Why the rule says so, in the reader's language."""
    names = ", ".join(person["name"] for person in facts.get("people", []))
    why = []
    if days := facts.get("days"):
        why.append(
            ngettext(
                "%(who)s has been with this client for %(n)d day", "%(who)s has been with this client for %(n)d days", days
            ) % {"who": giver, "n": days}
        )  # fmt: skip
    if facts.get("is_close"):
        why.append(_("a working contact with decision-makers: %(names)s") % {"names": names})
    elif names:
        why.append(_("decision-makers: %(names)s") % {"names": names})
    if mode != IntroMode.THREE_WAY:
        why = [_("not long with this client, and no working contact with a decision-maker")]
    if facts.get("is_gone"):
        why.append(_("%(who)s does not work here any more, so a meeting is not possible") % {"who": giver})
    return "; ".join(why)
