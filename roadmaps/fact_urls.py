"""Addresses of facts of stage 1."""

from django.urls import URLPattern

FACT_PAGES: list[URLPattern] = []
