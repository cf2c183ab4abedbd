"""What every record of the product has in common (domain.md §2, «Common to all»)."""

from typing import ClassVar

from django.conf import settings
from django.db import models

from upsell_crm.core.ids import uuid7


class PublicModel(models.Model):
    """A record with an identifier for URLs and the API, and its two moments."""

    public_id = models.UUIDField(default=uuid7, unique=True, editable=False)
    created_at = models.DateTimeField(auto_now_add=True)
    updated_at = models.DateTimeField(auto_now=True)

    class Meta:
        abstract = True


class RecordedQuerySet(models.QuerySet):
    """Querysets of recorded models; `visible_to` is defined by each model that people may look at."""


class RecordedModel(PublicModel):
    """A record that services change: who did it last, a version for compare-and-swap, marked fields.

    `HISTORY` names the fields marked ◆ in domain.md §2: each change of them is in the history (R15).
    """

    HISTORY: ClassVar[frozenset[str]] = frozenset()

    version = models.PositiveIntegerField(default=1, editable=False)
    created_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.SET_NULL, null=True, blank=True, related_name="+", editable=False
    )
    updated_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.SET_NULL, null=True, blank=True, related_name="+", editable=False
    )

    class Meta:
        abstract = True
