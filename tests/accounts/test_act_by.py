"""Act-by, its lead times and automatic prolongation: domain.md 4.2, 4.9, 4.10."""

from dataclasses import replace
from datetime import date, timedelta
from decimal import Decimal
from functools import cache

import holidays
import pytest
from hypothesis import given
from hypothesis import strategies as st

from accounts.act_by import (
    APPROVAL,
    PROCUREMENT,
    ContractTerms,
    DealTerms,
    LeadFacts,
    LeadMeasure,
    LeadTimes,
    ProcurementEstimate,
    ProcurementRule,
    ProcurementRules,
    act_by,
    add_months,
    base_medians,
    check_lead_bd,
    counted_end,
    lead_times,
    median_half_up,
    resolve_type,
    slack,
)
from accounts.working_days import WorkCalendar

T = date(2026, 11, 24)


@cache
def russia() -> WorkCalendar:
    known = holidays.country_holidays("RU", years=range(2025, 2030))
    days = [date(2025, 1, 1) + timedelta(days=n) for n in range(1826)]
    return WorkCalendar([(d, known.is_working_day(d)) for d in days])


def rule(
    code: str, regime: str, approval: int, lead: int, ease: str, limit: str = "Infinity", then: str = ""
) -> ProcurementRule:
    known_ease = Decimal(ease) if ease else None
    max_amount = None if limit == "Infinity" else Decimal(limit)
    return ProcurementRule(code, regime, lead, approval, known_ease, max_amount, then)


RULES = ProcurementRules(
    {
        r.code: r
        for r in (
            rule("invoice_offer", "any", 0, 5, "1.00"),
            rule("direct", "commercial", 15, 0, "0.85"),
            rule("small_44", "fz44", 5, 7, "0.80", "600000", "eshop_44"),
            rule("eshop_44", "fz44", 5, 8, "0.75", "5000000", "rfq_44"),
            rule("rfq_44", "fz44", 10, 20, "0.50", "10000000", "auction_44"),
            rule("auction_44", "fz44", 15, 35, "0.35"),
            rule("small_223", "fz223", 10, 10, "0.75", "500000", "rfq_223"),
            rule("rfq_223", "fz223", 15, 25, "0.50"),
            rule("single_223", "fz223", 20, 20, "0.65"),
            rule("unknown", "any", 15, 25, ""),
        )
    }
)
CONTRACT = ContractTerms(date(2026, 2, 1), date(2027, 1, 31), Decimal(400_000), "single_223")
FRESH = ProcurementEstimate("single_223", 12, 34, T - timedelta(days=180))


def found(
    profile: ProcurementEstimate | None = None,
    contract: ContractTerms = CONTRACT,
    deal: DealTerms | None = None,
    measures: tuple[LeadMeasure, ...] = (),
    rules: ProcurementRules = RULES,
) -> LeadTimes:
    return lead_times(LeadFacts("fz223", "M", profile, measures), contract, deal, rules, T)


def measured(*days: int, kind: str = APPROVAL, code: str = "single_223") -> tuple[LeadMeasure, ...]:
    return tuple(LeadMeasure(code, kind, date(2026, 1 + n, 1), value) for n, value in enumerate(days))


@pytest.mark.parametrize(
    ("values", "median"), [((7,), 7), ((4, 5), 5), ((1, 9, 2), 2), ((0, 0, 1, 2), 1), ((3, 4, 6, 9), 5)]
)
def test_median_rounds_half_up(values: tuple[int, ...], median: int) -> None:
    """4.10.1: to a whole working day."""
    assert median_half_up(values) == median


@pytest.mark.parametrize("value", [-1, 251])
def test_entry_refuses_impossible_term(value: int) -> None:
    """4.9: negative or above 250 working days."""
    with pytest.raises(ValueError, match="250"):
        check_lead_bd(value)
    assert check_lead_bd(250) == 250


@pytest.mark.parametrize(
    ("deal", "default", "contract", "expected"),
    [
        ("auction_44", "small_44", "direct", ("auction_44", "deal")),
        ("", "small_44", "direct", ("small_44", "profile")),
        ("", "", "direct", ("direct", "contract")),
        ("", "unknown", "direct", ("unknown", "profile")),
        ("unknown", "small_44", "direct", ("unknown", "deal")),
        ("", "", "", ("unknown", "none")),
    ],
)
def test_type_that_counts(deal: str, default: str, contract: str, expected: tuple[str, str]) -> None:
    """R22, 4.10.1: deal, profile, contract, unknown; `unknown` is a value."""
    terms = replace(CONTRACT, procurement_type=contract)
    assert resolve_type(DealTerms(deal), ProcurementEstimate(default), terms) == expected


