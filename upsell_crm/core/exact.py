"""Division of numbers that are shown and compared: 34 digits, one half-up rounding at the end (domain.md §4.10.11)."""

from decimal import ROUND_HALF_UP, Context, Decimal

EXACT = Context(prec=34, rounding=ROUND_HALF_UP)
"""At least 28 digits (4.10.11); a factor is never rounded further."""


def ratio(part: int | Decimal, total: int | Decimal) -> Decimal:
    """part / total at 34 digits."""
    return EXACT.divide(Decimal(part), Decimal(total))


def whole(value: Decimal) -> int:
    """Rounded half up to a whole number."""
    return int(value.to_integral_value(ROUND_HALF_UP))
