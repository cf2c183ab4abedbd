"""The thirteen rows of the invoice-offer rule, their combinations, boundaries and laws (R38, §5.3)."""

from dataclasses import replace
from datetime import date
from decimal import Decimal

import pytest
from django.utils import translation
from hypothesis import given
from hypothesis import strategies as st

from accounts.invoice_offer import WORST_FIRST, Answer, Decision, OfferFacts, PaidOffer, VendorTerms, decide
from accounts.offer_texts import answer_text, leading_first, reason_texts

T = date(2026, 11, 24)
VENDOR = VendorTerms()
GOOD = OfferFacts(regime="commercial", policy="allowed", verified_on=date(2026, 11, 1))


def ask(facts: OfferFacts, amount: str = "100000") -> Decision:
    return decide(facts, Decimal(amount), T, VENDOR)


def codes(decision: Decision) -> list[str]:
    return [reason.code for reason in decision.reasons]


ROWS = [
    ("1", replace(GOOD, policy="forbidden"), "100000", "no", ["client_forbids"], None),
    ("2 needs_tz", replace(GOOD, needs_tz=True), "100000", "no", ["needs_contract", "ok"], 600_000),
    ("2 own form", replace(GOOD, own_contract_form=True), "100000", "no", ["needs_contract", "ok"], 600_000),
    ("3", replace(GOOD, individual_products=("case_one",)), "1", "no", ["product_needs_contract", "ok"], 600_000),
    ("4", replace(GOOD, overdue_debt=Decimal("0.01")), "1", "no", ["debt", "ok"], 600_000),
    ("5", replace(GOOD, missing_requisites=("kpp",)), "1", "unknown", ["requisites", "ok"], 600_000),
    ("6 regime", replace(GOOD, regime="unknown"), "1", "unknown", ["unknown_policy"], None),
    ("6 policy", replace(GOOD, policy="unknown"), "1", "unknown", ["unknown_policy"], None),
    ("6 limit not given", replace(GOOD, policy="up_to_limit"), "1", "unknown", ["unknown_policy"], None),
    ("7 allowed", GOOD, "100000", "yes", ["ok"], 600_000),
    ("7 limit", replace(GOOD, policy="up_to_limit", policy_limit=Decimal(300_000)), "1", "limit", ["limit"], 300_000),
    ("7 vendor", replace(GOOD, policy="up_to_limit", policy_limit=Decimal(900_000)), "1", "limit", ["limit"], 600_000),
    ("8", replace(GOOD, regime="fz44", annual_small_left=Decimal(450_000)), "1", "limit", ["fz44_limit"], 450_000),
    ("8 year unknown", replace(GOOD, regime="fz44"), "1", "limit", ["fz44_limit", "fz44_year_unknown"], 600_000),
    ("9", replace(GOOD, regime="fz223", small_purchase_limit=Decimal(500_000)), "1", "limit", ["fz223_rules"], 500_000),
    ("10", replace(GOOD, regime="fz223"), "1", "unknown", ["fz223_unknown"], None),
    ("11", GOOD, "600000.01", "no", ["limit", "over_limit"], 600_000),
    ("12 old", replace(GOOD, verified_on=date(2026, 5, 27)), "1", "yes", ["ok", "stale"], 600_000),
    ("12 never", replace(GOOD, verified_on=None), "1", "yes", ["ok", "stale"], 600_000),
    ("13", replace(GOOD, policy="unknown", paid_offers=(PaidOffer(date(2025, 1, 9), Decimal(96_000)),)),
     "96000", "limit", ["history"], 96_000),
]  # fmt: skip


@pytest.mark.parametrize(
    ("row", "facts", "amount", "answer", "reasons", "limit"), ROWS, ids=[r[0] for r in ROWS]
)
def test_each_row_alone(
    row: str, facts: OfferFacts, amount: str, answer: str, reasons: list[str], limit: int | None
) -> None:
    """§5.3, rows 1 to 13: every reason is kept, the worst answer wins, the limit is shown all the same."""
    decision = ask(facts, amount)
    assert (decision.answer, codes(decision), decision.limit) == (answer, reasons, limit)


