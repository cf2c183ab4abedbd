"""Addresses of the pre-meeting brief."""

from django.urls import URLPattern, path

from roadmaps.views.brief import company_brief

BRIEF_PAGES: list[URLPattern] = [
    path("companies/<uuid:public_id>/brief/", company_brief, name="company_brief"),
]
