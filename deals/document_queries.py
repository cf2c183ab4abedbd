"""Reads of documents over several tables: lists with their stay, their buttons and the deal behind them."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date

from django.db.models import Prefetch, QuerySet

from accounts.models import Company
from deals.document_moves import MoveButton, move_buttons, with_rights
from deals.document_terms import Stay, stays
from deals.enums import DOCUMENT_ENDS, Approval
from deals.models import DealLine, Document, DocumentRequest
from upsell_crm.core.models import User

BOARD_STATES = tuple(state for state in Approval if state not in DOCUMENT_ENDS)
BOARD_MOST = 300  # cards on one board; the longest waiting come first


@dataclass(frozen=True, slots=True)
class Card:
    """A document with what its place in a list shows."""

    document: Document
    stay: Stay
    moves: list[MoveButton]


@dataclass(frozen=True, slots=True)
class Column:
    """One state of approval on the board."""

    state: Approval
    cards: list[Card] = field(default_factory=list)

    @property
    def late(self) -> int:
        """How many stand longer than the norm."""
        return sum(card.stay.is_overdue for card in self.cards)


def for_cards(documents: QuerySet[Document], user: User) -> QuerySet[Document]:
    """Everything that a card names, by joins, and what this person may do with it."""
    return with_rights(documents, user).select_related(
        "deal__company__procurement__default_type", "deal__procurement_type", "closer", "prepared_by", "contract__company"
    )  # fmt: skip


def cards_of(user: User, documents: Sequence[Document], today: date) -> list[Card]:
    """The documents as cards; statements do not grow with their number."""
    found = stays(documents, today)
    return [Card(document, found[document.pk], move_buttons(user, document)) for document in documents]


def board(user: User, today: date, *, is_mine: bool, query: str = "") -> list[Column]:
    """Open documents by state, those that have stood longest first."""
    documents = for_cards(Document.objects.visible_to(user).open(), user)
    if is_mine:
        documents = documents.filter(closer=user)
    if query:
        documents = documents.filter(deal__company__in=Company.objects.matching(query))
    shown = list(documents.order_by("approval_since", "pk")[:BOARD_MOST])
    columns = {state.value: Column(state) for state in BOARD_STATES}
    for card in cards_of(user, shown, today):
        columns[card.document.approval].cards.append(card)
    return list(columns.values())


def with_needs(requests: QuerySet[DocumentRequest]) -> QuerySet[DocumentRequest]:
    """Requests with all that tells what is missing: company, procedure, lines."""
    lines = DealLine.objects.select_related("product", "end_user_company")
    return requests.select_related(
        "document__closer", "document__contract", "deal__company__procurement__default_type", "deal__procurement_type",
        "requester", "assignee",
    ).prefetch_related(Prefetch("deal__lines", lines))  # fmt: skip


def waiting_for_client(user: User, today: date, norm: int) -> int:
    """How many documents wait for the client longer than `norm` working days."""
    waiting = list(for_cards(Document.objects.visible_to(user).with_client(), user)[:BOARD_MOST])
    return sum(stay.days > norm for stay in stays(waiting, today).values())
