"""Addresses of the lead's review."""

from django.urls import URLPattern, path

from roadmaps.views import plan_review

REVIEW_PAGES: list[URLPattern] = [
    path("plans/review/", plan_review.review_queue, name="review_queue"),
    path("plans/<uuid:public_id>/review/", plan_review.plan_review, name="plan_review"),
    path("plans/<uuid:public_id>/flags/", plan_review.plan_flags, name="plan_flags"),
    path("plans/<uuid:public_id>/approve/", plan_review.approve, name="approve_plan"),
    path("plans/<uuid:public_id>/approve/undo/", plan_review.undo_approval, name="undo_approval"),
    path("plans/<uuid:public_id>/return/", plan_review.send_back, name="return_plan"),
    path("plans/<uuid:public_id>/comment/", plan_review.comment, name="comment_plan"),
    path("plan-comments/<uuid:public_id>/resolve/", plan_review.resolve, name="resolve_comment"),
]