def test_no_deal_no_profile() -> None:
    """4.2: the contract's type."""
    assert resolve_type(None, None, CONTRACT) == ("single_223", "contract")


def test_level_1_estimate_of_180_days_counts() -> None:
    """4.2: confirmed ≤ 180 days ago."""
    lead = found(FRESH)
    assert (lead.approval_bd, lead.approval_level) == (12, 1)
    assert (lead.procurement_bd, lead.procurement_level) == (34, 1)
    assert not lead.is_estimate_stale


@pytest.mark.parametrize("verified_on", [T - timedelta(days=181), None, T + timedelta(days=1)])
def test_old_estimate_is_struck_through(verified_on: date | None) -> None:
    """4.10.1: older than 180 days or never confirmed: the search goes on, «проверьте сроки»."""
    lead = found(replace(FRESH, verified_on=verified_on))
    assert (lead.approval_bd, lead.approval_level, lead.procurement_bd) == (20, 4, 20)
    assert lead.is_estimate_stale
    assert (lead.stale_approval_bd, lead.stale_procurement_bd) == (12, 34)


def test_old_profile_without_estimate_is_not_struck_through() -> None:
    """4.10.1: nothing was estimated, nothing is to be checked."""
    assert not found(ProcurementEstimate("single_223")).is_estimate_stale


def test_estimate_of_one_kind_only() -> None:
    """4.2: approval and procurement are searched apart."""
    lead = found(replace(FRESH, lead_bd=None))
    assert (lead.approval_level, lead.procurement_level, lead.procurement_bd) == (1, 4, 20)


def test_estimate_of_another_type_does_not_count() -> None:
    """4.2: levels 1–3 count only values of the type that counts."""
    lead = found(FRESH, deal=DealTerms("direct"))
    assert (lead.type_code, lead.approval_bd, lead.approval_level) == ("direct", 15, 4)


def test_estimate_with_empty_default_belongs_to_the_contract_type() -> None:
    """4.10.1: an empty default falls through to the contract's type, its terms with it."""
    assert found(replace(FRESH, default_type="")).approval_level == 1
    assert found(replace(FRESH, default_type=""), deal=DealTerms("direct")).approval_level == 4


def test_level_2_last_three_measured() -> None:
    """4.2: median of the last three, of this type and kind."""
    lead = found(measures=measured(90, 8, 30, 10))
    assert (lead.approval_bd, lead.approval_level) == (10, 2)
    assert lead.procurement_level == 4


def test_level_2_needs_two() -> None:
    """4.2: one measurement is not enough; other types and later days do not count."""
    later = LeadMeasure("single_223", APPROVAL, T + timedelta(days=1), 8)
    measures = (*measured(8), *measured(8, 8, code="direct"), later)
    assert found(measures=measures).approval_level == 4


def test_level_3_median_of_the_base() -> None:
    """4.2: same regime and segment, 24 months, ten or more."""
    rows = [
        ("fz223", "M", LeadMeasure("single_223", PROCUREMENT, date(2026, 1, 1), 30 + n)) for n in range(10)
    ]
    rows += [("fz223", "L", m) for _, _, m in rows[:9]]
    rows += [("fz223", "M", LeadMeasure("single_223", PROCUREMENT, date(2024, 11, 23), 1))]
    medians = base_medians(rows, T)
    assert medians == {("single_223", "fz223", "M", PROCUREMENT): 35}
    lead = found(rules=replace(RULES, base_medians=medians))
    assert (lead.procurement_bd, lead.procurement_level, lead.approval_level) == (35, 3, 4)


def test_level_5_type_missing_from_the_reference() -> None:
    """4.2: 15 and 25 working days."""
    lead = found(contract=replace(CONTRACT, procurement_type="gone"))
    assert (lead.approval_bd, lead.procurement_bd, lead.approval_level, lead.ease) == (15, 25, 5, None)


def test_unknown_procurement() -> None:
    """4.9: type unknown, 15+25, ease missing."""
    lead = found(contract=replace(CONTRACT, procurement_type=""))
    assert (lead.type_code, lead.approval_bd, lead.procurement_bd, lead.ease) == ("unknown", 15, 25, None)


