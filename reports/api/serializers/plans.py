"""Strategies and their tasks from outside: no person of the client is named."""

from typing import Any

from drf_spectacular.utils import extend_schema_field, extend_schema_serializer
from rest_framework import serializers

from accounts.enums import TaskState
from reports.api import examples_plans as examples
from reports.api.labels import labels
from reports.api.plan_feed import PlanFeed, TaskLine
from reports.api.serializers.shared import LabelSerializer, PersonSerializer
from roadmaps.enums import Metric, Phase, PlanState, PlanType

STEPS = [(TaskState.DOING.value, "doing"), (TaskState.DONE.value, "done")]  # what a machine may tell
GATES = [(code, code) for code in ("stage1", "complete", "members", "review", "presentation")]
GATES_HELP = (
    "`stage1` facts, `complete` head and tasks, `members` a task for each, `review` the lead's approval, "
    "`presentation` before the end."
)


class ObstacleSerializer(serializers.Serializer):
    """Why something is shut."""

    code = serializers.CharField(read_only=True, help_text="Stable word for programs.")
    message_ru = serializers.CharField(read_only=True)
    message_en = serializers.CharField(read_only=True)


class GateSerializer(serializers.Serializer):
    """One condition on the road of a plan."""

    code = serializers.ChoiceField(GATES, read_only=True, help_text=GATES_HELP)
    is_open = serializers.BooleanField(read_only=True)
    is_overridden = serializers.BooleanField(
        read_only=True, help_text="The lead has let it go with a reason."
    )
    reasons = ObstacleSerializer(many=True, read_only=True)


class CriterionSerializer(serializers.Serializer):
    """How success is measured; `value` is null where the criterion is the deadline itself."""

    metric = serializers.ChoiceField(Metric.choices, read_only=True)
    metric_label = LabelSerializer(read_only=True)
    value = serializers.DecimalField(14, 2, read_only=True, allow_null=True)


class PlanTaskSerializer(serializers.Serializer):
    """One task; `version` serves If-Match of its status."""

    id = serializers.UUIDField(read_only=True, source="task.public_id")
    title = serializers.CharField(read_only=True, source="task.title")
    assignee = PersonSerializer(read_only=True, source="task.assignee")
    starts_on = serializers.DateField(read_only=True, source="link.starts_on")
    due_on = serializers.DateField(read_only=True, source="task.due_on")
    state = serializers.ChoiceField(TaskState.choices, read_only=True, source="task.state")
    state_label = serializers.SerializerMethodField()
    phase = serializers.ChoiceField(Phase.choices, read_only=True, source="link.phase")
    waits_for = serializers.ListField(
        child=serializers.UUIDField(), read_only=True, help_text="Tasks that come first."
    )
    held_by = ObstacleSerializer(
        many=True, read_only=True, help_text="Why it cannot begin now; empty when it can."
    )
    version = serializers.IntegerField(read_only=True, source="task.version")

    @extend_schema_field(LabelSerializer)
    def get_state_label(self, line: TaskLine) -> dict[str, str]:
        return labels(TaskState)[line.task.state]


@extend_schema_serializer(examples=[examples.PLAN])
class PlanSerializer(serializers.Serializer):
    """The open strategy of a deal, else its latest one."""

    id = serializers.UUIDField(read_only=True, source="plan.public_id")
    deal = serializers.UUIDField(read_only=True, source="plan.deal.public_id")
    type = serializers.ChoiceField(PlanType.choices, read_only=True, source="plan.type")
    state = serializers.ChoiceField(PlanState.choices, read_only=True, source="plan.state")
    state_label = serializers.SerializerMethodField()
    goal = serializers.CharField(read_only=True, source="plan.goal")
    criterion = serializers.SerializerMethodField()
    deadline = serializers.DateField(read_only=True, allow_null=True, source="plan.deadline")
    act_by = serializers.DateField(
        read_only=True, allow_null=True, help_text="Last good day to begin the renewal."
    )
    revision = serializers.IntegerField(read_only=True, source="plan.revision")
    gates = GateSerializer(many=True, read_only=True)
    tasks = PlanTaskSerializer(many=True, read_only=True)
    version = serializers.IntegerField(read_only=True, source="plan.version")
    updated_at = serializers.DateTimeField(read_only=True, source="plan.updated_at")

    @extend_schema_field(LabelSerializer)
    def get_state_label(self, feed: PlanFeed) -> dict[str, str]:
        return labels(PlanState)[feed.plan.state]

    @extend_schema_field(CriterionSerializer(allow_null=True))
    def get_criterion(self, feed: PlanFeed) -> Any:
        metric = feed.plan.success_metric
        if not metric:
            return None
        value = feed.plan.success_value
        words = {"metric": metric, "metric_label": labels(Metric)[metric]}
        return {**words, "value": None if value is None else f"{value:.2f}"}


@extend_schema_serializer(examples=[examples.TASK_STATUS_ASKED])
class TaskStatusAskedSerializer(serializers.Serializer):
    """What a machine tells of a task."""

    status = serializers.ChoiceField(STEPS)
    result = serializers.CharField(
        required=False, allow_blank=True, max_length=2000, help_text="Needed with `done`."
    )


@extend_schema_serializer(examples=[examples.TASK_STATUS])
class TaskStatusSerializer(serializers.Serializer):
    """Where the task stands now."""

    id = serializers.UUIDField(read_only=True)
    status = serializers.ChoiceField(TaskState.choices, read_only=True)
    previous_status = serializers.ChoiceField(TaskState.choices, read_only=True)
    changed = serializers.BooleanField(
        read_only=True, help_text="false: it stood there already, nothing was written."
    )
    version = serializers.IntegerField(read_only=True)
