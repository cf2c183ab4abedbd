"""Addresses of clients, contacts, contracts, outcomes, tasks and imports."""

from django.urls import URLPattern, path  # noqa: F401

app_name = "accounts"
urlpatterns: list[URLPattern] = []
