"""A span is a range of ids, so a run over a million companies is the same few statements again and again.

Flat memory on both engines (docs/decisions/0010).
"""

from collections.abc import Iterator
from dataclasses import dataclass

from django.db.models import Q, QuerySet

from accounts.models import Company

SPAN = 2_000  # companies read at once


@dataclass(frozen=True, slots=True)
class Span:
    """Companies with first ≤ id ≤ last."""

    first: int
    last: int

    def of(self, path: str) -> Q:
        """The condition on a foreign key, for example `company_id`."""
        if self.first == self.last:
            return Q(**{path: self.first})
        return Q(**{f"{path}__gte": self.first, f"{path}__lte": self.last})


def spans(companies: QuerySet[Company], size: int = SPAN) -> Iterator[Span]:
    """Cut all companies into spans of `size` by walking the primary key."""
    ids = companies.order_by("pk").values_list("pk", flat=True)
    last = 0
    while chunk := list(ids.filter(pk__gt=last)[:size]):
        yield Span(chunk[0], chunk[-1])
        last = chunk[-1]
