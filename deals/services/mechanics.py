"""Who does what in each ДЗО: functions are given, passed on and taken away, tasks and rights follow (R69–R73)."""

from collections.abc import Collection
from datetime import date
from typing import Any

from django.db import transaction
from django.db.models import Q
from django.utils.translation import gettext as _

from accounts.calendar import load_calendar
from accounts.enums import TaskOrigin
from accounts.models import Company, Task
from accounts.services.tasks import create_task, pass_task
from deals.enums import Function
from deals.models import Deal, DealMember, DealTask, HoldingProgram, Mechanics
from deals.services.account_members import refresh_account_members
from deals.services.members import check_can_join, check_one_closer, join, leave
from deals.services.programs import check_may_keep, lock
from deals.services.ranked import announce_facts
from upsell_crm.core import audit, clock
from upsell_crm.core.commands import change, create
from upsell_crm.core.errors import DomainError, Stale
from upsell_crm.core.models import User
from upsell_crm.core.roles import Role

MEETING_DAYS = 5  # working days to set the first meeting in a ДЗО
HEAD_FUNCTIONS = (Function.PREPARE_OFFER, Function.KEEP_HEAD_DM)  # of the project as a whole
_PLACES = {Function.SET_MEETINGS: Role.RESEARCHER, Function.TRAIN: Role.TUTOR}


def assign_function(
    *, by: User, program: HoldingProgram, company: Company, function: str, user: User, function_text: str = "",
) -> Mechanics:  # fmt: skip
    """A colleague of any team takes a function in a ДЗО and becomes a member of the deal there (R71).

    Documents go through exactly one Closer (R72). Who sets meetings gets the task to set one (R70).
    Raises NotAllowed, DomainError.
    """
    check_may_keep(by, program)
    _check_place(program, company, function)
    check_can_join(user, place_of(user, function))
    line = Mechanics(
        program=program, company=company, function=function, user=user, team=_team_of(user, program),
        function_text=function_text.strip() if function == Function.OTHER else "",
    )  # fmt: skip
    with transaction.atomic():
        lock(program)
        create(line, by=by, event="assign_function")
        if function == Function.APPROVE_DOCS:
            check_one_closer(program.deal, company, user)
        _bring_in(line, by=by)
        if function == Function.SET_MEETINGS:
            add_task(line, title=_("Set a meeting"), due_on=load_calendar().add(clock.today(), MEETING_DAYS))
    return line


def change_person(
    *, by: User, line: Mechanics, user: User, tasks: Collection[Task] = (), version: int | None = None
) -> Mechanics:
    """The function goes to another colleague, with those of its open tasks that were ticked (R73).

    Raises NotAllowed, Stale, DomainError.
    """
    check_may_keep(by, line.program)
    check_can_join(user, place_of(user, line.function))
    if {task.pk for task in tasks} - {task.pk for task in open_tasks(line)}:
        raise DomainError("other_task", _("These tasks do not belong to the function."))
    before = line.user
    with transaction.atomic():
        values = {"user": user, "team": _team_of(user, line.program)}
        change(line, values, by=by, event="change_person", version=version)
        for task in tasks:
            pass_task(by=by, task=task, assignee=user)
        _let_go(line, before, by=by)  # first, since two Closers may not stand there even for a moment
        _bring_in(line, by=by)
    return line


def end_function(*, by: User, line: Mechanics, reason: str = "", version: int | None = None) -> None:
    """Nobody does it any more; its tasks stay with whom they are. Raises NotAllowed, Stale, DomainError."""
    check_may_keep(by, line.program)
    with transaction.atomic():
        lock(line.program)
        _check_fresh(line, version)
        words = {"user": [str(line.user), None], "function": [line.get_function_display(), None]}
        audit.record("end_function", line, by=by, changes=words, reason=reason.strip())
        user = line.user
        line.delete()
        refresh_account_members([line.program.deal])
        _let_go(line, user, by=by)


