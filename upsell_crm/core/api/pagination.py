"""Pages of lists for machines: keyset, opaque signed cursors, and a watermark for the next pull (domain.md §7)."""

from collections.abc import Mapping
from datetime import datetime, timedelta
from hashlib import sha256
from typing import Any

from django.db.models import QuerySet
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from rest_framework.pagination import BasePagination
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.utils.urls import remove_query_param, replace_query_param

from upsell_crm.core.api.filters import MomentField
from upsell_crm.core.api.problems import BadParameters, FieldError
from upsell_crm.core.paging import BadCursor, Keyset, Page, first_page, page_beside

DEFAULT_SIZE, MAX_SIZE = 100, 500
OVERLAP = timedelta(minutes=5)  # a transaction that was open while we read may yet show older moments
_SHAPE_ONLY = frozenset(
    {"cursor", "page_size", "fields", "expand"}
)  # what may differ between pages of one list
_FORWARD, _BACKWARD = "n", "p"


class CursorPages(BasePagination):
    """`{"next", "previous", "results"}`, and `watermark` with `updated_since`.

    The view names its orders in `orderings`: word → field names; a unique key is added. A cursor serves one
    client, path, filter and order; any other one is 400.
    """

    @staticmethod
    def names(view: Any) -> set[str]:
        """The parameters that this class understands."""
        return {"cursor", "page_size", *(["ordering"] if len(view.orderings) > 1 else [])}

    def paginate_queryset(self, queryset: Any, request: Request, view: Any = None) -> list[Any]:
        self.request = request
        order = _order(request, view)
        keys = Keyset.of(queryset, order).keys
        self.keysets = {way: Keyset(keys, f"api:{way}:{_binding(request)}") for way in (_FORWARD, _BACKWARD)}
        self.page = self._read(queryset, _size(request.query_params))
        return self.page.rows

    def _read(self, queryset: QuerySet, size: int) -> Page:
        cursor = self.request.query_params.get("cursor", "")
        if not cursor:
            return first_page(queryset, self.keysets[_FORWARD], size)
        way = cursor[0]
        try:
            values = self.keysets[way].values_of(cursor[1:])
        except (BadCursor, KeyError) as problem:
            text = _("This cursor is not of this list: take the address in «next», or start without one.")
            raise BadParameters([FieldError("cursor", "invalid_cursor", text)]) from problem
        return page_beside(queryset, self.keysets[way], size, values, is_backward=way == _BACKWARD)

    def get_paginated_response(self, data: list[Any]) -> Response:
        body = {"next": self._link(_FORWARD), "previous": self._link(_BACKWARD)}
        if "updated_since" in self.request.query_params:
            body["watermark"] = timezone.localtime(self._watermark()).isoformat()
        return Response({**body, "results": data})

    def _link(self, way: str) -> str | None:
        """The address of a neighbour; the cursor is the last or the first row of this page."""
        page = self.page
        if not (page.after if way == _FORWARD else page.before):
            return None
        row = page.rows[-1 if way == _FORWARD else 0]
        here = remove_query_param(self.request.build_absolute_uri(), "cursor")
        return replace_query_param(here, "cursor", way + self.keysets[way].cursor_of(row))

    def _watermark(self) -> datetime:
        """From where to ask next time: the last row seen, a little back; never before what was asked.

        By the real clock, which stamps rows even on a frozen business date.
        """
        since: datetime = MomentField().to_python(self.request.query_params["updated_since"])
        if not self.page.rows:
            return since
        return max(since, min(self.page.rows[-1].updated_at, timezone.now() - OVERLAP))

    def get_schema_operation_parameters(self, view: Any) -> list[dict[str, Any]]:
        size = {"type": "integer", "minimum": 1, "maximum": MAX_SIZE, "default": DEFAULT_SIZE}
        described = [
            _parameter(
                "cursor", {"type": "string"}, "Where the page starts: only from `next` or `previous`, opaque."
            ),
            _parameter("page_size", size, "Rows on one page."),
        ]
        if "ordering" in self.names(view):
            words = {"type": "string", "enum": sorted(word for word in view.orderings if word)}
            text = "Order of the rows; the identifier breaks ties. A row without the value stands last. By default: oldest first."
            described.append(_parameter("ordering", words, text))
        return described

    def get_paginated_response_schema(self, schema: dict[str, Any]) -> dict[str, Any]:
        link = {"type": ["string", "null"], "format": "uri"}
        there = "https://crm.example/api/v1/contracts/?page_size=100&cursor=nWzEsMl0:3kq"
        watermark = {
            "type": "string",
            "format": "date-time",
            "description": "Only with `updated_since`: the value of `updated_since` for the next pull.",
            "example": "2026-11-24T09:00:00+03:00",
        }
        return {
            "type": "object",
            "required": ["next", "previous", "results"],
            "properties": {
                "next": {**link, "example": there},
                "previous": {**link, "example": None},
                "watermark": watermark,
                "results": schema,
            },
        }


def _order(request: Request, view: Any) -> list[str]:
    word = request.query_params.get("ordering", "")
    if word not in view.orderings:
        words = {"words": ", ".join(sorted(filter(None, view.orderings)))}
        raise BadParameters([FieldError("ordering", "invalid_choice", _("One of: %(words)s."), words)])
    if "updated_since" in request.query_params:
        if word not in ("", "updated_at"):
            raise BadParameters(
                [FieldError("ordering", "conflict", _("With updated_since the order is updated_at."))]
            )
        word = "updated_at"
    fields = list(view.orderings[word])
    is_descending = bool(fields) and fields[0].startswith("-")
    return [*fields, "-pk" if is_descending else "pk"]


def _size(asked: Mapping[str, str]) -> int:
    word = asked.get("page_size", str(DEFAULT_SIZE))
    size = int(word) if word.isascii() and word.isdigit() and len(word) <= 4 else 0
    if not 1 <= size <= MAX_SIZE:
        text = _("A whole number from 1 to %(most)s.")
        raise BadParameters([FieldError("page_size", "invalid", text, {"most": MAX_SIZE})])
    return size


def _binding(request: Request) -> str:
    """Client, path and filters in one word: a cursor of another one does not fit its signature."""
    asked = sorted(
        (name, sorted(values)) for name, values in request.query_params.lists() if name not in _SHAPE_ONLY
    )
    return sha256(repr((request.auth.pk, request.path, asked)).encode()).hexdigest()


def _parameter(name: str, schema: dict[str, Any], text: str) -> dict[str, Any]:
    return {"name": name, "in": "query", "required": False, "schema": schema, "description": text}
