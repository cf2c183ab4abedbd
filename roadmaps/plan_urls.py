"""Addresses of strategies: the list, a new one, the page of one, its steps and forms."""

from django.urls import URLPattern, path

from roadmaps.views import plan_create, plan_detail, plan_list, plan_moves, plan_slots

PLAN_PAGES: list[URLPattern] = [
    path("plans/", plan_list.plan_list, name="plan_list"),
    path("plans/<uuid:public_id>/", plan_detail.plan_detail, name="plan_detail"),
    path("plans/<uuid:public_id>/history/", plan_detail.plan_history, name="plan_history"),
    path("plans/<uuid:public_id>/move/<slug:to>/", plan_moves.plan_move, name="move_plan"),
    path("plans/<uuid:public_id>/edit/", plan_moves.plan_edit, name="edit_plan"),
    path("plans/<uuid:public_id>/upgrade/", plan_moves.plan_upgrade, name="upgrade_plan"),
    path("plans/<uuid:public_id>/check/", plan_moves.plan_check, name="check_plan"),
    path("deals/<uuid:public_id>/plan/", plan_slots.deal_plan, name="deal_plan"),
    path("deals/<uuid:public_id>/plan/new/", plan_create.create_plan, name="create_plan"),
    path("companies/<uuid:public_id>/plan/", plan_slots.company_plan, name="company_plan"),
    path("companies/<uuid:public_id>/plan/new/", plan_create.create_company_plan, name="create_company_plan"),
]
