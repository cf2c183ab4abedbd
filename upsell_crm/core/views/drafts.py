"""The server side of <form data-draft="key">: keep, show, drop; each person only his own."""

from django.http import JsonResponse
from django.utils import timezone
from django.views.decorators.http import require_http_methods

from upsell_crm.core import drafts
from upsell_crm.core.http import PageRequest
from upsell_crm.core.models import Draft


@require_http_methods(["GET", "POST", "DELETE"])
def draft(request: PageRequest, key: str) -> JsonResponse:
    """POST keeps the fields and says when; GET gives them back; DELETE drops them."""
    if request.method == "DELETE":
        drafts.drop_draft(request.user, key)
        return JsonResponse({}, status=200)
    if request.method == "GET":
        kept = drafts.get_draft(request.user, key)
        return _shown(kept) if kept else JsonResponse({}, status=404)
    try:
        return _shown(drafts.save_draft(request.user, key, dict(request.POST.lists())))
    except drafts.DraftTooLarge as problem:
        return JsonResponse({"code": problem.code, "limit": drafts.MAX_BYTES}, status=problem.status)


def _shown(kept: Draft) -> JsonResponse:
    saved_at = timezone.localtime(kept.updated_at)
    return JsonResponse(
        {"data": kept.data, "client_id": str(kept.client_id), "saved_at": f"{saved_at:%H:%M}"}
    )
