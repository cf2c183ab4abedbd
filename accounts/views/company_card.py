"""The company card: header, overview, and the parts that htmx fetches into it (R14, product.md §3.2)."""

from dataclasses import replace
from decimal import Decimal, InvalidOperation
from typing import Any

from django.db.models import Prefetch
from django.http import Http404, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _

from accounts.access import may, rights_on
from accounts.company_card import (
    completeness,
    family,
    nearest_contract,
    product_use,
    with_card_facts,
)
from accounts.enums import DecisionRole, LineKind, ObjectionState
from accounts.fact_states import by_fact, fact_states
from accounts.invoice_offer import decide
from accounts.models import Agreement, Company, ContactRole, ContactStrength, LicenceLine, Objection
from accounts.offer_facts import read_offer_facts, vendor_terms
from accounts.offer_texts import answer_text, reason_texts
from accounts.profile_words import requisites_words, revenue_words
from upsell_crm.core import clock
from upsell_crm.core.http import PageRequest
from upsell_crm.core.roles import Action

MAKERS_SHOWN, PROMISES_SHOWN = 4, 3
TABS = (
    ("accounts:company_card", lambda: _("Overview")),
    ("accounts:company_contacts", lambda: _("Contacts")),
    ("accounts:company_interactions", lambda: _("Timeline")),
    ("accounts:company_contracts", lambda: _("Contracts and licences")),
    ("accounts:company_procurement", lambda: _("Procurement")),
    ("trainings:company_trainings", lambda: _("Trainings")),
    ("accounts:company_waits", lambda: _("Needs and awaited features")),
    ("deals:company_deals", lambda: _("Deals")),
    ("deals:company_documents", lambda: _("Documents")),
    ("accounts:company_history", lambda: _("History")),
)


def visible_company(request: PageRequest, public_id: Any) -> Company:
    """The company with the numbers of its header, if this person may open it; 404 otherwise."""
    company = with_card_facts(Company.objects.visible_to(request.user)).filter(public_id=public_id).first()
    if company is None:
        raise Http404
    return company


def card_context(request: PageRequest, company: Company, tab: str) -> dict[str, Any]:
    """What the header and the tabs of every page of the card need."""
    percent, gaps = completeness(company)
    rights = rights_on(request.user, company)
    return {
        "company": company,
        "family": family(company, request.user),
        "nearest": nearest_contract(company, clock.today()),
        "rights": rights,
        "complete_percent": percent,
        "gaps": [(gap, rights[gap.action]) for gap in gaps],
        "tab": tab,
        "tabs": [(name, label()) for name, label in TABS],
        "profile": getattr(company, "procurement", None),
    }


def company_card(request: PageRequest, public_id: Any) -> HttpResponse:
    """«Обзор»: what a KAM has to know before he dials."""
    company = visible_company(request, public_id)
    today = clock.today()
    context = card_context(request, company, "accounts:company_card")
    context |= profile_context(company, may_see_money=context["rights"]["see_money"])
    context |= {"uses": product_use(company, today), "facts": by_fact(fact_states(company.pk, today))}
    return render(request, "accounts/company_card.html", context)


def profile_context(company: Any, *, may_see_money: bool) -> dict[str, Any]:
    """The words of the profile block and the forms behind its buttons."""
    forms = (
        ("accounts:save_revenue", _("Revenue")),
        ("accounts:save_court_load", _("Court load")),
        ("accounts:save_department", _("Department")),
        ("accounts:save_estimate", _("Potential")),
    )
    return {
        "requisites": requisites_words(company),
        "revenue_words": revenue_words(company, may_see_money=may_see_money),
        "profile_forms": forms,
    }


def company_people(request: PageRequest, public_id: Any) -> HttpResponse:
    """The slot of the overview with decision-makers, open promises and objections."""
    company = visible_company(request, public_id)
    may_log = may(request.user, Action.LOG_INTERACTION, company)
    return render(request, "accounts/_company_people.html", {**people_context(company), "may_log": may_log})


def people_context(company: Company) -> dict[str, Any]:
    """Who decides, what we owe each other, what stands against us."""
    strengths = ContactStrength.objects.filter(level__gt=0).select_related("user").order_by("-level", "pk")
    makers = (
        ContactRole.objects.filter(company=company, valid_to=None, contact__anonymised_at=None)
        .exclude(contact__state="left")
        .exclude(role=DecisionRole.USER)
        .select_related("contact")
        .prefetch_related(Prefetch("contact__strengths", strengths))
        .order_by("-is_key", "-influence", "pk")
    )
    agreements = Agreement.objects.filter(company=company, done_at=None, interaction__retracted_at=None)
    objections = Objection.objects.filter(
        company=company, state=ObjectionState.OPEN, interaction__retracted_at=None
    )
    return {
        "company": company,
        "makers": makers[:MAKERS_SHOWN],
        "agreements": agreements.select_related("owner_user").order_by("due_on", "pk")[:PROMISES_SHOWN],
        "objections": objections.select_related("interaction")[:PROMISES_SHOWN],
    }


def company_offer(request: PageRequest, public_id: Any) -> HttpResponse:
    """Whether the client can pay a sum by invoice-offer, with every reason; the sum may be typed (§5.3)."""
    company = visible_company(request, public_id)
    rights = rights_on(request.user, company)
    nearest = nearest_contract(company, clock.today())
    facts = read_offer_facts([company.pk], clock.today())[company.pk]
    sold = LicenceLine.objects.filter(contract=nearest.contract, kind=LineKind.PAID) if nearest else None
    individual = (
        sold.filter(product__needs_contract=True).values_list("product__code", "product__name_ru")
        if sold
        else []
    )
    products = dict(individual)
    facts = replace(facts, individual_products=tuple(products))
    amount, error = _amount(request, nearest.contract.amount if nearest else Decimal(0))
    decision = decide(facts, amount, clock.today(), vendor_terms())
    context = {
        "company": company,
        "rights": rights,
        "answer": decision.answer,
        "answer_text": answer_text(decision.answer, decision.limit, is_stale=decision.is_stale),
        "reasons": reason_texts(decision.reasons, products),
        "amount": amount,
        "amount_error": error,
    }
    page = (
        "accounts/_company_offer_head.html"
        if request.GET.get("place") == "head"
        else "accounts/_company_offer.html"
    )
    return render(request, page, context)


def _amount(request: PageRequest, default: Decimal) -> tuple[Decimal, str]:
    typed = "".join(request.GET.get("amount", "").split()).replace(",", ".").replace("₽", "")
    if not typed:
        return default, ""
    try:
        amount = Decimal(typed)
    except InvalidOperation:
        return default, _("This is not a sum in roubles.")
    if not amount.is_finite() or not 0 <= amount < 10**12:
        return default, _("The sum is between 0 and a trillion roubles.")
    return amount, ""
