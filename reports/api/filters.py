"""Filters of the API's lists (domain.md §7); the report's are those of its page."""

from datetime import date, timedelta
from typing import Any

from django.db.models import Exists, OuterRef, Q, QuerySet
from django.utils.translation import gettext_lazy as _
from django_filters import rest_framework as filters
from drf_spectacular.utils import extend_schema_field

from accounts.calendar import expiring_until
from accounts.enums import ContractForm, ContractStatus, LineKind
from accounts.models import Company, Contract, LicenceLine
from accounts.models.contract import ContractQuerySet
from reports.api.company_filters import HOLDING_HELP, KAM_HELP, OFFER_HELP, TEAM_HELP, OfCompany
from reports.api.deal_filters import OfDeals
from reports.client_filters import WINDOWS, ClientFilter
from reports.models import OfferAnswer
from upsell_crm.core import clock
from upsell_crm.core.api.filters import MomentFilter, YesNoFilter
from upsell_crm.core.api.problems import BadParameters, FieldError

_SINCE = (
    "On or after this moment, RFC 3339 with an offset. Rows come in the order of change, with a `watermark`."
)
_OPEN_DEAL = "An open deal with the client stands in the current report."
_PRODUCT = "Code of a product, for example `casebook`"
_WINDOW = {
    "type": "integer",
    "enum": [int(days) for days, _label in WINDOWS],
    "description": "The contract due for renewal ends within so many calendar days.",
}


class CompanyFilters(OfCompany):
    """Filters of /companies/."""

    updated_since = MomentFilter(field_name="updated_at", lookup_expr="gte", help_text=_SINCE)
    product = filters.CharFilter(
        method="by_product", help_text=f"{_PRODUCT}: it uses paid seats of it today."
    )

    class Meta:
        model = Company
        fields: list[str] = []

    def by_product(self, rows: QuerySet, name: str, value: str) -> QuerySet:
        counted = LicenceLine.objects.counted_on(clock.today()).filter(product__code=value)
        return rows.filter(Exists(counted.filter(Q(used_by_id=OuterRef("pk")))))


class RenewalFilters(OfCompany, OfDeals):
    """Filters of /renewals/. Without dates: today and the 90 days after it."""

    PATH = "company__"
    DEFAULT_DAYS = 90

    from_on = filters.DateFilter(
        method="by_period", help_text="The contract ends on this day or later; today by default."
    )
    to_on = filters.DateFilter(
        method="by_period",
        help_text="The contract ends on this day or earlier; 90 days after `from` by default.",
    )
    product = filters.CharFilter(
        method="by_product", help_text=f"{_PRODUCT} in a paid licence of the contract."
    )

    class Meta:
        model = Contract
        fields: list[str] = []

    @classmethod
    def get_filters(cls) -> dict[str, Any]:
        """`from` is a word of Python, so the class names it otherwise."""
        names = {"from_on": "from", "to_on": "to"}
        return {names.get(name, name): one for name, one in super().get_filters().items()}

    def filter_queryset(self, queryset: ContractQuerySet) -> QuerySet:
        asked = self.form.cleaned_data
        first = asked["from"] or clock.today()
        if asked["to"] and asked["to"] < first:
            raise BadParameters([FieldError("to", "before_from", _("The period ends before it begins."))])
        last = asked["to"] or min(first, _LAST_START) + timedelta(days=self.DEFAULT_DAYS)
        return super().filter_queryset(queryset.due_between(first, last))

    def by_period(self, rows: QuerySet, name: str, value: date) -> QuerySet:
        """Both ends are used at once, in `filter_queryset`."""
        return rows

    def by_product(self, rows: QuerySet, name: str, value: str) -> QuerySet:
        lines = LicenceLine.objects.filter(contract=OuterRef("pk"), kind=LineKind.PAID, product__code=value)
        return rows.filter(Exists(lines))


_LAST_START = date.max - timedelta(days=RenewalFilters.DEFAULT_DAYS)


