"""When a renewal has to be started at the latest, and how long it takes (domain.md 4.2, 4.10)."""

import calendar as months
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, timedelta
from decimal import Decimal

from accounts.working_days import WorkCalendar

UNKNOWN_TYPE = "unknown"
APPROVAL = "approval"
PROCUREMENT = "procurement"
DEFAULT_BUFFER_BD = 5
DEFAULT_APPROVAL_BD = 15  # level 5, working days
DEFAULT_PROCUREMENT_BD = 25  # level 5, working days
ESTIMATE_VALID_DAYS = 180
MAX_LEAD_BD = 250
_MEASURES_USED, _MEASURES_NEEDED, _BASE_NEEDED, _BASE_MONTHS = 3, 2, 10, 24

MedianKey = tuple[str, str, str, str]
"""(type code, regime, segment, kind) of a median of the vendor's base."""


@dataclass(frozen=True, slots=True)
class ProcurementRule:
    """One type of procedure of the reference (4.4): terms in working days, ease 0–1, limit in roubles."""

    code: str
    regime: str
    lead_bd: int
    approval_bd: int
    ease: Decimal | None = None
    max_amount: Decimal | None = None
    next_code: str = ""


@dataclass(frozen=True, slots=True)
class ProcurementRules:
    """The reference of procedures by code, and the medians of the vendor's base (level 3 of 4.2)."""

    by_code: Mapping[str, ProcurementRule]
    base_medians: Mapping[MedianKey, int] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class LeadMeasure:
    """One measured approval or procurement of a company: a row of LeadTime, in working days."""

    type_code: str
    kind: str
    finished_on: date
    working_days: int


@dataclass(frozen=True, slots=True)
class ProcurementEstimate:
    """The client's procurement profile: default type and the KAM's own terms in working days (level 1)."""

    default_type: str = ""
    approval_bd: int | None = None
    lead_bd: int | None = None
    verified_on: date | None = None
    valid_days: int = ESTIMATE_VALID_DAYS

    def is_fresh(self, as_of: date) -> bool:
        """Confirmed on or before `as_of`, not more than `valid_days` calendar days ago (4.10.1)."""
        return is_fresh(self.verified_on, self.valid_days, as_of)


@dataclass(frozen=True, slots=True)
class LeadFacts:
    """What a company tells about its terms: regime, segment, profile, measurements."""

    regime: str = UNKNOWN_TYPE
    segment: str = ""
    profile: ProcurementEstimate | None = None
    measures: Sequence[LeadMeasure] = ()


@dataclass(frozen=True, slots=True)
class ContractTerms:
    """The part of a contract that decides its act-by; `end_on` is the last covered day."""

    start_on: date
    end_on: date
    amount: Decimal = Decimal(0)
    procurement_type: str = ""
    is_auto_renewed: bool = False
    notice_days: int | None = None
    refused_on: date | None = None


@dataclass(frozen=True, slots=True)
class DealTerms:
    """The part of the open deal covering a contract that decides its type; empty values fall through."""

    procurement_type: str = ""
    amount: Decimal | None = None


@dataclass(frozen=True, slots=True)
class LeadTimes:
    """Terms found for one contract, working days, with the level 1–5 each came from (4.2).

    `asked_code` is the type before the check of its limit, `type_source` deal, profile, contract or none.
    `stale_*` is the estimate of the KAM that was too old to use: «проверьте сроки».
    """

    type_code: str
    type_source: str
    asked_code: str
    is_over_limit: bool
    ease: Decimal | None
    approval_bd: int
    approval_level: int
    procurement_bd: int
    procurement_level: int
    stale_approval_bd: int | None = None
    stale_procurement_bd: int | None = None

    @property
    def is_estimate_stale(self) -> bool:
        """Whether the KAM's estimate has to be confirmed again: «проверьте сроки» (4.10.1)."""
        return self.stale_approval_bd is not None or self.stale_procurement_bd is not None


@dataclass(frozen=True, slots=True)
class ActBy:
    """The act-by of one contract: `lead_bd` = L, `end_on` the counted end after `periods_added` prolongations.

    `window_until` is the last day to refuse an automatic prolongation, None under the normal rule.
    """

    act_by: date
    end_on: date
    lead_bd: int
    window_until: date | None = None
    periods_added: int = 0

    @property
    def is_by_window(self) -> bool:
        """Whether the window of the automatic prolongation is running (4.10.4)."""
        return self.window_until is not None


