"""What is missing in our relations with a client, each with the next action (domain.md §2.11 relationship coverage)."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass

from django.db import models
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from accounts.enums import DecisionRole
from accounts.map_people import NO_OWNER_BELOW, Facts, Person, allies_of
from accounts.models import Company


class GapKind(models.TextChoices):
    """The rules, the gravest first."""

    NO_DECIDER = "no_decider", gettext_lazy("nobody who decides is known")
    NO_OWNER = "no_owner", gettext_lazy("a key decision-maker without an owner of ours")
    SILENCE = "silence", gettext_lazy("a decision-maker without contact")
    SINGLE_THREAD = "single_thread", gettext_lazy("everything hangs on one person")
    BLOCKER = "blocker", gettext_lazy("a blocker without a counterweight")
    STRANGE_DEPARTMENT = "strange_department", gettext_lazy("interest, and nobody known there")
    NO_CHAMPION = "no_champion", gettext_lazy("nobody is our champion")


@dataclass(frozen=True, slots=True)
class Gap:
    """One finding in words with the form that closes it."""

    kind: GapKind
    text: str
    url: str
    action: str


def gaps_of(company: Company, facts: Facts) -> list[Gap]:
    """Everything that is missing, the gravest first."""
    return [gap for rule in RULES for gap in rule(company, facts)]


def _no_decider(company: Company, facts: Facts) -> Iterator[Gap]:
    if not any(person.is_decider for person in facts.people):
        text = _("No decision-maker is known: nobody can sign the deal.")
        yield Gap(GapKind.NO_DECIDER, text, _of(company, "add_contact"), _("Add a contact"))


def _no_owner(company: Company, facts: Facts) -> Iterator[Gap]:
    """Each key ЛПР has an owner on our side: somebody who knows him at 3 of 5 or better."""
    for person in facts.people:
        if person.is_decider and person.is_key and person.strength < NO_OWNER_BELOW:
            if person.closest:
                text = _("%(who)s is a key decision-maker, and the closest of us, %(us)s, knows him at %(level)s of 5.") % {
                    "who": person.contact.short_name, "us": person.closest.user.short_name, "level": person.strength,
                }  # fmt: skip
            else:
                text = _("%(who)s is a key decision-maker, and none of us knows him.") % {
                    "who": person.contact.short_name
                }
            yield Gap(GapKind.NO_OWNER, text, _about(person, "contact_strength"), _("Who knows"))


def _silence(company: Company, facts: Facts) -> Iterator[Gap]:
    for person in facts.people:
        if not facts.silence_days or not person.is_decider:
            continue
        who = person.contact.short_name
        if person.silent_days is None:
            text = _("Nobody of us has spoken with %(who)s yet.") % {"who": who}
        elif person.silent_days > facts.silence_days:
            text = ngettext(
                "%(days)s day without contact with %(who)s.", "%(days)s days without contact with %(who)s.", person.silent_days
            ) % {"days": person.silent_days, "who": who}  # fmt: skip
        else:
            continue
        yield Gap(GapKind.SILENCE, text, _of(company, "log_outcome"), _("Log the outcome"))


def _single_thread(company: Company, facts: Facts) -> Iterator[Gap]:
    if facts.thread_days and len(facts.spoke) == 1:
        text = _("In %(days)s days only %(who)s has answered us: if he leaves, so does the client.") % {
            "days": facts.thread_days, "who": facts.spoke[0].short_name,
        }  # fmt: skip
        yield Gap(GapKind.SINGLE_THREAD, text, _of(company, "log_outcome"), _("Log the outcome"))


def _blocker(company: Company, facts: Facts) -> Iterator[Gap]:
    for person in facts.people:
        if person.plays(DecisionRole.BLOCKER) and not allies_of(person, facts):
            text = _("%(who)s blocks, and nobody who is for us stands over or beside him.") % {
                "who": person.contact.short_name
            }
            yield Gap(GapKind.BLOCKER, text, _about(person, "contact_link"), _("Relation on the map"))


def _strange_department(company: Company, facts: Facts) -> Iterator[Gap]:
    for department in facts.strange_departments:
        text = _("«%(department)s» is interested, and we know nobody there.") % {"department": department}
        yield Gap(GapKind.STRANGE_DEPARTMENT, text, _of(company, "add_contact"), _("Add a contact"))


def _no_champion(company: Company, facts: Facts) -> Iterator[Gap]:
    """A champion is named so, or is strongly for us; the one most for us is proposed."""
    if not facts.people or any(p.plays(DecisionRole.CHAMPION) or p.attitude == 2 for p in facts.people):
        return
    best = max(facts.people, key=lambda person: (person.attitude, person.strength, person.influence))
    text = _("Nobody speaks for us when we are not there. The nearest to it is %(who)s.") % {
        "who": best.contact.short_name
    }
    url = f"{_about(best, 'contact_role')}?role={DecisionRole.CHAMPION}"
    yield Gap(GapKind.NO_CHAMPION, text, url, _("Role in the decision"))


RULES: tuple[Callable[[Company, Facts], Iterator[Gap]], ...] = (
    _no_decider, _no_owner, _silence, _single_thread, _blocker, _strange_department, _no_champion,
)  # fmt: skip


def _of(company: Company, name: str) -> str:
    return reverse(f"accounts:{name}", args=[company.public_id])


def _about(person: Person, name: str) -> str:
    return reverse(f"accounts:{name}", args=[person.contact.public_id])
