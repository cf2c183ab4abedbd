"""A colleague leaves: refused while he has work, or everything goes to the lead for the time being (§2.8.2)."""

from collections.abc import Iterable

from django.db.models import Q
from django.urls import reverse
from django.utils.html import format_html
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from accounts.models import AccountMember, Company, Task
from deals.leaving import Work, work_of
from deals.models import Deal, DealMember
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
        change(task, {"assignee": lead}, by=by, event="reassign_task", reason=reason)
    _end_account_memberships(user)


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


def _named(words: str, rows: Iterable[Deal | Company | Task]) -> str:
    known = [str(row) for row in rows]
    if not known:
        return ""
    more = ", …" if len(known) > NAMED else ""
    return f"{words % {'n': len(known)}} ({', '.join(known[:NAMED])}{more})"
