"""Addresses of deals: board, list, page, forms."""

from django.urls import URLPattern

DEAL_PAGES: list[URLPattern] = []
