"""Filters of a segment: those of the company list, and what marketing asks besides (§6.7)."""

from functools import cached_property
from typing import Any, ClassVar

import django_filters as filters
from django.db.models import Exists, OuterRef, Q, QuerySet, Sum
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from accounts.company_filters import CompanyFilter
from accounts.enums import DecisionRole
from accounts.models import Company, FeatureRequest, FeatureWait, LicenceLine, Product, UsageSnapshot
from upsell_crm.core import clock

OWNING = [("has", pgettext_lazy("segment", "owns")), ("not", pgettext_lazy("segment", "does not own"))]
HOW = {"owning": "product", "concerned": "feature"}
LOW_PERCENT = 30  # of the seats are used: §6.6 calls it «used too little»
CONCERNED = [("owners", _("who waits for it or owns the product"))]
USAGE = [("low", _("used by less than 30 %")), ("full", _("all seats are used"))]


class SegmentFilter(CompanyFilter):
    """Archived clients never get letters, so they cannot be asked for here."""

    archive = None
    product = filters.ModelChoiceFilter(
        to_field_name="code", method="by_product", label=_("Product"), empty_label=_("all"),
        queryset=lambda request: Product.objects.licensable(),
    )  # fmt: skip
    owning = filters.ChoiceFilter(
        choices=OWNING, method="by_owning", label=pgettext_lazy("segment", "Licences"), empty_label=None
    )
    feature = filters.ModelChoiceFilter(
        to_field_name="public_id", method="by_feature", label=_("Feature"), empty_label=_("any"),
        queryset=lambda request: FeatureRequest.objects.select_related("product"),
    )  # fmt: skip
    concerned = filters.ChoiceFilter(
        choices=CONCERNED, method="by_concerned", label=_("Whom the feature concerns"), empty_label=_("who waits for it")
    )  # fmt: skip
    region = filters.ChoiceFilter(label=_("Region"), empty_label=_("all"))
    usage = filters.ChoiceFilter(
        choices=USAGE, method="by_usage", label=_("Use of licences"), empty_label=_("any")
    )
    role = filters.ChoiceFilter(
        choices=DecisionRole.choices, method="by_role", label=_("Role of the person"), empty_label=_("everybody")
    )  # fmt: skip

    MAIN: ClassVar[tuple[str, ...]] = ("product", "owning", "feature", "industry")
    MORE: ClassVar[tuple[str, ...]] = (
        "concerned", "role", "usage", "status", "segment", "region", "regime", "holding", "kam", "team", "no_contact", "key",
    )  # fmt: skip

    def __init__(self, *args: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        regions = Company.objects.exclude(region="").order_by("region").values_list("region", flat=True)
        choices = [("", _("all")), *((region, region) for region in regions.distinct())]
        self.form.fields["region"].choices = choices

    @cached_property
    def in_use(self) -> dict[str, Any]:
        """What says how another filter is meant narrows nothing without it."""
        used = super().in_use
        return {name: value for name, value in used.items() if HOW.get(name, name) in used}

    def by_product(self, companies: QuerySet[Company], _name: str, product: Product) -> QuerySet[Company]:
        owners = Q(pk__in=_owners_of(product.pk))
        is_without = self.form.cleaned_data.get("owning") == "not"
        return companies.filter(~owners if is_without else owners)

    def by_owning(self, companies: QuerySet[Company], _name: str, _value: str) -> QuerySet[Company]:
        """Says how the product is meant."""
        return companies

    def by_feature(
        self, companies: QuerySet[Company], _name: str, feature: FeatureRequest
    ) -> QuerySet[Company]:
        """Who waits for it; its release also concerns the owners of the product (R89)."""
        waits = Exists(FeatureWait.objects.filter(company=OuterRef("pk"), feature=feature))
        if self.form.cleaned_data.get("concerned") != "owners":
            return companies.filter(waits)
        return companies.filter(Q(waits) | Q(pk__in=_owners_of(feature.product_id)))

    def by_concerned(self, companies: QuerySet[Company], _name: str, _value: str) -> QuerySet[Company]:
        """Says how the feature is meant."""
        return companies

    def by_usage(self, companies: QuerySet[Company], _name: str, which: str) -> QuerySet[Company]:
        """Users of the last snapshots against the seats of the chosen product, or of all; unknown fits neither."""
        product = self.form.cleaned_data.get("product")
        of_product = {"product": product} if product else {}
        seats, users = _seats_by_company(of_product), _users_by_company(of_product)
        shares = {pk: users[pk] * 100 / owned for pk, owned in seats.items() if pk in users}
        fits = (lambda share: share >= 100) if which == "full" else (lambda share: share < LOW_PERCENT)
        return companies.filter(pk__in=[pk for pk, share in shares.items() if fits(share)])

    def by_role(self, companies: QuerySet[Company], _name: str, _value: str) -> QuerySet[Company]:
        """Narrows the people, not the companies: `segments.Segment` does it."""
        return companies


def _owners_of(product_id: int) -> QuerySet[Any]:
    """Who uses seats of it today: one list for the whole statement, not a search per company."""
    lines = LicenceLine.objects.counted_on(clock.today()).filter(product=product_id)
    return lines.order_by().values("used_by_id")  # type: ignore[misc]


def _seats_by_company(of_product: dict[str, Any]) -> dict[int, int]:
    """Seats that count today by who uses them; one statement. Joined in Python: as a search per company it takes minutes."""
    lines = LicenceLine.objects.counted_on(clock.today()).filter(**of_product)
    rows = lines.order_by().values_list("used_by_id").annotate(n=Sum("seats"))  # type: ignore[misc]
    return dict(rows)


def _users_by_company(of_product: dict[str, Any]) -> dict[int, int]:
    """Active users of the last snapshot of each product; one statement."""
    shots = UsageSnapshot.objects.filter(**of_product).order_by("as_of")
    last = {
        (company, product): users
        for company, product, users in shots.values_list("company_id", "product_id", "active_users_30d")
    }
    found: dict[int, int] = {}
    for (company, _product), users in last.items():
        found[company] = found.get(company, 0) + users
    return found
