"""ДЗО × product: licences against potential, stage and owner in one cell, told by colour and by letter (product.md §3.4)."""

from dataclasses import dataclass

from django.db import models
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from accounts.models import Company, Product
from deals.holding_rollup import Node, Rollup
from deals.models import Deal
from upsell_crm.core.models import User


class CellState(models.TextChoices):
    """What to do about a cell."""

    DEAL = "deal", _("a deal is open")
    GROW = "grow", _("room to grow, no deal")
    ORPHAN = "orphan", _("demand, and nobody responsible")
    FULL = "full", _("the potential is used")
    USED = "used", _("licences, potential unknown")
    EMPTY = "empty", _("nothing is known")


LETTERS = {
    CellState.DEAL: pgettext_lazy("letter of a matrix cell", "D"),
    CellState.GROW: pgettext_lazy("letter of a matrix cell", "G"),
    CellState.ORPHAN: "!",
    CellState.FULL: pgettext_lazy("letter of a matrix cell", "F"),
    CellState.USED: pgettext_lazy("letter of a matrix cell", "L"),
    CellState.EMPTY: "·",
}
TONES = {
    CellState.DEAL: "info", CellState.GROW: "warn", CellState.ORPHAN: "bad", CellState.FULL: "good",
    CellState.USED: "", CellState.EMPTY: "quiet",
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class Cell:
    """One product in one company."""

    company: Company
    product: Product
    seats: int
    target: int | None
    deal: Deal | None

    @property
    def has_room(self) -> bool:
        return self.target is not None and self.target > self.seats

    @property
    def owner(self) -> User | None:
        """Who works here: of the deal, else of the client; who has left works nowhere."""
        person = self.deal.responsible_kam if self.deal else self.company.owner_kam
        return person if person and person.is_active else None

    @property
    def state(self) -> CellState:
        if self.deal:
            return CellState.DEAL
        if self.has_room:
            return CellState.GROW if self.owner else CellState.ORPHAN
        if self.target:
            return CellState.FULL
        return CellState.USED if self.seats else CellState.EMPTY

    @property
    def letter(self) -> str:
        return str(LETTERS[self.state])

    @property
    def tone(self) -> str:
        return TONES[self.state]


@dataclass(frozen=True, slots=True)
class Row:
    """One company across all products."""

    node: Node
    cells: list[Cell]


def matrix_of(rollup: Rollup) -> list[Row]:
    """A row per company that this person may see."""
    return [
        Row(
            node,
            [
                Cell(
                    node.company, product, node.seats.get(product.pk, 0), node.targets.get(product.pk),
                    node.deal_of.get(product.pk),
                )
                for product in rollup.products
            ],
        )
        for node in rollup.nodes
    ]  # fmt: skip


def legend() -> list[tuple[str, str, str]]:
    """Letter, tone and words of each state."""
    return [(str(LETTERS[state]), TONES[state], str(state.label)) for state in CellState]


def orphans(rows: list[Row]) -> list[Cell]:
    """Cells with demand and no owner (product.md §1.7)."""
    return [cell for row in rows for cell in row.cells if cell.state == CellState.ORPHAN]
