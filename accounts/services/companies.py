"""Changes of a client company itself: its base data, place in a holding, responsible KAM, key mark, archive."""

from copy import copy
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from accounts.access import may
from accounts.enums import ContractStatus, Fact
from accounts.models import Company
from accounts.models.company import MAX_DEPTH
from accounts.services.act_by import refresh_act_by
from accounts.services.facts import announce_change
from accounts.services.holdings import refresh_heads_below
from accounts.services.ownership import give_company
from upsell_crm.core import clock
from upsell_crm.core.commands import change, create
from upsell_crm.core.errors import DomainError, NotAllowed
from upsell_crm.core.models import User
from upsell_crm.core.reactions import announce
from upsell_crm.core.roles import Action, Role

REQUISITES = frozenset({"name", "inn", "kpp", "ogrn", "legal_state", "ceased_on"})
BASE_FIELDS = frozenset({"short_name", "parent", "regime", "industry", "region", "city", "headcount"})
DERIVED_FROM_NAMES = ("sort_name", "search_text")


def create_company(*, by: User, name: str, **values: Any) -> Company:
    """A new client of the creator's team; a KAM becomes its responsible one.

    Raises NotAllowed, and DomainError for a wrong or repeated ИНН + КПП (§2.8.1) or a broken holding.
    """
    if by.has_role(Role.KAM):
        values.setdefault("owner_kam", by)
    values.setdefault("team", by.team)
    company = Company(name=name, **values)
    if company.owner_kam_id:
        company.owner_since_on = clock.today()
    if not (may(by, Action.EDIT_COMPANY, company) or may(by, Action.IMPORT_CLIENTS, company)):
        raise NotAllowed("not_allowed", _("You may not add companies."))
    with transaction.atomic():
        check_holding(company, company.parent)
        create(company, by=by, event="create_company")
        if company.parent_id:
            refresh_heads_below(company)
        announce("facts_changed", company_id=company.pk)
    return company


def update_company(
    company: Company, values: dict[str, Any], *, by: User, version: int | None = None
) -> dict[str, list[Any]]:
    """Change base data and requisites; returns what changed.

    Requisites are open to BackOffice too (§3). Raises NotAllowed, Stale, DomainError.
    """
    unknown = set(values) - REQUISITES - BASE_FIELDS
    if unknown:
        raise ValueError(f"update_company does not change {sorted(unknown)}")
    may_base = may(by, Action.EDIT_COMPANY, company)
    if not may_base and not (set(values) <= REQUISITES and may(by, Action.EDIT_REQUISITES, company)):
        raise NotAllowed("not_allowed", _("You may not change the data of this company."))
    with transaction.atomic():
        if "parent" in values and values["parent"] != company.parent:
            check_holding(company, values["parent"])
        changed = change(
            company, _with_search_columns(company, values), by=by, event="update_company", version=version
        )
        if "parent" in changed:
            refresh_heads_below(company)
        if "regime" in changed:  # terms measured under another law do not count
            refresh_act_by(company_ids=[company.pk])
        if REQUISITES & set(changed):
            announce_change(company, Fact.REQUISITES, by=by, what=_("The requisites have changed"))
        if changed:
            announce("facts_changed", company_id=company.pk)
    return {name: pair for name, pair in changed.items() if name not in DERIVED_FROM_NAMES}


def _with_search_columns(company: Company, values: dict[str, Any]) -> dict[str, Any]:
    probe = copy(company)
    for name, value in values.items():
        setattr(probe, name, value)
    probe.set_search_columns()
    return {**values, **{name: getattr(probe, name) for name in DERIVED_FROM_NAMES}}


