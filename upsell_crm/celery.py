"""The Celery app; beat only rings, what is due stands in upsell_crm/schedule.py."""

import os

from celery import Celery

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "upsell_crm.settings")

app = Celery("upsell_crm")
app.config_from_object("django.conf:settings", namespace="CELERY")
app.conf.timezone = "Europe/Moscow"
app.autodiscover_tasks(["upsell_crm.core"])
app.conf.beat_schedule = {
    # A bell that nobody heard is not rung twice: the next one says the same.
    "due jobs": {"task": "core.start_due", "schedule": 60.0, "options": {"expires": 55}},
    "outbox": {"task": "core.drain_outbox", "schedule": 30.0, "options": {"expires": 25}},
}
