"""Steps of a deal from its page, the board and the keyboard: one address per step (§2.9)."""

from typing import Any

from django.http import Http404, HttpResponse
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from accounts.views.forms import FormPage, draft_initial
from deals.access import may
from deals.checklists import lines_of, stages_left
from deals.close_reasons import needs_lead_to_lose
from deals.deal_machine import MACHINE, may_step
from deals.enums import ROAD, DealStage
from deals.forms.moves import HoldForm, LoseForm, MoveForm, ReasonForm, ReopenForm, StepForm, WinReasonsForm
from deals.models import Deal
from deals.services.deal_moves import (
    hold_deal,
    lose_deal,
    move_deal,
    refuse_loss,
    reopen_deal,
    resume_deal,
    say_win_reasons,
    take_back_move,
)
from deals.views.team import CHANGED, the_deal
from upsell_crm.core.errors import NotAllowed
from upsell_crm.core.htmx import done, undone
from upsell_crm.core.http import PageRequest, number_sent
from upsell_crm.core.roles import Action


@require_http_methods(["GET", "POST"])
def move(request: PageRequest, public_id: Any, to: str) -> HttpResponse:
    """Forward with the checklist, back with a reason. `quick=1` (board) moves at once when nothing has to be asked."""
    if to not in ROAD:
        raise Http404
    deal = the_deal(request, public_id)
    MACHINE.move_to(deal, to, by=request.user)
    left = stages_left(deal, to)
    lines, is_back = lines_of(deal, left), not left
    was = deal.stage
    data = request.POST if request.method == "POST" and "quick" not in request.POST else None
    key = f"move_deal:{deal.public_id}:{to}"
    form = MoveForm(
        data, lines=lines, is_back=is_back, initial={"version": deal.version, **draft_initial(request, key)}
    )
    page = FormPage(
        title=_("%(deal)s → %(stage)s") % {"deal": deal.title, "stage": DealStage(to).label}, form=form,
        company=deal.company, submit=str(DealStage(to).label), event=CHANGED, back=deal.get_absolute_url(),
        done=_("Stage: %s.") % DealStage(to).label, template="deals/_move_form.html", record=deal, draft=key,
        hint="" if is_back or len(left) == 1 else _("Stages are skipped: every item has to be ticked."),
        save=lambda f: move_deal(
            deal, to=to, by=request.user, version=f.cleaned_data["version"], reason=f.cleaned_data.get("reason", ""),
            ticked=f.cleaned_data.get("checks", ()),
        ),
        undo="" if is_back else _undo(deal, was),
    )  # fmt: skip
    if "quick" in request.POST and not is_back and all(line.is_done for line in lines):
        ticked = [line.key for line in lines]
        move_deal(deal, to=to, by=request.user, version=number_sent(request.POST, "version"), ticked=ticked)
        return done(request, page.done, back=page.back, event=CHANGED, undo=page.undo)
    return page.answer(request)


@require_POST
def undo_move(request: PageRequest, public_id: Any, to: str) -> HttpResponse:
    """«Отменить» of the toast: back to where the deal stood, by whoever answers for it or has just moved it."""
    if to not in ROAD:
        raise Http404
    deal = the_deal(request, public_id)
    if may_step(request.user, Action.CLOSE_DEAL, deal):
        move_deal(deal, to=to, by=request.user, reason=_("The move was undone."))
    else:
        take_back_move(deal, by=request.user)
    return undone(request, _("Undone."), back=deal.get_absolute_url(), event=CHANGED)


@require_http_methods(["GET", "POST"])
def hold(request: PageRequest, public_id: Any) -> HttpResponse:
    """Pause until a date."""
    deal = the_deal(request, public_id)
    MACHINE.move_to(deal, DealStage.HOLD, by=request.user)
    return _step(
        request, deal, HoldForm, title=_("Pause the deal"), submit=_("Pause"), done=_("The deal is on hold."),
        save=lambda f: hold_deal(
            deal, by=request.user, until=f.cleaned_data["hold_until"], reason=f.cleaned_data["reason"],
            version=f.cleaned_data["version"],
        ),
    )  # fmt: skip


@require_POST
def resume(request: PageRequest, public_id: Any) -> HttpResponse:
    """Back to work before the date."""
    deal = _answered(request, public_id)
    resume_deal(deal, by=request.user, version=number_sent(request.POST, "version"))
    return done(request, _("The deal goes on."), back=deal.get_absolute_url(), event=CHANGED)


