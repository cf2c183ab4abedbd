"""A colleague leaves: refused while he has work, or everything goes to the lead for the time being (§2.8.2)."""

from collections.abc import Callable, Iterable
from datetime import date

from django.db.models import Q
from django.urls import reverse
from django.utils.html import format_html
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from accounts.enums import TaskOrigin
from accounts.models import AccountMember, Company, Task
from accounts.services.tasks import create_task, pass_task
from deals.enums import HandoverState
from deals.leaving import Work, work_of
from deals.models import Deal, DealMember
from deals.services.handover_ends import end_without_moving
from deals.services.mechanics import drop_functions
from deals.services.members import join, leave
from upsell_crm.core import clock
from upsell_crm.core.commands import change
from upsell_crm.core.errors import DomainError
from upsell_crm.core.models import User
from upsell_crm.core.reactions import announce
from upsell_crm.core.roles import Role

NAMED = 5  # of each kind, in the refusal


def release(*, user: User, forced: bool, by: User) -> None:
    """Reaction to `user_blocking`: refuse with the list of his work, or make the lead stand in.

    Raises DomainError: without force while work is left; with force when no lead can stand in.
    """
    work = work_of(user, clock.today())
    if work.is_none:
        return
    if not forced:
        raise DomainError("has_work", _refusal(user, work))
    lead = _stand_in_for(user)
    reason = _("%s does not work here any more.") % user
    for deal in list(work.deals):
        _stand_in(deal, lead, by=by, reason=reason)
    for member in list(work.memberships):
        leave(member, by=by, reason=reason)
    _give_companies(list(work.companies), lead, by=by, reason=reason)
    for task in list(work.tasks):
        pass_task(by=by, task=task, assignee=lead, reason=reason)
    _pass_on(user, work, lead, by=by, reason=reason)
    drop_functions(user, by=by, reason=reason)
    _end_account_memberships(user)


def _pass_on(user: User, work: Work, lead: User, *, by: User, reason: str) -> None:
    """What cannot wait stands in the lead's list: meetings to come, and handovers, of which he can receive none."""
    today = clock.today()
    for meeting in list(work.meetings.select_related("company")):
        title = _("Who holds the meeting with %s?") % meeting.company
        day = clock.local_date(meeting.starts_at) or today
        _give_task(title, lead, day, meeting.company, f"meeting:{meeting.pk}")
    for handover in list(work.handovers.select_related("company", "from_user", "to_user")):
        title = _("The handover of %s needs you") % handover.company
        _give_task(title, lead, today, handover.company, f"handover:{handover.pk}")
        if handover.to_user_id == user.pk:
            end_without_moving(handover, HandoverState.CANCELLED, by=by, reason=reason)


def _give_task(title: str, lead: User, day: date, company: Company, key: str) -> None:
    create_task(
        by=None, title=title, assignee=lead, due_on=day, company=company, receiver=lead, origin=TaskOrigin.PLAN,
        dedupe_key=f"leaver:{key}",
    )  # fmt: skip


def _stand_in_for(user: User) -> User:
    lead = user.team.lead if user.team else None
    if lead is None or lead == user or not lead.is_active:
        raise DomainError(
            "no_lead", _("%s has no team lead who could stand in. Hand the work over first.") % user
        )
    return lead


def _stand_in(deal: Deal, lead: User, *, by: User, reason: str) -> None:
    """The lead answers for the deal, marked «without a responsible KAM»; first a member, then responsible."""
    places = DealMember.objects.active_on(clock.today()).filter(deal=deal, user=lead, scope_company=None)
    if not places.filter(role__in=[Role.KAM, Role.LEAD]).exists():
        join(deal, lead, Role.LEAD, by=by)
    deal.refresh_from_db()
    values = {"responsible_kam": lead, "needs_kam": True}
    change(deal, values, by=by, event="stand_in_for_kam", reason=reason)


def _give_companies(companies: list[Company], lead: User, *, by: User, reason: str) -> None:
    for company in companies:
        values = {"owner_kam": lead, "owner_since_on": clock.today()}
        change(company, values, by=by, event="assign_kam", reason=reason)
    if companies:
        announce("facts_changed", company_ids=[company.pk for company in companies])


def _end_account_memberships(user: User) -> None:
    """Places that were entered by hand; those through deals have gone with the deals."""
    today = clock.today()
    present = AccountMember.objects.filter(Q(until_on=None) | Q(until_on__gt=today), user=user)
    present.filter(since_on__lte=today).update(until_on=today)


def _refusal(user: User, work: Work) -> str:
    """«За ней 2 открытые сделки: …; 3 клиента: …; 1 задача: …», with the door to handovers."""
    deals: list[Deal] = list({d.pk: d for d in [*work.deals, *(m.deal for m in work.memberships)]}.values())
    companies, tasks = list(work.companies), list(work.tasks)
    parts = [
        _named(ngettext("%(n)s open deal", "%(n)s open deals", len(deals)), deals),
        _named(ngettext("%(n)s client", "%(n)s clients", len(companies)), companies),
        _named(ngettext("%(n)s open task", "%(n)s open tasks", len(tasks)), tasks),
        _counted(
            work.functions.count(),
            lambda n: ngettext("%(n)s function in holdings", "%(n)s functions in holdings", n),
        ),
        _counted(
            work.handovers.count(), lambda n: ngettext("%(n)s open handover", "%(n)s open handovers", n)
        ),
        _counted(
            work.meetings.count(), lambda n: ngettext("%(n)s planned meeting", "%(n)s planned meetings", n)
        ),
    ]
    text = _("%(who)s still has work: %(work)s. Hand it over first.") % {
        "who": user, "work": "; ".join(part for part in parts if part),
    }  # fmt: skip
    return format_html(
        '{} <a href="{}?person={}">{}</a>',
        text,
        reverse("deals:without_kam"),
        user.public_id,
        _("The whole list"),
    )


def _counted(n: int, words: Callable[[int], str]) -> str:
    return words(n) % {"n": n} if n else ""


def _named(words: str, rows: Iterable[Deal | Company | Task]) -> str:
    known = [str(row) for row in rows]
    if not known:
        return ""
    more = ", …" if len(known) > NAMED else ""
    return f"{words % {'n': len(known)}} ({', '.join(known[:NAMED])}{more})"
