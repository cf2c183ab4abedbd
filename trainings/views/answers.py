"""What helps against an objection: the slot of the outcome form, and the panel beside an open objection (R80)."""

from typing import Any

from django.http import HttpResponse
from django.shortcuts import get_object_or_404, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods

from accounts.enums import ObjectionCategory, ObjectionState
from accounts.models import Company, Objection
from accounts.services.promises import check_may_log
from accounts.views.forms import FormPage, draft_initial
from trainings.forms.experience import ObjectionForm
from trainings.note_queries import answers_elsewhere, best_notes
from trainings.services.note_uses import answer_objection, said_notes
from upsell_crm.core.http import PageRequest

CONTEXT = "context-"


@require_GET
def outcome_answers(request: PageRequest, public_id: Any) -> HttpResponse:
    """The best notes and answers for each objection that is ticked in the outcome form."""
    company = get_object_or_404(Company.objects.visible_to(request.user), public_id=public_id)
    check_may_log(request.user, company)
    labels = dict(ObjectionCategory.choices)
    asked = [code for code in request.GET.getlist("objections") if code in labels]
    parts = [_part(company, code, labels[code], request) for code in dict.fromkeys(asked)]
    said = {name.removeprefix(CONTEXT): str(value) for name, value in request.GET.items()}
    context = {"parts": parts, "taken": {str(key) for key in said_notes(said)}}
    return render(request, "trainings/_outcome_answers.html", context)


@require_http_methods(["GET", "POST"])
def objection_answers(request: PageRequest, public_id: Any) -> HttpResponse:
    """«Как отвечали другие» beside an open objection; what helped is taken and the objection answered in one save."""
    known = Objection.objects.visible_to(request.user).select_related("company__owner_kam")
    objection = get_object_or_404(known, public_id=public_id)
    company = objection.company
    check_may_log(request.user, company)
    key = f"objection-{objection.public_id}"
    initial = {"state": ObjectionState.HANDLED, **draft_initial(request, key)}
    form = ObjectionForm(
        request.POST or None, offered=best_notes(objection.category, company, request.user), instance=objection,
        initial=initial,
    )  # fmt: skip
    answers, total = answers_elsewhere(objection.category, company, request.user)
    form.answers, form.total, form.objection = answers, total, objection  # type: ignore[attr-defined]
    return FormPage(
        title=_("Objection: %s") % objection.get_category_display(), form=form, company=company, draft=key,
        template="trainings/_objection_answers.html", done=_("The objection is updated."),
        back=company.get_absolute_url(), event="interaction:saved",
        record=objection,
        save=lambda f: answer_objection(
            by=request.user, objection=objection, notes=f.chosen, state=f.cleaned_data["state"],
            how=f.cleaned_data["handled_how"], version=f.seen_version,
        ),
    ).answer(request)  # fmt: skip


def _part(company: Company, code: str, label: Any, request: PageRequest) -> dict[str, Any]:
    answers, total = answers_elsewhere(code, company, request.user)
    return {"code": code, "label": label, "notes": best_notes(code, company, request.user), "answers": answers, "total": total}  # fmt: skip
