"""«Заполнить по шаблону»: what the tasks would be, and which of them are taken (R93, product.md §1.18)."""

from typing import Any

from django.http import HttpResponse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_http_methods

from accounts.views.forms import FormPage
from roadmaps.forms.tasks import FillForm
from roadmaps.models import PlanTemplate
from roadmaps.plan_page import CHANGED, the_plan
from roadmaps.services.plan_tasks import check_stage
from roadmaps.services.plan_templates import fill_plan
from roadmaps.services.plans import check_may_edit
from roadmaps.similar_deals import similar_to
from roadmaps.template_tasks import anchor_of, default_template, draft
from upsell_crm.core import clock
from upsell_crm.core.http import PageRequest


@require_http_methods(["GET", "POST"])
def plan_fill(request: PageRequest, public_id: Any) -> HttpResponse:
    """The preview with a tick at each line; `?template=` chooses another one."""
    plan = the_plan(request, public_id)
    check_may_edit(request.user, plan)
    check_stage(plan)
    templates = list(PlanTemplate.objects.filter(active=True))
    named = [one for one in templates if one.code == request.GET.get("template")]
    template = named[0] if named else default_template(plan, templates)
    similar = similar_to(plan.deal, request.user)
    drafts = draft(plan, template, similar, clock.today()) if template else []
    form = FillForm(request.POST or None, plan=plan, codes=[one.step.code for one in drafts])

    def save(valid: FillForm) -> None:
        said = valid.cleaned_data
        taken = [one for one in drafts if one.step.code in said["steps"]]
        assert template is not None  # without one there is no step to choose
        made = fill_plan(
            plan, template, taken, by=request.user, reason=said.get("reason", ""), version=said["version"]
        )
        page.done = ngettext("%(n)s task added.", "%(n)s tasks added.", len(made)) % {"n": len(made)}

    page = FormPage(
        title=_("Fill from a template"), form=form, company=plan.deal.company, back=plan.get_absolute_url(), done="",
        submit=_("Add to the plan"), event=CHANGED, record=plan,
        template="roadmaps/_plan_fill.html", save=save,
    )  # fmt: skip
    anchor, is_act_by = anchor_of(plan)
    form.preview = {
        "templates": templates, "chosen": template, "drafts": drafts, "similar": similar, "anchor": anchor,
        "is_act_by": is_act_by, "ticked": set(form["steps"].value() or ()), "has_tasks": plan.tasks.standing().exists(),
    }  # fmt: skip
    return page.answer(request)
