"""Log, hold, correct and take back communications; the derived columns of the company follow (R28–R33)."""

from collections.abc import Iterable, Mapping
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID, uuid4

from django.db import transaction
from django.utils.translation import gettext as _

from accounts.access import may
from accounts.enums import InteractionState
from accounts.models import Company, Interaction
from accounts.services.contact_strength import refresh_strengths
from accounts.services.interaction_parts import take_back_parts, write_parts
from accounts.services.outcome import Outcome, check_outcome, same_outcome
from accounts.services.outcome_waits import check_waits
from accounts.services.promises import check_may_log
from upsell_crm.core import clock
from upsell_crm.core.commands import change, create
from upsell_crm.core.errors import DomainError, NotAllowed
from upsell_crm.core.models import AuditEvent, User
from upsell_crm.core.reactions import announce
from upsell_crm.core.roles import Action

UNDO_WINDOW = timedelta(minutes=10)
CORRECTABLE = frozenset(
    {"kind", "starts_at", "summary", "next_step", "next_step_on", "no_next_step_because", "purpose", "result"}
)


def log_interaction(
    *, by: User, company: Company, outcome: Outcome, client_id: UUID | None = None,
    context: Mapping[str, str] | None = None,
) -> Interaction:  # fmt: skip
    """One save of the outcome form: the record, its people, feedback, objections, agreements with tasks, facts.

    `context` is what slots of upper rooms in the form said; it goes on to those rooms. The same `client_id` returns the same record, so a double click or a retry makes one (faults A3–A6);
    another text under a used key is refused. A future start makes a plan. Raises NotAllowed, DomainError.
    """
    check_may_log(by, company)
    if recorded := _recorded(client_id):
        return _repeated(recorded, company, outcome, by=by)
    check_outcome(company, outcome)
    check_waits(company, outcome, by=by)
    try:
        with transaction.atomic():
            interaction = Interaction(
                company=company, client_id=client_id or uuid4(), author=by, **outcome.columns()
            )
            create(interaction, by=by, event="log_interaction")
            write_parts(interaction, outcome, by=by)
            _settle(interaction, by, context=context)
    except DomainError:
        if recorded := _recorded(client_id):  # the twin of a double click was faster
            return _repeated(recorded, company, outcome, by=by)
        raise
    return interaction


def hold_planned(
    *, by: User, interaction: Interaction, outcome: Outcome, version: int | None = None,
    context: Mapping[str, str] | None = None,
) -> Interaction:  # fmt: skip
    """The planned meeting becomes the record of what came of it; raises Stale when somebody was first."""
    check_may_log(by, interaction.company)
    if interaction.state != InteractionState.PLANNED:
        return _repeated(interaction, interaction.company, outcome, by=by)
    check_outcome(interaction.company, outcome)
    check_waits(interaction.company, outcome, by=by)
    with transaction.atomic():
        values: dict[str, Any] = {**outcome.columns(), "author": by}
        change(interaction, values, by=by, event="hold_planned", version=version)
        write_parts(interaction, outcome, by=by)
        _settle(interaction, by, context=context)
    return interaction


def correct_interaction(
    *, by: User, interaction: Interaction, values: dict[str, Any], version: int
) -> Interaction:
    """Correct the words or the time of a record; its author or the lead may; raises Stale, NotAllowed, DomainError."""
    check_may_correct(by, interaction)
    if unknown := values.keys() - CORRECTABLE:
        raise DomainError(
            "not_correctable", _("These fields are not corrected: %s.") % ", ".join(sorted(unknown))
        )
    _check_correction(interaction, values)
    with transaction.atomic():
        change(interaction, values, by=by, event="correct_interaction", version=version)
        _settle(interaction, by)
    return interaction


def check_may_correct(by: User, interaction: Interaction) -> None:
    """Raises NotAllowed for anybody but the author and the lead."""
    check_may_log(by, interaction.company)
    if by != interaction.author and not may(by, Action.ASK_KAM, interaction.company):
        raise NotAllowed("not_author", _("Only the author or the team lead corrects a record."))


