"""The success criterion in numbers and words, and what of it has been reached by now (R45, R81). Reads only."""

from datetime import date
from decimal import Decimal

from django.db.models import Sum
from django.utils.formats import date_format, number_format
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from deals.enums import DealStage
from roadmaps.enums import Metric
from roadmaps.models import Plan
from upsell_crm.core.templatetags.crm import money

FACT_HINTS: dict[str, Promise] = {  # how the fact of a criterion is asked for
    Metric.AMOUNT: gettext_lazy("the amount of the contract, ₽; filled in from the deal"),
    Metric.EXPANSION: gettext_lazy("growth over the present contract, ₽; filled in from the deal"),
    Metric.SEATS: gettext_lazy("seats in the new contract; filled in from the deal"),
    Metric.SIGNED_BY: gettext_lazy("1 = signed by the deadline, 0 = not signed"),
    Metric.DZO_COUNT: gettext_lazy("subsidiaries with a contract; filled in from the deal"),
}


def criterion_words(plan: Plan) -> str:
    """«1 000 000 ₽ — сумма договора», «подписан до 31.01.2027»; "" without a criterion."""
    if plan.success_metric == Metric.SIGNED_BY:
        day = date_format(plan.deadline, "SHORT_DATE_FORMAT") if plan.deadline else "…"
        return _("the contract is signed by %s") % day
    if not plan.success_metric or plan.success_value is None:
        return ""
    return str(METRICS[plan.success_metric]) % value_words(plan.success_metric, plan.success_value)


METRICS: dict[str, Promise] = {
    Metric.AMOUNT: gettext_lazy("contract for %s"),
    Metric.EXPANSION: gettext_lazy("growth of %s over the present contract"),
    Metric.SEATS: gettext_lazy("%s in the new contract"),
    Metric.DZO_COUNT: gettext_lazy("%s with a contract"),
}


def value_words(metric: str, value: Decimal | None) -> str:
    """A value of the criterion with its unit."""
    if value is None:
        return "—"
    if metric in (Metric.AMOUNT, Metric.EXPANSION):
        return money(value)
    if metric == Metric.SIGNED_BY:
        return _("signed in time") if value else _("not signed in time")
    n = int(value)
    words = (
        ngettext("%(n)s seat", "%(n)s seats", n)
        if metric == Metric.SEATS
        else ngettext("%(n)s subsidiary", "%(n)s subsidiaries", n)
    )
    return words % {"n": number_format(n, force_grouping=True)}


def reached(plan: Plan, today: date) -> Decimal:
    """What the deal says of the criterion today: the proposal of the form that completes the plan. One statement."""
    deal = plan.deal
    if plan.success_metric == Metric.AMOUNT:
        return deal.amount
    if plan.success_metric == Metric.EXPANSION:
        return max(deal.expansion, Decimal(0))
    if plan.success_metric == Metric.SEATS:
        return Decimal(deal.lines.aggregate(n=Sum("seats_new"))["n"] or 0)
    if plan.success_metric == Metric.DZO_COUNT:
        users = deal.lines.filter(end_user_company__isnull=False).order_by()
        return Decimal(users.values("end_user_company").distinct().count())
    is_in_time = plan.deadline is None or today <= plan.deadline
    return Decimal(int(deal.stage == DealStage.WON and is_in_time))


def share_reached(plan: Plan) -> int | None:
    """How much of the criterion was reached, %; None without a number to compare with (R81)."""
    if plan.success_fact is None or not plan.success_value or plan.success_metric == Metric.SIGNED_BY:
        return None
    return round(plan.success_fact / plan.success_value * 100)
