"""Addresses of the working group of a deal."""

from django.urls import URLPattern, path

from deals.views import lead_pages, team, without_kam

TEAM_PAGES: list[URLPattern] = [
    path("deals/<uuid:public_id>/team/", team.deal_team, name="deal_team"),
    path("deals/<uuid:public_id>/team/add/", team.new_member, name="add_member"),
    path("deals/<uuid:public_id>/communicator/", team.communicator, name="communicator"),
    path("deals/<uuid:public_id>/communicator/accept/", team.accept_communicator, name="accept_communicator"),
    path("deal-members/<uuid:public_id>/end/", team.member_end, name="end_member"),
    path("deal-members/<uuid:public_id>/end/undo/", team.member_end_undo, name="take_back_member_end"),
    path("team/colleagues/", team.colleague_options, name="colleague_options"),
    path("companies/<uuid:public_id>/expertise/", lead_pages.expertise_gaps, name="expertise_gaps"),
    path("team/load/", lead_pages.workload, name="workload"),
    path("team/expertise/", lead_pages.expertise, name="expertise"),
    path("team/expertise/mark/", lead_pages.mark_expert, name="mark_expert"),
    path("team/without-kam/", without_kam.without_kam, name="without_kam"),
]
