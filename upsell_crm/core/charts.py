"""Numbers turned into the geometry of small SVG pictures; templates draw them, CSS colours them."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from decimal import Decimal, InvalidOperation
from typing import Any

from django.utils.formats import number_format
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

# The order of the bar and of its colours; labels of the factors of domain.md §4.3.
FACTORS: dict[str, Any] = {
    "renewal": pgettext_lazy("factor", "Renewal"),
    "potential": pgettext_lazy("factor", "Potential"),
    "users": pgettext_lazy("factor", "Users"),
    "training": pgettext_lazy("factor", "Trainings"),
    "feature": pgettext_lazy("factor", "Awaited feature"),
    "procurement": pgettext_lazy("factor", "Procedure"),
    "approval": pgettext_lazy("factor", "Approval"),
    "relation": pgettext_lazy("factor", "Contact with the decision-maker"),
}
DAMP = "damp"
DAMP_LABEL = _("Already in work")
GAP = Decimal("0.4")  # the white line between two segments, points


@dataclass(frozen=True, slots=True)
class Segment:
    """One part of a stacked bar; `x` and `width` are in points of the score, 0 to 100."""

    code: str
    number: int  # 1–8: colour and pattern
    label: str
    points: Decimal
    x: Decimal
    width: Decimal

    @property
    def is_hatched(self) -> bool:
        """Every second segment has a pattern besides its colour, for eyes that mix colours up."""
        return self.number % 2 == 0


@dataclass(frozen=True, slots=True)
class ScoreBar:
    """A score as its parts: what adds, what the work in progress takes away, and all of it in words."""

    segments: list[Segment]
    damp: Segment | None
    score: Decimal
    words: str


def decimal_of(value: Any) -> Decimal:
    """A number of any kind; what is not a number counts as zero."""
    try:
        return Decimal(str(value))
    except InvalidOperation:
        return Decimal(0)


def score_bar(contributions: Mapping[str, Any]) -> ScoreBar:
    """Lay out the contributions of a score (factor code → points as text) side by side."""
    segments: list[Segment] = []
    end = Decimal(0)
    for number, (code, label) in enumerate(FACTORS.items(), start=1):
        points = decimal_of(contributions.get(code, 0))
        if points > 0:
            segments.append(Segment(code, number, str(label), points, end, max(points - GAP, GAP)))
            end += points
    taken = -decimal_of(contributions.get(DAMP, 0))
    damp = Segment(DAMP, 0, str(DAMP_LABEL), -taken, end - taken, taken) if taken > 0 else None
    score = end - taken
    lines = [*segments, damp] if damp else segments
    words = "; ".join(f"{line.label} {number_format(line.points, 1)}" for line in lines)
    return ScoreBar(segments, damp, score, words)


def sparkline(values: Iterable[Any], width: int = 96, height: int = 24) -> str:
    """The points of a polyline through the values, oldest first; "" for fewer than two."""
    numbers = [decimal_of(value) for value in values]
    if len(numbers) < 2:
        return ""
    low, high = min(numbers), max(numbers)
    span = (high - low) or Decimal(1)
    step = Decimal(width - 4) / (len(numbers) - 1)
    return " ".join(
        f"{2 + step * index:.1f},{height - 3 - (value - low) / span * (height - 6):.1f}"
        for index, value in enumerate(numbers)
    )
