"""Which contract ranks a company, and which list it stands on without one: domain.md 4.1, 4.9, 4.10."""

from dataclasses import replace
from datetime import date, timedelta
from decimal import Decimal
from typing import Any

import pytest

from accounts.act_by import (
    LeadFacts,
    ProcurementEstimate,
)
from accounts.working_days import WorkCalendar
from reports.factors import next_anniversary
from reports.facts import (
    CompanyFacts,
    LineFacts,
)
from reports.ranking import RankedCompany, Unranked, change_since, rank_company
from tests.reports.ranking_cast import (
    ANOTHER_ID,
    G1,
    G2,
    G5,
    G6,
    REFERENCES,
    WEIGHTS,
    T,
    casebook,
    contract,
    days_ago,
    having,
    profile,
    rank,
    russia,
    unranked,
)

# Lists: not ranked --------------------------------------------------------------------------------------
from upsell_crm.core.exact import EXACT


def test_no_contract() -> None:
    """4.9: list «Без договора»; its Δ still counts in the holding."""
    row = unranked(CompanyFacts(1, cases_12m=400))
    assert (row.list_code, row.delta) == ("no_contract", Decimal(360_000))


@pytest.mark.parametrize("status", ["draft", "approval", "signing", "issued", "void"])
def test_unsigned_contract_is_no_contract(status: str) -> None:
    """4.10.15: only a signed one counts."""
    assert (
        unranked(having(contract(date(2027, 3, 31), casebook(1), status=status))).list_code == "no_contract"
    )


@pytest.mark.parametrize("kind", ["trial", "gift"])
def test_pilot_only(kind: str) -> None:
    """4.9, 4.10.15: list «Пилоты» with the end date, also when something was paid before."""
    pilot = contract(date(2026, 12, 8), casebook(2, kind=kind), start_on=days_ago(20))
    row = unranked(having(pilot))
    assert (row.list_code, row.end_on) == ("pilots", date(2026, 12, 8))
    former = contract(date(2025, 12, 8), casebook(2), number=2, status="expired")
    assert unranked(having(pilot, former)).list_code == "pilots"


def test_terminated() -> None:
    """4.9: not eligible from the termination date, then «Бывшие»."""
    ended = contract(date(2027, 3, 31), casebook(9), status="terminated", terminated_on=T)
    assert unranked(having(ended)).list_code == "former"
    assert rank(having(replace(ended, terminated_on=T + timedelta(days=1))))


@pytest.mark.parametrize(
    ("ceased_on", "is_ranked"), [(T, False), (None, False), (T + timedelta(days=1), True)]
)
def test_ceased_company(ceased_on: date | None, is_ranked: bool) -> None:
    """4.10.15: legal_state = ceased on T."""
    facts = replace(G1, legal_state="ceased", ceased_on=ceased_on)
    row = rank_company(facts, T, russia(), REFERENCES, WEIGHTS)
    assert isinstance(row, RankedCompany) == is_ranked
    assert is_ranked or (isinstance(row, Unranked) and row.list_code == "former")


def test_child_in_head_contract() -> None:
    """4.10.18: licences run in the head's framework: list «В договоре головной»."""
    framework = contract(date(2027, 1, 31), casebook(8, end_user_id=1), payer_id=ANOTHER_ID)
    row = unranked(having(framework))
    assert (row.list_code, row.seats) == ("in_head_contract", 8)


@pytest.mark.parametrize(
    ("end_on", "passed", "points_"),
    [
        (date(2026, 10, 26), 20, "35.0"),
        (date(2026, 10, 23), 21, "34.1"),
        (date(2026, 9, 28), 40, "17.5"),
        (date(2026, 8, 31), 60, "0.0"),
    ],
)
def test_expired(end_on: date, passed: int, points_: str) -> None:
    """4.9: expired ≤ 20 working days 1.0, then falling."""
    row = rank(having(contract(end_on, casebook(20), status="expired"), facts=G6))
    assert row.evidence["renewal"]["expired_bd"] == passed
    assert str(row.contributions["renewal"]) == points_


def test_expired_longer_ago() -> None:
    """4.9: > 60 working days: list «Бывшие»."""
    assert unranked(having(contract(date(2026, 8, 28), casebook(20), status="expired"))).list_code == "former"


def test_expired_by_date_before_the_job() -> None:
    """4.1: an active contract whose end has passed is an expired one already."""
    assert rank(having(contract(days_ago(1), casebook(20)), facts=G6)).is_expired


