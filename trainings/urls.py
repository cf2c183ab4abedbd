"""Addresses of trainings, marketing activities and notes of experience."""

from django.urls import URLPattern

from trainings.experience_urls import EXPERIENCE_PAGES
from trainings.marketing_urls import MARKETING_PAGES
from trainings.training_urls import TRAINING_PAGES

app_name = "trainings"
urlpatterns: list[URLPattern] = [
    *TRAINING_PAGES,
    *MARKETING_PAGES,
    *EXPERIENCE_PAGES,
]
