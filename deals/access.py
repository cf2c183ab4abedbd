"""How far a person's rights reach among deals and what hangs on them (domain.md §3).

O = responsible KAM or active member of the deal; T = the deal belongs to his team, and for looking also a deal in
which his team works; Hd = member of a holding project over the deal's company; A = all.
"""

from collections.abc import Mapping
from typing import Any

from django.db.models import Exists, OuterRef, Q

from accounts.enums import MemberVia
from upsell_crm.core import clock
from upsell_crm.core.access import EVERYTHING, NOTHING
from upsell_crm.core.models import User
from upsell_crm.core.roles import Action, Scope

LOOKING = frozenset({Action.SEE_DEAL, Action.SEE_DOCUMENT})


def deals_within_reach(user: User, action: Action, path: str = "") -> Q:
    """The deals on which `user` may do `action`, as a condition on `path` (e.g. "deal__"); no right → nothing."""
    scopes = user.scopes(action)
    if Scope.ALL in scopes:
        return EVERYTHING
    reach = NOTHING
    if Scope.TEAM in scopes and user.team_id:
        reach |= Q(**{f"{path}team_id": user.team_id})
        if action in LOOKING:  # both leads of a project of two teams see it (§10.5)
            reach |= Q(**{f"{path}pk__in": _memberships(user__team_id=user.team_id).values("deal_id")})
    if Scope.OWN in scopes:
        reach |= Q(**{f"{path}responsible_kam_id": user.pk})
        reach |= Q(**{f"{path}pk__in": _memberships(user=user).values("deal_id")})
    if Scope.HOLDING in scopes:
        reach |= Q(**{f"{path}company_id__in": _holding_companies(user)})
    return reach


def may(user: User, action: Action, deal: Any) -> bool:
    """Whether `user` may do `action` on this deal; one statement at most, none when the scope is all or team."""
    scopes = user.scopes(action)
    if Scope.ALL in scopes:
        return True
    if Scope.TEAM in scopes and user.team_id and deal.team_id == user.team_id:
        return True
    if Scope.OWN in scopes and deal.responsible_kam_id == user.pk:
        return True
    return bool(scopes) and type(deal)._default_manager.filter(
        deals_within_reach(user, action), pk=deal.pk
    ).exists()  # fmt: skip


def rights_on_deal(user: User, deal: Any) -> dict[str, bool]:
    """Every action → whether `user` may do it on this deal; one statement, for pages with many buttons."""
    return rights_by_reach(
        user, deal, type(deal)._default_manager.filter(pk=deal.pk).values(**reaches(user)).get()
    )


def reaches(user: User, path: str = "") -> dict[str, Exists]:
    """How `user` is tied to the deal at `path`, for the statement that reads the page's record; see `rights_by_reach`."""
    return {
        "reach_own": Exists(_memberships(user=user, deal=OuterRef(f"{path}pk"))),
        "reach_team": Exists(_memberships(user__team_id=user.team_id or 0, deal=OuterRef(f"{path}pk"))),
        "reach_holding": Exists(_holding_companies(user).filter(company=OuterRef(f"{path}company"))),
    }


def rights_by_reach(user: User, deal: Any, reach: Mapping[str, bool]) -> dict[str, bool]:
    """`rights_on_deal` from what `reaches` has read of the same person; no statement."""
    own, team, holding = reach["reach_own"], reach["reach_team"], reach["reach_holding"]
    own = own or deal.responsible_kam_id == user.pk
    is_team = bool(user.team_id) and deal.team_id == user.team_id
    rights = {}
    for action in Action:
        scopes = user.scopes(action)
        rights[action.value] = (
            Scope.ALL in scopes
            or (Scope.TEAM in scopes and (is_team or (team and action in LOOKING)))
            or (Scope.OWN in scopes and own)
            or (Scope.HOLDING in scopes and holding)
        )
    return rights


def _memberships(**whose: Any) -> Any:
    """Active memberships of deals; the model is asked for through the user, since it imports this module."""
    members = User._meta.get_field("deal_memberships").related_model
    today = clock.today()
    return members._default_manager.filter(
        Q(ended_on=None) | Q(ended_on__gt=today), since_on__lte=today, **whose
    )


def _holding_companies(user: User) -> Any:
    return user.account_memberships.filter(
        Q(until_on=None) | Q(until_on__gte=clock.today()), via=MemberVia.HOLDING
    ).values("company_id")