def check_holding(company: Company, parent: Company | None) -> None:
    """Refuses a holding that bites its tail or is deeper than five levels (§2.8.1). Call inside a transaction."""
    if parent is None:
        return
    _lock_holdings(company, parent)
    above = ancestor_ids(parent)
    if company.pk is not None and company.pk in above:
        raise DomainError(
            "holding_cycle", _("This would close the holding into a circle."),
            {"parent": [_("This organisation is inside the holding of the company itself.")]},
        )  # fmt: skip
    if len(above) + _height(company) > MAX_DEPTH:
        raise DomainError(
            "holding_depth", _("The holding would be too deep."),
            {"parent": [_("A holding has at most %(levels)d levels.") % {"levels": MAX_DEPTH}]},
        )  # fmt: skip


def ancestor_ids(company: Company) -> list[int]:
    """The company and everybody above it, nearest first; stops at a circle that came from outside."""
    ids: list[int] = []
    pk: int | None = company.pk
    while pk is not None and pk not in ids:
        ids.append(pk)
        pk = Company.objects.values_list("parent_id", flat=True).get(pk=pk)
    return ids


def _height(company: Company) -> int:
    """Levels from the company down to its lowest descendant, itself included."""
    level, height = [company.pk], 0
    while level and height <= MAX_DEPTH:
        height += 1
        level = (
            list(Company.objects.filter(parent_id__in=level).values_list("pk", flat=True))
            if company.pk
            else []
        )
    return height


def _lock_holdings(*companies: Company) -> None:
    """Two people who join the same trees wait for each other, where the engine knows row locks."""
    heads = {ancestor_ids(company)[-1] for company in companies if company.pk}
    list(Company.objects.select_for_update().filter(pk__in=heads).order_by("pk").values_list("pk"))


def assign_kam(company: Company, kam: User, *, reason: str, by: User, version: int | None = None) -> None:
    """The lead gives the client, with all its open work, to another KAM; the reason stays in history (§2.8.8)."""
    if not may(by, Action.ASSIGN_KAM, company):
        raise NotAllowed("not_allowed", _("Only the lead of the team may change the responsible KAM."))
    if not reason.strip():
        raise DomainError(
            "reason_required", _("Write why the KAM changes."), {"reason": [_("Write why the KAM changes.")]}
        )
    if not kam.is_active or not kam.has_role(Role.KAM):
        raise DomainError(
            "not_a_kam", _("This person cannot be responsible."), {"kam": [_("Choose a working KAM.")]}
        )
    give_company(company, kam, by=by, reason=reason, event="assign_kam", version=version)


def mark_key(company: Company, is_key: bool, *, by: User, version: int | None = None) -> None:
    """Make the client a key one, or an ordinary one again; the lead's decision (R78)."""
    if not may(by, Action.SET_KEY, company):
        raise NotAllowed("not_allowed", _("Only the lead of the team decides which clients are key."))
    with transaction.atomic():
        change(company, {"is_key": is_key}, by=by, event="mark_key", version=version)
        announce("facts_changed", company_id=company.pk)


def archive_company(company: Company, *, reason: str, by: User, version: int | None = None) -> None:
    """Take a company out of the lists; nothing is deleted (§2.8.14). Not while a contract is in force."""
    if not may(by, Action.ASSIGN_KAM, company):
        raise NotAllowed("not_allowed", _("Only the lead of the team may archive a company."))
    if company.contracts.filter(status=ContractStatus.ACTIVE).exists():
        raise DomainError("has_active_contract", _("A company with an active contract cannot be archived."))
    if company.children.filter(archived_at=None).exists():
        raise DomainError("has_subsidiaries", _("Archive its subsidiaries first, or give them another head."))
    _set_archived(company, clock.now(), by=by, event="archive_company", version=version, reason=reason)


def restore_company(company: Company, *, by: User, version: int | None = None) -> None:
    """Bring an archived company back."""
    if not may(by, Action.ASSIGN_KAM, company):
        raise NotAllowed("not_allowed", _("Only the lead of the team may restore a company."))
    _set_archived(company, None, by=by, event="restore_company", version=version, reason="")


def _set_archived(company: Company, moment: Any, *, reason: str, **how: Any) -> None:
    with transaction.atomic():
        change(company, {"archived_at": moment}, reason=reason, **how)
        announce("facts_changed", company_id=company.pk)
