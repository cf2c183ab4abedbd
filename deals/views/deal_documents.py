"""Documents of one deal (the slot of its page) and of one client (the tab of his card); new ones (R90, §2.10)."""

from typing import Any

from django.http import HttpResponse
from django.shortcuts import get_object_or_404, render
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from accounts.access import may as may_on_company
from accounts.calendar import load_calendar
from accounts.enums import ContractStatus
from accounts.views.company_card import card_context, visible_company
from accounts.views.forms import FormPage, draft_initial
from deals.access import may
from deals.document_packages import ChainStep, chain_steps, proposed_package
from deals.document_queries import cards_of, for_cards
from deals.enums import FREE_PAPERS, Package
from deals.forms.documents import (
    DraftContractForm,
    LinkContractForm,
    NewDocumentForm,
    PackageForm,
    RequestForm,
)
from deals.models import Deal, Document
from deals.services.deal_contracts import draft_contract, renewed_contract
from deals.services.deal_wins import link_contract, linkable
from deals.services.deals import check_may_edit
from deals.services.document_requests import DUE_BD, request_document
from deals.services.documents import check_may_prepare, create_document
from deals.services.packages import create_package
from deals.views.team import the_deal
from upsell_crm.core import clock
from upsell_crm.core.errors import DomainError, NotAllowed
from upsell_crm.core.htmx import done
from upsell_crm.core.http import PageRequest
from upsell_crm.core.paging import paginate
from upsell_crm.core.roles import Action

EVENT = "document:changed"
SHOWN = 50


@require_GET
def deal_documents(request: PageRequest, public_id: Any) -> HttpResponse:
    """The slot: the chain of the package as a row of steps, the documents with their moves, what can be added."""
    deal = _deal(request, public_id)
    if not may(request.user, Action.SEE_DOCUMENT, deal):
        raise NotAllowed("not_allowed", _("You may not see documents of this deal."))
    documents = list(for_cards(Document.objects.filter(deal=deal), request.user).order_by("-pk")[:SHOWN])
    contract = _contract_of(deal)
    context = {
        "deal": deal, "cards": cards_of(request.user, documents, clock.today()), "contract": contract,
        "may_prepare": _may_prepare(request, deal), "may_request": may(request.user, Action.REQUEST_DOCUMENT, deal),
        "may_link": contract is None and deal.is_open and may(request.user, Action.EDIT_DEAL, deal),
        "may_draft": contract is None and deal.is_open and may_on_company(request.user, Action.DRAFT_CONTRACT, deal.company),
        **_chain(deal, documents, is_paid=bool(contract and contract.paid_on)),
    }  # fmt: skip
    return render(request, "deals/_deal_documents.html", context)


@require_http_methods(["GET", "POST"])
def new_document(request: PageRequest, public_id: Any) -> HttpResponse:
    """A draft of one document."""
    deal = _deal(request, public_id)
    check_may_prepare(request.user, deal)
    draft = f"create_document:{deal.public_id}"
    initial = {"amount": deal.amount, **draft_initial(request, draft)}
    form = NewDocumentForm(request.POST or None, deal=deal, initial=initial)
    return FormPage(
        title=_("New document"), form=form, done=_("The draft is entered."), back=deal.get_absolute_url(), event=EVENT,
        hint=str(deal), draft=draft, save=lambda valid: create_document(by=request.user, deal=deal, **valid.cleaned_data),
    ).answer(request)  # fmt: skip


@require_http_methods(["GET", "POST"])
def new_request(request: PageRequest, public_id: Any) -> HttpResponse:
    """Ask the lawyers or BackOffice; `?document=` names a draft that exists."""
    deal = _deal(request, public_id)
    if not may(request.user, Action.REQUEST_DOCUMENT, deal):
        raise NotAllowed("not_allowed", _("You may not request documents of this deal."))
    known = Document.objects.visible_to(request.user).filter(deal=deal).select_related("deal")
    named = request.GET.get("document")
    document = get_object_or_404(known, public_id=named) if named else None
    draft = f"request_document:{document.public_id if document else deal.public_id}"
    initial = {"due_on": load_calendar().add(clock.today(), DUE_BD), **draft_initial(request, draft)}
    form = RequestForm(request.POST or None, document=document, initial=initial)

    def save(valid: RequestForm) -> None:
        said = dict(valid.cleaned_data)
        if document is None and said["type"] not in FREE_PAPERS:
            said["amount"] = deal.amount
        request_document(by=request.user, deal=deal, document=document, **said)

    return FormPage(
        title=_("Request for a document"), form=form, hint=str(document or deal), done=_("The request is in the queue."),
        back=deal.get_absolute_url(), event=EVENT, submit=_("Send the request"), draft=draft, save=save,
    ).answer(request)  # fmt: skip


