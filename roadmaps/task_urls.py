"""Addresses of tasks of a plan."""

from django.urls import URLPattern

TASK_PAGES: list[URLPattern] = []
