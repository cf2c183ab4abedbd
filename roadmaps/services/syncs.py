"""Syncs: planned into everybody's calendar, moved, called off; the notes corrected (R51)."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

from django.db import transaction
from django.db.models import Max
from django.utils.translation import gettext as _

from accounts.enums import InteractionKind, InteractionState
from accounts.models import Interaction, InteractionUser
from accounts.services.interactions import log_interaction
from accounts.services.outcome import Outcome
from deals.models import DealMember
from roadmaps.agenda import agenda_of
from roadmaps.models import Plan, Sync
from roadmaps.services.plans import check_may_edit, check_not_ended
from roadmaps.services.revisions import lock_plan
from upsell_crm.core import clock
from upsell_crm.core.commands import change, check_version, create
from upsell_crm.core.errors import DomainError, check_reason
from upsell_crm.core.models import User


def plan_sync(
    plan: Plan, *, by: User, starts_at: datetime, participants: Sequence[User], duration_min: int = 60
) -> Sync:
    """A sync ahead: an internal communication of the deal, so that it stands in «Мой день» of everybody who comes.

    Raises NotAllowed, DomainError (`ended`, a time that has passed, nobody comes).
    """
    check_may_edit(by, plan)
    check_not_ended(plan)
    _check_people(participants)
    outcome = Outcome(
        kind=InteractionKind.SYNC, starts_at=starts_at, state=InteractionState.PLANNED, duration_min=duration_min,
        our_people=participants,
    )  # fmt: skip
    with transaction.atomic():
        lock_plan(plan.pk)  # the next number belongs to one
        meeting = log_interaction(
            by=by, company=plan.deal.company, outcome=outcome, context={"deal": str(plan.deal.public_id)}
        )
        InteractionUser.objects.filter(interaction=meeting).update(attended=False)
        number = (Sync.objects.filter(plan=plan).aggregate(last=Max("number"))["last"] or 0) + 1
        return create(Sync(plan=plan, number=number, interaction=meeting), by=by, event="plan_sync")


def sync_at_once(plan: Plan, *, by: User, starts_at: datetime) -> Sync:
    """A sync of this hour with the working group; the second of two clicks gets the one of the first (faults A3)."""
    with transaction.atomic():
        lock_plan(plan.pk)
        same = Sync.objects.filter(
            plan=plan,
            created_by=by,
            interaction__starts_at=starts_at,
            interaction__state=InteractionState.PLANNED,
        )
        if sync := same.first():
            return sync
        return plan_sync(plan, by=by, starts_at=starts_at, participants=participants_of(plan))


def move_sync(
    sync: Sync, *, by: User, starts_at: datetime, participants: Sequence[User], duration_min: int,
    version: int | None = None,
) -> None:  # fmt: skip
    """Another time or circle of a sync that is still ahead. `version` is that of the communication."""
    check_may_edit(by, sync.plan)
    _check_planned(sync)
    _check_people(participants)
    if starts_at <= clock.now():
        text = _("This time has passed: choose a time ahead.")
        raise DomainError("past", text, {"starts_at": [text]})
    meeting = sync.interaction
    check_version(meeting, version)  # the circle alone may have changed
    values = {"starts_at": starts_at, "duration_min": duration_min}
    with transaction.atomic():
        change(meeting, values, by=by, event="move_sync", version=version)
        here = set(meeting.our_people.values_list("user", flat=True))
        wanted = {person.pk for person in participants}
        meeting.our_people.exclude(user__in=wanted).delete()
        InteractionUser.objects.bulk_create(
            InteractionUser(interaction=meeting, user=person, attended=False)
            for person in participants
            if person.pk not in here
        )


def cancel_sync(sync: Sync, *, by: User, reason: str, version: int | None = None) -> None:
    """It does not take place; its number stays, and what it would have talked about goes to the next one."""
    check_may_edit(by, sync.plan)
    _check_planned(sync)
    check_reason(reason)
    _call_off(sync, by=by, reason=reason, version=version)


def call_off_planned(plan: Plan, *, by: User | None, reason: str) -> None:
    """The strategy has ended: nobody meets about it any more. For services that have checked the right."""
    planned = Sync.objects.filter(plan=plan, interaction__state=InteractionState.PLANNED)
    for sync in planned.select_related("interaction__company").order_by("pk"):
        _call_off(sync, by=by, reason=reason or _("This strategy has ended."))


def _call_off(sync: Sync, *, by: User | None, reason: str, version: int | None = None) -> None:
    values = {"state": InteractionState.CANCELLED, "summary": reason.strip()}
    change(sync.interaction, values, by=by, event="cancel_sync", version=version, reason=reason)


def correct_notes(sync: Sync, *, by: User, notes: str, version: int | None = None) -> dict[str, Any]:
    """Other words of a protocol; who and what is in the history."""
    check_may_edit(by, sync.plan)
    if not sync.is_held:
        raise DomainError("not_held", _("This sync has not been held yet."))
    return change(sync, {"notes": notes.strip()}, by=by, event="correct_sync", version=version)


def participants_of(plan: Plan) -> list[User]:
    """Who comes as a rule: the working group of the deal with its responsible KAM."""
    members = (
        DealMember.objects.active_on(clock.today()).filter(deal_id=plan.deal_id).order_by().values("user")
    )
    people = User.objects.filter(pk__in=members) | User.objects.filter(pk=plan.deal.responsible_kam_id)
    return list(people.filter(is_active=True).distinct().order_by("last_name", "first_name", "pk"))


def follow_sync(*, interaction: Interaction, by: User | None, context: Mapping[str, str]) -> None:
    """Reaction to `interaction_logged`: a sync that was logged by the common form has its agenda frozen too (R51).

    One whose protocol has changed the plan is not taken back: raises DomainError.
    """
    if interaction.kind != InteractionKind.SYNC:
        return
    sync = Sync.objects.filter(interaction=interaction).select_related("plan", "revision").first()
    if sync is None:
        return
    if interaction.state == InteractionState.HELD and not interaction.retracted_at:
        if not sync.agenda:
            sync.interaction = interaction
            values = {
                "agenda": agenda_of(sync.plan, sync, clock.today()),
                "notes": sync.notes or interaction.summary,
            }
            change(sync, values, by=by, event="hold_sync")
    elif sync.agenda:
        if sync.revision_id:
            raise DomainError(
                "sync_changed_plan", _("The protocol has changed the plan: correct the plan by a new change.")
            )
        change(sync, {"agenda": {}}, by=by, event="reopen_sync")


def _check_planned(sync: Sync) -> None:
    if not sync.is_planned:
        raise DomainError("not_ahead", _("This sync is not ahead any more."))


def _check_people(people: Sequence[User]) -> None:
    if not people:
        text = _("Tick who comes.")
        raise DomainError("nobody", text, {"participants": [text]})
