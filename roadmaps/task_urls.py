"""Addresses of tasks of a plan."""

from django.urls import URLPattern, path

from roadmaps.views import my_plan_tasks, plan_fill, plan_load, plan_tasks

TASK_PAGES: list[URLPattern] = [
    path("plans/<uuid:public_id>/tasks/new/", plan_tasks.plan_task_new, name="plan_task_new"),
    path("plans/<uuid:public_id>/tasks/fill/", plan_fill.plan_fill, name="plan_fill"),
    path("plans/<uuid:public_id>/load/", plan_load.plan_load, name="plan_load"),
    path("plan-tasks/<uuid:public_id>/edit/", plan_tasks.plan_task_edit, name="plan_task_edit"),
    path("plan-tasks/<uuid:public_id>/remove/", plan_tasks.plan_task_remove, name="plan_task_remove"),
    path("plan-tasks/mine/", my_plan_tasks.my_plan_tasks, name="my_plan_tasks"),
]
