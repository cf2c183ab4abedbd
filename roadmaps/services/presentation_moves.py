"""The road of a presentation: to the lead and back, ready with its numbers frozen, shown to the client (R53, R58)."""

from typing import Any

from django.db import transaction

from accounts.models import Interaction
from roadmaps.enums import PresentationState
from roadmaps.models import Presentation
from roadmaps.presentation_machine import MACHINE, Step
from roadmaps.services.presentation_files import queue_file
from upsell_crm.core import clock
from upsell_crm.core.commands import change
from upsell_crm.core.models import User


def move_presentation(
    presentation: Presentation, *, to: str, by: User, reason: str = "", interaction: Interaction | None = None,
    version: int | None = None,
) -> Presentation:  # fmt: skip
    """One step of the table. A presentation that becomes ready is frozen and its file is asked for.

    Raises IllegalTransition, NotAllowed, Stale, DomainError `refused` with the block and the fact of each refusal.
    """
    step = Step(presentation, clock.today(), by, reason=reason, interaction=interaction)
    move = MACHINE.move_to(presentation, to, by=by)
    move.guard(presentation, step)
    values: dict[str, Any] = {"state": to, **move.effect(presentation, step)}
    with transaction.atomic():
        change(
            presentation,
            values,
            by=by,
            event="move_presentation",
            version=version,
            reason=reason.strip()[:300],
        )
        if to == PresentationState.READY:
            queue_file(presentation, by=by)
    return presentation
