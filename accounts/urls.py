"""Addresses of clients, contacts, contracts, outcomes, tasks and imports."""

from django.urls import URLPattern, path

from accounts.views.interaction import (
    attachment,
    correct_interaction,
    handle_objection,
    interaction_detail,
    keep_agreement,
    retract_interaction,
)
from accounts.views.outcome import choose_company, log_outcome
from accounts.views.search import search
from accounts.views.tasks import ask_kam, task_list, task_move

app_name = "accounts"
urlpatterns: list[URLPattern] = [
    path("search/", search, name="search"),
    path("outcome/", choose_company, name="choose_company"),
    path("companies/<uuid:public_id>/outcome/", log_outcome, name="log_outcome"),
    path("companies/<uuid:public_id>/ask/", ask_kam, name="ask_kam"),
    path("interactions/<uuid:public_id>/", interaction_detail, name="interaction_detail"),
    path("interactions/<uuid:public_id>/correct/", correct_interaction, name="correct_interaction"),
    path("interactions/<uuid:public_id>/retract/", retract_interaction, name="retract_interaction"),
    path("attachments/<uuid:public_id>/", attachment, name="attachment"),
    path("agreements/<int:pk>/keep/", keep_agreement, name="keep_agreement"),
    path("objections/<uuid:public_id>/handle/", handle_objection, name="handle_objection"),
    path("tasks/", task_list, name="task_list"),
    path("tasks/<uuid:public_id>/<slug:move>/", task_move, name="task_move"),
]
