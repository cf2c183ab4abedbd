"""Reads of documents over several tables: lists with their stay, their buttons and the deal behind them."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date

from django.db.models import Count, Prefetch, QuerySet

from accounts.models import Company
from deals.document_moves import MoveButton, move_buttons, with_rights
from deals.document_terms import Stay, overdue, stays
from deals.enums import DOCUMENT_ENDS, Approval
from deals.models import DealLine, Document, DocumentRequest
from upsell_crm.core.models import User
from upsell_crm.core.paging import first_of_each

BOARD_STATES = tuple(state for state in Approval if state not in DOCUMENT_ENDS)
COLUMN_MOST = 15  # cards of one column; the longest waiting come first
COUNTED_MOST = 300  # documents whose working days are counted for a number


@dataclass(frozen=True, slots=True)
class Card:
    """A document with what its place in a list shows."""

    document: Document
    stay: Stay
    moves: list[MoveButton]


@dataclass(frozen=True, slots=True)
class Column:
    """One state of approval on the board: how many documents stand there, and those that have stood longest."""

    state: Approval
    count: int
    cards: list[Card] = field(default_factory=list)

    @property
    def rest(self) -> int:
        """Documents that do not fit on the board."""
        return self.count - len(self.cards)

    @property
    def late(self) -> int:
        """How many of the cards stand longer than the norm."""
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
    documents = Document.objects.visible_to(user).filter(approval__in=BOARD_STATES)
    if is_mine:
        documents = documents.filter(closer=user)
    if query:
        documents = documents.filter(deal__company__in=Company.objects.matching(query))
    counts = dict(documents.order_by().values_list("approval").annotate(n=Count("pk")))
    first = first_of_each(
        documents, "approval", BOARD_STATES, order=("approval_since", "pk"), size=COLUMN_MOST
    )
    shown = for_cards(Document.objects.filter(pk__in=first), user).order_by("approval_since", "pk")
    columns = {state.value: Column(state, counts.get(state, 0)) for state in BOARD_STATES}
    for card in cards_of(user, list(shown), today):
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
    waiting = list(for_cards(Document.objects.visible_to(user).with_client(), user)[:COUNTED_MOST])
    return sum(stay.days > norm for stay in stays(waiting, today).values())


def troubles(user: User, today: date) -> tuple[list[Document], list[Document]]:
    """Documents of open deals that the client has refused, and those that stand longer than the norm, longest first."""
    reach = Document.objects.visible_to(user).filter(deal__closed_at=None).select_related(
        "deal__company__procurement__default_type", "deal__procurement_type"
    )  # fmt: skip
    refused = list(reach.rejected().order_by("approval_since", "pk")[:COUNTED_MOST])
    known = {document.pk for document in refused}
    standing = reach.timed().order_by("approval_since", "pk")[:COUNTED_MOST]
    return refused, [document for document in overdue(standing, today) if document.pk not in known]
