"""From factors to points: lines, score, band and confidence (domain.md 4.3, 4.5)."""

from collections.abc import Mapping
from dataclasses import dataclass
from decimal import ROUND_HALF_UP, Decimal
from functools import lru_cache

from reports.factors import Factor
from reports.facts import DAMP, Params, Weights
from upsell_crm.core.exact import EXACT

HIGH, MEDIUM, LOW = "high", "medium", "low"

_TENTH = Decimal("0.1")
_SNAP = Decimal("1e-20")  # heals the last digits of a quotient, so that an exact half rounds up
_ZERO = Decimal("0.0")


@dataclass(frozen=True, slots=True)
class ScoreLines:
    """The lines of one score: points by factor and `damp`, and their sum."""

    contributions: dict[str, Decimal]
    score: Decimal


def score_lines(values: Mapping[str, Decimal | None], weights: Weights, *, is_damped: bool) -> ScoreLines:
    """Points of each factor, rounded half up once to 0.1, and the damping; also re-weights snapshots (4.5, 4.8).

    A missing factor (None) counts with the imputed value, never 0 and never renormalised away (4.3).
    """
    by_factor = weights.by_factor()
    total = sum(by_factor.values())
    imputed = weights.params.imputed
    lines: dict[str, Decimal] = {}
    raw = _ZERO
    for code, weight in by_factor.items():
        value = values[code]
        lines[code] = points(weight, total, imputed if value is None else value)
        raw += lines[code]
    damp = -_rounded(raw * weights.params.damp) if is_damped else _ZERO
    lines[DAMP] = damp or _ZERO
    return ScoreLines(lines, raw + damp)


def band_of(score: Decimal, slack: int, params: Params, *, is_expired: bool, is_damped: bool) -> str:
    """A, B, C or D; an active contract with slack ≤ 5 working days and no damping is always A (4.5)."""
    if score >= params.band_a or (not is_expired and not is_damped and slack <= params.slack_a_bd):
        return "A"
    if score >= params.band_b:
        return "B"
    return "C" if score >= params.band_c else "D"


def confidence_of(values: Mapping[str, Factor], weights: Weights) -> tuple[int, str]:
    """Whole per cent of weight that is known (fresh 1, stale 0.5, missing 0), half up, and its word (4.3)."""
    known = total = 0
    for code, weight in weights.by_factor().items():
        factor = values[code]
        total += weight
        if factor.value is not None:
            known += weight if factor.is_stale else 2 * weight
    percent = (known * 100 + total) // (2 * total)
    return percent, HIGH if percent >= 80 else MEDIUM if percent >= 50 else LOW


@lru_cache(maxsize=4096)  # a base of a hundred thousand clients repeats a few values: 0, 1, the imputed one
def points(weight: int, total: int, value: Decimal) -> Decimal:
    """100·w/Σw·f, rounded half up once to 0.1 (4.10.11)."""
    return _rounded(EXACT.divide(EXACT.multiply(value, 100 * weight), total))


def _rounded(value: Decimal) -> Decimal:
    return value.quantize(_SNAP, ROUND_HALF_UP).quantize(_TENTH, ROUND_HALF_UP)