@pytest.mark.parametrize(
    ("code", "amount", "expected", "is_over"),
    [
        ("small_44", 600_000, "small_44", False),
        ("small_44", 600_001, "eshop_44", True),
        ("small_44", 5_000_001, "rfq_44", True),
        ("small_44", 10_000_001, "auction_44", True),
        ("small_223", 500_001, "rfq_223", True),
        ("direct", 99_000_000, "direct", False),
    ],
)
def test_amount_over_limit(code: str, amount: int, expected: str, is_over: bool) -> None:
    """4.10.3: the next type of the regime; amount = limit still fits."""
    lead = found(contract=replace(CONTRACT, procurement_type=code, amount=Decimal(amount)))
    assert (lead.type_code, lead.is_over_limit, lead.asked_code) == (expected, is_over, code)


def test_over_limit_takes_terms_of_the_next_type() -> None:
    """4.10.3: approval, lead and ease of the new type; overrides of the old one do not count."""
    profile = replace(FRESH, default_type="small_44")
    lead = found(profile, replace(CONTRACT, amount=Decimal(700_000)))
    assert (lead.approval_bd, lead.procurement_bd, lead.ease) == (5, 8, Decimal("0.75"))
    assert lead.approval_level == 4


def test_limit_is_checked_with_the_amount_of_the_deal() -> None:
    """4.4: the amount of the open deal, else of the contract."""
    assert found(deal=DealTerms("small_44", Decimal(600_001))).type_code == "eshop_44"
    over = replace(CONTRACT, amount=Decimal(900_000))
    assert found(contract=over, deal=DealTerms("small_44", Decimal(1))).type_code == "small_44"
    assert found(contract=over, deal=DealTerms("small_44")).type_code == "eshop_44"


@pytest.mark.parametrize("then", ["", "loop", "absent"])
def test_chain_that_ends_keeps_its_type(then: str) -> None:
    """4.10.3: others none; the warning stays, a loop in the reference does no harm."""
    rules = ProcurementRules({"loop": rule("loop", "any", 1, 1, "0.5", "10", then)})
    lead = found(contract=replace(CONTRACT, procurement_type="loop"), rules=rules)
    assert (lead.type_code, lead.is_over_limit) == ("loop", True)


def test_act_by_of_a_plain_contract() -> None:
    """4.2: 31.01.2027 with 20 + 20 + 5."""
    timing = act_by(CONTRACT, found(), T, russia())
    assert (timing.act_by, timing.lead_bd, timing.is_by_window) == (date(2026, 11, 18), 45, False)
    assert slack(timing.act_by, T, russia()) == -4


def test_change_of_type_moves_act_by() -> None:
    """R22: from invoice-offer to auction."""
    offer = act_by(CONTRACT, found(deal=DealTerms("invoice_offer")), T, russia())
    auction = act_by(CONTRACT, found(deal=DealTerms("auction_44")), T, russia())
    assert russia().between(auction.act_by, offer.act_by) == 45


@given(
    st.dates(date(2026, 11, 24), date(2028, 12, 31)),
    st.integers(0, 120),
    st.integers(0, 80),
    st.integers(0, 50),
)
def test_more_approval_moves_act_by(end_on: date, approval: int, lead: int, more: int) -> None:
    """R21: +n working days of approval move the act-by exactly n working days earlier."""
    terms = replace(CONTRACT, end_on=end_on)
    short, long = (
        act_by(terms, found(replace(FRESH, approval_bd=days, lead_bd=lead)), T, russia())
        for days in (approval, approval + more)
    )
    assert russia().between(long.act_by, short.act_by) == more


def test_day_off_counts_from_the_next_working_day() -> None:
    """4.10.5: on Saturday 21.11.2026 the slack is that of Monday."""
    act_by_on = date(2026, 12, 1)
    assert slack(act_by_on, date(2026, 11, 21), russia()) == slack(act_by_on, date(2026, 11, 23), russia())
    assert slack(date(2026, 11, 20), date(2026, 11, 21), russia()) == -1


AUTO = ContractTerms(date(2026, 1, 22), date(2027, 1, 21), Decimal(1), "direct", True, 30)


