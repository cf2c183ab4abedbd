"""Addresses of the pre-meeting brief."""

from django.urls import URLPattern

BRIEF_PAGES: list[URLPattern] = []
