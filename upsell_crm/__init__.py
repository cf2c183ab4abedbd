"""The project: settings, addresses, background jobs, and the rooms' shared plumbing in `core`."""

from upsell_crm.celery import app as celery_app

__all__ = ["celery_app"]
