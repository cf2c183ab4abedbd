"""Addresses of the timeline of a plan."""

from django.urls import URLPattern

TIMELINE_PAGES: list[URLPattern] = []
