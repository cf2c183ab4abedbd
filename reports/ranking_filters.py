"""Filters of the ranked table; the page, its totals and its export use this one set (R17, §6.2)."""

from datetime import timedelta
from typing import Any

import django_filters as filters
from django.db.models import Exists, OuterRef, Q, QuerySet
from django.forms import DateInput
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from accounts.enums import ContractStatus, LineKind
from accounts.models import LicenceLine, Product
from reports.models import Band, RankRow
from reports.strategies import STATES, has_strategy
from roadmaps.plan_status import APPROVED, DRAFT, LABEL, NONE, REVIEW
from upsell_crm.core import clock
from upsell_crm.core.filters import PageFilter
from upsell_crm.core.models import Team, User
from upsell_crm.core.parameters import parameter
from upsell_crm.core.person_choice import KamFilter
from upsell_crm.core.roles import Action, Scope
from upsell_crm.core.text import search_terms

WINDOW = 40  # working days: the renewal window of §4.1

ANY = pgettext_lazy("filter", "any")
DATE = DateInput(attrs={"type": "date"}, format="%Y-%m-%d")

FOCUS = [  # tiles and tabs; each is one word in the URL
    ("band_a", _("Act now")),
    ("late", _("Late start")),
    ("no_strategy", _("Without a strategy")),
    ("no_deal", _("In the window, no deal")),
    ("no_contact", _("Without contact")),
    ("no_step", _("Without a next step")),
    ("documents", _("Documents stand still")),
]
TABS = [  # the same kind of word beside the lists, without a number
    ("in_work", _("In work")),
    ("no_deal", _("Without a deal")),
    ("few_data", _("Few data")),
]
_ALL_FOCUS = [
    *FOCUS,
    *(tab for tab in TABS if tab[0] not in dict(FOCUS)),
    ("window", _("In the renewal window")),
    ("stale", _("Facts out of date")),
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
        "no_strategy": Q(band=Band.A) & ~has_strategy(),
        "window": Q(slack__lte=WINDOW),
        "no_deal": Q(slack__lte=WINDOW, deal=None),
        "in_work": Q(is_damped=True),
        "documents": Q(has_stuck_documents=True),
        "no_contact": Q(company__last_contact_at=None) | Q(company__last_contact_at__date__lt=no_contact),
        "no_step": Q(company__next_step_on=None) | Q(company__next_step_on__lt=today),
        "few_data": Q(confidence__lt=50),
        "stale": ~Q(stale=[]),
    }[focus]


class RankingFilter(PageFilter):
    """Everything by which a lead narrows the ranking; the words stand in the URL."""

    q = filters.CharFilter(method="by_words", label=_("Company or INN"))
    focus = filters.ChoiceFilter(choices=_ALL_FOCUS, method="by_focus", label=_("Focus"))
    kam = KamFilter("company__owner_kam", right=Action.SEE_RANKING, label=_("KAM"), empty_label=ANY)
    team = filters.ModelChoiceFilter(
        field_name="company__team",
        queryset=Team.objects.all(),
        label=_("Team"),
        to_field_name="code",
        empty_label=ANY,
    )
    band = filters.ChoiceFilter(
        choices=[(code, f"{code} · {label}") for code, label in Band.choices],
        label=_("Band"),
        empty_label=ANY,
    )
    product = filters.ModelChoiceFilter(
        queryset=Product.objects.licensable(),
        method="by_product",
        label=_("Has product"),
        to_field_name="code",
    )
    head = filters.UUIDFilter(method="by_head", label=_("Holding"))
    key = filters.ChoiceFilter(
        choices=[("1", _("only key clients"))], method="by_key", label=_("Key client"), empty_label=ANY
    )
    plan = filters.ChoiceFilter(
        choices=[(word.code, word.label) for word in (NONE, DRAFT, REVIEW, APPROVED)],
        method="by_plan",
        label=LABEL,
        empty_label=ANY,
    )
    act_by_to = filters.DateFilter(
        field_name="act_by", lookup_expr="lte", label=_("Act by, until"), widget=DATE
    )

    class Meta:
        model = RankRow
        fields: list[str] = []

    MAIN = ("team", "kam", "band")
    MORE = ("product", "key", "plan", "act_by_to")

    def __init__(self, asked: Any, rows: QuerySet[RankRow], *, by: User) -> None:
        """A team is chosen only by who sees several."""
        super().__init__(asked, rows, by=by)
        if Scope.ALL not in by.scopes(Action.SEE_RANKING):
            del self.filters["team"]

    def by_words(self, rows: QuerySet[RankRow], name: str, value: str) -> QuerySet[RankRow]:
        for term in search_terms(value):
            rows = rows.filter(company__search_text__contains=term)
        return rows

    def by_key(self, rows: QuerySet[RankRow], name: str, value: str) -> QuerySet[RankRow]:
        return rows.filter(company__is_key=True)

    def by_plan(self, rows: QuerySet[RankRow], name: str, value: str) -> QuerySet[RankRow]:
        return rows.filter(has_strategy(STATES[value])) if value in STATES else rows.exclude(has_strategy())

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
