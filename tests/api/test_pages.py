"""Pages of lists for machines: nothing skipped, nothing repeated, no forged cursor (domain.md §7, faults B11, B12)."""

import random
from collections.abc import Callable
from datetime import date, datetime, timedelta
from typing import Any

import pytest
from django.utils import timezone
from hypothesis import given
from hypothesis import strategies as st

from accounts.models import Company, Contract
from tests.factories import make_company, make_contract
from upsell_crm.core.api import throttling
from upsell_crm.core.api.clients import revoke_api_token
from upsell_crm.core.paging import Keyset

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def no_limit(monkeypatch: pytest.MonkeyPatch) -> None:
    """These stories call more often than a client may."""
    monkeypatch.setattr(throttling, "REQUESTS_PER_MINUTE", 10_000)


@pytest.fixture
def company() -> Company:
    return make_company()


def ids(rows: list[dict[str, Any]]) -> list[str]:
    return [row["id"] for row in rows]


def make_many(company: Company, number: int) -> list[Contract]:
    made = [make_contract(company, end_date=date(2026, 12, 1) + timedelta(days=n % 7)) for n in range(number)]
    for n, contract in enumerate(made):
        act_by = None if n % 3 == 0 else date(2026, 11, 1) + timedelta(days=n % 4)
        Contract.objects.filter(pk=contract.pk).update(act_by=act_by)
    return made


@pytest.mark.slow
@pytest.mark.parametrize(
    "ordering", ["", "updated_at", "-updated_at", "end_date", "-end_date", "act_by", "-act_by"]
)
@pytest.mark.parametrize("page_size", [1, 3, 500])
def test_a_walk_meets_every_row_once_in_order(
    machine: Any, company: Company, ordering: str, page_size: int
) -> None:
    """Equal values and empty ones are told apart by the identifier; empty ones stand last."""
    made = make_many(company, 8)
    asked = {"page_size": page_size, **({"ordering": ordering} if ordering else {})}
    rows = machine.walk("contracts/", **asked)
    assert sorted(ids(rows)) == sorted(str(one.public_id) for one in made)
    if ordering:
        values = [row[ordering.lstrip("-")] for row in rows]
        known = [value for value in values if value is not None]
        assert known == sorted(known, reverse=ordering.startswith("-"))
        assert values == known + [None] * (len(values) - len(known))


@pytest.mark.slow
@pytest.mark.parametrize("ordering", ["end_date", "-act_by"])
def test_previous_leads_back_the_same_way(machine: Any, company: Company, ordering: str) -> None:
    make_many(company, 9)
    page = machine.read("contracts/", ordering=ordering, page_size=4)
    assert page["previous"] is None
    there = [page]
    while there[-1]["next"]:
        there.append(machine.read(there[-1]["next"]))
    back = [there[-1]]
    while back[-1]["previous"]:
        back.append(machine.read(back[-1]["previous"]))
    assert [ids(one["results"]) for one in reversed(back)] == [ids(one["results"]) for one in there]
    assert back[-1]["previous"] is None


@pytest.mark.slow
def test_rows_that_come_and_go_between_pages_disturb_no_other(machine: Any, company: Company) -> None:
    """faults B11: inserted, edited and deleted rows; unchanged ones are met exactly once."""
    chance = random.Random(7)
    for ordering in ("", "updated_at", "end_date", "act_by"):
        untouched = {str(one.public_id) for one in make_many(company, 24)}
        restless = make_many(company, 12)
        page = machine.read("contracts/", page_size=5, **({"ordering": ordering} if ordering else {}))
        met = ids(page["results"])
        while page["next"]:
            churn(company, restless, chance)
            page = machine.read(page["next"])
            met += ids(page["results"])
        assert sorted(one for one in met if one in untouched) == sorted(untouched)
        Contract.objects.all().delete()


def churn(company: Company, restless: list[Contract], chance: random.Random) -> None:
    restless.append(make_contract(company, end_date=date(2026, 12, chance.randint(1, 28))))
    moved = chance.choice(restless)
    values = {
        "end_date": date(2027, 1, chance.randint(1, 28)),
        "act_by": chance.choice([None, date(2026, 11, 2)]),
    }
    Contract.objects.filter(pk=moved.pk).update(**values, updated_at=timezone.now())
    gone = restless.pop(chance.randrange(len(restless)))
    gone.delete()


