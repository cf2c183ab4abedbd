"""A person of a client who was anonymised leaves strategies too: texts, revisions, agendas, slides (R102).

The same function runs over every text of the plan, its tasks and its revisions, so replaying still gives the plan.
Files of a presentation that named the person are deleted (decision 0055); its snapshot stays without him.
"""

from collections.abc import Callable, Iterable
from typing import Any

from django.core.files.storage import default_storage
from django.db import transaction
from django.db.models import Model, Q

from accounts.models import Interaction, Task
from accounts.services.anonymisation import scrub_rows, scrub_value
from roadmaps.models import (
    Plan,
    PlanReview,
    PlanRevision,
    Presentation,
    ReplanItem,
    ReviewComment,
    Sync,
    SyncDecision,
)
from roadmaps.services.presentation_files import WRITERS, path_of
from upsell_crm.core.models import AuditEvent

Scrub = Callable[[str], str]
TEXTS: tuple[tuple[type[Model], tuple[str, ...]], ...] = (
    (Plan, (
        "goal", "override_comment", "state_reason", "stage1_override_reason", "tasks_override_reason",
        "presentation_override_reason", "content",
    )),
    (PlanRevision, ("reason", "changes")),
    (PlanReview, ("comment", "content")),
    (ReviewComment, ("text", "answer")),
    (Sync, ("notes", "agenda")),
    (ReplanItem, ("what", "old", "new", "resolution")),
    (SyncDecision, ("text",)),
)  # fmt: skip
OF_TASK = ("title", "expected_result", "actual_result", "state_reason")
OF_SLIDES = ("title", "blocks", "snapshot")


def forget_in_plans(*, contact_id: int, company_id: int, scrub: Scrub) -> None:
    """Reaction to `contact_anonymised`: any plan may name anybody."""
    for model, fields in TEXTS:
        scrub_rows(model._base_manager.all(), fields, scrub)
    tasks, talks = (
        Task.objects.filter(plan_link__isnull=False),
        Interaction.objects.filter(sync__isnull=False),
    )
    scrub_rows(tasks, OF_TASK, scrub)  # of any company: of a ДЗО too
    scrub_rows(talks, ("summary",), scrub)
    for presentation in (
        Presentation.objects.only("public_id", *OF_SLIDES).order_by("pk").iterator(chunk_size=100)
    ):
        _forget_in_slides(presentation, scrub)
    ours = Q(object_type__startswith="roadmaps.")
    for kind, rows in (("accounts.task", tasks), ("accounts.interaction", talks)):
        ours |= Q(object_type=kind, object_id__in=rows.order_by().values("pk"))
    scrub_rows(AuditEvent.objects.filter(ours), ("object_label", "changes", "reason"), scrub)


def _forget_in_slides(presentation: Presentation, scrub: Scrub) -> None:
    clean: dict[str, Any] = {name: scrub_value(getattr(presentation, name), scrub) for name in OF_SLIDES}
    changed = {name: value for name, value in clean.items() if value != getattr(presentation, name)}
    if not changed:
        return
    names = [path_of(presentation, file_format) for file_format in WRITERS]
    Presentation.objects.filter(pk=presentation.pk).update(**changed, file="")
    transaction.on_commit(lambda: _delete_files(names))


def _delete_files(names: Iterable[str]) -> None:
    """Written anew, without the person, when somebody asks for them."""
    for name in names:
        default_storage.delete(name)