def test_expired_is_not_band_a_by_slack() -> None:
    """4.5: slack ≤ 5 makes A only for an active contract."""
    row = rank(CompanyFacts(1, (contract(date(2026, 9, 14), casebook(20), status="expired"),)))
    assert row.slack < 5
    assert row.band == "D"


# Which contract -----------------------------------------------------------------------------------------


def test_nearest_of_several() -> None:
    """4.9: nearest by act-by; the others are listed, Δ over all products once."""
    row = rank(
        having(
            contract(date(2027, 6, 30), casebook(3), number=1),
            contract(date(2027, 3, 31), casebook(7), number=2),
            contract(date(2027, 9, 30), LineFacts("caselook", 1), number=3),
        )
    )
    assert row.contract_id == 2
    assert [(other["id"], other["end"]) for other in row.evidence["others"]] == [
        (1, "2027-06-30"),
        (3, "2027-09-30"),
    ]
    assert row.delta == 5 * 36_000
    assert row.seats == 11


def test_tie_goes_to_amount_then_id() -> None:
    """4.1: equal act-by: larger amount, then smaller id."""
    end_on = date(2027, 3, 31)
    small, large = (
        contract(end_on, casebook(1), number=1),
        contract(end_on, casebook(1), number=2, amount=Decimal(9)),
    )
    assert rank(having(small, large)).contract_id == 2
    assert rank(having(replace(large, id=5), large)).contract_id == 2


def test_each_contract_has_its_own_type() -> None:
    """4.2, 4.10.3: the later end may have the earlier act-by."""
    near = contract(date(2027, 3, 31), casebook(1), number=1, procurement_type="invoice_offer")
    far = contract(date(2027, 4, 30), casebook(1), number=2, procurement_type="auction_44")
    assert rank(having(near, far, facts=replace(G2, lead=LeadFacts()))).contract_id == 2


@pytest.mark.parametrize(("gap", "merge"), [(30, [1, 2]), (31, None)])
def test_merge_hint(gap: int, merge: list[int] | None) -> None:
    """4.9: two contracts that end ≤ 30 days apart."""
    first = date(2027, 3, 31)
    row = rank(
        having(contract(first, casebook(1)), contract(first + timedelta(days=gap), casebook(1), number=2))
    )
    assert row.evidence.get("merge") == merge


def test_trial_never_drives_renewal() -> None:
    """4.1: a pilot that ends first is not the nearest contract."""
    pilot = contract(date(2026, 12, 1), LineFacts("caselook", 5, "trial"), number=2)
    assert rank(having(*G2.contracts, pilot)).contract_id == 1


def test_contract_of_another_payer_is_no_candidate() -> None:
    """4.10.14: ranked by contracts where the company is the payer; seats at the end user."""
    foreign = contract(date(2026, 12, 1), casebook(4, end_user_id=1), number=2, payer_id=ANOTHER_ID)
    row = rank(having(*G2.contracts, foreign))
    assert (row.contract_id, row.seats) == (1, 14)


def test_seats_of_other_end_users_do_not_count() -> None:
    """4.10.14: a framework of the head counts its seats at the end users."""
    framework = contract(date(2027, 3, 31), casebook(10), casebook(30, end_user_id=ANOTHER_ID))
    assert rank(having(framework)).seats == 10


SUCCESSOR = contract(
    date(2027, 12, 31), casebook(12), number=2, start_on=date(2027, 1, 1), renews_id=1, signed_on=days_ago(3)
)
OLD = contract(date(2026, 12, 31), casebook(10))


def test_successor_starts_later() -> None:
    """4.9: predecessor not eligible, act-by by the successor's end; the old seats count until it starts."""
    row = rank(having(OLD, SUCCESSOR))
    assert (row.contract_id, row.seats) == (2, 10)
    assert row.end_on == date(2027, 12, 31)
    assert "others" not in row.evidence


def test_line_is_not_counted_from_the_day_its_renewal_starts() -> None:
    """4.10.2: an early renewal does not count seats twice."""
    assert rank(having(OLD, replace(SUCCESSOR, terms=replace(SUCCESSOR.terms, start_on=T)))).seats == 12


def test_successor_for_a_part() -> None:
    """4.9, 4.10.2: eligible with the remaining lines; seats may differ, product and end user may not."""
    both = replace(OLD, lines=(casebook(10), LineFacts("caselook", 3)))
    row = rank(having(both, SUCCESSOR))
    assert (row.contract_id, row.evidence["others"][0]["id"]) == (1, 2)
    other_user = replace(SUCCESSOR, lines=(casebook(12, end_user_id=ANOTHER_ID),))
    assert rank(having(OLD, other_user)).contract_id == 1


