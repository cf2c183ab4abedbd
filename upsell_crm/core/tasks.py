"""The doorbell: thin Celery tasks over the queues of record."""

from upsell_crm.celery import app
from upsell_crm.core import jobs, outbox


@app.task(name="core.drain_outbox")
def drain_outbox() -> int:
    """Do what is owed."""
    return outbox.drain()


@app.task(name="core.start_due")
def start_due() -> int:
    """Queue and ring scheduled jobs, catch up what was missed."""
    return jobs.start_due()


@app.task(name="core.run_job")
def run_job(run_id: int) -> None:
    """Do one run of a job."""
    jobs.execute(run_id)