def retract_interaction(*, by: User, interaction: Interaction) -> Interaction:
    """«Отменить»: the author takes the record back within ten minutes, with its tasks, facts and strengths.

    A held plan becomes the plan again. Raises NotAllowed for another person and when the time is over.
    """
    if interaction.retracted_at:
        return interaction
    if by != interaction.author:
        raise NotAllowed("not_author", _("Only the author takes a record back."))
    saved = _last_saved(interaction)
    if not _is_fresh(interaction, saved):
        raise NotAllowed("too_late", _("A record is taken back within ten minutes. Correct it instead."))
    with transaction.atomic():
        contact_ids = take_back_parts(interaction, by=by)
        if saved and saved.event == "hold_planned":
            values = {
                **_EMPTY,
                "state": InteractionState.PLANNED,
                "starts_at": _planned_start(interaction, saved),
            }
        else:
            values = {"retracted_at": clock.now()}
        change(interaction, values, by=by, event="retract_interaction", check=False)
        _settle(interaction, by, contact_ids)
    return interaction


def can_retract(user: User, interaction: Interaction) -> bool:
    """Whether the page offers «Отменить»."""
    return user == interaction.author and _is_fresh(interaction, _last_saved(interaction))


_EMPTY: dict[str, Any] = {
    "summary": "", "next_step": "", "next_step_on": None, "no_next_step_because": "", "result": "",
}  # fmt: skip


def refresh_company(company: Company) -> None:
    """Last contact and next step as the standing communications give them; stored for lists of a million rows."""
    standing = Interaction.objects.filter(company=company)
    last = standing.two_way().order_by("-starts_at").values_list("starts_at", flat=True).first()
    step = (
        standing.standing()
        .exclude(state=InteractionState.PLANNED)
        .exclude(next_step="", no_next_step_because="")
        .order_by("-starts_at", "-id")
        .values_list("next_step", "next_step_on")
        .first()
    ) or ("", None)
    company.last_contact_at, (company.next_step, company.next_step_on) = last, step
    Company.objects.filter(pk=company.pk).update(
        last_contact_at=last, next_step=step[0], next_step_on=step[1]
    )


def _settle(
    interaction: Interaction, by: User, contact_ids: Iterable[int] | None = None,
    context: Mapping[str, str] | None = None,
) -> None:  # fmt: skip
    """What follows from the record: strengths, the company's columns, its deal, the ranking."""
    people = (
        contact_ids
        if contact_ids is not None
        else interaction.client_people.values_list("contact_id", flat=True)
    )
    refresh_strengths(people, interaction.our_people.values_list("user_id", flat=True))
    refresh_company(interaction.company)
    announce("interaction_logged", interaction=interaction, by=by, context=context or {})
    announce("facts_changed", company_id=interaction.company_id)


def _recorded(client_id: UUID | None) -> Interaction | None:
    return Interaction.objects.filter(client_id=client_id).first() if client_id else None


def _repeated(recorded: Interaction, company: Company, outcome: Outcome, *, by: User) -> Interaction:
    if recorded.author_id == by.pk and recorded.company_id == company.pk and same_outcome(recorded, outcome):
        return recorded
    raise DomainError(
        "client_id_used",
        _(
            "This form was saved already, with another text. Correct that record in the timeline, or save once more to make another one."
        ),
    )


def _last_saved(interaction: Interaction) -> AuditEvent | None:
    return AuditEvent.objects.filter(
        object_type="accounts.interaction", object_id=interaction.pk, event__in=["log_interaction", "hold_planned"]
    ).first()  # fmt: skip


def _is_fresh(interaction: Interaction, saved: AuditEvent | None) -> bool:
    return clock.elapsed_since(saved.at if saved else interaction.created_at) <= UNDO_WINDOW


def _planned_start(interaction: Interaction, saved: AuditEvent) -> datetime:
    before = saved.changes.get("starts_at")
    return datetime.fromisoformat(before[0]) if before else interaction.starts_at


def _check_correction(interaction: Interaction, values: dict[str, Any]) -> None:
    """The rules of a save hold for a correction too."""
    said = {name: values.get(name, getattr(interaction, name)) for name in CORRECTABLE}
    contacts = [row.contact for row in interaction.client_people.select_related("contact")]
    outcome = Outcome(**said, state=interaction.state, attendees=contacts)
    check_outcome(interaction.company, outcome)
