"""What a register says of a company's existence, in the words of the tax service."""

from accounts.enums import LegalState
from accounts.imports.values import CellError, choice
from upsell_crm.core.text import normalise

_exact = choice(LegalState, {"действующая": LegalState.ACTIVE, "действующее": LegalState.ACTIVE, "действует": LegalState.ACTIVE,
                             "действующий": LegalState.ACTIVE, "ликвидирована": LegalState.CEASED, "ликвидировано": LegalState.CEASED,
                             "ликвидирован": LegalState.CEASED, "исключена из егрюл": LegalState.CEASED,
                             "находится в стадии ликвидации": LegalState.LIQUIDATING})  # fmt: skip
PHRASES = (  # part of the register's sentence → state; the first that fits counts
    ("стадии ликвидации", LegalState.LIQUIDATING),
    ("несостоятельн", LegalState.LIQUIDATING),
    ("банкрот", LegalState.LIQUIDATING),
    ("предстоящем исключении", LegalState.ACTIVE),  # a warning of the register, not yet an end
    ("прекратил", LegalState.CEASED),
    ("прекращен", LegalState.CEASED),
    ("исключен", LegalState.CEASED),
)


def read_legal_state(cell: str) -> tuple[str, bool]:
    """The state, and whether the cell says just that; any other sentence is «active» with a warning."""
    try:
        return _exact(cell), True
    except CellError:
        phrase = normalise(cell)
    return next((state for part, state in PHRASES if part in phrase), LegalState.ACTIVE), False
