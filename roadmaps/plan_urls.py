"""Addresses of strategies: the page of one, its steps and forms."""

from django.urls import URLPattern, path

from roadmaps.views import plan_detail

PLAN_PAGES: list[URLPattern] = [
    path("plans/<uuid:public_id>/", plan_detail.plan_detail, name="plan_detail"),
]
