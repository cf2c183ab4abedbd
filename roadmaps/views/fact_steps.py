"""Steps that hang on facts: the lead's leave to work over stale ones, and the answer to one that has changed."""

from typing import Any

from django.http import HttpResponse
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from accounts.views.forms import FormPage, draft_initial
from roadmaps.access import check_may_open_gate
from roadmaps.forms.facts import OpenTasksForm, SettleForm
from roadmaps.models import Plan, ReplanItem
from roadmaps.plan_page import CHANGED, the_plan
from roadmaps.services.overrides import open_plan_tasks, shut_plan_tasks
from roadmaps.services.plans import check_may_edit
from roadmaps.services.replans import settle_replan, take_back_settling
from upsell_crm.core.htmx import done, undone
from upsell_crm.core.http import PageRequest


@require_http_methods(["GET", "POST"])
def open_tasks(request: PageRequest, public_id: Any) -> HttpResponse:
    """The lead lets tasks begin although facts have gone stale."""
    plan = the_plan(request, public_id)
    check_may_open_gate(request.user, plan)
    key = f"open_plan_tasks:{plan.public_id}"
    form = OpenTasksForm(
        request.POST or None, initial={"version": plan.version, **draft_initial(request, key)}
    )
    return FormPage(
        title=_("Open the tasks"), form=form, company=plan.deal.company, submit=_("Open the tasks"), draft=key,
        hint=_("Stale facts hold no task back any more. The reason stays on the plan and in its history."),
        done=_("The tasks are open."), back=_facts(plan), event=CHANGED, record=plan,
        save=lambda f: open_plan_tasks(
            plan, by=request.user, reason=f.cleaned_data["reason"], version=f.cleaned_data["version"]
        ),
    ).answer(request)  # fmt: skip


@require_POST
def shut_tasks(request: PageRequest, public_id: Any) -> HttpResponse:
    """The leave is taken back: stale facts hold tasks back again."""
    plan = the_plan(request, public_id)
    shut_plan_tasks(plan, by=request.user)
    return done(request, _("Stale facts hold tasks back again."), back=_facts(plan), event=CHANGED)


@require_http_methods(["GET", "POST"])
def settle(request: PageRequest, public_id: Any) -> HttpResponse:
    """«План не меняется» with a reason, or «исправлено» with what was done."""
    item = _the_item(request, public_id)
    key = f"settle_replan:{item.public_id}"
    form = SettleForm(request.POST or None, initial={"version": item.version, **draft_initial(request, key)})
    return FormPage(
        title=_("A changed fact: %s") % item.what, form=form, company=item.plan.deal.company, draft=key,
        hint=f"{item.old or '—'} → {item.new or '—'}" if item.old or item.new else "", done=_("Noted."),
        back=_facts(item.plan), event=CHANGED, record=item,
        undo=reverse("roadmaps:undo_settling", args=[item.public_id]),
        save=lambda f: settle_replan(
            item, by=request.user, is_plan_changed=f.cleaned_data["answer"] == "changed", words=f.cleaned_data["words"],
            version=f.cleaned_data["version"],
        ),
    ).answer(request)  # fmt: skip


@require_POST
def undo_settling(request: PageRequest, public_id: Any) -> HttpResponse:
    """«Отменить» of the toast."""
    item = _the_item(request, public_id)
    take_back_settling(item, by=request.user)
    return undone(request, _("Undone."), back=_facts(item.plan), event=CHANGED)


def _the_item(request: PageRequest, public_id: Any) -> ReplanItem:
    """A change under a plan that this person may open (else 404) and edit (else NotAllowed)."""
    items = ReplanItem.objects.visible_to(request.user).select_related(
        "plan__deal__company", "plan__deal__team"
    )
    item = get_object_or_404(items, public_id=public_id)
    check_may_edit(request.user, item.plan)
    return item


def _facts(plan: Plan) -> str:
    return reverse("roadmaps:plan_facts", args=[plan.public_id])
