"""Addresses of trainings: calendar, page, results, people, offers."""

from django.urls import URLPattern, path

from trainings.views import (
    candidates,
    company_trainings,
    effect,
    proposals,
    results,
    training_detail,
    training_list,
    training_steps,
)

TRAINING = "trainings/<uuid:public_id>/"
TRAINEE = "trainees/<uuid:public_id>/"
COMPANY = "companies/<uuid:public_id>/trainings/"

TRAINING_PAGES: list[URLPattern] = [
    path("trainings/", training_list.training_list, name="training_list"),
    path("trainings/low/", proposals.low_index, name="low_index"),
    path("trainings/effect/", effect.training_effect, name="training_effect"),
    path(TRAINING, training_detail.training_detail, name="training_detail"),
    path(f"{TRAINING}history/", training_detail.training_history, name="training_history"),
    path(f"{TRAINING}edit/", training_steps.edit, name="edit_training"),
    path(f"{TRAINING}hold/", training_steps.hold, name="hold_training"),
    path(f"{TRAINING}end/<slug:to>/", training_steps.end, name="end_training"),
    path(f"{TRAINING}replan/", training_steps.replan, name="replan_training"),
    path(f"{TRAINING}results/", results.training_results, name="training_results"),
    path(f"{TRAINING}people/confirm/", candidates.confirm_all, name="confirm_trainees"),
    path(f"{TRAINEE}confirm/", candidates.confirm, name="confirm_trainee"),
    path(f"{TRAINEE}link/", candidates.link, name="link_trainee"),
    path(f"{TRAINEE}unlink/", candidates.unlink, name="unlink_trainee"),
    path(COMPANY, company_trainings.company_trainings, name="company_trainings"),
    path(f"{COMPANY}new/", training_steps.plan, name="plan_training"),
    path(f"{COMPANY}offer/<slug:code>/", proposals.propose, name="propose_training"),
]
