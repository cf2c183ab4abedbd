"""«План: нет / черновик / на проверке / утверждён» for a deal or a client, for lists and cards (R40, product.md §3.1)."""

from dataclasses import dataclass

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy, pgettext_lazy

from roadmaps.enums import WORKING_STATES, PlanState


@dataclass(frozen=True, slots=True)
class PlanWord:
    """One word of the line with its colour."""

    code: str
    label: Promise
    tone: str


NONE = PlanWord("none", pgettext_lazy("plan status", "none"), "warn")
DRAFT = PlanWord("draft", pgettext_lazy("plan status", "draft"), "")
REVIEW = PlanWord("review", pgettext_lazy("plan status", "in review"), "info")
APPROVED = PlanWord("approved", pgettext_lazy("plan status", "approved"), "good")
LABEL = gettext_lazy("Plan")


def plan_word(state: str | None) -> PlanWord:
    """The word for the state of the open strategy; None = there is none."""
    if not state or state in (PlanState.COMPLETED, PlanState.CANCELLED):
        return NONE
    if state == PlanState.REVIEW:
        return REVIEW
    return APPROVED if state in WORKING_STATES else DRAFT
