"""Strategies for machines: what a plan waits for, and the word that a task is begun or done."""

from typing import Any

from django.db import transaction
from django.http import Http404
from django.shortcuts import get_object_or_404
from django.utils.translation import gettext_lazy as _
from drf_spectacular.utils import OpenApiParameter, extend_schema
from rest_framework.exceptions import ValidationError
from rest_framework.request import Request
from rest_framework.response import Response

from accounts.enums import TaskState
from accounts.models import Task
from accounts.services.tasks import finish_task, start_task
from deals.models import Deal
from reports.api.plan_feed import PlanFeed, errors_of, plan_feed, plan_of
from reports.api.serializers.plans import PlanSerializer, TaskStatusAskedSerializer, TaskStatusSerializer
from roadmaps.models import PlanTask
from roadmaps.task_gates import holds_of
from upsell_crm.core import audit, clock
from upsell_crm.core.api.preconditions import seen_version
from upsell_crm.core.api.problems import FieldError, Refused
from upsell_crm.core.api.scopes import ApiScope
from upsell_crm.core.api.views import ApiCard, ApiView
from upsell_crm.core.commands import check_version
from upsell_crm.core.errors import DomainError

_IF_MATCH = OpenApiParameter(
    "If-Match",
    str,
    OpenApiParameter.HEADER,
    required=True,
    description="The version of the task that you have read.",
)


class DealPlanCard(ApiCard):
    """The strategy of a deal: its gates with reasons, its tasks and what holds each back."""

    serializer_class = PlanSerializer
    required_scopes = frozenset({ApiScope.DEALS_READ})
    schema_tag = "plans"

    def get_object(self) -> PlanFeed:
        plan = plan_of(get_object_or_404(Deal.objects.only("pk"), public_id=self.kwargs["id"]))
        if plan is None:
            raise Http404
        return plan_feed(plan, clock.today())

    @extend_schema(operation_id="deals_plan")
    def get(self, request: Request, *args: Any, **kwargs: Any) -> Response:
        return super().get(request, *args, **kwargs)


class PlanTaskStatus(ApiView):
    """Tells that a task of a plan is begun or done; what holds it back refuses, as on the page."""

    http_method_names = ["post"]
    serializer_class = TaskStatusSerializer
    required_scopes = frozenset({ApiScope.TASKS_WRITE})
    is_selectable = False
    schema_tag = "plans"

    @extend_schema(
        operation_id="plan_tasks_status", request=TaskStatusAskedSerializer, responses=TaskStatusSerializer,
        parameters=[_IF_MATCH],
    )  # fmt: skip
    def post(self, request: Request, *args: Any, **kwargs: Any) -> Response:
        link = get_object_or_404(
            PlanTask.objects.select_related("task__company", "plan__deal__company"),
            task__public_id=self.kwargs["id"],
        )
        version, asked = seen_version(request), _asked(request)
        task, was = link.task, link.task.state
        check_version(task, version)
        if asked["status"] != was:
            client: Any = request.auth
            with audit.acting_as(client.name):
                _move(link, asked)
        body = {
            "id": task.public_id, "status": task.state, "previous_status": was, "changed": task.state != was,
            "version": task.version,
        }  # fmt: skip
        return Response(self.get_serializer(body).data, headers={"ETag": f'"{task.version}"'})


def _move(link: PlanTask, asked: dict[str, str]) -> None:
    task: Task = link.task
    seen = task.state, task.version
    try:
        with transaction.atomic():
            if asked["status"] == TaskState.DOING:
                start_task(by=None, task=task)
            else:
                finish_task(by=None, task=task, result=asked["result"])
    except DomainError as problem:
        if problem.code != "held_back":
            raise
        task.state, task.version = seen
        hold = holds_of([link], clock.today())[link.pk]
        raise Refused(409, "held_back", problem.message, errors_of(hold)) from problem


def _asked(request: Request) -> dict[str, str]:
    """The body, or 422 with what is wrong with each field."""
    if not isinstance(request.data, dict):
        raise Refused(422, "invalid", _("The body is a JSON object."))
    form = TaskStatusAskedSerializer(data=request.data)
    errors = [
        FieldError(str(name), "unknown_field", _("There is no such field here."))
        for name in sorted(set(request.data) - set(form.fields))
    ]
    try:
        form.is_valid(raise_exception=True)
    except ValidationError as problem:
        errors += _said(problem)
    said = dict(form.validated_data) if not errors else {}
    said["result"] = str(said.get("result", "")).strip()
    if not errors and said["status"] == TaskState.DONE and not said["result"]:
        errors.append(FieldError("result", "text_needed", _("Write what was achieved.")))
    if errors:
        raise Refused(422, "invalid", _("See errors: nothing was written."), errors)
    return said


def _said(problem: ValidationError) -> list[FieldError]:
    codes: Any = problem.get_codes()
    texts = {
        "required": _("This field is needed."), "invalid_choice": _("Only «doing» and «done» are told here."),
        "max_length": _("The text is too long."),
    }  # fmt: skip
    wrong = _("The value is not valid.")
    return [FieldError(name, code, texts.get(code, wrong)) for name, found in codes.items() for code in found]
