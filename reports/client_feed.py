"""Lines of the existing-clients report for machines: plain JSON types, decimals as strings (§7)."""

from collections.abc import Iterable, Iterator
from decimal import Decimal
from typing import Any

from django.db.models import QuerySet

from accounts.offer_texts import answer_text, reason_texts
from reports.models import ClientRow

CHUNK = 500


def feed_rows(rows: QuerySet[ClientRow]) -> Iterator[dict[str, Any]]:
    """Each line as a dictionary; three statements per chunk, however many rows."""
    wanted = rows.select_related("company__owner_kam", "company__team", "head").prefetch_related(
        "seats__product"
    )
    for row in wanted.iterator(chunk_size=CHUNK):
        yield feed_row(row)


def feed_page(rows: Iterable[ClientRow]) -> list[dict[str, Any]]:
    """The same for rows that are in memory already, with their relations."""
    return [feed_row(row) for row in rows]


def feed_row(row: ClientRow) -> dict[str, Any]:
    """One line; the invoice-offer answer with its code, its words and every reason."""
    company, data = row.company, row.data
    by_code = {one.product.code: one for one in row.seats.all()}
    names = {code: one.product.name for code, one in by_code.items()}
    return {
        "id": str(company.public_id),
        "name": company.name,
        "inn": company.inn,
        "kpp": company.kpp,
        "holding_head": {"id": str(row.head.public_id), "name": row.head.name} if row.head_id != company.pk else None,
        "segment": company.segment,
        "industry": company.industry,
        "regime": company.regime,
        "kam": str(company.owner_kam) if company.owner_kam else None,
        "team": company.team.code if company.team else None,
        "is_key": company.is_key,
        "standing": row.standing,
        "seats": {code: one.seats for code, one in by_code.items()},
        "seats_total": row.seats_total,
        "active_users": row.active_users,
        "invoice_offer": row.offer,
        "invoice_offer_text": answer_text(row.offer, row.offer_limit, is_stale=data["offer_is_stale"]),
        "invoice_offer_limit": _decimal(row.offer_limit),
        "invoice_offer_amount": _decimal(row.offer_amount),
        "invoice_offer_reasons": [
            {"code": reason.code, "answer": reason.answer, "text": reason.text}
            for reason in reason_texts(data["reasons"], names)
        ],
        "contract": data["contract"],
        "end_date": row.end_date.isoformat() if row.end_date else None,
        "act_by": row.act_by.isoformat() if row.act_by else None,
        "slack": row.slack,
        "annual_amount": _decimal(row.annual_amount),
        "potential": _decimal(row.potential),
        "currency": "RUB",
        "score": _decimal(row.score),
        "band": row.band,
        "confidence": row.confidence,
        "deal_stage": row.deal_stage or None,
    }  # fmt: skip


def _decimal(value: Decimal | None) -> str | None:
    return None if value is None else str(value)