def is_fresh(verified_on: date | None, valid_days: int, as_of: date) -> bool:
    """Whether a fact was confirmed on or before `as_of` and at most `valid_days` calendar days ago."""
    return verified_on is not None and 0 <= (as_of - verified_on).days <= valid_days


def check_lead_bd(value: int) -> int:
    """Refuse a term below 0 or above 250 working days at entry (4.9)."""
    if not 0 <= value <= MAX_LEAD_BD:
        raise ValueError(f"a term must be 0 to {MAX_LEAD_BD} working days")
    return value


def median_half_up(values: Iterable[int]) -> int:
    """Median of whole working days, rounded half up to a whole day (4.10.1)."""
    ordered = sorted(values)
    middle = len(ordered) // 2
    if len(ordered) % 2:
        return ordered[middle]
    return (ordered[middle - 1] + ordered[middle] + 1) // 2


def add_months(day: date, count: int) -> date:
    """`day` moved by whole calendar months; a day the month lacks becomes its last one."""
    index = day.year * 12 + day.month - 1 + count
    year, month = index // 12, index % 12 + 1
    if day.day <= 28:
        return date(year, month, day.day)
    return date(year, month, min(day.day, months.monthrange(year, month)[1]))


def base_medians(rows: Iterable[tuple[str, str, LeadMeasure]], as_of: date) -> dict[MedianKey, int]:
    """Level 3 of 4.2: medians by type, regime, segment and kind over 24 months; groups under 10 are left out.

    `rows` are (regime, segment, measurement) of every company.
    """
    since = add_months(as_of, -_BASE_MONTHS)
    groups: dict[MedianKey, list[int]] = {}
    for regime, segment, measure in rows:
        if since <= measure.finished_on <= as_of:
            key = (measure.type_code, regime, segment, measure.kind)
            groups.setdefault(key, []).append(measure.working_days)
    return {key: median_half_up(days) for key, days in groups.items() if len(days) >= _BASE_NEEDED}


def resolve_type(
    deal: DealTerms | None, profile: ProcurementEstimate | None, contract: ContractTerms
) -> tuple[str, str]:
    """(code, source): the open deal's type, else the profile's, else the contract's, else unknown (R22, 4.2).

    `unknown` counts as a value; only an empty one falls through (4.10.1).
    """
    if deal is not None and deal.procurement_type:
        return deal.procurement_type, "deal"
    if profile is not None and profile.default_type:
        return profile.default_type, "profile"
    if contract.procurement_type:
        return contract.procurement_type, "contract"
    return UNKNOWN_TYPE, "none"


def fitting_type(code: str, amount: Decimal, by_code: Mapping[str, ProcurementRule]) -> tuple[str, bool]:
    """(code, is_over_limit): the next type of the regime while the amount is above the limit (4.10.3).

    An amount equal to the limit still fits; a chain that ends keeps its last type with the warning.
    """
    is_over_limit = False
    seen: set[str] = set()
    rule = by_code.get(code)
    while rule is not None and rule.max_amount is not None and amount > rule.max_amount:
        is_over_limit = True
        seen.add(code)
        if rule.next_code in seen or rule.next_code not in by_code:
            break
        code = rule.next_code
        rule = by_code[code]
    return code, is_over_limit


def lead_times(
    company: LeadFacts,
    contract: ContractTerms,
    deal: DealTerms | None,
    rules: ProcurementRules,
    as_of: date,
) -> LeadTimes:
    """Type, approval and procurement terms of one contract by the five levels of 4.2 (R21, R22)."""
    asked, source = resolve_type(deal, company.profile, contract)
    amount = contract.amount if deal is None or deal.amount is None else deal.amount
    code, is_over_limit = fitting_type(asked, amount, rules.by_code)
    rule = rules.by_code.get(code)
    approval, procurement = _own_terms(company.profile, code, asked, source)
    stale_approval = stale_procurement = None
    if company.profile is not None and not company.profile.is_fresh(as_of):
        stale_approval, stale_procurement = approval, procurement
        approval = procurement = None
    approval_level = procurement_level = 1
    if approval is None:
        last = DEFAULT_APPROVAL_BD if rule is None else rule.approval_bd
        approval, approval_level = _search(company, code, APPROVAL, rules, as_of, last, rule is None)
    if procurement is None:
        last = DEFAULT_PROCUREMENT_BD if rule is None else rule.lead_bd
        procurement, procurement_level = _search(company, code, PROCUREMENT, rules, as_of, last, rule is None)
    return LeadTimes(
        code, source, asked, is_over_limit, None if rule is None else rule.ease,
        approval, approval_level, procurement, procurement_level, stale_approval, stale_procurement,
    )  # fmt: skip


