"""Trainings in the ranking: from the list of people to the line of the score (R19, domain.md §4.3, §4.10.9)."""

from decimal import Decimal
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from reports.company_facts import read_facts
from reports.models import ClientRow, RankRow
from reports.services.existing_clients import build_existing_clients
from reports.services.ranking import run_ranking
from reports.spans import Span
from tests.factories import Cast, T, make_company, make_contract
from tests.reports.golden import make_golden_g1
from tests.trainings.makers import make_results, make_training
from trainings.enums import TrainingState
from trainings.index import index
from trainings.models import Training
from trainings.queries import read_held
from trainings.results_rows import ResultRow
from trainings.services.results import enter_results
from upsell_crm.core import outbox
from upsell_crm.core.parameters import parameter


@pytest.mark.parametrize(
    ("values", "expected"),
    [
        ({}, "0.7800"),
        ({"test": None}, "0.7714"),
        ({"ago": 200}, "0.4680"),
        ({"ago": 365}, "0.0000"),
        ({"attended": 10, "reaction": "3", "test": 30, "activated": 2}, "0.3500"),
        ({"attended": 10, "reaction": "3", "test": 50, "activated": 5}, "0.5000"),
    ],
)
def test_the_golden_index_from_the_list_of_people(cast: Cast, values: dict[str, Any], expected: str) -> None:
    """§4.3: 0.78, 0.771 without a test, 0.468 after 200 days, 0 after 365; 0.35 and 0.5 of §8.1 (R36)."""
    make_results(make_company(kam=cast.lisina), cast.gai, **values)
    found = index([one.facts for one in read_held(Training.objects.all())], T)
    assert found is not None and str(found.quantize(Decimal("0.0001"))) == expected


def test_the_golden_company_with_its_training(cast: Cast, references: Any) -> None:
    """§4.5 G1: 88.3 = 80.5 + 7.8, and the explanation names the training (R19)."""
    company, _contract, _profile = make_golden_g1(cast)
    make_results(company, cast.gai)
    run_ranking(by=None)
    row = RankRow.objects.current().get(company=company)
    assert (row.score, row.contributions["training"], row.confidence) == (Decimal("88.3"), "7.8", 100)
    assert row.evidence["training"]["topic"] == "Поиск дел"


def test_held_without_results_is_missing_and_costs_confidence(cast: Cast, references: Any) -> None:
    """§4.10.9: nothing is known of it, 0.3 is imputed and the confidence says so."""
    company, _contract, _profile = make_golden_g1(cast)
    training = make_results(company, cast.gai, reaction=None, test=None, activated=None, state="held")
    run_ranking(by=None)
    row = RankRow.objects.current().get(company=company)
    assert (row.missing, row.contributions["training"], row.confidence) == (["training"], "3.0", 90)
    training.trainees.filter(attended=True).update(test=80)
    run_ranking(by=None)
    row = RankRow.objects.current().get(company=company)
    assert (row.missing, row.confidence) == ([], 100)


def test_the_report_has_the_index_and_the_day_of_the_last_training(cast: Cast, references: Any) -> None:
    """§5.2, R38: the columns «Индекс обучения» and «Последнее обучение» are those of the ranking."""
    company, _contract, _profile = make_golden_g1(cast)
    make_results(company, cast.gai)
    run_ranking(by=None)
    build_existing_clients(as_of=T, by=None)
    data = ClientRow.objects.get(company=company).data
    assert (data["training_index"], data["training_on"]) == (78, "2026-10-25")


def test_results_move_the_ranking_of_this_client_within_one_job(cast: Cast, references: Any) -> None:
    """R19: what the tutor saves is owed to the ranking in the same transaction, and done by the next drain."""
    company, _contract, _profile = make_golden_g1(cast)
    training = make_training(company, cast.gai, ago=2)
    run_ranking(by=None)
    rows = [ResultRow(who="", name=f"Человек {n}", attended=True, test=Decimal(100)) for n in range(2)]
    enter_results(training, rows, by=cast.gai)
    outbox.drain()
    row = RankRow.objects.current().get(company=company)
    assert row.evidence["training"] == {
        "last_on": "2026-11-22", "topic": "Поиск дел", "attended": 2, "count": 1, "index": 100,
    }  # fmt: skip


@pytest.mark.parametrize("state", [TrainingState.PLANNED, TrainingState.CANCELLED, TrainingState.NO_SHOW])
def test_what_did_not_take_place_does_not_count(cast: Cast, references: Any, state: str) -> None:
    """A planned or cancelled training is none: the factor stays 0, a fact."""
    company, _contract, _profile = make_golden_g1(cast)
    make_training(company, cast.gai, state=state)
    run_ranking(by=None)
    assert RankRow.objects.current().get(company=company).score == Decimal("80.5")


def test_any_number_of_trainings_is_one_statement(cast: Cast, references: Any) -> None:
    """R26, decision 0010: facts by spans; a training adds no statement."""
    companies = [make_company(kam=cast.lisina) for _ in range(5)]
    for company in companies:
        make_contract(company, ("casebook", 10))

    def statements() -> int:
        with CaptureQueriesContext(connection) as captured:
            list(read_facts(Span(companies[0].pk, companies[-1].pk), T, parameter("valid_days")))
        return len(captured)

    before = statements()
    for company in companies:
        make_results(company, cast.gai, invited=3, attended=2, activated=1)
        make_results(company, cast.gai, invited=3, attended=2, activated=1, ago=50)
    assert statements() == before
