"""Release and refusal of a feature reach the KAM of every client who waits: one task each, once (R24, §2.12).

Safe to run twice, at the same time and after a killed run: the database lets one task per key in, and each portion is
a transaction of its own.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.conf import settings
from django.db import transaction
from django.db.models import Case, CharField, Exists, OuterRef, Q, QuerySet, Value, When
from django.db.models.functions import Cast, Concat
from django.utils import translation
from django.utils.translation import gettext as _

from accounts.calendar import load_calendar
from accounts.enums import RELEASED_STATUSES, FeatureStatus, TaskOrigin
from accounts.models import FeatureRequest, FeatureWait, Task
from accounts.services.features import move_feature
from upsell_crm.core import audit, clock
from upsell_crm.core.models import AuditEvent, User

PORTION = 200  # clients in one transaction
DAYS = 5  # working days to present it, or to tell the client
TITLE_MAX = 300


@dataclass(slots=True)
class FanOut:
    """What one run did; the numbers stand on the page of jobs."""

    tasks: int = 0
    closed: int = 0
    without_kam: int = 0


def fan_out(feature_id: int | None = None, heartbeat: Callable[[int], None] = lambda percent: None) -> FanOut:
    """Tasks for who waits and has none yet, of one feature or of all; then close what everybody has answered.

    A client without a working KAM goes to the lead of its team; without a lead it stays owed and is counted.
    """
    done = FanOut()
    waits = owed_tasks()
    if feature_id is not None:
        waits = waits.filter(feature=feature_id)
    last, due_on = 0, load_calendar().add(clock.today(), DAYS)
    while True:
        with transaction.atomic():
            portion = list(waits.filter(pk__gt=last)[:PORTION])
            tasks = [task for wait in portion if (task := _task_for(wait, due_on))]
            done.tasks += _write(tasks)
        if not portion:
            break
        last = portion[-1].pk
        done.without_kam += len(portion) - len(tasks)
        heartbeat(50)
    done.closed = close_answered()
    return done


def fan_out_feature(feature_id: int | None) -> None:
    """The same from the outbox, as soon as the status is set; None = of all, after an import."""
    fan_out(feature_id)


def owed_tasks() -> QuerySet[FeatureWait]:
    """Waits whose feature is out and not shown, or refused and not told, and of which nobody has a task."""
    key = Concat(
        Value("feature:"), Cast("feature_id", CharField()),
        Case(When(feature__status=FeatureStatus.DECLINED, then=Value(":declined")), default=Value("")),
        Value(":company:"), Cast("company_id", CharField()),
    )  # fmt: skip
    is_news = Q(feature__status__in=RELEASED_STATUSES, presented_on=None)
    is_news |= Q(feature__status=FeatureStatus.DECLINED, told_on=None)
    return (
        FeatureWait.objects.filter(is_news, company__archived_at=None)
        .annotate(key=key)
        .filter(~Exists(Task.objects.filter(dedupe_key=OuterRef("key"))))
        .select_related("feature", "company__owner_kam", "company__team__lead")
        .order_by("pk")
    )


def close_answered() -> int:
    """Released → closed where at least one client waited and all have answered; returns how many."""
    waits = FeatureWait.objects.filter(feature=OuterRef("pk"))
    answered = FeatureRequest.objects.filter(
        Exists(waits), ~Exists(waits.filter(response="")), status=FeatureStatus.RELEASED
    )
    features = list(answered)
    for feature in features:
        move_feature(feature, to=FeatureStatus.CLOSED, by=None)
    return len(features)


def responsible_for(wait: FeatureWait) -> User | None:
    """The client's KAM if he works here, else the lead of its team."""
    company = wait.company
    people = (company.owner_kam, company.team.lead if company.team else None)
    return next((user for user in people if user is not None and user.is_active), None)


def _task_for(wait: Any, due_on: date) -> Task | None:
    assignee = responsible_for(wait)
    if assignee is None:
        return None
    with translation.override(assignee.language or settings.LANGUAGE_CODE):
        title, expected = _words(wait)
    return Task(
        company=wait.company, title=title[:TITLE_MAX], expected_result=expected, assignee=assignee, due_on=due_on,
        receiver=wait.company.owner_kam, origin=TaskOrigin.FEATURE, dedupe_key=wait.key,
    )  # fmt: skip


def _words(wait: FeatureWait) -> tuple[str, str]:
    """What to do and what should come of it, with the client's own words."""
    feature = wait.feature
    if feature.status == FeatureStatus.DECLINED:
        title = _("Tell the client: «%s» will not come") % feature
        expected = _("The client knows that the feature will not come.")
        reason = feature.status_reason
        expected += " " + _("Reason: %s") % reason if reason else ""
    else:
        title = _("Present «%s»") % feature
        expected = _("The feature is shown, the client's response is recorded.")
    quote = _("In the client's words: «%s»") % wait.quote if wait.quote else ""
    return title, "\n".join(filter(None, [expected, quote]))


def _write(tasks: Sequence[Task]) -> int:
    """In bulk; what another worker has made meanwhile is passed over, history is written of ours alone."""
    Task.objects.bulk_create(tasks, ignore_conflicts=True)
    made = list(Task.objects.filter(public_id__in=[task.public_id for task in tasks]))
    AuditEvent.objects.bulk_create(
        audit.build_event("create_task", task, by=None, changes={"title": [None, task.title]})
        for task in made
    )
    return len(made)