def drop_functions(user: User, *, by: User, reason: str) -> int:
    """A colleague is gone by force: nobody does his functions until somebody takes them (§2.8.2)."""
    lines = Mechanics.objects.filter(user=user, program__in=HoldingProgram.objects.open()).select_related(
        "program__deal", "company"
    )
    known = list(lines.order_by("pk"))
    for line in known:
        words = {"user": [str(user), None], "function": [line.get_function_display(), None]}
        audit.record("end_function", line, by=by, changes=words, reason=reason)
        line.delete()
    refresh_account_members({line.program.deal for line in known})
    return len(known)


def add_task(line: Mechanics, *, title: str, due_on: date, expected_result: str = "") -> Task:
    """A task of the function, for the person who has it; it may be planned before the consent (R68)."""
    deal = line.program.deal
    task = create_task(
        by=None, title=title, assignee=line.user, due_on=due_on, company=line.company, receiver=deal.responsible_kam,
        expected_result=expected_result, origin=TaskOrigin.PLAN,
    )  # fmt: skip
    DealTask.objects.create(deal=deal, task=task, mechanics=line)
    announce_facts(deal)
    return task


def open_tasks(line: Mechanics) -> list[Task]:
    """What the person on the function still owes for it."""
    mine = Task.objects.open().filter(deal_link__mechanics=line, assignee=line.user_id)
    return list(mine.order_by("due_on", "pk"))


def place_of(user: User, function: str) -> str:
    """The role in the deal that comes with a function: Closer for documents, his own one, else Performer (R71)."""
    if function == Function.APPROVE_DOCS:
        return Role.CLOSER
    own = _PLACES.get(Function(function), Role.KAM)
    if user.has_role(own):
        return own
    return Role.KAM if user.has_role(Role.KAM) else Role.PERFORMER


def _check_fresh(line: Mechanics, version: int | None) -> None:
    """A line that somebody has changed or ended meanwhile is not taken away unseen."""
    seen = line.version if version is None else version
    if not Mechanics.objects.filter(pk=line.pk, version=seen).exists():
        raise Stale("version_mismatch", _("Somebody else has changed this record meanwhile."))


def _check_place(program: HoldingProgram, company: Company, function: str) -> None:
    head = program.deal.company
    is_head = company.pk == head.pk
    fits = is_head if function in HEAD_FUNCTIONS else is_head and function == Function.OTHER
    if not fits and (function in HEAD_FUNCTIONS or not _is_below(head, company)):
        text = _("This function does not belong to this company of the holding.")
        raise DomainError("not_in_holding", text, {"company": [text]})


def _is_below(head: Company, company: Company) -> bool:
    return Company.objects.below(head).filter(pk=company.pk).exists()


def _team_of(user: User, program: HoldingProgram) -> Any:
    return user.team or program.deal.team


def _bring_in(line: Mechanics, *, by: User) -> None:
    """A membership in the role of the function, unless he has it; rights follow."""
    deal, role = line.program.deal, place_of(line.user, line.function)
    scope = None if line.company_id == deal.company_id else line.company
    if _places(deal, line.user, role).filter(Q(scope_company=None) | Q(scope_company=scope)).exists():
        refresh_account_members([deal])
    else:
        join(deal, line.user, role, by=by, scope_company=scope)


def _let_go(line: Mechanics, user: User, *, by: User) -> None:
    """Who has no function in the ДЗО any more leaves it; a membership of the whole deal stays."""
    deal = line.program.deal
    left = Mechanics.objects.filter(program=line.program_id, company=line.company_id, user=user)
    kept = {place_of(user, function) for function in left.order_by().values_list("function", flat=True)}
    role = place_of(user, line.function)
    if role not in kept:
        for member in _places(deal, user, role).filter(scope_company=line.company_id):
            leave(member, by=by)
    refresh_account_members([deal])


def _places(deal: Deal, user: User, role: str) -> Any:
    return DealMember.objects.active_on(clock.today()).filter(deal=deal, user=user, role=role)
