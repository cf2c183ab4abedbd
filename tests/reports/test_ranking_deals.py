"""What open deals do to the ranking, from the records to the row (domain.md 4.2, 4.5, 4.9, 4.10)."""

from dataclasses import replace
from datetime import date, timedelta
from decimal import Decimal
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from accounts.enums import InteractionState, TaskState
from accounts.models import Company, Interaction, Task
from accounts.services.tasks import finish_task
from deals.enums import Approval, DealKind, DealStage, Edo
from deals.models import Deal, DealInteraction, DealRenewal, DealTask
from deals.services.deal_interactions import follow_interaction
from deals.services.deals import create_deal, update_deal
from reports.company_facts import read_facts
from reports.models import RankRow
from reports.ranking import RankedCompany, rank_company
from reports.services.ranking import load_formula, run_ranking
from reports.spans import Span
from reports.weights import active_weights
from tests.factories import (
    Cast,
    T,
    make_company,
    make_contract,
    make_deal,
    make_document,
    moment,
)
from tests.reports.golden import make_golden_g1
from tests.reports.ranking_cast import taught
from upsell_crm.core import outbox

pytestmark = pytest.mark.usefixtures("references")


def talk(deal: Deal, on: date = T, **values: Any) -> Interaction:
    """A communication that belongs to the deal."""
    values.setdefault("state", InteractionState.HELD)
    said = Interaction.objects.create(
        company=deal.company, kind="call", purpose="needs", starts_at=moment(on), author=deal.responsible_kam,
        next_step="Дальше", next_step_on=T, summary="Поговорили", **values,
    )  # fmt: skip
    DealInteraction.objects.create(deal=deal, interaction=said)
    return said


def give_task(deal: Deal, due_on: date) -> Task:
    """An open task of the deal."""
    task = Task.objects.create(
        company=deal.company, title="Прислать КП", assignee=deal.responsible_kam, due_on=due_on,
        state=TaskState.DOING, receiver=deal.responsible_kam,
    )  # fmt: skip
    DealTask.objects.create(deal=deal, task=task)
    return task


def row_of(company: Company) -> RankRow:
    """The company's row after a run over everything."""
    run_ranking(by=None)
    return RankRow.objects.current().get(company=company)


def test_a_deal_on_track_damps_by_two_fifths(cast: Cast) -> None:
    """§4.5 G7 (№ 31): the lines of G1, damp −35.3, 53.0, B; without its training 80.5 − 32.2 = 48.3."""
    company, contract, _profile = make_golden_g1(cast)
    deal = make_deal(company, renews=contract, title="Пролонгация")
    talk(deal, T - timedelta(14))
    row = row_of(company)
    assert (row.score, row.band, row.contributions["damp"]) == (Decimal("48.3"), "B", "-32.2")
    assert row.evidence["damp"] == {"deal_id": deal.pk, "title": "Пролонгация", "next_step": "2026-11-25"}
    formula = load_formula(T, active_weights())
    facts = next(read_facts(Span(company.pk, company.pk), T, formula.valid_days))
    trained = replace(facts, trainings=(replace(taught(), activated=12),))
    ranked = rank_company(trained, T, formula.calendar, formula.references, formula.weights)
    assert isinstance(ranked, RankedCompany)
    assert (ranked.score, ranked.band, ranked.contributions["damp"]) == (
        Decimal("53.0"),
        "B",
        Decimal("-35.3"),
    )


@pytest.mark.parametrize(
    ("what", "values"),
    [
        ("no interaction", {}),
        ("a talk 15 days ago", {"talked": 15}),
        ("a planned talk", {"talked": 0, "state": InteractionState.PLANNED}),
        ("a talk taken back", {"talked": 0, "retracted_at": moment()}),
        ("a step in the past", {"talked": 0, "step": T - timedelta(1)}),
        ("an overdue task", {"talked": 0, "due": T - timedelta(1)}),
        ("a pause", {"talked": 0, "stage": DealStage.HOLD}),
    ],
)
def test_a_stalled_deal_damps_nothing_and_is_told(cast: Cast, what: str, values: dict[str, Any]) -> None:
    """§4.9 (№ 32): no step, overdue or silent for more than 14 days → «сделка стоит»; a pause stands too (0040)."""
    company, contract, _profile = make_golden_g1(cast)
    deal = make_deal(company, renews=contract, next_step_on=values.pop("step", T))
    if "talked" in values:
        others = {key: one for key, one in values.items() if key in ("state", "retracted_at")}
        talk(deal, T - timedelta(values["talked"]), **others)
    if "due" in values:
        give_task(deal, values["due"])
    if "stage" in values:
        paused = {"stage": DealStage.HOLD, "return_stage": DealStage.NEEDS, "hold_until": T + timedelta(9)}
        Deal.objects.filter(pk=deal.pk).update(**paused)
    row = row_of(company)
    assert (row.score, row.contributions["damp"], row.band) == (Decimal("80.5"), "0.0", "A"), what
    assert "deal_stalled" in row.flags