@pytest.mark.slow
def test_updated_since_is_inclusive_and_its_watermark_loses_nothing(machine: Any, company: Company) -> None:
    """§7: save the watermark, ask with it next time."""
    make_many(company, 5)
    since = timezone.now() - timedelta(hours=1)
    first = machine.read("contracts/", updated_since=since.isoformat(), page_size=2)
    seen: list[str] = []
    page = first
    while True:
        seen += [row["updated_at"] for row in page["results"]]
        if not page["next"]:
            break
        page = machine.read(page["next"])
    assert seen == sorted(seen) and len(seen) == 5
    late = make_contract(company)
    again = machine.walk("contracts/", updated_since=page["watermark"])
    assert str(late.public_id) in ids(again)
    moment = machine.read(f"contracts/{late.public_id}/")["updated_at"]
    assert str(late.public_id) in ids(machine.walk("contracts/", updated_since=moment))


def test_the_watermark_stays_back_while_slow_transactions_may_be_open(machine: Any, company: Company) -> None:
    """It never runs ahead of the last row seen, and never goes before what was asked."""
    make_contract(company)
    since = timezone.now() - timedelta(hours=1)
    watermark = datetime.fromisoformat(
        machine.read("contracts/", updated_since=since.isoformat())["watermark"]
    )
    assert since <= watermark <= timezone.now() - timedelta(minutes=4)
    future = timezone.now() + timedelta(days=1)
    watermark = machine.read("contracts/", updated_since=future.isoformat())["watermark"]
    assert datetime.fromisoformat(watermark) == future
    assert watermark.endswith("+03:00")  # told in Moscow time, as all moments
    assert "watermark" not in machine.read("contracts/")


def test_a_plus_that_arrived_as_a_space_is_understood(machine: Any) -> None:
    """curl without encoding sends `+03:00` as ` 03:00`."""
    assert machine.get("contracts/?updated_since=2026-11-24T09:00:00+03:00").status_code == 200
    assert machine.get("contracts/?updated_since=2026-11-24T09:00:00Z").status_code == 200


def test_a_cursor_serves_one_client_path_filter_and_order(
    machine: Any, machine_with: Callable[..., Any], company: Company
) -> None:
    """faults B12: a foreign cursor is 400 and shows nothing."""
    make_many(company, 4)
    cursor = cursor_of(machine.read("contracts/", page_size=2)["next"])
    assert machine.get("contracts/", cursor=cursor, page_size=1, fields="id").status_code == 200
    other = machine_with("contracts:read")
    for foreign in (
        other.get("contracts/", cursor=cursor),
        machine.get("renewals/", cursor=cursor),
        machine.get("contracts/", cursor=cursor, status="draft"),
        machine.get("contracts/", cursor=cursor, ordering="end_date"),
        machine.get("contracts/", cursor="p" + cursor[1:]),
    ):
        assert (foreign.status_code, foreign.json()["errors"][0]["code"]) == (400, "invalid_cursor")
    revoke_api_token(by=None, name="erp")
    assert machine.get("contracts/", cursor=cursor).status_code == 401


def cursor_of(address: str) -> str:
    return address.partition("cursor=")[2].partition("&")[0].replace("%3A", ":")


@pytest.mark.slow
@given(st.one_of(st.text(max_size=80), st.binary(max_size=60).map(lambda raw: "n" + raw.decode("latin-1"))))
def test_no_invented_cursor_gets_an_answer(machine: Any, text: str) -> None:
    """faults B12: fuzz, no leak and no 500."""
    answer = machine.get("contracts/", cursor=text or " ")
    assert answer.status_code == 400


@pytest.mark.slow
@given(st.data())
def test_no_altered_cursor_gets_an_answer(machine: Any, data: st.DataObject) -> None:
    """One character of a real cursor changed, added or taken away."""
    if not Contract.objects.exists():
        make_many(make_company(), 3)
    cursor = cursor_of(machine.read("contracts/", page_size=1)["next"])
    place = data.draw(st.integers(0, len(cursor) - 1))
    letter = data.draw(st.sampled_from("aZ09-_:=n"))
    altered = data.draw(
        st.sampled_from([cursor[:place] + letter + cursor[place + 1 :], cursor[:place] + cursor[place + 1 :]])
    )
    if altered != cursor:
        assert machine.get("contracts/", cursor=altered).status_code == 400


def test_a_signed_cursor_of_another_shape_is_refused(machine: Any) -> None:
    """Signed by us for a page, with values that this list cannot have."""
    keyset = Keyset.of(Contract.objects.all(), ["end_date", "pk"])
    assert (
        machine.get("contracts/", cursor="n" + keyset.cursor_of(make_contract(make_company()))).status_code
        == 400
    )