def _own_terms(
    profile: ProcurementEstimate | None, code: str, asked: str, source: str
) -> tuple[int | None, int | None]:
    """The KAM's terms when they were given for this very type: those of another one do not count."""
    if profile is None:
        return None, None
    if profile.default_type:
        is_same_type = profile.default_type == code
    else:
        is_same_type = source != "deal" and code == asked
    return (profile.approval_bd, profile.lead_bd) if is_same_type else (None, None)


def _search(
    company: LeadFacts, code: str, kind: str, rules: ProcurementRules, as_of: date, last: int, is_bare: bool
) -> tuple[int, int]:
    """(working days, level) of levels 2 to 5."""
    if company.measures:
        measured = [
            m for m in company.measures if m.kind == kind and m.type_code == code and m.finished_on <= as_of
        ]
        if len(measured) >= _MEASURES_NEEDED:
            measured.sort(key=lambda m: (m.finished_on, m.working_days))
            return median_half_up(m.working_days for m in measured[-_MEASURES_USED:]), 2
    if rules.base_medians:
        median = rules.base_medians.get((code, company.regime, company.segment, kind))
        if median is not None:
            return median, 3
    return last, 5 if is_bare else 4


def counted_end(terms: ContractTerms, as_of: date) -> tuple[date, int]:
    """(end, prolongations): one period later each time `as_of` is past the notice deadline (4.10.4, 4.10.18).

    A refusal holds for the period in which it was made. Without notice days the end stays.
    """
    end, added = terms.end_on, 0
    if not terms.is_auto_renewed or not terms.notice_days:
        return end, added
    notice = timedelta(days=terms.notice_days)
    while as_of > end - notice and not _is_refused(terms, end, as_of):
        added += 1
        end = _period_end(terms, added + 1)
    return end, added


def _is_refused(terms: ContractTerms, end: date, as_of: date) -> bool:
    return terms.refused_on is not None and terms.refused_on <= min(as_of, end)


def next_period_end(terms: ContractTerms) -> date:
    """Last day of the period that an automatic prolongation adds to the contract (4.10.18)."""
    return _period_end(terms, 2)


def _period_end(terms: ContractTerms, count: int) -> date:
    """Last day of `count` periods laid on from the start: whole months when they fit, else days (4.10.18)."""
    after = terms.end_on + timedelta(days=1)
    start = terms.start_on
    whole = (after.year - start.year) * 12 + after.month - start.month
    if whole > 0 and add_months(start, whole) == after:
        return add_months(start, whole * count) - timedelta(days=1)
    return start + max(after - start, timedelta(days=1)) * count - timedelta(days=1)


def act_by(
    terms: ContractTerms,
    lead: LeadTimes,
    as_of: date,
    calendar: WorkCalendar,
    buffer_bd: int = DEFAULT_BUFFER_BD,
    *,
    can_prolong: bool = True,
) -> ActBy:
    """«Начать не позднее»: sub_bd(end, L), L = approval + procurement + buffer working days (R21, 4.2).

    An automatic prolongation takes the earlier of that and the notice deadline less the buffer (4.10.4);
    `can_prolong=False` is for a contract that is not active any more.
    """
    lead_bd = lead.approval_bd + lead.procurement_bd + buffer_bd
    end, added = counted_end(terms, as_of) if can_prolong else (terms.end_on, 0)
    normal = calendar.subtract(end, lead_bd)
    is_windowed = can_prolong and terms.is_auto_renewed and terms.notice_days
    if not is_windowed or _is_refused(terms, end, as_of):
        return ActBy(normal, end, lead_bd, None, added)
    window_until = end - timedelta(days=terms.notice_days or 0)
    return ActBy(min(normal, calendar.subtract(window_until, buffer_bd)), end, lead_bd, window_until, added)


def slack(act_by_on: date, as_of: date, calendar: WorkCalendar) -> int:
    """Working days left to the act-by: 0 = today is the last good day, below 0 = late (4.2).

    On a day off it is counted from the next working day (4.10.5).
    """
    start = as_of if calendar.is_working(as_of) else calendar.next_working(as_of)
    return calendar.between(start, act_by_on)
