"""Filters of «Поводы»; the page, its counts and its file use this one set."""

import django_filters as filters
from django.db.models import Exists, OuterRef, QuerySet
from django.utils.translation import gettext_lazy as _

from reports.models import RankRow, Signal
from reports.models.signal import SignalQuerySet
from reports.ranking_filters import ANY
from reports.signals.table import RULES
from upsell_crm.core import clock
from upsell_crm.core.filters import PageFilter
from upsell_crm.core.models import Team, User
from upsell_crm.core.person_choice import KamFilter
from upsell_crm.core.roles import Action, Scope
from upsell_crm.core.text import search_terms

SNOOZED = "snoozed"
SHOWS = [(SNOOZED, _("put aside"))]


class SignalFilter(PageFilter):
    """Which clients and which of their signals; the words stand in the URL."""

    q = filters.CharFilter(method="by_words", label=_("Company or INN"), max_length=100)
    rule = filters.ChoiceFilter(
        choices=[(rule.code.value, rule.code.label) for rule in RULES], method="later", label=_("Which reason"),
        empty_label=ANY,
    )  # fmt: skip
    kam = KamFilter("company__owner_kam", right=Action.SEE_RANKING, label=_("KAM"), empty_label=ANY)
    team = filters.ModelChoiceFilter(
        field_name="company__team",
        queryset=Team.objects.all(),
        label=_("Team"),
        to_field_name="code",
        empty_label=ANY,
    )
    show = filters.ChoiceFilter(
        choices=SHOWS, method="later", label=_("Show"), empty_label=_("to act on now")
    )

    class Meta:
        model = RankRow
        fields: list[str] = []

    MAIN = ("rule", "team", "kam", "show")

    def __init__(self, asked: object, rows: QuerySet[RankRow], *, by: User) -> None:
        """A team is chosen only by who sees several."""
        super().__init__(asked, rows, by=by)
        if Scope.ALL not in by.scopes(Action.SEE_RANKING):
            del self.filters["team"]

    @property
    def signals(self) -> SignalQuerySet:
        """The signals that the page shows of its clients."""
        everything = self.state
        rule = self.in_use.get("rule")
        return everything.filter(rule=rule) if rule else everything

    @property
    def state(self) -> SignalQuerySet:
        """The same whatever their rule: to act on now, or put aside."""
        today, signals = clock.today(), Signal.objects.all()
        return signals.put_aside(today) if self.in_use.get("show") == SNOOZED else signals.to_act_on(today)

    @property
    def clients(self) -> QuerySet[RankRow]:
        """The clients of the filter, whatever signals they have."""
        narrowed = bool(self.in_use)
        return super().filter_queryset(self.queryset.all()) if narrowed else self.queryset.all()

    def filter_queryset(self, queryset: QuerySet[RankRow]) -> QuerySet[RankRow]:
        """Clients with such a signal."""
        return (
            super().filter_queryset(queryset).filter(Exists(self.signals.filter(company=OuterRef("company"))))
        )

    def by_words(self, rows: QuerySet[RankRow], name: str, value: str) -> QuerySet[RankRow]:
        for term in search_terms(value):
            rows = rows.filter(company__search_text__contains=term)
        return rows

    def later(self, rows: QuerySet[RankRow], name: str, value: str) -> QuerySet[RankRow]:
        """It narrows the signals, and the clients through them."""
        return rows
