"""Addresses of marketing: activities, segments, audiences."""

from django.urls import URLPattern, path

from trainings.views import activities, audience, segments

ONE = "marketing/<uuid:public_id>/"

MARKETING_PAGES: list[URLPattern] = [
    path("marketing/", activities.activity_list, name="activity_list"),
    path("marketing/new/", activities.create_activity, name="create_activity"),
    path("marketing/segment/", segments.segment, name="segment"),
    path("marketing/segment/take/", segments.take, name="take_segment"),
    path("marketing/segment/export/", segments.export, name="export_segment"),
    path(ONE, activities.activity_detail, name="activity_detail"),
    path(f"{ONE}edit/", activities.edit_activity, name="edit_activity"),
    path(f"{ONE}finish/", activities.finish, name="finish_activity"),
    path(f"{ONE}cancel/", activities.cancel, name="cancel_activity"),
    path(f"{ONE}audience/clear/", audience.clear, name="clear_audience"),
    path(f"{ONE}marks/", audience.mark, name="mark_touches"),
    path(f"{ONE}list/", audience.mark_by_list, name="mark_list"),
    path(f"{ONE}export/", audience.export, name="export_audience"),
]
