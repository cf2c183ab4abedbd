"""How often somebody may try: counted by one atomic statement, so parallel tries are all seen (faults F8)."""

from django.db import connection

from upsell_crm.core import clock
from upsell_crm.core.models import RateCounter

# The same words on SQLite and PostgreSQL; "window" is a reserved word and stays in quotes.
_COUNT = """
INSERT INTO "core_ratecounter" ("key", "window", "count") VALUES (%s, %s, 1)
ON CONFLICT ("key", "window") DO UPDATE SET "count" = "core_ratecounter"."count" + 1
RETURNING "count"
"""


def count_try(key: str, *, seconds: int) -> int:
    """Count one try of `key` in the present window of `seconds`; returns how many there were, this one included."""
    moment = int(clock.now().timestamp())
    window = moment - moment % seconds  # when it began
    with connection.cursor() as cursor:
        cursor.execute(_COUNT, [key[:160], window])
        return int(cursor.fetchone()[0])


def is_over(key: str, *, limit: int, seconds: int) -> bool:
    """Count one try and say whether it is one too many."""
    return count_try(key, seconds=seconds) > limit


def seconds_left(seconds: int) -> int:
    """How long until the present window ends; for Retry-After and for the text to people."""
    return seconds - int(clock.now().timestamp()) % seconds


def forget(key: str) -> None:
    """Start anew after a success."""
    RateCounter.objects.filter(key=key[:160]).delete()
