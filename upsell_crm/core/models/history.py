"""What happened, what is being typed, and what left the house."""

import uuid

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _


class AuditEvent(models.Model):
    """One line of history: who, when, which service, old and new (R15). No foreign keys: it outlives all."""

    at = models.DateTimeField(auto_now_add=True)
    actor_id = models.BigIntegerField(null=True)  # null = a job
    actor_name = models.CharField(max_length=200)
    event = models.CharField(max_length=60)  # the name of the service
    object_type = models.CharField(max_length=60)  # "accounts.company"
    object_id = models.BigIntegerField()
    object_label = models.CharField(max_length=300, blank=True)
    company_id = models.BigIntegerField(null=True)  # whose card shows it
    changes = models.JSONField(default=dict)  # {"owner_kam": ["Ветров", "Лисина"]}
    reason = models.TextField(blank=True)
    request_id = models.CharField(max_length=36, blank=True)

    class Meta:
        ordering = ["-id"]
        verbose_name = _("line of history")
        verbose_name_plural = _("history")
        indexes = [
            models.Index(fields=["company_id", "-id"], name="core_audit_company"),
            models.Index(fields=["object_type", "object_id", "-id"], name="core_audit_object"),
        ]

    def __str__(self) -> str:
        return f"{self.event} {self.object_type}:{self.object_id}"


class Draft(models.Model):
    """Text that a person is typing, kept on the server until it is saved or dropped (faults D1)."""

    user = models.ForeignKey(settings.AUTH_USER_MODEL, models.CASCADE, related_name="drafts")
    key = models.CharField(max_length=120)  # "log_interaction:<company public id>"
    client_id = models.UUIDField(default=uuid.uuid4)  # becomes the idempotency key of the save
    data = models.JSONField(default=dict)
    updated_at = models.DateTimeField(auto_now=True)

    class Meta:
        ordering = ["-updated_at"]
        constraints = [models.UniqueConstraint(fields=["user", "key"], name="core_draft_once_per_form")]

    def __str__(self) -> str:
        return self.key


class ExportLog(models.Model):
    """Every file and phone list that left the product, and who took it (domain.md §3)."""

    at = models.DateTimeField(auto_now_add=True)
    user = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="exports")
    kind = models.CharField(max_length=60)
    rows = models.PositiveIntegerField()
    parameters = models.JSONField(default=dict)

    class Meta:
        ordering = ["-id"]
        verbose_name = _("export")
        verbose_name_plural = _("exports")

    def __str__(self) -> str:
        return f"{self.kind} × {self.rows}"