@pytest.mark.parametrize(
    "changes", [{"status": "signing"}, {"signed_on": T + timedelta(days=1)}, {"status": "terminated"}]
)
def test_successor_not_in_force(changes: dict[str, Any]) -> None:
    """4.10.2: only a signed successor renews, and a terminated one does not any more."""
    assert rank(having(OLD, replace(SUCCESSOR, **changes))).contract_id == 1


def test_ended_line_keeps_no_candidate() -> None:
    """4.10.18: a line that is renewed or ended does not keep its contract a candidate."""
    ended = replace(OLD, lines=(casebook(10, end_on=days_ago(1)),))
    assert unranked(having(ended)).list_code == "former"


def test_expired_with_successor_is_never_a_candidate() -> None:
    """4.10.2: signed successor, even for other products and even terminated."""
    expired = contract(days_ago(5), casebook(10), status="expired")
    gone = replace(
        SUCCESSOR, lines=(LineFacts("caselook", 1),), status="terminated", terminated_on=days_ago(1)
    )
    assert unranked(having(expired, gone)).list_code == "former"


def test_expired_company_counts_its_last_day() -> None:
    """4.10.13: all paid lines on the last day of the last expired contract."""
    last = contract(days_ago(5), casebook(10), number=1, status="expired")
    same_day = contract(
        days_ago(5), LineFacts("caselook", 4), casebook(9, kind="trial"), number=2, status="expired"
    )
    before = contract(days_ago(6), casebook(100), number=3, status="expired")
    row = rank(having(last, same_day, before))
    assert (row.contract_id, row.seats) == (1, 14)


def test_contract_that_starts_later() -> None:
    """4.1: a signed contract is ranked before it starts, with the seats of its first day."""
    row = rank(having(contract(date(2027, 11, 30), casebook(10), start_on=date(2026, 12, 1))))
    assert (row.seats, row.evidence["users"]["seats"]) == (10, 10)


def test_ends_today() -> None:
    """4.9: slack ≤ 0, f = 1, still active until the end of the day."""
    row = rank(having(contract(T, casebook(10))))
    assert (row.factors["renewal"], row.is_expired, row.band) == (Decimal(1), False, "A")
    assert row.slack <= 0


# Renewal ------------------------------------------------------------------------------------------------


def test_automatic_prolongation() -> None:
    """4.9: act-by = min(normal, notice deadline − buffer); line «окно до …»."""
    auto = contract(date(2027, 3, 31), casebook(10), is_auto_renewed=True, notice_days=60)
    row = rank(having(auto))
    assert row.evidence["renewal"]["auto_renew_until"] == "2027-01-30"
    assert row.act_by == russia().subtract(date(2027, 1, 30), 5)


def test_prolonged_contract_counts_one_period_later() -> None:
    """4.10.4, 4.10.18: the counted end replaces the end, for the lines too."""
    auto = contract(
        date(2026, 11, 30),
        casebook(10, end_on=date(2026, 11, 30)),
        start_on=date(2025, 12, 1),
        is_auto_renewed=True,
        notice_days=30,
    )
    row = rank(having(auto), as_of=date(2026, 12, 10))
    assert (row.end_on, row.seats, row.is_expired) == (date(2027, 11, 30), 10, False)
    assert row.evidence["renewal"]["periods_added"] == 1


LONG = contract(date(2028, 2, 2), casebook(10), start_on=date(2025, 2, 3))


def test_multi_year() -> None:
    """4.9: № 33: max(f by end, 0.5 × f by the next anniversary), with its line; act-by stays by the end."""
    row = rank(having(LONG, facts=replace(G2, lead=profile("direct", 15, 0))))
    assert row.evidence["renewal"]["anniversary"]["on"] == "2027-02-02"
    left = row.evidence["renewal"]["anniversary"]["slack"]
    assert row.factors["renewal"] == Decimal("0.5") * (90 - left) / 90
    assert (row.act_by, row.slack) == (date(2027, 12, 28), 271)


def test_multi_year_near_its_end() -> None:
    """4.9: the maximum of both: the end itself is nearer than any anniversary."""
    row = rank(having(contract(date(2026, 12, 31), casebook(10), start_on=date(2024, 1, 1))))
    assert (row.slack, row.factors["renewal"]) == (16, EXACT.divide(Decimal(74), Decimal(90)))
    assert "anniversary" not in row.evidence["renewal"]


