"""Completions at the same moment: one wins; one that is killed leaves everything with the old KAM; PostgreSQL."""

import os
import signal
import subprocess
import sys
from collections.abc import Callable
from functools import partial
from urllib.parse import urlsplit, urlunsplit

import pytest
from django.db import connection

from accounts.models import Company, Task
from accounts.services.companies import assign_kam
from deals.models import Deal, DealMember, Handover
from deals.services.handover_intro import complete_handover
from tests.deals.handover_cast import Scene
from tests.deals.killed_completion import SCRIPT
from tests.deals.racing import together
from tests.deals.test_handover_faults import everything
from tests.factories import Cast, T
from upsell_crm.core.models import AuditEvent

pytestmark = pytest.mark.servers
ROUNDS = 5


@pytest.fixture
def cast(transactional_db: None) -> Cast:
    """Committed, so that other connections see them."""
    return Cast()


def completing(handover: Handover, scene: Scene) -> Callable[[], object]:
    seen = Handover.objects.select_related("company", "from_user", "to_user", "introduction").get(
        pk=handover.pk
    )
    return lambda: complete_handover(seen, by=scene.new)


def test_of_two_completions_one_wins(cast: Cast) -> None:
    """§2.8.4: the responsible KAM changes once."""
    for _round in range(ROUNDS):
        scene = Scene(cast)
        handover = scene.ready()
        assert sorted(together(*[completing(handover, scene) for _each in range(4)])) == [False] * 3 + [True]
        assert AuditEvent.objects.filter(event="complete_handover", company_id=scene.company.pk).count() == 1
        assert DealMember.objects.active_on(T).filter(deal=scene.deal).count() == 1


def test_a_completion_and_the_lead_s_assignment_leave_one_owner_of_all(cast: Cast) -> None:
    """Whoever is first: the client, its deal and its task end with the same KAM."""
    for _round in range(ROUNDS):
        scene = Scene(cast)
        handover = scene.ready()
        company = Company.objects.get(pk=scene.company.pk)
        assigning = partial(assign_kam, company, cast.demin, reason="Срочно", by=cast.belova)
        assert any(together(completing(handover, scene), assigning))
        owner = Company.objects.get(pk=company.pk).owner_kam
        assert Deal.objects.get(pk=scene.deal.pk).responsible_kam == owner
        assert Task.objects.get(pk=scene.task.pk).assignee == owner


@pytest.mark.parametrize("number", [1, 6, 12])
def test_a_killed_process_leaves_everything_with_the_old_kam(cast: Cast, number: int) -> None:
    """Bar of the issue with a real SIGKILL in the middle of the transaction."""
    scene = Scene(cast)
    handover = scene.ready()
    before = everything()
    url = urlsplit(os.environ["DATABASE_URL"])._replace(path=f"/{connection.settings_dict['NAME']}")
    env = {
        **os.environ,
        "DJANGO_SETTINGS_MODULE": "upsell_crm.settings",
        "DATABASE_URL": urlunsplit(url),
        "CRM_TODAY": str(T),
    }

    def run(number: int) -> subprocess.CompletedProcess[str]:
        script = SCRIPT.format(handover.pk, scene.new.username, number)
        return subprocess.run(
            [sys.executable, "-c", script], env=env, check=False, capture_output=True, text=True
        )

    died = run(number)
    assert died.returncode == -signal.SIGKILL, died.stderr
    assert everything() == before
    lived = run(0)
    assert lived.returncode == 0, lived.stderr
    assert Company.objects.get(pk=scene.company.pk).owner_kam == scene.new