def test_forbidden_wins_over_allowed_amount() -> None:
    """1 + 7 → нет."""
    assert ask(replace(GOOD, policy="forbidden"), "1").answer == Answer.NO


def test_history_speaks_where_the_policy_is_unknown() -> None:
    """6 + 13 → да, до."""
    facts = replace(GOOD, policy="unknown", paid_offers=(PaidOffer(T, Decimal(700_000)),))
    decision = ask(facts)
    assert (decision.answer, codes(decision), decision.limit) == ("limit", ["history"], 600_000)


def test_stale_facts_of_a_state_body_are_marked_for_checking() -> None:
    """8 + 12 → да, до + проверить."""
    decision = ask(replace(GOOD, regime="fz44", annual_small_left=Decimal(450_000), verified_on=None))
    assert (decision.answer, decision.limit, decision.is_stale) == ("limit", 450_000, True)


def test_missing_requisites_outweigh_a_permission() -> None:
    """5 + 7 → нет данных."""
    assert ask(replace(GOOD, missing_requisites=("inn", "kpp"))).answer == Answer.UNKNOWN


KOPECK = Decimal("0.01")
EDGES = [
    (GOOD, Decimal(600_000), "yes"),
    (replace(GOOD, policy="up_to_limit", policy_limit=Decimal(300_000)), Decimal(300_000), "limit"),
    (replace(GOOD, regime="fz44"), Decimal(600_000), "limit"),
    (replace(GOOD, regime="fz44", annual_small_left=Decimal(450_000)), Decimal(450_000), "limit"),
    (replace(GOOD, regime="fz223", small_purchase_limit=Decimal(100_000)), Decimal(100_000), "limit"),
]


@pytest.mark.parametrize(("facts", "limit", "fits"), EDGES)
def test_the_limit_itself_still_fits(facts: OfferFacts, limit: Decimal, fits: str) -> None:
    """A kopeck below and the limit itself pass, a kopeck above does not; the limit is shown in all three."""
    answers = [decide(facts, limit + step, T, VENDOR) for step in (-KOPECK, Decimal(0), KOPECK)]
    assert [decision.answer for decision in answers] == [fits, fits, "no"]
    assert {decision.limit for decision in answers} == {limit}


def test_the_reason_of_a_44_fz_refusal_names_which_limit() -> None:
    """§5.3: above one purchase → fz44_limit, above the year's rest → fz44_year, and over_limit with both."""
    body = replace(GOOD, regime="fz44", annual_small_left=Decimal(450_000))
    assert codes(ask(body, "500000")) == ["fz44_year", "over_limit"]
    assert codes(ask(body, "700000")) == ["fz44_limit", "fz44_year", "over_limit"]
    assert codes(ask(replace(body, annual_small_left=Decimal(0)), "0")) == ["fz44_year"]


def test_the_clients_own_limit_does_not_cap_state_purchases() -> None:
    """§5.3: rows 8 and 9 look at the law and the Положение alone."""
    facts = replace(GOOD, policy="up_to_limit", policy_limit=Decimal(10_000), regime="fz44")
    assert ask(facts).limit == 600_000


@pytest.mark.parametrize(("paid_on", "counts"), [(date(2024, 11, 24), True), (date(2024, 11, 23), False)])
def test_history_reaches_back_24_months(paid_on: date, counts: bool) -> None:
    facts = replace(GOOD, policy="unknown", paid_offers=(PaidOffer(paid_on, Decimal(200_000)),))
    assert ("history" in codes(ask(facts))) is counts


