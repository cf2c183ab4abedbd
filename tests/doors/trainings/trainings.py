"""Doors of trainings; the visitors are neither the tutor nor the CSM of what they knock at."""

from tests.doors import Door
from tests.doors.matrices import PLAN_TRAINING, RECORD_TRAINING, SEE_COMPANY, Matrix

REFUSED = frozenset({302, 409, 422})  # the step is told why not: nothing was sent with it


def form(of: str, do: Matrix, **more: object) -> list[Door]:
    """A form on a page, in the panel, and its save."""
    return [
        Door(of, see=SEE_COMPANY, do=do, **more),
        Door(of, see=SEE_COMPANY, do=do, htmx=True, **more),
        Door(of, see=SEE_COMPANY, do=do, method="post", **more),
    ]


def post(of: str, do: Matrix) -> Door:
    """A button without a form."""
    return Door(of, see=SEE_COMPANY, do=do, method="post", answers=REFUSED)


DOORS: dict[str, Door | list[Door]] = {
    "trainings:training_list": [Door(do=SEE_COMPANY), Door(do=SEE_COMPANY, htmx=True)],
    "trainings:low_index": Door(do=PLAN_TRAINING),
    "trainings:training_effect": Door(do=PLAN_TRAINING),
    "trainings:training_detail": Door("training", see=SEE_COMPANY),
    "trainings:training_history": Door("training", see=SEE_COMPANY),
    "trainings:edit_training": form("training", PLAN_TRAINING),
    "trainings:hold_training": form("training", RECORD_TRAINING),
    "trainings:end_training": form("training", PLAN_TRAINING, extra={"to": "cancelled"}),
    "trainings:replan_training": post("held_training", RECORD_TRAINING),
    "trainings:training_results": [
        Door("training", see=SEE_COMPANY, do=RECORD_TRAINING),
        Door("training", see=SEE_COMPANY, do=RECORD_TRAINING, method="post"),
        Door("training", see=SEE_COMPANY, do=RECORD_TRAINING, method="post", htmx=True, data={"action": "check"}),
    ],
    "trainings:confirm_trainees": post("training", RECORD_TRAINING),
    "trainings:confirm_trainee": post("trainee", RECORD_TRAINING),
    "trainings:link_trainee": form("trainee", RECORD_TRAINING),
    "trainings:unlink_trainee": post("trainee", RECORD_TRAINING),
    "trainings:company_trainings": Door("company", see=SEE_COMPANY),
    "trainings:plan_training": form("company", PLAN_TRAINING),
    "trainings:propose_training": form("company_with_product", PLAN_TRAINING, extra={"code": "casebook"}),
}  # fmt: skip
