"""One product in one company: licences against potential, stage and owner, told by colour and by letter (product.md §3.4).

The matrix of a holding and the matrix of a portfolio are made of these cells.
"""

from collections.abc import Collection, Iterable
from dataclasses import dataclass

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from accounts.models import Company, Product
from accounts.whitespace import Whitespace
from deals.models import Deal, DealLine
from upsell_crm.core.models import User
from upsell_crm.core.roles import Action, Scope


class CellState(models.TextChoices):
    """What to do about a cell: the first that fits, in this order."""

    DEAL = "deal", _("a deal is open")
    ORPHAN = "orphan", _("demand, and nobody responsible")
    WANTED = "wanted", _("interested, no deal")
    COMPETITOR = "competitor", _("a competitor is named")
    REFUSED = "refused", _("refused, nothing owned")
    GROW = "grow", _("room to grow, no deal")
    FULL = "full", _("the potential is used")
    USED = "used", _("licences, potential unknown")
    EMPTY = "empty", _("nothing is known")


LETTERS = {
    CellState.DEAL: pgettext_lazy("letter of a matrix cell", "D"),
    CellState.ORPHAN: "!",
    CellState.WANTED: pgettext_lazy("letter of a matrix cell", "I"),
    CellState.COMPETITOR: pgettext_lazy("letter of a matrix cell", "C"),
    CellState.REFUSED: pgettext_lazy("letter of a matrix cell", "R"),
    CellState.GROW: pgettext_lazy("letter of a matrix cell", "G"),
    CellState.FULL: pgettext_lazy("letter of a matrix cell", "F"),
    CellState.USED: pgettext_lazy("letter of a matrix cell", "L"),
    CellState.EMPTY: "·",
}
TONES = {
    CellState.DEAL: "info", CellState.ORPHAN: "bad", CellState.WANTED: "accent", CellState.COMPETITOR: "bad",
    CellState.REFUSED: "bad", CellState.GROW: "warn", CellState.FULL: "good", CellState.USED: "",
    CellState.EMPTY: "quiet",
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class Cell:
    """One product in one company."""

    company: Company
    product: Product
    known: Whitespace
    deal: Deal | None

    @property
    def seats(self) -> int:
        return self.known.seats

    @property
    def target(self) -> int | None:
        return self.known.target

    @property
    def owner(self) -> User | None:
        """Who works here: of the deal, else of the client; who has left works nowhere."""
        person = self.deal.responsible_kam if self.deal else self.company.owner_kam
        return person if person and person.is_active else None

    @property
    def state(self) -> CellState:
        known = self.known
        is_wanted = known.is_wanted and not known.is_full
        if self.deal:
            return CellState.DEAL
        if (known.room or is_wanted) and not self.owner:
            return CellState.ORPHAN
        if is_wanted:
            return CellState.WANTED
        if not known.seats and known.competitor:
            return CellState.COMPETITOR
        if not known.seats and known.is_refused:
            return CellState.REFUSED
        if known.room:
            return CellState.GROW
        if known.target:
            return CellState.FULL
        return CellState.USED if known.seats else CellState.EMPTY

    @property
    def letter(self) -> str:
        return str(LETTERS[self.state])

    @property
    def tone(self) -> str:
        return TONES[self.state]

    @property
    def also(self) -> list[tuple[str, str]]:
        """Letter and words of what the state does not tell: interest, refusal, a competitor beside licences or a deal."""
        facts = {
            CellState.WANTED: bool(self.known.level),
            CellState.COMPETITOR: bool(self.known.competitor),
            CellState.REFUSED: self.known.is_refused,
        }
        return [
            (str(LETTERS[state]), words_of(state, self.known))
            for state, is_so in facts.items()
            if is_so and state != self.state
        ]

    @property
    def words(self) -> str:
        """The state for a screen reader and a tooltip."""
        return words_of(self.state, self.known)


def words_of(state: CellState, known: Whitespace) -> str:
    """The state with the level of interest or the name of the competitor."""
    if state == CellState.WANTED:
        return str(_("interest: %(level)s") % {"level": known.interest})
    if state == CellState.COMPETITOR:
        return str(_("competitor: %(name)s") % {"name": known.competitor})
    return str(state.label)


def legend() -> list[tuple[CellState, str, str]]:
    """Letter and tone of each state."""
    return [(state, str(LETTERS[state]), TONES[state]) for state in CellState]


SHOWN_OF_DEAL = (  # what a cell shows of its deal
    "product", "end_user_company", "deal__company", "deal__public_id", "deal__title", "deal__stage",
    "deal__responsible_kam__last_name", "deal__responsible_kam__first_name", "deal__responsible_kam__username",
    "deal__responsible_kam__is_active",
)  # fmt: skip


def open_deals(company_ids: Collection[int], user: User) -> dict[tuple[int, int], Deal]:
    """(company that will use it, product) → the newest open deal of this reader that sells it. One statement."""
    lines = DealLine.objects.filter(
        Q(end_user_company__in=company_ids) | Q(end_user_company=None, deal__company__in=company_ids),
        deal__in=Deal.objects.visible_to(user).open(),
    )
    found: dict[tuple[int, int], Deal] = {}
    shown = lines.select_related("deal__responsible_kam").only(*SHOWN_OF_DEAL)
    for line in shown.order_by("-deal", "pk"):
        place = (line.end_user_company_id or line.deal.company_id, line.product_id)
        found.setdefault(place, line.deal)
    return found


def may_open_deals(companies: Iterable[Company], user: User) -> set[int]:
    """Companies on which this person may open a deal."""
    return surely_within(companies, user, Action.CREATE_DEAL)


def surely_within(companies: Iterable[Company], user: User, action: Action) -> set[int]:
    """Companies on which the right holds by scope, team or ownership alone: for the buttons of a list, without a statement."""
    scopes = user.scopes(action)
    return {
        company.pk
        for company in companies
        if Scope.ALL in scopes
        or (Scope.TEAM in scopes and user.team_id and company.team_id == user.team_id)
        or (Scope.OWN in scopes and company.owner_kam_id == user.pk)
    }
