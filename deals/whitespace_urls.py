"""Addresses of the matrix of a portfolio."""

from django.urls import URLPattern, path

from deals.views import whitespace

WHITESPACE_PAGES: list[URLPattern] = [
    path("whitespace/", whitespace.whitespace, name="whitespace"),
    path("whitespace/totals/", whitespace.whitespace_totals, name="whitespace_totals"),
    path("whitespace/export/", whitespace.whitespace_export, name="whitespace_export"),
]
