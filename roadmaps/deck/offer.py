"""Block «New contract»: now and new per product, price, discount, VAT in words, totals to the kopeck (R56).

Amounts are those of the lines; every total is their sum, so it equals the deal or the block is refused.
"""

from collections.abc import Sequence
from decimal import ROUND_HALF_UP, Decimal
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from accounts.enums import Fact, Vat
from deals.models import DealContract, DealLine
from deals.models.deal import KOPECK
from roadmaps.deck.parts import Facts, Problem, Subject
from upsell_crm.core.templatetags.crm import day


def build(subject: Subject) -> Facts:
    """The lines of the deal. Two statements."""
    lines = list(
        subject.deal.lines.select_related("product", "end_user_company").order_by("product__position", "pk")
    )
    if not lines:
        return Facts(why_empty=gettext_lazy("The deal has no lines: add products, seats and prices."))
    total, current = _sum(line.amount for line in lines), _sum(line.current_amount for line in lines)
    listed = _sum(list_amount(line) for line in lines)
    data = {
        "lines": [_row(line) for line in lines], "current_total": _money(current), "list_total": _money(listed),
        "discount_total": _money(listed - total), "total": _money(total), "expansion": _money(total - current),
        "vat_words": vat_of_all(lines), "period": _period(subject),
    }  # fmt: skip
    has_seats = any(line.seats_current for line in lines)
    facts = (Fact.LICENCES,) if has_seats else ()
    sources = [
        _("Lines of the deal «%(deal)s» as of %(on)s")
        % {"deal": subject.deal.title, "on": day(subject.today)}
    ]
    problems = subject.stale(*facts)
    if (total, current) != (subject.deal.amount, subject.deal.current_amount):
        problems.append(Problem("sums_differ", subject.deal.get_absolute_url()))
    return Facts(data, [*sources, *subject.checked(*facts)], problems)


def list_amount(line: DealLine) -> Decimal:
    """seats × price without the discount, ₽, half up to the kopeck."""
    return Decimal(line.seats_new * line.price).quantize(KOPECK, ROUND_HALF_UP)


def vat_words(line: DealLine) -> str:
    """How VAT stands to the amount of a line, which is without it (decision 0057)."""
    if line.vat != Vat.NONE:
        return _("plus VAT %s") % line.get_vat_display()
    if line.product.in_ru_registry:
        return _("not subject to VAT")
    return _("without VAT")


def vat_of_all(lines: Sequence[DealLine]) -> str:
    """The same for the whole offer."""
    if any(line.vat != Vat.NONE for line in lines):
        return _("Prices are without VAT; it is charged on top at the rates shown in the lines.")
    if all(line.product.in_ru_registry for line in lines):
        return exemption()
    return _("Prices are without VAT.")


def exemption() -> str:
    """The words of the exemption; they are data of the slides, the accountant of the client reads them."""
    return _("Not subject to VAT: sub-item 26 of item 2 of article 149 of the Tax Code.")


def _row(line: DealLine) -> dict[str, Any]:
    user = line.end_user_company
    return {
        "product": line.product.name, "unit": line.product.get_unit_display(), "company": str(user) if user else None,
        "seats_current": line.seats_current, "seats_new": line.seats_new, "price": _money(line.price),
        "discount_pct": f"{line.discount_pct:.2f}", "amount": _money(line.amount),
        "current_amount": _money(line.current_amount), "vat_words": vat_words(line),
    }  # fmt: skip


def _period(subject: Subject) -> str | None:
    """The term of the contract that the deal brings about, once it is entered."""
    made = DealContract.objects.filter(deal=subject.deal).select_related("contract").order_by("pk").last()
    if made is None:
        return None
    return f"{day(made.contract.start_date)} – {day(made.contract.end_date)}"


def _sum(amounts: Any) -> Decimal:
    return sum(amounts, Decimal(0))


def _money(amount: Decimal) -> str:
    return f"{amount:.2f}"
