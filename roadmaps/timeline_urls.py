"""Addresses of the timeline of a plan."""

from django.urls import URLPattern, path

from roadmaps.views import plan_timeline

TIMELINE_PAGES: list[URLPattern] = [
    path("plans/<uuid:public_id>/timeline/", plan_timeline.plan_timeline, name="plan_timeline"),
    path("plans/<uuid:public_id>/dates/", plan_timeline.plan_dates, name="plan_dates"),
    path("plans/<uuid:public_id>/dates/undo/", plan_timeline.plan_dates_undo, name="plan_dates_undo"),
    path("plan-tasks/<uuid:public_id>/dates/", plan_timeline.plan_task_dates, name="plan_task_dates"),
]
