"""People, rights, history, jobs and the queue of record."""

from upsell_crm.core.models.access import ApiClient, RateCounter
from upsell_crm.core.models.base import PublicModel, RecordedModel, RecordedQuerySet
from upsell_crm.core.models.history import AuditEvent, Draft, ExportLog
from upsell_crm.core.models.jobs import JobRun, OutboxEvent
from upsell_crm.core.models.people import RoleAssignment, Team, User
from upsell_crm.core.models.preferences import Parameter, SavedView

__all__ = [
    "ApiClient",
    "AuditEvent",
    "Draft",
    "ExportLog",
    "JobRun",
    "OutboxEvent",
    "Parameter",
    "PublicModel",
    "RateCounter",
    "RecordedModel",
    "RecordedQuerySet",
    "RoleAssignment",
    "SavedView",
    "Team",
    "User",
]
