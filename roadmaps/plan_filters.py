"""Filters of the list of strategies; they stand in the URL (§6)."""

import django_filters as filters
from django import forms
from django.db.models import Q, QuerySet
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from deals.models import DealMember
from roadmaps.enums import ENDED_STATES, OPEN_PLAN_STATES, PlanState, PlanType
from roadmaps.models import Plan
from upsell_crm.core import clock
from upsell_crm.core.filters import PageFilter
from upsell_crm.core.models import Team
from upsell_crm.core.person_choice import KamFilter
from upsell_crm.core.roles import Action

WHICH = [("ended", pgettext_lazy("plans", "ended")), ("all", pgettext_lazy("plans", "open and ended"))]


class PlanFilter(PageFilter):
    """Open strategies unless ended ones are asked for."""

    q = filters.CharFilter(method="by_words", label=_("Goal, deal, company or INN"))
    kam = KamFilter("deal__responsible_kam", right=Action.SEE_DEAL, label=_("KAM"), empty_label=_("all"))
    team = filters.ModelChoiceFilter(
        field_name="deal__team", to_field_name="code", label=_("Team"), empty_label=_("all"),
        queryset=lambda request: Team.objects.all(),
    )  # fmt: skip
    state = filters.ChoiceFilter(choices=PlanState.choices, label=_("State"), empty_label=_("all"))
    type = filters.ChoiceFilter(choices=PlanType.choices, label=_("Type"), empty_label=_("all"))
    which = filters.ChoiceFilter(
        choices=WHICH, method="by_which", label=_("Show"), empty_label=pgettext_lazy("plans", "open"),
    )  # fmt: skip
    late = filters.BooleanFilter(method="by_late", label=_("Past the deadline"), widget=forms.CheckboxInput)
    review = filters.BooleanFilter(
        method="by_review", label=_("Wait for the lead"), widget=forms.CheckboxInput
    )
    mine = filters.BooleanFilter(method="by_mine", label=_("Where I work"), widget=forms.CheckboxInput)
    key = filters.BooleanFilter(method="by_key", label=_("Key clients only"), widget=forms.CheckboxInput)

    class Meta:
        model = Plan
        fields: list[str] = []

    MAIN = ("kam", "team", "state", "type")
    MORE = ("which", "late", "review", "mine", "key")

    @property
    def qs(self) -> QuerySet[Plan]:
        """What was typed wrong narrows nothing; ended strategies only when they are asked for."""
        if not hasattr(self, "_qs"):
            self.form.is_valid()
            found = self.filter_queryset(self.queryset.all())
            said = self.in_use
            is_wider = said.get("which") or said.get("state") in ENDED_STATES
            self._qs = found if is_wider else found.filter(state__in=OPEN_PLAN_STATES)
        return self._qs

    def by_words(self, plans: QuerySet[Plan], _name: str, text: str) -> QuerySet[Plan]:
        for word in text.split()[:8]:
            cases = {word, word.lower(), word.capitalize()}  # SQLite folds the case of Latin letters only
            in_goal = Q(*(Q(goal__icontains=case) for case in cases), _connector=Q.OR)
            plans = plans.filter(
                in_goal | Q(deal__title__icontains=word)
                | Q(deal__company__sort_name__icontains=word.lower()) | Q(deal__company__inn__startswith=word)
            )  # fmt: skip
        return plans

    def by_which(self, plans: QuerySet[Plan], _name: str, which: str) -> QuerySet[Plan]:
        return plans if which == "all" else plans.filter(state__in=ENDED_STATES)

    def by_late(self, plans: QuerySet[Plan], _name: str, is_on: bool) -> QuerySet[Plan]:
        return plans.filter(state__in=OPEN_PLAN_STATES, deadline__lt=clock.today()) if is_on else plans

    def by_review(self, plans: QuerySet[Plan], _name: str, is_on: bool) -> QuerySet[Plan]:
        return plans.filter(state=PlanState.REVIEW) if is_on else plans

    def by_mine(self, plans: QuerySet[Plan], _name: str, is_on: bool) -> QuerySet[Plan]:
        if not is_on or self.by is None:
            return plans
        places = DealMember.objects.active_on(clock.today()).filter(user=self.by)
        return plans.filter(Q(deal__responsible_kam=self.by) | Q(deal__in=places.values("deal")))

    def by_key(self, plans: QuerySet[Plan], _name: str, is_on: bool) -> QuerySet[Plan]:
        return plans.filter(deal__company__is_key=True) if is_on else plans
