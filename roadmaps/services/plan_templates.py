"""«Заполнить по шаблону»: many tasks at once are one revision (R52, R93)."""

from collections.abc import Sequence

from roadmaps.models import Plan, PlanTask, PlanTemplate
from roadmaps.services.plan_tasks import TaskSaid, insert_task
from roadmaps.services.plans import editing
from roadmaps.template_tasks import DraftTask
from upsell_crm.core.commands import change
from upsell_crm.core.models import User


def fill_plan(
    plan: Plan, template: PlanTemplate, drafts: Sequence[DraftTask], *, by: User, reason: str = "", version: int | None = None
) -> list[PlanTask]:  # fmt: skip
    """These steps become tasks, each after those of its predecessors that are taken too. Raises as `add_task`."""
    made: dict[str, PlanTask] = {}
    with editing(plan, by=by, reason=reason, version=version):
        for drafted in drafts:
            step = drafted.step
            said = TaskSaid(
                step.in_words("title"), drafted.person, drafted.due_on, step.in_words("expected"),
                starts_on=drafted.starts_on, role=step.role, phase=step.phase, built_on=step.built_on,
                depends_on=[made[code] for code in step.after if code in made],
            )  # fmt: skip
            made[step.code] = insert_task(plan, said, by=by)
        change(plan, {"template_code": template.code}, by=by, event="update_plan")
    return list(made.values())
