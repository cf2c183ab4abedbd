"""One document: where it stands and for how long, its versions, the exchange, requests, history (§6.3, §6.5)."""

from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from django.db.models import Prefetch
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods

from accounts.access import may as may_on_company
from accounts.calendar import load_calendar
from accounts.enums import ContractStatus
from accounts.history_lines import history_line
from accounts.views.downloads import as_download
from accounts.views.forms import FormPage, draft_initial
from deals.document_machine import MACHINE, may_on_document
from deals.document_moves import DANGEROUS, LABELS, approval_tone, has_right, is_by_exchange, request_tone
from deals.document_queries import cards_of, for_cards
from deals.enums import Approval
from deals.forms.documents import DocumentForm, EdoForm, FileForm, MoveDocumentForm
from deals.models import Document, DocumentFile, DocumentStep
from deals.services.document_files import add_file
from deals.services.documents import move_document, set_edo, update_document
from upsell_crm.core import clock
from upsell_crm.core.clock import local_date
from upsell_crm.core.errors import IllegalTransition, NotAllowed
from upsell_crm.core.http import PageRequest
from upsell_crm.core.models import AuditEvent
from upsell_crm.core.roles import Action

EVENT = "document:changed"
HISTORY_SHOWN = 30


@require_GET
def document_detail(request: PageRequest, public_id: Any) -> HttpResponse:
    """The page; it is made for paper too."""
    document = visible_document(request, public_id)
    (card,) = cards_of(request.user, [document], clock.today())
    events = AuditEvent.objects.filter(object_type="deals.document", object_id=document.pk)[:HISTORY_SHOWN]
    requests = document.requests.select_related("requester", "assignee").order_by("-pk")
    context = {
        "document": document, "card": card, "tone": approval_tone(document.approval),
        "steps": _steps(document), "requests": [(asked, request_tone(asked.state)) for asked in requests],
        "history": [history_line(event, may_see_money=True) for event in events],
        "may_move": has_right(document, Action.MOVE_DOCUMENT),
        "may_request": document.approval in (Approval.DRAFT, Approval.REWORK, Approval.DISAGREEMENT)
        and has_right(document, Action.REQUEST_DOCUMENT),
        "may_set_edo": has_right(document, Action.SET_EDO),
        "may_activate": _may_activate(request, document),
    }  # fmt: skip
    return render(request, "deals/document_detail.html", context)


@require_http_methods(["GET", "POST"])
def move(request: PageRequest, public_id: Any, to: str) -> HttpResponse:
    """One move with what it has to be told; boards post it at once when nothing has to be said."""
    document = visible_document(request, public_id)
    if to not in LABELS:
        raise Http404
    _check_move(request, document, to)
    data, files = (request.POST, request.FILES) if request.method == "POST" else (None, None)
    form = MoveDocumentForm(data, files, to=to, initial={"version": document.version})
    label = LABELS[to]()
    return FormPage(
        title=f"{document}: {label}", form=form, submit=label, danger=to in DANGEROUS,
        hint=f"{document.deal.company} · {document.get_approval_display()}",
        done=_("%(document)s: %(state)s.") % {"document": document, "state": Approval(to).label},
        back=document.get_absolute_url(), event=EVENT, record=document,
        save=lambda valid: move_document(document, to=to, by=request.user, **valid.cleaned_data),
    ).answer(request)  # fmt: skip


@require_http_methods(["GET", "POST"])
def edit(request: PageRequest, public_id: Any) -> HttpResponse:
    """Number, sums, dates, contract, closer."""
    document = visible_document(request, public_id)
    _check(request, Action.MOVE_DOCUMENT, document)
    draft = f"edit_document:{document.public_id}"
    form = DocumentForm(
        request.POST or None, instance=document, deal=document.deal, initial=draft_initial(request, draft)
    )
    return FormPage(
        title=_("Edit the document"), form=form, done=_("The document is saved."), back=document.get_absolute_url(),
        event=EVENT, draft=draft, record=document,
        save=lambda valid: update_document(document, valid.values(), by=request.user, version=valid.seen_version),
    ).answer(request)  # fmt: skip