@require_POST
def new_package(request: PageRequest, public_id: Any) -> HttpResponse:
    """The whole chain in one click."""
    deal = _deal(request, public_id)
    check_may_prepare(request.user, deal)
    form = PackageForm(request.POST)
    if not form.is_valid():
        raise DomainError("package", _("There is no such package."))
    made = create_package(by=request.user, deal=deal, package=form.cleaned_data["package"])
    text = ngettext("%(n)s draft is entered.", "%(n)s drafts are entered.", len(made)) % {"n": len(made)}
    return done(request, text, back=deal.get_absolute_url(), event=EVENT)


@require_http_methods(["GET", "POST"])
def new_contract(request: PageRequest, public_id: Any) -> HttpResponse:
    """«Завести договор по сделке»."""
    deal = _deal(request, public_id)
    if not may_on_company(request.user, Action.DRAFT_CONTRACT, deal.company):
        raise NotAllowed("not_allowed", _("You may not draft contracts of this client."))
    form = DraftContractForm(request.POST or None, deal=deal, renewed=renewed_contract(deal))
    return FormPage(
        title=_("Contract of the deal"), form=form, done=_("The draft is entered."), back=deal.get_absolute_url(),
        hint=_("Products, seats and sums come from the deal; its texts are linked to the contract."),
        event="deal:changed", save=lambda valid: draft_contract(by=request.user, deal=deal, **valid.cleaned_data),
    ).answer(request)  # fmt: skip


@require_http_methods(["GET", "POST"])
def existing_contract(request: PageRequest, public_id: Any) -> HttpResponse:
    """«Связать с договором»: one that BackOffice has entered; a contract in force wins the deal at once (§2.9)."""
    deal = the_deal(request, public_id)
    check_may_edit(request.user, deal)
    form = LinkContractForm(request.POST or None, contracts=linkable(deal, request.user))
    return FormPage(
        title=_("Contract of the deal"), form=form, done=_("The contract is linked."), back=deal.get_absolute_url(),
        hint=_("Choose the contract that this deal has brought about. One in force wins the deal at once."),
        submit=_("Link"), event="deal:changed",
        save=lambda valid: link_contract(deal, by=request.user, contract=valid.cleaned_data["contract"]),
    ).answer(request)  # fmt: skip


@require_GET
def company_documents(request: PageRequest, public_id: Any) -> HttpResponse:
    """The tab «Документы» of the card: newest first, as far as this person sees them."""
    company = visible_company(request, public_id)
    known = for_cards(Document.objects.visible_to(request.user).filter(deal__company=company), request.user)
    page = paginate(known, request.GET, order=("-pk",))
    context = card_context(request, company, "deals:company_documents")
    context |= {"page": page, "cards": cards_of(request.user, page.rows, clock.today())}
    return render(request, "deals/company_documents.html", context)


def _deal(request: PageRequest, public_id: Any) -> Deal:
    deals = Deal.objects.visible_to(request.user).select_related(
        "company__procurement__default_type", "procurement_type"
    )
    return get_object_or_404(deals, public_id=public_id)


def _may_prepare(request: PageRequest, deal: Deal) -> bool:
    try:
        check_may_prepare(request.user, deal)
    except DomainError:
        return False
    return True


def _contract_of(deal: Deal) -> Any:
    made = (
        deal.made_contracts.exclude(contract__status=ContractStatus.VOID).select_related("contract").first()
    )
    return made.contract if made else None


def _chain(deal: Deal, documents: list[Document], *, is_paid: bool) -> dict[str, Any]:
    """The steps of the package that was made last; without one, the form that proposes it."""
    package = next((document.package for document in documents if document.package), "")
    profile = getattr(deal.company, "procurement", None)
    if not package:
        proposal = proposed_package(deal, profile, renews=deal.renewals.exists())
        return {"package_form": PackageForm(initial={"package": proposal}), "chain": []}
    needs_tz = bool(profile and profile.needs_tz)
    chain: list[ChainStep] = chain_steps(package, documents, needs_tz=needs_tz, is_paid=is_paid)
    return {
        "package_form": None,
        "chain": chain,
        "package": Package(package).label,
    }