def test_auto_window_comes_first() -> None:
    """4.10.4: № 35, notice 30 days before 21.01.2027, reserve 5."""
    timing = act_by(AUTO, found(contract=replace(AUTO, procurement_type="invoice_offer")), T, russia())
    assert timing.window_until == date(2026, 12, 22)
    assert timing.act_by == russia().subtract(date(2026, 12, 22), 5) == date(2026, 12, 15)


def test_normal_rule_comes_first_when_earlier() -> None:
    """4.10.4: the minimum of both."""
    timing = act_by(AUTO, found(contract=replace(AUTO, procurement_type="auction_44")), T, russia())
    assert timing.act_by == russia().subtract(date(2027, 1, 21), 55)


@pytest.mark.parametrize("notice", [None, 0])
def test_no_notice_days_is_the_normal_rule(notice: int | None) -> None:
    """4.10.4: empty or 0."""
    timing = act_by(replace(AUTO, notice_days=notice), found(contract=AUTO), T, russia())
    assert (timing.window_until, timing.end_on) == (None, AUTO.end_on)


def test_refusal_is_the_normal_rule() -> None:
    """4.10.4: renewal_refused_on ≤ T; a later one is not known yet."""
    lead = found(contract=replace(AUTO, procurement_type="invoice_offer"))
    refused = act_by(replace(AUTO, refused_on=T), lead, T, russia())
    assert (refused.act_by, refused.window_until) == (russia().subtract(AUTO.end_on, 10), None)
    later = act_by(replace(AUTO, refused_on=T + timedelta(days=1)), lead, T, russia())
    assert later.window_until == date(2026, 12, 22)


def test_past_the_deadline_the_end_is_one_period_later() -> None:
    """4.10.4: on the deadline itself the contract has not prolonged yet."""
    deadline = date(2026, 12, 22)
    assert counted_end(AUTO, deadline) == (AUTO.end_on, 0)
    assert counted_end(AUTO, deadline + timedelta(days=1)) == (date(2028, 1, 21), 1)
    timing = act_by(AUTO, found(contract=AUTO), date(2026, 12, 23), russia())
    assert (timing.end_on, timing.window_until) == (date(2028, 1, 21), date(2027, 12, 22))


def test_refusal_in_time_stops_the_prolongation() -> None:
    """4.10.4: with a refusal the end stays, also after the deadline."""
    refused = replace(AUTO, refused_on=date(2026, 12, 1))
    assert counted_end(refused, date(2027, 6, 1)) == (AUTO.end_on, 0)


def test_refusal_in_a_later_period_stops_that_period() -> None:
    """4.10.4 read for two periods: the first one has already prolonged."""
    refused = replace(AUTO, refused_on=date(2027, 6, 1))
    assert counted_end(refused, date(2027, 12, 31)) == (date(2028, 1, 21), 1)


def test_contract_that_is_not_active_does_not_prolong() -> None:
    """4.10.4: an expired one keeps its end and the normal rule."""
    timing = act_by(AUTO, found(contract=AUTO), date(2027, 3, 1), russia(), can_prolong=False)
    assert (timing.end_on, timing.window_until) == (AUTO.end_on, None)


@pytest.mark.parametrize(
    ("start_on", "end_on", "as_of", "expected"),
    [
        (
            date(2026, 1, 31),
            date(2026, 2, 27),
            date(2026, 2, 28),
            date(2026, 3, 30),
        ),  # one month, from the 31st
        (date(2026, 1, 1), date(2026, 6, 30), date(2026, 7, 1), date(2026, 12, 31)),  # six months
        (date(2026, 1, 1), date(2026, 1, 10), date(2026, 1, 15), date(2026, 1, 20)),  # ten days
        (date(2026, 1, 1), date(2026, 1, 10), date(2026, 2, 2), date(2026, 2, 9)),  # three times ten days
    ],
)
def test_one_period(start_on: date, end_on: date, as_of: date, expected: date) -> None:
    """4.10.18: whole months from the start, else days, laid on again from the start."""
    terms = ContractTerms(start_on, end_on, is_auto_renewed=True, notice_days=1)
    assert counted_end(terms, as_of)[0] == expected


def test_add_months_clamps() -> None:
    """4.10.12: the last day of a shorter month."""
    assert add_months(date(2024, 2, 29), -12) == date(2023, 2, 28)
    assert add_months(date(2026, 8, 31), 18) == date(2028, 2, 29)
