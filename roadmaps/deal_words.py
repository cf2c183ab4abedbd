"""The strategy in the status line of a deal: «План: нет / черновик / на проверке / утверждён» (R40, R77)."""

from collections.abc import Collection

from deals.deal_words import DealWord
from roadmaps.models import Plan
from roadmaps.plan_status import LABEL, NONE, plan_word


def strategy_words(deal_ids: Collection[int]) -> dict[int, DealWord]:
    """A word for each of these open deals; one statement."""
    words = {pk: DealWord(LABEL, NONE.label, NONE.tone) for pk in deal_ids}
    plans = Plan.objects.open().filter(deal__in=deal_ids).order_by()
    for plan in plans.only("deal_id", "state", "public_id"):
        word = plan_word(plan.state)
        words[plan.deal_id] = DealWord(LABEL, word.label, word.tone, plan.get_absolute_url())
    return words
