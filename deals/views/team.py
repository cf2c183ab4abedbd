"""The working group on the deal page: members, gaps, who leads the communication (R62, R63, R86, R87)."""

from typing import Any

from django.http import HttpResponse, JsonResponse
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from accounts.views.forms import FormPage
from deals.access import may
from deals.communicators import leading_members, propose
from deals.expertise import coverage
from deals.forms.team import OPTIONS, CommunicatorForm, MemberForm, colleagues_matching, option_of
from deals.models import Deal, DealMember
from deals.services.lead_communicator import accept_proposal, choose_communicator
from deals.services.members import add_member, check_may_assign, end_member, take_back_end
from deals.working_group import working_group
from upsell_crm.core import clock
from upsell_crm.core.access import require
from upsell_crm.core.htmx import done, undone
from upsell_crm.core.http import PageRequest, number_sent
from upsell_crm.core.models import User
from upsell_crm.core.roles import Action

CHANGED = "deal:changed"


def the_deal(request: PageRequest, public_id: Any) -> Deal:
    """A deal that this person may open; 404 otherwise."""
    deals = Deal.objects.visible_to(request.user)
    return get_object_or_404(
        deals.select_related("company", "responsible_kam", "lead_communicator", "team"), public_id=public_id
    )


def the_member(request: PageRequest, public_id: Any) -> DealMember:
    """A membership of a deal that this person may open; 404 otherwise."""
    members = DealMember.objects.visible_to(request.user).select_related("deal__company", "user")
    return get_object_or_404(members, public_id=public_id)


@require_GET
def deal_team(request: PageRequest, public_id: Any) -> HttpResponse:
    """The slot of the deal page."""
    deal = the_deal(request, public_id)
    today = clock.today()
    group = working_group(deal, today)
    people = {member.user_id for member in group.active}
    context = {
        "deal": deal, "group": group, "proposal": propose(deal, today, group.active),
        "coverage": coverage(deal.company, people, today, members=people),
        "may_see_load": bool(request.user.scopes(Action.SEE_WORKLOAD)),
        "may_assign": deal.is_open and may(request.user, Action.ASSIGN_MEMBERS, deal),
    }  # fmt: skip
    return render(request, "deals/_deal_team.html", context)


@require_http_methods(["GET", "POST"])
def new_member(request: PageRequest, public_id: Any) -> HttpResponse:
    """A colleague takes a role; `?user=…&role=…` come from a proposal."""
    deal = the_deal(request, public_id)
    check_may_assign(request.user, deal)
    initial = {name: request.GET[name] for name in ("user", "role") if name in request.GET}
    form = MemberForm(request.POST or None, deal=deal, initial=initial)
    return FormPage(
        title=_("Add a colleague"), form=form, company=deal.company, done=_("The colleague is in the working group."),
        back=deal.get_absolute_url(), submit=_("Add"), event=CHANGED,
        save=lambda f: add_member(by=request.user, deal=deal, **f.cleaned_data),
    ).answer(request)  # fmt: skip


@require_POST
def member_end(request: PageRequest, public_id: Any) -> HttpResponse:
    """The colleague leaves the role today; the toast takes it back."""
    member = the_member(request, public_id)
    end_member(by=request.user, member=member)
    text = _("%(who)s is no longer %(role)s of the deal.") % {"who": member.user, "role": member.role_label}
    undo = reverse("deals:take_back_member_end", args=[member.public_id])
    return done(request, text, back=member.deal.get_absolute_url(), event=CHANGED, undo=undo)


@require_POST
def member_end_undo(request: PageRequest, public_id: Any) -> HttpResponse:
    """«Отменить» of the toast."""
    member = the_member(request, public_id)
    take_back_end(by=request.user, member=member)
    return undone(request, _("Still a member."), back=member.deal.get_absolute_url(), event=CHANGED)


@require_POST
def accept_communicator(request: PageRequest, public_id: Any) -> HttpResponse:
    """One click on the proposal (R63)."""
    deal = the_deal(request, public_id)
    best = accept_proposal(by=request.user, deal=deal, version=number_sent(request.POST, "version"))
    text = _("%s leads the communication.") % best
    return done(request, text, back=deal.get_absolute_url(), event=CHANGED)


@require_http_methods(["GET", "POST"])
def communicator(request: PageRequest, public_id: Any) -> HttpResponse:
    """Another member leads, with the reason (R63)."""
    deal = the_deal(request, public_id)
    check_may_assign(request.user, deal)
    today = clock.today()
    members = [member.user_id for member in leading_members(deal, today)]
    people = User.objects.filter(pk__in=[*members, deal.responsible_kam_id])
    initial = {
        "version": deal.version,
        "user": deal.lead_communicator_id,
        "reason": deal.lead_override_reason,
    }
    form = CommunicatorForm(request.POST or None, people=people, initial=initial)
    hint = _("The best contact is %s. Another choice needs a reason; it stays in history.")
    return FormPage(
        title=_("Who leads the communication"), form=form, company=deal.company, done=_("Saved."), event=CHANGED,
        back=deal.get_absolute_url(), hint=hint % propose(deal, today).best, record=deal,
        save=lambda f: choose_communicator(by=request.user, deal=deal, **f.cleaned_data),
    ).answer(request)  # fmt: skip


@require_GET
def colleague_options(request: PageRequest) -> JsonResponse:
    """Suggestions for fields in which a colleague is chosen."""
    require(request.user, Action.ASSIGN_MEMBERS, Action.SEE_WORKLOAD)
    found = colleagues_matching(request.GET.get("q", "")).select_related("team")[:OPTIONS]
    options = [{"value": option_of(user), "label": f"{user} · {user.team or '—'}"} for user in found]
    return JsonResponse({"options": options})
