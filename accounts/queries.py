"""Reads over several tables of this room; each takes the day as an argument and never writes."""

from collections.abc import Iterable
from datetime import date
from decimal import Decimal
from typing import Any

from django.db.models import Q

from accounts.models import Company, Contact, LicenceLine
from accounts.models.company import MAX_DEPTH


def seats_on(company_ids: Iterable[int], day: date) -> dict[int, dict[int, int]]:
    """Paid seats that each company uses on the day: company id → product id → seats (R39, §4.10.14).

    A licence counts once, at its end user and not at its payer, so the sum over all companies is the sum
    over all licences (§2.8.12). Companies without seats are absent. One statement.
    """
    seats: dict[int, dict[int, int]] = {}
    for company_id, product_id, number in _counted_rows(company_ids, day, "product_id", "seats"):
        products = seats.setdefault(company_id, {})
        products[product_id] = products.get(product_id, 0) + number
    return seats


def uses_on(company_ids: Iterable[int], day: date) -> dict[int, list[tuple[int, int, Decimal]]]:
    """The licences that each company uses on the day: company id → (product id, seats, ₽), each once (§2.8.12).

    Money stands at the end user as seats do; a framework contract and its orders are never added, since only
    lines are counted. Companies without licences are absent. One statement.
    """
    uses: dict[int, list[tuple[int, int, Decimal]]] = {}
    for company_id, *use in _counted_rows(company_ids, day, "product_id", "seats", "amount", "pk"):
        uses.setdefault(company_id, []).append((use[0], use[1], use[2]))
    return uses


def _counted_rows(company_ids: Iterable[int], day: date, *columns: str) -> Any:
    """(end user, columns…) of every licence that counts on the day."""
    ids = list(company_ids)
    counted = LicenceLine.objects.counted_on(day).order_by()
    own = counted.used_expressly_by(ids)
    paid = counted.filter(end_user_company=None, contract__company__in=ids)
    # Two halves, since a condition over both tables joined by OR would read every licence there is.
    return own.values_list("end_user_company_id", *columns).union(
        paid.values_list("contract__company_id", *columns), all=True
    )


def companies_above(company_id: int) -> list[int]:
    """The organisations over a company, nearest first; a statement per level, of which a holding has five at most."""
    found: list[int] = []
    for _level in range(MAX_DEPTH):
        here = found[-1] if found else company_id
        parent_id = Company.objects.filter(pk=here).values_list("parent_id", flat=True).first()
        if parent_id is None:
            break
        found.append(parent_id)
    return found


def similar_contacts(company_id: int, *, last_name: str, phone: str = "", email: str = "") -> list[Contact]:
    """People of the company who may be the one being typed: same last name, phone or e-mail. One statement."""
    alike = Q(pk__in=[])
    if last_name.strip():
        alike |= Q(last_name__iexact=last_name.strip())
    if email.strip():
        alike |= Q(email__iexact=email.strip())
    digits = "".join(letter for letter in phone if letter.isdigit())[-10:]
    if len(digits) == 10:
        alike |= Q(phone__endswith=digits)
    return list(Contact.objects.filter(alike, company_id=company_id, anonymised_at=None).order_by("pk")[:5])
