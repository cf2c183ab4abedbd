"""ДЗО × product of a holding, and the cells where somebody wants what nobody offers (product.md §1.7, §3.4)."""

from dataclasses import dataclass

from deals.holding_rollup import Node, Rollup
from deals.product_cells import Cell, CellState


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
                    node.company,
                    product,
                    rollup.known.at(node.company.pk, product),
                    node.deal_of.get(product.pk),
                )
                for product in rollup.products
            ],
        )
        for node in rollup.nodes
    ]


def orphans(rows: list[Row]) -> list[Cell]:
    """Cells with demand and no owner (product.md §1.7)."""
    return [cell for row in rows for cell in row.cells if cell.state == CellState.ORPHAN]
