"""The timeline of a plan, and the dates that are moved on it (R44, R45, R52)."""

from typing import Any
from urllib.parse import urlencode

from django.http import HttpResponse, JsonResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext, pgettext
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from accounts.views.forms import FormPage, draft_initial
from roadmaps.enums import PlanState
from roadmaps.forms.plan_dates import DatesForm, MovesForm, ReasonedForm, as_said
from roadmaps.gantt import BAND, BAR, ROW, SCALE
from roadmaps.models import Plan
from roadmaps.plan_page import CHANGED, frame, the_link, the_plan
from roadmaps.services.plan_dates import DateMove, move_dates
from roadmaps.services.plans import check_may_edit
from roadmaps.timeline import BY, LEGEND, ZOOMS, lines_of, summary_of, timeline_of
from upsell_crm.core.drafts import draft_data
from upsell_crm.core.errors import DomainError
from upsell_crm.core.http import PageRequest
from upsell_crm.core.roles import Action

PERSON, ALL = "person", "all"
MOST_UNDONE = 40  # moves that fit in the address of the undo


@require_GET
def plan_timeline(request: PageRequest, public_id: Any) -> HttpResponse:
    """The picture: `?by=person|company`, `?zoom=weeks|quarter|all`, `?view=table` shows the same as a table."""
    plan = the_plan(request, public_id)
    context = frame(request.user, plan, "plan_timeline")
    outlook = context["outlook"]
    asked = {"by": _one_of(request, "by", BY, PERSON), "zoom": _one_of(request, "zoom", ZOOMS, ALL)}
    may_edit = context["rights"][Action.EDIT_PLAN.value] and plan.is_open and plan.state != PlanState.REVIEW
    lines = lines_of(outlook, may_edit)
    context |= {
        **asked, "may_edit": may_edit, "is_table": request.GET.get("view") == "table",
        "switches": _switches(request, asked), "sizes": {"bar": BAR, "band": BAND, "row": ROW, "scale": SCALE},
        "summary": summary_of(outlook, lines), "lines": lines,
        "legend": LEGEND, "save_words": [_save_words(n) for n in (1, 2, 5)],
        "chart": timeline_of(outlook, lines, **asked) if outlook.links else None,
    }  # fmt: skip
    return render(request, "roadmaps/plan_timeline.html", context)


@require_http_methods(["GET", "POST"])
def plan_task_dates(request: PageRequest, public_id: Any) -> HttpResponse:
    """Both days of one task in the panel; `?starts_on=&due_on=` come from a bar that has been moved."""
    link = the_link(request, public_id)
    check_may_edit(request.user, link.plan)
    key = f"plan-dates-{link.public_id}"
    initial = {name: request.GET[name] for name in ("starts_on", "due_on") if name in request.GET}
    initial = {**draft_initial(request, key), **initial}
    form = DatesForm(request.POST or None, link=link, initial=initial)
    return _page(request, link.plan, form, title=str(link), draft=key).answer(request)


@require_POST
def plan_dates(request: PageRequest, public_id: Any) -> HttpResponse:
    """Moves collected on the timeline; a plan in work asks for the reason first. A refusal puts the bars back."""
    plan = the_plan(request, public_id)
    check_may_edit(request.user, plan)
    key = f"plan-moves-{plan.public_id}"
    said = {**request.POST.dict(), "reason": _kept_reason(request, key)}
    is_asked = not plan.is_working or "reason" in request.POST
    form = MovesForm(request.POST if is_asked else None, plan=plan, initial=said)
    page = _page(request, plan, form, title=_("Move dates"), draft=key if plan.is_working else "")
    response = page.answer(request)
    if is_asked and form.non_field_errors():
        response["HX-Trigger"] = "timeline:refused"
    return response


@require_POST
def plan_dates_undo(request: PageRequest, public_id: Any) -> HttpResponse:
    """Puts back what was moved, as the address has it, if nobody has changed the plan since."""
    plan = the_plan(request, public_id)
    check_may_edit(request.user, plan)
    said = {
        "version": request.GET.get("version"),
        "moves_said": request.GET.get("moves", ""),
        "reason": _("Undone."),
    }
    form = MovesForm(said, plan=plan)
    if not form.is_valid():
        raise DomainError("not_undone", _("This can no longer be undone."))
    move_dates(plan, form.moves(), by=request.user, **form.said())
    return JsonResponse({})


def _page(request: PageRequest, plan: Plan, form: ReasonedForm, *, title: str, draft: str) -> FormPage:
    """The form of moves with its words and its undo."""

    def save(valid: Any) -> None:
        before = move_dates(plan, valid.moves(), by=request.user, **valid.said())
        text = ngettext("Moved: %(n)s task.", "Moved: %(n)s tasks.", len(before))
        page.done, page.undo = text % {"n": len(before)}, _undo_url(plan, before)

    page = FormPage(
        title=title, form=form, save=save, done="", back=reverse("roadmaps:plan_timeline", args=[plan.public_id]),
        company=plan.deal.company, submit=_("Move"), event=CHANGED, draft=draft, record=plan,
        hint=_("A day off becomes the nearest working day.") if "due_on" in form.fields else "",
    )  # fmt: skip
    return page


def _undo_url(plan: Plan, before: list[DateMove]) -> str:
    """ "" when there is nothing to undo or too much for an address."""
    if not 0 < len(before) <= MOST_UNDONE:
        return ""
    query = urlencode({"version": plan.version, "moves": as_said(before)})
    return f"{reverse('roadmaps:plan_dates_undo', args=[plan.public_id])}?{query}"


def _switches(request: PageRequest, asked: dict[str, str]) -> list[dict[str, Any]]:
    """Links that change one word of the address."""
    views = {"picture": _("Picture"), "table": pgettext("view", "Table")}
    now = {**asked, "view": "table" if request.GET.get("view") == "table" else "picture"}
    choices = (
        ("by", _("Rows"), BY), ("zoom", _("Scale"), {code: label for code, (label, _days) in ZOOMS.items()}),
        ("view", _("View"), views),
    )  # fmt: skip
    return [
        {
            "label": label,
            "links": [(f"?{urlencode({**now, name: code})}", words, now[name] == code) for code, words in options.items()],
        }
        for name, label, options in choices
    ]  # fmt: skip


def _kept_reason(request: PageRequest, key: str) -> str:
    typed = draft_data(request.user, key)
    return typed.get("reason", "") if typed else ""


def _one_of(request: PageRequest, name: str, known: Any, default: str) -> str:
    value = request.GET.get(name, default)
    return value if value in known else default


def _save_words(n: int) -> str:
    """The words of the button for so many changes; # is the number."""
    return ngettext("Save %(n)s change", "Save %(n)s changes", n) % {"n": "#"}
