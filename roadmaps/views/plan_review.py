"""«Проверка»: the lead reads a plan, comments on its items, approves or returns it (R79, §6.2.2)."""

from typing import Any

from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext, pgettext
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from accounts.views.forms import FormPage, draft_initial
from roadmaps.access import may
from roadmaps.enums import PlanState
from roadmaps.forms.reviews import ApproveForm, CommentForm, ResolveForm, ReturnForm
from roadmaps.models import Plan, ReviewComment
from roadmaps.plan_facts import flags_of
from roadmaps.plan_gates import hindrances
from roadmaps.plan_machine import MACHINE
from roadmaps.plan_page import CHANGED, frame, page_rights, the_plan
from roadmaps.plan_schedule import Outlook
from roadmaps.review_page import item_words, items_of, page_of, shown_flags
from roadmaps.reviews import comments_by_item, for_queue, queue_rows, waiting_for
from roadmaps.services.reviews import (
    approve_plan,
    comment_item,
    is_item,
    may_resolve,
    resolve_comment,
    return_plan,
    take_back_approval,
)
from upsell_crm.core import clock
from upsell_crm.core.access import require
from upsell_crm.core.errors import NotAllowed
from upsell_crm.core.htmx import undone
from upsell_crm.core.http import PageRequest
from upsell_crm.core.paging import paginate
from upsell_crm.core.roles import Action


@require_GET
def review_queue(request: PageRequest) -> HttpResponse:
    """Plans that wait for this lead, the longest waiting first."""
    require(request.user, Action.VALIDATE_PLAN)
    plans = for_queue(waiting_for(request.user))
    page = paginate(plans, request.GET, order=("state_since", "pk"))
    context = {"page": page, "rows": queue_rows(page.rows, clock.today())}
    return render(request, "roadmaps/review_queue.html", context)


@require_GET
def plan_review(request: PageRequest, public_id: Any) -> HttpResponse:
    """Everything for a verdict on one page; who may not judge reads it."""
    plan = the_plan(request, public_id)
    context = frame(request.user, plan, "plan_review")
    context |= page_of(request.user, plan, clock.today(), context["outlook"])
    return render(request, "roadmaps/plan_review.html", context)


@require_GET
def plan_flags(request: PageRequest, public_id: Any) -> HttpResponse:
    """The slot of the plan's pages: what a good lead would see, so that the KAM mends it before."""
    plan = the_plan(request, public_id)
    comments = comments_by_item(plan)
    outlook = Outlook(plan, clock.today())
    flags = shown_flags(plan, flags_of(plan, outlook.today, outlook), comments) if plan.is_open else []
    rights = page_rights(request.user, plan)
    if rights[
        Action.EDIT_PLAN
    ]:  # who writes the plan reads it over the tasks, with the button that gives a task
        flags = [row for row in flags if row.flag.code != "idle_member" or row.comments]
    context = {"plan": plan, "flags": flags, "items": items_of(plan, comments), "rights": rights}
    return render(request, "roadmaps/_plan_flag_list.html", context)


@require_http_methods(["GET", "POST"])
def approve(request: PageRequest, public_id: Any) -> HttpResponse:
    """One click posts no words; what keeps a gate shut comes back with the way to approve it all the same."""
    plan = the_plan(request, public_id)
    _check_may_judge(request, plan)
    shut = hindrances(plan, clock.today(), PlanState.ACTIVE)
    key = f"approve_plan:{plan.public_id}"
    form = ApproveForm(request.POST or None, initial=_initial(request, plan, key), may_override=bool(shut))
    return FormPage(
        title=_("Approve the plan"), form=form, company=plan.deal.company, submit=_("Approve"), hint="; ".join(shut),
        draft=key, event=CHANGED, back=reverse("roadmaps:review_queue"), done=_("The plan is approved and in work."),
        undo=reverse("roadmaps:undo_approval", args=[plan.public_id]), record=plan,
        save=lambda f: approve_plan(
            plan, by=request.user, comment=f.cleaned_data["comment"], version=f.cleaned_data["version"],
            overrides=f.cleaned_data.get("overrides", False),
        ),
    ).answer(request)  # fmt: skip


