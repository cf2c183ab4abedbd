"""What the page of a holding programme shows, read by a constant number of statements."""

from dataclasses import dataclass
from datetime import date
from typing import Any

from accounts.models import Company
from deals.access import rights_on_deal
from deals.enums import DZO_FUNCTIONS, Function, ProgramState, ValueState
from deals.holding_matrix import matrix_of, orphans
from deals.holding_rollup import roll_up
from deals.models import HoldingProgram, Mechanics
from deals.product_cells import legend, may_open_deals
from deals.program_conflicts import collisions
from deals.program_facts import ProgramFacts
from deals.program_machine import MACHINE, obstacle
from deals.program_needs import needs_meetings
from deals.services.mechanics import HEAD_FUNCTIONS
from deals.services.programs import OVERRIDES
from upsell_crm.core import clock
from upsell_crm.core.models import User
from upsell_crm.core.parameters import parameter
from upsell_crm.core.roles import Action

COLUMNS = (*DZO_FUNCTIONS, Function.TRAIN)
GATES = {ProgramState.VALUE: ProgramState.CONSENT, ProgramState.CONSENT: ProgramState.MECHANICS}


@dataclass(frozen=True, slots=True)
class Stop:
    """One state of the strip; a gate stands between it and the next one."""

    state: ProgramState
    place: str  # past, here, ahead
    has_gate: bool
    is_gate_open: bool


@dataclass(frozen=True, slots=True)
class DutyCell:
    """Who has a function in a ДЗО; missing is said in words where somebody is needed."""

    function: Function
    lines: list[Mechanics]
    is_missing: bool


@dataclass(frozen=True, slots=True)
class DutyRow:
    """One ДЗО of the mechanics."""

    company: Company
    takes_part: bool
    is_open: bool
    cells: list[DutyCell]
    others: list[Mechanics]
    needs: Any  # the last held meeting about needs, or None


def strip_of(known: ProgramFacts) -> list[Stop]:
    """The six states in order, with the locks of the two gates."""
    order = list(ProgramState)
    here = order.index(ProgramState(known.program.state))
    open_gates = {
        ProgramState.VALUE: known.is_value_confirmed,
        ProgramState.CONSENT: known.is_consent_given,
    }
    return [
        Stop(state, "past" if place < here else "here" if place == here else "ahead", state in GATES,
             open_gates.get(state, True))
        for place, state in enumerate(order)
    ]  # fmt: skip


def duties_of(known: ProgramFacts) -> list[DutyRow]:
    """Rows of the mechanics: every ДЗО, those that take part first."""
    owners, needs = known.owners(), needs_meetings(known.program, known.companies)
    taking = {company.pk for company in known.taking_part}
    rows = [
        DutyRow(
            company, company.pk in taking, known.is_open_for(company.pk),
            [_cell(function, owners.get((company.pk, function), []), company.pk in taking) for function in COLUMNS],
            [line for line in known.lines if line.company_id == company.pk and line.function not in COLUMNS],
            needs.get(company.pk),
        )
        for company in known.companies
    ]  # fmt: skip
    return sorted(rows, key=lambda row: not row.takes_part)


def _cell(function: Function, lines: list[Mechanics], takes_part: bool) -> DutyCell:
    return DutyCell(function, lines, takes_part and function in DZO_FUNCTIONS and not lines)


def page_of(program: HoldingProgram, user: User, today: date) -> dict[str, Any]:
    """The context of the page."""
    known = ProgramFacts(program, today)
    rights = rights_on_deal(user, program.deal)
    is_open = program.state != ProgramState.DONE and program.deal.is_open
    steps = (
        [move.target for move in MACHINE.moves_from(program)]
        if is_open and rights[Action.EDIT_PROGRAM]
        else []
    )
    gate = GATES.get(ProgramState(program.state))
    return {
        "program": program, "deal": program.deal, "known": known, "strip": strip_of(known),
        "obstacle": obstacle(program, known), "next_state": ProgramState(steps[0]) if steps else None,
        "may_keep": is_open and rights[Action.EDIT_PROGRAM], "values": ValueState,
        "overrides": gate if gate and is_open and rights[Action.OVERRIDE_GATE] and not _is_overruled(program, gate) else "",
        "duties": duties_of(known), "columns": COLUMNS, "head_lines": head_lines(known),
        "consents": consents_of(program),
    }  # fmt: skip


def consents_of(program: HoldingProgram) -> list[Any]:
    """The newest first, with what each covers."""
    rows = program.consents.select_related("approved_by", "interaction").prefetch_related("companies")
    return list(rows.order_by("-pk"))


def head_lines(known: ProgramFacts) -> list[tuple[Function, list[Mechanics]]]:
    """Who does what for the project as a whole."""
    owners, head_id = known.owners(), known.program.deal.company_id
    return [(function, owners.get((head_id, function), [])) for function in HEAD_FUNCTIONS]


def matrix_context(head: Company, user: User, today: date) -> dict[str, Any]:
    """Conflicts, the matrix and the tree of a holding, money for who may see amounts; {} when nothing is below."""
    rollup = roll_up(head, user, today)
    if len(rollup.nodes) + rollup.hidden < 2:
        return {}
    rows, days = matrix_of(rollup), parameter("collision_days")
    return {
        "rollup": rollup, "matrix": rows, "legend": legend(), "orphans": orphans(rows), "days": days,
        "collisions": collisions([node.company.pk for node in rollup.nodes], clock.now(), days),
        "may_see_money": bool(user.scopes(Action.SEE_MONEY)), "may_create": may_open_deals((node.company for node in rollup.nodes), user),
    }  # fmt: skip


def _is_overruled(program: HoldingProgram, gate: ProgramState) -> bool:
    return bool(getattr(program, OVERRIDES[gate]))
