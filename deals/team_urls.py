"""Addresses of the working group of a deal."""

from django.urls import URLPattern

TEAM_PAGES: list[URLPattern] = []
