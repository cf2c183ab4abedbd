"""OpenAPI of the API: scopes, errors and headers of every address, said once."""

from typing import Any

from django.utils.translation import gettext_lazy as _
from django.utils.translation import override
from drf_spectacular.extensions import OpenApiAuthenticationExtension
from drf_spectacular.openapi import AutoSchema
from drf_spectacular.utils import OpenApiParameter
from rest_framework import serializers

from upsell_crm.core.api.authentication import TokenAuthentication
from upsell_crm.core.api.problems import CONTENT_TYPE, FieldError, Problem
from upsell_crm.core.api.throttling import REQUESTS_PER_MINUTE
from upsell_crm.core.api.views import ApiView

# Status → a problem that it may carry, and when.
_PROBLEMS = (
    (400, "unknown_parameter", "Wrong or unknown parameters (`unknown_parameter`, `invalid_parameter`); `errors` names each."),
    (401, "invalid_token", "No token (`not_authenticated`), or it is unknown or revoked (`invalid_token`), expired "
     "(`expired_token`), used from another address (`address_not_allowed`), or stands in the query (`token_in_query`)."),
    (403, "insufficient_scope", "The token lacks a scope; `detail` names it."),
    (404, "not_found", "There is no such record."),
    (405, "method_not_allowed", "The method is not served; the header Allow lists those that are."),
    (406, "not_acceptable", "Only application/json is served."),
    (429, "throttled", "Too many requests: wait for as many seconds as the header Retry-After says."),
    (500, "internal_error", "Our fault; our log has it under request_id."),
    (503, "unavailable", "The database does not answer: try again after Retry-After seconds."),
)  # fmt: skip
_PROBLEMS_OF_CHANGES = (
    (409, "held_back", "The present state forbids it: `illegal_transition` with `current_status` and `allowed`, or `held_back` "
     "with every reason in `errors`."),
    (412, "version_mismatch", "Somebody has changed the record since: read it again."),
    (415, "unsupported_media_type", "Only application/json is accepted."),
    (422, "invalid", "The body is not valid; `errors` names each field."),
    (428, "precondition_required", "If-Match is missing."),
)  # fmt: skip
_HEADERS = {
    "ETag": "For If-None-Match of the next request.",
    "RateLimit-Limit": f"Requests a minute: {REQUESTS_PER_MINUTE}.",
    "RateLimit-Remaining": "Requests left in this minute.",
    "RateLimit-Reset": "Seconds until the minute ends.",
}


class TokenScheme(OpenApiAuthenticationExtension):
    """How a token is sent."""

    target_class = TokenAuthentication
    name = "token"

    def get_security_definition(self, auto_schema: AutoSchema) -> dict[str, Any]:
        return {
            "type": "http",
            "scheme": "bearer",
            "description": "A token of `./crm manage create_api_token NAME --scopes …`; only in this header.",
        }


class FieldErrorSerializer(serializers.Serializer):
    """What is wrong with one parameter or field."""

    field = serializers.CharField()
    code = serializers.CharField()
    message_ru = serializers.CharField()
    message_en = serializers.CharField()


class ProblemSerializer(serializers.Serializer):
    """A refusal, RFC 9457; `title` and `detail` are in the language of Accept-Language, Russian by default."""

    type = serializers.CharField(help_text="urn:upsell-crm:problem:<code>")
    title = serializers.CharField()
    status = serializers.IntegerField()
    detail = serializers.CharField()
    code = serializers.CharField(help_text="Stable word for programs.")
    instance = serializers.CharField(help_text="The path that was asked for.")
    request_id = serializers.CharField(
        help_text="Name it when you write to us; also in the header X-Request-Id."
    )
    errors = FieldErrorSerializer(many=True)  # type: ignore[assignment]  # DRF takes fields off the class


class ApiSchema(AutoSchema):
    """What is true of every address: its scopes, ?fields= and ?expand=, problems and headers."""

    def get_description(self) -> str:  # type: ignore[override]  # as in drf-spectacular
        text = super().get_description()
        scopes = sorted(getattr(self.view, "required_scopes", ()))
        return f"{text}\n\nScopes: {', '.join(f'`{scope}`' for scope in scopes)}." if scopes else text

    def get_summary(self) -> str:
        return super().get_description().partition(".")[0].partition(";")[0].strip()

    def get_tags(self) -> list[str]:
        return [getattr(self.view, "schema_tag", "system")]

    def get_override_parameters(self) -> list[Any]:
        return [*super().get_override_parameters(), *self._shape_parameters()]

    def _shape_parameters(self) -> list[OpenApiParameter]:
        """?fields= and ?expand= where the view takes them."""
        texts = {
            "fields": "Names of fields, by commas: the answer has only these. For example `id,status,version`."
        }
        if expandable := getattr(self.view, "expandable", {}):
            texts["expand"] = "Nested parts to add, by commas: " + "; ".join(
                f"`{part}`" + (f" (scopes: {', '.join(sorted(scopes))})" if scopes else "")
                for part, scopes in expandable.items()
            )
        taken = self.view.shape_names() if isinstance(self.view, ApiView) else set()
        return [
            OpenApiParameter(name, str, description=text) for name, text in texts.items() if name in taken
        ]

    def _get_response_bodies(self, direction: Any = "response") -> dict[str, Any]:
        bodies = super()._get_response_bodies(direction)
        if not isinstance(self.view, ApiView):
            return bodies
        is_change = self.method == "POST"
        bodies["200"]["description"] = "Done." if is_change else "Found."
        bodies["200"]["headers"] = {
            name: {"schema": {"type": "string"}, "description": text} for name, text in _HEADERS.items()
        }
        if not is_change:
            bodies["304"] = {"description": "Not modified: If-None-Match names the present ETag."}
        schema = self.resolve_serializer(ProblemSerializer, "response").ref
        for status, code, text in (*_PROBLEMS, *(_PROBLEMS_OF_CHANGES if is_change else ())):
            if status == 404 and "{" not in self.path:
                continue
            media = {"schema": schema, "example": _example(status, code, text, self.path)}
            bodies[str(status)] = {"description": text, "content": {CONTENT_TYPE: media}}
        return bodies


def _example(status: int, code: str, text: str, path: str) -> dict[str, Any]:
    errors = [FieldError("statuss", code, _("There is no such parameter here."))] if status == 400 else []
    with override("en"):
        problem = Problem(status, code, text, errors)
        return problem.as_json(path, "6f2c1b0a-6a2e-4f0e-9a59-6a3d5a5b0c11")
