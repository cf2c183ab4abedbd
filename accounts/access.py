"""How far a person's rights reach among client companies: the one condition that every lookup uses."""

from typing import Any

from django.db.models import Q, QuerySet

from accounts.enums import ContactReach, MemberVia
from upsell_crm.core import clock
from upsell_crm.core.access import EVERYTHING, NOTHING
from upsell_crm.core.models import User
from upsell_crm.core.roles import Action, Scope


def within_reach(user: User, action: Action, path: str = "") -> Q:
    """The companies on which `user` may do `action`, as a condition on `path` (e.g. "company__").

    O = responsible KAM, or member of the account or of one of its deals today; T = the company's team is his;
    Hd = member of a holding deal over the company; A = all. No right → matches nothing.
    """
    scopes = user.scopes(action)
    if Scope.ALL in scopes:
        return EVERYTHING
    reach = NOTHING
    if Scope.TEAM in scopes and user.team_id:
        reach |= Q(**{f"{path}team_id": user.team_id})
    if Scope.OWN in scopes or Scope.HOLDING in scopes:
        reach |= Q(**{f"{path}owner_kam_id": user.pk})
        reach |= Q(
            **{f"{path}pk__in": _memberships(user).filter(_carrying(action, scopes)).values("company_id")}
        )
    return reach


def may(user: User, action: Action, company: Any) -> bool:
    """Whether `user` may do `action` on this company; one statement at most, none when the scope is all or team."""
    scopes = user.scopes(action)
    if Scope.ALL in scopes:
        return True
    if Scope.TEAM in scopes and user.team_id and company.team_id == user.team_id:
        return True
    if not scopes & {Scope.OWN, Scope.HOLDING}:
        return False
    return (
        company.owner_kam_id == user.pk
        or _memberships(user).filter(_carrying(action, scopes), company_id=company.pk).exists()
    )


def rights_on(user: User, company: Any) -> dict[str, bool]:
    """Every action → whether `user` may do it on this company; one statement at most, for pages with many buttons."""
    rights: dict[str, bool] = {}
    unknown = []
    for action in Action:
        scopes = user.scopes(action)
        is_team = Scope.TEAM in scopes and bool(user.team_id) and company.team_id == user.team_id
        rights[action.value] = Scope.ALL in scopes or is_team
        if not rights[action.value] and scopes & {Scope.OWN, Scope.HOLDING}:
            unknown.append(action)
    if unknown:
        is_owner = company.owner_kam_id == user.pk
        held = [] if is_owner else list(
            _memberships(user).filter(company_id=company.pk).values_list("via", "contacts")
        )  # fmt: skip
        for action in unknown:
            scopes = user.scopes(action)
            rights[action.value] = is_owner or any(_carries(action, scopes, *row) for row in held)
    return rights


def key_contacts_of(user: User) -> QuerySet[Any]:
    """Companies of which this person sees the key ЛПР and nobody else: he is in a deal of another team (§3)."""
    reached = _memberships(user).filter(contacts=ContactReach.KEY).values("company_id")
    return reached if Scope.OWN in user.scopes(Action.SEE_CONTACTS) else reached.none()


def trainees_of(user: User) -> QuerySet[Any]:
    """Contacts whom this person sees because he teaches them or cares for their training (§3, docs/decisions/0041)."""
    taught = _memberships(user).filter(contacts=ContactReach.TRAINEES, trainees__isnull=False)
    return (taught if Scope.OWN in user.scopes(Action.SEE_CONTACTS) else taught.none()).values("trainees")


def _memberships(user: User) -> Any:
    """The person's places in accounts, deals and holding projects that hold today."""
    open_ended = Q(until_on=None) | Q(until_on__gte=clock.today())
    return user.account_memberships.filter(open_ended, since_on__lte=clock.today())


def _carrying(action: Action, scopes: frozenset[Scope]) -> Q:
    """Which memberships carry the right; said once more for a row in `_carries`, a test holds both equal."""
    is_holding = Q(via=MemberVia.HOLDING)
    if action == Action.SEE_CONTACTS:
        own = ~is_holding & Q(contacts=ContactReach.ALL) if Scope.OWN in scopes else NOTHING
        return own | is_holding if Scope.HOLDING in scopes else own
    if Scope.HOLDING in scopes:
        return EVERYTHING
    return ~is_holding if Scope.OWN in scopes else NOTHING


def _carries(action: Action, scopes: frozenset[Scope], via: str, contacts: str) -> bool:
    """Membership of an account or deal carries O, any membership carries Hd; phones need their own reach."""
    is_holding = via == MemberVia.HOLDING
    if action == Action.SEE_CONTACTS:
        return Scope.HOLDING in scopes if is_holding else Scope.OWN in scopes and contacts == ContactReach.ALL
    return Scope.HOLDING in scopes or (Scope.OWN in scopes and not is_holding)
