"""Filters of the ranked table; the page, its totals and its export use this one set (R17, §6.2)."""

from datetime import timedelta
from typing import Any

import django_filters as filters
from django.db.models import Exists, OuterRef, Q, QuerySet
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from accounts.enums import ContractStatus, LineKind
from accounts.models import LicenceLine, Product
from reports.models import Band, RankRow
from upsell_crm.core import clock
from upsell_crm.core.models import Team, User
from upsell_crm.core.parameters import parameter
from upsell_crm.core.roles import Role
from upsell_crm.core.text import search_terms

WINDOW = 40  # working days: the renewal window of §4.1

FOCUS = [  # tiles and tabs; each is one word in the URL
    ("band_a", _("Act now")),
    ("late", _("Late start")),
    ("window", _("In the renewal window")),
    ("no_contact", _("Without contact")),
    ("no_step", _("Without a next step")),
    ("few_data", _("Few data")),
]
LISTS = [
    (RankRow.Listed.RANKED, pgettext_lazy("ranking list", "All")),
    (RankRow.Listed.NO_CONTRACT, RankRow.Listed.NO_CONTRACT.label),
    (RankRow.Listed.FORMER, RankRow.Listed.FORMER.label),
    (RankRow.Listed.PILOTS, RankRow.Listed.PILOTS.label),
    (RankRow.Listed.IN_HEAD, RankRow.Listed.IN_HEAD.label),
]


def focus_condition(focus: str) -> Q:
    """What a tile means, once, for its number and for its filter."""
    today = clock.today()
    no_contact = today - timedelta(days=parameter("no_contact_days")) if focus == "no_contact" else today
    return {
        "band_a": Q(band=Band.A),
        "late": Q(slack__lt=0),
        "window": Q(slack__lte=WINDOW),
        "no_contact": Q(company__last_contact_at=None) | Q(company__last_contact_at__date__lt=no_contact),
        "no_step": Q(company__next_step_on=None) | Q(company__next_step_on__lt=today),
        "few_data": Q(confidence__lt=50),
    }[focus]


class RankingFilter(filters.FilterSet):
    """Everything by which a lead narrows the ranking; the words stand in the URL."""

    q = filters.CharFilter(method="by_words", label=_("Company or INN"))
    focus = filters.ChoiceFilter(choices=FOCUS, method="by_focus", label=_("Focus"))
    kam = filters.ModelChoiceFilter(
        field_name="company__owner_kam", queryset=lambda request: people_of(request.user), label=_("KAM"),
        to_field_name="username",
    )  # fmt: skip
    team = filters.ModelChoiceFilter(
        field_name="company__team", queryset=Team.objects.all(), label=_("Team"), to_field_name="code"
    )
    band = filters.MultipleChoiceFilter(choices=Band.choices, label=_("Band"))
    product = filters.ModelChoiceFilter(
        queryset=Product.objects.licensable(),
        method="by_product",
        label=_("Has product"),
        to_field_name="code",
    )
    head = filters.UUIDFilter(method="by_head", label=_("Holding"))
    key = filters.BooleanFilter(field_name="company__is_key", label=_("Key client"))
    act_by_to = filters.DateFilter(field_name="act_by", lookup_expr="lte", label=_("Act by, until"))

    class Meta:
        model = RankRow
        fields: list[str] = []

    def by_words(self, rows: QuerySet[RankRow], name: str, value: str) -> QuerySet[RankRow]:
        for term in search_terms(value):
            rows = rows.filter(company__search_text__contains=term)
        return rows

    @property
    def shown(self) -> list[Any]:
        """The fields that stand above the table; a team is chosen only by who sees several."""
        names = ["q", "kam", "band", "product", "key", "act_by_to"]
        if self.request.user.has_role(Role.HEAD, Role.ADMIN):
            names.insert(1, "team")
        return [self.form[name] for name in names]

    def by_head(self, rows: QuerySet[RankRow], name: str, value: Any) -> QuerySet[RankRow]:
        return rows.filter(Q(company__public_id=value) | Q(company__head__public_id=value))

    def by_focus(self, rows: QuerySet[RankRow], name: str, value: str) -> QuerySet[RankRow]:
        return rows.filter(focus_condition(value))

    def by_product(self, rows: QuerySet[RankRow], name: str, value: Any) -> QuerySet[RankRow]:
        lines = LicenceLine.objects.filter(
            contract__company=OuterRef("company"), contract__status=ContractStatus.ACTIVE,
            product=value, kind=LineKind.PAID, end_date__gte=clock.today(),
        )  # fmt: skip
        return rows.filter(Exists(lines))


def people_of(user: User) -> QuerySet[User]:
    """KAMs and leads whom this person may filter by: his team's, or everybody's for the whole department."""
    people = User.objects.filter(roles__role__in=[Role.KAM, Role.LEAD], is_active=True).distinct()
    return people if user.has_role(Role.HEAD, Role.ADMIN) else people.filter(team=user.team_id)
