"""State machines as declared tables: a move that is not in the table does not exist (domain.md §2.9).

A room lists its moves and says who may what on its records; a service asks `Machine.move_to`, checks the guard,
applies the effect and records. Pages show `open_to` as buttons, so they never offer what the service refuses.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any, Generic, TypeVar

from django.utils.translation import gettext as _

from upsell_crm.core.errors import IllegalTransition, NotAllowed
from upsell_crm.core.models import User
from upsell_crm.core.roles import Action, Role

R = TypeVar("R")

NOBODY: frozenset[Role] = frozenset()


def no_guard(record: Any, facts: Any) -> None:
    """Nothing beyond the table itself."""


def no_effect(record: Any, facts: Any) -> dict[str, Any]:
    """Nothing changes beside the state."""
    return {}


def always(record: Any) -> bool:
    """The move exists for every record."""
    return True


@dataclass(frozen=True, slots=True)
class Move(Generic[R]):
    """One line of a table. `roles` may do it where `action` reaches; `is_by_job` lets a job do it too.

    `guard(record, facts)` raises DomainError; `effect(record, facts)` gives further values to change;
    `when(record)` tells whether the line is meant for this record at all (for example only for invoice-offers).
    """

    source: str
    target: str
    action: Action
    roles: frozenset[Role] = NOBODY
    guard: Callable[[R, Any], None] = no_guard
    effect: Callable[[R, Any], dict[str, Any]] = no_effect
    is_by_job: bool = False
    when: Callable[[R], bool] = always


@dataclass(frozen=True, slots=True)
class Machine(Generic[R]):
    """The moves of one kind of record, the field that holds its state, and who may do what on it."""

    moves: Sequence[Move[R]]
    may: Callable[[User, Action, R], bool]
    field: str = "state"

    def moves_from(self, record: R) -> list[Move[R]]:
        """The moves that the table has from the present state, whoever asks."""
        state = getattr(record, self.field)
        return [move for move in self.moves if move.source == state and move.when(record)]

    def open_to(self, user: User, record: R) -> list[Move[R]]:
        """The moves that this person may make now."""
        return [move for move in self.moves_from(record) if self.is_allowed(move, user, record)]

    def is_allowed(self, move: Move[R], by: User | None, record: R) -> bool:
        """Whether this person (None = a job) may make the move."""
        if by is None:
            return move.is_by_job
        return bool(move.roles & by.role_codes) and self.may(by, move.action, record)

    def move_to(self, record: R, target: str, *, by: User | None) -> Move[R]:
        """The line of the table that leads there; raises IllegalTransition with what is allowed, or NotAllowed."""
        found = self.moves_from(record)
        fitting = [move for move in found if move.target == target]
        if not fitting:
            raise IllegalTransition(
                "illegal_transition", _("This step is not possible from the present state."),
                current=getattr(record, self.field), allowed=sorted({str(move.target) for move in found}),
            )  # fmt: skip
        for move in fitting:
            if self.is_allowed(move, by, record):
                return move
        raise NotAllowed("not_allowed", _("You may not make this step."))
