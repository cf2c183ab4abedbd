"""Measures one database of one size inside one process; prints JSON. Started by benchmarks.__main__."""

import json
import resource
import statistics
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import suppress
from datetime import timedelta
from pathlib import Path
from typing import Any

import django
from django.conf import settings

django.setup()
settings.ROOT_URLCONF = "benchmarks.urls"
settings.ALLOWED_HOSTS = ["testserver"]
# Plain names of static files, so that a database can be measured without collecting them first.
settings.STORAGES["staticfiles"] = {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"}

from django.db import connection  # noqa: E402 - after setup
from django.test import Client  # noqa: E402
from django.test.utils import CaptureQueriesContext  # noqa: E402
from django.urls import NoReverseMatch, reverse  # noqa: E402

from accounts.models import Company  # noqa: E402
from accounts.services.lead_medians import count_lead_medians  # noqa: E402
from benchmarks.plans import plan_pages  # noqa: E402
from deals.enums import DealKind  # noqa: E402
from deals.models import Deal  # noqa: E402
from deals.services.deals import create_deal  # noqa: E402
from reports.models import RankRow, RankRun  # noqa: E402
from reports.services.existing_clients import build_existing_clients  # noqa: E402
from reports.services.ranking import run_ranking  # noqa: E402
from reports.services.signal_refresh import refresh_signals  # noqa: E402
from upsell_crm.core import clock  # noqa: E402
from upsell_crm.core.api.clients import create_api_token  # noqa: E402
from upsell_crm.core.models import ApiClient, User  # noqa: E402

ROUNDS = 15


def seconds(work: Callable[[], Any]) -> float:
    """How long one call takes."""
    started = time.perf_counter()
    work()
    return time.perf_counter() - started


def plain_sql() -> int:
    """All rows of the plain statement; returns how many."""
    with connection.cursor() as cursor:
        cursor.execute((Path(__file__).parent / "plain.sql").read_text())
        return len(cursor.fetchall())


def jobs() -> dict[str, float]:
    """The plain statement first, so that its memory is not counted for the job; then the job itself."""
    base = seconds(plain_sql)
    run: list[RankRun] = []
    ranking = seconds(lambda: run.append(run_ranking(by=None)))
    peak = _peak_mb()
    report = seconds(lambda: build_existing_clients(by=None))
    signals = seconds(refresh_signals)
    return {
        "plain": base,
        "ranking": ranking,
        "report": report,
        "signals": signals,
        "ranked": run[0].ranked,
        "peak_mb": peak,
    }


def pages(only: str = "") -> dict[str, dict[str, float]]:
    """Median server time and number of queries of each page, and of the bare view, as the people who open them.

    `only` = how the names of the wanted pages begin.
    """
    count_lead_medians(today=clock.today())  # as the job of 00:10 leaves the base
    first = RankRow.objects.current().ranked().first()
    company = first.company if first else Company.objects.order_by("pk")[0]
    deal = Deal.objects.open().order_by("pk").first()
    found = {}
    for name, login, url, headers in (
        ("bare view", "load-head", "/bench/bare/", {}),
        ("dashboard, lead", "load-lead-1", "/priorities/", {}),
        ("dashboard, head", "load-head", "/priorities/", {}),
        ("my day", "load-kam-1", "/my-day/", {}),
        ("signals, head", "load-head", "/signals/", {}),
        ("list, head", "load-head", "/companies/", {}),
        ("list, search", "load-head", f"/companies/?q={company.inn}", {}),
        ("card", "load-head", f"/companies/{company.public_id}/", {}),
        ("report", "load-head", "/reports/existing-clients/", {}),
        *((name, "load-head", url, {}) for name, url in _deal_pages(deal)),
        *((name, "load-head", url, {}) for name, url in plan_pages()),
        ("API contracts", "", "/api/v1/contracts/", {"Authorization": f"Bearer {_token()}"}),
    ):
        if not name.startswith((only, "bare")):
            continue
        client = Client(headers=headers)
        if login:
            client.force_login(User.objects.get(username=login))
        found[name] = measure(client, url)
    return found


def _deal_pages(deal: Deal | None) -> Iterator[tuple[str, str]]:
    """Pages of deals and documents, as far as this release has them; a base of three clients may have no deal."""
    for name, page, arguments in (
        ("deals, list", "deals:deal_list", []),
        ("deals, board", "deals:deal_board", []),
        *([("deal", "deals:deal_detail", [deal.public_id])] if deal else []),
        *(("holding programme", "deals:program_detail", [project.public_id]) for project in _projects()),
        ("documents, board", "deals:document_board", []),
    ):
        with suppress(NoReverseMatch):
            yield name, reverse(page, args=arguments)


def _projects() -> list[Deal]:
    """A holding project over the first holding of the base, made once; a base of three clients may have none."""
    head = Company.objects.filter(children__isnull=False).order_by("pk").first()
    if head is None:
        return []
    known = Deal.objects.filter(company=head, kind=DealKind.HOLDING).first()
    today = clock.today()
    return [
        known
        or create_deal(
            by=User.objects.get(username="load-head"), company=head, kind=DealKind.HOLDING, title="Holding",
            target_date=today + timedelta(days=90), next_step="Meeting", next_step_on=today + timedelta(days=7),
        )
    ]  # fmt: skip


def measure(client: Client, url: str) -> dict[str, float]:
    """One visit to warm up, one to count queries, then the median of the rest."""
    assert client.get(url).status_code == 200, (url, client.get(url).status_code)
    with CaptureQueriesContext(connection) as captured:
        client.get(url)
    queries = len(captured)
    times = [seconds(lambda: client.get(url)) for _ in range(ROUNDS)]
    return {"ms": statistics.median(times) * 1000, "queries": queries}


def _peak_mb() -> float:
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024


def _token() -> str:
    ApiClient.objects.filter(name="bench").delete()
    return create_api_token(by=None, name="bench", scopes=["contracts:read", "licences:read"], days=1)[1]


if __name__ == "__main__":
    what: Callable[..., Any] = {"jobs": jobs, "pages": pages}[sys.argv[1]]
    answer: dict[str, Any] = {"companies": Company.objects.count(), "rows": what(*sys.argv[2:])}
    print(json.dumps(answer))
