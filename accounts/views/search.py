"""The global search: companies, people and contracts that this person may see; a page, and a dropdown of it."""

from dataclasses import dataclass
from functools import reduce
from operator import or_
from typing import Any

from django.db.models import Q
from django.http import HttpResponse
from django.shortcuts import render

from accounts.models import Company, Contact, Contract
from upsell_crm.core.http import PageRequest
from upsell_crm.core.models import User
from upsell_crm.core.text import search_terms

IN_DROPDOWN = 5  # of each kind
ON_PAGE = 25
TOO_SHORT = 2  # letters: fewer say nothing


@dataclass(frozen=True, slots=True)
class Found:
    """What matches, by kind; `has_more` where there is more than was asked for."""

    companies: list[Company]
    contacts: list[Contact]
    contracts: list[Contract]
    has_more: bool = False

    def __bool__(self) -> bool:
        return bool(self.companies or self.contacts or self.contracts)


def search(request: PageRequest) -> HttpResponse:
    """Results for `?q=`; htmx takes the short list for the search box."""
    query = request.GET.get("q", "").strip()[:100]
    is_dropdown = request.htmx and request.htmx.target == "search-results"
    context: dict[str, Any] = {"search_query": query, "is_asked": len(query) >= TOO_SHORT}
    if context["is_asked"]:
        context["found"] = find(request.user, query, IN_DROPDOWN if is_dropdown else ON_PAGE)
    template = "accounts/_search_results.html" if is_dropdown else "accounts/search.html"
    return render(request, template, context)


def find(user: User, query: str, limit: int) -> Found:
    """At most `limit` of each kind, in three statements."""
    companies = Company.objects.visible_to(user).present().matching(query).order_by("sort_name", "pk")
    contacts = Contact.objects.visible_to(user).working().matching(query).select_related("company")
    contracts = Contract.objects.visible_to(user).filter(_by_number(query)).select_related("company")
    rows = [
        list(kind[: limit + 1])
        for kind in (companies, contacts.order_by("last_name", "pk"), contracts.order_by("-end_date", "pk"))
    ]
    return Found(*(kind[:limit] for kind in rows), has_more=any(len(kind) > limit for kind in rows))  # type: ignore[misc, arg-type]


def _by_number(query: str) -> Q:
    """Contract numbers hold every word, without «№»; SQLite knows the case of Latin letters only."""
    condition = Q()
    for word in query.replace("№", " ").split():
        spellings = {word, word.upper(), word.lower()}
        condition &= reduce(or_, (Q(number__icontains=spelling) for spelling in spellings))
    return condition if search_terms(query) else Q(pk__in=[])
