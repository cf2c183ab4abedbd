"""Ticks of a checklist: while the stage lasts, and as they stand when it is left (R82, R93)."""

from collections.abc import Collection, Iterable, Sequence

from django.db import transaction
from django.utils.translation import gettext as _

from deals.access import may
from deals.checklists import items_of, key_of, percent
from deals.enums import ROAD, DealStage
from deals.models import Deal, StageCheck
from upsell_crm.core import audit, clock
from upsell_crm.core.errors import DomainError, NotAllowed
from upsell_crm.core.models import User
from upsell_crm.core.roles import Action


def save_checks(deal: Deal, *, by: User, ticked: Collection[str]) -> None:
    """Keep the ticks of the present stage while it lasts; raises NotAllowed, DomainError."""
    if not may(by, Action.MOVE_DEAL, deal):
        raise NotAllowed("not_allowed", _("You may not change this deal."))
    if deal.stage not in ROAD:
        raise DomainError("no_checklist", _("This stage has no checklist."))
    before = StageCheck.objects.filter(deal=deal, stage=deal.stage, is_done=True).count()
    with transaction.atomic():
        write_checks(deal, [deal.stage], by=by, ticked=ticked)
        after = StageCheck.objects.filter(deal=deal, stage=deal.stage, is_done=True).count()
        if before != after:
            audit.record(
                "save_checks", deal, by=by, changes={"checks": [before, after]}, company_id=deal.company_id
            )


def write_checks(deal: Deal, stages: Sequence[str], *, by: User | None, ticked: Collection[str]) -> None:
    """Store today's items of these stages in today's words; who ticked one before stays its author."""
    known = {
        (check.stage, check.code): check for check in StageCheck.objects.filter(deal=deal, stage__in=stages)
    }
    StageCheck.objects.filter(pk__in=[check.pk for check in known.values()]).delete()
    rows = []
    for item in items_of(stages):
        is_done, old = key_of(item) in ticked, known.get((item.place, item.code))
        stays = bool(is_done and old and old.is_done)
        rows.append(
            StageCheck(
                deal=deal, stage=item.place, code=item.code, text_ru=item.text_ru, text_en=item.text_en,
                is_done=is_done, by=old.by if stays and old else (by if is_done else None),
                at=old.at if stays and old else (clock.now() if is_done else None),
            )
        )  # fmt: skip
    StageCheck.objects.bulk_create(rows)


def quality_after(deal: Deal, target: str, left: Sequence[str], ticked: Collection[str]) -> int:
    """Quality when the deal stands at `target`: share of ticks of all stages before it, the new answers included."""
    before = _stages_before(target)
    stored = StageCheck.objects.filter(deal=deal, stage__in=[stage for stage in before if stage not in left])
    answers = [key_of(item) in ticked for item in items_of(stage for stage in left if stage in before)]
    return percent([*stored.values_list("is_done", flat=True), *answers])


def _stages_before(target: str) -> Iterable[str]:
    return [str(stage) for stage in ROAD[: ROAD.index(DealStage(target))]] if target in ROAD else []
