"""Addresses of clients, contacts, contracts, outcomes, tasks and imports."""

from django.urls import URLPattern, path

from accounts.company_urls import COMPANY_PAGES
from accounts.feature_urls import FEATURE_PAGES
from accounts.views.imports import (
    import_columns,
    import_detail,
    import_errors,
    import_help,
    import_list,
    import_new,
    import_run,
    import_sample,
    import_undo,
)
from accounts.views.interaction import (
    attachment,
    correct_interaction,
    handle_objection,
    interaction_detail,
    keep_agreement,
    retract_interaction,
)
from accounts.views.key_meetings import join, key_meetings, leave
from accounts.views.outcome import choose_company, log_outcome, read_outcome_line
from accounts.views.search import search
from accounts.views.tasks import ask_kam, task_list, task_move

app_name = "accounts"
urlpatterns: list[URLPattern] = [
    *COMPANY_PAGES,
    *FEATURE_PAGES,
    path("search/", search, name="search"),
    path("outcome/", choose_company, name="choose_company"),
    path("companies/<uuid:public_id>/outcome/", log_outcome, name="log_outcome"),
    path("companies/<uuid:public_id>/outcome/line/", read_outcome_line, name="read_outcome_line"),
    path("companies/<uuid:public_id>/ask/", ask_kam, name="ask_kam"),
    path("interactions/<uuid:public_id>/", interaction_detail, name="interaction_detail"),
    path("interactions/<uuid:public_id>/correct/", correct_interaction, name="correct_interaction"),
    path("interactions/<uuid:public_id>/retract/", retract_interaction, name="retract_interaction"),
    path("interactions/<uuid:public_id>/join/", join, name="join_meeting"),
    path("interactions/<uuid:public_id>/leave/", leave, name="leave_meeting"),
    path("meetings/key/", key_meetings, name="key_meetings"),
    path("attachments/<uuid:public_id>/", attachment, name="attachment"),
    path("agreements/<int:pk>/keep/", keep_agreement, name="keep_agreement"),
    path("objections/<uuid:public_id>/handle/", handle_objection, name="handle_objection"),
    path("tasks/", task_list, name="task_list"),
    path("tasks/<uuid:public_id>/<slug:move>/", task_move, name="task_move"),
    path("imports/", import_list, name="import_list"),
    path("imports/new/", import_new, name="import_new"),
    path("imports/help/<slug:kind>/", import_help, name="import_help"),
    path("imports/help/<slug:kind>/sample.csv", import_sample, name="import_sample"),
    path("imports/<uuid:public_id>/", import_detail, name="import_detail"),
    path("imports/<uuid:public_id>/columns/", import_columns, name="import_columns"),
    path("imports/<uuid:public_id>/run/", import_run, name="import_run"),
    path("imports/<uuid:public_id>/undo/", import_undo, name="import_undo"),
    path("imports/<uuid:public_id>/errors.csv", import_errors, name="import_errors"),
]
