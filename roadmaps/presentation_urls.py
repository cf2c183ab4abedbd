"""Addresses of presentations."""

from django.urls import URLPattern

PRESENTATION_PAGES: list[URLPattern] = []
