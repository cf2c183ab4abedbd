"""Addresses of syncs and revisions."""

from django.urls import URLPattern, path

from roadmaps.views import revisions, syncs

SYNC_PAGES: list[URLPattern] = [
    path("plans/<uuid:public_id>/revisions/", revisions.plan_revisions, name="plan_revisions"),
    path("plans/<uuid:public_id>/revisions/compare/", revisions.revision_compare, name="revision_compare"),
    path("plans/<uuid:public_id>/revisions/<int:number>/", revisions.revision_detail, name="revision_detail"),
    path("plans/<uuid:public_id>/syncs/", syncs.plan_syncs, name="plan_syncs"),
    path("plans/<uuid:public_id>/syncs/new/", syncs.new_sync, name="new_sync"),
    path("plans/<uuid:public_id>/syncs/now/", syncs.sync_now, name="sync_now"),
    path("syncs/<uuid:public_id>/", syncs.sync_detail, name="sync_detail"),
    path("syncs/<uuid:public_id>/edit/", syncs.edit_sync, name="edit_sync"),
    path("syncs/<uuid:public_id>/cancel/", syncs.drop_sync, name="drop_sync"),
    path("syncs/<uuid:public_id>/protocol/", syncs.sync_protocol, name="sync_protocol"),
    path("syncs/<uuid:public_id>/notes/", syncs.sync_notes, name="sync_notes"),
]
