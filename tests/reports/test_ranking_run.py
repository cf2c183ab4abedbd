"""Runs of the ranking over the real database (R16–R22, R26, R27, R96)."""

from datetime import date, timedelta
from decimal import Decimal

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from accounts.enums import ContactState
from accounts.models import Contract
from reports.models import RankRow, RankRun
from reports.services.ranking import prune_runs, rank_companies, run_ranking
from tests.factories import T, make_company, make_contract, moment
from tests.reports.golden import make_golden_g1
from upsell_crm.core import clock
from upsell_crm.core.errors import DomainError, NotAllowed


def test_golden_company_from_the_database(cast, references):
    """§4.5 G1 without a training is 80.5, every line as printed; facts come by the set-based reader (R26)."""
    company, contract, _profile = make_golden_g1(cast)
    run = run_ranking(by=cast.belova)
    row = RankRow.objects.current().get(company=company)
    assert (row.score, row.band, row.act_by, row.slack) == (Decimal("80.5"), "A", date(2026, 11, 18), -4)
    assert row.contributions == {
        "renewal": "35.0", "potential": "16.0", "users": "11.7", "training": "0.0", "feature": "8.0",
        "procurement": "3.3", "approval": "2.5", "relation": "4.0", "damp": "0.0",
    }  # fmt: skip
    assert row.confidence == 100
    assert row.contract == contract
    assert run.totals["all"]["band_A"] == run.totals[f"team:{cast.k1.pk}"]["band_A"] == 1


def test_same_data_same_date_same_order(cast, references):
    """R27: a run is reproducible, and stores its date, weights version and duration."""
    for end in (date(2027, 3, 31), date(2026, 12, 31), date(2027, 6, 30)):
        make_contract(make_company(kam=cast.lisina), ("casebook", 10), end_date=end)
    runs = [run_ranking(by=None), run_ranking(by=None)]
    first, second = ([(r.company_id, r.score) for r in run.rows.ranked()] for run in runs)
    assert first == second
    assert first[0][0] == Contract.objects.get(end_date=date(2026, 12, 31)).company_id
    assert runs[1].weights.version == 1
    assert runs[1].finished_at


def test_a_killed_run_leaves_the_old_ranking(cast, references, monkeypatch):
    """R96: an error in the middle keeps the rows that pages show, and the run says what happened."""
    make_golden_g1(cast)
    old = run_ranking(by=None)

    def die(run, **details):
        raise RuntimeError("power cut")

    monkeypatch.setattr("reports.services.ranking.place_rows", die)
    with pytest.raises(RuntimeError):
        run_ranking(by=None)
    assert list(RankRow.objects.current().values_list("run", flat=True)) == [old.pk]
    failed = RankRun.objects.get(state=RankRun.State.FAILED)
    assert failed.error == "power cut"
    assert not failed.rows.exists()


def test_two_full_runs_at_once_are_refused(cast, references):
    """§2.8.11: a constraint, not a hope; a run that was killed is taken over after ten silent minutes."""
    run = run_ranking(by=None)
    RankRun.objects.filter(pk=run.pk).update(state=RankRun.State.RUNNING, heartbeat_at=clock.now())
    with pytest.raises(DomainError) as refusal:
        run_ranking(by=None)
    assert refusal.value.code == "already_running"
    RankRun.objects.filter(pk=run.pk).update(heartbeat_at=moment(T - timedelta(1)))
    assert run_ranking(by=None).state == RankRun.State.DONE


def test_one_company_is_ranked_again(cast, references):
    """R22: after a change of procurement one company's row is replaced, the others stay as they were."""
    company, _contract, profile = make_golden_g1(cast)
    other = make_company(kam=cast.lisina)
    make_contract(other, ("casebook", 5))
    run_ranking(by=None)
    profile.approval_bd_override, profile.lead_bd_override = 20, 30
    profile.save()
    rank_companies(company_ids=[company.pk])
    row = RankRow.objects.current().get(company=company)
    assert row.slack == -14
    assert row.change == {}  # the points of the renewal stand at their maximum already
    assert RankRow.objects.current().count() == 2


def test_a_run_for_another_day_does_not_replace_today(cast, references):
    """A what-if run is stored, but pages go on showing today's ranking."""
    make_golden_g1(cast)
    today = run_ranking(by=None)
    run_ranking(as_of=T + timedelta(30), by=None)
    assert RankRow.objects.current().get().run == today


def test_companies_without_a_score_stand_on_their_lists(cast, references):
    """§4.10.15: pilots, former clients and companies without a contract."""
    pilot, former, prospect = (make_company(kam=cast.lisina) for _ in range(3))
    make_contract(pilot, ("caselook", 2), kind="trial")
    make_contract(former, ("casebook", 9), end_date=date(2026, 8, 16), status="expired")
    run_ranking(by=None)
    listed = dict(RankRow.objects.current().values_list("company_id", "listed"))
    assert listed == {pilot.pk: "pilots", former.pk: "former", prospect.pk: "no_contract"}


def test_unverified_decision_maker_is_told(cast, references):
    """§4.10.8: all unverified → 0 points and a flag."""
    company, _contract, _profile = make_golden_g1(cast)
    company.contacts.update(state=ContactState.UNVERIFIED)
    run_ranking(by=None)
    row = RankRow.objects.current().get()
    assert row.contributions["relation"] == "0.0"
    assert "dm_unconfirmed" in row.flags


def test_a_kam_may_not_run_the_ranking(cast, references):
    """§3: lead, head and administrator run it."""
    with pytest.raises(NotAllowed):
        run_ranking(by=cast.lisina)


def test_number_of_statements_does_not_grow(cast, references):
    """R4: 3 and 30 companies cost the same number of statements."""
    run_ranking(by=None)  # builds the calendar of this process
    counts = []
    for amount in (3, 27):
        for _ in range(amount):
            make_contract(make_company(kam=cast.lisina), ("casebook", 5))
        with CaptureQueriesContext(connection) as queries:
            run_ranking(by=None)
        counts.append(len(queries))
    assert counts[0] == counts[1]


def test_old_runs_go_and_the_first_of_a_quarter_stays(cast, references):
    """R83: the quarter review needs the snapshot; nothing that a page shows is deleted."""
    make_golden_g1(cast)
    days = (date(2026, 7, 1), date(2026, 7, 2), date(2026, 10, 1), date(2026, 10, 2), T)
    runs = {day: run_ranking(as_of=day, by=None) for day in days}
    assert prune_runs(T) == 2
    left = set(RankRun.objects.values_list("as_of", flat=True))
    assert left == {date(2026, 7, 1), date(2026, 10, 1), T}
    assert runs[T].rows.filter(is_current=True).exists()
