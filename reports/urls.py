"""Addresses of the ranking, dashboards and reports."""

from django.urls import URLPattern, path

from reports.views.adherence import team_adherence
from reports.views.client_exports import client_export, client_export_file, export_existing_clients
from reports.views.existing_clients import (
    build_existing_clients,
    client_offer,
    existing_clients,
    existing_clients_totals,
)
from reports.views.feature_report import export_feature_report, feature_report
from reports.views.my_day import my_day
from reports.views.offers import company_offers, offer_list
from reports.views.run_ranking import ranking_rerun
from reports.views.signal_list import (
    company_signals,
    export_signal_list,
    my_signals,
    signal_counts,
    signal_list,
)
from reports.views.signal_snooze import snooze, wake
from reports.views.team_priorities import company_why, ranking_tiles, team_priorities

app_name = "reports"
urlpatterns: list[URLPattern] = [
    path("my-day/", my_day, name="my_day"),
    path("priorities/", team_priorities, name="team_priorities"),
    path("priorities/tiles/", ranking_tiles, name="ranking_tiles"),
    path("team/adherence/", team_adherence, name="team_adherence"),
    path("priorities/run/", ranking_rerun, name="ranking_rerun"),
    path("companies/<uuid:public_id>/why/", company_why, name="company_panel"),
    path("whitespace/offers/", offer_list, name="offer_list"),
    path("companies/<uuid:public_id>/offers/", company_offers, name="company_offers"),
    path("signals/", signal_list, name="signal_list"),
    path("signals/counts/", signal_counts, name="signal_counts"),
    path("signals/mine/", my_signals, name="my_signals"),
    path("signals/export/", export_signal_list, name="export_signals"),
    path("signals/<uuid:public_id>/snooze/", snooze, name="snooze_signal"),
    path("signals/<uuid:public_id>/wake/", wake, name="wake_signal"),
    path("companies/<uuid:public_id>/signals/", company_signals, name="company_signals"),
    path("reports/existing-clients/", existing_clients, name="existing_clients"),
    path("reports/existing-clients/totals/", existing_clients_totals, name="existing_clients_totals"),
    path("reports/existing-clients/build/", build_existing_clients, name="build_existing_clients"),
    path("reports/existing-clients/export/", export_existing_clients, name="export_existing_clients"),
    path("reports/existing-clients/<uuid:public_id>/offer/", client_offer, name="client_offer"),
    path("features/report/", feature_report, name="feature_report"),
    path("features/report/export/", export_feature_report, name="export_feature_report"),
    path("reports/exports/<uuid:public_id>/", client_export, name="client_export"),
    path("reports/exports/<uuid:public_id>/file/", client_export_file, name="client_export_file"),
]