def test_a_step_and_a_task_of_today_are_on_track(cast: Cast) -> None:
    """§4.10.16: today counts as future; a task is overdue from the day after."""
    company, contract, _profile = make_golden_g1(cast)
    deal = make_deal(company, renews=contract, next_step_on=T)
    talk(deal)
    give_task(deal, T)
    assert row_of(company).contributions["damp"] == "-32.2"


@pytest.mark.parametrize("stage", [DealStage.WON, DealStage.LOST])
def test_a_closed_deal_is_nothing_to_the_ranking(cast: Cast, stage: str) -> None:
    """§4.5: an open deal."""
    company, contract, _profile = make_golden_g1(cast)
    deal = make_deal(company, renews=contract)
    talk(deal)
    closed = {
        "stage": stage,
        "return_stage": DealStage.SIGNING,
        "closed_at": moment(),
        "main_reason": "price",
    }
    Deal.objects.filter(pk=deal.pk).update(**closed)
    row = row_of(company)
    assert row.contributions["damp"] == "0.0"
    assert "deal_stalled" not in row.flags


def test_a_deal_that_renews_another_contract_does_not_damp(cast: Cast) -> None:
    """§4.10.18: the open deal is the one that covers the nearest contract; an upsell covers none."""
    company, _contract, _profile = make_golden_g1(cast)
    later = make_contract(company, ("caselook", 5), end_date=date(2027, 10, 31))
    talk(make_deal(company, renews=later))
    talk(make_deal(company, kind=DealKind.UPSELL))
    row = row_of(company)
    assert row.contributions["damp"] == "0.0"
    assert "deal_stalled" not in row.flags


def test_the_type_of_the_deal_counts_first(cast: Cast) -> None:
    """§4.2, R22: the open deal's type before the profile's; the profile's terms are of another type."""
    company, contract, profile = make_golden_g1(cast)
    make_deal(
        company, renews=contract, procurement_type=profile.default_type.__class__.objects.get(code="direct")
    )
    renewal = row_of(company).evidence["renewal"]
    assert (renewal["approval"], renewal["procurement"]) == (15, 0)


@pytest.mark.parametrize(("seats", "is_over"), [(16, False), (17, True)])
def test_the_amount_of_the_deal_is_held_against_the_limit(cast: Cast, seats: int, is_over: bool) -> None:
    """§4.4, §4.10.3: 16 seats are 576 000 ₽ and fit п. 4; 17 are 612 000 ₽ and take the electronic shop."""
    company = make_company(kam=cast.lisina, regime="fz44")
    contract = make_contract(company, ("casebook", 10))
    rules = load_formula(T, active_weights()).references.procurement.by_code
    assert rules["small_44"].max_amount == 600_000
    types = Deal._meta.get_field("procurement_type").related_model.objects
    deal = make_deal(
        company, ("casebook", 10, seats), renews=contract, procurement_type=types.get(code="small_44")
    )
    assert deal.amount == 36_000 * seats
    row = row_of(company)
    assert ("over_limit" in row.flags) == is_over
    assert row.evidence["procurement"]["type"] == ("eshop_44" if is_over else "small_44")


def test_a_holding_deal_damps_every_level_below(cast: Cast) -> None:
    """§4.9: a child with an open holding deal is damped by that deal; a sister holding is not."""
    head = make_company("Голова", kam=cast.aliev)
    child = make_company("ДЗО", kam=cast.aliev, parent=head, head=head)
    grandchild = make_company("Внучка", kam=cast.aliev, parent=child, head=head)
    sister = make_company("Чужая", kam=cast.aliev)
    for company in (head, child, grandchild, sister):
        make_contract(company, ("casebook", 10))
    talk(make_deal(head, kind=DealKind.HOLDING, title="Холдинг"))
    run_ranking(by=None)
    damped = {row.company: row.contributions["damp"] != "0.0" for row in RankRow.objects.current()}
    assert damped == {head: True, child: True, grandchild: True, sister: False}


def test_a_holding_deal_of_a_subholding_leaves_the_top_alone(cast: Cast) -> None:
    """§4.9: it covers its company and what is below, not what is above or beside."""
    head = make_company("Голова", kam=cast.aliev)
    middle = make_company("Субхолдинг", kam=cast.aliev, parent=head, head=head)
    leaf = make_company("Лист", kam=cast.aliev, parent=middle, head=head)
    for company in (head, middle, leaf):
        make_contract(company, ("casebook", 10))
    talk(make_deal(middle, kind=DealKind.HOLDING))
    run_ranking(by=None)
    damped = {row.company: row.contributions["damp"] != "0.0" for row in RankRow.objects.current()}
    assert damped == {head: False, middle: True, leaf: True}


