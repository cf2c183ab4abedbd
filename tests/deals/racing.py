"""Several people at the same moment, each on a connection of his own; for tests of the marker `servers`."""

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from threading import Barrier

from django.db import connections

from upsell_crm.core.errors import DomainError


def together(*saves: Callable[[], object]) -> list[bool]:
    """All at once; who got through."""
    gate = Barrier(len(saves))

    def one(save: Callable[[], object]) -> bool:
        gate.wait()
        try:
            save()
        except DomainError:
            return False
        finally:
            connections.close_all()
        return True

    with ThreadPoolExecutor(len(saves)) as pool:
        return list(pool.map(one, saves))
