"""Checklists of stages: which stages a move leaves, what is asked there, how good the work was (R82, R93)."""

from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime

from accounts.models.procurement import ProcurementType
from deals.enums import ROAD, DealStage
from deals.models import ChecklistItem, Deal, StageCheck
from upsell_crm.core.models import User

# Types that have no procedure of their own: the stage «procurement» is no part of the road then (§2.9).
WITHOUT_PROCEDURE = frozenset({"invoice_offer", "direct", "framework_order"})


def counted_type(deal: Deal) -> ProcurementType | None:
    """The procurement type that counts: of the deal, else of the client's profile, else of what it renews (§4.2)."""
    if deal.procurement_type is not None:
        return deal.procurement_type
    profile = getattr(deal.company, "procurement", None)
    if profile is not None and profile.default_type is not None:
        return profile.default_type
    renewed = sorted(
        deal.renewals.all(), key=lambda renewal: renewal.pk
    )  # a deal renews one contract or a few
    types = (renewal.contract.procurement_type for renewal in renewed)
    return next((kind for kind in types if kind), None)


def needs_procedure(deal: Deal) -> bool:
    """Whether there is a procurement procedure to go through; an unknown type may turn out to be one."""
    kind = counted_type(deal)
    return kind is None or kind.code not in WITHOUT_PROCEDURE


def stages_left(deal: Deal, target: str) -> list[str]:
    """The stages that a move to `target` leaves behind, in order; none when it leads back or aside."""
    if deal.stage not in ROAD or target not in ROAD:
        return []
    here, there = ROAD.index(DealStage(deal.stage)), ROAD.index(DealStage(target))
    passed = [str(stage) for stage in ROAD[here:there]]
    skipped = DealStage.PROCUREMENT in passed[1:] and not needs_procedure(deal)
    return [stage for stage in passed if not (skipped and stage == DealStage.PROCUREMENT)]


def items_of(stages: Iterable[str]) -> list[ChecklistItem]:
    """The items in use today, in the order of the road."""
    order = {stage: place for place, stage in enumerate(ROAD)}
    items = ChecklistItem.objects.filter(place__in=list(stages), active=True)
    return sorted(items, key=lambda item: (order[DealStage(item.place)], item.position, item.pk))


def key_of(item: ChecklistItem) -> str:
    """How a form names the item: «stage.code»."""
    return f"{item.place}.{item.code}"


def is_confirmed(stages: Sequence[str], ticked: Collection[str]) -> bool:
    """Every item of these stages is ticked."""
    return all(key_of(item) in ticked for item in items_of(stages))


@dataclass(frozen=True, slots=True)
class Line:
    """One item of a checklist as the deal page shows it."""

    key: str
    stage: str
    text: str
    is_done: bool
    by: User | None = None
    at: datetime | None = None


def lines_of(deal: Deal, stages: Sequence[str]) -> list[Line]:
    """Today's items of these stages, ticked where they were ticked before. Two statements."""
    done = {f"{check.stage}.{check.code}": check for check in checks_of(deal, stages) if check.is_done}
    return [
        Line(key_of(item), item.place, item.text, key_of(item) in done,
             getattr(done.get(key_of(item)), "by", None), getattr(done.get(key_of(item)), "at", None))
        for item in items_of(stages)
    ]  # fmt: skip


def checks_of(deal: Deal, stages: Sequence[str]) -> list[StageCheck]:
    """What was stored for these stages, in the words of that day."""
    return list(StageCheck.objects.filter(deal=deal, stage__in=list(stages)).select_related("by"))


def percent(checks: Iterable[bool]) -> int:
    """Share of ticked checks, rounded down; 0 when nothing was asked."""
    answers = list(checks)
    return 100 * sum(answers) // len(answers) if answers else 0
