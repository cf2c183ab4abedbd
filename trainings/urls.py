"""Addresses of trainings, marketing activities and notes of experience."""

from django.urls import URLPattern

app_name = "trainings"
urlpatterns: list[URLPattern] = []
