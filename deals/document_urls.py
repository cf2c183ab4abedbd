"""Addresses of documents, requests and the Closer's board."""

from django.urls import URLPattern

DOCUMENT_PAGES: list[URLPattern] = []
