"""Holdings while a file is judged: the stored tree with what the good rows so far have changed in it."""

from collections.abc import Callable

from accounts.models import Company
from accounts.models.company import MAX_DEPTH


class HoldingTree:
    """Who stands above whom. `current` gives a company as the good rows so far leave it."""

    def __init__(self, current: Callable[[Company], Company]) -> None:
        self.current = current
        self._parents: dict[int, int | None] = {}

    def load(self) -> None:
        """Read the stored tree of all companies in one statement."""
        self._parents = dict(Company.objects.order_by().values_list("pk", "parent_id"))

    def learn(self, company: Company) -> None:
        """A good row has made or changed the company."""
        self._parents[_node(company)] = _node(company.parent) if company.parent else None

    def above(self, company: Company) -> list[Company]:
        """The company and everybody above it."""
        chain: list[Company] = []
        step: Company | None = company
        while step is not None and len(chain) < 2 * MAX_DEPTH:
            chain.append(step)
            step = self.current(step.parent) if step.parent else None
        return chain

    def height(self, company: Company | None) -> int:
        """Levels of the tree below and with the company."""
        level, height = ({_node(company)} if company is not None else set()), 1
        while level := {node for node, parent in self._parents.items() if parent in level}:
            height += 1
            if height > MAX_DEPTH:
                break
        return height


def _node(company: Company) -> int:
    """A stored company's key; one that this file creates has none yet and gets a number below zero."""
    return company.pk or -id(company)
