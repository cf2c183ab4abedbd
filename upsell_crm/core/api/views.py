"""What every address of the API has: scopes, strict parameters, fields and expand, ETag, rate headers."""

from collections.abc import Iterable
from functools import cached_property
from typing import Any, ClassVar

from django.utils.translation import gettext_lazy as _
from django_filters.filters import MultipleChoiceFilter
from rest_framework.generics import GenericAPIView
from rest_framework.request import Request
from rest_framework.response import Response

from upsell_crm.core.api.etags import make_conditional
from upsell_crm.core.api.filters import StrictFilterBackend, check_parameters
from upsell_crm.core.api.pagination import CursorPages
from upsell_crm.core.api.permissions import require_scopes
from upsell_crm.core.api.problems import BadParameters, FieldError
from upsell_crm.core.api.scopes import ApiScope
from upsell_crm.core.api.throttling import add_rate_headers


class ApiView(GenericAPIView):
    """One resource for reading. `expandable` maps a nested part to the extra scopes that it needs."""

    http_method_names = ["get", "head"]
    required_scopes: ClassVar[frozenset[ApiScope]]
    expandable: ClassVar[dict[str, frozenset[ApiScope]]] = {}
    is_selectable: ClassVar[bool] = True  # takes ?fields=

    def initial(self, request: Request, *args: Any, **kwargs: Any) -> None:
        super().initial(request, *args, **kwargs)
        check_parameters(request, self.parameter_names(), self.repeatable_names())
        for part in self.expanded:
            require_scopes(request, self.expandable[part])

    def check_permissions(self, request: Request) -> None:
        """Requests without the scope count too, so the limit comes first."""
        if request.auth:
            self.check_throttles(request)
        super().check_permissions(request)

    def parameter_names(self) -> set[str]:
        """All that may stand in the query."""
        return self.shape_names()

    def shape_names(self) -> set[str]:
        """The parameters about what a record shows."""
        return {*(["fields"] if self.is_selectable else []), *(["expand"] if self.expandable else [])}

    def repeatable_names(self) -> set[str]:
        """Those that may stand there more than once."""
        return set()

    @cached_property
    def expanded(self) -> frozenset[str]:
        """Nested parts that were asked for, by `expand` or by naming them in `fields`."""
        asked = _words(self.request, "expand")
        _refuse("expand", asked - set(self.expandable), self.expandable)
        return frozenset(asked | (_words(self.request, "fields") & set(self.expandable)))

    def get_serializer(self, *args: Any, **kwargs: Any) -> Any:
        """The resource without the fields that nobody asked for."""
        serializer: Any = super().get_serializer(*args, **kwargs)
        shown = getattr(serializer, "child", serializer)
        names, asked = set(shown.fields), _words(self.request, "fields")
        _refuse("fields", asked - names, names)
        wanted = (asked or names - set(self.expandable)) | self.expanded
        for name in names - wanted:
            del shown.fields[name]
        return serializer

    def finalize_response(self, request: Request, response: Response, *args: Any, **kwargs: Any) -> Response:
        answer = super().finalize_response(request, response, *args, **kwargs)
        add_rate_headers(self.request, answer)
        if answer.status_code == 200 and request.method in ("GET", "HEAD"):
            make_conditional(answer, request.headers.get("If-None-Match", ""))
        return answer


class ApiCard(ApiView):
    """One record by its identifier."""

    lookup_field, lookup_url_kwarg = "public_id", "id"

    def get(self, request: Request, *args: Any, **kwargs: Any) -> Response:
        return Response(self.get_serializer(self.get_object()).data)


class ApiList(ApiView):
    """Records by filters, page after page. `orderings` maps a word of `ordering` to fields, "" to the default."""

    pagination_class = CursorPages
    filter_backends = [StrictFilterBackend]
    orderings: ClassVar[dict[str, list[str]]] = {"": []}

    def parameter_names(self) -> set[str]:
        return super().parameter_names() | set(self._filters()) | self.pagination_class.names(self)

    def repeatable_names(self) -> set[str]:
        return {name for name, one in self._filters().items() if isinstance(one, MultipleChoiceFilter)}

    def _filters(self) -> dict[str, Any]:
        filterset = getattr(self, "filterset_class", None)
        return filterset.base_filters if filterset else {}

    def get(self, request: Request, *args: Any, **kwargs: Any) -> Response:
        rows = self.paginate_queryset(self.filter_queryset(self.get_queryset())) or []
        return self.get_paginated_response(self.get_serializer(self.shown(rows), many=True).data)

    def shown(self, rows: list[Any]) -> list[Any]:
        """What the serializer gets of the rows of a page."""
        return rows


def _words(request: Request, name: str) -> set[str]:
    """«id,number» as a set of words."""
    asked = request.query_params.get(name, "") if request else ""
    return {word.strip() for word in asked.split(",") if word.strip()}


def _refuse(name: str, unknown: set[str], known: Iterable[str]) -> None:
    if unknown:
        words = {"unknown": ", ".join(sorted(unknown)), "known": ", ".join(sorted(known))}
        text = _("There is no %(unknown)s; there are: %(known)s.")
        raise BadParameters([FieldError(name, "invalid_choice", text, words)])
