"""Reads of notes: with votes and uses, the best ones for an objection, the answers that helped elsewhere (R80)."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from django.db.models import Count, Exists, IntegerField, OuterRef, QuerySet, Subquery
from django.db.models.functions import Coalesce

from accounts.enums import ObjectionState
from accounts.models import Company, Contact, LicenceLine, Objection
from deals.models import DealLine
from trainings.client_names import mask_clients
from trainings.models import KnowledgeNote, NoteUse, NoteVote
from trainings.models.knowledge import NoteQuerySet
from upsell_crm.core.models import RoleAssignment, User
from upsell_crm.core.roles import Role

BEST, ANSWERS = 3, 4  # so many notes and answers are offered for one objection
MOST_COMPARED = 200  # notes of one category that are compared
LED = ObjectionState.HANDLED  # «answered»; «accepted as it is» means that the client was right


def with_counts(notes: NoteQuerySet, user: User) -> NoteQuerySet:
    """Votes, uses, uses that led to agreement, whether the reader has voted, whether a lead wrote it."""
    uses = NoteUse.objects.filter(note=OuterRef("pk"), objection__interaction__retracted_at=None)
    votes = NoteVote.objects.filter(note=OuterRef("pk"))
    leads = RoleAssignment.objects.filter(user=OuterRef("author"), role__in=[Role.LEAD, Role.HEAD])
    return notes.select_related("author", "product", "company").annotate(
        votes_count=_number_of(votes, "note"),
        uses_count=_number_of(uses, "note"),
        led_count=_number_of(uses.filter(objection__state=LED), "note"),
        has_voted=Exists(votes.filter(user=user)),
        is_by_lead=Exists(leads),
    )


@dataclass(frozen=True, slots=True)
class ShownNote:
    """A note as one reader may read it: the client is named only to who may open its card."""

    note: KnowledgeNote
    title: str
    body: str
    company: Company | None

    @property
    def share(self) -> int | None:
        """Per cent of the uses that led to agreement."""
        uses, led = self.note.uses_count, self.note.led_count  # type: ignore[attr-defined]
        return round(led * 100 / uses) if uses else None


def shown_to(notes: Iterable[KnowledgeNote], user: User) -> list[ShownNote]:
    """One statement for a page of notes."""
    rows = list(notes)
    ids = [note.company_id for note in rows if note.company_id]
    known = (
        set(Company.objects.visible_to(user).filter(pk__in=ids).values_list("pk", flat=True))
        if ids
        else set()
    )
    return [_shown(note, note.company_id in known) for note in rows]


def best_notes(category: str, company: Company, user: User) -> list[ShownNote]:
    """For this objection: of the client's product or industry first, then the lead's picks, then by what helped."""
    known = KnowledgeNote.objects.visible_to(user).shown().filter(objection_category=category)
    rows = list(with_counts(known, user).order_by("-is_pick", "-pk")[:MOST_COMPARED])
    if not rows:
        return []
    products = _products_of(company)
    fits = {note.pk: (note.product_id in products) + (note.industry == company.industry) for note in rows}

    def rank(shown: ShownNote) -> tuple[int, bool, int, int, int, int]:
        note = shown.note
        led, votes = note.led_count, note.votes_count  # type: ignore[attr-defined]
        return fits[note.pk], note.is_pick, shown.share or 0, led, votes, note.pk

    return sorted(shown_to(rows, user), key=rank, reverse=True)[:BEST]


@dataclass(frozen=True, slots=True)
class Answer:
    """How an objection was answered at another client; `company` only for who may open its card."""

    text: str
    company: Company | None
    industry: str
    on: date | datetime


def answers_elsewhere(category: str, company: Company, user: User) -> tuple[list[Answer], int]:
    """Answers to the same objection that helped at other clients, and how many there are in all (R80).

    Of the same industry first, then the latest. A client out of reach stays unnamed, in the text too.
    """
    helped = (
        Objection.objects.filter(category=category, state=LED, interaction__retracted_at=None)
        .exclude(handled_how="").exclude(company=company)
    )  # fmt: skip
    total = helped.count()
    if not total:
        return [], 0
    near = helped.annotate(
        is_near=Exists(Company.objects.filter(pk=OuterRef("company"), industry=company.industry))
    )
    rows = list(near.select_related("company").order_by("-is_near", "-updated_at", "-pk")[:ANSWERS])
    ids = {row.company_id for row in rows}
    known = set(Company.objects.visible_to(user).filter(pk__in=ids).values_list("pk", flat=True))
    people = _last_names(ids - known)
    return [_answer(row, row.company_id in known, people) for row in rows], total


def _answer(objection: Objection, is_known: bool, people: dict[int, list[str]]) -> Answer:
    company = objection.company
    text = objection.handled_how
    if not is_known:
        text = mask_clients(text, [company], people.get(company.pk, []))
    return Answer(text, company if is_known else None, company.get_industry_display(), objection.updated_at)


def _shown(note: KnowledgeNote, is_known: bool) -> ShownNote:
    if is_known or note.company is None:
        return ShownNote(note, note.title, note.body, note.company)
    hidden = [note.company]
    return ShownNote(note, mask_clients(note.title, hidden), mask_clients(note.body, hidden), None)


def _products_of(company: Company) -> set[int]:
    """What the client owns or is being offered."""
    owned = (
        LicenceLine.objects.filter(contract__company=company).order_by().values_list("product_id", flat=True)
    )
    offered = DealLine.objects.filter(deal__company=company).order_by().values_list("product_id", flat=True)
    return set(owned.union(offered))


def _last_names(companies: set[int]) -> dict[int, list[str]]:
    names: dict[int, list[str]] = {}
    people = Contact.objects.filter(company__in=companies, anonymised_at=None).order_by("pk")
    for company_id, last_name in people.values_list("company_id", "last_name"):
        names.setdefault(company_id, []).append(last_name)
    return names


def _number_of(rows: QuerySet[Any], group: str) -> Coalesce:
    counted = rows.order_by().values(group).annotate(n=Count("pk")).values("n")
    return Coalesce(Subquery(counted, output_field=IntegerField()), 0)
