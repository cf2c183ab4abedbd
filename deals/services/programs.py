"""Holding programmes: opening, the value for key ЛПР, overrides of gates, moves (R66–R69)."""

from django.db import transaction
from django.utils.translation import gettext as _

from accounts.enums import DecisionRole
from accounts.models import Contact, ContactRole, Interaction
from deals.access import may
from deals.enums import ProgramState, ValueState
from deals.models import Deal, HoldingProgram, KeyDmValue
from deals.program_facts import ProgramFacts, key_roles
from deals.program_machine import MACHINE, ProgramMove
from upsell_crm.core import clock
from upsell_crm.core.commands import change, create
from upsell_crm.core.errors import DomainError, NotAllowed, check_reason
from upsell_crm.core.models import User
from upsell_crm.core.roles import Action

OVERRIDES = {  # state that waits behind the gate → the field with the reason to go on without it
    ProgramState.CONSENT: "value_override_reason",
    ProgramState.MECHANICS: "consent_override_reason",
}


def open_program(*, deal: Deal, by: User | None) -> None:
    """A holding project gets its programme, with a line per key ЛПР of the head; other deals have none."""
    if not deal.is_holding:
        return
    program = HoldingProgram(deal=deal)
    with transaction.atomic():
        create(program, by=by, event="open_program")
        for role in key_roles(deal.company_id):
            create(KeyDmValue(program=program, contact_role=role), by=by, event="add_key_person")


def note_key_person(*, role: ContactRole, by: User | None) -> None:
    """A key ЛПР who is named later appears in the open programmes of his organisation."""
    if role.role != DecisionRole.DM or not role.is_key:
        return
    others = KeyDmValue.objects.filter(contact_role__contact=role.contact_id).values("program")
    for program in HoldingProgram.objects.open().filter(deal__company=role.company_id).exclude(pk__in=others):
        create(KeyDmValue(program=program, contact_role=role), by=by, event="add_key_person")


def set_value(
    *, by: User, program: HoldingProgram, role: ContactRole, state: str, interaction: Interaction | None = None,
    comment: str = "", version: int | None = None,
) -> KeyDmValue:  # fmt: skip
    """Note what a key ЛПР thinks, with the meeting at which he said it: by default the last one with him.

    «Confirmed» needs a held meeting with him (R67). Raises NotAllowed, Stale, DomainError.
    """
    check_may_keep(by, program)
    if role.pk not in {known.pk for known in key_roles(program.deal.company_id)}:
        raise DomainError("not_key", _("This person is not a key decision-maker of the head organisation."))
    meeting = interaction or last_meeting_with(role.contact)
    if interaction and not _met_at(role.contact, interaction):
        raise DomainError("other_meeting", _("This person did not take part in that meeting."))
    if state == ValueState.CONFIRMED and meeting is None:
        text = _("Log the meeting with this person first: the confirmation refers to it.")
        raise DomainError("no_meeting", text, {"interaction": [text]})
    with transaction.atomic():
        lock(program)
        value = KeyDmValue.objects.filter(program=program, contact_role=role).first()
        value = value or create(KeyDmValue(program=program, contact_role=role), by=by, event="add_key_person")
        said = {
            "state": state,
            "interaction": None if state == ValueState.TODO else meeting,
            "comment": comment.strip(),
        }
        change(value, said, by=by, event="set_value", version=version)
    return value


def override_gate(
    *, by: User, program: HoldingProgram, opens: str, reason: str, version: int | None = None
) -> None:
    """The lead opens the gate before a state without what it asks for; the reason stays in history (R67)."""
    if not may(by, Action.OVERRIDE_GATE, program.deal):
        raise NotAllowed("not_allowed", _("Only the lead overrides a gate."))
    check_open(program)
    if opens not in OVERRIDES:
        raise ValueError(f"there is no gate before {opens}")
    check_reason(reason)
    values = {OVERRIDES[ProgramState(opens)]: reason.strip()}
    with transaction.atomic():
        change(program, values, by=by, event="override_gate", version=version, reason=reason.strip())


def move_program(
    program: HoldingProgram, *, to: str, by: User | None, reason: str = "", version: int | None = None
) -> HoldingProgram:
    """One step along the table of §2.9. Raises IllegalTransition, NotAllowed, Stale, DomainError."""
    move = MACHINE.move_to(program, to, by=by)
    with transaction.atomic():
        lock(program)
        check_open(program)
        facts = ProgramMove(ProgramFacts(program, clock.today()), reason)
        move.guard(program, facts)
        values = {"state": to, **move.effect(program, facts)}
        change(program, values, by=by, event="move_program", reason=reason.strip(), version=version)
    return program


def lock(program: HoldingProgram) -> None:
    """Changes of what the gates ask about wait for each other (SQLite writes one at a time anyway)."""
    list(HoldingProgram.objects.select_for_update().filter(pk=program.pk).order_by().values_list("pk"))


def check_may_keep(by: User, program: HoldingProgram) -> None:
    """An open programme, by who may keep it; raises NotAllowed, DomainError."""
    if not may(by, Action.EDIT_PROGRAM, program.deal):
        raise NotAllowed("not_allowed", _("You may not change this programme."))
    check_open(program)


def check_open(program: HoldingProgram) -> None:
    """Raises DomainError for a finished programme and for one whose deal is closed."""
    if program.state == ProgramState.DONE or not program.deal.is_open:
        raise DomainError("closed", _("The programme is finished."))


def last_meeting_with(contact: Contact) -> Interaction | None:
    """The last held communication in which this person took part."""
    met = Interaction.objects.held().filter(client_people__contact=contact, client_people__attended=True)
    return met.order_by("-starts_at", "-pk").first()


def _met_at(contact: Contact, interaction: Interaction) -> bool:
    held = Interaction.objects.held().filter(pk=interaction.pk, client_people__contact=contact)
    return held.filter(client_people__attended=True).exists()
