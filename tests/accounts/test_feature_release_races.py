"""Five hundred clients, several workers and a killed one: five hundred tasks; PostgreSQL (bar of the issue, R24)."""

import os
import signal
import subprocess
import sys
from urllib.parse import urlsplit, urlunsplit

import pytest
from django.db import connection

from accounts.enums import FeatureStatus
from accounts.models import FeatureWait, Task
from accounts.services.feature_release import PORTION, fan_out
from accounts.services.features import move_feature
from tests.accounts.feature_makers import make_feature
from tests.accounts.killed_fan_out import SCRIPT
from tests.accounts.test_feature_release import make_clients
from tests.deals.racing import together
from tests.factories import Cast, T
from upsell_crm.core.errors import DomainError
from upsell_crm.core.models import AuditEvent

pytestmark = pytest.mark.servers
CLIENTS = 500


@pytest.fixture
def cast(transactional_db: None) -> Cast:
    """Committed, so that other connections see them."""
    return Cast()


@pytest.fixture
def waiting(cast: Cast) -> None:
    """A released feature and five hundred clients of one KAM who wait for it."""
    feature = make_feature(status=FeatureStatus.RELEASED)
    clients = make_clients(CLIENTS, owner_kam=cast.vetrov, team=cast.k1)
    FeatureWait.objects.bulk_create(FeatureWait(feature=feature, company=each) for each in clients)


def assert_once() -> None:
    """One task and one line of history for each client."""
    assert Task.objects.count() == Task.objects.order_by().values("company").distinct().count() == CLIENTS
    assert AuditEvent.objects.filter(event="create_task").count() == CLIENTS


def test_four_workers_at_once_make_each_task_once(cast: Cast, waiting: None) -> None:
    assert all(together(*[fan_out for _each in range(4)]))
    assert_once()


@pytest.mark.parametrize("inside", [True, False], ids=["in the transaction", "between two"])
def test_a_killed_worker_and_the_next_one(cast: Cast, waiting: None, inside: bool) -> None:
    """Real SIGKILL in the second portion: what was committed stays, the rest comes with the next run, nothing twice."""
    url = urlsplit(os.environ["DATABASE_URL"])._replace(path=f"/{connection.settings_dict['NAME']}")
    env = {
        **os.environ, "DJANGO_SETTINGS_MODULE": "upsell_crm.settings", "DATABASE_URL": urlunsplit(url), "CRM_TODAY": str(T),
    }  # fmt: skip

    def run(die_after: int) -> subprocess.CompletedProcess[str]:
        script = SCRIPT.format(die_after, inside)
        return subprocess.run(
            [sys.executable, "-c", script], env=env, check=False, capture_output=True, text=True
        )

    died = run(2)
    assert died.returncode == -signal.SIGKILL, died.stderr
    assert Task.objects.count() == (PORTION if inside else 2 * PORTION)
    lived = run(0)
    assert lived.returncode == 0, lived.stderr
    assert_once()
    assert fan_out().tasks == 0


def test_of_two_releases_one_wins(cast: Cast) -> None:
    """Two administrators press at the same moment: one step, one line of history."""
    feature = make_feature(status=FeatureStatus.DEV)

    def release() -> object:
        seen = type(feature).objects.get(pk=feature.pk)
        return move_feature(seen, to=FeatureStatus.RELEASED, by=cast.admin)

    assert sum(together(release, release, release)) >= 1
    assert AuditEvent.objects.filter(event="move_feature", object_id=feature.pk).count() == 1
    with pytest.raises(DomainError):
        release()