@require_http_methods(["GET", "POST"])
def edo(request: PageRequest, public_id: Any) -> HttpResponse:
    """What the e-document exchange says."""
    document = visible_document(request, public_id)
    _check(request, Action.SET_EDO, document)
    initial = {"edo": document.edo, "signed_on": clock.today(), "version": document.version}
    form = EdoForm(request.POST or None, initial=initial)
    return FormPage(
        title=_("State of the e-document exchange"), form=form, done=_("The state of the exchange is saved."),
        hint=str(document), back=document.get_absolute_url(), event=EVENT,
        record=document,
        save=lambda valid: set_edo(document, by=request.user, **valid.cleaned_data),
    ).answer(request)  # fmt: skip


@require_http_methods(["GET", "POST"])
def new_file(request: PageRequest, public_id: Any) -> HttpResponse:
    """A new version."""
    document = visible_document(request, public_id)
    _check(request, Action.MOVE_DOCUMENT, document)
    data, files = (request.POST, request.FILES) if request.method == "POST" else (None, None)
    return FormPage(
        title=_("New version: %s") % document, form=FileForm(data, files), done=_("The version is kept."),
        back=document.get_absolute_url(), event=EVENT, submit=_("Add the file"),
        save=lambda valid: add_file(by=request.user, document=document, **valid.cleaned_data),
    ).answer(request)  # fmt: skip


@require_GET
def document_file(request: PageRequest, public_id: Any) -> HttpResponse:
    """A version, always as a download and only for those who may open its document (faults E7, E8)."""
    version = get_object_or_404(DocumentFile.objects.visible_to(request.user), public_id=public_id)
    return as_download(version.file, version.name)


def visible_document(request: PageRequest, public_id: Any) -> Document:
    """The document with its deal and company; 404 for who may not see it."""
    return get_object_or_404(
        for_cards(Document.objects.visible_to(request.user), request.user), public_id=public_id
    )


def _check(request: PageRequest, action: Action, document: Document) -> None:
    if not may_on_document(request.user, action, document):
        raise NotAllowed("not_allowed", _("You may not change this document."))


def _check_move(request: PageRequest, document: Document, to: str) -> None:
    """The right to move at all (403), the table (409), the right to this move (403), before anything typed is read."""
    if not any(
        may_on_document(request.user, action, document)
        for action in (Action.MOVE_DOCUMENT, Action.REQUEST_DOCUMENT, Action.SET_EDO)
    ):
        raise NotAllowed("not_allowed", _("You may not change this document."))
    if is_by_exchange(document.approval, to):
        text = _("A document being signed goes back by an answer of the exchange.")
        raise IllegalTransition("illegal_transition", text, current=document.approval, allowed=[])
    MACHINE.move_to(document, to, by=request.user)


@dataclass(frozen=True, slots=True)
class StepLine:
    """A stay with its working days; its versions are those that came in it."""

    step: DocumentStep
    days: int
    tone: str


def _steps(document: Document) -> list[StepLine]:
    """Stays in order, the present one last."""
    calendar, today = load_calendar(), clock.today()
    files = Prefetch("files", DocumentFile.objects.select_related("uploaded_by"))
    return [
        StepLine(step, max(0, calendar.between(_day(step.entered_at, today), _day(step.left_at, today))), approval_tone(step.approval))
        for step in document.steps.select_related("by").prefetch_related(files)
    ]  # fmt: skip


def _day(moment: datetime | None, today: date) -> date:
    return local_date(moment) or today


def _may_activate(request: PageRequest, document: Document) -> str:
    """Where BackOffice puts the signed document's contract into force, or nothing."""
    contract = document.contract
    if document.approval != Approval.SIGNED or contract is None or contract.status != ContractStatus.SIGNING:
        return ""
    if not may_on_company(request.user, Action.BOOK_CONTRACT, contract.company):
        return ""
    return reverse("accounts:move_contract", args=[contract.public_id, ContractStatus.ACTIVE])
