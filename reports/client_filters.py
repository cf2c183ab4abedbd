"""Filters of the existing-clients report: one set for the page, its totals, the files and the API (§5.4)."""

from collections.abc import Iterable
from datetime import timedelta
from functools import cached_property
from typing import Any

import django_filters as filters
from django import forms
from django.db.models import Exists, F, OuterRef, QuerySet
from django.utils.translation import gettext_lazy as _

from accounts.enums import Regime, Segment
from accounts.models import Product
from reports.models import Band, ClientRow, ClientSeats, OfferAnswer
from upsell_crm.core import clock
from upsell_crm.core.filters import PageFilter
from upsell_crm.core.models import Team, User
from upsell_crm.core.person_choice import KamFilter
from upsell_crm.core.roles import Action, Scope
from upsell_crm.core.text import search_terms

SEGMENTS = [*Segment.choices[:-1], ("none", Segment.UNKNOWN.label)]
HAVING_DEAL = [("has", _("there is one")), ("not", _("there is none"))]
OWNING = [("has", _("has")), ("not", _("has not")), ("fewer", _("fewer seats than"))]
WINDOWS = [(str(days), str(days)) for days in (30, 60, 90, 180)]  # calendar days until the contract ends
_ALL = _("all")


class ClientFilter(PageFilter):
    """Everything by which the report is narrowed."""

    q = filters.CharFilter(method="by_words", label=_("Company or INN"), max_length=100)
    offer = filters.MultipleChoiceFilter(
        choices=OfferAnswer.choices, label=_("Pays by invoice-offer"), widget=forms.CheckboxSelectMultiple
    )
    kam = KamFilter("company__owner_kam", right=Action.SEE_REPORT, label=_("KAM"), empty_label=_ALL)
    team = filters.ChoiceFilter(field_name="company__team__code", label=_("Team"), empty_label=_ALL)
    product = filters.ChoiceFilter(method="by_product", label=_("Product"), empty_label=_ALL)
    owning = filters.ChoiceFilter(choices=OWNING, method="with_product", label=_("Seats"), empty_label=None)
    seats = filters.NumberFilter(method="with_product", label=_("Number of seats"), min_value=1)
    window = filters.ChoiceFilter(
        choices=WINDOWS, method="by_window", label=_("Ends within, days"), empty_label=_("any")
    )
    end_from = filters.DateFilter(field_name="end_date", lookup_expr="gte", label=_("Ends from"))
    end_to = filters.DateFilter(field_name="end_date", lookup_expr="lte", label=_("Ends until"))
    holding = filters.CharFilter(method="by_holding", label=_("Holding"), max_length=100)
    segment = filters.ChoiceFilter(
        choices=SEGMENTS, method="by_segment", label=_("Segment"), empty_label=_ALL
    )
    regime = filters.ChoiceFilter(
        field_name="company__regime", choices=Regime.choices, label=_("Regime"), empty_label=_ALL
    )
    band = filters.MultipleChoiceFilter(
        choices=Band.choices, label=_("Band"), widget=forms.CheckboxSelectMultiple
    )
    deal = filters.ChoiceFilter(
        choices=HAVING_DEAL, method="by_deal", label=_("Open deal"), empty_label=_("any")
    )
    usage_below = filters.NumberFilter(
        method="by_usage", label=_("Utilisation below, %"), min_value=0, max_value=1000
    )
    key = filters.BooleanFilter(method="only_key", label=_("Key clients only"), widget=forms.CheckboxInput)
    stale = filters.BooleanFilter(method="only_stale", label=_("Stale data only"), widget=forms.CheckboxInput)
    expired = filters.BooleanFilter(
        method="with_expired",
        label=_("With contracts expired ≤ 60 working days ago"),
        widget=forms.CheckboxInput,
    )

    class Meta:
        model = ClientRow
        fields: list[str] = []

    MAIN = ("q", "offer", "kam", "team", "window")
    MORE = (
        "product", "owning", "seats", "end_from", "end_to", "holding", "segment", "regime", "band", "deal",
        "usage_below",        "key", "stale", "expired",
    )  # fmt: skip

    def __init__(
        self,
        asked: Any,
        rows: QuerySet[ClientRow],
        *,
        by: User | None,
        products: Iterable[Product],
        is_grouped: bool = False,
    ) -> None:
        """`by` reads the report (None = a machine): the KAMs and teams to choose from are those in reach."""
        super().__init__(asked, rows, by=by)
        self.is_grouped = is_grouped
        self._offer("team", _teams(by))
        self._offer("product", [(product.code, product.name) for product in products])

    def _offer(self, name: str, choices: list[tuple[str, str]]) -> None:
        self.filters[name].extra["choices"] = choices

    @property
    def qs(self) -> QuerySet[ClientRow]:
        """Expired clients come on request; users of a head's contract stand with their holding (§4.10.14)."""
        if not hasattr(self, "_qs"):
            self.form.is_valid()
            standings = [ClientRow.Standing.ACTIVE]
            if self.form.cleaned_data.get("expired"):
                standings.append(ClientRow.Standing.EXPIRED)
            if self.is_grouped:
                standings.append(ClientRow.Standing.IN_HEAD)
            self._qs = self.filter_queryset(self.queryset.filter(standing__in=standings))
        return self._qs

    @cached_property
    def in_use(self) -> dict[str, Any]:
        """`owning` and `seats` narrow nothing without a product."""
        used = super().in_use
        if "product" in used:
            return used
        return {name: value for name, value in used.items() if name not in ("owning", "seats")}

    def by_words(self, rows: QuerySet[ClientRow], _name: str, text: str) -> QuerySet[ClientRow]:
        for term in search_terms(text):
            rows = rows.filter(company__search_text__contains=term)
        return rows

    def by_product(self, rows: QuerySet[ClientRow], _name: str, code: str) -> QuerySet[ClientRow]:
        """Has the product, has not, or has fewer seats of it than a number (none counts as fewer)."""
        owned = ClientSeats.objects.filter(row=OuterRef("pk"), product__code=code)
        owning, seats = self.form.cleaned_data.get("owning"), self.form.cleaned_data.get("seats")
        if owning == "fewer" and seats:
            return rows.exclude(Exists(owned.filter(seats__gte=seats)))
        return rows.filter(~Exists(owned) if owning == "not" else Exists(owned))

    def with_product(self, rows: QuerySet[ClientRow], _name: str, _value: Any) -> QuerySet[ClientRow]:
        """`owning` and `seats` say how the product is meant; alone they narrow nothing."""
        return rows

    def by_window(self, rows: QuerySet[ClientRow], _name: str, days: str) -> QuerySet[ClientRow]:
        return rows.filter(end_date__lte=clock.today() + timedelta(days=int(days)))

    def by_holding(self, rows: QuerySet[ClientRow], _name: str, text: str) -> QuerySet[ClientRow]:
        for term in search_terms(text):
            rows = rows.filter(head__search_text__contains=term)
        return rows

    def by_segment(self, rows: QuerySet[ClientRow], _name: str, segment: str) -> QuerySet[ClientRow]:
        return rows.filter(company__segment="" if segment == "none" else segment)

    def by_deal(self, rows: QuerySet[ClientRow], _name: str, having: str) -> QuerySet[ClientRow]:
        return rows.filter(deal_stage="") if having == "not" else rows.exclude(deal_stage="")

    def by_usage(self, rows: QuerySet[ClientRow], _name: str, percent: Any) -> QuerySet[ClientRow]:
        return rows.filter(usage_seats__gt=0, active_users__lt=F("usage_seats") * percent / 100)

    def only_key(self, rows: QuerySet[ClientRow], _name: str, is_asked: bool) -> QuerySet[ClientRow]:
        return rows.filter(company__is_key=True) if is_asked else rows

    def only_stale(self, rows: QuerySet[ClientRow], _name: str, is_asked: bool) -> QuerySet[ClientRow]:
        return rows.filter(is_stale=True) if is_asked else rows

    def with_expired(self, rows: QuerySet[ClientRow], _name: str, _is_asked: bool) -> QuerySet[ClientRow]:
        """The standings are chosen in `qs`."""
        return rows


def _teams(by: User | None) -> list[tuple[str, str]]:
    """Code and name of the teams whose clients can stand in this person's report."""
    if by is None or Scope.ALL in by.scopes(Action.SEE_REPORT):
        return list(Team.objects.order_by("code").values_list("code", "name"))
    return [(by.team.code, by.team.name)] if by.team else []
