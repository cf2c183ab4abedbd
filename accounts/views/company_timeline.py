"""The timeline of a client: communications, deals, documents, trainings and marketing in one order, page by page (R5, R11)."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from django import forms
from django.db.models import Q, QuerySet
from django.http import HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext_lazy as _

from accounts.enums import InteractionKind, TimelineGroup
from accounts.models import Company, Contact, DepartmentInterest, Interaction, Product
from accounts.timeline import Entry, TimelineSource, Told, all_sources, timeline_page
from accounts.views.company_card import card_context, visible_company
from accounts.views.company_edit import the_company
from accounts.whitespace import about_product
from upsell_crm.core import clock
from upsell_crm.core.http import PageRequest
from upsell_crm.core.models import User

PERIODS = [("", _("all time")), ("30", _("30 days")), ("90", _("90 days")), ("365", _("a year"))]
OF_TALKS = ("q", "kind", "contact", "product", "department")  # what only a communication has


@dataclass(frozen=True, slots=True)
class Line:
    """One place of the timeline: a communication in full, or an event in words; `company` when it is a subsidiary's."""

    entry: Entry
    is_day: bool
    talk: Interaction | None = None
    told: Told | None = None
    company: str = ""


class TimelineFilter(forms.Form):
    """By kind of event, person, product, type and period; everything is optional."""

    what = forms.ChoiceField(
        label=_("Show"), required=False, choices=[("", _("all")), *TimelineGroup.choices]
    )
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
    children = forms.BooleanField(label=_("With subsidiaries"), required=False)

    def __init__(self, *args: Any, company: Company, **options: Any) -> None:
        super().__init__(*args, **options)
        self.company = company
        people = Contact.objects.filter(company=company, interactions__isnull=False).distinct()
        self.fields["contact"].queryset = people.order_by("last_name", "first_name", "pk")  # type: ignore[attr-defined]

    @property
    def chosen(self) -> dict[str, Any]:
        """What was chosen rightly; the rest shows its error."""
        self.is_valid()
        return {name: value for name, value in self.cleaned_data.items() if value}

    @property
    def groups(self) -> Sequence[str]:
        """The kinds of events asked for; a person or a product is known of communications alone."""
        if any(name in self.chosen for name in OF_TALKS):
            return (TimelineGroup.TALKS,)
        return (self.chosen["what"],) if "what" in self.chosen else ()

    def narrow(self, source: TimelineSource, rows: QuerySet[Any]) -> QuerySet[Any]:
        """The period for every source, the rest for communications."""
        if period := self.chosen.get("period"):
            rows = rows.filter(source.since(clock.now() - timedelta(days=int(period))))
        return self._talks(rows) if source.group == TimelineGroup.TALKS else rows

    def _talks(self, talks: QuerySet[Interaction]) -> QuerySet[Interaction]:
        chosen = self.chosen
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
    """Twenty-five events and a button for the next ones."""
    company = the_company(request, public_id)
    wish = TimelineFilter(request.GET, company=company)
    names = {company.pk: ""} | (_below(request.user, company) if wish.chosen.get("children") else {})
    page = timeline_page(request.user, list(names), request.GET, groups=wish.groups, narrow=wish.narrow)
    context = {
        "company": company,
        "page": page,
        "lines": _lines(page.rows, names),
        "is_narrowed": bool(wish.chosen),
    }
    return render(request, "accounts/_company_timeline.html", context)


def _below(user: User, company: Company) -> dict[int, str]:
    """Subsidiaries whose cards this person may open, by name."""
    below = Company.objects.visible_to(user).filter(Q(head=company) | Q(parent=company))
    return {
        pk: short or name for pk, short, name in below.order_by("pk").values_list("pk", "short_name", "name")
    }


def _lines(entries: Sequence[Entry], names: dict[int, str]) -> list[Line]:
    """The entries with their words; communications are read in full, all at once."""
    sources = all_sources()
    ids = [entry.key for entry in entries if sources[entry.rank].tell is None]
    talks = Interaction.objects.for_timeline().in_bulk(ids) if ids else {}
    lines = []
    for entry in entries:
        source, company = sources[entry.rank], names[entry.company_id]
        if source.tell is not None:
            lines.append(Line(entry, source.is_day, told=source.tell(entry), company=company))
        elif entry.key in talks:
            lines.append(Line(entry, source.is_day, talk=talks[entry.key], company=company))
    return lines
