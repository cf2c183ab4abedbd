"""The tasks that a released or refused feature makes: their keys, and how they end by what happened (R24)."""

from accounts.enums import FeatureStatus, TaskState
from accounts.models import FeatureWait, Task
from upsell_crm.core import clock
from upsell_crm.core.commands import change
from upsell_crm.core.models import AuditEvent, User
from upsell_crm.core.reactions import announce

SETTLED = "settle_task"  # history event: done by what was written down elsewhere


def task_key(feature_id: int, company_id: int, status: str) -> str:
    """One task per feature and client, whoever runs the fan-out and how often; refusal is another task."""
    word = ":declined" if status == FeatureStatus.DECLINED else ""
    return f"feature:{feature_id}{word}:company:{company_id}"


def settle_task_of(wait: FeatureWait, *, by: User, reason: str = "", cancelled: bool = False) -> None:
    """The open task of this client about this feature, if there is one, is done by the answer itself."""
    for task in Task.objects.open().filter(dedupe_key=_key_of(wait)):
        state = TaskState.CANCELLED if cancelled else TaskState.DONE
        values = {"state": state, "actual_result": _result(wait), "done_at": clock.now()}
        was = task.state
        change(task, values, by=by, event=SETTLED, reason=reason, check=False)
        announce("task_changed", task=task, by=by, was=was)


def reopen_task_of(wait: FeatureWait, *, by: User, reason: str) -> None:
    """The record that had settled the task was taken back."""
    for task in Task.objects.filter(dedupe_key=_key_of(wait), state=TaskState.DONE):
        settled = AuditEvent.objects.filter(
            object_type="accounts.task", object_id=task.pk, event=SETTLED, reason=reason
        )
        if settled.exists():
            values = {"state": TaskState.TODO, "actual_result": "", "done_at": None}
            change(task, values, by=by, event="return_task", check=False)
            announce("task_changed", task=task, by=by, was=TaskState.DONE)


def _key_of(wait: FeatureWait) -> str:
    return task_key(wait.feature_id, wait.company_id, wait.feature.status)


def _result(wait: FeatureWait) -> str:
    return str(wait.get_response_display() or wait.feature.get_status_display())
