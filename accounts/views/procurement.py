"""How the client buys: the profile, its effect on the act-by, and its past (R10, R21, R22)."""

from typing import Any

from django.http import HttpResponse
from django.shortcuts import render
from django.utils.dates import MONTHS
from django.utils.formats import date_format
from django.utils.translation import gettext as _

from accounts.access import may
from accounts.act_by import ProcurementEstimate
from accounts.enums import Fact
from accounts.fact_states import by_fact, fact_states
from accounts.forms.procurement import ProcurementForm
from accounts.models import Company, Contract, LeadTime, ProcurementProfile
from accounts.procurement_effect import procurement_effect
from accounts.services.procurement import OVERRIDES, update_procurement, without_old_terms
from accounts.views.company_card import card_context, visible_company
from accounts.views.company_edit import the_company
from accounts.views.forms import FormPage, draft_initial
from upsell_crm.core import clock
from upsell_crm.core.http import PageRequest
from upsell_crm.core.roles import Action


def company_procurement(request: PageRequest, public_id: Any) -> HttpResponse:
    """The tab: what is known, who confirmed it and when, measured terms; the effect comes by its slot."""
    company = visible_company(request, public_id)
    context = card_context(request, company, "accounts:company_procurement")
    profile = context["profile"]
    context |= {
        "budget_month": MONTHS.get(profile.budget_month) if profile else None,
        "fact": by_fact(fact_states(company.pk, clock.today()))[Fact.PROCUREMENT],
        "measures": LeadTime.objects.filter(company=company).select_related("type")[:10],
    }
    return render(request, "accounts/company_procurement.html", context)


def procurement_act_by(request: PageRequest, public_id: Any) -> HttpResponse:
    """The act-by of the nearest contract with the way to it; with form fields, as if they were saved."""
    company = the_company(request, public_id)
    typed = _typed(request, company) if "default_type" in request.GET else None
    effect = procurement_effect(company, clock.today(), typed)
    return render(
        request, "accounts/_procurement_effect.html", {"effect": effect, "is_typed": typed is not None}
    )


def _typed(request: PageRequest, company: Company) -> ProcurementEstimate:
    """The profile as it would be after saving: another procedure clears the terms of the old one."""
    form = _form(request, company, request.GET)
    form.is_valid()
    values = {name: form.cleaned_data.get(name) for name in ("default_type", *OVERRIDES)}
    stored = ProcurementProfile.objects.filter(company=company).first()
    values = without_old_terms(stored, values) if stored else values
    kind = values["default_type"]
    return ProcurementEstimate(
        default_type=kind.code if kind else "",
        approval_bd=values["approval_bd_override"],
        lead_bd=values["lead_bd_override"],
    )


class ProcurementPage(FormPage):
    """The profile may have been made by somebody else since the form was opened."""

    def stored(self) -> ProcurementProfile:
        return ProcurementProfile.objects.get(company=self.company)


def edit_procurement(request: PageRequest, public_id: Any) -> HttpResponse:
    """The form; the answer to saving says how the act-by has moved (R22)."""
    company = the_company(request, public_id, Action.EDIT_PROCUREMENT)
    key = f"procurement:{company.public_id}"
    form = _form(request, company, request.POST or None, initial=draft_initial(request, key))
    page = ProcurementPage(
        title=_("How the client buys"), form=form, company=company, done=_("Saved and confirmed today."), draft=key,
        back=company.get_absolute_url() + "procurement/", save=lambda f: None, template="accounts/_procurement_form.html",
        hint=_("Another procedure clears the client's own terms: those of one procedure say nothing of another."),
    )  # fmt: skip
    page.save = lambda f: _save(company, f, page, request)
    return page.answer(request)


def _save(company: Company, form: Any, page: FormPage, request: PageRequest) -> None:
    before = _act_by_dates(company)
    values = {name: value for name, value in form.values().items() if name in form.fields}
    update_procurement(company, values, by=request.user, version=form.seen_version)
    after = _act_by_dates(company)
    moves = [
        f"{number}: {_day(before.get(number))} → {_day(day)}"
        for number, day in after.items()
        if before.get(number) != day
    ]
    if moves:
        page.done += " " + _("Act by %(moves)s.") % {"moves": "; ".join(moves)}


def _act_by_dates(company: Company) -> dict[str, Any]:
    contracts = Contract.objects.filter(company=company, act_by__isnull=False).order_by("end_date", "pk")
    return {str(contract): contract.act_by for contract in contracts}


def _day(day: Any) -> str:
    return date_format(day, "SHORT_DATE_FORMAT") if day else "—"


def _form(request: PageRequest, company: Company, data: Any, **options: Any) -> ProcurementForm:
    profile = ProcurementProfile.objects.filter(company=company).select_related("default_type").first()
    return ProcurementForm(
        data, instance=profile or ProcurementProfile(company=company), regime=company.regime,
        may_see_money=may(request.user, Action.SEE_MONEY, company), **options,
    )  # fmt: skip
