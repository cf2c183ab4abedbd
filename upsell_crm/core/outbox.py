"""Slow effects: owed in the database, rung by Celery, re-rung by beat (faults D4)."""

import logging
from datetime import timedelta
from typing import Any

from django.db import transaction
from django.db.models import Q

from upsell_crm.celery import app
from upsell_crm.core import clock
from upsell_crm.core.models.jobs import OutboxEvent
from upsell_crm.core.reactions import topic_handler

log = logging.getLogger(__name__)
LEASE = timedelta(minutes=10)
MAX_ATTEMPTS = 8


def owe(topic: str, key: str, **payload: Any) -> None:
    """Write down a slow effect beside its cause; the same undone one is owed once. Call inside a transaction."""
    owed = OutboxEvent.objects.filter(topic=topic, key=key, done_at=None, lease_until=None)
    if not owed.exists():
        OutboxEvent.objects.create(topic=topic, key=key, payload=payload, next_at=clock.now())
    transaction.on_commit(ring)


def ring() -> None:
    """Wake a worker; a silent broker loses nothing, since beat re-rings (faults A16)."""
    try:
        app.send_task("core.drain_outbox", retry=False, ignore_result=True)
    except Exception as problem:  # whatever the broker throws, the data is already safe
        log.warning("broker did not answer: %s", problem)


def drain(limit: int = 200) -> int:
    """Do what is owed, each event under a lease taken by compare-and-swap; returns how many were done."""
    done = 0
    for event in _owed()[:limit]:
        if _lease(event):
            done += _deliver(event)
    return done


def _owed() -> Any:
    moment = clock.now()
    free = Q(lease_until=None) | Q(lease_until__lt=moment)
    return OutboxEvent.objects.filter(free, done_at=None, next_at__lte=moment, attempts__lt=MAX_ATTEMPTS)


def _lease(event: OutboxEvent) -> bool:
    taken = OutboxEvent.objects.filter(pk=event.pk, attempts=event.attempts, done_at=None).update(
        attempts=event.attempts + 1, lease_until=clock.now() + LEASE
    )
    return bool(taken)


def _deliver(event: OutboxEvent) -> int:
    try:
        topic_handler(event.topic)(**event.payload)
    except Exception as problem:  # one poisoned event must not stop the others
        log.exception("outbox %s %s", event.topic, event.key)
        pause = timedelta(seconds=min(3600, 5 * 2**event.attempts))
        OutboxEvent.objects.filter(pk=event.pk).update(
            lease_until=None, next_at=clock.now() + pause, error=str(problem)[:2000]
        )
        return 0
    OutboxEvent.objects.filter(pk=event.pk).update(done_at=clock.now(), lease_until=None, error="")
    return 1
