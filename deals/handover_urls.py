"""Addresses of handovers."""

from django.urls import URLPattern

HANDOVER_PAGES: list[URLPattern] = []
