"""The answer of the invoice-offer rule and its reasons in the reader's language (§5.3)."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any

from django.utils.formats import date_format
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from accounts.invoice_offer import Answer, Decision, Reason
from upsell_crm.core.templatetags.crm import money

_REQUISITES = {"name": gettext_lazy("name"), "inn": gettext_lazy("INN"), "kpp": gettext_lazy("KPP")}
_TEXTS: dict[str, str | Promise] = {
    "client_forbids": gettext_lazy("The client does not pay by invoice-offer (checked %(date)s)"),
    "needs_contract": gettext_lazy("A contract in the client's form or a statement of work is needed"),
    "product_needs_contract": gettext_lazy("Sold under an individual contract: %(products)s"),
    "debt": gettext_lazy("Overdue debt %(sum)s"),
    "requisites": gettext_lazy("Requisites are incomplete: %(missing)s"),
    "unknown_policy": gettext_lazy("Find out how the client pays"),
    "ok": gettext_lazy("The client pays by invoice-offer, the vendor's limit is %(limit)s"),
    "limit": gettext_lazy("Up to %(limit)s by the client's rules"),
    "limit_vendor": gettext_lazy("Up to %(limit)s by the vendor's rules"),
    "fz44_limit": gettext_lazy("44-FZ, art. 93 part 1 item 4: up to %(limit)s"),
    "fz44_year": gettext_lazy("The year's volume of small purchases is used up: %(left)s left"),
    "fz44_year_unknown": gettext_lazy("The rest of the year's small purchases is not known"),
    "fz223_rules": gettext_lazy("Up to %(limit)s by the procurement policy"),
    "fz223_unknown": gettext_lazy("The procurement policy's limit of a small purchase is not known"),
    "over_limit": gettext_lazy("%(amount)s is more than the limit of %(limit)s"),
    "stale": gettext_lazy("Checked %(date)s, out of date"),
    "stale_never": gettext_lazy("Never checked"),
    "history": gettext_lazy("Paid by invoice-offer on %(date)s, %(sum)s"),
}
_MONEY = frozenset({"sum", "limit", "left", "amount"})


@dataclass(frozen=True, slots=True)
class ReasonText:
    """One reason as a person reads it; `answer` is empty for a note."""

    code: str
    answer: str
    text: str


def answer_text(answer: str, limit: Decimal | None, *, is_stale: bool = False) -> str:
    """«да», «да, до 450 000 ₽», «нет», «нет данных», with the suffix «проверить» when the facts are old."""
    words = {
        Answer.NO: _("no"),
        Answer.UNKNOWN: _("no data"),
        Answer.LIMIT: _("yes, up to %(limit)s") % {"limit": money(limit or Decimal(0))},
        Answer.YES: _("yes"),
    }
    text = words[Answer(answer)]
    return _("%(answer)s, to be checked") % {"answer": text} if is_stale else text


def reason_text(code: str, params: Mapping[str, Any], products: Mapping[str, str] | None = None) -> str:
    """One reason in words. `params` may come from the rule or, as text, from a stored row."""
    if code == "limit" and params.get("by") == "vendor":
        code = "limit_vendor"
    if code == "stale" and not params.get("date"):
        code = "stale_never"
    return str(_TEXTS[code]) % {name: _shown(name, value, products or {}) for name, value in params.items()}


def reason_texts(
    reasons: Iterable[Reason] | Iterable[Mapping[str, Any]], products: Mapping[str, str] | None = None
) -> list[ReasonText]:
    """All reasons in words, in the order of the rule; accepts reasons of the rule and stored ones."""
    stored = [as_json(reason) if isinstance(reason, Reason) else reason for reason in reasons]
    return [
        ReasonText(one["code"], one["answer"] or "", reason_text(one["code"], one["params"], products))
        for one in stored
    ]


def as_json(reason: Reason) -> dict[str, Any]:
    """A reason for storage: sums and dates become text, so that a row keeps why it said what it said."""
    params = {name: _plain(value) for name, value in reason.params.items()}
    return {"row": reason.row, "code": reason.code, "answer": reason.answer, "params": params}


def leading_first(decision: Decision) -> list[dict[str, Any]]:
    """Stored reasons with the one to show where there is room for one first, the others in row order."""
    leading = decision.leading
    others = (reason for reason in decision.reasons if reason is not leading)
    return [as_json(reason) for reason in (leading, *others)]


def _plain(value: Any) -> Any:
    return str(value) if isinstance(value, Decimal | date) else value


def _shown(name: str, value: Any, products: Mapping[str, str]) -> str:
    if name in _MONEY:
        return money(Decimal(value))
    if name == "date":
        day = date.fromisoformat(value) if isinstance(value, str) else value
        return date_format(day, "SHORT_DATE_FORMAT") if day else _("never")
    if name == "missing":
        return ", ".join(str(_REQUISITES[one]) for one in value)
    if name == "products":
        return ", ".join(products.get(code, code) for code in value)
    return str(value)