@require_http_methods(["GET", "POST"])
def lose(request: PageRequest, public_id: Any) -> HttpResponse:
    """Close as lost, or propose it: the reasons are mandatory (R84)."""
    deal = the_deal(request, public_id)
    MACHINE.move_to(deal, DealStage.LOST, by=request.user)
    is_proposal = needs_lead_to_lose(deal) and not may(request.user, Action.CONFIRM_LOSS, deal)
    said = {
        "main_reason": deal.main_reason,
        "other_reasons": deal.other_reasons,
        "comment": deal.close_comment,
    }
    return _step(
        request, deal, LoseForm, title=_("Close the deal as lost"), danger=True, initial=said,
        submit=_("Propose to the lead") if is_proposal else _("Close as lost"),
        hint=_("From 500,000 ₽, or with a key client, the lead confirms a loss.") if is_proposal else "",
        done=_("The lead has a task: confirm or refuse.") if is_proposal else _("The deal is lost."),
        save=lambda f: lose_deal(deal, by=request.user, **f.cleaned_data),
    )  # fmt: skip


@require_http_methods(["GET", "POST"])
def refuse(request: PageRequest, public_id: Any) -> HttpResponse:
    """The proposed loss is refused or withdrawn."""
    deal = the_deal(request, public_id)
    if deal.loss_proposed_by_id != request.user.pk and not may(request.user, Action.CONFIRM_LOSS, deal):
        raise NotAllowed("not_allowed", _("The lead of the team decides on a proposed loss."))
    return _step(
        request, deal, ReasonForm, title=_("The deal goes on"), submit=_("Go on"), done=_("The deal goes on."),
        save=lambda f: refuse_loss(deal, by=request.user, **f.cleaned_data),
    )  # fmt: skip


@require_http_methods(["GET", "POST"])
def reopen(request: PageRequest, public_id: Any) -> HttpResponse:
    """The lead opens a closed deal again."""
    deal = the_deal(request, public_id)
    if not may(request.user, Action.CONFIRM_LOSS, deal):
        raise NotAllowed("not_allowed", _("Only the lead reopens a deal."))
    said = {"next_step": deal.next_step, "next_step_on": None}
    return _step(
        request, deal, ReopenForm, title=_("Reopen the deal"), submit=_("Reopen"), done=_("The deal is open again."),
        initial=said, save=lambda f: reopen_deal(deal, by=request.user, **f.cleaned_data),
    )  # fmt: skip


@require_http_methods(["GET", "POST"])
def win_reasons(request: PageRequest, public_id: Any) -> HttpResponse:
    """Why the deal was won, asked afterwards (§2.7)."""
    deal = _answered(request, public_id)
    said = {
        "main_reason": deal.main_reason,
        "other_reasons": deal.other_reasons,
        "comment": deal.close_comment,
    }
    return _step(
        request, deal, WinReasonsForm, title=_("Why the deal was won"), done=_("Saved."), initial=said,
        save=lambda f: say_win_reasons(deal, by=request.user, **f.cleaned_data),
    )  # fmt: skip


def _answered(request: PageRequest, public_id: Any) -> Deal:
    """A deal for which this person answers: its responsible KAM, or the lead."""
    deal = the_deal(request, public_id)
    if not may_step(request.user, Action.CLOSE_DEAL, deal):
        raise NotAllowed("not_allowed", _("You may not change this deal."))
    return deal


def _step(
    request: PageRequest, deal: Deal, kind: type[StepForm], *, initial: dict[str, Any] | None = None, **words: Any
) -> HttpResponse:  # fmt: skip
    """The panel of one step, checked against the version that was seen; what is typed is kept as a draft."""
    key = f"{kind.__name__}:{deal.public_id}"
    typed = draft_initial(request, key)
    form = kind(request.POST or None, initial={"version": deal.version, **(initial or {}), **typed})
    return FormPage(
        form=form,
        company=deal.company,
        back=deal.get_absolute_url(),
        event=CHANGED,
        record=deal,
        draft=key,
        **words,
    ).answer(request)


def _undo(deal: Deal, stage: str) -> str:
    return reverse("deals:undo_move", args=[deal.public_id, stage])
