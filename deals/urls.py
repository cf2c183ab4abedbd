"""Addresses of deals, working groups, documents, handovers, holding programmes and whitespace."""

from django.urls import URLPattern

from deals.deal_urls import DEAL_PAGES
from deals.document_urls import DOCUMENT_PAGES
from deals.handover_urls import HANDOVER_PAGES
from deals.program_urls import PROGRAM_PAGES
from deals.team_urls import TEAM_PAGES
from deals.whitespace_urls import WHITESPACE_PAGES

app_name = "deals"
urlpatterns: list[URLPattern] = [
    *DEAL_PAGES,
    *TEAM_PAGES,
    *DOCUMENT_PAGES,
    *HANDOVER_PAGES,
    *PROGRAM_PAGES,
    *WHITESPACE_PAGES,
]
