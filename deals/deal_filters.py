"""Filters of the list and the board of deals; they stand in the URL (§6)."""

from datetime import timedelta

import django_filters as filters
from django import forms
from django.db.models import Exists, OuterRef, Q, QuerySet
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from accounts.models import Product
from deals.deal_page import standing_still
from deals.enums import DealKind, DealStage, Forecast
from deals.models import Deal, DealLine, DealMember
from upsell_crm.core import clock
from upsell_crm.core.filters import PageFilter
from upsell_crm.core.models import Team
from upsell_crm.core.person_choice import KamFilter
from upsell_crm.core.roles import Action

WHICH = [("closed", pgettext_lazy("deals", "closed")), ("all", pgettext_lazy("deals", "open and closed"))]
SOON = [("7", "7"), ("30", "30"), ("90", "90")]


class DealFilter(PageFilter):
    """Open deals unless closed ones are asked for."""

    q = filters.CharFilter(method="by_words", label=_("Deal, company or INN"))
    kam = KamFilter("responsible_kam", right=Action.SEE_DEAL, label=_("KAM"), empty_label=_("all"))
    team = filters.ModelChoiceFilter(
        to_field_name="code",
        label=_("Team"),
        empty_label=_("all"),
        queryset=lambda request: Team.objects.all(),
    )
    stage = filters.ChoiceFilter(choices=DealStage.choices, label=_("Stage"), empty_label=_("all"))
    which = filters.ChoiceFilter(
        choices=WHICH,
        method="by_which",
        label=pgettext_lazy("deal filter", "State"),
        empty_label=pgettext_lazy("deals", "open"),
    )
    kind = filters.ChoiceFilter(choices=DealKind.choices, label=_("Kind"), empty_label=_("all"))
    forecast = filters.ChoiceFilter(choices=Forecast.choices, label=_("Forecast"), empty_label=_("all"))
    product = filters.ModelChoiceFilter(
        method="by_product", to_field_name="code", label=_("Product"), empty_label=_("all"),
        queryset=lambda request: Product.objects.licensable(),
    )  # fmt: skip
    due = filters.ChoiceFilter(
        choices=SOON, method="by_due", label=_("To be signed within, days"), empty_label=_("any")
    )
    mine = filters.BooleanFilter(method="by_mine", label=_("Where I work"), widget=forms.CheckboxInput)
    stalled = filters.BooleanFilter(method="by_stalled", label=_("Stand still"), widget=forms.CheckboxInput)
    key = filters.BooleanFilter(method="by_key", label=_("Key clients only"), widget=forms.CheckboxInput)

    class Meta:
        model = Deal
        fields: list[str] = []

    MAIN = ("kam", "team", "stage", "which")
    MORE = ("kind", "forecast", "product", "due", "mine", "stalled", "key")

    @property
    def qs(self) -> QuerySet[Deal]:
        """What was typed wrong narrows nothing; closed deals only when they are asked for."""
        if not hasattr(self, "_qs"):
            self.form.is_valid()
            found = self.filter_queryset(self.queryset.all())
            said = self.in_use
            closed = said.get("which") or said.get("stage") in (DealStage.WON, DealStage.LOST)
            self._qs = found if closed else found.open()
        return self._qs

    def by_words(self, deals: QuerySet[Deal], _name: str, text: str) -> QuerySet[Deal]:
        for word in text.split()[:8]:
            deals = deals.filter(
                Q(title__icontains=word) | Q(company__sort_name__icontains=word.lower()) | Q(company__inn__startswith=word)
            )  # fmt: skip
        return deals

    def by_which(self, deals: QuerySet[Deal], _name: str, which: str) -> QuerySet[Deal]:
        return deals if which == "all" else deals.filter(stage__in=[DealStage.WON, DealStage.LOST])

    def by_product(self, deals: QuerySet[Deal], _name: str, product: Product) -> QuerySet[Deal]:
        return deals.filter(Exists(DealLine.objects.filter(deal=OuterRef("pk"), product=product)))

    def by_due(self, deals: QuerySet[Deal], _name: str, days: str) -> QuerySet[Deal]:
        return deals.filter(target_date__lte=clock.today() + timedelta(days=int(days)))

    def by_mine(self, deals: QuerySet[Deal], _name: str, is_on: bool) -> QuerySet[Deal]:
        if not is_on or self.by is None:
            return deals
        places = DealMember.objects.active_on(clock.today()).filter(user=self.by)
        return deals.filter(Q(responsible_kam=self.by) | Q(pk__in=places.values("deal")))

    def by_stalled(self, deals: QuerySet[Deal], _name: str, is_on: bool) -> QuerySet[Deal]:
        return deals.filter(standing_still(clock.today())) if is_on else deals

    def by_key(self, deals: QuerySet[Deal], _name: str, is_on: bool) -> QuerySet[Deal]:
        return deals.filter(company__is_key=True) if is_on else deals