def test_a_signed_successor_takes_the_place_of_the_renewed_contract(cast: Cast) -> None:
    """§4.9: the deal's new contract is signed and starts later → act-by by its end, the deal covers it no more."""
    company, contract, _profile = make_golden_g1(cast)
    talk(make_deal(company, renews=contract))
    successor = make_contract(
        company,
        ("casebook", 60),
        start_date=date(2027, 2, 1),
        end_date=date(2028, 1, 31),
        renews=contract,
        signed_on=T,
    )
    row = row_of(company)
    assert row.contract == successor
    assert row.evidence["renewal"]["end"] == "2028-01-31"
    assert row.contributions["damp"] == "0.0"


def test_two_contracts_that_end_close_together_may_be_merged(cast: Cast) -> None:
    """§4.9: ≤ 30 days apart → «объединить в одну пролонгацию»; one deal may renew both."""
    company = make_company(kam=cast.lisina)
    first = make_contract(company, ("casebook", 10), end_date=date(2027, 2, 28))
    second = make_contract(company, ("caselook", 5), end_date=date(2027, 3, 30))
    assert row_of(company).evidence["merge"] == [first.pk, second.pk]
    deal = make_deal(company, renews=first)
    DealRenewal.objects.create(deal=deal, contract=second)
    facts = next(read_facts(Span(company.pk, company.pk), T, load_formula(T, active_weights()).valid_days))
    assert list(facts.deals[0].contract_ids) == [first.pk, second.pk]


@pytest.mark.parametrize(
    ("approval", "edo", "is_rejected"),
    [
        (Approval.REFUSED, None, True),
        (Approval.SIGNING, Edo.REJECTED, True),
        (Approval.REWORK, Edo.CORRECTION, True),
        (Approval.SIGNED, Edo.CORRECTION, False),
        (Approval.SIGNING, Edo.SENT_WAIT, False),
    ],
)
def test_rejected_documents_of_an_open_deal_are_a_flag(
    cast: Cast, approval: str, edo: str | None, is_rejected: bool
) -> None:
    """§4.5: «документы отклонены»."""
    company, contract, _profile = make_golden_g1(cast)
    make_document(make_deal(company, renews=contract), approval, edo=edo)
    assert ("documents_rejected" in row_of(company).flags) == is_rejected


def test_a_company_is_ranked_again_after_a_move_of_its_deal(cast: Cast) -> None:
    """R22, R96: opening a deal, its next step and its task each owe the company a new ranking."""
    company, contract, _profile = make_golden_g1(cast)
    run_ranking(by=None)
    deal = create_deal(
        by=cast.lisina, company=company, kind=DealKind.RENEWAL, title="Пролонгация", target_date=T,
        next_step="Позвонить", next_step_on=T, renews=[contract],
    )  # fmt: skip
    outbox.drain()
    assert "deal_stalled" in RankRow.objects.current().get().flags
    talk(deal)
    task = give_task(deal, T - timedelta(1))
    update_deal(deal, {"next_step_on": T + timedelta(3)}, by=cast.lisina)
    outbox.drain()
    assert RankRow.objects.current().get().contributions["damp"] == "0.0"
    finish_task(by=cast.lisina, task=task, result="Отправлено")
    outbox.drain()
    assert RankRow.objects.current().get().contributions["damp"] == "-32.2"


def test_a_talk_of_a_holding_deal_ranks_the_whole_holding_again(cast: Cast) -> None:
    """§4.9, R22: the talk is logged at the head; the ДЗО are damped within seconds."""
    head = make_company("Голова", kam=cast.aliev)
    child = make_company("ДЗО", kam=cast.aliev, parent=head, head=head)
    make_contract(child, ("casebook", 10))
    deal = make_deal(head, kind=DealKind.HOLDING)
    run_ranking(by=None)
    said = Interaction.objects.create(
        company=head,
        kind="call",
        purpose="needs",
        starts_at=moment(),
        author=cast.aliev,
        summary="Поговорили",
    )
    follow_interaction(interaction=said, by=cast.aliev, context={})
    outbox.drain()
    row = RankRow.objects.current().get(company=child)
    assert (row.is_damped, row.deal) == (True, deal)


def test_statements_do_not_grow_with_deals(cast: Cast) -> None:
    """R4: 3 and 30 companies with a deal, a task, a talk and a document cost the same number of statements."""
    run_ranking(by=None)
    counts = []
    for amount in (3, 27):
        for _ in range(amount):
            company = make_company(kam=cast.lisina)
            deal = make_deal(company, renews=make_contract(company, ("casebook", 5)))
            talk(deal)
            give_task(deal, T)
            make_document(deal, Approval.REFUSED)
        with CaptureQueriesContext(connection) as queries:
            run_ranking(by=None)
        counts.append(len(queries))
    assert counts[0] == counts[1]
