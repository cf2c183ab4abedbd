"""How far a person's rights reach among client companies: the one condition that every lookup uses."""

from typing import Any

from django.db.models import Q

from upsell_crm.core import clock
from upsell_crm.core.models import User
from upsell_crm.core.roles import Action, Scope


def within_reach(user: User, action: Action, path: str = "") -> Q:
    """The companies on which `user` may do `action`, as a condition on `path` (e.g. "company__").

    O = responsible KAM or account member today; T = the company's team is
    his; A = all. No right → matches nothing. Hd arrives with deals: they write account members.
    """
    scopes = user.scopes(action)
    if Scope.ALL in scopes:
        return Q()
    reach = Q(pk__in=[])
    if Scope.TEAM in scopes and user.team_id:
        reach |= Q(**{f"{path}team_id": user.team_id})
    if Scope.OWN in scopes or Scope.HOLDING in scopes:
        reach |= Q(**{f"{path}owner_kam_id": user.pk})
        reach |= Q(**{f"{path}pk__in": _own_company_ids(user)})
    return reach


def _own_company_ids(user: User) -> Any:
    today = clock.today()
    open_ended = Q(until_on=None) | Q(until_on__gte=today)
    return user.account_memberships.filter(open_ended, since_on__lte=today).values("company_id")


def may(user: User, action: Action, company: Any) -> bool:
    """Whether `user` may do `action` on this company; one statement at most, none when the scope is all or team."""
    scopes = user.scopes(action)
    if Scope.ALL in scopes:
        return True
    if Scope.TEAM in scopes and user.team_id and company.team_id == user.team_id:
        return True
    if not scopes & {Scope.OWN, Scope.HOLDING}:
        return False
    return company.owner_kam_id == user.pk or _own_company_ids(user).filter(company_id=company.pk).exists()


def rights_on(user: User, company: Any) -> dict[str, bool]:
    """Every action → whether `user` may do it on this company; one statement at most, for pages with many buttons."""
    rights: dict[str, bool] = {}
    unknown = []
    for action in Action:
        scopes = user.scopes(action)
        is_team = Scope.TEAM in scopes and bool(user.team_id) and company.team_id == user.team_id
        rights[action.value] = Scope.ALL in scopes or is_team
        if not rights[action.value] and scopes & {Scope.OWN, Scope.HOLDING}:
            unknown.append(action.value)
    if unknown:
        is_own = (
            company.owner_kam_id == user.pk or _own_company_ids(user).filter(company_id=company.pk).exists()
        )
        rights |= dict.fromkeys(unknown, is_own)
    return rights
