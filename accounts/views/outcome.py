"""The outcome form: one screen for what happened and for what is planned (product.md §3.3)."""

import json
from uuid import uuid4

from django.contrib import messages
from django.http import HttpResponse, QueryDict
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import pgettext
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from accounts.enums import AgreementSide, InteractionState
from accounts.forms.outcome_rows import with_one_more_row, with_waits
from accounts.models import Company, Contact, Interaction
from accounts.outcome_defaults import companies_to_log, due_meeting, next_due_meeting, uuid_or_none
from accounts.services.promises import check_may_log
from accounts.views.outcome_page import OutcomePage, build_page, draft_key
from upsell_crm.core import clock
from upsell_crm.core.access import require
from upsell_crm.core.drafts import draft_data, drop_draft
from upsell_crm.core.errors import DomainError, NotAllowed
from upsell_crm.core.htmx import done
from upsell_crm.core.http import PageRequest
from upsell_crm.core.roles import Action


@require_http_methods(["GET", "POST"])
def log_outcome(request: PageRequest, public_id: str) -> HttpResponse:
    """«Записать итог» of one company; a panel for htmx, a page of its own otherwise."""
    company = get_object_or_404(Company.objects.visible_to(request.user), public_id=public_id)
    check_may_log(request.user, company)
    planned = planned_meeting(request, company)
    if request.method == "GET":
        return _show(request, _opened(request, company, planned))
    if "discard" in request.POST:
        drop_draft(request.user, draft_key(company, planned))
        return _show(request, _opened(request, company, planned))
    if rows := request.POST.get("add"):
        page = build_page(
            request,
            company,
            planned,
            data=with_one_more_row(with_waits(request.POST) or request.POST, rows),
            is_quiet=True,
        )
        page.added = rows
        return _show(request, page)
    return _save(request, build_page(request, company, planned, data=request.POST))


@require_POST
def read_outcome_line(request: PageRequest, public_id: str) -> HttpResponse:
    """What is understood of the text being typed: its chips, and the parts of the form that they have filled."""
    company = get_object_or_404(Company.objects.visible_to(request.user), public_id=public_id)
    check_may_log(request.user, company)
    page = build_page(request, company, planned_meeting(request, company), data=request.POST, is_quiet=True)
    return render(
        request, "accounts/_outcome_read.html", {"page": page, "form": page.form, "company": company}
    )


@require_GET
def choose_company(request: PageRequest) -> HttpResponse:
    """«Записать итог» without a company: the recent ones first, or found by name and ИНН."""
    require(request.user, Action.LOG_INTERACTION)
    query = request.GET.get("q", "")
    context = {"companies": companies_to_log(request.user, query), "query": query}
    return render(
        request,
        _template(request, "accounts/choose_company.html", "accounts/choose_company_panel.html"),
        context,
    )


def what_changed(interaction: Interaction) -> list[str]:
    """By-products of the save, in words for the toast."""
    lines = [
        _("Task created: %(title)s") % {"title": agreement.text}
        for agreement in interaction.agreements.exclude(task=None)
    ]
    lines += [
        _("Promise of the client: %(title)s") % {"title": agreement.text}
        for agreement in interaction.agreements.filter(side=AgreementSide.CLIENT)
    ]
    lines += [
        _("Decision-maker confirmed: %(name)s") % {"name": person.short_name}
        for person in Contact.objects.filter(fact_checks__interaction=interaction).distinct()
    ]
    return lines


def planned_meeting(request: PageRequest, company: Company) -> Interaction | None:
    """The named planned meeting; else, when the form is opened, the one that waits for its outcome."""
    of_company = Interaction.objects.visible_to(request.user).standing().filter(company=company)
    if named := request.GET.get("interaction"):
        return get_object_or_404(of_company, public_id=uuid_or_none(named))
    if request.method == "GET" and "fresh" not in request.GET:
        return due_meeting(company, clock.today())
    return None


def _opened(request: PageRequest, company: Company, planned: Interaction | None) -> OutcomePage:
    restored = draft_data(request.user, draft_key(company, planned))
    if restored is None:
        return build_page(request, company, planned)
    restored.setdefault("client_id", str(uuid4()))
    restored.setdefault("author", str(request.user.public_id))
    if planned is None and (saved := _saved_by(restored)):
        if saved.summary == restored.get("summary", "").strip():  # the last autosave came after the save
            drop_draft(request.user, draft_key(company, planned))
            return build_page(request, company, planned)
        restored["client_id"] = str(uuid4())  # the browser's Back has typed into a form that was saved
    page = build_page(request, company, planned, data=restored, is_quiet=True)
    page.is_restored = True
    return page


def _saved_by(typed: QueryDict) -> Interaction | None:
    key = uuid_or_none(typed.get("client_id", ""))
    return Interaction.objects.filter(client_id=key).first() if key else None


def _save(request: PageRequest, page: OutcomePage) -> HttpResponse:
    if not page.is_valid():
        return _show(request, page, status=422)
    try:
        interaction = page.save()
    except NotAllowed:
        raise
    except DomainError as problem:
        page.form.show_problem(problem)
        if problem.code == "client_id_used":
            page.form.renew_key()
        return _show(request, page, status=422)
    drop_draft(request.user, page.draft_key)
    return _saved(request, interaction)


def _saved(request: PageRequest, interaction: Interaction) -> HttpResponse:
    is_plan = interaction.state == InteractionState.PLANNED
    text = pgettext("toast", "Planned") if is_plan else _("Recorded")
    text = " · ".join([text, *what_changed(interaction)])
    undo = reverse("accounts:retract_interaction", args=[interaction.public_id])
    if "then" in request.POST:
        return _next(request, text, undo)
    page = reverse("accounts:interaction_detail", args=[interaction.public_id])
    return done(request, text, back=page, event="interaction:saved", undo=undo)


def _next(request: PageRequest, text: str, undo: str) -> HttpResponse:
    """Ctrl+Shift+Enter: the next meeting that waits, else the choice of a company."""
    meeting = next_due_meeting(request.user, clock.today())
    url = reverse("accounts:choose_company")
    if meeting:
        url = f"{reverse('accounts:log_outcome', args=[meeting.company.public_id])}?interaction={meeting.public_id}"
    if not request.htmx:
        messages.success(request, text)
        return redirect(url)
    events = {"interaction:saved": {}, "toast": {"text": text, "undo": undo}}
    place = {"path": url, "target": "#panel", "push": "false"}
    return HttpResponse(headers={"HX-Trigger": json.dumps(events), "HX-Location": json.dumps(place)})


def _show(request: PageRequest, page: OutcomePage, status: int = 200) -> HttpResponse:
    context = {"page": page, "form": page.form, "company": page.company}
    return render(
        request,
        _template(request, "accounts/log_outcome.html", "accounts/log_outcome_panel.html"),
        context,
        status=status,
    )


def _template(request: PageRequest, page: str, panel: str) -> str:
    return panel if request.htmx else page
