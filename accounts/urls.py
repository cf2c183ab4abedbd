"""Addresses of clients, contacts, contracts, outcomes, tasks and imports."""

from django.urls import URLPattern, path

from accounts.views.search import search

app_name = "accounts"
urlpatterns: list[URLPattern] = [
    path("search/", search, name="search"),
]
