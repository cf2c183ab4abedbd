"""Addresses of the lead's review."""

from django.urls import URLPattern

REVIEW_PAGES: list[URLPattern] = []
