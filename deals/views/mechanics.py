"""Panels of the mechanics: a function is given, passed on, taken away."""

from typing import Any

from django.http import HttpResponse
from django.shortcuts import get_object_or_404
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from accounts.views.forms import FormPage, draft_initial
from deals.forms.program import FunctionForm, PersonForm, ReasonForm
from deals.models import Mechanics
from deals.services.mechanics import assign_function, change_person, end_function, open_tasks
from deals.services.programs import check_may_keep
from deals.views.program_steps import CHANGED, page_of
from deals.views.programs import the_program
from upsell_crm.core.http import PageRequest


@require_http_methods(["GET", "POST"])
def new_function(request: PageRequest, public_id: Any) -> HttpResponse:
    """A colleague takes a function; `?company=…&function=…` come from the cell."""
    program = the_program(request, public_id)
    check_may_keep(request.user, program)
    key = f"assign_function:{program.deal.public_id}"
    asked = {name: request.GET[name] for name in ("company", "function") if name in request.GET}
    initial = {**draft_initial(request, key), **asked}
    form = FunctionForm(request.POST or None, program=program, initial=initial)
    return FormPage(
        title=_("Who does it"), form=form, company=program.deal.company, done=_("The function has its owner."),
        back=page_of(program), event=CHANGED, submit=_("Assign"), draft=key,
        hint=_("The colleague becomes a member of the project. Who sets meetings gets the task to set one."),
        save=lambda f: assign_function(by=request.user, program=program, **f.cleaned_data),
    ).answer(request)  # fmt: skip


@require_http_methods(["GET", "POST"])
def person(request: PageRequest, public_id: Any) -> HttpResponse:
    """The function goes to another colleague, with the ticked tasks (R73)."""
    line = the_line(request, public_id)
    form = PersonForm(request.POST or None, line=line)
    return FormPage(
        title=f"{line.company} · {line.function_text or line.get_function_display()}", form=form,
        company=line.program.deal.company, done=_("The function is passed on."), back=page_of(line.program),
        event=CHANGED, submit=_("Pass on"), hint=_("Now: %(who)s (%(team)s).") % {"who": line.user, "team": line.team},
        record=line,
        save=lambda f: change_person(by=request.user, line=line, **f.cleaned_data),
    ).answer(request)  # fmt: skip


@require_http_methods(["GET", "POST"])
def ended(request: PageRequest, public_id: Any) -> HttpResponse:
    """Nobody does it any more."""
    line = the_line(request, public_id)
    form = ReasonForm(request.POST or None, initial={"version": line.version})
    return FormPage(
        title=_("Take the function away"), form=form, company=line.program.deal.company, danger=True, event=CHANGED,
        submit=_("Take away"), done=_("The function has no owner."), back=page_of(line.program),
        hint=f"{line.company} · {line.function_text or line.get_function_display()} · {line.user}{_owed(line)}",
        record=line,
        save=lambda f: end_function(by=request.user, line=line, **f.cleaned_data),
    ).answer(request)  # fmt: skip


def _owed(line: Mechanics) -> str:
    """The open tasks of the function, which stay with the person: pass the function on to move them (R73)."""
    titles = "; ".join(task.title for task in open_tasks(line))
    return (
        _(". Open tasks stay with the colleague: %(tasks)s. To move them, pass the function on.")
        % {"tasks": titles}
        if titles
        else ""
    )


def the_line(request: PageRequest, public_id: Any) -> Mechanics:
    """A line of a programme that this person may open (else 404) and keep (else NotAllowed)."""
    lines = Mechanics.objects.visible_to(request.user).select_related(
        "program__deal__company", "company", "user", "team"
    )
    line = get_object_or_404(lines, public_id=public_id)
    check_may_keep(request.user, line.program)
    return line
