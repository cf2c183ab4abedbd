"""Addresses of trainings, marketing activities and notes of experience."""

from django.urls import URLPattern

from trainings.marketing_urls import MARKETING_PAGES

app_name = "trainings"
urlpatterns: list[URLPattern] = [
    *MARKETING_PAGES,
]
