"""The states of a presentation as one declared table: draft, with the lead, ready and frozen, shown (§2.3, R53, R58)."""

from dataclasses import dataclass
from datetime import date
from functools import cached_property
from typing import Any

from django.utils.translation import gettext as _

from accounts.enums import InteractionState
from accounts.models import Interaction
from roadmaps.access import may
from roadmaps.deck.snapshot import Deck, look
from roadmaps.enums import PresentationState
from roadmaps.models import Presentation
from upsell_crm.core import clock
from upsell_crm.core.errors import DomainError
from upsell_crm.core.machine import Machine, Move
from upsell_crm.core.models import User
from upsell_crm.core.roles import Action, Role

S = PresentationState


@dataclass
class Step:
    """What a person states with a step; the blocks are read when a guard asks for them."""

    presentation: Presentation
    today: date
    by: User
    reason: str = ""
    interaction: Interaction | None = None

    @cached_property
    def deck(self) -> Deck:
        return look(self.presentation, self.today)


def is_free(presentation: Presentation, step: Step) -> None:
    """Nothing has to be true."""


def is_true(presentation: Presentation, step: Step) -> None:
    """Every block that is on rests on fresh facts and named sources, and there is one. Raises DomainError `refused`."""
    refused = [
        _("Block «%(block)s»: %(problem)s") % {"block": block.label, "problem": problem.text}
        for block in step.deck.blocks
        for problem in block.problems
    ]
    if refused:
        raise DomainError(
            "refused", _("The presentation is not built: put right what is listed, or switch the block off."),
            {"": refused},
        )  # fmt: skip
    if not step.deck.snapshot()["blocks"]:
        raise DomainError("empty", _("Switch on at least one block that has something to say."))


def was_shown(presentation: Presentation, step: Step) -> None:
    """A communication with this client that took place, not before the day of the numbers."""
    met, frozen_on = step.interaction, clock.local_date(presentation.frozen_at)
    fits = (
        met is not None
        and met.company_id == presentation.company_id
        and met.state == InteractionState.HELD
        and met.retracted_at is None
        and met.starts_at <= clock.now()
        and (frozen_on is None or met.starts_at >= clock.bounds(frozen_on)[0])
    )
    if not fits:
        text = _("Choose the communication in which it was shown.")
        raise DomainError("not_shown", text, {"interaction": [text]})


def freeze(presentation: Presentation, step: Step) -> dict[str, Any]:
    """Numbers, sources and their day; nothing of it changes afterwards."""
    return {"snapshot": step.deck.snapshot(), "frozen_at": clock.now(), "frozen_by": step.by}


def note_showing(presentation: Presentation, step: Step) -> dict[str, Any]:
    """When and at which communication the client saw it."""
    return (
        {"shown_at": step.interaction.starts_at, "interaction": step.interaction} if step.interaction else {}
    )


def may_step(user: User, action: Action, presentation: Presentation) -> bool:
    """The rights are those on the deal of the plan."""
    return may(user, action, presentation.plan)


_KAM = frozenset({Role.KAM, Role.LEAD, Role.HEAD})
MOVES: tuple[Move[Presentation], ...] = (
    Move(S.DRAFT, S.REVIEW, Action.EDIT_PLAN, _KAM, is_true),
    Move(S.REVIEW, S.DRAFT, Action.EDIT_PLAN, _KAM, is_free),
    Move(S.REVIEW, S.READY, Action.VALIDATE_PLAN, _KAM, is_true, freeze),
    Move(S.DRAFT, S.READY, Action.EDIT_PLAN, _KAM, is_true, freeze),
    Move(S.READY, S.SHOWN, Action.EDIT_PLAN, _KAM, was_shown, note_showing),
)
MACHINE: Machine[Presentation] = Machine(MOVES, may_step)
