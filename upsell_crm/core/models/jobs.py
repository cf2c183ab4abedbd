"""The queue of record: Celery is only the doorbell (architecture.md §1)."""

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from upsell_crm.core.ids import uuid7


class JobRun(models.Model):
    """One run of a job: state, progress, duration, error; a page shows it (R96)."""

    class State(models.TextChoices):
        QUEUED = "queued", _("queued")
        RUNNING = "running", _("running")
        DONE = "done", _("done")
        FAILED = "failed", _("failed")

    class Kind(models.TextChoices):
        SCHEDULED = "scheduled", _("by schedule")
        MANUAL = "manual", _("by hand")

    public_id = models.UUIDField(default=uuid7, unique=True, editable=False)
    job = models.CharField(max_length=60)
    kind = models.CharField(max_length=10, choices=Kind.choices)
    business_date = models.DateField()
    state = models.CharField(max_length=8, choices=State.choices, default=State.QUEUED)
    parameters = models.JSONField(default=dict)
    progress = models.PositiveIntegerField(default=0)  # per cent
    result = models.JSONField(default=dict)
    error = models.TextField(blank=True)
    attempts = models.PositiveSmallIntegerField(default=0)
    requested_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.SET_NULL, null=True, blank=True, related_name="+"
    )
    created_at = models.DateTimeField(auto_now_add=True)
    started_at = models.DateTimeField(null=True)
    finished_at = models.DateTimeField(null=True)
    heartbeat_at = models.DateTimeField(null=True)  # a running job that is silent is taken over

    class Meta:
        ordering = ["-id"]
        verbose_name = _("run of a job")
        verbose_name_plural = _("runs of jobs")
        constraints = [
            models.UniqueConstraint(
                fields=["job", "business_date"],
                condition=Q(kind="scheduled"),
                name="core_job_once_per_date",
            ),
            models.UniqueConstraint(
                fields=["job"], condition=Q(state="running"), name="core_job_one_running"
            ),
        ]
        indexes = [models.Index(fields=["job", "-id"], name="core_job_latest")]

    def __str__(self) -> str:
        return f"{self.job} {self.business_date}"

    @property
    def is_open(self) -> bool:
        """Waits or works."""
        return self.state in {self.State.QUEUED, self.State.RUNNING}

    @property
    def seconds(self) -> float | None:
        """How long the last attempt took; None while it has not ended."""
        if not (self.started_at and self.finished_at):
            return None
        return (self.finished_at - self.started_at).total_seconds()


class OutboxEvent(models.Model):
    """A slow effect that is owed; written in the transaction of its cause, done later, at least once."""

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    topic = models.CharField(max_length=60)
    key = models.CharField(max_length=120)  # undone events of one topic and key are merged
    payload = models.JSONField(default=dict)
    created_at = models.DateTimeField(auto_now_add=True)
    attempts = models.PositiveSmallIntegerField(default=0)
    next_at = models.DateTimeField()
    lease_until = models.DateTimeField(null=True)
    done_at = models.DateTimeField(null=True)
    error = models.TextField(blank=True)

    class Meta:
        ordering = ["id"]
        indexes = [models.Index(fields=["next_at"], condition=Q(done_at=None), name="core_outbox_owed")]

    def __str__(self) -> str:
        return f"{self.topic} {self.key}"
