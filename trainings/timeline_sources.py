"""What this room puts on the timeline of a client: trainings and what marketing did (R11, R35, R88)."""

from collections.abc import Sequence
from typing import Any

from django.db.models import QuerySet, Value
from django.db.models.functions import Concat
from django.utils.translation import gettext as _

from accounts.enums import TimelineGroup
from accounts.timeline import Entry, TimelineSource, Told
from trainings.enums import ActivityState, TouchState, TrainingState
from trainings.models import MarketingTouch, Training
from upsell_crm.core.models import User

TRAINING_TONES = {
    TrainingState.HELD: "good", TrainingState.RESULTS: "good", TrainingState.NO_SHOW: "bad", TrainingState.CANCELLED: "warn",
}  # fmt: skip
TOUCH_TONES = {TouchState.ATTENDED: "good", TouchState.UNSUBSCRIBED: "bad"}


def _trainings(user: User, companies: Sequence[int]) -> QuerySet[Any]:
    return Training.objects.visible_to(user).filter(company__in=companies)


def _touches(user: User, companies: Sequence[int]) -> QuerySet[Any]:
    touches = MarketingTouch.objects.visible_to(user).filter(company__in=companies)
    return touches.exclude(activity__state=ActivityState.CANCELLED)


def _tell_training(entry: Entry) -> Told:
    state = TrainingState(entry.state)
    title = _("Training: %s") % str(state.label).lower()
    return Told(title, entry.name, icon="people", tone=TRAINING_TONES.get(state, ""))


def _tell_touch(entry: Entry) -> Told:
    state = TouchState(entry.state)
    title = _("Marketing: %s") % state.label
    return Told(title, f"{entry.name} — {entry.detail}", icon="mail", tone=TOUCH_TONES.get(state, ""))


SOURCES = (
    TimelineSource(
        "training", TimelineGroup.TRAINING, "starts_at", _trainings, _tell_training, name="topic", state="state"
    ),
    TimelineSource(
        "touch", TimelineGroup.MARKETING, "activity__starts_at", _touches, _tell_touch, name="activity__title",
        link="activity__public_id",
        detail=Concat("contact__last_name", Value(" "), "contact__first_name"), state="state",
    ),
)  # fmt: skip
