"""The weekly cleaning of what nobody will ask for again, and the nightly look at the size of the tables."""

from datetime import timedelta

from django.contrib.sessions.backends.db import SessionStore
from django.db import connection

from upsell_crm.core import clock
from upsell_crm.core.drafts import drop_old_drafts
from upsell_crm.core.jobs import Progress
from upsell_crm.core.models import JobRun, OutboxEvent, RateCounter

DONE_EVENTS_KEPT = timedelta(days=30)
RUNS_KEPT = timedelta(days=365)
COUNTERS_KEPT = timedelta(days=2)  # far longer than the longest window of a limit


def clean_up(run: JobRun, progress: Progress) -> dict[str, int]:
    """Old drafts, done effects, spent counters, ended sessions and runs older than a year; returns the counts."""
    moment = clock.now()
    SessionStore.clear_expired()
    removed = {
        "drafts": drop_old_drafts(),
        "events": OutboxEvent.objects.filter(done_at__lt=moment - DONE_EVENTS_KEPT).delete()[0],
        "counters": RateCounter.objects.filter(window__lt=int((moment - COUNTERS_KEPT).timestamp())).delete()[
            0
        ],
        "runs": JobRun.objects.filter(created_at__lt=moment - RUNS_KEPT).delete()[0],
    }
    progress(100)
    return removed


def learn_sizes() -> None:
    """Let SQLite sample its tables, so that it goes on choosing the right indexes; PostgreSQL does so by itself."""
    if connection.vendor == "sqlite":
        with connection.cursor() as cursor:
            cursor.execute("PRAGMA analysis_limit = 1000")
            cursor.execute("ANALYZE")
