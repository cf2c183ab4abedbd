"""Addresses of the working group of a deal."""

from django.urls import URLPattern, path

from deals.views import without_kam

TEAM_PAGES: list[URLPattern] = [
    path("team/without-kam/", without_kam.without_kam, name="without_kam"),
]