class ContractFilters(OfCompany, OfDeals):
    """Filters of /contracts/; all of them may be combined."""

    PATH = "company__"

    status = filters.MultipleChoiceFilter(choices=ContractStatus.choices, help_text="State; may be repeated.")
    form = filters.MultipleChoiceFilter(choices=ContractForm.choices, help_text="Form; may be repeated.")
    updated_since = MomentFilter(field_name="updated_at", lookup_expr="gte", help_text=_SINCE)
    status_changed_since = MomentFilter(
        field_name="status_changed_at",
        lookup_expr="gte",
        help_text="The state changed on or after this moment.",
    )
    end_date_from = filters.DateFilter(
        field_name="end_date", lookup_expr="gte", help_text="Ends on this day or later."
    )
    end_date_to = filters.DateFilter(
        field_name="end_date", lookup_expr="lte", help_text="Ends on this day or earlier."
    )
    renewal_window = extend_schema_field(_WINDOW)(
        filters.TypedChoiceFilter(choices=WINDOWS, coerce=int, method="by_window")
    )
    act_by_before = filters.DateFilter(
        field_name="act_by", lookup_expr="lt", help_text="The renewal must be begun before this day."
    )
    expiring = YesNoFilter(
        method="by_expiring", help_text="In force, and act-by is at most 20 working days away."
    )
    number = filters.CharFilter(help_text="Number of the contract, exactly.")
    product = filters.CharFilter(method="by_product", help_text=f"{_PRODUCT} in a licence of the contract.")

    class Meta:
        model = Contract
        fields: list[str] = []

    def by_window(self, rows: ContractQuerySet, name: str, days: int) -> QuerySet:
        today = clock.today()
        return rows.due_between(today, today + timedelta(days=days))

    def by_expiring(self, rows: QuerySet, name: str, is_wanted: bool) -> QuerySet:
        expiring = Contract.objects.expiring(expiring_until(clock.today())).filter(pk=OuterRef("pk"))
        return rows.filter(Exists(expiring) if is_wanted else ~Exists(expiring))

    def by_product(self, rows: QuerySet, name: str, value: str) -> QuerySet:
        lines = LicenceLine.objects.filter(contract=OuterRef("pk"), product__code=value)
        return rows.filter(Exists(lines))


class ExistingClientFilters(ClientFilter):
    """The filters of the report's page; people, teams and holdings by identifier, yes and no by word."""

    offer = window = end_from = end_to = deal = None  # §7 names them otherwise
    invoice_offer = filters.MultipleChoiceFilter(
        field_name="offer", choices=OfferAnswer.choices, help_text=OFFER_HELP
    )
    renewal_window = extend_schema_field(_WINDOW)(
        filters.TypedChoiceFilter(choices=WINDOWS, coerce=int, method="by_window")
    )
    end_date_from = filters.DateFilter(
        field_name="end_date", lookup_expr="gte", help_text="Ends on this day or later."
    )
    end_date_to = filters.DateFilter(
        field_name="end_date", lookup_expr="lte", help_text="Ends on this day or earlier."
    )
    act_by_before = filters.DateFilter(
        field_name="act_by", lookup_expr="lt", help_text="Act-by is before this day."
    )
    inn = filters.CharFilter(field_name="company__inn", help_text="ИНН of the client, exactly.")
    kam = filters.UUIDFilter(field_name="company__owner_kam__public_id", help_text=KAM_HELP)
    team = filters.CharFilter(field_name="company__team__code", help_text=TEAM_HELP)
    holding = filters.UUIDFilter(field_name="head__public_id", help_text=HOLDING_HELP)
    product = filters.CharFilter(method="by_product", help_text=f"{_PRODUCT}; see `owning`.")
    key = YesNoFilter(field_name="company__is_key", help_text="Key clients only, or all others.")
    stale = YesNoFilter(field_name="is_stale", help_text="Rows with stale facts only, or all others.")
    has_open_deal = YesNoFilter(method="by_open_deal", help_text=_OPEN_DEAL)
    expired = YesNoFilter(
        method="with_expired", help_text="Also clients whose contract expired up to 60 working days ago."
    )

    def __init__(self, data: Any = None, queryset: Any = None, *, request: Any = None) -> None:
        """A machine chooses from no lists, so nothing is read for them."""
        filters.FilterSet.__init__(self, data, queryset, request=request)
        self.is_grouped = False

    def by_open_deal(self, rows: QuerySet, name: str, is_wanted: bool) -> QuerySet:
        return self.by_deal(rows, name, "has" if is_wanted else "not")

    def filter_queryset(self, queryset: QuerySet) -> QuerySet:
        """`owning` and `seats` narrow nothing without a product, so they are refused without one."""
        asked = self.form.cleaned_data
        alone = [name for name in ("owning", "seats") if asked.get(name) and not asked.get("product")]
        if alone:
            raise BadParameters(
                [FieldError(name, "incomplete", _("Name the product too.")) for name in alone]
            )
        return super().filter_queryset(queryset)
