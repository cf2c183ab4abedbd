"""What the pages of marketing show of activities: results by state, shares, excluded by reason."""

from collections.abc import Iterable
from dataclasses import dataclass

from django.db.models import Count

from trainings.enums import ActivityKind, TouchState
from trainings.models import MarketingActivity, MarketingTouch
from trainings.segments import reasons_in_words


@dataclass(frozen=True, slots=True)
class Results:
    """Numbers of one activity; a share is per cent of the people in it."""

    activity: MarketingActivity
    people: int
    attended: int
    opened: int
    unsubscribed: int

    @property
    def reached(self) -> int:
        """Who came, or who opened the letter."""
        return self.opened if self.activity.kind == ActivityKind.MAILING else self.attended

    @property
    def share(self) -> int | None:
        return round(self.reached * 100 / self.people) if self.people else None

    @property
    def left_out(self) -> int:
        return sum(self.activity.excluded.values())

    @property
    def reasons(self) -> list[tuple[str, int]]:
        """Why people were left out, in words."""
        return reasons_in_words(self.activity.excluded)


def results_of(activities: Iterable[MarketingActivity]) -> list[Results]:
    """One statement for a whole page of activities."""
    rows = list(activities)
    counted = (
        MarketingTouch.objects.filter(activity__in=[row.pk for row in rows])
        .order_by().values_list("activity_id", "state").annotate(n=Count("pk"))
    )  # fmt: skip
    numbers: dict[int, dict[str, int]] = {}
    for activity_id, state, n in counted:
        numbers.setdefault(activity_id, {})[state] = n
    return [_results(activity, numbers.get(activity.pk, {})) for activity in rows]


def _results(activity: MarketingActivity, by_state: dict[str, int]) -> Results:
    return Results(
        activity,
        people=sum(by_state.values()),
        attended=by_state.get(TouchState.ATTENDED, 0),
        opened=by_state.get(TouchState.OPENED, 0),
        unsubscribed=by_state.get(TouchState.UNSUBSCRIBED, 0),
    )
