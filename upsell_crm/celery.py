"""The Celery app and the whole schedule, in Moscow time (domain.md §2.12)."""

import os

from celery import Celery
from celery.schedules import crontab

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "upsell_crm.settings")

app = Celery("upsell_crm")
app.config_from_object("django.conf:settings", namespace="CELERY")
app.conf.timezone = "Europe/Moscow"
app.autodiscover_tasks(["upsell_crm.core", "accounts", "reports"])
app.conf.beat_schedule = {
    # Each entry only asks "is it due?"; the JobRun table decides, so two beats or a late beat do no harm.
    "contracts-of-the-day": {"task": "accounts.contracts_daily", "schedule": crontab(hour="0", minute="10")},
    "ranking": {"task": "reports.rank_nightly", "schedule": crontab(hour="5", minute="0")},
    "existing-clients": {
        "task": "reports.existing_clients_nightly",
        "schedule": crontab(hour="5", minute="30"),
    },
    "clean-up": {"task": "core.clean_up", "schedule": crontab(hour="3", minute="0", day_of_week="sun")},
    "catch-up": {"task": "core.catch_up", "schedule": crontab(minute="*/10")},
    "outbox": {"task": "core.drain_outbox", "schedule": 30.0},
}
