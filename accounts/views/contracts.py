"""The tab «Договоры и лицензии»: contracts with lines, states and payments; drafts and moves by who may."""

from decimal import Decimal
from typing import Any

from django.db.models import Prefetch
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.utils.translation import gettext as _

from accounts.company_card import product_use
from accounts.contract_machine import MACHINE
from accounts.enums import ContractStatus
from accounts.forms.base import add_problem
from accounts.forms.contract import ContractDraftForm, LicenceLineFormSet, MoveContractForm
from accounts.models import Company, Contract, LicenceLine
from accounts.services.contracts import create_contract, move_contract
from accounts.services.licences import Licence
from accounts.views.company_card import card_context, visible_company
from accounts.views.company_edit import the_company
from accounts.views.forms import FormPage
from upsell_crm.core import clock
from upsell_crm.core.errors import DomainError, IllegalTransition, NotAllowed
from upsell_crm.core.htmx import done
from upsell_crm.core.http import PageRequest
from upsell_crm.core.paging import paginate
from upsell_crm.core.roles import Action

MOVE_LABELS = {
    ContractStatus.DRAFT: lambda: _("Return to draft"),
    ContractStatus.APPROVAL: lambda: _("Send for approval"),
    ContractStatus.SIGNING: lambda: _("Pass to signing"),
    ContractStatus.ISSUED: lambda: _("Invoice is issued"),
    ContractStatus.ACTIVE: lambda: _("Put into force"),
    ContractStatus.VOID: lambda: _("Void"),
    ContractStatus.TERMINATED: lambda: _("Terminate"),
    ContractStatus.RENEWED: lambda: _("Close as renewed"),
}
PER_PAGE = 20


def company_contracts(request: PageRequest, public_id: Any) -> HttpResponse:
    """Contracts, the latest end first, with everything that hangs on them."""
    company = visible_company(request, public_id)
    context = card_context(request, company, "accounts:company_contracts")
    lines = LicenceLine.objects.select_related("product", "end_user_company")
    contracts = (
        Contract.objects.filter(company=company)
        .select_related("company", "renews", "parent_contract", "procurement_type")
        .prefetch_related(Prefetch("lines", lines), "successors", "payments")
    )
    page = paginate(contracts, request.GET, order=("-end_date", "-pk"), size=PER_PAGE)
    for contract in page.rows:
        contract.open_moves = _moves(request, contract, context["rights"])
    context["page"] = page
    return render(request, "accounts/company_contracts.html", context)


def product_uses(request: PageRequest, public_id: Any) -> HttpResponse:
    """The slot with seats against users."""
    company = the_company(request, public_id)
    return render(request, "accounts/_product_uses.html", {"uses": product_use(company, clock.today())})


def _moves(request: PageRequest, contract: Contract, rights: dict[str, bool]) -> list[tuple[str, str]]:
    """The buttons; rights of the whole card are known, so no statement per contract."""
    return [
        (move.target, MOVE_LABELS[ContractStatus(move.target)]())
        for move in MACHINE.moves_from(contract)
        if move.roles & request.user.role_codes and rights[move.action.value] and move.target in MOVE_LABELS
    ]


def move(request: PageRequest, public_id: Any, to: str) -> HttpResponse:
    """One move of the state, with what it has to be told."""
    companies = Company.objects.visible_to(request.user)
    contracts = Contract.objects.select_related("company", "parent_contract", "renews")
    contract = get_object_or_404(contracts, company__in=companies, public_id=public_id)
    if to not in ContractStatus.values or to not in MOVE_LABELS:
        raise Http404
    _check_move(request, contract, to)
    form = MoveContractForm(
        request.POST if request.method == "POST" else None,
        to=to,
        contract=contract,
        initial={"version": contract.version},
    )
    label = MOVE_LABELS[ContractStatus(to)]()
    return FormPage(
        title=f"{contract}: {label}", form=form, company=contract.company, submit=label, danger=to in ("void", "terminated"),
        done=_("%(contract)s: %(status)s.") % {"contract": contract, "status": ContractStatus(to).label},
        back=f"{contract.company.get_absolute_url()}contracts/", save=lambda f: _move(contract, to, f, request),
    ).answer(request)  # fmt: skip


def _check_move(request: PageRequest, contract: Contract, to: str) -> None:
    """The table first (409), then the right (403), before anything that was typed is looked at."""
    known = [str(step.target) for step in MACHINE.moves_from(contract)]
    if to not in known:
        text = _("The contract cannot move there from its present state.")
        raise IllegalTransition("illegal_transition", text, current=contract.status, allowed=known)
    if to not in {step.target for step in MACHINE.open_to(request.user, contract)}:
        raise NotAllowed("not_allowed", _("You may not make this move of the contract."))


def _move(contract: Contract, to: str, form: MoveContractForm, request: PageRequest) -> None:
    stated = {name: value for name, value in form.cleaned_data.items() if name != "version"}
    move_contract(contract, to=to, by=request.user, version=form.cleaned_data["version"], **stated)


def new_contract(request: PageRequest, public_id: Any) -> HttpResponse:
    """A draft with its licence lines in one save."""
    company = the_company(request, public_id, Action.DRAFT_CONTRACT)
    form = ContractDraftForm(request.POST or None, company=company, instance=Contract())
    lines = LicenceLineFormSet(request.POST or None, prefix="lines")
    back = f"{company.get_absolute_url()}contracts/"
    if request.method == "POST" and form.is_valid() and lines.is_valid():
        try:
            create_contract(company=company, by=request.user, lines=_licences(lines), **form.cleaned_data)
        except DomainError as problem:
            if isinstance(problem, NotAllowed):
                raise
            add_problem(form, problem)
        else:
            return done(request, _("The draft is entered."), back=back, event="company:changed")
    page = FormPage(
        title=_("Draft of a contract"), form=form, company=company, done="", back=back, save=lambda f: None,
        template="accounts/_contract_form.html",
    )  # fmt: skip
    status = 422 if request.method == "POST" else 200
    template = "accounts/form_panel.html" if request.htmx else "accounts/form_page.html"
    return render(request, template, {"page": page, "form": form, "lines": lines}, status=status)


def _licences(lines: Any) -> list[Licence]:
    licences = []
    for line in lines.cleaned_data:
        if product := line.get("product"):
            price = line.get("price")
            price = product.list_price_year if price is None else price
            licences.append(Licence(product=product, seats=line["seats"], price_per_unit=price or Decimal(0)))
    return licences
