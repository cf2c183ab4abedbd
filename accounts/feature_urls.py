"""Addresses of awaited features and of the clients who wait for them."""

from django.urls import URLPattern, path

from accounts.views import feature_waits, features

FEATURE, WAIT = "features/<uuid:public_id>/", "waits/<uuid:public_id>/"

FEATURE_PAGES: list[URLPattern] = [
    path("features/", features.feature_board, name="feature_board"),
    path("features/new/", features.feature_new, name="feature_new"),
    path(FEATURE, features.feature_detail, name="feature_detail"),
    path(f"{FEATURE}edit/", features.feature_edit, name="feature_edit"),
    path(f"{FEATURE}move/<slug:to>/", features.feature_move, name="feature_move"),
    path("companies/<uuid:public_id>/waits/new/", feature_waits.wait_new, name="wait_new"),
    path(f"{WAIT}edit/", feature_waits.wait_edit, name="wait_edit"),
    path(f"{WAIT}answer/", feature_waits.wait_answer, name="wait_answer"),
    path(f"{WAIT}tell/", feature_waits.wait_tell, name="wait_tell"),
    path(f"{WAIT}drop/", feature_waits.wait_drop, name="wait_drop"),
]
