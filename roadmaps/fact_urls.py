"""Addresses of facts of stage 1, and of what follows from a fact that has changed."""

from django.urls import URLPattern, path

from roadmaps.views import fact_steps, plan_facts

FACTS = "plans/<uuid:public_id>/facts/"

FACT_PAGES: list[URLPattern] = [
    path(FACTS, plan_facts.plan_facts, name="plan_facts"),
    path(f"{FACTS}confirm/", plan_facts.confirm, name="confirm_plan_fact"),
    path(f"{FACTS}undo/<str:checks>/", plan_facts.take_back, name="take_back_plan_fact"),
    path(f"{FACTS}open/", fact_steps.open_tasks, name="open_plan_tasks"),
    path(f"{FACTS}shut/", fact_steps.shut_tasks, name="shut_plan_tasks"),
    path("changed-facts/<uuid:public_id>/settle/", fact_steps.settle, name="settle_replan"),
    path("changed-facts/<uuid:public_id>/undo/", fact_steps.undo_settling, name="undo_settling"),
]
