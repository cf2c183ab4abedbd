"""The rules in the order of their weight: the first ones stand first where a client has several."""

from django.utils.translation import gettext_lazy as _

from reports.models import SignalRule
from reports.signals import budget, court_load, features, licences, people
from reports.signals.rule import Rule
from reports.signals.steps import ADD_PERSON, CONFIRM, MEET, PEOPLE, SELL, SHOW, TALK, TEACH

RULES: tuple[Rule, ...] = (
    Rule(
        SignalRule.FEATURE_SHIPPED, features.feature_shipped, features.feature_shipped_words, (SHOW,),
        threshold=_("1 = on"), closes=_("the feature was shown to the client"),
    ),
    Rule(
        SignalRule.LICENCES_FULL, licences.licences_full, licences.licences_full_words, (SELL, TALK),
        threshold=_("active users, % of licences"), closes=_("seats were bought, or fewer people use it"),
    ),
    Rule(
        SignalRule.TRAINED_OVER, licences.trained_over, licences.trained_over_words, (SELL, TALK),
        threshold=_("people trained beyond the licences"), closes=_("seats were bought"),
    ),
    Rule(
        SignalRule.CASES_UP, court_load.cases_up, court_load.cases_up_words, (SELL, TALK),
        threshold=_("growth against the quarter before, %"), closes=_("the next count is no higher"),
    ),
    Rule(
        SignalRule.DM_CHANGED, people.dm_changed, people.dm_changed_words, (MEET, ADD_PERSON),
        threshold=_("days for which it is news"), closes=_("somebody spoke with the new one, or the days are over"),
    ),
    Rule(
        SignalRule.BUDGET_MONTH, budget.budget_month, budget.budget_month_words, (SELL, CONFIRM),
        threshold=_("days before the month"), closes=_("the month is over"),
    ),
    Rule(
        SignalRule.TRAINED_IDLE, licences.trained_idle, licences.trained_idle_words, (TEACH, MEET),
        threshold=_("people who have not begun within 30 days"), closes=_("they use the product"),
    ),
    Rule(
        SignalRule.DM_SILENT, people.dm_silent, people.dm_silent_words, (MEET, PEOPLE),
        threshold=_("days without contact"), closes=_("somebody spoke with him"),
    ),
    Rule(
        SignalRule.SINGLE_THREAD, people.single_thread, people.single_thread_words, (PEOPLE, MEET),
        threshold=_("days looked back"), closes=_("a second person took part in a talk"),
    ),
)  # fmt: skip
BY_CODE = {rule.code.value: rule for rule in RULES}
ORDER = {rule.code.value: place for place, rule in enumerate(RULES)}
assert set(BY_CODE) == set(SignalRule.values)
