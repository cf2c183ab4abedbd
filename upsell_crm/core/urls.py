"""Addresses of signing in, preferences, jobs and health."""

from django.urls import URLPattern, path  # noqa: F401

app_name = "core"
urlpatterns: list[URLPattern] = []
