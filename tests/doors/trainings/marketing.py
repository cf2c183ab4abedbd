"""Doors of marketing: whoever may look sees every activity, marketing alone runs them."""

from tests.doors import Door
from tests.doors.matrices import RUN_MARKETING, SEE_MARKETING

REFUSED = frozenset({204, 302, 409, 422})  # an activity without people is neither sent nor exported


def step(**options: object) -> Door:
    """A POST on one activity, by marketing."""
    return Door("activity", see=SEE_MARKETING, do=RUN_MARKETING, method="post", answers=REFUSED, **options)


DOORS: dict[str, Door | list[Door]] = {
    "trainings:activity_list": Door(do=SEE_MARKETING),
    "trainings:create_activity": [Door(do=RUN_MARKETING), Door(do=RUN_MARKETING, method="post")],
    "trainings:segment": Door(do=SEE_MARKETING),
    "trainings:take_segment": Door(do=RUN_MARKETING, method="post", answers=frozenset({404})),
    "trainings:export_segment": Door(do=RUN_MARKETING, method="post", answers=frozenset({422})),
    "trainings:activity_detail": Door("activity", see=SEE_MARKETING),
    "trainings:edit_activity": [
        Door("activity", see=SEE_MARKETING, do=RUN_MARKETING),
        Door("activity", see=SEE_MARKETING, do=RUN_MARKETING, method="post"),
    ],
    "trainings:finish_activity": step(),
    "trainings:cancel_activity": step(),
    "trainings:clear_audience": step(),
    "trainings:mark_touches": step(data={"state": "attended"}),
    "trainings:mark_list": [Door("activity", see=SEE_MARKETING, do=RUN_MARKETING), step()],
    "trainings:export_audience": step(),
}
