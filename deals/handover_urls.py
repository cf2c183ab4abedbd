"""Addresses of handovers."""

from django.urls import URLPattern, path

from deals.views import handover_start, handover_steps, handovers

ONE = "handovers/<uuid:public_id>/"

HANDOVER_PAGES: list[URLPattern] = [
    path("handovers/", handovers.handover_list, name="handover_list"),
    path("handovers/summary/", handovers.handover_summary, name="handover_summary"),
    path("handovers/mine/", handovers.my_handovers, name="my_handovers"),
    path(ONE, handovers.handover_detail, name="handover_detail"),
    path(f"{ONE}propose/", handover_steps.propose, name="propose_handover"),
    path(f"{ONE}accept/", handover_steps.accept, name="accept_handover"),
    path(f"{ONE}decline/", handover_steps.decline, name="decline_handover"),
    path(f"{ONE}cancel/", handover_steps.cancel, name="cancel_handover"),
    path(f"{ONE}mode/", handover_steps.intro_mode, name="intro_mode"),
    path(f"{ONE}introduction/", handover_steps.introduction, name="plan_introduction"),
    path(f"{ONE}complete/", handover_steps.complete, name="complete_handover"),
    path(f"{ONE}items/<slug:code>/", handover_steps.item_fill, name="fill_handover_item"),
    path(f"{ONE}items/<slug:code>/accept/", handover_steps.item_accept, name="accept_handover_item"),
    path("companies/<uuid:public_id>/handover/", handovers.company_handover, name="company_handover"),
    path("companies/<uuid:public_id>/handover/start/", handover_start.start_company_handover,
         name="start_company_handover"),
    path("deals/<uuid:public_id>/handover/", handovers.deal_handover, name="deal_handover"),
    path("deals/<uuid:public_id>/handover/start/", handover_start.start_deal_handover, name="start_deal_handover"),
]  # fmt: skip
