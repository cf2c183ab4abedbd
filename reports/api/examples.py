"""Examples of the OpenAPI document; a test holds them against its schemas. All names are fictional."""

from typing import Any

from drf_spectacular.utils import OpenApiExample

_ACTIVE = {"ru": "Действует", "en": "Active"}
_HEAD = {"id": "0193a4f1-77aa-7c10-8a1e-2f0d8f4c1111", "name": "ПАО «Северный Альянс»"}
_KAM = {"id": "0193a4f1-5b2e-7d00-9c3a-1a2b3c4d5e6f", "name": "Анна Лисина"}
_STATUS: dict[str, Any] = {
    "id": "0193a4f2-0c8b-7e4f-9d21-6b5a4c3d2e1f",
    "status": "active",
    "status_label": _ACTIVE,
    "status_changed_at": "2026-02-01T10:00:00+03:00",
    "version": 7,
}
_DEAL_PART: dict[str, Any] = {
    "id": "0193a4f3-0a0b-7c0d-8e0f-101112131415",
    "stage": "approval",
    "responsible_kam": _KAM,
}
_DOCUMENT_PART: dict[str, Any] = {
    "id": "0193a4f3-2222-7333-8444-555566667777",
    "type": "contract",
    "approval": "client_review",
    "edo": None,
}
_CONTRACT: dict[str, Any] = {
    **_STATUS,
    "number": "Д-117",
    "external_id": "1C-000117",
    "form": "contract",
    "company": {
        "id": "0193a4f1-9d3c-7b22-8f10-0a9b8c7d6e5f",
        "name": "ООО «Альянс Снабжение»",
        "inn": "0077102372",
        "kpp": "007701001",
    },
    "holding_head": _HEAD,
    "start_date": "2026-02-01",
    "end_date": "2027-01-31",
    "renewal_kind": "manual",
    "notice_deadline": None,
    "amount": "360000.00",
    "currency": "RUB",
    "vat": "none",
    "procurement_type": "quotes",
    "renews": None,
    "renewed_by": None,
    "signed_at": "2026-01-28",
    "paid_at": None,
    "documents": [_DOCUMENT_PART],
    "licences": [
        {
            "id": "0193a4f2-1111-7222-8333-444455556666",
            "product_code": "casebook",
            "product_name": "Casebook",
            "seats": 10,
            "price_per_unit": "36000.00",
            "amount": "360000.00",
            "start_date": "2026-02-01",
            "end_date": "2027-01-31",
            "end_user_company": None,
            "kind": "paid",
        }
    ],
    "deal": _DEAL_PART,
    "act_by": "2026-11-18",
    "days_left": 68,
    "is_expiring": True,
    "archived": False,
    "created_at": "2026-01-15T09:12:00+03:00",
    "updated_at": "2026-11-20T18:40:05+03:00",
}
_REASON = {"code": "limit", "answer": "limit", "text": "До 450 000 ₽ по правилам клиента"}
_COMPANY: dict[str, Any] = {
    "id": "0193a4f1-9d3c-7b22-8f10-0a9b8c7d6e5f",
    "name": "ООО «Альянс Снабжение»",
    "short_name": "Альянс Снабжение",
    "inn": "0077102372",
    "kpp": "007701001",
    "ogrn": "",
    "external_id": "1C-5501",
    "legal_state": "active",
    "status": "active",
    "status_label": {"ru": "Действующий клиент", "en": "Existing client"},
    "regime": "commercial",
    "industry": "retail",
    "segment": "M",
    "region": "",
    "city": "",
    "is_key": False,
    "holding_head": _HEAD,
    "responsible_kam": _KAM,
    "team": "K1",
    "invoice_offer": {
        "answer": "limit",
        "answer_label": {"ru": "да, до предела", "en": "yes, up to a limit"},
        "text": "да, до 450 000 ₽",
        "limit": "450000.00",
        "amount": "360000.00",
        "currency": "RUB",
        "is_stale": False,
        "as_of": "2026-11-24",
        "reasons": [_REASON],
    },
    "version": 3,
    "archived": False,
    "created_at": "2026-01-15T09:00:00+03:00",
    "updated_at": "2026-11-02T11:20:00+03:00",
}
_CLIENT: dict[str, Any] = {
    "id": "0193a4f1-9d3c-7b22-8f10-0a9b8c7d6e5f",
    "name": "ООО «Альянс Снабжение»",
    "inn": "0077102372",
    "kpp": "007701001",
    "holding_head": _HEAD,
    "segment": "M",
    "industry": "retail",
    "regime": "commercial",
    "kam": "Анна Лисина",
    "team": "K1",
    "is_key": False,
    "standing": "active",
    "seats": {"casebook": 10},
    "seats_total": 10,
    "active_users": 8,
    "invoice_offer": "limit",
    "invoice_offer_text": "да, до 450 000 ₽",
    "invoice_offer_limit": "450000.00",
    "invoice_offer_amount": "360000.00",
    "invoice_offer_reasons": [_REASON],
    "contract": "Д-117",
    "end_date": "2027-01-31",
    "act_by": "2026-11-18",
    "slack": -4,
    "annual_amount": "360000.00",
    "potential": "108000.00",
    "currency": "RUB",
    "score": "80.5",
    "band": "A",
    "confidence": 85,
    "deal_stage": "approval",
}
_DEAL: dict[str, Any] = {
    **_DEAL_PART,
    "stage_label": {"ru": "Согласование документов", "en": "Approval of documents"},
    "kind": "renewal_upsell",
    "company": _CONTRACT["company"],
    "team": "K1",
    "is_open": True,
    "opened_on": "2026-11-02",
    "target_date": "2027-01-31",
    "closed_at": None,
    "amount": "540000.00",
    "current_amount": "360000.00",
    "currency": "RUB",
    "procurement_type": "direct",
    "lines": [
        {
            "product_code": "casebook",
            "product_name": "Casebook",
            "seats_current": 10,
            "seats_new": 15,
            "price_per_unit": "36000.00",
            "discount_percent": "0.00",
            "vat": "none",
            "amount": "540000.00",
            "end_user_company": None,
        }
    ],
    "renews": [_STATUS["id"]],
    "makes": [],
    "version": 4,
    "created_at": "2026-11-02T09:30:00+03:00",
    "updated_at": "2026-11-20T18:40:05+03:00",
}
_DOCUMENT: dict[str, Any] = {
    **_DOCUMENT_PART,
    "type_label": {"ru": "Договор", "en": "Contract"},
    "approval_label": {"ru": "У клиента", "en": "With the client"},
    "edo_label": None,
    "number": "Д-118",
    "date": "2026-11-10",
    "company": _CONTRACT["company"],
    "deal": _DEAL_PART["id"],
    "contract": None,
    "amount": "540000.00",
    "currency": "RUB",
    "vat": "none",
    "approval_since": "2026-11-12T10:00:00+03:00",
    "due_on": "2026-12-01",
    "signed_at": None,
    "paid_at": None,
    "version": 3,
    "archived": False,
    "created_at": "2026-11-10T09:30:00+03:00",
    "updated_at": "2026-11-12T10:00:00+03:00",
}
_CHANGE: dict[str, Any] = {
    "changed_at": "2026-02-01T10:00:00+03:00",
    "previous_status": "signing",
    "status": "active",
    "changed_by": "Титова Юлия",
}

STATUS = OpenApiExample("status", value=_STATUS)
CONTRACT = OpenApiExample("contract", value=_CONTRACT)
RENEWAL = OpenApiExample("renewal", value={**_CONTRACT, "responsible_kam": _KAM, "team": "K1"})
DEAL = OpenApiExample("deal", value=_DEAL)
DOCUMENT = OpenApiExample("document", value=_DOCUMENT)
HISTORY = OpenApiExample("change", value=_CHANGE)
COMPANY = OpenApiExample("company", value=_COMPANY)
EXISTING_CLIENT = OpenApiExample("client", value=_CLIENT)
HEALTH = OpenApiExample("health", value={"status": "ok"})
