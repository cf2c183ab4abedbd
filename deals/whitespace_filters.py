"""Filters of the matrix of a portfolio; they stand in the URL (§6, product.md §3.4)."""

from collections.abc import Iterable
from typing import Any

import django_filters as filters
from django import forms
from django.db.models import F, Q, QuerySet
from django.db.models.functions import Coalesce
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from accounts.enums import Industry
from accounts.forms.company_choice import CompanyChoiceField
from accounts.models import Company, Product
from accounts.models.company import CompanyQuerySet
from deals.product_cells import CellState
from upsell_crm.core.filters import PageFilter
from upsell_crm.core.models import Team, User
from upsell_crm.core.person_choice import KamFilter
from upsell_crm.core.roles import Action, Scope


class HoldingFilter(filters.Filter):
    """A client by INN or name: his whole holding, wherever in it he stands."""

    @property
    def field(self) -> CompanyChoiceField:
        """Looks among the companies that the reader of the page may see."""
        if not hasattr(self, "_field"):
            self._field = CompanyChoiceField(label=self.label, required=False)
            self._field.user = self.parent.by
        return self._field

    def filter(self, qs: QuerySet[Company], value: Company | None) -> QuerySet[Company]:
        """The head and all that is below it."""
        if value is None:
            return qs
        head_id = value.head_id or value.pk
        return qs.annotate(top=Coalesce("head_id", F("pk"))).filter(Q(top=head_id))


class WhitespaceFilter(PageFilter):
    """Whose clients, which of them, and which cells: `product` and `state` are about cells and are asked in Python."""

    q = filters.CharFilter(method="by_words", label=_("Name, INN or KPP"))
    kam = KamFilter("owner_kam", right=Action.SEE_COMPANY, label=_("KAM"), empty_label=_("all"))
    team = filters.ChoiceFilter(field_name="team__code", label=_("Team"), empty_label=_("all"))
    holding = HoldingFilter(label=_("Holding: INN or name"))
    industry = filters.ChoiceFilter(choices=Industry.choices, label=_("Industry"), empty_label=_("all"))
    product = filters.ChoiceFilter(method="by_cell", label=_("Product"), empty_label=_("all"))
    state = filters.ChoiceFilter(
        choices=CellState.choices,
        method="by_cell",
        label=pgettext_lazy("whitespace", "Cells"),
        empty_label=_("all"),
    )
    key = filters.BooleanFilter(method="by_key", label=_("Key clients only"), widget=forms.CheckboxInput)

    class Meta:
        model = Company
        fields: list[str] = []

    MAIN = ("kam", "product", "state")
    MORE = ("team", "holding", "industry", "key")

    def __init__(
        self, asked: Any, rows: QuerySet[Any], *, by: User | None, products: Iterable[Product]
    ) -> None:
        super().__init__(asked, rows, by=by)
        self.products = list(products)
        self.filters["product"].extra["choices"] = [(product.code, product.name) for product in self.products]
        self.filters["team"].extra["choices"] = _teams(by)

    @property
    def shown_products(self) -> list[Product]:
        """The columns: the chosen product, else all."""
        code = self.in_use.get("product")
        return [product for product in self.products if code in (None, product.code)]

    @property
    def narrowed_by(self) -> dict[str, str]:
        """The filters in use, label → value in words, for the file."""
        labels = {name: dict(getattr(self.form.fields[name], "choices", ())) for name in self.in_use}
        return {
            str(self.form.fields[name].label): str(
                labels[name].get(value, _("yes") if value is True else value)
            )
            for name, value in self.in_use.items()
        }

    def by_words(self, companies: CompanyQuerySet, _name: str, text: str) -> CompanyQuerySet:
        return companies.matching(text)

    def by_key(self, companies: QuerySet[Company], _name: str, is_on: bool) -> QuerySet[Company]:
        return companies.filter(is_key=True) if is_on else companies

    def by_cell(self, companies: QuerySet[Company], _name: str, _value: str) -> QuerySet[Company]:
        """Asked of the cells, see deals.portfolio."""
        return companies


def _teams(by: User | None) -> list[tuple[str, str]]:
    """Code and name of the teams whose clients this person may see."""
    if by is None or Scope.ALL in by.scopes(Action.SEE_COMPANY):
        return list(Team.objects.order_by("code").values_list("code", "name"))
    return [(by.team.code, by.team.name)] if by.team else []
