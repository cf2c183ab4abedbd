"""The top of each holding, stored on its members, so that lists and rankings can group by it."""

from django.db import transaction
from django.db.models import F, OuterRef, QuerySet, Subquery
from django.db.models.functions import Coalesce

from accounts.models import Company
from accounts.models.company import MAX_DEPTH


def refresh_heads() -> None:
    """Set `head` of every company from `parent`, one statement per level (a holding has at most five)."""
    with transaction.atomic():
        Company.objects.filter(parent=None).exclude(head=None).update(head=None)
        members = Company.objects.exclude(parent=None)
        members.update(head=F("parent"))
        for _level in range(MAX_DEPTH - 2):
            _lift(members)


def refresh_heads_below(company: Company) -> None:
    """The same for one company and its descendants, after its parent has changed."""
    level = Company.objects.filter(pk=company.pk)
    with transaction.atomic():
        for _level in range(MAX_DEPTH):
            level.filter(parent=None).update(head=None)
            level.exclude(parent=None).update(head=F("parent"))
            _lift(level.exclude(parent=None))
            level = Company.objects.filter(parent__in=list(level.values_list("pk", flat=True)))


def _lift(companies: QuerySet[Company]) -> None:
    above = Company.objects.filter(pk=OuterRef("parent_id")).values("head_id")
    companies.update(head_id=Coalesce(Subquery(above), F("parent_id")))
