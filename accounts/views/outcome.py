"""The outcome form: one screen for what happened and for what is planned (product.md §3.3)."""

import json
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlencode
from uuid import uuid4

from django.contrib import messages
from django.http import HttpResponse, QueryDict
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import pgettext
from django.views.decorators.http import require_GET, require_http_methods

from accounts.enums import AgreementSide, InteractionState
from accounts.forms.outcome import OutcomeForm
from accounts.forms.outcome_rows import (
    WAITS,
    AgreementRows,
    PersonRows,
    WaitRows,
    rows_said,
    with_one_more_row,
    with_waits,
)
from accounts.models import Company, Contact, Interaction
from accounts.outcome_defaults import (
    QuickDates,
    companies_to_log,
    due_meeting,
    next_due_meeting,
    outcome_choices,
    outcome_initial,
    quick_dates,
    step_suggestions,
    uuid_or_none,
)
from accounts.services.interactions import hold_planned, log_interaction
from accounts.services.promises import check_may_log
from upsell_crm.core import clock
from upsell_crm.core.access import require
from upsell_crm.core.drafts import draft_data, drop_draft
from upsell_crm.core.errors import DomainError, NotAllowed
from upsell_crm.core.htmx import done
from upsell_crm.core.http import PageRequest
from upsell_crm.core.models import User
from upsell_crm.core.roles import Action

CONTEXT = "context-"


@dataclass
class OutcomePage:
    """The form of one company and person: fresh, restored from a draft, or as it was sent."""

    company: Company
    user: User
    planned: Interaction | None
    dates: QuickDates
    form: OutcomeForm
    agreements: Any
    people: Any
    waits: Any
    context: dict[str, str]
    is_restored: bool = False
    steps: tuple[str, ...] = ()

    @property
    def draft_key(self) -> str:
        return draft_key(self.company, self.planned)

    @property
    def now(self) -> str:
        """This moment as the input of «when» writes it; a later one makes a plan."""
        return timezone.localtime(clock.now()).strftime("%Y-%m-%dT%H:%M")

    @property
    def url(self) -> str:
        """The form's own address; a planned meeting is named in it."""
        url = reverse("accounts:log_outcome", args=[self.company.public_id])
        return f"{url}?interaction={self.planned.public_id}" if self.planned else f"{url}?fresh=1"

    @property
    def context_query(self) -> str:
        """What slots of upper rooms said, for their own addresses: the form is drawn again with it."""
        return f"?{urlencode(self.context)}" if self.context else ""

    def is_valid(self) -> bool:
        """All parts are looked at, so that every mistake is shown at once."""
        rows = [self.agreements.is_valid(), self.people.is_valid(), self.waits.is_valid()]
        return all([self.form.is_valid(), *rows])

    def save(self) -> Interaction:
        """Raises DomainError, with nothing written."""
        data = self.form.cleaned_data
        if data["author"] != str(self.user.public_id):
            text = _("Somebody else has signed in in this browser. Copy your text, sign in again and save.")
            raise DomainError("another_person", text)
        outcome = self.form.said(
            agreements=rows_said(self.agreements),
            new_people=rows_said(self.people),
            waits=rows_said(self.waits),
        )
        if self.planned:
            return hold_planned(
                by=self.user, interaction=self.planned, outcome=outcome, version=data["version"],
                context=self.context,
            )  # fmt: skip
        return log_interaction(
            by=self.user, company=self.company, outcome=outcome, client_id=data["client_id"],
            context=self.context,
        )  # fmt: skip


@require_http_methods(["GET", "POST"])
def log_outcome(request: PageRequest, public_id: str) -> HttpResponse:
    """«Записать итог» of one company; a panel for htmx, a page of its own otherwise."""
    company = get_object_or_404(Company.objects.visible_to(request.user), public_id=public_id)
    check_may_log(request.user, company)
    planned = _planned(request, company)
    if request.method == "GET":
        return _show(request, _opened(request, company, planned))
    if "discard" in request.POST:
        drop_draft(request.user, draft_key(company, planned))
        return _show(request, _opened(request, company, planned))
    if rows := request.POST.get("add"):
        typed = with_one_more_row(with_waits(request.POST) or request.POST, rows)
        return _show(request, _build(request, company, planned, data=typed, is_quiet=True))
    return _save(request, _build(request, company, planned, data=request.POST))


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


def draft_key(company: Company, planned: Interaction | None) -> str:
    """Under which key the server keeps what is being typed."""
    return f"hold_planned:{planned.public_id}" if planned else f"log_interaction:{company.public_id}"


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


def _planned(request: PageRequest, company: Company) -> Interaction | None:
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
        return _build(request, company, planned)
    restored.setdefault("client_id", str(uuid4()))
    restored.setdefault("author", str(request.user.public_id))
    if planned is None and (saved := _saved_by(restored)):
        if saved.summary == restored.get("summary", "").strip():  # the last autosave came after the save
            drop_draft(request.user, draft_key(company, planned))
            return _build(request, company, planned)
        restored["client_id"] = str(uuid4())  # the browser's Back has typed into a form that was saved
    page = _build(request, company, planned, data=restored, is_quiet=True)
    page.is_restored = True
    return page


def _saved_by(typed: QueryDict) -> Interaction | None:
    key = uuid_or_none(typed.get("client_id", ""))
    return Interaction.objects.filter(client_id=key).first() if key else None


def _build(
    request: PageRequest, company: Company, planned: Interaction | None,
    data: QueryDict | None = None, is_quiet: bool = False,
) -> OutcomePage:  # fmt: skip
    user, data = request.user, with_waits(data)
    offered = outcome_choices(company, user, planned, data.getlist("invited") if data else ())
    dates = quick_dates(clock.today())
    initial = (
        None
        if data
        else outcome_initial(company, user, planned, dates.next_step, request.GET.get("wait", ""))
    )
    files = request.FILES if data else None
    agreement = {"colleagues": offered.colleagues[1:], "is_quiet": is_quiet}
    wait = {"contacts": offered.contacts, "products": offered.products, "is_quiet": is_quiet}
    return OutcomePage(
        company=company, user=user, planned=planned, dates=dates, steps=tuple(step_suggestions()),
        form=OutcomeForm(data, files, initial=initial, offered=offered, is_quiet=is_quiet),
        agreements=AgreementRows(data, prefix="agreements", form_kwargs=agreement), context=_context_of(data),
        people=PersonRows(data, prefix="people", form_kwargs={"is_quiet": is_quiet}),
        waits=WaitRows(data, prefix=WAITS, form_kwargs=wait),
    )  # fmt: skip


def _context_of(data: QueryDict | None) -> dict[str, str]:
    """Fields named «context-…» belong to slots of upper rooms; their words go on unread."""
    said = data.items() if data else ()
    return {name.removeprefix(CONTEXT): str(text) for name, text in said if name.startswith(CONTEXT)}


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
