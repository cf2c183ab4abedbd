"""Who works in a deal: joining, leaving, and the rights that follow (R62, R86, §2.8.2)."""

from django.db import transaction
from django.utils.translation import gettext as _

from accounts.models import Company
from deals.access import may
from deals.enums import DEAL_ROLES, Function
from deals.models import Deal, DealMember, Mechanics
from deals.services.account_members import refresh_account_members
from upsell_crm.core import clock
from upsell_crm.core.commands import change, create
from upsell_crm.core.errors import DomainError, NotAllowed
from upsell_crm.core.models import User
from upsell_crm.core.reactions import announce
from upsell_crm.core.roles import Action, Role


def add_member(
    *, by: User, deal: Deal, user: User, role: str, scope_company: Company | None = None
) -> DealMember:
    """A colleague takes a role in the deal from today; a scope narrows it to one ДЗО of a holding project.

    Performer is a function that any colleague may have (R71). Raises NotAllowed, DomainError.
    """
    check_may_assign(by, deal)
    check_is_open(deal)
    check_can_join(user, role)
    if scope_company is not None and not _is_in_holding(deal, scope_company):
        text = _("This company does not belong to the holding of the deal.")
        raise DomainError("not_in_holding", text, {"scope_company": [text]})
    if role == Role.CLOSER and scope_company is not None:
        check_one_closer(deal, scope_company, user)
    return join(deal, user, role, by=by, scope_company=scope_company)


def check_one_closer(deal: Deal, company: Company, user: User) -> None:
    """Documents of a ДЗО go through one Closer, be he named by the mechanics or as a member (R72)."""
    named = Mechanics.objects.filter(program__deal=deal, company=company, function=Function.APPROVE_DOCS)
    members = DealMember.objects.filter(deal=deal, scope_company=company, role=Role.CLOSER, ended_on=None)
    if named.exclude(user=user).exists() or members.exclude(user=user).exists():
        text = _("Another Closer works there already: documents go through one person.")
        raise DomainError("second_closer", text, {"user": [text]})


def join(
    deal: Deal, user: User, role: str, *, by: User | None, scope_company: Company | None = None
) -> DealMember:
    """The membership itself, for services that have checked the right: a new deal, a handover, a queue."""
    member = DealMember(deal=deal, user=user, role=role, scope_company=scope_company, since_on=clock.today())
    with transaction.atomic():
        create(member, by=by, event="add_member")
        refresh_account_members([deal])
        announce("members_changed", deal=deal, by=by)
    return member


def end_member(*, by: User, member: DealMember, reason: str = "", version: int | None = None) -> None:
    """The colleague leaves the role today, and his rights end at once.

    The responsible KAM leaves by a handover only (§2.8.8). Raises NotAllowed, Stale, DomainError.
    """
    check_may_assign(by, member.deal)
    if member.ended_on is not None:
        raise DomainError("ended", _("This membership has ended already."))
    if is_responsible_role(member) and not _has_other_role(member):
        raise DomainError("responsible", _("The responsible KAM leaves the deal by a handover."))
    leave(member, by=by, reason=reason, version=version)


def take_back_end(*, by: User, member: DealMember) -> None:
    """«Отменить»: an end of today is taken back by who may choose the group. Raises NotAllowed, DomainError."""
    check_may_assign(by, member.deal)
    check_is_open(member.deal)
    check_can_join(member.user, member.role)
    if member.ended_on != clock.today():
        raise DomainError("too_late", _("Only an end of today is taken back. Add the colleague anew."))
    with transaction.atomic():
        change(member, {"ended_on": None}, by=by, event="take_back_end_member")
        refresh_account_members([member.deal])
        announce("members_changed", deal=member.deal, by=by)


def leave(member: DealMember, *, by: User | None, reason: str = "", version: int | None = None) -> None:
    """The end of a membership, for services that have checked the right."""
    with transaction.atomic():
        change(member, {"ended_on": clock.today()}, by=by, event="end_member", reason=reason, version=version)
        refresh_account_members([member.deal])
        announce("members_changed", deal=member.deal, by=by)


def check_may_assign(by: User, deal: Deal) -> None:
    """Raises NotAllowed for who neither is responsible for the deal nor leads its team."""
    if not may(by, Action.ASSIGN_MEMBERS, deal):
        raise NotAllowed("not_allowed", _("You may not change the working group of this deal."))


def check_is_open(deal: Deal) -> None:
    """Raises DomainError for a deal that is won or lost."""
    if not deal.is_open:
        raise DomainError("closed", _("The deal is closed. Reopen it first."))


def check_can_join(user: User, role: str) -> None:
    """A working colleague in a known role; raises DomainError (§2.8.2)."""
    if role not in DEAL_ROLES:
        raise DomainError("role", _("There is no such role in a deal."), {"role": [_("Choose a role.")]})
    if not user.is_active:
        text = _("%s does not work here any more.") % user
        raise DomainError("user_blocked", text, {"user": [text]})


def is_responsible_role(member: DealMember) -> bool:
    """Whether this membership is the one by which its person answers for the deal."""
    return (
        member.user_id == member.deal.responsible_kam_id
        and member.role in (Role.KAM, Role.LEAD)
        and member.scope_company_id is None
    )


def _has_other_role(member: DealMember) -> bool:
    """Another membership by which the same person may stay responsible."""
    others = DealMember.objects.active_on(clock.today()).filter(
        deal=member.deal, user=member.user, role__in=[Role.KAM, Role.LEAD], scope_company=None
    )
    return others.exclude(pk=member.pk).exists()


def _is_in_holding(deal: Deal, company: Company) -> bool:
    return deal.is_holding and Company.objects.below(deal.company).filter(pk=company.pk).exists()
