"""Addresses of the ranking, dashboards and reports."""

from django.urls import URLPattern, path

from reports.views.my_day import my_day
from reports.views.run_ranking import ranking_rerun
from reports.views.team_priorities import company_why, ranking_tiles, team_priorities

app_name = "reports"
urlpatterns: list[URLPattern] = [
    path("my-day/", my_day, name="my_day"),
    path("priorities/", team_priorities, name="team_priorities"),
    path("priorities/tiles/", ranking_tiles, name="ranking_tiles"),
    path("priorities/run/", ranking_rerun, name="ranking_rerun"),
    path("companies/<uuid:public_id>/why/", company_why, name="company_panel"),
]
