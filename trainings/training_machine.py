"""The states of a training as one declared table: from, to, who, guard (domain.md §2.9, R35; docs/decisions/0041).

A move that is not in MOVES does not exist. The services of trainings are its only users.
"""

from dataclasses import dataclass
from datetime import datetime

from django.utils.translation import gettext as _

from accounts.access import may as may_on_company
from trainings.enums import TrainingState
from trainings.models import Training
from upsell_crm.core.errors import DomainError, check_reason
from upsell_crm.core.machine import Machine, Move
from upsell_crm.core.models import User
from upsell_crm.core.roles import Action, Role

S = TrainingState
TEACH = frozenset({Role.TUTOR, Role.CSM, Role.LEAD, Role.HEAD})
PLAN = TEACH | {Role.KAM}


@dataclass(frozen=True, slots=True)
class StepFacts:
    """What is known when a move is asked for: the moment, the reason, how many came and how many of them have a
    test or a reaction."""

    now: datetime
    reason: str = ""
    attended: int = 0
    rated: int = 0

    @property
    def missing(self) -> int:
        """How many more results make half of those who came."""
        return max(0, -(-self.attended // 2) - self.rated)


def has_begun(training: Training, facts: StepFacts) -> None:
    """Nobody can have come to what has not begun."""
    if training.starts_at > facts.now:
        raise DomainError("not_begun", _("The training has not begun yet."))


def somebody_came(training: Training, facts: StepFacts) -> None:
    """At least one attendee; otherwise it is «nobody came»."""
    has_begun(training, facts)
    if not facts.attended:
        text = _("Mark at least one person who came, or choose «Nobody came».")
        raise DomainError("nobody_came", text)


def half_has_results(training: Training, facts: StepFacts) -> None:
    """A test or a reaction for half of those who came."""
    if not facts.attended or facts.missing:
        text = _("The results need a test or a reaction of half of those who came: %d more.") % facts.missing
        raise DomainError("few_results", text)


def has_reason(training: Training, facts: StepFacts) -> None:
    """A reason in words."""
    check_reason(facts.reason)


def is_missed(training: Training, facts: StepFacts) -> None:
    """It had begun, and somebody says what happened."""
    has_begun(training, facts)
    has_reason(training, facts)


def has_no_results(training: Training, facts: StepFacts) -> None:
    """What was marked as held by mistake goes back, results do not."""
    if facts.rated:
        raise DomainError("has_results", _("There are results already: correct them instead."))


MOVES: tuple[Move[Training], ...] = (
    Move(S.PLANNED, S.HELD, Action.RECORD_TRAINING, TEACH, somebody_came),
    Move(S.HELD, S.RESULTS, Action.RECORD_TRAINING, TEACH, half_has_results),
    Move(S.RESULTS, S.HELD, Action.RECORD_TRAINING, TEACH),  # results were taken back
    Move(S.PLANNED, S.CANCELLED, Action.PLAN_TRAINING, PLAN, has_reason),
    Move(S.PLANNED, S.NO_SHOW, Action.RECORD_TRAINING, TEACH, is_missed),
    # Steps back, for the «undo» of a toast and for mistakes.
    Move(S.HELD, S.PLANNED, Action.RECORD_TRAINING, TEACH, has_no_results),
    Move(S.CANCELLED, S.PLANNED, Action.PLAN_TRAINING, PLAN),
    Move(S.NO_SHOW, S.PLANNED, Action.RECORD_TRAINING, TEACH),
)


def may(user: User, action: Action, training: Training) -> bool:
    """The tutor and the CSM of the training always, others as far as the right reaches on the client."""
    if not user.scopes(action):
        return False
    return user.pk in (training.tutor_id, training.csm_id) or may_on_company(user, action, training.company)


MACHINE: Machine[Training] = Machine(MOVES, may)
