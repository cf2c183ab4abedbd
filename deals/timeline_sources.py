"""What this room puts on the timeline of a client: deals, their documents, handovers (R11)."""

from collections.abc import Sequence
from typing import Any

from django.db.models import F, OuterRef, QuerySet, Subquery
from django.db.models.fields.json import KT
from django.urls import reverse
from django.utils.translation import gettext as _

from accounts.enums import TimelineGroup
from accounts.timeline import Entry, TimelineSource, Told, as_text
from deals.enums import CLOSED_STAGES, Approval, CloseReason, DealStage, DocumentType, HandoverState
from deals.models import Deal, Document, DocumentStep, Handover
from upsell_crm.core.models import AuditEvent, User

NEW_STAGE = KT("changes__stage__1")
TOLD_STATES = (Approval.SENT, Approval.AGREED, Approval.DISAGREEMENT, Approval.SIGNED, Approval.REFUSED)
TONES = {
    Approval.AGREED: "good",
    Approval.SIGNED: "good",
    Approval.DISAGREEMENT: "warn",
    Approval.REFUSED: "bad",
}


def _opened(user: User, companies: Sequence[int]) -> QuerySet[Any]:
    return Deal.objects.visible_to(user).filter(company__in=companies)


def _closed(user: User, companies: Sequence[int]) -> QuerySet[Any]:
    return _opened(user, companies).filter(closed_at__isnull=False)


def _moved(user: User, companies: Sequence[int]) -> QuerySet[Any]:
    """Lines of history, since a deal keeps only its present stage; a win and a loss have a source of their own."""
    deals = Deal.objects.visible_to(user).filter(company__in=companies)
    moves = AuditEvent.objects.filter(
        company_id__in=companies, object_type="deals.deal", event="move_deal", object_id__in=deals.values("pk"),
        changes__has_key="stage",
    )  # fmt: skip
    return moves.alias(stage=as_text(NEW_STAGE)).exclude(stage__in=CLOSED_STAGES)


def _documents(user: User, companies: Sequence[int]) -> QuerySet[Any]:
    documents = Document.objects.visible_to(user).filter(deal__company__in=companies)
    return DocumentStep.objects.filter(document__in=documents, approval__in=TOLD_STATES)


def _begun(user: User, companies: Sequence[int]) -> QuerySet[Any]:
    handovers = Handover.objects.visible_to(user).filter(company__in=companies)
    return handovers.exclude(state__in=[HandoverState.DRAFT, HandoverState.CANCELLED])


def _completed(user: User, companies: Sequence[int]) -> QuerySet[Any]:
    return _begun(user, companies).filter(completed_at__isnull=False)


def _tell_opened(entry: Entry) -> Told:
    return Told(_("Deal opened"), entry.name, _deal(entry), "target")


def _tell_moved(entry: Entry) -> Told:
    stage = DealStage(entry.state).label if entry.state in DealStage.values else entry.state
    return Told(_("Deal moved: %s") % stage, entry.name, _deal(entry), "arrow-right")


def _tell_closed(entry: Entry) -> Told:
    is_won = entry.state == DealStage.WON
    reason = str(CloseReason(entry.detail).label) if entry.detail in CloseReason.values else ""
    title = _("Deal won") if is_won else _("Deal lost")
    return Told(
        title,
        " · ".join(filter(None, (entry.name, reason))),
        _deal(entry),
        "flag",
        "good" if is_won else "bad",
    )


def _tell_document(entry: Entry) -> Told:
    state = Approval(entry.state)
    document = f"{DocumentType(entry.name).label} {entry.detail}".strip()
    return Told(
        _("Document: %s") % str(state.label).lower(), document, reverse("deals:document_detail", args=[entry.link]),
        "document", TONES.get(state, ""),
    )  # fmt: skip


def _tell_begun(entry: Entry) -> Told:
    return Told(_("Handover proposed"), f"{entry.name} → {entry.detail}", _handover(entry), "people")


def _tell_completed(entry: Entry) -> Told:
    return Told(_("Handed over"), f"{entry.name} → {entry.detail}", _handover(entry), "people", "good")


def _deal(entry: Entry) -> str:
    return reverse("deals:deal_detail", args=[entry.link])


def _handover(entry: Entry) -> str:
    return reverse("deals:handover_detail", args=[entry.link])


DEALS, DOCUMENTS = TimelineGroup.DEALS, TimelineGroup.DOCUMENTS
OF_MOVE = Deal.objects.filter(pk=OuterRef("object_id"))
PEOPLE: dict[str, Any] = {"name": "from_user__last_name", "detail": "to_user__last_name"}
SOURCES = (
    TimelineSource("deal_opened", DEALS, "opened_on", _opened, _tell_opened, is_day=True, name="title"),
    TimelineSource(
        "deal_moved", DEALS, "at", _moved, _tell_moved, link=Subquery(OF_MOVE.values("public_id")[:1]),
        name="object_label", state=NEW_STAGE,
    ),
    TimelineSource(
        "deal_closed", DEALS, "closed_at", _closed, _tell_closed, name="title", detail="main_reason", state="stage"
    ),
    TimelineSource(
        "document", DOCUMENTS, "entered_at", _documents, _tell_document, company="document__deal__company_id",
        link=F("document__public_id"), name="document__type", detail="document__number", state="approval",
    ),
    TimelineSource("handover_begun", DEALS, "created_at", _begun, _tell_begun, **PEOPLE),
    TimelineSource("handover_done", DEALS, "completed_at", _completed, _tell_completed, **PEOPLE),
)  # fmt: skip
