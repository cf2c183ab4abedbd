"""The road of a holding programme as one declared table (§2.9): value → consent → mechanics → gathering → consolidation → done.

A move that is not in MOVES does not exist. `move_program` in services/programs.py is its only user.
"""

from dataclasses import dataclass
from datetime import date

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from deals.access import may
from deals.enums import ProgramState
from deals.models import HoldingProgram
from deals.program_facts import ProgramFacts
from deals.program_needs import ungathered
from upsell_crm.core.errors import DomainError
from upsell_crm.core.machine import Machine, Move
from upsell_crm.core.models import User
from upsell_crm.core.roles import Action, Role

S = ProgramState
NAMED = 5  # how many names a refusal lists


@dataclass(frozen=True, slots=True)
class ProgramMove:
    """What the person states with a move; `known` is one reading of the programme."""

    known: ProgramFacts
    reason: str = ""

    @property
    def day(self) -> date:
        """The business date."""
        return self.known.day


def value_is_confirmed(program: HoldingProgram, facts: ProgramMove) -> None:
    """Gate 1: every key ЛПР of the head, or the lead's override (R67)."""
    if facts.known.is_value_confirmed:
        return
    if not facts.known.unconfirmed:
        raise DomainError("no_key_people", _("Name the key decision-makers of the head organisation first."))
    names = ", ".join(person.role.contact.short_name for person in facts.known.unconfirmed[:NAMED])
    text = _("The value is not confirmed by every key decision-maker of the head. Waiting for: %(names)s")
    raise DomainError("value_not_confirmed", text % {"names": names})


def consent_is_given(program: HoldingProgram, facts: ProgramMove) -> None:
    """Gate 2: a consent in force for one ДЗО at least, or the lead's override (R68)."""
    if not facts.known.is_consent_given:
        raise DomainError(
            "no_consent", _("The client has not approved gathering needs in its subsidiaries yet.")
        )


def mechanics_is_complete(program: HoldingProgram, facts: ProgramMove) -> None:
    """Each function of each ДЗО that takes part has an owner (R69)."""
    if not facts.known.taking_part:
        raise DomainError("no_subsidiaries", _("No subsidiary takes part yet."))
    if gaps := facts.known.gaps:
        text = ngettext(
            "%(n)d function has no owner: %(names)s.", "%(n)d functions have no owner: %(names)s.", len(gaps)
        )
        names = "; ".join(f"{company} — {function.label}" for company, function in gaps[:NAMED])
        raise DomainError("mechanics_incomplete", text % {"n": len(gaps), "names": names})


def needs_are_gathered(program: HoldingProgram, facts: ProgramMove) -> None:
    """A held meeting about needs in each ДЗО that takes part, or a reason why the rest is left out (R75)."""
    if facts.reason.strip() or not (missing := ungathered(program, facts.known.taking_part)):
        return
    names = ", ".join(str(company) for company in missing[:NAMED])
    text = _("Needs are not gathered in: %(names)s. Gather them or write why the proposal goes without them.")
    raise DomainError("needs_missing", text % {"names": names}, {"reason": [text % {"names": names}]})


_KEEPERS = frozenset({Role.KAM, Role.LEAD, Role.HEAD})
_EDIT = Action.EDIT_PROGRAM

MOVES: tuple[Move[HoldingProgram], ...] = (
    Move(S.VALUE, S.CONSENT, _EDIT, _KEEPERS, value_is_confirmed),
    Move(S.CONSENT, S.MECHANICS, _EDIT, _KEEPERS, consent_is_given),
    Move(S.MECHANICS, S.GATHERING, _EDIT, _KEEPERS, mechanics_is_complete),
    Move(S.GATHERING, S.CONSOLIDATION, _EDIT, _KEEPERS, needs_are_gathered),
    Move(S.CONSOLIDATION, S.DONE, _EDIT, _KEEPERS),
)


def _may(by: User, action: Action, program: HoldingProgram) -> bool:
    return may(by, action, program.deal)


MACHINE: Machine[HoldingProgram] = Machine(MOVES, _may)


def obstacle(program: HoldingProgram, known: ProgramFacts) -> str:
    """«Что мешает открыть»: the words in which the next step would be refused; "" when it is open."""
    for move in MACHINE.moves_from(program):
        try:
            move.guard(program, ProgramMove(known))
        except DomainError as refusal:
            return str(refusal.message)
    return ""
