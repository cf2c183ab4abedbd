"""Communications of a client in one order by time, with filters, page by page (R5, R11)."""

from datetime import timedelta
from typing import Any

from django import forms
from django.db.models import QuerySet
from django.http import HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext_lazy as _

from accounts.enums import InteractionKind
from accounts.models import Company, Contact, DepartmentInterest, Interaction, Product
from accounts.views.company_card import card_context, visible_company
from accounts.views.company_edit import the_company
from accounts.whitespace import about_product
from upsell_crm.core import clock
from upsell_crm.core.http import PageRequest
from upsell_crm.core.paging import paginate

PERIODS = [("", _("all time")), ("30", _("30 days")), ("90", _("90 days")), ("365", _("a year"))]
SHOWN_PARTS = (
    "client_people__contact",
    "our_people__user",
    "feedback__product",
    "objections",
    "agreements__task",
    "attachments",
)


class TimelineFilter(forms.Form):
    """By person, product, type and period; everything is optional."""

    q = forms.CharField(label=_("Words"), required=False, max_length=100)
    kind = forms.ChoiceField(
        label=_("Type"), required=False, choices=[("", _("all")), *InteractionKind.choices]
    )
    contact = forms.ModelChoiceField(
        Contact.objects.none(),
        label=_("Person"),
        required=False,
        to_field_name="public_id",
        empty_label=_("all"),
    )
    product = forms.ModelChoiceField(
        Product.objects.all(), label=_("Product"), required=False, to_field_name="code", empty_label=_("all")
    )
    department = forms.IntegerField(required=False, widget=forms.HiddenInput)
    period = forms.ChoiceField(label=_("Period"), required=False, choices=PERIODS)

    def __init__(self, *args: Any, company: Company, **options: Any) -> None:
        super().__init__(*args, **options)
        self.company = company
        people = Contact.objects.filter(company=company, interactions__isnull=False).distinct()
        self.fields["contact"].queryset = people.order_by("last_name", "first_name", "pk")  # type: ignore[attr-defined]

    def narrow(self, talks: QuerySet[Interaction]) -> QuerySet[Interaction]:
        """What was chosen rightly narrows; the rest shows its error."""
        self.is_valid()
        chosen = {name: value for name, value in self.cleaned_data.items() if value}
        if kind := chosen.get("kind"):
            talks = talks.filter(kind=kind)
        if contact := chosen.get("contact"):
            talks = talks.filter(client_people__contact=contact)
        product, department = chosen.get("product"), chosen.get("department")
        if product and department:  # a cell of the matrix of interests
            said = DepartmentInterest.objects.filter(department=department, product=product)
            talks = talks.filter(pk__in=said.values("interaction"))
        elif product:
            talks = talks.filter(about_product([self.company.pk], product))
        elif department:
            talks = talks.filter(departments__department_id=department)
        if period := chosen.get("period"):
            talks = talks.filter(starts_at__gte=clock.now() - timedelta(days=int(period)))
        for word in chosen.get("q", "").split()[:8]:
            talks = talks.filter(summary__icontains=word)
        return talks


def company_interactions(request: PageRequest, public_id: Any) -> HttpResponse:
    """The tab with filters."""
    company = visible_company(request, public_id)
    context = card_context(request, company, "accounts:company_interactions")
    context["filter"] = TimelineFilter(request.GET, company=company)
    return render(request, "accounts/company_interactions.html", context)


def company_timeline(request: PageRequest, public_id: Any) -> HttpResponse:
    """Twenty-five communications and a button for the next ones."""
    company = the_company(request, public_id)
    chosen = TimelineFilter(request.GET, company=company)
    talks = chosen.narrow(Interaction.objects.standing().filter(company=company))
    talks = talks.select_related("company", "author").prefetch_related(*SHOWN_PARTS)
    page = paginate(talks, request.GET, order=("-starts_at", "-pk"))
    return render(request, "accounts/_company_timeline.html", {"company": company, "page": page})
