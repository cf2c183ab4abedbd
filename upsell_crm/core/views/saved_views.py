"""Named sets of filters of a list page; the person keeps and forgets his own."""

from django.http import HttpResponse, QueryDict
from django.shortcuts import get_object_or_404, redirect
from django.urls import NoReverseMatch, reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from upsell_crm.core.errors import DomainError
from upsell_crm.core.http import PageRequest
from upsell_crm.core.models import SavedView

NOT_KEPT = ("after", "before", "csrfmiddlewaretoken")


@require_POST
def save_view(request: PageRequest) -> HttpResponse:
    """Keep the filters of a page under a name; the same name again replaces them."""
    page, name = request.POST.get("page", "")[:60], request.POST.get("name", "").strip()[:60]
    address = _address(page)
    query = QueryDict(request.POST.get("query", "")[:1000], mutable=True)
    for word in NOT_KEPT:
        query.pop(word, None)
    if name:
        SavedView.objects.update_or_create(
            user=request.user, page=page, name=name, defaults={"query": query.urlencode()}
        )
    return redirect(f"{address}?{query.urlencode()}")


@require_POST
def drop_view(request: PageRequest, pk: int) -> HttpResponse:
    """Forget a view of one's own."""
    view = get_object_or_404(SavedView, user=request.user, pk=pk)
    view.delete()
    return redirect(_address(view.page))


def _address(page: str) -> str:
    """The list page by its URL name; raises DomainError."""
    try:
        return reverse(page)
    except NoReverseMatch as problem:
        raise DomainError("unknown_page", _("There is no such list page.")) from problem
