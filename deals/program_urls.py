"""Addresses of holding programmes."""

from django.urls import URLPattern

PROGRAM_PAGES: list[URLPattern] = []
