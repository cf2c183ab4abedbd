"""Addresses of presentations."""

from django.urls import URLPattern, path

from roadmaps.views import presentation_steps, presentations

PLAN = "plans/<uuid:public_id>/presentation/"
ONE = "presentations/<uuid:public_id>/"
BLOCK = f"{ONE}blocks/<slug:kind>/"

PRESENTATION_PAGES: list[URLPattern] = [
    path(PLAN, presentations.plan_presentation, name="plan_presentation"),
    path(f"{PLAN}new/", presentations.presentation_new, name="presentation_new"),
    path(f"{PLAN}logo/<slug:whose>/", presentation_steps.logo_edit, name="logo_edit"),
    path(f"{PLAN}logo/<slug:whose>/remove/", presentation_steps.logo_remove, name="logo_remove"),
    path(ONE, presentations.presentation_detail, name="presentation_detail"),
    path(f"{ONE}print/", presentations.presentation_print, name="presentation_print"),
    path(f"{ONE}version/", presentations.presentation_version, name="presentation_version"),
    path(f"{ONE}edit/", presentations.presentation_edit, name="presentation_edit"),
    path(BLOCK, presentations.block_edit, name="block_edit"),
    path(f"{BLOCK}switch/", presentations.block_switch, name="block_switch"),
    path(f"{BLOCK}move/", presentations.block_move, name="block_move"),
    path(f"{ONE}move/<slug:to>/", presentation_steps.presentation_move, name="presentation_move"),
    path(f"{ONE}files/", presentation_steps.presentation_files, name="presentation_files"),
    path(f"{ONE}files/<slug:kind>/", presentation_steps.presentation_file, name="presentation_file"),
    path(
        f"{ONE}files/<slug:kind>/request/",
        presentation_steps.presentation_request,
        name="presentation_request",
    ),
]
