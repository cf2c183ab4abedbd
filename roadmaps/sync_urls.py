"""Addresses of syncs and revisions."""

from django.urls import URLPattern

SYNC_PAGES: list[URLPattern] = []