@require_http_methods(["GET", "POST"])
def send_back(request: PageRequest, public_id: Any) -> HttpResponse:
    """Back to the KAM: with words, or with the comments on items."""
    plan = the_plan(request, public_id)
    _check_may_judge(request, plan)
    key = f"return_plan:{plan.public_id}"
    form = ReturnForm(request.POST or None, initial=_initial(request, plan, key))
    n = plan.comments.open().count()
    hint = ngettext(
        "%(n)s open comment on the items goes along.", "%(n)s open comments on the items go along.", n
    )
    return FormPage(
        title=_("Return the plan"), form=form, company=plan.deal.company, submit=_("Return"), draft=key, event=CHANGED,
        hint=hint % {"n": n} if n else _("Say what has to be changed."), back=reverse("roadmaps:review_queue"),
        done=_("The plan is returned to the KAM."), record=plan,
        save=lambda f: return_plan(
            plan, by=request.user, comment=f.cleaned_data["comment"], version=f.cleaned_data["version"]
        ),
    ).answer(request)  # fmt: skip


@require_POST
def undo_approval(request: PageRequest, public_id: Any) -> HttpResponse:
    """«Отменить» of the toast, for ten minutes."""
    plan = the_plan(request, public_id)
    take_back_approval(plan, by=request.user)
    back = reverse("roadmaps:plan_review", args=[plan.public_id])
    return undone(request, _("The plan waits for review again."), back=back, event=CHANGED)


@require_http_methods(["GET", "POST"])
def comment(request: PageRequest, public_id: Any) -> HttpResponse:
    """Words on one item (`?item=goal`, `task:…`, `flag:…`)."""
    plan = the_plan(request, public_id)
    if not may(request.user, Action.VALIDATE_PLAN, plan):
        raise NotAllowed("not_allowed", _("The lead comments on a plan."))
    item = request.POST.get("item") or request.GET.get("item", "")
    if not is_item(plan, item):
        raise Http404
    key = f"comment_plan:{plan.public_id}:{item}"
    form = CommentForm(request.POST or None, initial={**draft_initial(request, key), "item": item})
    return FormPage(
        title=_("Comment: %s") % item_words(plan, item), form=form, company=plan.deal.company, draft=key, event=CHANGED,
        back=reverse("roadmaps:plan_review", args=[plan.public_id]), done=_("The comment is saved."),
        save=lambda f: comment_item(plan, by=request.user, **f.cleaned_data),
    ).answer(request)  # fmt: skip


@require_http_methods(["GET", "POST"])
def resolve(request: PageRequest, public_id: Any) -> HttpResponse:
    """What was done about a comment, by its author or by who writes the plan."""
    said = get_object_or_404(
        ReviewComment.objects.visible_to(request.user).select_related("plan__deal__company", "author"),
        public_id=public_id,
    )
    if not may_resolve(said, request.user):
        raise NotAllowed("not_allowed", _("A comment is settled by its author or by who writes the plan."))
    key = f"resolve_comment:{said.public_id}"
    form = ResolveForm(request.POST or None, initial={"version": said.version, **draft_initial(request, key)})
    return FormPage(
        title=_("Settle the comment"), form=form, company=said.plan.deal.company, submit=pgettext("comment", "Settled"),
        hint=f"{said.author}: {said.text}", draft=key, event=CHANGED, done=_("The comment is settled."),
        back=said.plan.get_absolute_url(), record=said,
        save=lambda f: resolve_comment(said, by=request.user, **f.cleaned_data),
    ).answer(request)  # fmt: skip


def _check_may_judge(request: PageRequest, plan: Plan) -> None:
    """403 for who may not, 409 for a plan that does not wait."""
    if not may(request.user, Action.VALIDATE_PLAN, plan):
        raise NotAllowed("not_allowed", _("Only the lead judges a plan."))
    MACHINE.move_to(plan, PlanState.RETURNED, by=request.user)


def _initial(request: PageRequest, plan: Plan, key: str) -> dict[str, Any]:
    return {"version": plan.version, **draft_initial(request, key)}