@pytest.mark.parametrize(("end_on", "is_long"), [(date(2027, 12, 31), False), (date(2028, 1, 1), True)])
def test_longer_than_18_months(end_on: date, is_long: bool) -> None:
    """4.10.12: end + 1 day > start + 18 months."""
    row = rank(having(contract(end_on, casebook(1), start_on=date(2026, 7, 1))))
    assert ("anniversary" in row.evidence["renewal"]) == is_long


def test_anniversary_is_inside_the_contract() -> None:
    """4.1: end less whole years, the next one on or after T."""
    assert next_anniversary(date(2025, 2, 3), date(2028, 2, 2), date(2027, 2, 2)) == date(2027, 2, 2)
    assert next_anniversary(date(2025, 2, 3), date(2028, 2, 2), date(2027, 2, 3)) is None
    assert next_anniversary(date(2027, 2, 3), date(2028, 2, 29), T) == date(2027, 2, 28)
    assert next_anniversary(date(2028, 2, 3), date(2028, 12, 31), T) is None


def test_day_off() -> None:
    """4.10.5: Saturday has the slack of Monday."""
    assert rank(G2, as_of=date(2026, 11, 21)).slack == rank(G2, as_of=date(2026, 11, 23)).slack


def test_unknown_procurement() -> None:
    """4.9: type unknown, 15+25+5, ease missing, flag."""
    row = rank(G5)
    assert (row.lead_bd, row.factors["procurement"]) == (45, None)
    assert "procurement_unconfirmed" in row.flags


def test_amount_over_limit() -> None:
    """4.9: next type of the regime, warning, its ease."""
    big = contract(date(2027, 3, 31), casebook(10), amount=Decimal(600_001))
    row = rank(having(big, facts=replace(G2, lead=profile("small_44", 1, 1))))
    assert (row.lead_bd, row.factors["procurement"]) == (18, Decimal("0.75"))
    assert "over_limit" in row.flags
    assert row.evidence["procurement"] == {"type": "eshop_44", "source": "profile", "asked_type": "small_44"}


def test_change_of_type_changes_the_line() -> None:
    """R22: invoice-offer to auction: act-by and the explanation."""
    offer, auction = rank(G2), rank(replace(G2, lead=profile("auction_44")))
    assert auction.act_by < offer.act_by
    assert auction.evidence["procurement"] != offer.evidence["procurement"]


def test_stale_estimate_is_flagged() -> None:
    """4.10.1: «проверьте сроки», the old value shown, procurement and approval stale."""
    old = ProcurementEstimate("single_223", 12, 34, days_ago(181))
    row = rank(replace(G1, lead=LeadFacts(profile=old)))
    assert "stale_lead_times" in row.flags
    assert (row.evidence["renewal"]["approval"], row.evidence["renewal"]["stale_approval"]) == (20, 12)
    assert row.stale == ["procurement"]
    assert row.missing == ["approval"]


def test_approval_known_from_levels_1_to_3() -> None:
    """4.3: the default of the type is no knowledge; an invoice-offer is always 1."""
    assert rank(replace(G1, lead=profile("single_223"))).factors["approval"] is None
    assert rank(replace(G1, lead=profile("single_223", 60))).factors["approval"] == 0
    assert rank(G2).factors["approval"] == 1


def test_calendar_flags() -> None:
    """4.10.17, 4.2: provisional and missing years of the calendar."""
    far = having(contract(date(2028, 2, 2), casebook(1)))
    assert "calendar_provisional" in rank(far).flags
    assert "calendar_provisional" not in rank(G2).flags
    assert "calendar_fallback" in rank(G2, calendar=WorkCalendar({})).flags


def test_calendar_changed_by_decree() -> None:
    """4.9: act-by is recalculated at the next run, the difference is listed."""
    days = [date(2026, 1, 1) + timedelta(days=n) for n in range(730)]
    decree = WorkCalendar({d: russia().is_working(d) and d != date(2027, 3, 23) for d in days})
    before, after = rank(G2), rank(G2, calendar=decree)
    change = change_since(before, after)
    assert (before.act_by, after.act_by) == (date(2027, 3, 17), date(2027, 3, 16))
    assert change is not None
    assert (change.act_by_before, change.act_by_after) == (before.act_by, after.act_by)
