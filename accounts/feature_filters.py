"""Filters of the board of features; they stand in the URL."""

import django_filters as filters
from django.db.models import Q, QuerySet
from django.utils.translation import gettext_lazy as _

from accounts.enums import FeatureStatus
from accounts.models import FeatureRequest, Product
from upsell_crm.core.filters import PageFilter


class FeatureFilter(PageFilter):
    """By words, product and status."""

    q = filters.CharFilter(method="by_words", label=_("Title or number in the tracker"))
    product = filters.ModelChoiceFilter(
        to_field_name="code", label=_("Product"), empty_label=_("all"), queryset=lambda request: Product.objects.all()
    )  # fmt: skip
    status = filters.ChoiceFilter(
        choices=FeatureStatus.choices, method="untouched", label=_("Status"), empty_label=_("on the way")
    )

    class Meta:
        model = FeatureRequest
        fields: list[str] = []

    MAIN = ("product", "status")

    def by_words(self, features: QuerySet[FeatureRequest], _name: str, text: str) -> QuerySet[FeatureRequest]:
        for word in text.split()[:8]:
            found = Q(title__icontains=word) | Q(tracker_ref__icontains=word)
            features = features.filter(found | Q(title__icontains=word.capitalize()))
        return features

    def untouched(
        self, features: QuerySet[FeatureRequest], _name: str, _value: str
    ) -> QuerySet[FeatureRequest]:
        """The status chooses groups of the board; the tiles count all of them."""
        return features
