"""Filters of the company list; they stand in the URL (§6)."""

from datetime import timedelta
from typing import Any, ClassVar

import django_filters as filters
from django import forms
from django.db.models import Exists, F, OuterRef, Q, QuerySet
from django.db.models.functions import Coalesce
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from accounts.enums import CompanyStatus, Industry, Regime, Segment
from accounts.models import Company
from accounts.models.company import CompanyQuerySet
from upsell_crm.core import clock
from upsell_crm.core.filters import PageFilter
from upsell_crm.core.models import Team
from upsell_crm.core.person_choice import KamFilter
from upsell_crm.core.roles import Action

SEGMENTS = [*Segment.choices[:-1], ("none", Segment.UNKNOWN.label)]
HOLDINGS = [("head", _("head organisations")), ("part", _("subsidiaries")), ("alone", _("outside holdings"))]
ARCHIVE = [("with", _("with archived")), ("only", _("archived only"))]
NO_CONTACT = [(str(days), str(days)) for days in (14, 30, 60, 90, 180)]


class CompanyFilter(PageFilter):
    """Everything by which the list is narrowed."""

    q = filters.CharFilter(method="by_words", label=_("Name, INN or KPP"))
    kam = KamFilter("owner_kam", right=Action.SEE_COMPANY, label=_("KAM"), empty_label=_("all"))
    team = filters.ModelChoiceFilter(
        to_field_name="code",
        label=_("Team"),
        empty_label=_("all"),
        queryset=lambda request: Team.objects.all(),
    )
    status = filters.ChoiceFilter(
        choices=CompanyStatus.choices, method="by_status", label=_("Status"), empty_label=_("all")
    )
    no_contact = filters.ChoiceFilter(
        choices=NO_CONTACT,
        method="by_silence",
        label=_("Without contact, days"),
        empty_label=_("any"),
    )
    regime = filters.ChoiceFilter(choices=Regime.choices, label=_("Regime"), empty_label=_("all"))
    segment = filters.ChoiceFilter(
        choices=SEGMENTS, method="by_segment", label=_("Segment"), empty_label=_("all")
    )
    industry = filters.ChoiceFilter(choices=Industry.choices, label=_("Industry"), empty_label=_("all"))
    holding = filters.ChoiceFilter(
        choices=HOLDINGS, method="by_holding", label=_("Holding"), empty_label=_("all")
    )
    archive = filters.ChoiceFilter(
        choices=ARCHIVE,
        method="by_archive",
        label=pgettext_lazy("filter", "Archive"),
        empty_label=_("without archived"),
    )
    key = filters.BooleanFilter(method="by_key", label=_("Key clients only"), widget=forms.CheckboxInput)
    group = filters.UUIDFilter(method="by_group", label=_("Companies of one holding"))

    class Meta:
        model = Company
        fields: list[str] = []

    MAIN: ClassVar[tuple[str, ...]] = ("kam", "team", "status", "no_contact")
    MORE: ClassVar[tuple[str, ...]] = ("regime", "segment", "industry", "holding", "archive", "key")

    def __init__(self, *args: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        self.form.fields["group"].widget = self.form.fields["group"].hidden_widget()

    def filter_queryset(self, queryset: QuerySet[Company]) -> QuerySet[Company]:
        """Archived companies stay out unless they are asked for."""
        found = super().filter_queryset(queryset)
        return found if self.form.cleaned_data.get("archive") else found.present()

    def by_words(self, companies: CompanyQuerySet, _name: str, text: str) -> CompanyQuerySet:
        return companies.matching(text)

    def by_status(self, companies: CompanyQuerySet, _name: str, status: str) -> CompanyQuerySet:
        return companies.with_status_on(clock.today()).filter(status=status)

    def by_silence(self, companies: QuerySet[Company], _name: str, days: str) -> QuerySet[Company]:
        since = clock.now() - timedelta(days=int(days))
        return companies.filter(Q(last_contact_at=None) | Q(last_contact_at__lt=since))

    def by_segment(self, companies: QuerySet[Company], _name: str, segment: str) -> QuerySet[Company]:
        return companies.filter(segment="" if segment == "none" else segment)

    def by_holding(self, companies: QuerySet[Company], _name: str, place: str) -> QuerySet[Company]:
        has_children = Exists(Company.objects.filter(parent=OuterRef("pk")))
        return {
            "head": companies.filter(has_children, parent=None),
            "part": companies.exclude(parent=None),
            "alone": companies.filter(~has_children, parent=None),
        }[place]

    def by_archive(self, companies: QuerySet[Company], _name: str, which: str) -> QuerySet[Company]:
        return companies if which == "with" else companies.exclude(archived_at=None)

    def by_key(self, companies: QuerySet[Company], _name: str, is_key: bool) -> QuerySet[Company]:
        return companies.filter(is_key=True) if is_key else companies

    def by_group(self, companies: QuerySet[Company], _name: str, head: Any) -> QuerySet[Company]:
        return companies.annotate(top=Coalesce("head_id", F("pk"))).filter(
            top__in=Company.objects.filter(public_id=head).values("pk")
        )
