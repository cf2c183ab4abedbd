"""Filters of «Кому ещё предложить»; they stand in the URL."""

import django_filters as filters
from django.utils.translation import gettext_lazy as _

from accounts.enums import Industry
from accounts.models import Company
from upsell_crm.core.filters import PageFilter
from upsell_crm.core.person_choice import KamFilter
from upsell_crm.core.roles import Action


class OfferFilter(PageFilter):
    """Whose clients, of which industry; the product stands in tabs."""

    kam = KamFilter("owner_kam", right=Action.SEE_RANKING, label=_("KAM"), empty_label=_("all"))
    industry = filters.ChoiceFilter(choices=Industry.choices, label=_("Industry"), empty_label=_("all"))

    class Meta:
        model = Company
        fields: list[str] = []

    MAIN = ("kam", "industry")