def test_unknown_policy_and_over_history_is_refused_for_this_sum() -> None:
    """Row 11 stands above row 13 too: X is more than was ever paid."""
    facts = replace(GOOD, policy="unknown", paid_offers=(PaidOffer(T, Decimal(50_000)),))
    assert (ask(facts).answer, ask(facts).limit) == ("no", 50_000)


def test_the_page_reads_it_in_russian() -> None:
    """Story 10: № 25 «нет: 336 000 больше предела 300 000», № 17 «да, до 450 000»."""
    facts = replace(GOOD, policy="up_to_limit", policy_limit=Decimal(300_000))
    decision = ask(facts, "336000")
    with translation.override("ru"):
        assert answer_text(decision.answer, decision.limit) == "нет"
        words = [reason.text.replace("\xa0", " ") for reason in reason_texts(leading_first(decision))]
        assert words == ["336 000 ₽ больше предела 300 000 ₽", "До 300 000 ₽ по правилам клиента"]
        limited = answer_text("limit", Decimal(450_000), is_stale=True).replace("\xa0", " ")
        assert limited == "да, до 450 000 ₽, проверить"


money = st.decimals(min_value=0, max_value=2_000_000, places=2)
maybe_money = st.none() | money
facts_of_any_client = st.builds(
    OfferFacts,
    regime=st.sampled_from(["commercial", "fz44", "fz223", "unknown"]),
    policy=st.sampled_from(["allowed", "up_to_limit", "forbidden", "unknown"]),
    policy_limit=maybe_money,
    small_purchase_limit=maybe_money,
    annual_small_left=maybe_money,
    needs_tz=st.booleans(),
    own_contract_form=st.booleans(),
    overdue_debt=st.sampled_from([Decimal(0), Decimal(5)]),
    missing_requisites=st.sampled_from([(), ("inn",)]),
    individual_products=st.sampled_from([(), ("case_one",)]),
    verified_on=st.none() | st.dates(date(2025, 1, 1), T),
    paid_offers=st.lists(st.builds(PaidOffer, st.dates(date(2023, 1, 1), T), money), max_size=3),
)
REFUSING = [
    {"needs_tz": True}, {"own_contract_form": True}, {"individual_products": ("case_one",)},
    {"overdue_debt": Decimal(1)}, {"missing_requisites": ("inn",)}, {"policy": "forbidden"},
]  # fmt: skip


def badness(decision: Decision) -> int:
    return WORST_FIRST.index(decision.answer)


@given(facts_of_any_client, money, st.sampled_from(REFUSING))
def test_law_a_refusing_fact_never_improves_the_answer(
    facts: OfferFacts, amount: Decimal, refusing: dict[str, object]
) -> None:
    before = decide(facts, amount, T, VENDOR)
    assert badness(decide(replace(facts, **refusing), amount, T, VENDOR)) <= badness(before)


@given(facts_of_any_client, money, money)
def test_law_a_larger_sum_never_improves_the_answer(facts: OfferFacts, one: Decimal, other: Decimal) -> None:
    small, large = sorted((one, other))
    assert badness(decide(facts, large, T, VENDOR)) <= badness(decide(facts, small, T, VENDOR))


@given(facts_of_any_client, money)
def test_law_worst_answer_smallest_limit_and_always_a_reason(facts: OfferFacts, amount: Decimal) -> None:
    """R38: ≥ 1 reason; the answer is the worst and the limit the smallest of the rows that fire."""
    decision = decide(facts, amount, T, VENDOR)
    answers = [reason.answer for reason in decision.reasons if reason.answer]
    assert decision.answer == min(answers, key=WORST_FIRST.index)
    limits = [reason.limit for reason in decision.reasons if reason.limit is not None]
    assert decision.limit == min(limits, default=None)
    assert (decision.limit is not None and amount > decision.limit) == ("over_limit" in codes(decision))
    assert [reason.row for reason in decision.reasons] == sorted(reason.row for reason in decision.reasons)
    assert len(reason_texts(decision.reasons)) == len(decision.reasons)
