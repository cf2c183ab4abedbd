"""Places in deals become places in accounts: one condition for every lookup of the product (docs/decisions/0031)."""

from collections.abc import Iterable, Iterator
from typing import Any

from accounts.enums import ContactReach, MemberVia
from accounts.models import AccountMember, Company
from deals.enums import DealKind, HandoverState
from deals.models import Deal, DealMember, Handover, Mechanics
from upsell_crm.core import clock
from upsell_crm.core.roles import Role

Place = tuple[int, int, str, str]  # company, user, role, via
_RANK = {ContactReach.NONE: 0, ContactReach.KEY: 1, ContactReach.ALL: 2}


def refresh_account_members(deals: Iterable[Deal]) -> None:
    """Write anew what open deals give in the companies of these deals; what people entered by hand stays.

    A deal gives «own» on its company, with the phones of key ЛПР only when the company is another team's. A holding
    project gives «Hd» on every ДЗО, and «own» with all phones on those that the member works for, by the scope of his
    membership or by a line of the mechanics (§3). Call inside the transaction of the change.
    """
    refresh_members_of(_companies_of(deals))


def refresh_members_of(companies: set[int]) -> None:
    """The same for companies by id; whoever has accepted a handover of the client gets «own» until it ends."""
    wanted = _wanted(companies)
    today = clock.today()
    others = (MemberVia.ACCOUNT, MemberVia.TRAINING)  # entered by hand; written by an upper room
    derived = AccountMember.objects.filter(company__in=companies).exclude(via__in=others)
    gone = []
    for row in derived:
        place = (row.company_id, row.user_id, row.role, row.via)
        reach = wanted.pop(place, None)
        if reach is None:
            gone.append(row.pk)
        elif row.contacts != reach:
            AccountMember.objects.filter(pk=row.pk).update(contacts=reach)
    AccountMember.objects.filter(pk__in=gone).delete()  # the history of a membership is in the deal
    rows = [
        AccountMember(company_id=company, user_id=user, role=role, via=via, contacts=reach, since_on=today)
        for (company, user, role, via), reach in wanted.items()
    ]
    AccountMember.objects.bulk_create(
        rows, ignore_conflicts=True
    )  # another deal of the client, the same moment


def _companies_of(deals: Iterable[Deal]) -> set[int]:
    """The company of each deal, and the whole holding below it for a project."""
    found: set[int] = set()
    for deal in deals:
        found.add(deal.company_id)
        if deal.kind == DealKind.HOLDING:
            found.update(Company.objects.below(deal.company).values_list("pk", flat=True))
    return found


def _wanted(companies: set[int]) -> dict[Place, str]:
    """What all open deals over these companies give there; the widest reach to phones wins."""
    heads = Company.objects.filter(pk__in=companies).exclude(head=None).values_list("head_id", flat=True)
    over = Deal.objects.open().filter(company__in={*companies, *heads}).select_related("company")
    wanted: dict[Place, str] = {}
    for deal in over:
        for place, reach in _given_by(deal):
            known = wanted.get(place, ContactReach.NONE)
            if place[0] in companies:
                wanted[place] = max(known, reach, key=lambda value: _RANK[ContactReach(value)])
    for company_id, user_id in _being_taken(companies):
        wanted[company_id, user_id, Role.KAM, MemberVia.TAKING] = ContactReach.ALL
    return wanted


def _being_taken(companies: set[int]) -> Any:
    """Clients whose handover is accepted and not completed: the new KAM works beside the old one."""
    taken = Handover.objects.filter(company__in=companies, deal=None, to_user__is_active=True)
    return taken.filter(state__in=[HandoverState.ACCEPTED, HandoverState.INTRO]).values_list(
        "company_id", "to_user_id"
    )


def _given_by(deal: Deal) -> Iterator[tuple[Place, str]]:
    members = list(
        DealMember.objects.active_on(clock.today())
        .filter(deal=deal, user__is_active=True)
        .select_related("user")
    )
    for member in members:
        reach = ContactReach.ALL if member.user.team_id == deal.company.team_id else ContactReach.KEY
        yield (deal.company_id, member.user_id, member.role, MemberVia.DEAL), reach
    if deal.kind == DealKind.HOLDING:
        yield from _given_below(deal, members)


def _given_below(deal: Deal, members: list[DealMember]) -> Iterator[tuple[Place, str]]:
    works_in: dict[int, set[int]] = {}
    rows: Any = Mechanics.objects.filter(program__deal=deal).order_by().values_list("user_id", "company_id")
    for user_id, company_id in rows:
        works_in.setdefault(user_id, set()).add(company_id)
    below = list(Company.objects.below(deal.company).values_list("pk", flat=True))
    for member in members:
        for company_id in below:
            if company_id == member.scope_company_id or company_id in works_in.get(member.user_id, ()):
                yield (company_id, member.user_id, member.role, MemberVia.DEAL), ContactReach.ALL
            else:
                yield (company_id, member.user_id, member.role, MemberVia.HOLDING), ContactReach.NONE
