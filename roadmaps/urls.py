"""Addresses of strategies: plans, their facts, tasks, timeline, syncs, reviews, presentations, and the brief."""

from django.urls import URLPattern

from roadmaps.brief_urls import BRIEF_PAGES
from roadmaps.fact_urls import FACT_PAGES
from roadmaps.plan_urls import PLAN_PAGES
from roadmaps.presentation_urls import PRESENTATION_PAGES
from roadmaps.review_urls import REVIEW_PAGES
from roadmaps.sync_urls import SYNC_PAGES
from roadmaps.task_urls import TASK_PAGES
from roadmaps.timeline_urls import TIMELINE_PAGES

app_name = "roadmaps"
urlpatterns: list[URLPattern] = [
    *PLAN_PAGES,
    *TASK_PAGES,
    *FACT_PAGES,
    *TIMELINE_PAGES,
    *SYNC_PAGES,
    *REVIEW_PAGES,
    *PRESENTATION_PAGES,
    *BRIEF_PAGES,
]
