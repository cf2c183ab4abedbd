"""Exchanges of experience: planned, held with a protocol, and the next one of the series (R80)."""

from collections.abc import Collection
from datetime import datetime, timedelta
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from trainings.enums import SessionState
from trainings.models import ExchangeSession, SessionMember
from upsell_crm.core import clock
from upsell_crm.core.access import require
from upsell_crm.core.commands import change, create
from upsell_crm.core.errors import DomainError, IllegalTransition, NotAllowed
from upsell_crm.core.models import User
from upsell_crm.core.roles import Action, Scope


def plan_session(
    *, by: User, topic: str, starts_at: datetime, members: Collection[User], repeat_weeks: int = 0
) -> ExchangeSession:
    """A meeting of colleagues; 0 weeks = once. Raises NotAllowed, DomainError."""
    require(by, Action.MODERATE_NOTE)
    session = ExchangeSession(
        topic=topic.strip(), starts_at=starts_at, leader=by, team=by.team, repeat_weeks=repeat_weeks or 0
    )
    with transaction.atomic():
        create(session, by=by, event="plan_session")
        _invite(session, {by.pk, *(member.pk for member in members)})
    return session


def change_session(
    session: ExchangeSession, values: dict[str, Any], *, by: User, members: Collection[User], version: int | None = None
) -> None:  # fmt: skip
    """Another topic, time, rhythm or circle, while it is planned."""
    check_may_lead(by, session)
    _check_planned(session)
    with transaction.atomic():
        change(session, values, by=by, event="change_session", version=version)
        wanted = {session.leader_id, *(member.pk for member in members)}
        session.members.exclude(user__in=wanted).delete()
        _invite(session, wanted - set(session.members.values_list("user_id", flat=True)))


def hold_session(
    session: ExchangeSession, *, by: User, protocol: str, attended: Collection[User], version: int | None = None
) -> ExchangeSession | None:  # fmt: skip
    """Planned → held, with its protocol; returns the next one of a series, made in the same save."""
    check_may_lead(by, session)
    _check_planned(session)
    if session.starts_at > clock.now():
        raise DomainError("not_yet", _("It has not begun yet: change the time or wait."))
    if not protocol.strip():
        text = _("Write the protocol: what was shared and what was decided.")
        raise DomainError("protocol_needed", text, {"protocol": [text]})
    with transaction.atomic():
        values = {"state": SessionState.HELD, "protocol": protocol.strip()}
        change(session, values, by=by, event="hold_session", version=version)
        session.members.filter(user__in=[user.pk for user in attended]).update(attended=True)
        return _next_of(session, by) if session.repeat_weeks else None


def cancel_session(
    session: ExchangeSession, *, by: User, version: int | None = None
) -> ExchangeSession | None:
    """It does not take place; a series goes on with the next one."""
    check_may_lead(by, session)
    _check_planned(session)
    with transaction.atomic():
        change(session, {"state": SessionState.CANCELLED}, by=by, event="cancel_session", version=version)
        return _next_of(session, by) if session.repeat_weeks else None


def check_may_lead(by: User, session: ExchangeSession) -> None:
    """Raises NotAllowed for anybody but its leader and the head of the department."""
    if session.leader_id != by.pk and Scope.ALL not in by.scopes(Action.MODERATE_NOTE):
        raise NotAllowed("not_leader", _("Only who leads the exchange changes it."))


def _next_of(session: ExchangeSession, by: User) -> ExchangeSession:
    """The first day of the rhythm that lies ahead, with the same people."""
    step, starts_at = timedelta(weeks=session.repeat_weeks), session.starts_at
    while starts_at <= max(clock.now(), session.starts_at):
        starts_at += step
    following = ExchangeSession(
        topic=session.topic, starts_at=starts_at, leader=session.leader, team=session.team,
        repeat_weeks=session.repeat_weeks,
    )  # fmt: skip
    create(following, by=by, event="plan_session")
    active = session.members.filter(user__is_active=True)
    _invite(following, {session.leader_id, *active.values_list("user_id", flat=True)})
    return following


def _invite(session: ExchangeSession, users: Collection[int]) -> None:
    SessionMember.objects.bulk_create(SessionMember(session=session, user_id=pk) for pk in sorted(users))


def _check_planned(session: ExchangeSession) -> None:
    if session.state != SessionState.PLANNED:
        raise IllegalTransition(
            "illegal_transition", _("This exchange is over already."), current=session.state, allowed=[]
        )
