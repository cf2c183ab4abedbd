"""What the new KAM must know of the client, gathered by itself and frozen with the handover (R61).

Plain values only (codes, ISO dates, amounts as text), so that a dossier reads the same in ten years and in any
language; `handover_sheets.py` turns it into tables. Phones and e-mails are never in it.
"""

from collections.abc import Callable
from datetime import date, datetime, timedelta
from decimal import Decimal
from typing import Any

from django.db.models import Max, Q

from accounts.enums import ContactState, ContractStatus, DecisionRole, ObjectionState
from accounts.models import (
    Agreement,
    Company,
    ContactRole,
    ContactStrength,
    Contract,
    FeatureWait,
    Interaction,
    Objection,
)
from accounts.models.procurement import ProcurementProfile
from deals.models import Deal, Document
from upsell_crm.core import clock
from upsell_crm.core.models import User

MEETINGS = 5
RENEWAL_DAYS = 180
MOST = 40  # lines of one section: a dossier is read, not searched
Row = dict[str, Any]


def build_dossier(company: Company, deal: Deal | None, giver: User, today: date) -> dict[str, Any]:
    """All sections by code, each a list of rows; of one deal, only its own deals and documents. Thirteen statements."""
    deals = Deal.objects.filter(pk=deal.pk) if deal else Deal.objects.open().filter(company=company)
    sections: dict[str, Callable[[], list[Row]]] = {
        "contracts": lambda: _contracts(company),
        "renewals": lambda: _renewals(company, today),
        "deals": lambda: _deals(deals),
        "agreements": lambda: _agreements(company),
        "objections": lambda: _objections(company),
        "people": lambda: _people(company, giver, today),
        "features": lambda: _features(company),
        "procurement": lambda: _procurement(company),
        "documents": lambda: _documents(deals),
        "meetings": lambda: _meetings(company),
    }
    return {"as_of": today.isoformat(), **{code: read() for code, read in sections.items()}}


def _contracts(company: Company) -> list[Row]:
    known = Contract.objects.filter(company=company).exclude(status=ContractStatus.VOID)
    contracts = known.prefetch_related("lines__product")
    return [
        {
            "number": contract.number, "form": contract.form, "status": contract.status,
            "start": plain(contract.start_date), "end": plain(contract.end_date), "amount": plain(contract.amount),
            "seats": [[line.product.name_ru, line.product.name_en, line.seats] for line in contract.lines.all()],
        }
        for contract in contracts.order_by("-end_date", "pk")[:MOST]
    ]  # fmt: skip


def _renewals(company: Company, today: date) -> list[Row]:
    soon = Contract.objects.due_between(today, today + timedelta(days=RENEWAL_DAYS)).filter(company=company)
    return [
        {"number": contract.number, "end": plain(contract.end_date), "act_by": plain(contract.act_by)}
        for contract in soon.order_by("end_date", "pk")[:MOST]
    ]


def _deals(deals: Any) -> list[Row]:
    return [
        {
            "title": deal.title, "stage": deal.stage, "amount": plain(deal.amount), "target": plain(deal.target_date),
            "next_step": deal.next_step, "next_step_on": plain(deal.next_step_on), "kam": str(deal.responsible_kam),
        }
        for deal in deals.select_related("responsible_kam").order_by("target_date", "pk")[:MOST]
    ]  # fmt: skip


def _agreements(company: Company) -> list[Row]:
    unkept = Agreement.objects.filter(
        company=company, done_at=None, interaction__retracted_at=None
    ).select_related("owner_user", "owner_contact")
    return [
        {
            "side": agreement.side, "text": agreement.text, "due": plain(agreement.due_on),
            "owner": str(agreement.owner_user or agreement.owner_contact or ""),
        }
        for agreement in unkept.order_by("due_on", "pk")[:MOST]
    ]  # fmt: skip


def _objections(company: Company) -> list[Row]:
    unanswered = Objection.objects.filter(
        company=company, state=ObjectionState.OPEN, interaction__retracted_at=None
    )
    rows = unanswered.select_related("interaction").order_by("-pk")[:MOST]
    return [
        {"category": row.category, "text": row.text, "on": plain(row.interaction.starts_at)} for row in rows
    ]


def _people(company: Company, giver: User, today: date) -> list[Row]:
    """Who decides and who influences, with the attitude and with how well the old KAM knows each."""
    roles = (
        ContactRole.objects.filter(Q(valid_to=None) | Q(valid_to__gte=today), company=company)
        .exclude(role=DecisionRole.USER)
        .exclude(contact__state=ContactState.LEFT)
        .filter(contact__anonymised_at=None)
        .select_related("contact")
        .annotate(talked_at=Max("contact__strengths__last_two_way_on"))
    )
    known = dict(
        ContactStrength.objects.filter(user=giver, contact__roles__company=company).values_list(
            "contact_id", "level"
        )
    )
    return [
        {
            "name": role.contact.full_name, "position": role.contact.position, "role": role.role, "is_key": role.is_key,
            "influence": role.influence, "attitude": role.attitude, "strength": known.get(role.contact_id, 0),
            "talked": plain(role.talked_at),
        }
        for role in roles.order_by("-is_key", "-influence", "pk")[:MOST]
    ]  # fmt: skip


def _features(company: Company) -> list[Row]:
    waits = FeatureWait.objects.filter(company=company, response="").select_related("feature__product")
    return [
        {
            "feature": wait.feature.title, "status": wait.feature.status, "release": plain(wait.feature.planned_release),
            "promised": wait.promised, "importance": wait.importance, "quote": wait.quote,
        }
        for wait in waits.order_by("-promised", "-importance", "pk")[:MOST]
    ]  # fmt: skip


def _procurement(company: Company) -> list[Row]:
    profile = ProcurementProfile.objects.filter(company=company).select_related("default_type").first()
    if profile is None:
        return []
    usual = profile.default_type
    return [
        {
            "type": [usual.name_ru, usual.name_en] if usual else [],
            "policy": profile.invoice_offer_policy, "limit": plain(profile.invoice_offer_limit), "etp": profile.etp,
            "edo": profile.edo_operator, "budget_month": profile.budget_month, "needs_tz": profile.needs_tz,
            "own_form": profile.own_contract_form, "notes": profile.notes,
        }
    ]  # fmt: skip


def _documents(deals: Any) -> list[Row]:
    papers = Document.objects.open().filter(deal__in=deals).select_related("closer")
    return [
        {
            "type": paper.type, "number": paper.number, "approval": paper.approval, "since": plain(paper.approval_since),
            "due": plain(paper.due_on), "closer": str(paper.closer or ""),
        }
        for paper in papers.order_by("approval_since", "pk")[:MOST]
    ]  # fmt: skip


def _meetings(company: Company) -> list[Row]:
    last = Interaction.objects.held().filter(company=company).prefetch_related("client_people__contact")
    return [
        {
            "on": plain(talk.starts_at), "kind": talk.kind, "summary": talk.summary[:1000],
            "people": [row.contact.short_name for row in talk.client_people.all()],
        }
        for talk in last.order_by("-starts_at", "-pk")[:MEETINGS]
    ]  # fmt: skip


def plain(value: date | datetime | Decimal | None) -> str | None:
    """A day as ISO text (a moment by its Moscow day), an amount as text."""
    if isinstance(value, datetime):
        value = clock.local_date(value)
    if isinstance(value, date):
        return value.isoformat()
    return None if value is None else str(value)
