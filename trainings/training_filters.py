"""Filters of the calendar of trainings; they stand in the URL (§6.6)."""

import django_filters as filters
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from accounts.models import Product
from trainings.enums import TrainingState
from trainings.models import Training
from trainings.people import tutors
from upsell_crm.core.filters import PageFilter


class TrainingFilter(PageFilter):
    """By tutor, product and state."""

    tutor = filters.ModelChoiceFilter(
        to_field_name="username", label=_("Tutor"), empty_label=_("all"), queryset=lambda request: tutors()
    )
    product = filters.ModelChoiceFilter(
        to_field_name="code", label=_("Product"), empty_label=_("all"), queryset=lambda request: Product.objects.all()
    )  # fmt: skip
    state = filters.ChoiceFilter(
        choices=TrainingState.choices, label=pgettext_lazy("training filter", "State"), empty_label=_("all")
    )

    class Meta:
        model = Training
        fields: list[str] = []

    MAIN = ("tutor", "product", "state")
